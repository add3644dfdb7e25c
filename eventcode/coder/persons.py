"""Whom "he", "she" and "his" stand for: of the persons spoken of before, the one that fits best, where that is likely enough.

How much each circumstance counts was learned from news items written for it, in which every mention of every actor is marked (`training/persons.py`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from eventcode.coder.status import is_report
from eventcode.coder.syntax import antecedent, clause, sentence_start, subjects

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

FILE = Path(__file__).parent / "weights" / "persons.json"
SURE = 0.55
"""Probability from which a person is taken for the one meant; below it nothing is guessed."""
GENDERS = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
BACK = 3
"""Sentences before its own in which a pronoun may find whom it stands for."""
_MOST = 40
"""Mentions, the last before it, that are looked at."""
_STYLES = {"mr.": "m", "mr": "m", "sir": "m", "mrs.": "f", "mrs": "f", "ms.": "f", "ms": "f", "king": "m", "queen": "f", "prince": "m", "princess": "f",
           "spokesman": "m", "spokeswoman": "f", "chairwoman": "f", "congresswoman": "f", "congressman": "m", "father": "m", "mother": "f", "son": "m",
           "daughter": "f", "brother": "m", "sister": "f", "husband": "m", "wife": "f", "widow": "f", "man": "m", "woman": "f", "businesswoman": "f",
           "businessman": "m", "policeman": "m", "policewoman": "f", "girl": "f", "boy": "m", "bishop": "m", "pope": "m", "imam": "m"}  # fmt: skip
_ROLES = {
    "nsubj": "subject",
    "nsubjpass": "subject",
    "dobj": "object",
    "dative": "object",
    "pobj": "below",
    "poss": "owner",
    "conj": "joined",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A word that names a person, or a pronoun that stands for one.

    Attributes:
        word: The word.
        first: Number of the word that named that person first.
        sentence: Number of its sentence.
    """

    word: Token
    first: int
    sentence: int


@dataclass(slots=True)
class Told:
    """What a text has told of persons so far."""

    mentions: list[Mention] = field(default_factory=list)
    genders: dict[int, str] = field(default_factory=dict)
    times: dict[int, int] = field(default_factory=dict)
    surnames: dict[str, int] = field(default_factory=dict)
    quoted: frozenset[int] = frozenset()

    def name(self, word: Token, sentence: int) -> None:
        """Note a noun that names a person; the same name is the same person."""
        first = self.surnames.setdefault(word.lower_, word.i) if word.pos_ == "PROPN" else word.i
        style = next((_STYLES[t.lower_] for t in (word, *word.lefts) if t.lower_ in _STYLES), "")
        if style:
            self.genders.setdefault(first, style)
        self._add(Mention(word, first, sentence))

    def stand(self, word: Token, first: int, sentence: int) -> None:
        """Note whom a pronoun stands for."""
        self.genders.setdefault(first, GENDERS[word.lower_])
        self._add(Mention(word, first, sentence))

    def _add(self, mention: Mention) -> None:
        self.mentions.append(mention)
        self.times[mention.first] = self.times.get(mention.first, 0) + 1

    def candidates(self, word: Token, sentence: int) -> list[Mention]:
        """Mentions near enough that a pronoun may stand for the same person, those of the other gender and of the same act left out."""
        barred = set()
        if word.dep_ in {"dobj", "pobj", "dative"} and not word.lower_.endswith(("self", "s")):
            barred = {antecedent(t).i for t in subjects(clause(word))}
        gender = GENDERS[word.lower_]
        late = self.mentions[-_MOST:]
        near = [m for m in late if sentence - m.sentence <= BACK and m.word.i < word.i and m.word.i not in barred]
        return [m for m in near if self.genders.get(m.first, gender) == gender]


