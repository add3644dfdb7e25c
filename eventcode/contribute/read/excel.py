"""Excel: the cells of one sheet as a reader sees them."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from eventcode.contribute.read.cells import swept
from eventcode.contribute.read.header import named
from eventcode.contribute.read.raw import Fault, Raw, Source, Unreadable, excerpt, numbers
from eventcode.errors import InputError

_LARGEST = 1 << 31
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_OURS = ("contribution", "contributions", "events", "data")
_ASIDE = ("notes", "codes", "lists")
"""Sheets of the template that hold no rows."""
_ZEROS = re.compile(r"0{2,}")


def excel(source: Source) -> Iterator[Raw]:
    """The rows of one sheet, in batches.

    Raises:
        Unreadable: The workbook is damaged (EC002), empty (EC003), unpacks to more than 2 GiB (EC016), or has no header that names each
            column once (EC015, EC019).
        InputError: The sheet that the caller named does not exist.
    """
    try:
        _small_enough(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            name, others, sheet = _sheet(source)
    except InputError:
        raise
    except Exception as error:  # openpyxl fails on damaged files with whatever its parsers raise
        raise _damaged(source, error) from error
    yield from _batches(source, name, others, sheet)


def _damaged(source: Source, error: Exception) -> Unreadable:
    return source.refused(
        "EC002",
        f"this is a damaged Excel file ({type(error).__name__}: {excerpt(str(error), 80)})",
        expected="a workbook that Excel opens",
        fix="open it in Excel and save it anew, or send it again",
    )


def _small_enough(source: Source) -> None:
    with zipfile.ZipFile(source.path) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > _LARGEST:
        raise source.refused(
            "EC016",
            f"the workbook unpacks to {size / 2**30:.1f} GiB",
            expected="at most 2 GiB",
            fix="save the sheet as CSV",
        )


_Row = tuple[int, list[Any]]
"""Row of the sheet, and its cells."""


def _rows(sheet: Any) -> Iterator[_Row]:  # noqa: ANN401 - a read-only worksheet, which openpyxl's types do not know
    """The rows that hold something."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > _LAST_ROW or len(cells) > _LAST_COLUMN:
            raise ValueError("a cell beyond the last row or column")
        if any(cell.value not in (None, "") for cell in cells):
            yield number, list(cells)


def _sheet(source: Source) -> tuple[str, list[str], list[_Row]]:
    """Name of the sheet that is read, names of others that hold rows, and its rows."""
    import openpyxl

    book = openpyxl.load_workbook(source.path, read_only=True)
    try:
        tables = {sheet.title: sheet for sheet in book.worksheets}
        if source.sheet is not None:
            wanted = [name for name in tables if name.casefold() == source.sheet.casefold()]
            if not wanted:
                raise InputError(f"no sheet {source.sheet!r}", where=source.file, expected=f"one of {', '.join(tables)}")
            name = source.sheet if source.sheet in wanted else wanted[0]
            return name, [], list(_rows(tables[name]))
        seen = [name for name, sheet in tables.items() if sheet.sheet_state == "visible" and name.strip().casefold() not in _ASIDE]
        held = {name: len(list(itertools.islice(_rows(tables[name]), 2))) for name in seen}
        by_name = [name for name in seen if name.strip().casefold() in _OURS and held[name]]
        filled = [name for name in seen if held[name]]
        if not filled:
            raise source.refused("EC003", "no sheet holds a row", expected="a header and rows", fix="send the file that holds the rows")
        name = (by_name or filled)[0]
        return name, [other for other in filled if other != name and held[other] > 1], list(_rows(tables[name]))
    finally:
        book.close()


def _batches(source: Source, name: str, others: Sequence[str], sheet: list[_Row]) -> Iterator[Raw]:
    if not sheet:
        raise source.refused("EC003", f"the sheet {name!r} is empty", expected="a header and rows", fix="send the file that holds the rows")
    line, head = sheet[0]
    cells = [_text(cell) or "" for cell in head]
    width = max((i + 1 for _, row in sheet for i, cell in enumerate(row) if cell.value not in (None, "")), default=0)
    filled = {i for _, row in sheet for i, cell in enumerate(row) if cell.value not in (None, "")}
    cells += [""] * (width - len(cells))
    places = [i for i, cell in enumerate(cells) if cell.strip() or i in filled]
    names, faults = named([cells[i] for i in places], source, line)
    if others:
        found = f"read {name!r}; left unread: {', '.join(map(repr, others))}"
        faults.append(Fault("EC011", None, None, "", found, "one sheet with rows", "say which to read: --sheet NAME"))
    for start in range(0, max(len(sheet) - 1, 1), source.size):
        block = sheet[1 + start : 1 + start + source.size]
        frame, rows, lines, wrong = _batch(names, places, block, line)
        yield Raw(source.file, frame, rows, lines, f"Excel, sheet {name!r}", (*faults, *wrong))
        faults = []


def _batch(names: list[str], places: list[int], block: list[_Row], head: int) -> tuple[pl.DataFrame, pl.Series, pl.Series, list[Fault]]:
    rows, lines = numbers(number - head for number, _ in block), numbers(number for number, _ in block)
    columns: dict[str, list[str | None]] = {}
    faults = []
    for name, at in zip(names, places, strict=True):
        columns[name] = column = []
        for number, cells in block:
            cell = cells[at] if at < len(cells) else None
            fault = _fault(cell, number - head, number, name) if cell is not None else None
            if fault:
                faults.append(fault)
            column.append(None if cell is None or fault else _text(cell))
    frame, dirty = swept(pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)), rows, lines)
    return frame, rows, lines, sorted([*faults, *dirty], key=lambda fault: fault.row or 0)


def _fault(cell: Any, row: int, line: int, name: str) -> Fault | None:  # noqa: ANN401 - as above
    if cell.data_type == "f":
        text = getattr(cell.value, "text", None) or cell.value
        return Fault("EC012", row, line, name, excerpt(str(text)), "a value", "copy the column and paste it as values")
    if cell.data_type == "e":
        return Fault("EC013", row, line, name, excerpt(str(cell.value)), "a value, or an empty cell", "mend the formula, or empty the cell")
    return None


def _text(cell: Any) -> str | None:  # noqa: ANN401 - as above
    """A cell as a reader sees it; a number keeps all its digits."""
    value = cell.value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        zeros = (cell.number_format or "").split(";")[0]
        whole = isinstance(value, int) or value.is_integer()
        text = str(int(value)) if whole else repr(value)
        return text.zfill(len(zeros)) if whole and value >= 0 and _ZEROS.fullmatch(zeros) else text
    if isinstance(value, dt.datetime):
        moment = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0) if value.microsecond else value
        return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return None if value is None else str(value)
