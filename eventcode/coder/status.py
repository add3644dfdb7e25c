"""How the text puts an event - as a fact, a claim, a denial, a plan, a possibility - and whose word it is.

From the trigger up to the root of the sentence, each word on the way may move the act further from fact (docs/coding-rules.md, "Status").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventcode.coder.governing import (
    INSTEAD,
    NOT_YET,
    at_verb,
    at_word,
    govern,
    govern_object,
    govern_subject,
    helpers,
    is_clause,
    is_if,
    is_infinitive,
    is_inverted,
    is_not,
    is_purpose,
    modal,
    noun_governs,
    noun_under_preposition,
    refuse,
)
from eventcode.coder.speech import (
    Way,
    account,
    accounts,
    beside,
    heading,
    is_called_false,
    is_kind,
    is_said_around,
    listed,
    quotation,
    speakers,
)
from eventcode.coder.syntax import children, clause

if TYPE_CHECKING:
    from spacy.tokens import Token

_GOVERNED = {"of", "for", "to", "with", "on", "against", "from", "about"}
_WITH_OBJECT = {"dobj", "nsubjpass", "oprd", "dative"}


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


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds of a whole sentence.

    Attributes:
        is_question: True where it asks.
        according: The word of each "according to", "in the words of", "by the account of".
        heading: Who speaks before the colon of a headline.
    """

    is_question: bool
    according: tuple[Token, ...]
    heading: tuple[Token, ...] = ()


def frame(sentence: Sequence[Token]) -> Frame:
    """What holds of a whole sentence."""
    return Frame("?" in {t.text for t in sentence[-2:]}, tuple(accounts(sentence)), heading(sentence))


def is_report(verb: Token) -> bool:
    """True for "said", "announced" and the like."""
    return is_kind(verb, "say")


def is_denial(verb: Token) -> bool:
    """True for "denied", "dismissed" and the like."""
    return is_kind(verb, "deny")


def _at_noun(way: Way, noun: Token) -> None:
    """What stands at a noun: "no attack", "the alleged attack", "talks planned for Monday"."""
    if is_not(noun):
        way.undo()
    at_word(way, noun)
    if any(t.dep_ in {"acl", "relcl"} and t.lower_ in listed("coming") for t in noun.subtree):
        way.put("planned")


def _link(token: Token) -> tuple[tuple[str, ...], Token]:
    """The prepositions above a word, the nearest first, and what they hang on."""
    words, head = [], token.head
    while head.pos_ in {"ADP", "SCONJ", "PART"} and head.head.i != head.i:
        words.append(head.lower_)
        head = head.head
    return tuple(words), head


def _clause_under_verb(way: Way, verb: Token, head: Token) -> None:
    if verb.dep_ == "conj":
        _joined(way, verb, head)
    elif is_inverted(head) or (verb.dep_ == "advcl" and _is_awaited(verb, head)):
        way.aside("hypothetical")
    elif verb.dep_ == "advcl" and not (is_infinitive(verb) and is_kind(head, "demand", "promise", "plan", "wish", "refuse", "doing")):
        way.aside("planned" if is_purpose(verb) and not way.is_aside else "asserted")
    elif verb.dep_ in {"relcl", "acl"}:
        way.is_aside = True
    elif _stands_apart(verb, head):
        way.is_apart = True
    else:
        govern(way, verb, head)


def _joined(way: Way, verb: Token, head: Token) -> None:
    """A verb joined to another: it shares its helping verbs where it has none, and its "if"."""
    if is_kind(head, "say") and is_said_around(verb, head):
        way.say(speakers(head))
        return
    if is_if(head):
        way.put("hypothetical")
    mine = {c.dep_ for c in children(verb)} & {"nsubj", "nsubjpass", "aux", "auxpass"}
    if mine or (verb.tag_, head.tag_) not in {("VB", "VB"), ("VBN", "VBN"), ("VBD", "VBN")} or not helpers(head):
        return
    way.put(modal(head))
    if is_not(head) and not any(c.dep_ == "cc" and c.lower_ == "but" for c in children(head)):
        way.undo()


def _is_awaited(verb: Token, head: Token) -> bool:
    """True for "will fight until they have left": what is waited for, where what is done meanwhile is itself to come."""
    is_until = any(c.dep_ == "mark" and c.lower_ in NOT_YET for c in children(verb))
    return is_until and (modal(head) != "asserted" or is_infinitive(head) or head.dep_ == "xcomp")


def _stands_apart(verb: Token, head: Token) -> bool:
    """True for a sentence of its own: behind a semicolon, or loosely joined to what is no verb of speech before it."""
    between = {t.text for t in verb.doc[min(verb.i, head.i) : max(verb.i, head.i)]}
    if ";" in between or (":" in between and verb.i < head.i):
        return True
    return verb.dep_ in {"parataxis", "dep"} and not (is_kind(head, "say") and verb.i > head.i)


def _participle(way: Way, verb: Token, links: tuple[str, ...], head: Token) -> None:
    """A clause under a preposition: "without firing", "accused of firing", "prevented from firing"."""
    if way.is_aside:
        if "as" in links and is_kind(head, "say", "judge"):
            way.say(speakers(head))
    elif "without" in links or INSTEAD & {head.lower_, *links, *(c.lower_ for c in children(verb.head))}:
        way.undo()
    elif is_infinitive(verb):  # "has no choice but to leave"
        way.put("hypothetical")
    elif "from" in links and is_kind(head, "refuse"):
        refuse(way, head)
    elif is_kind(head, "accuse"):
        way.say(speakers(head))
    elif is_clause(head) and "to" in links and is_kind(head, "plan", "promise"):
        way.put("planned", speakers(head) if is_kind(head, "promise") else ())
        at_verb(way, head)
    elif is_clause(head) and _GOVERNED & set(links) and is_kind(head, "wish", "debate", "demand") and "for" not in links:
        way.put("hypothetical", speakers(head) if is_kind(head, "demand") else ())
    elif not is_clause(head):
        _noun_under_noun(way, verb, links, head)
    elif "by" in links:  # "will answer by closing the border"
        way.put(modal(head))
    elif "as" not in links:
        way.is_aside = True


