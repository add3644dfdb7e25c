"""Arrow schema and tables of a declared table, in the types that every Parquet reader knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
import pyarrow as pa

from eventcode.model.column import Column, Table, columns

_TYPES = {"text": pa.string(), "date": pa.date32(), "integer": pa.int64(), "number": pa.float64()}


def arrow_type(column: Column) -> pa.DataType:
    """Arrow type of a column: dictionary-encoded text for codes, else string, date32, int64 or float64.

    >>> from eventcode.model.tables import Event
    >>> [str(arrow_type(c)) for c in columns(Event)[:1] + columns(Event)[4:5]]
    ['string', 'date32[day]']
    """
    plain = _TYPES[column.kind]
    return pa.dictionary(pa.int32(), plain) if column.categorical and column.kind == "text" else plain


def arrow_schema(model: type[Table]) -> pa.Schema:
    """Arrow schema of a table; each field carries its description, and its unit and codelist where it has them."""
    fields = []
    for column in columns(model):
        metadata = {"description": column.description, "missing": column.missing, "unit": column.unit, "codelist": column.codelist}
        fields.append(
            pa.field(
                column.name,
                arrow_type(column),
                nullable=not column.required,
                metadata={key: value for key, value in metadata.items() if value},
            )
        )
    return pa.schema(fields, metadata={"table": model.table, "description": (model.__doc__ or "").strip()})


def arrow_table(model: type[Table], rows: Iterable[Table | Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table with the schema of `model`.

    Args:
        model: The table's declaration.
        rows: Models or mappings; a missing key is a missing value.

    Raises:
        pyarrow.ArrowInvalid: A value does not have the column's type.
    """
    plain = [row.model_dump() if isinstance(row, Table) else row for row in rows]
    schema = arrow_schema(model)
    arrays = []
    for field in schema:
        values = [row.get(field.name) for row in plain]
        value_type = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        array = pa.array(values, type=value_type)
        arrays.append(array.dictionary_encode() if pa.types.is_dictionary(field.type) else array)
    return pa.Table.from_arrays(arrays, schema=schema)


def arrow_frame(model: type[Table], rows: pl.DataFrame) -> pa.Table:
    """A frame as an Arrow table with the schema of `model`: the same table that `arrow_table` makes of the same rows.

    Args:
        model: The table's declaration.
        rows: The rows, with all its columns.

    Raises:
        pyarrow.ArrowInvalid: A value does not have the column's type.
    """
    return shaped(rows.to_arrow(compat_level=pl.CompatLevel.oldest()), arrow_schema(model))


def shaped(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A table with the columns, types and descriptions of a schema, each column in one piece."""
    arrays = []
    for field in schema:
        encoded = pa.types.is_dictionary(field.type)
        chunks = table.column(field.name).cast(field.type.value_type if encoded else field.type)
        whole = chunks.combine_chunks() if chunks.num_chunks else pa.array([], type=chunks.type)
        array = pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
        arrays.append(array.dictionary_encode() if encoded else array)
    return pa.Table.from_arrays(arrays, schema=schema)
