"""The report that people read in a terminal."""

from __future__ import annotations

import io
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from eventcode.contribute.report.words import Group, cut, groups, is_file, number, place, summary, visible

if TYPE_CHECKING:
    from eventcode.contribute.gate import Checked
    from eventcode.errors import Problem

_NARROWEST = 40
_STYLES = {"error": "bold red", "warning": "yellow"}


class _Page:
    """Lines of text of a given width; nothing of a value is read as markup."""

    def __init__(self, width: int, *, color: bool) -> None:
        self.width = max(width, _NARROWEST)
        self.out = io.StringIO()
        self.console = Console(
            file=self.out,
            width=self.width,
            height=25,
            color_system="standard" if color else None,
            force_terminal=color,
            force_jupyter=False,
            force_interactive=False,
            legacy_windows=False,
            no_color=not color,
            markup=False,
            emoji=False,
            highlight=False,
            _environ={},
        )

    def line(self, *parts: str | Text | tuple[str, str]) -> None:
        """One line that is never broken: people search for it or copy it."""
        self.console.print(Text.assemble(*parts), soft_wrap=True)

    def paragraph(self, *parts: str | tuple[str, str], indent: int) -> None:
        """Text broken into lines, those after the first indented by two more."""
        for i, line in enumerate(Text.assemble(*parts).wrap(self.console, self.width - indent - 2)):
            line.rstrip()
            self.line(" " * (indent + 2 * bool(i)), line)


def _head(page: _Page, checked: Checked) -> None:
    rows = number(checked.rows, "row") if checked.readable else "not read"
    page.line((visible(checked.file), "bold"), f": {'; '.join(part for part in (visible(checked.form), rows) if part)}")
    renamed = [f"{visible(name)} <- {cut(given)}" for name, given in checked.mapping.items() if name != given]
    if renamed:
        page.paragraph(f"columns: {', '.join(renamed)}", indent=2)


def _case(page: _Page, problem: Problem) -> None:
    found, expected = cut(problem.found), cut(problem.expected, 200)
    page.paragraph((place(problem), "bold"), f": {found} -> {expected}", indent=4)
    page.paragraph(f"fix: {cut(problem.fix, 200)}", indent=6)


def _group(page: _Page, group: Group, cases: int) -> None:
    rule = group.rule
    page.line()
    page.paragraph((rule.code, "bold"), f"  {rule.title}   ", (rule.severity, _STYLES[rule.severity]), f"   {group.extent}", indent=2)
    shown = group.problems[:cases]
    for problem in shown:
        _case(page, problem)
    if more := group.count - len(shown):
        listed = len(group.problems)
        which = "see them" if listed == group.count else f"see the first {listed:,}"
        told = f"({which} with --format csv, explain with: eventcode rule {rule.code})"
        page.paragraph((f"and {more:,} more {told}", "dim"), indent=4)


def _end(page: _Page, checked: Checked) -> None:
    page.line(summary(checked))
    if mended := checked.repairable:
        can = f"{number(mended, 'problem')} can be repaired"
        page.line(
            f"{can}: eventcode validate {shlex.quote(visible(checked.file))} --fix" if is_file(checked) else f"{can} in a file, with --fix"
        )


def render(checked: Sequence[Checked], *, width: int, color: bool, cases: int = 3) -> str:
    """What is wrong with each file, by rule, the first cases of each; at the end one line a file.

    Args:
        checked: The files.
        width: Number of characters in a line; names of files and commands are not broken.
        color: True for a terminal that shows colours.
        cases: How many problems of a rule are shown.
    """
    page = _Page(width, color=color)
    first = ""
    for each in checked:
        _head(page, each)
        for group in groups(each):
            _group(page, group, cases)
            first = first or group.rule.code
        page.line()
    for each in checked:
        _end(page, each)
    if first:
        page.line(f"explain a rule: eventcode rule {first}")
    return page.out.getvalue()