def _clause_under_noun(way: Way, verb: Token, head: Token) -> None:
    """A clause that hangs on a noun: "reports that", "a plan to", "the army, which"."""
    if verb.dep_ == "relcl" and not _is_content(verb) and verb.doc[verb.left_edge.i - 1].text == ",":
        way.is_apart = True
    elif not way.is_aside and _is_content(verb) and noun_governs(way, verb, head):
        return
    elif any(c.dep_ == "mark" and c.lower_ == "that" for c in children(verb)) and is_kind(above := clause(head), "say", "deny"):
        govern(way, verb, above)  # "said in the capital that", where the parser hangs the clause on the capital
    elif is_purpose(verb) and not way.is_aside:
        way.aside("planned")
    else:
        way.is_aside = True


def _is_content(verb: Token) -> bool:
    """True for a clause that says what a noun tells ("reports that troops left"), not which one ("reports that came")."""
    if verb.dep_ == "relcl" and not is_infinitive(verb):
        return any(c.dep_ == "mark" for c in children(verb))
    return is_infinitive(verb) or any(c.dep_ in {"nsubj", "nsubjpass"} for c in children(verb))


def _noun_under_noun(way: Way, noun: Token, links: tuple[str, ...], head: Token) -> None:
    if noun.dep_ == "conj" or way.is_aside:
        return
    if head.lower_ in {"event", "case"} and head.head.lower_ == "in":
        way.aside("hypothetical")
    elif head.lower_ == "contrary" or head.lower_ in INSTEAD:
        way.deny(())
    elif is_kind(head, "part-noun") and links[:1] == ("of",):
        _at_noun(way, head)
    elif (links and not _GOVERNED & set(links)) or not noun_governs(way, noun, head):
        way.is_aside = True


def _noun_under_verb(way: Way, noun: Token, links: tuple[str, ...], head: Token) -> None:
    if way.is_aside:
        if way.status != "asserted" and noun.dep_ in _WITH_OBJECT and is_kind(head, "claim"):  # "announced plans to"
            way.put(way.status, speakers(head))
        return
    if is_called_false(noun, head):
        way.deny(speakers(head) if head.lemma_ != "be" else ())
    elif links:
        noun_under_preposition(way, noun, links, head)
    elif noun.dep_ in {"nsubj", "attr", "csubj"}:
        govern_subject(way, noun, head)
    elif noun.dep_ in _WITH_OBJECT:
        govern_object(way, head)
    else:
        way.is_aside = True


def _under_adjective(way: Way, token: Token, head: Token) -> None:
    if way.is_aside or token.dep_ in {"advcl", "conj"}:
        way.is_aside = way.is_aside or token.dep_ == "advcl"
    elif head.lower_ in INSTEAD:
        way.undo()
    elif head.lower_ == "contrary" or head.lower_ in listed("false"):
        way.deny(())
    elif head.lower_ in listed("unable"):
        way.undo()
    elif head.lower_ in listed("due"):
        way.put("planned")
    elif head.lower_ in listed("possible"):
        way.put("hypothetical")
    elif not is_clause(token):
        way.is_aside = True


def _is_misread(token: Token, noun: Token) -> bool:
    """True for "accused of bombing schools", which the parser takes for schools of a kind."""
    return token.dep_ in {"amod", "compound"} and token.text.endswith("ing") and noun.dep_ == "pobj" and token.i == noun.head.i + 1


def _step(way: Way, token: Token) -> Token:
    """One step up; the word above."""
    links, head = _link(token)
    if _is_misread(token, head):
        return head
    if head.pos_ in {"ADJ", "ADV"}:
        _under_adjective(way, token, head)
    elif token.pos_ in {"ADJ", "ADV"}:
        if is_clause(head) and not way.is_aside and token.dep_ in {"acomp", "oprd"}:
            at_verb(way, head)
    elif is_clause(token):
        if links:
            _participle(way, token, links, head)
        else:
            (_clause_under_verb if is_clause(head) else _clause_under_noun)(way, token, head)
    elif is_clause(head):
        _noun_under_verb(way, token, links, head)
    else:
        _noun_under_noun(way, token, links, head)
    return head


def _climb(way: Way, trigger: Token) -> None:
    token = trigger
    (at_verb if is_clause(token) else _at_noun)(way, token)
    while not way.is_apart:
        if is_clause(token) and (by := beside(token, trigger)) is not None:
            way.say(by)
        if token.head.i == token.i:
            break
        token = _step(way, token)


def read(trigger: Token, around: Frame) -> Status:
    """Status of the event that a trigger reports, in the frame of its sentence."""
    way = Way()
    _climb(way, trigger)
    if not way.speakers:
        for by in (account(trigger, around.according), quotation(trigger), around.heading or None):
            if by is not None:
                way.say(by)
    if around.is_question and not way.is_aside:
        way.put("hypothetical")
    return Status("hypothetical" if way.status == "would" else way.status, way.speakers, way.negated)
