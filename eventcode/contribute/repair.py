"""A repaired copy of a contribution, and the log of what was repaired: only what can be read in one way, and never in place."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import polars as pl
import pyarrow.parquet as pq

from eventcode.contribute import escape
from eventcode.contribute.cells import as_sent
from eventcode.contribute.columns import COLUMNS
from eventcode.contribute.gate import BATCH, Against, Checked, Examined, examine, unescaped
from eventcode.contribute.notes import CASES
from eventcode.contribute.read import Raw, batches
from eventcode.contribute.rules import rules
from eventcode.errors import InputError

_ENDINGS = {".csv": ".csv", ".txt": ".csv", ".dta": ".csv", ".tsv": ".tsv", ".tab": ".tsv", ".xlsx": ".xlsx", ".parquet": ".parquet"}
"""Form of the copy by that of the file; JSON in all its forms becomes JSON lines."""
_LOG = ("row", "line", "column", "code", "found", "becomes")


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair gave.

    Attributes:
        before: What the gate said of the file.
        after: What it says of the copy.
        copy: The copy.
        log: The table of what was repaired.
        repairs: Number of repaired cells and removed rows.
        left_out: Number of rows and cells that could not be read, and are not in the copy.
    """

    before: Checked
    after: Checked
    copy: Path
    log: Path
    repairs: int
    left_out: int


@dataclass(slots=True)
class _Collected:
    """Repairs of all batches: a row of `cases` each, with the row's number and line."""

    cases: list[pl.DataFrame] = field(default_factory=list)

    def take(self, batch: Examined) -> None:
        """Take a batch's repairs in."""
        raw = batch.raw
        for case in batch.notes.cases:
            sure = case.filter(pl.col("becomes").is_not_null() & (pl.col("column") != ""))
            if sure.height:
                lines = (
                    raw.lines.gather(sure["index"])
                    if raw.lines is not None
                    else pl.Series([None], dtype=pl.UInt32).new_from_index(0, sure.height)
                )
                self.cases.append(sure.with_columns(raw.rows.gather(sure["index"]).alias("row"), lines.cast(pl.UInt32).alias("line")))

    def table(self) -> pl.DataFrame:
        """All repairs in the order of the rows; of one cell the later ones build on those before."""
        schema = {**CASES, "row": pl.UInt32, "line": pl.UInt32}
        return (pl.concat(self.cases) if self.cases else pl.DataFrame(schema=schema)).sort("row", "column", maintain_order=True)


def _applied(raw: Raw, repairs: pl.DataFrame, mapping: dict[str, str], dropped: pl.Series) -> pl.DataFrame:
    """The batch as it was sent, with the repaired cells, without the removed rows; what was a number and holds codes becomes text."""
    frame = unescaped(raw)
    names = {given: name for name, given in mapping.items() if given in frame.columns}
    frame = frame.with_columns(as_sent(frame.schema[given], COLUMNS[name], given) for given, name in names.items())
    mine = repairs.filter(pl.col("row").is_in(raw.rows.implode()))
    for (column,), cells in mine.group_by("column", maintain_order=True):
        given = mapping[str(column)]
        last = cells.group_by("row", maintain_order=True).last()
        new = last["becomes"].replace({"": None})
        frame = frame.with_columns(frame[given].cast(pl.String).scatter(raw.rows.search_sorted(last["row"]), new))
    texts = [mapping[name] for name in sorted(set(repairs["column"])) if name in mapping and mapping[name] in frame.columns]
    frame = frame.with_columns(pl.col(name).cast(pl.String) for name in texts)
    return frame.filter(~raw.rows.is_in(dropped.implode()))


def _ends(repairs: pl.DataFrame) -> pl.DataFrame:
    """Repairs of the places of triggers: with the beginning goes the end."""
    starts = repairs.filter(pl.col("code") == "EC401")
    end = pl.col("becomes").cast(pl.Int64) + pl.col("expected").str.len_chars()
    return pl.concat(
        [repairs, starts.with_columns(pl.lit("end").alias("column"), pl.lit("").alias("found"), end.cast(pl.String).alias("becomes"))]
    )


def _cells(frame: pl.DataFrame) -> Iterator[list[object]]:
    for row in frame.iter_rows():
        yield [escape.cell(value) if isinstance(value, str) else value for value in row]


def _rows_of(file: IO[str], separator: str = ",") -> Callable[[list[object]], object]:
    """What writes a row of CSV; csv leaves a lone carriage return bare, which readers take for the end of a row."""
    plain, quoted = (csv.writer(file, delimiter=separator, lineterminator="\n", quoting=how) for how in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL))

    def write(row: list[object]) -> None:
        (quoted if any("\r" in cell for cell in row if isinstance(cell, str)) else plain).writerow(row)

    return write


