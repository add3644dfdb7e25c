"""Cells of text: characters that belong in no text, and cells too long to be one."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from eventcode.contribute.letters import letters
from eventcode.contribute.read.raw import LONGEST_CELL, Fault, excerpt

CONTROLS = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x84\x86-\x9F]"
"""C0 and C1 controls other than tab, line feed, carriage return and NEL."""


def swept(frame: pl.DataFrame, rows: pl.Series, lines: pl.Series | None) -> tuple[pl.DataFrame, list[Fault]]:
    """The frame with empty text, controls and overlong cells as null; of the latter two also the faults, in the order of the rows.

    >>> frame, faults = swept(pl.DataFrame({"actor": ["AZE", "", "A\\0"]}), pl.Series([1, 2, 3]), None)
    >>> frame["actor"].to_list(), [(fault.code, fault.row) for fault in faults]
    (['AZE', None, None], [('EC010', 3)])
    """
    faults: list[Fault] = []
    done = []
    for name, kind in frame.schema.items():
        if kind != pl.String:
            continue
        cells, held = frame[name], letters(frame[name])
        if not held.controls and not held.foreign and not (cells.str.len_bytes() > LONGEST_CELL).any() and not (cells == "").any():
            continue
        long = cells.str.len_chars() > LONGEST_CELL
        dirty = cells.str.contains(CONTROLS)
        void = long | dirty | (cells == "")
        if long.any() or dirty.any():
            faults += _faults(frame.select(cell=cells, long=long, dirty=dirty), name, rows, lines)
        if void.any():
            done.append(pl.select(pl.when(void.fill_null(value=False)).then(None).otherwise(cells).alias(name)).to_series())
    return frame.with_columns(done), sorted(faults, key=lambda fault: fault.row or 0)


def _faults(cells: pl.DataFrame, name: str, rows: pl.Series, lines: pl.Series | None) -> Iterator[Fault]:
    hit = cells.with_row_index("at").filter(pl.col("long") | pl.col("dirty"))
    for at, cell, long, _ in hit.iter_rows():
        line = lines[at] if lines is not None else None
        if long:
            yield Fault(
                "EC017", rows[at], line, name, excerpt(cell), f"at most {LONGEST_CELL:,} characters", "give the sentence, not the text"
            )
        else:
            yield control(rows[at], line, name, cell)


def control(row: int | None, line: int | None, name: str, cell: str) -> Fault:
    """The fault of a text that holds a control character or half a character."""
    return Fault("EC010", row, line, name, excerpt(cell), "text without control characters", "remove the character, or write the cell anew")
