"""CSV and its kin: cells between commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

import polars as pl
import pyarrow as pa

from eventcode.contribute.read import encoding
from eventcode.contribute.read.cells import swept
from eventcode.contribute.read.header import known, looks_like_data, named
from eventcode.contribute.read.raw import Fault, Raw, Source, excerpt, numbers

SEPARATORS = {",": "','", ";": "';'", "\t": "tabs", "|": "'|'"}
_SAMPLE = 1 << 17
_SAID = re.compile(r"sep=([,;\t|])(?:\r\n|\n|\r|\Z)")


class _EndlessError(Exception):
    """A row that goes on and on, because a quote does not close."""


class _Feed:
    """Lines for the csv module, which would take a whole file into memory to look for the end of a quote.

    Args:
        lines: Lines with their ends.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines, self.taken = iter(lines), 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.taken += len(line)
        if self.taken > encoding.LONGEST_LINE:
            raise _EndlessError
        return line


def separator(sample: str, *, hint: str = "") -> str:
    """The separator of a text from its first lines; "" where there is none.

    >>> separator("actor;action;confidence\\nAZE;190;0,8\\n"), separator("actor\\nAZE\\n")
    (';', '')
    """
    best, chosen, data = (0, 0.0, 0, False), "", False
    whole = sample if len(sample) < _SAMPLE else sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    for char in SEPARATORS:
        with io.StringIO(whole, newline="") as text:
            rows = [row for row in itertools.islice(csv.reader(text, delimiter=char), 200) if row]
        width = len(rows[0]) if rows else 0
        fit = sum(len(row) == width for row in rows[1:]) / max(len(rows) - 1, 1) if len(rows) > 1 else 1.0
        score = (known(rows[0]) if rows else 0, round(fit, 1), width, char == hint)
        if width > 1 and score > best:
            best, chosen, data = score, char, looks_like_data(rows[0])
    names, fit, *_ = best
    return chosen if names or fit >= 0.5 or data else ""


def delimited(source: Source) -> Iterator[Raw]:
    """The rows of a text with separators, in batches.

    Raises:
        Unreadable: The file is empty (EC003), in several encodings (EC005), no table (EC001, EC014) or has no header that names each
            column once (EC015, EC019); or a quote does not close (EC006).
    """
    coded = encoding.told(source)
    csv.field_size_limit(max(csv.field_size_limit(), encoding.LONGEST_LINE + 1))
    with encoding.opened(source, coded) as text:
        sample = text.read(_SAMPLE)
    said = _SAID.match(sample.lstrip("\ufeff"))
    char = said.group(1) if said else separator(sample, hint="\t" if source.path.suffix.lower() in {".tsv", ".tab"} else "")
    with encoding.opened(source, coded) as text:
        if said:
            text.readline()
        yield from _batches(source, coded, text, char, skipped=int(bool(said)))


def _batches(source: Source, coded: encoding.Encoding, text: TextIO, char: str, *, skipped: int) -> Iterator[Raw]:
    records = _records(source, text, char or ",", skipped)
    line, cells = next(records, (0, []))
    cells = [cells[0].lstrip("\ufeff"), *cells[1:]] if cells else []
    if not cells or cells == [""]:
        raise source.refused("EC003", "the file is empty", expected="a header and rows", fix="send the file that holds the rows")
    if not char and not known(cells) and not looks_like_data(cells):
        raise source.refused(
            "EC014",
            f"no separator makes columns of the first lines: {excerpt(', '.join(cells))}",
            line=line,
            expected="columns separated by commas, semicolons, tabs or |",
            fix="save the table as CSV",
        )
    names, first = named(cells, source, line)
    faults = [*coded.faults(), *first]
    form = f"CSV, separated by {SEPARATORS[char]}, {coded.name}" if char else f"CSV of one column, {coded.name}"
    count = 0
    while True:
        block = list(itertools.islice(records, source.size))
        if count and not block:
            return
        raw, wrong = _batch(names, block, count)
        yield Raw(source.file, *raw, form, (*faults, *wrong))
        faults, count = [], count + len(block)
        if len(block) < source.size:
            return


def _records(source: Source, text: TextIO, char: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line that it begins in; blank lines are left out."""
    feed = _Feed(text)
    reader = csv.reader(feed, delimiter=char, strict=True)
    line = skipped + 1
    try:
        for cells in reader:
            if len(cells) > 1 or (cells and cells[0].strip()):
                yield line, cells
            line = reader.line_num + skipped + 1
            feed.taken = 0
    except (csv.Error, _EndlessError) as error:
        end = reader.line_num + skipped
        found = (
            "is not closed"
            if isinstance(error, _EndlessError) or "unexpected end" in str(error)
            else f"closes in line {end}, within a cell"
        )
        raise source.refused(
            "EC006",
            f"a quote in the row that begins in line {line} {found}",
            line=line,
            expected='quotes in pairs; a quote within a quoted cell is doubled ("")',
            fix='close the quote, or write quotes within cells twice (R: qmethod = "double")',
        ) from error


def _batch(
    names: Sequence[str], block: list[tuple[int, list[str]]], before: int
) -> tuple[tuple[pl.DataFrame, pl.Series, pl.Series], list[Fault]]:
    """Frame, rows and lines of some rows, and their faults; rows of another width and rows without a value are left out."""
    width = len(names)
    wrong = [
        Fault(
            "EC007",
            row,
            line,
            "",
            f"{len(cells)} cells: {excerpt(', '.join(cells))}",
            f"{width} cells, as in the header",
            "quote cells that hold the separator; leave empty cells empty, but there",
        )
        for row, (line, cells) in enumerate(block, start=before + 1)
        if len(cells) != width and any(cells)
    ]
    good = [(row, line, cells) for row, (line, cells) in enumerate(block, start=before + 1) if len(cells) == width]
    columns = zip(*(cells for *_, cells in good), strict=True) if good else ((),) * width
    arrays = [pl.Series(name, pl.from_arrow(pa.array(cells, pa.large_string()))) for name, cells in zip(names, columns, strict=True)]
    frame = pl.DataFrame(dict(zip(names, arrays, strict=True)))
    rows, lines = numbers(row for row, *_ in good), numbers(line for _, line, _ in good)
    frame, faults = swept(frame, rows, lines)
    hit = {fault.row for fault in faults}
    full = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series() | rows.is_in(list(hit))
    kept = frame.filter(full), rows.filter(full), lines.filter(full)
    return kept, sorted([*wrong, *faults], key=lambda fault: fault.row or 0)
