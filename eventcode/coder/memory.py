"""What an article has named so far, for words that only refer to it: "the ministry", "both sides", "he"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from eventcode.coder.homes import Named
from eventcode.model import grammar

ARMED = frozenset(("REB", "INS", "UAF", "SEP"))
"""Roles of armed groups: "the militants" may be any of them."""
_NEAR = 6
"""Sentences within which a role alone ("the army") may refer to the only actor with that role."""


def most_named(countries: Iterable[str]) -> str | None:
    """The country that is named three times or more, and in two of three places where any country is.

    >>> most_named(["KEN", "KEN", "SOM", "KEN"])
    'KEN'
    """
    counted = Counter(countries)
    ((country, times),) = counted.most_common(1) or [("", 0)]
    return country if times >= 3 and 3 * times >= 2 * counted.total() else None


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor that a sentence names.

    Attributes:
        code: Its code; empty for a person who is in no list.
        words: The words that name it and its titles, lower case.
        sentence: Number of the sentence, counted from 1.
        is_person: True where it is one person.
        is_subject: True where it is the subject of its clause.
    """

    code: str
    words: frozenset[str]
    sentence: int
    is_person: bool
    is_subject: bool


@dataclass(slots=True)
class Memory:
    """The mentions of an article, in order, as far as it has been read."""

    mentions: list[Mention] = field(default_factory=list)
    pairs: list[tuple[Mention, Mention]] = field(default_factory=list)
    """Those of two countries that were named together, in order."""

    about: str | None = None
    """The country that the article is about, None where it is about none or several."""

    named_countries: Named = field(default_factory=Named)
    """The countries that the whole article names."""

    full: set[str] = field(default_factory=set)
    """Surnames of persons in the lists whom the article names in full."""

    others: set[str] = field(default_factory=set)
    """Surnames that in this article belong to somebody else than the person in the lists."""

    def add(self, mention: Mention) -> None:
        """Note a mention."""
        self.mentions.append(mention)

    def join(self, first: Mention, second: Mention) -> None:
        """Note that two of different countries were named together."""
        if grammar.country(first.code) and grammar.country(second.code) and first.code[:3] != second.code[:3]:
            self.pairs.append((first, second))

    def two(self, sentence: int, *, opposed: bool) -> tuple[Mention, Mention] | None:
        """The two that "both sides" (opposed) or "the two presidents" refers to.

        Sides are the pair named together most often, where no other pair is named more than once. Presidents are that pair too, where the
        sentence or the two before name it, and else the only pair that they name.
        """
        counted = Counter(frozenset(m.code[:3] for m in pair) for pair in self.pairs).most_common(2)
        near = self.pairs if opposed else [pair for pair in self.pairs if sentence - pair[1].sentence <= 2]
        if not near or (opposed and len(counted) > 1 and counted[1][1] > 1):
            return None
        most = next((pair for pair in reversed(near) if {m.code[:3] for m in pair} == counted[0][0]), None)
        alone = len({frozenset(m.code[:3] for m in pair) for pair in near}) == 1
        return most if most and (opposed or alone or counted[0][1] > 1) else near[-1] if alone and len(counted) == 1 else None

    def country(self) -> Mention | None:
        """The country whose actor was subject last."""
        return next((m for m in reversed(self.mentions) if m.is_subject and grammar.country(m.code)), None)

    def only_country(self, sentence: int) -> Mention | None:
        """The country of the sentence before, where that names one country only."""
        near = [m for m in self.mentions if sentence - m.sentence == 1 and grammar.country(m.code)]
        return near[-1] if len({m.code[:3] for m in near}) == 1 else None

    def named(self, word: str) -> Mention | None:
        """The last mention that has a word in its name, such as a surname."""
        return next((m for m in reversed(self.mentions) if word in m.words), None)

    def like(self, noun: str, role: str, sentence: int) -> Mention | None:
        """What "the ministry" or "the army" refers to.

        The last mention that was called so too, else the only one of late with that role; where there are several, none.
        """
        armed = role[-3:] in ARMED
        known = [m for m in self.mentions if m.code.endswith(tuple(ARMED) if armed else role) and not grammar.is_role_only(m.code)]
        called = [m for m in known if noun in m.words]
        if called:
            return called[-1]
        near = [m for m in known if sentence - m.sentence <= _NEAR]
        return near[-1] if len({m.code for m in near}) == 1 else None
