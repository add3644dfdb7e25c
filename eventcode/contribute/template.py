"""Templates of contributions: an empty table with the contract's columns, as .xlsx with drop-down lists or as a header of .csv."""

from __future__ import annotations

import datetime as dt
import difflib
import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eventcode import resources
from eventcode.codebook.actions import actions
from eventcode.errors import InputError
from eventcode.model import grammar
from eventcode.model.column import Column, columns
from eventcode.model.tables import Contribution

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

SHEET, NOTES, CODES, LISTS = "contribution", "notes", "codes", "lists"
"""The sheets of a workbook: the table to be filled in, how to fill it in, what the codes mean, and (hidden) the other lists."""
ROWS, MOST_ROWS = 1000, 1_048_575
"""Rows that have drop-down lists unless told otherwise, and as many as a sheet holds beside its header."""

_SETTLED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_PROMPT, _TITLE = 255, 32  # characters that Excel shows; a file with more of them is refused as damaged
_STATE_ROLES = ("", "GOV", "MIL", "GOVMIL", "COP", "JUD", "LEG", "OPP", "REB", "CVL", "MED")
_WORLD = ("IGO", "IGOUNO", "IGOUNOPKO", "IGOEUREEC", "IGOEURSCE", "IGOWSTNAT", "IGOAFROAU", "IGOPKO", "NGO", "MNC", "IMG", "INT")

_HOW = (
    "One row for each act that the article tells of: who (actor) did what (action) to whom (target), when (date), and which article says so (source).",
    "Fill in the sheet 'contribution' from row 2 on. Point at a header to read what its column means, what an empty cell means, and an example.",
    "Cells of codes are text: 042 keeps its zero. If you paste from another sheet, paste values only, or the format and the lists are lost.",
    "action: one of the 316 codes of CAMEO 1.1b3. The sheet 'codes' tells what each means; filter it by a word. Take the most exact code that the text bears out.",
    "actor, target: the list has countries and common codes; any well-formed code may be typed: country first, roles last, without blanks (AZEMIL).",
    "actor or target may be empty, not both. A target stays empty where the act is aimed at nobody in particular.",
    "date: the day of the act, not of the article, as year-month-day (2020-10-09). If the text gives a month only, put its first day and say so in date_precision.",
    "source: the id of the article, the same in each of its rows: letters, digits, points, hyphens.",
    "Leave a cell empty where the text does not say. No NA, no question mark, no zero for 'not known', no guess.",
    "What somebody says is not what is so: the column status keeps claimed, denied, planned and hypothetical acts apart, attributed_to says whose word it is.",
    "Further columns make rows more useful: eventcode template --columns status,attributed_to,sentence,trigger,coder (or --all).",
    "Keep the header as it is. Columns that you do not need may be removed, but for the first five.",
    "Then check it: eventcode validate FILE. Each problem is named with its row, what was found, what was expected and how to mend it.",
)  # fmt: skip


def chosen(names: Iterable[str] | None = ()) -> list[Column]:
    """The columns of a template: the five that every contribution has, then those named; all of the contract where `names` is None.

    Raises:
        InputError: The contract has no such column.

    >>> [column.name for column in chosen(["status", "actor"])]
    ['actor', 'action', 'target', 'date', 'source', 'status']
    """
    known = {column.name: column for column in columns(Contribution)}
    wanted = list(known) if names is None else list(names)
    if unknown := [name for name in wanted if name not in known]:
        near = [match for name in unknown for match in difflib.get_close_matches(name.lower(), known, n=1)]
        raise InputError(
            f"no such column: {', '.join(map(repr, unknown))}",
            expected=f"columns of a contribution: {', '.join(known)}",
            fix=f"did you mean {', '.join(near)}?" if near else "choose from these, or take them all with --all",
        )
    return [known[name] for name in dict.fromkeys((*Contribution.must_have, *wanted))]


def actor_codes() -> list[str]:
    """Codes that are often an actor or target: of each country itself and with common roles, of the world's organizations, and roles alone.

    >>> codes = actor_codes()
    >>> codes[:3], "IGOUNO" in codes, "REB" in codes
    (['ABW', 'ABWGOV', 'ABWMIL'], True, True)
    """
    states = (f"{country}{role}" for country in sorted(resources.codes("countries")) for role in _STATE_ROLES)
    return list(dict.fromkeys([*states, *_WORLD, *sorted(grammar.roles())]))


