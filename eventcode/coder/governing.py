"""What the words above an act make of it: verbs and nouns that govern it, by the kinds of `schema/attribution.csv`.

First what stands at a word itself (negation, helping verbs, "if", adverbs), then what a verb makes of a clause or an object ("demanded that",
"refused to", "announced") and a noun of what it speaks of ("reports of", "plans to"). `status` walks the words and asks here at each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventcode.coder.speech import Way, is_called_false, is_kind, listed, owners, speakers
from eventcode.coder.syntax import children, is_negated

if TYPE_CHECKING:
    from spacy.tokens import Token

_WILL = {"will", "shall", "'ll", "wo"}
_MAY = {"may", "might", "should", "must", "ought"}
_CAN = {"can", "could", "ca"}
_IF = {"if", "unless", "whether", "lest"}
NOT_YET = {"until", "till", "before", "once"}
_MERELY = {"only", "just", "merely", "simply", "solely"}
_INTO = {"in", "into", "on", "with", "to"}
INSTEAD = {"instead", "far", "rather"}
_ENDS = {"keep", "stop"}
"""Verbs that hinder with "from" only: "stopped firing" tells of firing."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """What words of a kind make of what they govern.

    Attributes:
        kind: Kind of word in `schema/attribution.csv`.
        status: Status of what is governed.
        is_word: True where it is the word of whoever does it ("demanded", but not "wanted").
        is_last: True where what stands above changes nothing more.
    """

    kind: str
    status: str
    is_word: bool = False
    is_last: bool = False


_DEMANDS = (
    _Rule("promise", "planned", is_word=True),
    _Rule("demand", "hypothetical", is_word=True),
    _Rule("wish", "hypothetical"),
    _Rule("debate", "hypothetical"),
)
"""Verbs above "to" and an infinitive, and above a clause of its own ("demanded that troops leave") where they do not only say it."""
_OBJECTS = (
    _Rule("promise", "planned", is_word=True),
    _Rule("plan", "planned"),
    _Rule("seek", "hypothetical", is_word=True, is_last=True),
    _Rule("wish", "hypothetical", is_last=True),
    _Rule("refuse", "hypothetical", is_last=True),
)
"""Verbs above a noun."""
_NOUNS = (
    _Rule("demand-noun", "hypothetical", is_word=True, is_last=True),
    _Rule("doubt-noun", "hypothetical", is_last=True),
)
"""Nouns above a noun or a clause."""


def is_clause(token: Token) -> bool:
    """True for a verb, with which a clause begins."""
    return token.pos_ in {"VERB", "AUX"}


def helpers(verb: Token) -> set[str]:
    """The helping verbs of a verb, and the "to" of an infinitive."""
    return {c.lower_ for c in children(verb) if c.dep_ in {"aux", "auxpass"}}


def is_infinitive(verb: Token) -> bool:
    """True for "to leave", also "to have left"."""
    return "to" in helpers(verb)


def is_purpose(verb: Token) -> bool:
    """True for an infinitive of what is still to come: "to leave", not "to have left"."""
    return is_infinitive(verb) and not helpers(verb) & {"have", "be"}


def is_not(token: Token) -> bool:
    """True where a word is negated: "not only" and "not until Tuesday" say that it was done."""
    ours = [c for c in children(token) if c.dep_ in {"nsubj", "nsubjpass"}]
    if not is_negated(token):
        return any(n.lower_ in {"not", "no"} for c in ours for n in children(c)) or _is_let_alone(token)
    if any(t.text in {":", ";"} for c in ours for t in c.doc[c.i : token.i]):  # the subject is that of a sentence before
        return any(c.dep_ == "neg" for c in children(token))
    if any(c.lower_ in {"until", "till"} for t in (token, *children(token)) for c in children(t) if c.dep_ in {"prep", "mark"}):
        return False
    return not any(c.dep_ == "neg" and c.i + 1 < len(c.doc) and c.doc[c.i + 1].lower_ in _MERELY for c in children(token))


def _is_let_alone(token: Token) -> bool:
    return [t.lower_ for t in token.doc[max(0, token.i - 2) : token.i]] == ["let", "alone"]


def modal(verb: Token) -> str:
    """How far from fact its helping verbs put a verb."""
    words = helpers(verb)
    if words & _MAY:
        return "hypothetical"
    if words & _WILL:
        return "planned"
    if any(c.dep_ == "aux" and (c.lower_ == "would" or (c.lower_ == "'d" and c.tag_ == "MD")) for c in children(verb)):
        return "hypothetical" if "have" in words else "would"
    if words & _CAN:
        return "hypothetical"
    return "planned" if "to" in words and verb.dep_ == "ROOT" else "asserted"


def is_inverted(verb: Token) -> bool:
    """True for "Were they to attack", "Should they attack", "Had they attacked"."""
    first = [
        c for c in (verb, *children(verb)) if c.lower_ in {"were", "should", "had"} and (c.i == verb.i or c.dep_ in {"aux", "auxpass"})
    ]
    return any(s.dep_ in {"nsubj", "nsubjpass"} and s.i > c.i and _begins(c) for c in first for s in children(verb))


def _begins(token: Token) -> bool:
    return token.i == token.sent.start or token.nbor(-1).text in {",", '"', "“", ";", "and"}


def is_if(verb: Token) -> bool:
    """True under "if", and under "until" where it is still to come."""
    words = {c.lower_ for c in children(verb) if c.dep_ in {"mark", "advmod"}}
    return bool(words & _IF) or (bool(words & NOT_YET) and verb.tag_ in {"VBZ", "VBP"} and not helpers(verb))


def at_word(way: Way, token: Token) -> None:
    """Adverbs and adjectives: "allegedly", "perhaps", "the planned strike"."""
    words = {c.lower_ for c in children(token) if c.dep_ in {"advmod", "amod", "acomp", "oprd"}}
    words |= {c.lower_ for w in children(token) if w.dep_ in {"amod", "acomp"} for c in children(w) if c.dep_ == "conj"}
    for kind, status in (("alleged", "claimed"), ("coming", "planned"), ("possible", "hypothetical")):
        if words & listed(kind):
            way.put(status)


def at_verb(way: Way, verb: Token) -> None:
    """What stands at a verb: negation, helping verbs, adverbs, "if", inversion."""
    mood = modal(verb)
    if is_not(verb) and (mood != "hypothetical" or helpers(verb) & _CAN):
        way.undo()
    way.put(mood)
    if is_if(verb) or is_inverted(verb):
        way.put("hypothetical")
    at_word(way, verb)


def govern(way: Way, verb: Token, head: Token) -> None:
    """A clause that a verb governs."""
    if way.is_aside:
        _govern_aside(way, verb, head)
    elif is_called_false(verb, head):
        way.deny(speakers(head) if head.lemma_ != "be" else ())
    elif is_infinitive(verb):
        _govern_infinitive(way, verb, head)
    else:
        _govern_finite(way, verb, head)


def _govern_aside(way: Way, verb: Token, head: Token) -> None:
    """What a verb above says of an act that stands aside: only whose word it is."""
    if is_infinitive(verb) and is_kind(head, "promise", "demand"):
        if way.status != "asserted":
            way.put(way.status, speakers(head))
    elif is_kind(head, "say", "judge"):
        way.say(speakers(head))


def _govern_infinitive(way: Way, verb: Token, head: Token) -> None:
    says = is_kind(head, "say", "judge")
    if says and helpers(verb) & {"have", "be"}:  # "is said to have fired"
        way.say(speakers(head))
    elif is_kind(head, "deny"):
        way.deny(speakers(head))
    elif is_kind(head, "refuse") and head.lemma_ not in _ENDS:
        refuse(way, head)
    elif says and not is_kind(head, "promise", "demand") and any(c.dep_ == "nsubj" for c in children(verb)):
        way.put("planned", speakers(head))  # "France to pull out, minister says"
    elif head.lemma_ == "have" and any(c.lower_ == "yet" for c in children(head)):
        way.undo()
    else:
        if not _apply(way, _DEMANDS, head) and is_purpose(verb) and (not is_kind(head, "doing") or _is_going_to(head)):
            way.put("planned")
        at_verb(way, head)


def _is_going_to(verb: Token) -> bool:
    return verb.lower_ == "going" and bool(helpers(verb) & {"is", "are", "was", "were", "'s", "'re", "be"})


def _govern_finite(way: Way, verb: Token, head: Token) -> None:
    if is_if(verb):
        way.put("hypothetical")
    elif is_kind(head, "deny"):
        (way.say if is_not(head) else way.deny)(speakers(head))
    elif is_kind(head, "say", "judge"):
        _say(way, verb, head)
    elif is_kind(head, "promise", "plan"):
        way.say(speakers(head) if is_kind(head, "promise") else ())
    elif is_kind(head, "refuse") and verb.tag_ == "VBG" and head.lemma_ not in _ENDS:
        refuse(way, head)
    elif head.lemma_ != "call" and not _apply(way, _DEMANDS, head) and is_kind(head, "doing"):
        at_verb(way, head)
        if _is_let(head):
            way.put("hypothetical")


def _say(way: Way, verb: Token, head: Token) -> None:
    """A clause under a verb of speech: said, not said, or demanded ("insisted that troops leave")."""
    if is_not(head):
        way.put("hypothetical")
    elif is_kind(head, "demand") and verb.tag_ == "VB" and not helpers(verb):
        way.put("hypothetical", speakers(head))
    else:
        way.say(speakers(head))


def _is_let(verb: Token) -> bool:
    """True for "let them go", said to somebody."""
    return verb.lemma_ == "let" and verb.tag_ == "VB" and not any(c.dep_ in {"nsubj", "aux"} for c in children(verb))


def refuse(way: Way, head: Token) -> None:
    """What was refused or prevented ("refused to", "prevented from") was not done, unless that is negated."""
    if not is_not(head):
        way.prevent()
    way.put(modal(head))


def noun_governs(way: Way, token: Token, noun: Token) -> bool:
    """What a noun says of the act that it speaks of ("reports of", "demands for", "plans to"); False where it says nothing of it."""
    if is_kind(noun, "plan-noun", "refuse-noun") and is_negated(noun):  # "has no plans to"
        way.undo()
    elif is_kind(noun, "plan-noun") and (is_clause(token) or noun.lemma_ not in {"agreement", "deal", "decision"}):
        way.aside("planned", owners(noun) if is_kind(noun, "promise") else ())
    elif noun.lemma_ == "threat" and is_clause(token):
        way.aside("planned", owners(noun))
    elif _apply(way, _NOUNS, noun):
        return True
    elif is_kind(noun, "refuse-noun"):
        way.undo()
    elif is_kind(noun, "deny-noun"):
        way.deny(owners(noun))
    elif is_kind(noun, "evidence-noun"):
        if is_negated(noun) or is_negated(noun.head):
            way.put("denied")
    elif is_kind(noun, "report-noun"):
        way.is_told = True
        way.say(owners(noun))
        at_word(way, noun)
    else:
        return False
    return True


def noun_under_preposition(way: Way, noun: Token, links: tuple[str, ...], head: Token) -> None:
    """A noun under a verb and a preposition: "called for talks", "accused of attacks", "refrained from attacks"."""
    words = set(links)
    if is_kind(head, "deny") and "as" in words:  # "dismissed as false a report"
        way.deny(speakers(head))
    elif words & {"for", "of"} and any(s.dep_ in {"nsubj", "nsubjpass"} and noun_governs(way, noun, s) for s in children(head)):
        return  # "preparations are under way for"
    elif is_kind(head, "accuse") and words & {"of", "with", "for"}:
        way.say(speakers(head))
    elif is_kind(head, "demand") and words & {"for", "of", "against"}:
        way.aside("hypothetical", speakers(head))
    elif is_kind(head, "promise", "plan") and words & {"for", "to", "on", "with"} and not is_kind(head, "light"):
        way.put("planned", speakers(head) if is_kind(head, "promise") else ())
        at_verb(way, head)
    elif is_kind(head, "wish") and words & {"for", "of"}:
        way.aside("hypothetical")
    elif is_kind(head, "refuse") and "from" in words:
        refuse(way, head)
    elif is_kind(head, "light") and words & _INTO:
        at_verb(way, head)
    else:
        way.is_aside = True


def govern_subject(way: Way, noun: Token, head: Token) -> None:
    """A noun that is the subject: it shares the helping verbs of "took place", "began"; "destroyed" presupposes it."""
    if is_kind(head, "light"):
        at_verb(way, head)
    elif head.lemma_ == "be":
        is_there = noun.dep_ == "attr" or any(c.dep_ == "expl" for c in children(head))
        (at_verb if is_there else at_word)(way, head)
    elif is_kind(head, "plan", "due", "coming") and not any(c.dep_ in {"dobj", "xcomp", "ccomp"} for c in children(head)):
        way.put("planned")  # the parser takes "the talks planned for Monday" for a sentence
    else:
        way.is_aside = True


def govern_object(way: Way, head: Token) -> None:
    """A noun that is the object: announced, denied, planned, demanded, carried out; any other verb presupposes it."""
    if is_kind(head, "light"):
        at_verb(way, head)
    elif head.lemma_ == "reject" and not way.is_told:
        way.aside("hypothetical")
    elif is_kind(head, "deny"):
        (way.say if is_not(head) else way.deny)(speakers(head))
    elif is_kind(head, "claim"):
        way.put("hypothetical") if is_not(head) and way.status == "asserted" else way.say(speakers(head))
    elif is_kind(head, "avert"):
        refuse(way, head)
    elif not _apply(way, _OBJECTS, head):
        way.is_aside = True
    elif not way.is_aside:
        at_verb(way, head)


def _apply(way: Way, rules: Iterable[_Rule], head: Token) -> bool:
    """The first rule whose kind a word is of; False where there is none."""
    rule = next((r for r in rules if is_kind(head, r.kind)), None)
    if rule is None:
        return False
    by = () if not rule.is_word else owners(head) if head.pos_ in {"NOUN", "PROPN"} else speakers(head)
    way.put(rule.status, by)
    way.is_aside = way.is_aside or rule.is_last
    return True
