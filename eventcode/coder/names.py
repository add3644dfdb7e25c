"""The lists of actors, ready to be found in a parsed text: names as they are written, agent nouns as lemmas."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from eventcode import resources
from eventcode.coder import lists as reading
from eventcode.coder.actor_rows import Agent, Row
from eventcode.coder.syntax import text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_WORD = re.compile(r"\w+|[^\w\s]")
_SHORT = 3
"""A name of up to this many letters that is known in capitals only ("US_") stands in a text in capitals too: "us" is no country."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name stands for.

    Attributes:
        code: Actor code.
        kind: "country", "adjective", "capital", "metonym", "region", or the list that the name is from ("persons" ...).
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


Groups = tuple[tuple[Entry, ...], ...]
"""What a name stands for, in groups: an entry of a later group counts on days on which none of an earlier one holds."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names that are compared in one way.

    Attributes:
        groups: What they stand for, by their words.
        longest: Most words of a name that begins with a word.
    """

    groups: Mapping[str, Groups]
    longest: Mapping[str, int]

    def at(self, written: list[str], first: int) -> Iterator[tuple[int, str]]:
        """Names that begin at a word: the word after their last, and their key."""
        key = written[first]
        most = self.longest.get(key, 0)
        for last in range(first + 1, min(first + most, len(written)) + 1):
            if last > first + 1:
                key = f"{key} {written[last - 1]}"
            if key in self.groups:
                yield last, key


@dataclass(frozen=True, slots=True)
class Lists:
    """All lists of one run.

    Attributes:
        names: Names as they are written.
        any_case: Names of which only the letters are known, folded: PETRARCH's.
        agents: Agent nouns by lemma: role codes and kind (person, body, force, people, modifier).
        last_words: The words that agent nouns end with.
    """

    names: Names
    any_case: Names
    agents: Mapping[str, tuple[str, str]]
    last_words: frozenset[str]


def _index(groups: Mapping[str, Groups]) -> Names:
    longest: dict[str, int] = {}
    for key in groups:
        first, count = key.split(" ", 1)[0], key.count(" ") + 1
        if count > longest.get(first, 0):
            longest[first] = count
    return Names(groups, longest)


def _by_name(rows: Iterable[Row]) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in rows:
        key = reading.words(row.name)
        entry = Entry(row.code, row.kind, row.valid_from, row.valid_to)
        found[key.casefold() if row.any_case else key].append(entry)
        if key[:1].islower() and not row.any_case:  # "ethnic Armenian forces" at the head of a sentence
            found[key[0].upper() + key[1:]].append(entry)
    return {key: tuple(options) for key, options in found.items()}


def _in_order(options: tuple[Entry, ...], codes: tuple[str, ...]) -> Groups:
    """Entries of a name that clashes, the codes that win first."""
    groups = [tuple(entry for entry in options if entry.code == code) for code in codes]
    groups.append(tuple(entry for entry in options if entry.code not in codes))
    return tuple(group for group in groups if group)


