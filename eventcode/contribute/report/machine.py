"""The reports that programs read: JSON, CSV, and the annotations of GitHub's workflows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from eventcode.contribute import rules as catalogue
from eventcode.contribute.escape import cell
from eventcode.contribute.report.words import message, posix

if TYPE_CHECKING:
    from eventcode.contribute.gate import Checked
    from eventcode.errors import Problem

COLUMNS = ("file", "row", "line", "column", "code", "severity", "title", "found", "expected", "fix")
"""Columns of the CSV form."""


def _problems(checked: Sequence[Checked]) -> Iterator[Problem]:
    return (problem for each in checked for problem in each.problems)


def storable(text: str) -> str:
    r"""Text that can be written as UTF-8: halves of a character, as in odd names of files, become escapes that JSON reads back.

    >>> print(storable("\udce9.csv"))
    \udce9.csv
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def json_text(checked: Sequence[Checked]) -> str:
    """All problems of all files as a JSON array of objects, values whole."""
    return storable(json.dumps([problem.as_dict() for problem in _problems(checked)], indent=1, ensure_ascii=False)) + "\n"


def csv_text(checked: Sequence[Checked]) -> str:
    """All problems of all files as CSV, a row a problem, values whole; no cell is a formula."""
    known = catalogue.rules()
    out = io.StringIO()
    # All is quoted because csv leaves a lone carriage return bare, which readers take for the end of a row.
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    for problem in _problems(checked):
        values = {**problem.as_dict(), "title": known[problem.code].title}
        writer.writerow([cell(values[name]) for name in COLUMNS])
    return storable(out.getvalue())


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _annotation(problem: Problem) -> str:
    level = "error" if problem.severity == "error" else "warning"
    where = f"file={_property(posix(problem.file))},line={problem.line or 1},title={_property(problem.code)}"
    said = ": ".join([catalogue.rules()[problem.code].title, message(problem, keep="\n")])
    return f"::{level} {where}::{_data(said)}\n"


def github(checked: Sequence[Checked]) -> str:
    """A workflow command a problem, which GitHub shows beside the line; line 1 where a problem has none."""
    return storable("".join(_annotation(problem) for problem in _problems(checked)))
