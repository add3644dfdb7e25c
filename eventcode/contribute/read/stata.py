"""Stata: typed columns and value labels."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from eventcode.contribute.read.cells import control, swept
from eventcode.contribute.read.parquet import scalars
from eventcode.contribute.read.raw import Fault, Raw, Source, excerpt, numbers
from eventcode.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
_END = b"</stata_dta>"


def stata(source: Source) -> Iterator[Raw]:
    """The rows of a Stata file, in batches; values that have labels are the labels.

    Raises:
        Unreadable: The file is damaged or of a Stata older than 8 (EC002), or has no columns (EC003).
    """
    try:
        _complete(source)
        yield from _batches(source)
    except InputError:
        raise
    except Exception as error:  # pandas fails on damaged files with whatever struct and numpy raise
        what = f"this is a damaged Stata file, or a very old one ({type(error).__name__}: {excerpt(str(error), 80)})"
        raise source.refused("EC002", what, expected="a .dta file of Stata 8 or later", fix="save it anew, or send it again") from error


def _complete(source: Source) -> None:
    """Raise where the last bytes of a file that marks its end are missing."""
    with source.path.open("rb") as file:
        if file.read(11) == b"<stata_dta>":
            file.seek(max(source.path.stat().st_size - 64, 0))
            if _END not in file.read():
                raise ValueError("its end is missing")


def _batches(source: Source) -> Iterator[Raw]:
    count, form = 0, "Stata"
    with contextlib.ExitStack() as stack:
        reader, labelled = stack.enter_context(_opened(source, labels=True)), True
        while True:
            try:
                with _quiet():
                    chunk = reader.read(source.size)
            except StopIteration:
                chunk = None
            except ValueError:
                if not labelled or count:
                    raise
                # Labels that stand for two values cannot be told apart; the values can.
                reader, labelled, form = stack.enter_context(_opened(source, labels=False)), False, "Stata, without its value labels"
                continue
            if chunk is None or (count and not len(chunk)):
                return
            yield _raw(source, chunk, _stored(reader), count, form)
            count += len(chunk)
            if len(chunk) < source.size:
                return


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _opened(source: Source, *, labels: bool) -> Iterator[Any]:
    import pandas as pd

    with _quiet():
        reader = pd.read_stata(source.path, convert_categoricals=labels, convert_missing=False, iterator=True, chunksize=source.size)
    with reader as opened:
        yield opened


def _stored(reader: Any) -> list[str]:  # noqa: ANN401 - a StataReader, which pandas' types do not know whole
    """For each column "whole" where Stata stores whole numbers, "day" where it stores days, else "".

    pandas makes fractions of whole numbers where values are missing, and moments of days.
    """
    kinds = [getattr(kind, "kind", "") for kind in reader._dtyplist]  # noqa: SLF001 - pandas tells it nowhere else
    days = [form.startswith(("%td", "%d", "%-td", "%-d")) for form in reader._fmtlist]  # noqa: SLF001 - as above
    return ["day" if day else "whole" if kind == "i" else "" for kind, day in zip(kinds, days, strict=True)]


def _raw(source: Source, chunk: pd.DataFrame, stored: list[str], before: int, form: str) -> Raw:
    rows = numbers(range(before + 1, before + len(chunk) + 1))
    if not len(chunk.columns):
        raise source.refused("EC003", "the file has no columns", expected="columns and rows", fix="send the file that holds the rows")
    columns, faults = [], []
    for at, name in enumerate(chunk.columns):
        column, wrong = _column(chunk.iloc[:, at], str(name), before, stored=stored[at])
        columns.append(column)
        faults += wrong
    frame, dirty = swept(pl.DataFrame({column.name: column for column in columns}), rows, None)
    return Raw(source.file, frame, rows, None, form, tuple(sorted([*faults, *dirty], key=lambda fault: fault.row or 0)))


def _column(cells: pd.Series, name: str, before: int, *, stored: str) -> tuple[pl.Series, list[Fault]]:
    import pandas as pd

    kind = cells.dtype
    if pd.api.types.is_datetime64_any_dtype(kind):
        day = pl.Series(name, cells.to_numpy().astype("datetime64[ms]"))
        return (day.dt.date() if stored == "day" else scalars(day)), []
    if pd.api.types.is_numeric_dtype(kind):
        column = scalars(pl.Series(name, cells.to_numpy())).fill_nan(None)
        return (column.cast(pl.Int64) if stored == "whole" else column), []
    texts: list[str | None] = []
    faults = []
    for row, cell in enumerate(cells.astype(object), start=before + 1):
        text = None if cell is None or cell is pd.NaT or (isinstance(cell, float) and cell != cell) else _shown(cell)
        if text is not None and not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                faults.append(control(row, None, name, text))
                text = None
        texts.append(text)
    return pl.Series(name, texts, dtype=pl.String), faults


def _shown(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