def features(word: Token, told: Told, among: list[Mention], n: int, sentence: int) -> list[str]:
    """What is known of one candidate beside a pronoun."""
    mention = among[n]
    other = mention.word
    distance = sentence - mention.sentence
    own, role = _ROLES.get(word.dep_, "other"), _ROLES.get(other.dep_, "other")
    speaks = role == "subject" and is_report(other.head)
    between = len({m.first for m in among[n + 1 :]} - {mention.first})
    quoted, told_quoted = word.i in told.quoted, other.i in told.quoted
    far = min(distance, 2)
    made = [
        f"distance {distance}",
        f"role {role}",
        f"roles {own} {role} {'here' if not distance else 'before'}",
        f"form {'pronoun' if other.pos_ == 'PRON' else other.pos_} {far}",
        f"quoted {quoted} {told_quoted} {far}",
        f"clause {_height(other)} {far}",
        f"said {next((t.lower_ for t in other.lefts if t.dep_ == 'det'), '')[:2]} {bool(other.ent_type_)}",
        f"last {mention.first == among[-1].first} {own}",
        f"between {min(between, 3)}",
        f"times {min(told.times[mention.first], 4)}",
        f"gender {'known' if mention.first in told.genders else 'unknown'}",
    ]
    if speaks:
        over = not distance and other.head.is_ancestor(word)
        made.append(f"speaks {'over' if over else far} {'quoted' if quoted else 'told'}")
    if not distance and clause(other).i == clause(word).i:
        made.append(f"same clause {own}")
    if other.i == min(m.word.i for m in among if m.sentence == mention.sentence):
        made.append(f"first of its sentence {far} {own}")
    if other.pos_ == "PRON" and other.lower_ == word.lower_:
        made.append(f"same word {far}")
    return made


def _height(word: Token) -> int:
    """How many clauses lie above that of a word, at most two."""
    verb, height = clause(word), 0
    while verb.head.i != verb.i and height < 2:
        verb, height = clause(verb.head), height + 1
    return height


def in_quotes(doc: Doc) -> frozenset[int]:
    """The words between quotation marks; a mark that is never closed counts to the end of its sentence."""
    found: set[int] = set()
    for sentence in doc.sents:
        opened: int | None = None
        for token in sentence:
            if token.text in {'"', "“", "”", "``", "''"}:
                if opened is not None:
                    found.update(range(opened, token.i))
                opened = token.i if opened is None else None
        if opened is not None:
            found.update(range(opened, sentence.end))
    return frozenset(found)


def chances(rows: list[list[str]], weights: Mapping[str, float]) -> list[float]:
    """Probability of each candidate, by its features.

    >>> [round(p, 2) for p in chances([["near"], ["far"]], {"near": 2.0})]
    [0.88, 0.12]
    """
    sums = [sum(weights.get(name, 0.0) for name in row) for row in rows]
    most = max(sums, default=0.0)
    raised = [math.exp(s - most) for s in sums]
    whole = sum(raised)
    return [r / whole for r in raised]


@cache
def weights() -> Mapping[str, float]:
    """How much each feature counts."""
    made: dict[str, float] = json.loads(FILE.read_text(encoding="utf-8"))
    return made


def pronouns(
    doc: Doc, is_person: Callable[[Token], bool], skipped: Iterable[int] = ()
) -> Generator[tuple[Token, Told, list[Mention], int], int | None, None]:
    """The pronouns of a text in their order: each with what was told before, its candidates and the number of its sentence. Send the first mention of the person back.

    Args:
        doc: The parse.
        is_person: Tells of a noun whether it names one person.
        skipped: First words of sentences that are passed over.
    """
    told, passed = Told(quoted=in_quotes(doc)), set(skipped)
    number = {start: n for n, start in enumerate(dict.fromkeys(sentence_start(t) for t in doc))}
    for token in doc:
        start = sentence_start(token)
        if start in passed:
            continue
        if token.lower_ in GENDERS:
            among = told.candidates(token, number[start])
            first = yield token, told, among, number[start]
            if first is not None:
                told.stand(token, first, number[start])
        elif token.pos_ in {"NOUN", "PROPN"} and token.dep_ not in {"compound", "amod", "nmod", "appos", "attr"} and is_person(token):
            told.name(token, number[start])


def resolved(doc: Doc, is_person: Callable[[Token], bool], skipped: Iterable[int] = ()) -> dict[int, int]:
    """For each pronoun of a text, where it is likely enough, the word that named its person first."""
    found: dict[int, int] = {}
    asked = pronouns(doc, is_person, skipped)
    first: int | None = None
    try:
        token, told, among, sentence = next(asked)
        while True:
            first = None
            if among:
                likely = chances([features(token, told, among, n, sentence) for n in range(len(among))], weights())
                summed: dict[int, float] = {}
                for mention, chance in zip(among, likely, strict=True):
                    summed[mention.first] = summed.get(mention.first, 0.0) + chance
                best = max(summed, key=lambda k: summed[k])
                if summed[best] >= SURE:
                    first = found[token.i] = best
            token, told, among, sentence = asked.send(first)
    except StopIteration:
        return found
