"""Checksums of what a table says, whatever wrote it: they do not depend on writer, compression, row groups, chunks or dictionaries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

VERSION = 2
"""Version of the way in which a table's values are put into bytes; releases up to 1.0.0 have the first."""


def _plain(column: pa.ChunkedArray) -> Any:  # noqa: ANN401 - pyarrow has no types
    """A column as text, days, whole numbers or numbers, in one piece.

    Raises:
        TypeError: It holds something else.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_timestamp(kind):  # pandas keeps days as moments
        days = column.cast(pa.date32(), safe=False)
        if kind.tz is not None or not pc.all(pc.equal(days.cast(kind), column), min_count=0).as_py():
            raise TypeError("a column of moments within days has no checksum of its content")
        column, kind = days, pa.date32()
    if pa.types.is_null(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        wanted = pa.large_string()
    elif pa.types.is_date(kind):
        wanted = pa.date32()
    elif pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        wanted = pa.int64()
    elif pa.types.is_floating(kind):
        wanted = pa.float64()
    else:
        raise TypeError(f"a column of {kind} has no checksum of its content")
    return pa.chunked_array(column.chunks, type=column.type).cast(wanted).combine_chunks()


def _numbers(array: Any, kind: Any) -> bytes:  # noqa: ANN401 - as above
    return np.ascontiguousarray(array.cast(kind).to_numpy(zero_copy_only=False)).tobytes()


def _parts(array: Any) -> Iterator[bytes]:  # noqa: ANN401 - as above
    """The bytes of a column: which cells have a value, then the values, an empty one where there is none."""
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], type=array.type)
    yield _numbers(pc.is_valid(array), pa.uint8())
    if pa.types.is_large_string(array.type):
        filled = pc.fill_null(array, "")
        yield _numbers(pc.binary_length(filled), pa.int64())
        _, offsets, data = filled.buffers()
        if len(filled) and data is not None:
            ends = np.frombuffer(offsets, dtype=np.int64)
            yield memoryview(data)[ends[filled.offset] : ends[filled.offset + len(filled)]].tobytes()
    elif pa.types.is_date32(array.type):
        yield _numbers(pc.fill_null(array.cast(pa.int32()), 0), pa.int32())
    else:
        yield _numbers(pc.fill_null(array, 0), array.type)


def content_sha256(table: pa.Table) -> str:
    """Checksum of a table's columns, their names, kinds and values, in their order.

    Raises:
        TypeError: A column is none of text, days, numbers and whole numbers.

    >>> one = pa.table({"x": pa.array(["1", None]).dictionary_encode()})
    >>> other = pa.table({"x": pa.chunked_array([["1"], [None]], pa.string())})
    >>> content_sha256(one) == content_sha256(other), content_sha256(one) == content_sha256(one.slice(1))
    (True, False)
    """
    digest = hashlib.sha256(f"{VERSION}\x1d{table.num_rows}\x1d".encode())
    for name in table.column_names:
        array = _plain(table.column(name))
        digest.update(f"\x1d{name}\x1d{array.type}\x1d".encode())
        for part in _parts(array):
            digest.update(part)
    return digest.hexdigest()


def first_content_sha256(table: pa.Table) -> str:
    """The checksum as releases up to 1.0.0 have it: each value as Python shows it."""
    digest = hashlib.sha256()
    for name in table.column_names:
        digest.update(f"{name}\x1d".encode())
        for value in table.column(name).to_pylist():
            digest.update(b"\x1e" if value is None else f"{value!r}\x1f".encode())
    return digest.hexdigest()
