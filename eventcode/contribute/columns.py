"""Names of columns as people write them, and the contract's columns that they stand for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from eventcode.contribute.notes import Verdict
from eventcode.model.column import Column, columns
from eventcode.model.tables import Contribution

COLUMNS: Mapping[str, Column] = {column.name: column for column in columns(Contribution)}
"""The columns of a contribution by name."""
_NAMELESS = re.compile(r"\s*|Unnamed: \d+|__index_level_\d+__|_duplicated_\d+|\.\.\.\d+")
"""Names that programs give to a column that has none: pandas, R, readr."""


def plain(name: str) -> str:
    """A name without case, blanks and marks.

    >>> plain("Event Date"), plain("event.date"), plain("EventDate")
    ('eventdate', 'eventdate', 'eventdate')
    """
    return re.sub(r"[\W_]+", "", name).casefold()


@cache
def _known() -> Mapping[str, str]:
    return {plain(alias): column.name for column in COLUMNS.values() for alias in (*column.aliases, column.name)}


def column_of(name: str) -> str | None:
    """The contract's column that a name stands for; None where it stands for none.

    >>> column_of("Actor1Code"), column_of("CAMEO code"), column_of("colour")
    ('actor', 'action', None)
    """
    return _known().get(plain(name))


@dataclass(frozen=True, slots=True)
class Named:
    """Names of a file's columns, matched.

    Attributes:
        mapping: For each column of the contract that the file has, its name there.
        wrong: Column and verdict of each name that was not matched.
    """

    mapping: Mapping[str, str]
    wrong: tuple[tuple[str, str, Verdict], ...]


def _unknown(name: str) -> Verdict:
    near = difflib.get_close_matches(name.casefold(), list(COLUMNS), n=1)
    return Verdict("EC102", "a column of the contract", f"rename it to {near[0]}" if near else "leave it out, or see schema/CODEBOOK.md")


def match(names: Sequence[str]) -> Named:
    """Match the names of a file's columns with those of the contract.

    Case, blanks, dots, hyphens and underscores do not count; other names of a column are those that its declaration lists. Nothing is matched by
    likeness alone: a likely name is proposed.

    >>> match(["Actor", "Event Date", "colour"]).mapping
    {'actor': 'Actor', 'date': 'Event Date'}
    """
    mapping: dict[str, str] = {}
    wrong: list[tuple[str, str, Verdict]] = []
    # A column's own name outranks another name for it: `source` and `article_id` are two columns for one.
    for given in names:
        name = column_of(given)
        if _NAMELESS.fullmatch(given):
            wrong.append(("", given, Verdict("EC104", "a name for each column", "name it, or leave it out: what stands in it is not read")))
        elif name is None:
            wrong.append((given, given, _unknown(given)))
        elif name in mapping:
            both = f"{mapping[name]} and {given}"
            wrong.append((name, both, Verdict("EC103", f"one column for {name}", "leave one of them out")))
        else:
            mapping[name] = given
    return Named(mapping, tuple(wrong))


def missing(mapping: Iterable[str]) -> list[tuple[str, str, Verdict]]:
    """The columns that every contribution must have and this one has not."""
    absent = [name for name in Contribution.must_have if name not in set(mapping)]
    return [
        (name, "no such column", Verdict("EC101", f"a column {name}: {COLUMNS[name].description}", f"add the column {name}"))
        for name in absent
    ]
