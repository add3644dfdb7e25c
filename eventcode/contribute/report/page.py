"""The report as a page for a browser: one file, no script, nothing that is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from eventcode.contribute.report.words import Group, cut, groups, limits, number, summary, visible

if TYPE_CHECKING:
    from eventcode.contribute.gate import Checked
    from eventcode.errors import Problem

_STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1b1b1b; --soft: #5a5a5a; --rule: #d4d4d4; --error: #a4161a; --warning: #7a5200; }
@media (prefers-color-scheme: dark) {
  :root { --back: #16181b; --text: #e8e8e8; --soft: #a8a8a8; --rule: #3c3f44; --error: #ff8f8f; --warning: #f2c46d; }
}
body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
caption, th, td { text-align: start; }
th, td { border-bottom: 1px solid var(--rule); padding: .3rem .6rem .3rem 0; vertical-align: top; overflow-wrap: anywhere; }
caption, .why { color: var(--soft); }
.error { color: var(--error); }
.warning { color: var(--warning); }
code { white-space: pre-wrap; }
@media (max-width: 44rem) {
  .problems thead { position: absolute; clip-path: inset(50%); }
  .problems tr { display: block; border-bottom: 1px solid var(--rule); padding: .5rem 0; }
  .problems td { display: grid; grid-template-columns: 6rem 1fr; border: 0; padding: .1rem 0; }
  .problems td::before { content: attr(data-name); color: var(--soft); }
  .problems td:empty { display: none; }
}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def _code(text: str, most: int) -> str:
    return f'<code dir="auto">{escape(cut(text, most))}</code>'


def _sentences(text: str) -> str:
    """Sentences of the catalogue; what stands between backticks is code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _row(problem: Problem) -> str:
    cells = {
        "row": "" if problem.row is None else str(problem.row),
        "line": "" if problem.line is None else str(problem.line),
        "column": escape(cut(problem.column)) if problem.column else "",
        "found": _code(problem.found, 300),
        "expected": _code(problem.expected, 300),
        "fix": escape(cut(problem.fix, 300)),
    }
    return "".join(["<tr>", *(f'<td data-name="{name}">{value}</td>' for name, value in cells.items()), "</tr>"])


def _group(group: Group, cases: int) -> Iterator[str]:
    rule, shown = group.rule, group.problems[:cases]
    yield f"<section>\n<h3>{rule.code} {escape(rule.title)}: {_severity(rule.severity)}, {group.extent}</h3>"
    yield f'<p class="why">{_sentences(f"{rule.what} {rule.why}")}</p>\n<p>Fix: {_sentences(rule.fix)}</p>'
    yield from (f'<p class="why">Limit: {escape(limit)}</p>' for limit in limits(rule))
    if shown:
        which = "all" if len(shown) == group.count else f"the first {len(shown):,} of {group.count:,}"
        heads = "".join(f'<th scope="col">{name}</th>' for name in ("row", "line", "column", "found", "expected", "fix"))
        yield f'<table class="problems">\n<caption>{rule.code}: {which}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>'
        yield from map(_row, shown)
        yield "</tbody>\n</table>"
    yield "</section>"


def _severity(severity: str) -> str:
    return f'<span class="{"error" if severity == "error" else "warning"}">{escape(severity)}</span>'


def _file(index: int, checked: Checked, cases: int) -> Iterator[str]:
    yield f'<section id="file-{index}">\n<h2>{escape(visible(checked.file))}</h2>'
    yield from (f"<p>{escape(said)}</p>" for said in (visible(checked.form), summary(checked)) if said)
    if mended := checked.repairable:
        yield f"<p>{number(mended, 'problem')} can be repaired with --fix.</p>"
    renamed = [(name, given) for name, given in checked.mapping.items() if name != given]
    if renamed:
        named = "".join(f"<li>{escape(visible(name))}, from {_code(given, 60)}</li>" for name, given in renamed)
        yield f"<p>Columns of other names:</p>\n<ul>{named}</ul>"
    for group in groups(checked):
        yield from _group(group, cases)
    yield "</section>"


def _overview(checked: Sequence[Checked]) -> Iterator[str]:
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("file", "rows", "refused", "errors", "warnings"))
    yield f"<table>\n<caption>{number(len(checked), 'file')}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>"
    for i, each in enumerate(checked, start=1):
        figures = (each.rows, each.refused, each.errors, each.warnings)
        link = f'<a href="#file-{i}">{escape(visible(each.file))}</a>'
        yield f'<tr><th scope="row">{link}</th>{"".join(f"<td>{figure:,}</td>" for figure in figures)}</tr>'
    yield "</tbody>\n</table>"


def html(checked: Sequence[Checked], *, cases: int = 500) -> str:
    """All files on one page, a table a rule with its first cases, readable on a phone, light or dark as the reader's system is."""
    title = "Problems found by eventcode validate"
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>"
    )
    parts = [head, *_overview(checked)]
    for i, each in enumerate(checked, start=1):
        parts.extend(_file(i, each, cases))
    return "\n".join([*parts, "</main>\n</body>\n</html>\n"])
