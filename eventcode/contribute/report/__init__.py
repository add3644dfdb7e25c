"""What the gate found, in the forms in which people and programs read it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from eventcode.contribute.report.words import summary

if TYPE_CHECKING:
    from eventcode.contribute.gate import Checked

__all__ = ["Format", "render", "summary"]


class Format(StrEnum):
    """Forms of a report."""

    text = "text"
    json = "json"
    github = "github"
    sarif = "sarif"
    csv = "csv"
    html = "html"


def render(form: Format, checked: Sequence[Checked], *, width: int = 80, color: bool = False, cases: int | None = None) -> str:
    """A report of what the gate found, ending in a line end; empty where there is nothing to say.

    Args:
        form: Form of the report.
        checked: The files, as the gate gave them.
        width: Number of characters in a line; for text.
        color: True for a terminal that shows colours; for text.
        cases: How many problems of a rule are shown, for text and html; None for 3 and 500. The other forms hold all that the gate kept.
    """
    from eventcode.contribute.report import machine, page, sarif, text

    if form is Format.text:
        return text.render(checked, width=width, color=color, cases=3 if cases is None else cases)
    if form is Format.html:
        return page.html(checked, cases=500 if cases is None else cases)
    programs = {Format.json: machine.json_text, Format.csv: machine.csv_text, Format.github: machine.github, Format.sarif: sarif.sarif}
    return programs[form](checked)