def _nouns(agents: Iterable[Agent]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for agent in agents:
        found.setdefault(agent.noun, (agent.role, agent.kind))
    return found


def _last_words(nouns: Iterable[str]) -> frozenset[str]:
    return frozenset(word for noun in nouns for word in (noun.rsplit(" ", 1)[-1], noun.rsplit("-", 1)[-1]))


@cache
def load(files: tuple[str, ...] = ()) -> Lists:
    """The project's lists, and before them those that a user gives.

    Args:
        files: Paths of lists in our columns or of PETRARCH dictionaries; what they say of a name counts more than what ours say.

    Raises:
        InputError: A file cannot be read, or something in one is wrong; the message names all faults.

    Warns:
        UserWarning: Something was left out: codes of a dictionary that are none of ours, rows whose code is still empty.
    """
    if files:
        ours, own = load(), reading.read_all(tuple(Path(file) for file in files))
        for text in (text for file in own for text in file.warnings):
            warnings.warn(text, stacklevel=2)
        rows = [row for file in own for row in file.rows]
        names = dict(ours.names.groups)
        for key, options in _by_name(row for row in rows if not row.any_case).items():
            names[key] = (options, *names.get(key, ()))
        any_case = {key: (options,) for key, options in _by_name(row for row in rows if row.any_case).items()}
        nouns = {**ours.agents, **_nouns(agent for file in own for agent in file.agents)}
        return Lists(_index(names), _index(any_case), nouns, _last_words(nouns))
    shipped, order = reading.shipped(), reading.clashes()
    found = _by_name(row for file in shipped for row in file.rows)
    groups = {key: _in_order(options, order[key]) if key in order else (options,) for key, options in found.items()}
    nouns = _nouns(agent for file in shipped for agent in file.agents)
    return Lists(_index(groups), _index({}), nouns, _last_words(nouns))


def _valid(groups: Groups, day: date | None) -> Entry:
    """The entry that counts on a day; outside all periods the nearest one, a person then as elite of the same country.

    A name with one code stands for it at any time: its years only decide between codes. Where the day is not known, what holds today or held last counts.
    """
    if day is None:
        last = [max(group, key=lambda e: (e.valid_to or date.max, e.valid_from or date.min)) for group in groups]
        return next((entry for entry in last if entry.valid_to is None), last[0])
    options = [entry for group in groups for entry in group]
    held = next((entry for entry in options if entry.holds(day)), None)
    if held is not None:
        return held
    past = [entry for entry in options if entry.valid_to is not None and entry.valid_to < day]
    nearest = max(past, key=lambda e: e.valid_to or day) if past else min(options, key=lambda e: e.valid_from or day)
    if nearest.kind == "persons":
        return Entry(nearest.code[:3] + ("ELI" if past else ""), nearest.kind)
    return nearest


def _in_context(name: str, written: set[str]) -> Entry | None:
    """What a name stands for beside certain words: Georgia in the United States, Turkey on a plate (nobody, an empty code)."""
    return next((Entry(code, "places") for code, words in reading.contexts().get(name, ()) if words & written), None)


def _is_written_as_name(text: str) -> bool:
    return text.isupper() if len(text) <= _SHORT else text[:1].isupper()


def _candidates(doc: Doc, lists: Lists) -> Iterator[tuple[int, int, Groups]]:
    """Names that stand in a text, with first and last character: all of them, also inside others."""
    text = text_of(doc)
    hits = list(_WORD.finditer(text))
    written = [hit.group() for hit in hits]
    for first in range(len(written)):
        for last, key in lists.names.at(written, first):
            yield hits[first].start(), hits[last - 1].end(), lists.names.groups[key]
    if not lists.any_case.groups:
        return
    folded = [word.casefold() for word in written]
    for first in range(len(folded)):
        for last, key in lists.any_case.at(folded, first):
            start, end = hits[first].start(), hits[last - 1].end()
            if _is_written_as_name(text[start:end]):
                yield start, end, lists.any_case.groups[key]


def find(doc: Doc, lists: Lists | None = None) -> list[tuple[Span, Groups]]:
    """Names in a parsed text, each with all that it may stand for: longest first, without overlaps, in the order of the text; of a country and a longer name that share a word the country.

    A name begins and ends where words of the parse do: "U.S." is none in "U.S.-led".
    """
    from spacy.tokens import Span
    from spacy.util import filter_spans

    starts = {token.idx: token.i for token in doc}
    ends = {token.idx + len(token): token.i + 1 for token in doc}
    found: dict[tuple[int, int], Groups] = {}
    for start, end, groups in _candidates(doc, lists or load()):
        if start in starts and end in ends:
            place = starts[start], ends[end]
            found[place] = (*groups, *found.get(place, ()))
    countries = [place for place, groups in found.items() if groups[0][0].kind == "country"]
    whole = [p for p in found if not any(start < p[0] < end < p[1] for start, end in countries)]  # the army of "South Sudan's army"
    return [(span, found[span.start, span.end]) for span in filter_spans([Span(doc, *place) for place in whole])]


def on_day(found: Iterable[tuple[Span, Groups]], day: date | None) -> list[tuple[Span, Entry]]:
    """What the names of a text stand for on a day; those that stand for nobody beside the words of the text are left out."""
    kept = list(found)
    written = set(_WORD.findall(text_of(kept[0][0].doc))) if kept else set()
    read = [(span, _in_context(span.text, written) or _valid(groups, day)) for span, groups in kept]
    return [(span, entry) for span, entry in read if entry.code]


def names(doc: Doc, day: date | None, lists: Lists | None = None) -> list[tuple[Span, Entry]]:
    """Names in a parsed text, with what they stand for on `day`."""
    return on_day(find(doc, lists), day)


@cache
def recognised() -> frozenset[str]:
    """Codes of the countries on whose recognised territory places lie; those that act as states without being so are not among them."""
    return frozenset(row["code"] for row in resources.rows("countries") if row["kind"] in {"iso", "XKX"} or row["code"] == "XKX")
