"""The pattern lexicon: which words, with which words around them, report which action.

One file a root in `schema/lexicon/`; the notation is described in `docs/lexicon.md`.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from eventcode import resources
from eventcode.coder.syntax import children, is_negated, walk
from eventcode.errors import InputError

if TYPE_CHECKING:
    from spacy.tokens import Token

Path = tuple[str, ...]
POS = {"VERB": "V", "AUX": "V", "NOUN": "N", "PROPN": "N", "ADJ": "A"}
SEGMENT = re.compile(r"subj|obj|iobj|comp|aux|prt|mod|attr|head|prep:(?:[a-z]+|\*)")


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold around a trigger: `path=words`, `path=*`, `-path`, `-path=words` or `neg=yes`."""

    path: Path
    words: frozenset[str] | None
    absent: bool

    def holds(self, trigger: Token, walked: dict[Path, list[Token]] | None = None) -> bool:
        """True where the condition holds at `trigger`; `walked` keeps where paths from it lead, for the patterns that ask next."""
        if self.path == ("neg",):
            return is_negated(trigger)
        found = walked.get(self.path) if walked is not None else None
        if found is None:
            found = walk(trigger, self.path)
            if walked is not None:
                walked[self.path] = found
        if self.words is not None:
            found = [t for t in found if t.lemma_.lower() in self.words or t.lower_ in self.words]
        return bool(found) != self.absent


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row of the lexicon.

    Attributes:
        code: CAMEO code.
        trigger: Lemma of the word that carries the action.
        pos: "V", "N" or "A".
        conditions: All must hold.
        source: Paths at which the actor is looked for; empty for the usual places.
        target: Paths at which the target is looked for; empty for the usual places.
        both: True where CAMEO codes the event in both directions.
        rule: The row in one line, as reports name it.
    """

    code: str
    trigger: str
    pos: str
    conditions: tuple[Condition, ...]
    source: tuple[Path, ...]
    target: tuple[Path, ...]
    both: bool
    rule: str

    @property
    def is_negative(self) -> bool:
        """True where the act is that something is not done ("did not comply")."""
        return any(condition.path == ("neg",) for condition in self.conditions)

    def rank(self) -> tuple[int, int]:
        """More conditions win, then the longer code."""
        return len(self.conditions), len(self.code)


def _path(text: str) -> Path:
    parts = tuple(text.split("."))
    wrong = [part for part in parts if not SEGMENT.fullmatch(part)]
    if wrong and parts != ("neg",):
        raise ValueError(f"no such place in a sentence: {wrong[0]!r}")
    return parts


def _words(text: str, sets: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    if text == "*":
        return None
    found: set[str] = set()
    for word in text.split("|"):
        if word.startswith("@") and word[1:] not in sets:
            raise ValueError(f"no such set of words: {word}")
        found |= sets[word[1:]] if word.startswith("@") else {word}
    return frozenset(found)


def _condition(text: str, sets: Mapping[str, frozenset[str]]) -> Condition:
    left, _, right = text.partition("=")
    absent = left.startswith("-")
    return Condition(_path(left.lstrip("-")), _words(right or "*", sets), absent)


def patterns(row: Mapping[str, str], sets: Mapping[str, frozenset[str]]) -> list[Pattern]:
    """The patterns of a row of the lexicon: one for each of its triggers.

    Raises:
        ValueError: The row is not in the lexicon's notation.
    """
    when = [part.strip() for part in row["when"].split(";") if part.strip()]
    places = {side: tuple(_path(p.strip()) for p in row[side].split("|") if p.strip()) for side in ("source", "target")}
    conditions = tuple(_condition(part, sets) for part in when)
    return [
        Pattern(
            code=row["code"],
            trigger=trigger,
            pos=row["pos"],
            conditions=conditions,
            both=row["both"] == "yes",
            rule=" ".join([row["code"], f"{trigger}/{row['pos']}", *when])[:200],
            **places,
        )
        for trigger in row["trigger"].split("|")
    ]


@cache
def load() -> Mapping[tuple[str, str], tuple[Pattern, ...]]:
    """All patterns by part of speech and trigger, the most specific first.

    Raises:
        InputError: A row is wrong; the message names its file and line.
    """
    folder = resources.SCHEMA / "lexicon"
    members: dict[str, set[str]] = defaultdict(set)
    for row in resources.rows("lexicon/sets"):
        members[row["set"]].add(row["word"])
    sets = {name: frozenset(words) for name, words in members.items()}
    found: dict[tuple[str, str], list[Pattern]] = defaultdict(list)
    for file in sorted(folder.glob("[0-9][0-9].csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), start=2):
                try:
                    made = patterns(row, sets)
                except ValueError as error:
                    raise InputError(str(error), where=f"{file.name}:{number}", expected="the notation of docs/lexicon.md") from error
                for each in made:
                    found[each.pos, each.trigger].append(each)
    return {key: tuple(sorted(rows, key=Pattern.rank, reverse=True)) for key, rows in found.items()}


def match(token: Token) -> Pattern | None:
    """The most specific pattern that fires at a word; None where none does."""
    pos = POS.get(token.pos_)
    if (
        pos is None
        or token.dep_ in {"compound", "aux", "auxpass"}
        or (pos == "V" and token.dep_ == "amod")
        or token.ent_type_ in {"DATE", "TIME"}
    ):
        return None
    keys = [(pos, token.lemma_.lower())]
    if pos == "V" and any(child.dep_ in {"det", "poss"} for child in children(token)):
        keys.insert(0, ("N", token.lower_))
    if pos == "N":
        keys.append(("N", token.lower_))
    walked: dict[Path, list[Token]] = {}
    for key in keys:
        for candidate in load().get(key, ()):
            if all(condition.holds(token, walked) for condition in candidate.conditions):
                return candidate
    return None
