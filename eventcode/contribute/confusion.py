"""What one coder says against what another says of the same reports, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

from eventcode import resources
from eventcode.codebook import actors
from eventcode.codebook.actions import actions

_QUAD = {"1": "verbal cooperation", "2": "material cooperation", "3": "verbal conflict", "4": "material conflict"}


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often one coder says the first of two values where another says the second: of a column, by coders, values and their names."""

    column: str
    coders: tuple[str, str]
    said: tuple[str, str]
    names: tuple[str, str]
    units: int


@cache
def _roles() -> Mapping[str, str]:
    return {row["code"]: row["name"].lower() for row in resources.rows("roles")}


def named(column: str, value: str) -> str:
    """Name of a code in a column; empty where the value is none, or says what it means.

    >>> named("root", "19"), named("actor", "AZEMIL"), named("country", "ARM"), named("actor_roles", "GOV MIL"), named("status", "claimed")
    ('fight', 'Azerbaijan: military', 'Armenia', 'government, military', '')
    """
    if column in {"root", "action_3_digits", "action"} and value in actions():
        name = actions()[value].name
        return name.lower() if name.isupper() else name
    if column == "quad_class":
        return _QUAD.get(value, "")
    if column in {"actor", "target", "attributed_to"} and value.isupper():
        return actors.name(value)
    if column in {"actor_country", "target_country", "country"} and value in actors.countries():
        return actors.countries()[value]["name"]
    if column == "actor_roles":
        return ", ".join(_roles()[part] for part in value.split() if part in _roles())
    return ""


def confusions(column: str, coders: Sequence[str], said: Sequence[Sequence[Any]]) -> tuple[Confusion, ...]:
    """All pairs of values that two coders say of the same units, also of the same value; of two coders the most frequent first.

    Args:
        column: The column.
        coders: Names of the coders.
        said: For each unit what each coder says, None where nothing.

    >>> [(each.said, each.units) for each in confusions("root", ["anna", "ben"], [("19", "18"), ("19", "18"), ("04", "04"), ("04", None)])]
    [(('19', '18'), 2), (('04', '04'), 1)]
    """
    made = []
    for i, j in combinations(range(len(coders)), 2):
        counts = Counter((str(unit[i]), str(unit[j])) for unit in said if unit[i] is not None and unit[j] is not None)
        for (a, b), number in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
            made.append(Confusion(column, (coders[i], coders[j]), (a, b), (named(column, a), named(column, b)), number))
    return tuple(made)
