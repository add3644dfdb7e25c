"""Names and facts of actor codes, composed from the codelists of their parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from eventcode import resources
from eventcode.errors import UnknownCodeError
from eventcode.model import grammar


@cache
def _names(codelist: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for row in resources.rows(codelist):
        found.setdefault(row["code"], row["name"])
    return found


@cache
def countries() -> Mapping[str, Mapping[str, str]]:
    """Rows of the country list by code: names, years, ISO, COW and Gleditsch-Ward numbers."""
    return {row["code"]: row for row in resources.rows("countries")}


def _part(chunk: str, *, first: bool) -> str:
    order = ("countries", "regions", "roles", "groups") if first else ("roles", "groups", "regions", "countries")
    return next(_names(codelist)[chunk] for codelist in order if chunk in _names(codelist))


def name(code: str) -> str:
    """Name of an actor code, from its parts.

    Raises:
        UnknownCodeError: The code is not well formed.

    >>> name("AZE")
    'Azerbaijan'
    """
    if not grammar.is_actor(code):
        raise UnknownCodeError(f"no such actor: {code!r}", expected="three-letter parts in the order of schema/roles.csv, such as AZEMIL")
    first, *rest = grammar.chunks(code)
    parts = [_part(chunk, first=False) for chunk in rest]
    return _part(first, first=True) + (f": {', '.join(part.lower() if part.istitle() else part for part in parts)}" if parts else "")


def roles(code: str) -> list[str]:
    """The role codes in an actor code.

    >>> roles("USAGOVMIL")
    ['GOV', 'MIL']
    """
    return [chunk for chunk in grammar.chunks(code) if chunk in grammar.roles() and (chunk not in countries() or chunk != code[:3])]


def search(words: str) -> Iterator[tuple[str, str, str]]:
    """Codelist, code and name of all entries that hold the words, in codes, names and other names, without regard to case."""
    wanted = words.casefold()
    for codelist in ("actions", "countries", "regions", "roles", "groups"):
        for row in resources.rows(codelist):
            searched = [
                row[k]
                for k in ("code", "name", "definition", "adjectives", "aliases", "capital", "capital_aliases", "metonyms")
                if row.get(k)
            ]
            if wanted in " | ".join(searched).casefold():
                yield codelist, row["code"], row["name"]
