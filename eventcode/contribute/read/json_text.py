"""JSON: an object a line, or one document that holds an array of objects."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from eventcode.contribute.read import encoding
from eventcode.contribute.read.cells import control, swept
from eventcode.contribute.read.raw import Fault, Raw, Source, excerpt, numbers

_LARGEST = 1 << 31
_OBJECT = "one JSON object a line"


class _Twice(dict[str, object]):
    """An object that gives a name twice."""

    name = ""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    row = dict(pairs)
    if len(row) == len(pairs):
        return row
    again = _Twice(row)
    again.name = next(name for i, (name, _) in enumerate(pairs) if any(name == other for other, _ in pairs[:i]))
    return again


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=str)
"""Numbers stay the text that they are: 0.10 is not 0.1, and no number is too long."""


def _parsed(text: str) -> tuple[object, str]:
    """A JSON value, and why it is none."""
    try:
        return _DECODER.decode(text.strip()), ""
    except RecursionError:
        return None, "lists within lists without end"
    except ValueError as error:
        return None, str(error)


def is_json(text: str) -> bool:
    """True where a text is a JSON object or array.

    >>> is_json('{"actor": "AZE"}'), is_json("actor,action")
    (True, False)
    """
    return text.lstrip()[:1] in ("{", "[") and isinstance(_parsed(text)[0], dict | list)


def json_text(source: Source) -> Iterator[Raw]:
    """The rows of JSON lines in batches, or of a JSON document.

    Raises:
        Unreadable: A document is damaged (EC002), empty (EC003), or holds no rows (EC009); or as for every text.
    """
    coded = encoding.told(source)
    with encoding.opened(source, coded) as text:
        some = list(itertools.islice((line for line in text if line.strip("\ufeff \t\r\n")), 2))
    first = some[0].strip("\ufeff \t\r\n") if some else ""
    if not first and source.path.suffix.lower() == ".json":
        raise source.refused("EC003", "the file is empty", expected="an array of objects", fix="send the file that holds the rows")
    value, _ = _parsed(first)
    document = len(some) == 1 and (isinstance(value, list) or (isinstance(value, dict) and _array(value) is not None))
    opens = value is None and (first.startswith("[") or first == "{")
    if source.path.suffix.lower() == ".json" and value is None and not (len(some) > 1 and is_json(some[1].rstrip("\r\n,"))):
        opens = True
    document = document or (source.path.suffix.lower() == ".json" and len(some) == 1 and not isinstance(value, dict))
    yield from _document(source, coded) if document or opens else _lines(source, coded)


# -- documents ----------------------------------------------------------------------------------------------------------------


def _array(value: dict[str, object]) -> list[object] | None:
    """The array of objects that one key of an object holds; None where none or several do."""
    held = [v for v in value.values() if isinstance(v, list) and any(isinstance(row, dict) for row in v)]
    if not held and len(value) == 1:
        held = [v for v in value.values() if v == []]
    return held[0] if len(held) == 1 else None


def _document(source: Source, coded: encoding.Encoding) -> Iterator[Raw]:
    if source.path.stat().st_size > _LARGEST:
        raise source.refused("EC016", "a JSON document of more than 2 GiB", expected=_OBJECT, fix="write JSON lines (.jsonl)")
    with encoding.opened(source, coded) as text:
        value, error = _parsed(text.read().strip("\ufeff \t\r\n"))
    if error:
        raise source.refused("EC002", f"this is not JSON ({error})", expected="an array of objects", fix="write the file anew")
    rows = _array(value) if isinstance(value, dict) else value
    if not isinstance(rows, list) or (rows and not any(isinstance(row, dict) for row in rows)):
        raise source.refused(
            "EC009",
            f"a JSON document without rows: {excerpt(json.dumps(value))}",
            expected="an array of objects, or an object with one such array",
            fix='write one object a row (pandas: to_json(orient="records"))',
        )
    items = ((number, row, "") for number, row in enumerate(rows, start=1))
    yield from _batches(source, coded, items, dict.fromkeys(n for row in rows if isinstance(row, dict) for n in row), "JSON", lines=False)


# -- lines --------------------------------------------------------------------------------------------------------------------


def _items(source: Source, coded: encoding.Encoding) -> Iterator[tuple[int, object, str]]:
    """Number, value and error of each line that is not blank."""
    with encoding.opened(source, coded) as text:
        for number, line in enumerate(text, start=1):
            plain = line.strip("\ufeff \t\r\n")
            if plain:
                value, error = _parsed(plain)
                yield number, plain if error else value, error


def _lines(source: Source, coded: encoding.Encoding) -> Iterator[Raw]:
    items = _items(source, coded)
    block = list(itertools.islice(items, source.size))
    more = next(items, None)
    names: dict[str, None] = {}
    for _, row, _ in block if more is None else _items(source, coded):
        if isinstance(row, dict):
            names.update(dict.fromkeys(row))
    rest = itertools.chain(block, [more] if more else [], items)
    yield from _batches(source, coded, rest, names, "JSON lines", lines=True)


# -- both ---------------------------------------------------------------------------------------------------------------------


def _batches(
    source: Source, coded: encoding.Encoding, items: Iterable[tuple[int, object, str]], names: Iterable[str], form: str, *, lines: bool
) -> Iterator[Raw]:
    items, faults, count = iter(items), coded.faults(), 0
    columns = []
    for name in names:
        if _whole(name):
            columns.append(name)
        else:
            faults.append(control(None, None, name, name))
    while True:
        block = list(itertools.islice(items, source.size))
        if count and not block:
            return
        frame, rows, wrong = _batch(columns, block, lines=lines)
        numbered = numbers(rows)
        at = numbered if lines else None
        frame, dirty = swept(frame, numbered, at)
        told = (*faults, *sorted([*wrong, *dirty], key=lambda fault: fault.row or 0))
        yield Raw(source.file, frame, numbered, at, f"{form}, {coded.name}", told)
        faults, count = [], count + len(block)
        if len(block) < source.size:
            return


def _batch(columns: list[str], block: list[tuple[int, object, str]], *, lines: bool) -> tuple[pl.DataFrame, list[int], list[Fault]]:
    cells: dict[str, list[str | None]] = {name: [] for name in columns}
    rows, faults = [], []
    for number, value, error in block:
        line = number if lines else None
        if error or not isinstance(value, dict) or isinstance(value, _Twice):
            faults.append(_refused(number, line, value, error))
            continue
        rows.append(number)
        for name, column in cells.items():
            cell = value.get(name)
            if cell is not None and type(cell) is not str:
                cell = _scalar(cell)
                if cell is None:
                    faults.append(nested(number, line, name, value[name]))
            elif cell and not cell.isascii() and not _whole(cell):
                faults.append(control(number, line, name, cell))
                cell = None
            column.append(cell)
    return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String)), rows, faults


def _scalar(cell: object) -> str | None:
    return str(cell).lower() if isinstance(cell, bool) else None


def _whole(text: str) -> bool:
    """True where a text has no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def nested(row: int, line: int | None, name: str, cell: Any) -> Fault:  # noqa: ANN401 - whatever a cell may hold
    """The fault of a cell that holds a list or an object."""
    kind = "an object" if isinstance(cell, Mapping) else "a list"
    return Fault("EC018", row, line, name, f"{kind}: {excerpt(_shown(cell))}", "one value", "give each value a column, or each a row")


def _shown(cell: object) -> str:
    try:
        return json.dumps(cell, ensure_ascii=True, default=str)
    except (ValueError, TypeError, RecursionError):
        return "…"


def _refused(row: int, line: int | None, value: object, error: str) -> Fault:
    if error:
        return Fault("EC008", row, line, "", excerpt(str(value)), f"one JSON object a line ({error})", "write the line anew")
    if isinstance(value, _Twice):
        fix = "leave one of the two out"
        return Fault("EC019", row, line, excerpt(value.name), f"{excerpt(value.name)!r} twice", "each name once", fix)
    return Fault("EC009", row, line, "", excerpt(_shown(value)), "an object", 'write {"actor": ..., "action": ...}')
