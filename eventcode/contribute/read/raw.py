"""What every reader gives: rows as they were sent, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from eventcode.errors import InputError

LONGEST_CELL = 100_000
"""Characters of a cell; no name, sentence or note is longer, whole articles and unclosed quotes are."""


class Unreadable(InputError):  # noqa: N818 - it says of a file what it is
    """A file cannot be read as a whole.

    Args:
        code: Code of the rule, EC0xx.
        what: One sentence that says what was found.
        where: Name of the file.
        line: Line of the file, where known.
        expected: What would have been right.
        fix: What the reader can do about it.
    """

    def __init__(self, code: str, what: str, *, where: str = "", line: int | None = None, expected: str = "", fix: str = "") -> None:
        super().__init__(what, where=where, expected=expected, fix=fix)
        self.code, self.line = code, line


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a reader finds wrong.

    Attributes:
        code: Code of the rule, EC0xx.
        row: Number of the row, counted from 1 without the header; None for a whole column or file.
        line: Line of a text file, row of a sheet; None elsewhere.
        column: Name of the column as in the file; empty for a whole row or file.
        found: What stands there.
        expected: What would be right.
        fix: What to do.
    """

    code: str
    row: int | None
    line: int | None
    column: str
    found: str
    expected: str
    fix: str


@dataclass(frozen=True, slots=True)
class Raw:
    """Rows of a contribution as they were sent.

    Attributes:
        file: Name of the file as the caller gave it.
        frame: Columns named as in the file; of several columns without a name the second is called one blank, the third two blanks.
            Text formats have text alone, an empty cell is null. Parquet and Stata keep Date, Int64, Float64 and String.
        rows: Number of each row in the file (UInt32), from 1, the header not counted; in JSON lines the line.
        lines: Line of each row in a text file, or row of the sheet (UInt32); None where there are no lines.
        form: How the file was read, for people.
        faults: What the reader found wrong in these rows; faults of the whole file come with the first rows.
    """

    file: str
    frame: pl.DataFrame
    rows: pl.Series
    lines: pl.Series | None = None
    form: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read, and how.

    Attributes:
        path: Where its bytes lie.
        file: Name as the caller gave it.
        size: Most rows of a batch.
        encoding: Encoding of its text, where the caller knows it.
        sheet: Sheet to be read, where the caller names one.
    """

    path: Path
    file: str
    size: int
    encoding: str | None = None
    sheet: str | None = None

    def refused(self, code: str, what: str, *, line: int | None = None, expected: str = "", fix: str = "") -> Unreadable:
        """The exception that says why the file cannot be read."""
        return Unreadable(code, what, where=self.file, line=line, expected=expected, fix=fix)


def numbers(values: Iterable[int]) -> pl.Series:
    """Numbers of rows or lines.

    >>> numbers([1, 2]).dtype
    UInt32
    """
    if isinstance(values, range):
        return pl.int_range(values.start, values.stop, values.step, dtype=pl.UInt32, eager=True).alias("number")
    return pl.Series("number", list(values), dtype=pl.UInt32)


def excerpt(text: str, longest: int = 60) -> str:
    """A text short enough for a message, without controls.

    >>> excerpt("abc", 2), excerpt("a\\0")
    ('ab… (3 characters)', 'a\\\\x00')
    """
    start = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text[:longest])
    return start if len(text) <= longest else f"{start}… ({len(text):,} characters)"