def explained(column: Column) -> str:
    """What a column means, what an empty cell of it means, and an example, as lines of text."""
    example = column.example.isoformat() if isinstance(column.example, dt.date) else column.example
    unit = [f"Unit: {column.unit}."] if column.unit not in {"", "1"} else []
    allowed = [f"One of: {', '.join(column.enum)}."] if column.enum else []
    empty = f"Empty: {column.missing}." if column.missing else "Never empty."
    return "\n".join([column.description, *unit, *allowed, empty, f"Example: {example}"])


# -- the workbook -------------------------------------------------------------------------------------------------------


def _head(sheet: Worksheet, names: Sequence[str], widths: Sequence[int]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.append(list(names))
    for number, width in enumerate(widths, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"


def _code_rows() -> list[tuple[str, str, str, str]]:
    found = [(code, each.name, each.definition, "action") for code, each in actions().items()]
    for row in resources.rows("countries"):
        years = [f"{word} {row[end]}" for word, end in (("from", "valid_from"), ("until", "valid_to")) if row[end]]
        found.append((row["code"], row["name"], " ".join(years), "country"))
    return found + [(row["code"], row["name"], row["definition"], "role") for row in resources.rows("roles")]


def _codes_sheet(book: Workbook) -> dict[str, str]:
    """The sheet of codes; the ranges of its lists by name of the codelist."""
    sheet = book.create_sheet(CODES)
    _head(sheet, ("code", "name", "definition", "list"), (10, 48, 100, 10))
    sheet.column_dimensions["A"].number_format = "@"
    table = _code_rows()
    for row in table:
        sheet.append(row)
        sheet.cell(sheet.max_row, 1).number_format = "@"
    sheet.auto_filter.ref = f"A1:D{len(table) + 1}"
    kinds = [row[3] for row in table]
    places = {kind: (kinds.index(kind) + 2, kinds.index(kind) + 1 + kinds.count(kind)) for kind in ("action", "country")}
    return {
        codelist: f"{CODES}!$A${places[kind][0]}:$A${places[kind][1]}"
        for codelist, kind in (("actions", "action"), ("countries", "country"))
    }


def _lists_sheet(book: Workbook, given: Iterable[Column]) -> dict[str, str]:
    """The hidden sheet of lists; the ranges by name of the column, that of actors by name of the codelist."""
    from openpyxl.utils import get_column_letter

    lists = {"actors": actor_codes(), **{column.name: list(column.enum) for column in given if column.enum}}
    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    ranges = {}
    for number, (name, values) in enumerate(lists.items(), start=1):
        for row, value in enumerate((name, *values), start=1):
            sheet.cell(row, number, value).number_format = "@"
        letter = get_column_letter(number)
        ranges[name] = f"{LISTS}!${letter}$2:${letter}${len(values) + 1}"
    return ranges


def _limit(column: Column, ranges: dict[str, str]) -> DataValidation | None:
    """What cells of a column may hold, with a message where something else is typed; None where anything may stand."""
    from openpyxl.worksheet.datavalidation import DataValidation

    source = ranges.get(column.codelist) or ranges.get(column.name)
    if source:
        free = column.codelist == "actors"
        limit = DataValidation(type="list", formula1=source, showErrorMessage=not free)
        limit.error = f"{column.name} is one of the list" + ("; 042 needs its zero." if column.codelist == "actions" else ".")
        if column.codelist == "actions":
            limit.prompt = "One of 316 codes, as text: 042 needs its zero. The sheet 'codes' tells what each means."
        elif free:
            limit.prompt = "Choose from the list, or type any code: country, group, people, religion, roles in this order, such as AZEMIL."
    elif column.kind == "date":
        limit = DataValidation(
            type="date", operator="between", formula1="DATE(1900,1,1)", formula2="DATE(2100,12,31)", errorStyle="warning"
        )
        limit.error, limit.prompt = "A day is written year-month-day, such as 2020-10-09.", "Year-month-day, such as 2020-10-09."
        limit.showErrorMessage = True
    elif column.kind in {"integer", "number"}:
        whole = column.kind == "integer"
        limit = DataValidation(operator="between", formula1=str(column.minimum), formula2=str(column.maximum))
        limit.type = "whole" if whole else "decimal"
        limit.showErrorMessage = True
        limit.error = f"{column.name} is a {'whole ' * whole}number from {column.minimum} to {column.maximum}, or empty."
    else:
        return None
    limit.allow_blank = True
    limit.showInputMessage = bool(limit.prompt)
    limit.errorTitle = limit.promptTitle = column.name[:_TITLE]
    limit.error, limit.prompt = limit.error[:_PROMPT], (limit.prompt or "")[:_PROMPT] or None
    return limit


def workbook(given: Sequence[Column], *, rows: int = ROWS) -> bytes:
    """The bytes of an Excel workbook to be filled in, the same whenever it is made.

    Formats belong to whole columns, so that rows below the lists keep their zeros too and no row stands there but the header.

    Args:
        given: The columns, in order.
        rows: Number of rows that have drop-down lists.
    """
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    notes = book.create_sheet(NOTES)
    ranges = {**_codes_sheet(book), **_lists_sheet(book, given)}
    _head(sheet, [column.name for column in given], [max(len(column.name) + 4, 14) for column in given])
    for number, column in enumerate(given, start=1):
        letter, text = get_column_letter(number), explained(column)
        sheet.column_dimensions[letter].number_format = {"text": "@", "date": "yyyy-mm-dd"}.get(column.kind, "General")
        head = sheet.cell(1, number)
        head.comment = Comment(text, "eventcode", width=340, height=40 + 18 * sum(1 + len(line) // 48 for line in text.split("\n")))
        if column.name in Contribution.must_have:
            head.fill = PatternFill("solid", fgColor="FFDCE6F1")
        if limit := _limit(column, ranges):
            limit.add(f"{letter}2:{letter}{rows + 1}")
            sheet.add_data_validation(limit)
    _head(notes, ["How to fill in this workbook"], [120])
    for line in _HOW:
        notes.append([line])
        notes.cell(notes.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    book.properties.creator = "eventcode"
    book.properties.title = "Template of a contribution"
    sink = io.BytesIO()
    book.save(sink)
    return _settled(sink.getvalue())


def _settled(raw: bytes) -> bytes:
    """A workbook without the clock: openpyxl writes the time of saving into the properties and the archive."""
    day = _SETTLED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(sink, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:(?:created|modified)\b[^>]*>)[^<]*", rb"\g<1>" + day, part)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            new.writestr(entry, part, zipfile.ZIP_DEFLATED, 9)
    return sink.getvalue()


# -- files ------------------------------------------------------------------------------------------------------------


def write(path: Path, *, names: Iterable[str] | None = (), rows: int = ROWS) -> list[Column]:
    """Write a template and return its columns.

    Args:
        path: Where to; .xlsx for a workbook with drop-down lists, .csv for a header alone.
        names: Columns beside the five required ones; None for all of the contract.
        rows: Number of rows of the workbook that have drop-down lists.

    Raises:
        InputError: The file is there already, its folder is not, its ending is another, a column or the number of rows is none.
    """
    if path.suffix.lower() not in {".xlsx", ".csv"}:
        found = path.suffix or "a file without an ending"
        raise InputError(f"cannot write {found}", where=str(path), expected="an ending .xlsx or .csv", fix=f"write {path.stem}.xlsx")
    if not 1 <= rows <= MOST_ROWS:
        raise InputError(f"{rows} rows", where=str(path), expected=f"1 to {MOST_ROWS:,} rows", fix=f"leave out --rows for {ROWS:,}")
    given = chosen(names)
    if not path.parent.is_dir():
        raise InputError("no such folder", where=str(path.parent), expected="a folder that is there", fix=f"mkdir -p {path.parent}")
    _refuse_existing(path)
    header = ",".join(column.name for column in given)
    raw = f"{header}\n".encode() if path.suffix.lower() == ".csv" else workbook(given, rows=rows)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as folder:
        beside = Path(folder) / path.name
        beside.write_bytes(raw)
        _refuse_existing(path)
        beside.replace(path)
    return given


def _refuse_existing(path: Path) -> None:
    if path.exists() or path.is_symlink():
        what = "a folder is there" if path.is_dir() else "the file is there already, and may hold rows"
        raise InputError(what, where=str(path), expected="a file that is not there yet", fix="choose another name, or remove it first")
