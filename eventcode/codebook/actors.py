"""Names and facts of actor codes, composed from the codelists of their parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from eventcode import resources
from eventcode.errors import UnknownCodeError
from eventcode.model import grammar

_ORGANIZATIONS = frozenset({"AMN", "GRP", "IRC", "UNO"})
"""Roles that are names of organizations, and keep their capitals."""

_FIRST = ("countries", "regions", "roles")
_IN_A_COUNTRY = ("roles", "group", "religion", "ethnic", "regions", "countries")
_ELSEWHERE = ("roles", "group", "regions", "countries", "religion", "ethnic")
"""Where a part is looked up, in order: many codes stand in two lists. EUR is a people within a country, and else a region;
MOS is Muslim rather than Mossi, CHR Christian rather than Cherokee."""


@cache
def _names(codelist: str) -> Mapping[str, str]:
    """Names by code of a codelist, or of one kind of groups."""
    if codelist in {"group", "religion", "ethnic"}:
        return {row["code"]: row["name"] for row in resources.rows("groups") if row["kind"] == codelist}
    return {row["code"]: row["name"] for row in resources.rows(codelist)}


@cache
def countries() -> Mapping[str, Mapping[str, str]]:
    """Rows of the country list by code: names, years, ISO, COW and Gleditsch-Ward numbers."""
    return {row["code"]: row for row in resources.rows("countries")}


def _part(chunk: str, order: tuple[str, ...]) -> str:
    codelist = next(codelist for codelist in order if chunk in _names(codelist))
    found = _names(codelist)[chunk]
    return found[0].lower() + found[1:] if codelist == "roles" and order is not _FIRST and chunk not in _ORGANIZATIONS else found


def name(code: str) -> str:
    """Name of an actor code, from its parts.

    Raises:
        UnknownCodeError: The code is not well formed.

    >>> name("AZEMIL"), name("IRQKURREB")
    ('Azerbaijan: military', 'Iraq: Kurd, rebels')
    """
    if not grammar.is_actor(code):
        raise UnknownCodeError(f"no such actor: {code!r}", expected="three-letter parts in the order of schema/roles.csv, such as AZEMIL")
    first, *rest = grammar.chunks(code)
    order = _IN_A_COUNTRY if grammar.country(code) else _ELSEWHERE
    return ": ".join(filter(None, [_part(first, _FIRST), ", ".join(_part(chunk, order) for chunk in rest)]))


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
