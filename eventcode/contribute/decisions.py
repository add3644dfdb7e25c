"""Tables of what is to be decided and of what was decided: read, made, and as the bytes of their files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from eventcode.contribute.adjudicate import DROP, KEEP, LETTERS, Adjudicated, Decision, Question
from eventcode.contribute.escape import cell, unescape
from eventcode.contribute.read import read
from eventcode.contribute.rules import rules
from eventcode.errors import InputError

if TYPE_CHECKING:
    from openpyxl import Workbook

_PLACE = ("unit", "source", "sentence", "start", "end", "trigger", "text", "column")
_AROUND = 160
"""So many characters of the text stand before the trigger in the list, and as many after it."""


def decisions_in(files: Sequence[Path]) -> list[Decision]:
    """The decisions in tables; a row without one is none."""
    found = []
    for file in files:
        raw = read(file)
        if fault := next((each for each in raw.faults if rules()[each.code].severity == "error"), None):
            where = f"{file}: row {fault.row}" if fault.row else str(file)
            raise InputError(f"{fault.code}: {fault.found}", where=where, expected=fault.expected, fix=fault.fix)
        names = {name.strip().lower(): name for name in raw.frame.columns}
        if missing := [name for name in ("unit", "column", "decision") if name not in names]:
            expected = "the list that --to-decide writes, its column decision filled in"
            raise InputError(f"there is no column {missing[0]}", where=str(file), expected=expected)
        for n, row in enumerate(raw.frame.rows(named=True)):
            given = {
                name: unescape(str(row[names[name]] or "")).strip() for name in ("unit", "column", "decision", "note") if name in names
            }
            if given["decision"]:
                found.append(Decision(**given, where=f"{file}: row {raw.rows[n]}"))
    return found


def _around(text: str, start: int | None, end: int | None) -> str:
    """The text around a trigger, which stands in brackets; empty where its place is not known.

    >>> _around("On Friday they shelled the town.", 15, 22)
    'On Friday they [shelled] the town.'
    """
    if start is None or end is None:
        return ""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    before = "…" + before.partition(" ")[2] if start > _AROUND else before
    after = after.rpartition(" ")[0] + "…" if end + _AROUND < len(text) else after
    return " ".join(f"{before}[{text[start:end]}]{after}".split())


def listed(questions: Sequence[Question], files: Sequence[Path], texts: Mapping[str, str]) -> list[list[str]]:
    """The table of what is to be decided, its header first."""
    head = [*_PLACE, *(f"{letter}: {file.name}" for letter, file in zip(LETTERS, files, strict=False)), "decision", "note"]
    rows: list[list[object]] = [[*head]]
    for q in questions:
        text = _around(texts.get(q.source, ""), q.start, q.end)
        rows.append([q.unit, q.source, q.sentence, q.start, q.end, q.trigger, text, q.column, *q.readings, "", ""])
    return [[cell(value) for value in row] for row in rows]


def csv_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """A table as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def xlsx_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """The list as a workbook in which what can be taken is offered; a value of one's own can be written too."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "to decide"
    head = rows[0]
    coders = len(head) - len(_PLACE) - 2
    offered = {True: [KEEP, DROP], False: [*LETTERS[:coders], DROP]}
    lists = {}
    for found, values in offered.items():
        lists[found] = DataValidation(type="list", formula1=f'"{",".join(values)}"', allow_blank=True, showErrorMessage=False)
        lists[found].promptTitle, lists[found].showInputMessage = "take", True
        lists[found].prompt = f"{', '.join(values)}" + ("" if found else ", a value of your own, or none for an empty cell")
        sheet.add_data_validation(lists[found])
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            at = sheet.cell(number, place, ILLEGAL_CHARACTERS_RE.sub("", value))
            at.number_format = "@"
            at.alignment = Alignment(vertical="top", wrap_text=True)
            if number == 1:
                at.font = Font(bold=True)
    letter = get_column_letter(len(head) - 1)
    for found, run in groupby(enumerate(rows[1:], start=2), key=lambda row: row[1][_PLACE.index("column")] == "found"):
        numbers = [number for number, _ in run]
        lists[found].add(f"{letter}{numbers[0]}:{letter}{numbers[-1]}")
    for place, name in enumerate(head, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = {"text": 60, "note": 40, "unit": 20, "source": 24}.get(name, 14)
    sheet.freeze_panes = "A2"
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    """A workbook's bytes, the same for the same cells: without the time at which it was saved."""
    made, out = io.BytesIO(), io.BytesIO()
    book.save(made)
    with ZipFile(made) as given, ZipFile(out, "w") as kept:
        for name in given.namelist():
            content = given.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", content)
            kept.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return out.getvalue()


def logged(made: Adjudicated, files: Sequence[Path]) -> list[list[str]]:
    """The table of what was decided, its header first."""
    readings = (f"{letter}: {file.name}" for letter, file in zip(LETTERS, files, strict=False))
    rows: list[tuple[object, ...]] = [("unit", "source", "column", *readings, "decision", "value", "by", "note")]
    for each in made.log:
        asked = each.question
        rows.append(
            (asked.unit, asked.source, asked.column, *asked.readings, each.decision.decision, each.value, each.by, each.decision.note)
        )
    return [[cell(value) for value in row] for row in rows]
