"""How the text puts an event - as a fact, a claim, a denial, a plan, a possibility - and whose word it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from eventcode import resources
from eventcode.coder.syntax import children, clause, governor, is_negated, prepositional, subjects

if TYPE_CHECKING:
    from spacy.tokens import Token

_PLANNED_AUX = {"will", "shall", "'ll", "wo"}
_POSSIBLE_AUX = {"would", "could", "may", "might", "should", "must", "can", "'d", "ought"}
_IF = {"if", "unless", "whether", "until", "lest", "before", "once"}
_DOING = frozenset(
    "begin start continue go come proceed manage help force use move resume keep appear seem turn rise succeed happen".split()
)
"""Verbs whose infinitive is done, not only meant: "managed to enter"."""


@dataclass(frozen=True, slots=True)
class Status:
    """Status of a report.

    Attributes:
        status: One of the contract's statuses.
        speakers: The nouns that name whose word it is; empty where it is the outlet's.
        negated: True where the text says that the act was not done.
    """

    status: str
    speakers: tuple[Token, ...] = ()
    negated: bool = False


@cache
def _verbs(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in resources.rows("attribution") if row["kind"] == kind)


def _auxiliaries(verb: Token) -> str:
    words = {c.lower_ for c in children(verb) if c.dep_ in {"aux", "auxpass"}}
    if words & _PLANNED_AUX:
        return "planned"
    if words & _POSSIBLE_AUX:
        return "hypothetical"
    if "to" in words and verb.dep_ in {"xcomp", "ROOT"} and verb.head.lemma_ in {"be", "due", "set"}:
        return "planned"
    return ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds of a whole sentence.

    Attributes:
        is_question: True where it asks.
        according: The word of each "according to".
    """

    is_question: bool
    according: tuple[Token, ...]


def frame(sentence: Sequence[Token]) -> Frame:
    """What holds of a whole sentence."""
    return Frame("?" in {t.text for t in sentence[-2:]}, tuple(t for t in sentence if t.lower_ == "according"))


def _word(verb: Token, kind: str) -> bool:
    return verb.lemma_.lower() in _verbs(kind)


def is_report(verb: Token) -> bool:
    """True for "said", "announced" and the like."""
    return _word(verb, "say")


def is_denial(verb: Token) -> bool:
    """True for "denied", "dismissed" and the like."""
    return _word(verb, "deny")


def _above(verb: Token) -> Token | None:
    """The verb that governs a clause, also through a noun ("denied reports that ...") or a preposition."""
    head = verb.head
    if head.i == verb.i:
        return None
    if head.pos_ in {"VERB", "AUX"}:
        return head
    if head.pos_ in {"NOUN", "PROPN", "PRON"} and verb.dep_ in {"acl", "ccomp", "relcl"}:
        return governor(head) if verb.dep_ != "relcl" else clause(head)
    return clause(head) if clause(head).i != verb.i else None


def _is_if(verb: Token) -> bool:
    return any(c.dep_ == "mark" and c.lower_ in _IF for c in children(verb))


def _is_purpose(verb: Token, above: Token) -> bool:
    """True for "sent troops to attack": what is meant to be done; not for "is said to have attacked"."""
    aux = {c.lower_ for c in children(verb) if c.dep_ in {"aux", "auxpass"}}
    return "to" in aux and not aux & {"have", "be"} and verb.dep_ in {"advcl", "xcomp", "acl"} and above.lemma_.lower() not in _DOING


def _one_step(verb: Token, above: Token, found: Status) -> Status:
    """What the verb above a clause does to its status."""
    if verb.dep_ == "advcl" and _is_if(verb):
        return replace(found, status="hypothetical")
    if verb.dep_ not in {"ccomp", "xcomp", "acl", "pcomp", "advcl", "relcl"} and verb.head.pos_ in {"VERB", "AUX"}:
        return found
    said = found.status
    if _word(above, "deny"):
        return replace(found, status="denied", speakers=tuple(subjects(above)))
    if _word(above, "say"):
        speakers = found.speakers or tuple(subjects(above))
        if said == "hypothetical" and any(c.lower_ == "would" for c in children(verb)):
            return replace(found, status="planned", speakers=speakers)
        return replace(found, status="claimed" if said == "asserted" else said, speakers=speakers)
    if verb.dep_ in {"xcomp", "acl", "ccomp", "pcomp"} and said in {"asserted", "claimed"}:
        if _word(above, "plan"):
            return replace(found, status="planned")
        if _word(above, "wish"):
            return replace(found, status="hypothetical")
    return found


def _according_to(trigger: Token, around: Frame) -> tuple[Token, ...]:
    """Whose account it is, where "according to" stands in the trigger's clause or in one above it."""
    if not around.according:
        return ()
    own = clause(trigger)
    clauses = {own.i, *(t.i for t in own.ancestors)}
    return next((tuple(prepositional(token, "to")) for token in around.according if clause(token.head).i in clauses), ())


def _own_words(trigger: Token, verb: Token, found: Status) -> Status:
    """What words at the trigger ("alleged", "planned") and the verb that a noun hangs on ("denied the attack") do to its status."""
    words = {c.lower_ for c in (*children(trigger), *children(verb))}
    if words & _verbs("possible"):
        found = replace(found, status="hypothetical")
    elif words & _verbs("alleged") and found.status == "asserted":
        found = replace(found, status="claimed")
    if verb.i != trigger.i and is_denial(verb):
        return replace(found, status="denied", speakers=tuple(subjects(verb)))
    if verb.i != trigger.i and _word(verb, "wish") and found.status == "asserted":
        return replace(found, status="hypothetical")
    return found


def read(trigger: Token, around: Frame) -> Status:
    """Status of the event that a trigger reports, in the frame of its sentence."""
    verb = clause(trigger)
    negated = is_negated(trigger) or (verb.i != trigger.i and is_negated(verb))
    found = Status(_auxiliaries(verb) or "asserted", negated=negated)
    found = _own_words(trigger, verb, found)
    seen = {verb.i}
    aside = False
    while (above := _above(verb)) is not None and above.i not in seen:
        seen.add(above.i)
        if verb.dep_ == "xcomp" and above.lemma_.lower() == "fail":
            found = replace(found, negated=True)
        if _is_purpose(verb, above) and found.status in {"asserted", "claimed"}:
            found = replace(found, status="planned")
        if verb.dep_ == "relcl" or (verb.dep_ == "advcl" and found.status != "hypothetical" and not _is_if(verb)):
            aside = True
        elif not aside or _word(above, "say"):
            found = _one_step(verb, above, found)
        if not aside and (modal := _auxiliaries(above)) and found.status == "asserted":
            found = replace(found, status=modal)
        verb = above
    if not found.speakers and (speakers := _according_to(trigger, around)):
        found = replace(found, status="claimed" if found.status == "asserted" else found.status, speakers=speakers)
    if around.is_question and found.status in {"asserted", "claimed"}:
        found = replace(found, status="hypothetical")
    return found
