"""A column is declared once, as a pydantic field; everything else that needs to know about it asks here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, model_validator

from eventcode.model import grammar
from eventcode.resources import codes, rows

Kind = Literal["text", "date", "integer", "number"]
_KINDS: dict[type, Kind] = {str: "text", date: "date", int: "integer", float: "number"}
_TOLD = {(row["table"], row["column"]): row for row in rows("columns")}
"""What is told of columns beside their declaration, by table and column."""


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of one column of a table.

    Attributes:
        name: Name of the column.
        kind: "text", "date", "integer" or "number".
        required: True where a value must stand in every row.
        description: What the value means.
        missing: What it means that nothing stands there; empty for required columns.
        unit: Unit of a number; empty where it has none.
        codelist: Name of the codelist that a code must be in: "actions", "actors" or "countries".
        pattern: Regular expression that the whole text matches.
        enum: Allowed values, where they are few.
        minimum: Smallest allowed value, inclusive.
        maximum: Largest allowed value, inclusive.
        example: A valid value.
        categorical: True where values repeat, so that readers get a category or factor.
        aliases: Other names under which contributors may send the column.
        since: First release of the data that has the column; empty where none is told.
        not_meant: What the value is easily taken for and does not mean; empty where nothing is told.
    """

    name: str
    kind: Kind
    required: bool
    description: str
    missing: str
    unit: str
    codelist: str
    pattern: str
    enum: tuple[str, ...]
    minimum: float | date | None
    maximum: float | date | None
    example: Any
    categorical: bool
    aliases: tuple[str, ...]
    since: str = ""
    not_meant: str = ""

    def fault(self, value: object) -> str:
        """Name of the constraint that `value` breaks; empty where it breaks none. `value` has the column's own type."""
        if isinstance(value, str):
            if not value:
                return "length"
            if self.enum and value not in self.enum:
                return "enum"
            return "codelist" if self.codelist and not in_codelist(self.codelist, value) else ""
        if isinstance(value, float) and not math.isfinite(value):
            return "finite"
        return ""


def in_codelist(codelist: str, code: str) -> bool:
    """True where `code` is in the codelist.

    >>> in_codelist("actions", "190"), in_codelist("actors", "AZEMIL"), in_codelist("actors", "azemil")
    (True, True, False)
    """
    return grammar.is_actor(code) if codelist == "actors" else code in codes(codelist)


def column(
    description: str,
    *,
    example: Any,  # noqa: ANN401 - a column of any type
    missing: str = "",
    unit: str = "",
    codelist: str = "",
    pattern: str = "",
    enum: tuple[str, ...] = (),
    minimum: float | date | None = None,
    maximum: float | date | None = None,
    categorical: bool = False,
    aliases: tuple[str, ...] = (),
) -> Any:  # noqa: ANN401 - stands where pydantic's Field stands, which is Any too
    """Declare a column: a pydantic field with all that the contract derives from it.

    A column with `missing` (what an empty cell means) is optional, any other is required.
    """
    extra = {
        "missing": missing,
        "unit": unit,
        "codelist": codelist,
        "enum": enum,
        "categorical": categorical or bool(codelist or enum),
        "aliases": aliases,
    }
    bounds: dict[str, Any] = {"ge": minimum, "le": maximum, "pattern": f"^(?:{pattern})$" if pattern else None}
    default: Any = None if missing else ...
    return Field(
        default,
        description=description,
        examples=[example],
        json_schema_extra={"eventcode": extra},  # type: ignore[dict-item]
        **{name: value for name, value in bounds.items() if value is not None},
    )


class Table(BaseModel):
    """A row of a table. Subclasses declare the columns; their docstring says what one row is."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    table: ClassVar[str] = ""
    key: ClassVar[tuple[str, ...]] = ()
    sort: ClassVar[tuple[str, ...]] = ()
    ordered: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Pairs of columns of which the first may not be greater than the second, where both have a value."""
    either: ClassVar[tuple[str, ...]] = ()
    """Columns of which at least one has a value."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        for spec in columns(type(self)):
            value = getattr(self, spec.name)
            fault = spec.fault(value)
            if fault:
                raise ValueError(f"{spec.name}: {value!r} breaks '{fault}'")
        if self.either and all(getattr(self, name) is None for name in self.either):
            raise ValueError(f"none of {', '.join(self.either)} has a value")
        for low, high in self.ordered:
            a, b = getattr(self, low), getattr(self, high)
            if a is not None and b is not None and a > b:
                raise ValueError(f"{low} {a} is greater than {high} {b}")
        return self


def _kind(annotation: Any) -> Kind:  # noqa: ANN401 - an annotation is any object
    options = [a for a in get_args(annotation) if a is not type(None)] if get_origin(annotation) is not None else [annotation]
    return _KINDS[options[0]]


def _bound(metadata: list[Any], name: str) -> Any:  # noqa: ANN401 - a number or a date
    return next((getattr(m, name) for m in metadata if getattr(m, name, None) is not None), None)


@cache
def columns(model: type[Table]) -> tuple[Column, ...]:
    """The columns of a table, in order, with what `schema/columns.csv` tells of them.

    >>> from eventcode.model.tables import Event
    >>> [c.name for c in columns(Event)][:6]
    ['event_id', 'actor', 'action', 'target', 'date', 'source']
    >>> {c.name: c.since for c in columns(Event)}["denied_by"]
    '1.0.0'
    """
    found = []
    for name, info in model.model_fields.items():
        extra: Any = (info.json_schema_extra or {})["eventcode"]  # type: ignore[index]
        told = _TOLD.get((model.table, name), {})
        pattern = next((p for m in info.metadata if (p := getattr(m, "pattern", None))), "")
        found.append(
            Column(
                name=name,
                kind=_kind(info.annotation),
                required=info.is_required(),
                description=info.description or "",
                pattern=pattern,
                minimum=_bound(info.metadata, "ge"),
                maximum=_bound(info.metadata, "le"),
                example=(info.examples or [None])[0],
                since=told.get("since", ""),
                not_meant=told.get("not", ""),
                **extra,
            )
        )
    return tuple(found)
