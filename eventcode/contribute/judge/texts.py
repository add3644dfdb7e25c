"""Texts that do not have the form of their column, or are none of its few values."""

from __future__ import annotations

import difflib
import hashlib
import re

from eventcode.contribute.columns import plain
from eventcode.contribute.judge import codes
from eventcode.contribute.notes import Verdict
from eventcode.model.column import Column

_LINK = re.compile(r"https?://[^\s/?#]+\.[^\s]+", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(?P<doi>10\.\d{4,9}/\S+)", re.IGNORECASE)
_RESOLVER = re.compile(r"https?://(?:dx\.)?doi\.org(?:/.*)?", re.IGNORECASE)
_LINK_LIKE = re.compile(
    r"(?:https?|ftp|htp|htps|www)[:./].*|doi[:\s].*|10\.\d+.*|.*://.*|\S+\.(?:com|org|net)/\S*", re.IGNORECASE | re.DOTALL
)


def link_of(source: str) -> str | None:
    """The link that a source's text is: of a DOI, whose capitals do not count, that of its resolver; None where it is neither.

    >>> link_of("doi:10.1234/ABC"), link_of("https://example.org/a"), link_of("article-1")
    ('https://doi.org/10.1234/abc', 'https://example.org/a', None)
    """
    if doi := _DOI.fullmatch(source):
        return f"https://doi.org/{doi['doi'].lower()}"
    return source if _LINK.fullmatch(source) and not _RESOLVER.fullmatch(source) else None


def id_of(link: str) -> str:
    """The id of an article that is known by its link alone: the same for the same link.

    >>> id_of("https://example.org/a")
    'link-b5b10dd0429e69ac'
    """
    return f"link-{hashlib.sha256(link.encode()).hexdigest()[:16]}"


def listed(column: Column, found: str) -> Verdict:
    """Why a text is none of the few values of a column.

    >>> from eventcode.contribute.columns import COLUMNS
    >>> listed(COLUMNS["status"], "Claimed").becomes, listed(COLUMNS["status"], "claimd").fix
    ('claimed', 'did you mean claimed?')
    """
    expected = f"one of {', '.join(column.enum)}"
    same = [value for value in column.enum if plain(value) == plain(found)]
    if len(same) == 1:
        return Verdict("EC212", same[0], f"write {same[0]}", same[0])
    near = difflib.get_close_matches(found.casefold(), column.enum, n=1, cutoff=0.75)
    return Verdict("EC208", expected, f"did you mean {near[0]}?" if near else "take the one that says what is meant")


def formed(column: Column, found: str) -> Verdict:
    """Why a text does not have the form that its column's pattern demands."""
    if column.name == "source" and _LINK_LIKE.fullmatch(found):
        return Verdict("EC230", "a link that begins with https://, a DOI that begins with 10., or an article's id", "mend the link")
    if column.name == "coder" and re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]*", found):
        return Verdict("EC207", column.description, f"write person:{found}, model:{found} or program:{found}")
    return Verdict("EC207", f"{column.description} For example {column.example}", "mend the value")


def judge(column: Column, found: str) -> Verdict:
    """Why a text that breaks a column's constraints is no value of it."""
    if column.codelist == "actions":
        return codes.action(found)
    if column.codelist == "countries":
        return codes.country(found)
    if column.codelist == "actors":
        return codes.actor(found)
    return listed(column, found) if column.enum else formed(column, found)
