"""What the parse and the lexicon say of the words of a sentence, as features beside which the action model reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventcode.coder import lexicon
from eventcode.coder.lexicon import Path, Pattern
from eventcode.coder.status import Frame, Status
from eventcode.coder.status import read as read_status
from eventcode.coder.syntax import governor, is_passive, objects, subjects, walk

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_LONGEST_PATH = 5
_NEVER = {"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "CARDINAL"}
_ASKING = {"WDT", "WP", "WP$", "WRB", "EX"}
_REPORTS = {"VERB", "NOUN", "ADJ", "AUX", "PROPN", "ADV"}
_PARTS = {"compound", "amod", "nmod", "nummod"}
_NAMED = {"NORP", "GPE", "ORG", "PERSON", "LOC", "FAC"}
LIGHT = frozenset(
    """
    begin carry commit conduct continue deliver engage execute extend give have hold impose initiate issue join launch lead lodge make mount open offer order participate perform place provide pursue put reach resume send sign stage start step take undertake wage
    """.split()
)
"""Verbs that lend their subject to the noun that is their object ("launched an attack")."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that may report an event.

    Attributes:
        token: The word.
        pattern: The row of the lexicon that fires there; None where none does.
        status: How the parse reads what is said of it.
    """

    token: Token
    pattern: Pattern | None
    status: Status

    @property
    def code(self) -> str:
        """The code that the lexicon reads; empty where it reads none."""
        return self.pattern.code if self.pattern is not None else ""

    @property
    def is_undone(self) -> bool:
        """True where the text itself says that the act was not done, and the lexicon knows no act that consists in that; what somebody denies is a report."""
        is_denied = self.status.status == "denied" and bool(self.status.speakers)
        return self.status.negated and not is_denied and not (self.pattern is not None and self.pattern.is_negative)

    def features(self) -> list[str]:
        """What is known of the word beside its sentence."""
        token, status = self.token, self.status
        made = [f"tag={token.tag_}", f"dep={token.dep_}", f"status={status.status}"]
        if status.negated:
            made.append("negated")
        if token.pos_ == "VERB" and is_passive(token):
            made.append("passive")
        return [*made, *listed(self.pattern)]


def word(token: Token, around: Frame) -> Word:
    """A word with what the lexicon and the parse say of it, in the frame of its sentence."""
    return Word(token, lexicon.match(token), read_status(token, around))


def listed(pattern: Pattern | None) -> list[str]:
    """What the lexicon says, as features: the code, its parent and its root."""
    if pattern is None or not pattern.code:
        return []
    code = pattern.code
    return [f"root={code[:2]}", f"code={code[:3]}", *([f"code={code}"] if len(code) > 3 else []), *(["no"] if pattern.is_negative else [])]


def may_report(token: Token) -> bool:
    """True for a word that can carry an event: no part of a name, no measure, no helping verb."""
    if token.pos_ not in _REPORTS or token.dep_ in {"aux", "auxpass"} or (not token.is_alpha and "-" not in token.text):
        return False
    if token.ent_type_ in _NEVER or (token.ent_type_ in _NAMED and token.pos_ != "VERB"):
        return False
    return token.pos_ != "ADV" or token.dep_ in {"advmod", "prt"}


def may_act(token: Token) -> bool:
    """True for a word that can name an actor: a noun that leads its phrase, a pronoun, a country's or a group's name before a noun."""
    if token.ent_type_ in _NEVER or token.tag_ in _ASKING:
        return False
    if token.pos_ in {"NOUN", "PROPN", "PRON"}:
        return token.dep_ not in _PARTS or (token.ent_type_ in _NAMED and token.head.ent_type_ != token.ent_type_)
    return token.pos_ == "ADJ" and token.text[:1].isupper() and (token.ent_type_ in _NAMED or token.i > token.sent.start)


def _steps(doc: Doc) -> tuple[list[int], list[str]]:
    """For each word of a text its head, and the name of the way from there: the relation, with the preposition where the word is one."""
    kept = doc.user_data
    if "steps" not in kept:
        kept["steps"] = (
            [t.head.i for t in doc],
            [f"{t.dep_}:{t.lower_}" if t.dep_ in {"prep", "agent", "dative"} and t.pos_ in {"ADP", "SCONJ"} else t.dep_ for t in doc],
        )
    found: tuple[list[int], list[str]] = kept["steps"]
    return found


class Ways:
    """The ways through the parse from a word to others."""

    def __init__(self, start: Token) -> None:
        self.heads, self.steps = _steps(start.doc)
        self.up = [""]
        self.place = {start.i: 0}
        at = start.i
        while self.heads[at] != at and len(self.up) <= _LONGEST_PATH:
            self.up.append(f"{self.up[-1]}^{self.steps[at]}>")
            at = self.heads[at]
            self.place[at] = len(self.up) - 1

    def to(self, word: int) -> str:
        """The way to a word: up ("^") to the word that both hang on, then down; over `_LONGEST_PATH` steps it is only "far"."""
        down: list[str] = []
        while word not in self.place:
            down.append(self.steps[word])
            if self.heads[word] == word or len(down) > _LONGEST_PATH:
                return "far"
            word = self.heads[word]
        up = self.place[word]
        if up + len(down) > _LONGEST_PATH:
            return "far"
        return (self.up[up] + ">".join(reversed(down))).rstrip(">")


_COMPLEMENTS: dict[str, Path] = {"comp.obj": ("comp", "obj"), "comp.subj": ("comp", "subj"), "comp.prep": ("comp", "prep:*")}


class Sides:
    """The words of a sentence that may name who did what a trigger reports, or to whom.

    Args:
        word: The trigger.
    """

    def __init__(self, word: Word) -> None:
        trigger = word.token
        self.trigger = trigger
        self.ways = Ways(trigger)
        self.kind = trigger.pos_[:1]
        verb = trigger.pos_ in {"VERB", "AUX"}
        self.passive = verb and is_passive(trigger)
        found: dict[str, Sequence[Token]] = {}
        if verb:
            found["subj"] = subjects(trigger)
            found["obj"] = objects(trigger)
            found |= {name: walk(trigger, way) for name, way in _COMPLEMENTS.items()}
        elif (above := governor(trigger)) is not None:
            found["light" if above.lemma_.lower() in LIGHT else "above"] = subjects(above)
        elif trigger.dep_ in {"acomp", "attr", "amod"}:
            found["above"] = subjects(trigger.head)
        if word.pattern is not None:
            found["listed source"] = [t for way in word.pattern.source for t in walk(trigger, way)]
            found["listed target"] = [t for way in word.pattern.target for t in walk(trigger, way)]
        self.both = ["both"] if word.pattern is not None and word.pattern.both else []
        self.places: dict[int, list[str]] = {}
        for name, tokens in found.items():
            for token in {t.i: t for t in tokens}.values():
                self.places.setdefault(token.i, []).append(name)

    def is_sufferer(self, token: Token) -> bool:
        """True for a word that a passive says it was done to: it did not do it."""
        places = self.places.get(token.i, ())
        return self.passive and "obj" in places and "subj" not in places

    def features(self, token: Token) -> list[str]:
        """What the parse says of a word beside the trigger."""
        way = self.ways.to(token.i)
        step = token.i - self.trigger.i
        size = next((n for n in (1, 2, 4, 8, 16) if abs(step) <= n), 99)
        places = self.places.get(token.i, ())
        return [
            f"{self.kind} {way}",
            f"{'after' if step > 0 else 'before'} {size}",
            f"tag={token.tag_}",
            f"ent={token.ent_type_}",
            *(f"{self.kind} {name}" for name in places),
            *self.both,
        ]
