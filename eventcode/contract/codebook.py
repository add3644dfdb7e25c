"""The codebook of the tables for people: every column with what it means and what it does not, in Markdown and as a page for a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import escape

from eventcode.model.column import Column, Table, columns
from eventcode.model.tables import EXPORTED, MANY

_HEADS = ("column", "type", "meaning", "does not mean", "missing means", "allowed", "example", "since")
_ABOUT = (
    "Generated from the declaration of the tables; the codes are in `schema/*.csv` and in `eventcode codes`.",
    "`since` is the first release of the data that has the column; in the table `contribution`, the first whose contributions could have it.",
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1b1b1b; --soft: #5a5a5a; --rule: #d4d4d4; --link: #0b4f9e; --mark: #fff3c4; }
@media (prefers-color-scheme: dark) {
  :root { --back: #16181b; --text: #e8e8e8; --soft: #a8a8a8; --rule: #3c3f44; --link: #8ab8f5; --mark: #3d3620; }
}
body { margin: 0 auto; max-width: 96rem; padding: 1rem; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1, h2 { line-height: 1.25; }
a { color: var(--link); }
nav li { margin-bottom: .4rem; }
nav a { display: inline-block; padding: .1rem .2rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { border-bottom: 1px solid var(--rule); padding: .4rem .7rem .4rem 0; text-align: start; vertical-align: top; overflow-wrap: break-word; }
td[data-name="allowed"], td[data-name="example"] { min-width: 7rem; max-width: 14rem; overflow-wrap: anywhere; }
thead, .soft { color: var(--soft); }
tr:target { background: var(--mark); }
code { overflow-wrap: anywhere; }
tbody th code { overflow-wrap: normal; }
@media (max-width: 60rem) {
  thead { position: absolute; clip-path: inset(50%); }
  table, tbody { display: block; }
  tr { display: block; border-bottom: 1px solid var(--rule); padding: .6rem 0; }
  tbody th { display: block; border: 0; padding: 0; font-size: 1rem; }
  td { display: block; position: relative; border: 0; padding: .1rem 0; padding-inline-start: 8rem; }
  td[data-name="allowed"], td[data-name="example"] { max-width: none; }
  td::before { content: attr(data-name); color: var(--soft); position: absolute; inset-inline-start: 0; }
  td:empty { display: none; }
}
"""


def plain(value: object) -> object:
    """A value as JSON has it: a date as text.

    >>> plain(date(2020, 10, 9)), plain(63)
    ('2020-10-09', 63)
    """
    return value.isoformat() if isinstance(value, date) else value


def _bounds(column: Column) -> str:
    low, high = column.minimum, None if column.maximum == MANY else column.maximum
    low_text, high_text = ("" if bound is None else str(plain(bound)) if isinstance(bound, date) else f"{bound:g}" for bound in (low, high))
    if low_text and high_text:
        return f"{low_text} to {high_text}"
    return f"at least {low_text}" if low_text else f"at most {high_text}" if high_text else ""


def allowed(column: Column) -> str:
    """What may stand in a column, with code between backticks: its values, codelist, bounds or pattern; empty where anything may.

    >>> from eventcode.model.tables import Event
    >>> [allowed(c) for c in columns(Event) if c.name in {"event_id", "action", "date", "quad_class", "n_reports", "place"}]
    ['like `E[0-9a-f]{16}`', 'codelist actions', '1800-01-01 to 2100-12-31', '1 to 4', '', 'at least 1']
    """
    if column.enum:
        return ", ".join(f"`{value}`" for value in column.enum)
    if column.codelist:
        return f"codelist {column.codelist}"
    if column.pattern:
        return f"like `{column.pattern.removeprefix('^(?:').removesuffix(')$')}`"
    return _bounds(column)


def _cells(column: Column) -> tuple[str, ...]:
    """What is told of a column, in the order of the heads; code stands between backticks."""
    return (
        f"`{column.name}`",
        f"{column.kind}, {column.unit}" if column.unit not in {"", "1"} else column.kind,
        column.description,
        column.not_meant,
        column.missing or "never missing",
        allowed(column),
        f"`{plain(column.example)}`",
        column.since,
    )


def _sentence(model: type[Table]) -> str:
    return (model.__doc__ or "").strip()


def _key(model: type[Table]) -> str:
    return f"Key: {', '.join(f'`{name}`' for name in model.key)}."


# -- Markdown -----------------------------------------------------------------------------------------------------------


def codebook_page(model: type[Table]) -> str:
    """Markdown description of a table: one row a column."""
    lines = [f"## {model.table}", "", _sentence(model), "", _key(model), ""]
    lines += [f"| {' | '.join(_HEADS)} |", "|---" * len(_HEADS) + "|"]
    for column in columns(model):
        cells = (cell.replace("|", "\\|").replace("\n", " ") for cell in _cells(column))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def codebook(models: tuple[type[Table], ...] = EXPORTED) -> str:
    """The codebook's columns part as one Markdown text."""
    head = "\n\n".join(["# Codebook: the tables", *_ABOUT, ""])
    return "\n".join([head.removesuffix("\n"), *(codebook_page(model) for model in models)])


# -- HTML ---------------------------------------------------------------------------------------------------------------


def _html(text: str) -> str:
    """Text for a page; what stands between backticks is code.

    >>> _html("`a<b` & c")
    '<code>a&lt;b</code> &amp; c'
    """
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _anchor(table: str, column: str) -> str:
    return escape(f"{table}.{column}")


def _row(table: str, column: Column) -> str:
    """A row of a page's table: the column's name, which links to itself, and what is told of it."""
    (name, *told), anchor = (_html(cell) for cell in _cells(column)), _anchor(table, column.name)
    cells = (f'<td data-name="{head}">{cell}</td>' for head, cell in zip(_HEADS[1:], told, strict=True))
    return f'<tr id="{anchor}"><th scope="row"><a href="#{anchor}">{name}</a></th>{"".join(cells)}</tr>'


def _section(model: type[Table]) -> Iterator[str]:
    table = escape(model.table)
    yield f'<section>\n<h2 id="{table}">{table}</h2>\n<p>{_html(_sentence(model))}</p>\n<p class="soft">{_html(_key(model))}</p>'
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    yield f'<table aria-labelledby="{table}">\n<thead><tr>{heads}</tr></thead>\n<tbody>'
    yield from (_row(model.table, column) for column in columns(model))
    yield '</tbody>\n</table>\n<p><a href="#contents">Contents</a></p>\n</section>'


def _contents(models: tuple[type[Table], ...]) -> Iterator[str]:
    yield '<nav id="contents" aria-label="Contents">\n<h2>Contents</h2>\n<ul>'
    for model in models:
        links = (f'<a href="#{_anchor(model.table, column.name)}">{escape(column.name)}</a>' for column in columns(model))
        yield f'<li><a href="#{escape(model.table)}"><strong>{escape(model.table)}</strong></a>: {" ".join(links)}</li>'
    yield "</ul>\n</nav>"


def codebook_html(models: tuple[type[Table], ...] = EXPORTED) -> str:
    """The codebook's columns part as a page for a browser: one file, no script, nothing that is loaded from elsewhere."""
    lines = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>Codebook: the tables</title>',
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n<h1>Codebook: the tables</h1>",
        *(f"<p>{_html(sentence)}</p>" for sentence in _ABOUT),
        "</header>",
        *_contents(models),
        "<main>",
        *(line for model in models for line in _section(model)),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(lines)
