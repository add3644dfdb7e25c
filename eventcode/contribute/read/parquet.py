"""Parquet: typed columns, read by record batches.

pyarrow decodes them: a damaged file makes it raise, where polars stops the whole process.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
import pyarrow as pa

from eventcode.contribute.read.cells import control, swept
from eventcode.contribute.read.header import twice
from eventcode.contribute.read.json_text import nested
from eventcode.contribute.read.raw import Fault, Raw, Source, excerpt, numbers
from eventcode.errors import InputError

_FIRST, _LAST = pl.date(1, 1, 1), pl.date(9999, 12, 31)


def parquet(source: Source) -> Iterator[Raw]:
    """The rows of a Parquet file, in batches.

    Raises:
        Unreadable: The file is damaged (EC002), has no columns (EC003), or names one twice (EC019).
    """
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(source.path, memory_map=False) as file:
            names = list(file.schema_arrow.names)
            _named(source, names)
            empty = pa.RecordBatch.from_pylist([], schema=file.schema_arrow)
            yield from _batches(source, names, file.iter_batches(batch_size=source.size), empty)
    except InputError:
        raise
    except Exception as error:  # pyarrow fails on damaged files with whatever its decoders raise
        what = f"this is a damaged Parquet file ({type(error).__name__}: {excerpt(str(error), 80)})"
        raise source.refused("EC002", what, expected="Parquet", fix="write the file anew, or send it again") from error


def _named(source: Source, names: list[str]) -> None:
    if not names:
        raise source.refused("EC003", "the file has no columns", expected="columns and rows", fix="send the file that holds the rows")
    for name in names:
        if names.count(name) > 1:
            raise twice(source, name)


def _batches(source: Source, names: list[str], batches: Iterator[pa.RecordBatch], empty: pa.RecordBatch) -> Iterator[Raw]:
    count = 0
    for batch in batches:
        if batch.num_rows:
            yield _raw(source, names, batch, count)
            count += batch.num_rows
    if not count:
        yield _raw(source, names, empty, 0)


def _raw(source: Source, names: list[str], batch: pa.RecordBatch, before: int) -> Raw:
    rows = numbers(range(before + 1, before + batch.num_rows + 1))
    columns, faults = [], []
    for name, array in zip(names, batch.columns, strict=True):
        column, wrong = _column(name, array, before)
        columns.append(column)
        faults += wrong
    frame, dirty = swept(pl.DataFrame({column.name: column for column in columns}), rows, None)
    told = sorted([*faults, *dirty], key=lambda fault: fault.row or 0)
    return Raw(source.file, frame, rows, None, "Parquet", tuple(told))


def _column(name: str, array: Any, before: int) -> tuple[pl.Series, list[Fault]]:  # noqa: ANN401 - pyarrow has no types
    """A column as Date, Int64, Float64 or String, and the faults of its cells."""
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_nested(kind):
        faults = [nested(row, None, name, cell) for row, cell in enumerate(array.to_pylist(), start=before + 1) if cell is not None]
        return pl.Series(name, [None] * len(array), dtype=pl.String), faults
    if _is_text(kind):
        return _text(name, array, before)
    return scalars(pl.Series(name, pl.from_arrow(array))), []


def _is_text(kind: Any) -> bool:  # noqa: ANN401 - as above
    types = pa.types
    text = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
    binary = types.is_binary(kind) or types.is_large_binary(kind) or types.is_binary_view(kind) or types.is_fixed_size_binary(kind)
    return bool(text or binary)


def _text(name: str, array: Any, before: int) -> tuple[pl.Series, list[Fault]]:  # noqa: ANN401 - as above
    """A column of text; bytes that are not UTF-8 are no text."""
    try:
        array.validate(full=True)
        return pl.Series(name, pl.from_arrow(array.cast(pa.large_string()))), []
    except pa.ArrowInvalid:
        cells, faults = [], []
        for row, cell in enumerate(array.cast(pa.large_binary()).to_pylist(), start=before + 1):
            try:
                cells.append(None if cell is None else cell.decode("utf-8"))
            except UnicodeDecodeError:
                cells.append(None)
                faults.append(control(row, None, name, cell.decode("utf-8", "backslashreplace")))
        return pl.Series(name, cells, dtype=pl.String), faults


def scalars(column: pl.Series) -> pl.Series:
    """A column as Date, Int64, Float64 or String; a moment at midnight is its day.

    >>> scalars(pl.Series([True, None])).to_list(), scalars(pl.Series([0.1], dtype=pl.Float32)).to_list()
    (['true', None], [0.1])
    """
    kind, value = column.dtype, pl.lit(column)
    if kind == pl.Float32:  # 0.8 as a number of four bytes is 0.800000012; its shortest text is 0.8
        value = value.cast(pl.String).cast(pl.Float64)
    elif kind.is_integer() and kind != pl.UInt64 and kind not in (pl.Int128, pl.UInt128):
        value = value.cast(pl.Int64)
    elif kind.is_float():
        value = value.cast(pl.Float64)
    elif isinstance(kind, pl.Datetime):
        moment = value.dt.replace_time_zone(None)
        midnight = moment.dt.time() == pl.time(0, 0, 0)
        value = pl.when(midnight).then(moment.dt.strftime("%Y-%m-%d")).otherwise(moment.dt.strftime("%Y-%m-%d %H:%M:%S%.f"))
    elif kind == pl.Date:
        beyond = pl.select(((value < _FIRST) | (value > _LAST)).any()).item()
        value = value.cast(pl.String) if beyond else value
    elif isinstance(kind, pl.Duration):
        value = value.dt.to_string("polars")
    else:
        value = value.cast(pl.String)
    return pl.select(value.alias(column.name)).to_series()
