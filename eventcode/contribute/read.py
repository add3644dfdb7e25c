"""Contributions as they are sent, read into frames of text: nothing is converted, nothing is lost."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from eventcode.errors import InputError

_PICTURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive or an Excel file",
    b"PAR1": "a Parquet file",
}
KNOWN = (".csv", ".jsonl", ".ndjson", ".parquet")


@dataclass(frozen=True, slots=True)
class Raw:
    """A contribution as it was sent.

    Attributes:
        file: Its name as the caller gave it.
        frame: Its columns as text, empty cells as null, in the file's order; names as in the file.
        rows: For each row of the frame, its number in the file, counted from 1 without the header.
    """

    file: str
    frame: pl.DataFrame
    rows: tuple[int, ...]


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    return json.dumps(value, default=str) if isinstance(value, bool | list | dict) else str(value)


def _decode(raw: bytes, file: str) -> str:
    kind = next((name for magic, name in _PICTURES.items() if raw.startswith(magic)), "")
    if kind or b"\0" in raw[:65536]:
        raise InputError(
            f"this is {kind or 'a binary file'}, not a table of text",
            where=file,
            expected="CSV or JSON lines in UTF-8, or Parquet",
            fix="give the table itself, with the ending of its kind",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {error.start} is not UTF-8", where=file, expected="text in UTF-8", fix="save the file as UTF-8 (in Excel: CSV UTF-8)"
        ) from error


def _csv(raw: bytes, file: str) -> Raw:
    text = _decode(raw, file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [line for line in reader if line]
    except csv.Error as error:
        raise InputError(f"line {reader.line_num} is not CSV ({error})", where=file, expected="quotes that close") from error
    if not lines:
        raise InputError("the file is empty", where=file, expected="a header and rows")
    header, *body = lines
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise InputError(f"the header has {twice!r} twice", where=file, expected="each column once")
    for number, line in enumerate(body, start=1):
        if len(line) != len(header):
            raise InputError(
                f"row {number} has {len(line)} cells, the header {len(header)}",
                where=file,
                expected="as many cells as the header",
                fix="quote cells that hold a comma",
            )
    columns = zip(*body, strict=True) if body else ([] for _ in header)
    return _raw(file, {name: list(values) for name, values in zip(header, columns, strict=True)}, range(1, len(body) + 1))


def _jsonl(raw: bytes, file: str) -> Raw:
    rows: list[Mapping[str, Any]] = []
    numbers = []
    for number, line in enumerate(_decode(raw, file).split("\n"), start=1):  # splitlines() would also break at U+2028 within a text
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if "\\u" in line:
                json.dumps(row, ensure_ascii=False).encode()  # half a surrogate pair is no character
        except ValueError as error:
            raise InputError(f"line {number} is not JSON ({error})", where=file, expected="one JSON object a line") from error
        if not isinstance(row, dict):
            raise InputError(f"line {number} is no object: {line.strip():.40}", where=file, expected="one JSON object a line")
        rows.append(row)
        numbers.append(number)
    names = dict.fromkeys(name for row in rows for name in row)
    return _raw(file, {name: [row.get(name) for row in rows] for name in names}, numbers)


def _parquet(raw: bytes, file: str) -> Raw:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(raw))
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError("this is not a Parquet file", where=file, expected="Parquet") from error
    return _raw(file, table.to_pydict(), range(1, table.num_rows + 1))


def _raw(file: str, values: Mapping[str, Iterable[object]], rows: Iterable[int]) -> Raw:
    frame = pl.DataFrame({name: [_text(v) for v in column] for name, column in values.items()}, schema=dict.fromkeys(values, pl.String))
    return Raw(file, frame, tuple(rows))


_READERS: dict[str, Callable[[bytes, str], Raw]] = {".csv": _csv, ".jsonl": _jsonl, ".ndjson": _jsonl, ".parquet": _parquet}


def contributions_in(folder: Path) -> list[Path]:
    """The contributions in a folder, in order of their names."""
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in KNOWN)


def read(path: str | Path) -> Raw:
    """A contribution from a file (.csv, .jsonl, .parquet) or "-" (JSON lines on standard input).

    Raises:
        InputError: The file does not exist, or is not what its ending says.
    """
    if str(path) == "-":
        return _jsonl(sys.stdin.buffer.read(), "standard input")
    file = Path(path)
    reader = _READERS.get(file.suffix.lower())
    if reader is None or not file.is_file():
        what = "no such file" if not file.exists() else f"cannot read {file.suffix or 'files without an ending'}"
        raise InputError(what, where=str(path), expected=f"a file that ends in {', '.join(KNOWN)}")
    return reader(file.read_bytes(), str(path))
