"""pandera schemas (eager polars) of the declared tables: vectorised, and proven to accept what the models accept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pandera.polars as pa
import polars as pl

from eventcode.model import grammar
from eventcode.model.column import Column, Table, columns
from eventcode.resources import codes

_TYPES: dict[str, Any] = {"text": pl.String, "date": pl.Date, "integer": pl.Int64, "number": pl.Float64}


def _some(model: type[Table], names: Iterable[str] | None) -> list[Column]:
    """The columns of a table; where names are given, these, in their order."""
    known = {column.name: column for column in columns(model)}
    return [known[name] for name in names] if names is not None else list(known.values())


def polars_schema(model: type[Table], names: Iterable[str] | None = None) -> pl.Schema:
    """Names and polars types of a table's columns, or of some of them; codes are String here, categories only in what is published."""
    return pl.Schema({column.name: _TYPES[column.kind] for column in _some(model, names)})


def frame(model: type[Table], rows: Iterable[Table | Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as a polars frame with the types of `model`; a missing key is a missing value."""
    plain = [row.model_dump() if isinstance(row, Table) else row for row in rows]
    schema = polars_schema(model)
    return pl.DataFrame({name: [row.get(name) for row in plain] for name in schema}, schema=schema)


def constraints(column: Column) -> dict[str, pl.Expr]:
    """The constraints of a column as boolean polars expressions (null where the value is missing), by name."""
    value = pl.col(column.name)
    found: dict[str, pl.Expr] = {}
    if column.kind == "text":
        found["length"] = value.str.len_bytes() > 0
    if column.kind == "number":
        found["finite"] = value.is_finite()
    if column.pattern:
        found["pattern"] = value.str.contains(column.pattern)
    if column.enum:
        found["enum"] = value.is_in(column.enum)
    if column.codelist == "actors":
        found["codelist"] = value.str.contains(grammar.actor_pattern())
    elif column.codelist:
        found["codelist"] = value.is_in(sorted(codes(column.codelist)))
    if column.minimum is not None:
        found["minimum"] = value >= column.minimum
    if column.maximum is not None:
        found["maximum"] = value <= column.maximum
    return found


def _check(name: str, holds: pl.Expr) -> pa.Check:
    def holding(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(holds.fill_null(value=True))

    return pa.Check(holding, name=name, error=name)


@cache
def pandera_schema(model: type[Table], names: tuple[str, ...] | None = None) -> pa.DataFrameSchema:
    """The pandera schema of a table, or of some of its columns: strict about columns, types, missing values, constraints and order rules.

    Validate eager frames only, with `lazy=True` to get all failures at once: on a LazyFrame pandera skips the data checks.
    """
    has = {column.name for column in _some(model, names)}
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(
                _TYPES[column.kind],
                nullable=not column.required,
                checks=[_check(name, holds) for name, holds in constraints(column).items()],
            )
            for column in _some(model, names)
        },
        checks=[
            *(_check(f"order:{low}:{high}", pl.col(low) <= pl.col(high)) for low, high in model.ordered if {low, high} <= has),
            *([_check("either", pl.any_horizontal(pl.col(name).is_not_null() for name in model.either))] if model.either else []),
        ],
        strict=True,
        name=model.table,
    )
