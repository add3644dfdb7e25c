"""The actor lists of `schema/`, ready to be found in a parsed text: names as they are written, agent nouns as lemmas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from eventcode import resources
from eventcode.coder.nlp import pipeline

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc, Span, Token

LISTS = ("persons", "organizations", "groups", "bodies", "places")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name stands for.

    Attributes:
        code: Actor code.
        kind: "country", "adjective", "capital", "region", or the list that the name is from ("persons" ...).
        valid_from: First day on which the name has this code; None where open.
        valid_to: Last day; None where open.
    """

    code: str
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """True where the entry is valid on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


def _country_names() -> Iterator[tuple[str, Entry]]:
    for row in resources.rows("countries"):
        days = _day(row["valid_from"]) if row["kind"] != "iso" else None, _day(row["valid_to"])
        names = {"country": [row["name"], *_split(row["aliases"]), *_split(row["metonyms"])], "adjective": _split(row["adjectives"])}
        names["capital"] = [*_split(row["capital"]), *_split(row["capital_aliases"])]
        for kind, written in names.items():
            for name in written:
                if not name.startswith("~"):
                    yield name, Entry(row["code"], kind, *days)
    for row in resources.rows("regions"):
        for name in [row["name"], *_split(row["aliases"]), *_split(row["adjectives"])]:
            yield name, Entry(row["code"], "region")


@cache
def entries() -> Mapping[str, tuple[Entry, ...]]:
    """All names and what they stand for; a name may stand for several things at different times."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for name, entry in _country_names():
        found[name].append(entry)
    for kind in LISTS:
        for row in resources.rows(f"actors/{kind}"):
            entry = Entry(row["code"], kind, _day(row["valid_from"]), _day(row["valid_to"]))
            for name in [row["name"], *_split(row["aliases"])]:
                found[name].append(entry)
    return {name: tuple(options) for name, options in found.items()}


@cache
def agents() -> Mapping[str, tuple[str, str]]:
    """Agent nouns by lemma: role codes and kind (person, body, force, people, modifier)."""
    return {row["noun"]: (row["role"], row["kind"]) for row in resources.rows("actors/agents")}


@cache
def last_words() -> frozenset[str]:
    """The words that agent nouns end with."""
    return frozenset(word for noun in agents() for word in (noun.rsplit(" ", 1)[-1], noun.rsplit("-", 1)[-1]))


def _key(tokens: Iterable[Token]) -> str:
    return " ".join(token.text for token in tokens)


@cache
def _matcher() -> tuple[PhraseMatcher, Mapping[str, tuple[Entry, ...]]]:
    """A matcher for all names, and what they stand for by their tokens: "St.Petersburg" and "St. Petersburg" are the same ones."""
    from spacy.matcher import PhraseMatcher

    nlp = pipeline()
    matcher = PhraseMatcher(nlp.vocab, attr="ORTH")
    by_tokens: dict[str, tuple[Entry, ...]] = {}
    for name, options in entries().items():
        doc = nlp.make_doc(name)
        matcher.add("name", [doc])
        by_tokens[_key(doc)] = by_tokens.get(_key(doc), ()) + options
    return matcher, by_tokens


def _valid(options: tuple[Entry, ...], day: date | None) -> Entry:
    """The entry that counts on a day; outside all periods the nearest one, a person then as elite of the same country.

    A name with one code stands for it at any time: its years only decide between codes.
    """
    if day is None:
        return options[-1]
    held = [entry for entry in options if entry.holds(day)]
    if held:
        return held[0]
    past = [entry for entry in options if entry.valid_to is not None and entry.valid_to < day]
    nearest = max(past, key=lambda e: e.valid_to or day) if past else min(options, key=lambda e: e.valid_from or day)
    if nearest.kind == "persons":
        return Entry(nearest.code[:3] + ("ELI" if past else ""), nearest.kind)
    return nearest


def names(doc: Doc, day: date | None) -> list[tuple[Span, Entry]]:
    """Names in a parsed text, with what they stand for on `day`: longest first, without overlaps, in the order of the text."""
    from spacy.util import filter_spans

    matcher, by_tokens = _matcher()
    return [(span, _valid(by_tokens[_key(span)], day)) for span in filter_spans(matcher(doc, as_spans=True))]