@contextmanager
def _csv(path: Path, separator: str) -> Iterator[Callable[[pl.DataFrame], None]]:
    with path.open("w", encoding="utf-8", newline="") as file:
        write_row = _rows_of(file, separator)
        fresh = [True]

        def write(frame: pl.DataFrame) -> None:
            if fresh:
                write_row([escape.cell(name) for name in frame.columns])
                fresh.clear()
            for row in _cells(frame):
                write_row(["" if value is None else value for value in row])

        yield write


@contextmanager
def _jsonl(path: Path) -> Iterator[Callable[[pl.DataFrame], None]]:
    with path.open("w", encoding="utf-8", newline="\n") as file:

        def write(frame: pl.DataFrame) -> None:
            for row in frame.iter_rows(named=True):
                file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")

        yield write


@contextmanager
def _parquet(path: Path) -> Iterator[Callable[[pl.DataFrame], None]]:
    with ExitStack() as stack:
        writers: list[Any] = []

        def write(frame: pl.DataFrame) -> None:
            table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
            if not writers:
                writers.append(stack.enter_context(pq.ParquetWriter(path, table.schema, compression="zstd")))
            writers[0].write_table(table)

        yield write


@contextmanager
def _xlsx(path: Path) -> Iterator[Callable[[pl.DataFrame], None]]:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("contribution")
    fresh = [True]

    def write(frame: pl.DataFrame) -> None:
        if fresh:
            sheet.append([escape.cell(name) for name in frame.columns])
            fresh.clear()
        for row in _cells(frame):
            sheet.append(row)

    yield write
    book.save(path)


def _writer(path: Path, ending: str) -> Any:  # noqa: ANN401 - a context manager of a function
    if ending in {".csv", ".tsv"}:
        return _csv(path, "," if ending == ".csv" else "\t")
    return {".xlsx": _xlsx, ".parquet": _parquet, ".jsonl": _jsonl}[ending](path)


def targets(file: Path) -> tuple[Path, Path]:
    """Where the repaired copy of a file and the log of its repairs go: beside it.

    >>> [path.name for path in targets(Path("events.tab"))]
    ['events.fixed.tsv', 'events.fixes.csv']
    """
    ending = _ENDINGS.get(file.suffix.lower(), ".jsonl")
    return file.with_name(f"{file.stem}.fixed{ending}"), file.with_name(f"{file.stem}.fixes.csv")


def _write(path: Path, log: Path, parts: Iterable[pl.DataFrame], lines: Iterable[tuple[object, ...]]) -> None:
    """Write copy and log: both whole, or neither."""
    beside, log_beside = (each.with_name(f".{each.name}.partial") for each in (path, log))
    try:
        with _writer(beside, path.suffix) as write:
            for frame in parts:
                write(frame)
        with log_beside.open("w", encoding="utf-8", newline="") as file:
            write_row = _rows_of(file)
            write_row([*_LOG])
            for line in lines:
                write_row([escape.cell(value) for value in line])
        log_beside.replace(log)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
        log_beside.unlink(missing_ok=True)


def repair(
    file: Path, against: Against, *, encoding: str | None = None, sheet: str | None = None, each: Callable[[Examined], None] | None = None
) -> Repaired:
    """Write a repaired copy of a contribution beside it, and the log of its repairs, and check the copy.

    Args:
        file: The contribution.
        against: What it is checked against; of the rules asked for only those that repair change the copy.
        encoding: Encoding of a text file, where it is known.
        sheet: The sheet of a spreadsheet that is read.
        each: Called with each batch.

    Raises:
        InputError: There is no such file, or the copy or the log is there already.
    """
    copy, log = targets(file)
    for path in (copy, log):
        if path.exists():
            raise InputError(
                "this file is there already", where=str(path), expected="no file of this name", fix="move it away, or remove it"
            )
    collected = _Collected()

    def take(batch: Examined) -> None:
        collected.take(batch)
        if each:
            each(batch)

    against = replace(against, active=frozenset(against.active) | {code for code in rules() if code.startswith("EC0")})
    before = examine(file, against, limit=None, encoding=encoding, sheet=sheet, each=take, keep=False)
    if not before.readable:
        return Repaired(before, before, copy, log, 0, 0)
    repairs = _ends(collected.table())
    dropped = [p for p in before.problems if p.code == "EC501" and "other cells" not in p.found]
    unread = [p for p in before.problems if p.code.startswith("EC0") and p.row is not None]
    gone = pl.Series([p.row for p in dropped], dtype=pl.UInt32)
    lines = [
        *repairs.select(_LOG).iter_rows(),
        *((p.row, p.line, "", p.code, p.found, "(removed)") for p in dropped),
        *((p.row, p.line, p.column, p.code, p.found, "(left empty)" if p.column else "(left out)") for p in unread),
    ]
    parts = (_applied(raw, repairs, dict(before.mapping), gone) for raw in batches(file, size=BATCH, encoding=encoding, sheet=sheet))
    _write(copy, log, parts, sorted(lines, key=lambda line: (line[0], str(line[2]))))
    after = examine(copy, against, keep=False)
    return Repaired(before, after, copy, log, repairs.height + len(dropped), len(unread))
