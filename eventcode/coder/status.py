"""How the text puts an event - as a fact, a claim, a denial, a plan, a possibility - and whose word it is.

From the trigger up to the root of the sentence, each word on the way may move the act further from fact (docs/coding-rules.md, "Status").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventcode.coder.speech import account, accounts, beside, heading, is_kind, listed, owners, quotation, speakers
from eventcode.coder.syntax import children, is_negated

if TYPE_CHECKING:
    from spacy.tokens import Token

_FAR = {"asserted": 0, "claimed": 1, "planned": 2, "would": 3, "hypothetical": 4, "denied": 5}
"""How far from fact; "would" is what is planned in somebody's words ("said that it would") and else hypothetical."""
_WILL = {"will", "shall", "'ll", "wo"}
_MAY = {"may", "might", "should", "must", "ought"}
_CAN = {"can", "could", "ca"}
_IF = {"if", "unless", "whether", "lest"}
_NOT_YET = {"until", "till", "before", "once"}
_MERELY = {"only", "just", "merely", "simply", "solely"}
_GOVERNED = {"of", "for", "to", "with", "on", "against", "from", "about"}
_INTO = {"in", "into", "on", "with", "to"}
_INSTEAD = {"instead", "far", "rather"}
_ENDS = {"keep", "stop"}
"""Verbs that hinder with "from" only: "stopped firing" tells of firing."""
_CALLING = frozenset("be brand call denounce describe dismiss label reject say".split())
_WITH_OBJECT = {"dobj", "nsubjpass", "oprd", "dative"}


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


_INFINITIVES = (
    _Rule("promise", "planned", is_word=True),
    _Rule("demand", "hypothetical", is_word=True),
    _Rule("wish", "hypothetical"),
    _Rule("debate", "hypothetical"),
)
"""Verbs above "to" and an infinitive."""
_CLAUSES = (_Rule("demand", "hypothetical", is_word=True), _Rule("wish", "hypothetical"), _Rule("debate", "hypothetical"))
"""Verbs above a clause of its own ("demanded that troops leave"), where they do not only say it."""
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


class _Way:
    """What was gathered on the way up from a trigger.

    Attributes:
        is_aside: True where the words above say nothing of the act but whose word it is: it is presupposed, or stands in a clause of its own.
        is_apart: True where not even that is said above.
        is_told: True where the way has come through a noun like "reports".
    """

    def __init__(self) -> None:
        self.status = "asserted"
        self.speakers: tuple[Token, ...] = ()
        self.negated = self.is_aside = self.is_apart = self.is_told = False
        self._before: str | None = None

    def put(self, status: str, by: tuple[Token, ...] = ()) -> None:
        """The status, where it is further from fact; the speakers, where nobody nearer speaks."""
        if _FAR[status] > _FAR[self.status]:
            self.status = status
        self.speakers = self.speakers or by

    def say(self, by: tuple[Token, ...]) -> None:
        """It is somebody's word."""
        if self.status == "would":
            self.status = "planned"
        self.put("claimed", by)

    def aside(self, status: str = "asserted", by: tuple[Token, ...] = ()) -> None:
        """The status; what stands above does not change it."""
        self.put(status, by)
        self.is_aside = True

    def deny(self, by: tuple[Token, ...]) -> None:
        """Somebody says that it is not true: his word, whoever has claimed it."""
        if self.status != "denied":
            self.speakers = by
        self.put("denied", by)

    def undo(self) -> None:
        """It was not done."""
        if self._before is None:
            self._before = self.status
        self.put("denied")
        self.negated = True

    def prevent(self) -> None:
        """It was refused or prevented; what was prevented and the preventing failed was done."""
        if self._before is None:
            self.undo()
        else:
            self.status, self._before, self.negated = self._before, None, False


def _is_clause(token: Token) -> bool:
    return token.pos_ in {"VERB", "AUX"}


def _helpers(verb: Token) -> set[str]:
    return {c.lower_ for c in children(verb) if c.dep_ in {"aux", "auxpass"}}


def _is_infinitive(verb: Token) -> bool:
    return "to" in _helpers(verb)


def _is_not(token: Token) -> bool:
    """True where a word is negated: "not only" and "not until Tuesday" say that it was done."""
    ours = [c for c in children(token) if c.dep_ in {"nsubj", "nsubjpass"}]
    if not is_negated(token):
        return any(n.lower_ in {"not", "no"} for c in ours for n in children(c)) or _is_let_alone(token)
    if any(t.text in {":", ";"} for c in ours for t in c.doc[c.i : token.i]):  # the subject is that of a sentence before
        return any(c.dep_ == "neg" for c in children(token))
    if any(c.lower_ in {"until", "till"} for clause in (token, *children(token)) for c in children(clause) if c.dep_ in {"prep", "mark"}):
        return False
    return not any(c.dep_ == "neg" and c.i + 1 < len(c.doc) and c.doc[c.i + 1].lower_ in _MERELY for c in children(token))


def _is_let_alone(token: Token) -> bool:
    return [t.lower_ for t in token.doc[max(0, token.i - 2) : token.i]] == ["let", "alone"]


def _modal(verb: Token) -> str:
    words = _helpers(verb)
    if words & _MAY:
        return "hypothetical"
    if words & _WILL:
        return "planned"
    if any(c.dep_ == "aux" and (c.lower_ == "would" or (c.lower_ == "'d" and c.tag_ == "MD")) for c in children(verb)):
        return "hypothetical" if "have" in words else "would"
    if words & _CAN:
        return "hypothetical"
    return "planned" if "to" in words and verb.dep_ == "ROOT" else "asserted"


def _is_inverted(verb: Token) -> bool:
    """True for "Were they to attack", "Should they attack", "Had they attacked"."""
    first = [
        c for c in (verb, *children(verb)) if c.lower_ in {"were", "should", "had"} and (c.i == verb.i or c.dep_ in {"aux", "auxpass"})
    ]
    return any(s.dep_ in {"nsubj", "nsubjpass"} and s.i > c.i and _begins(c) for c in first for s in children(verb))


def _begins(token: Token) -> bool:
    return token.i == token.sent.start or token.nbor(-1).text in {",", '"', "“", ";", "and"}


def _is_if(verb: Token) -> bool:
    """True under "if", and under "until" where it is still to come."""
    words = {c.lower_ for c in children(verb) if c.dep_ in {"mark", "advmod"}}
    return bool(words & _IF) or (bool(words & _NOT_YET) and verb.tag_ in {"VBZ", "VBP"} and not _helpers(verb))


def _at_word(way: _Way, token: Token) -> None:
    """Adverbs and adjectives: "allegedly", "perhaps", "the planned strike"."""
    words = {c.lower_ for c in children(token) if c.dep_ in {"advmod", "amod", "acomp", "oprd"}}
    words |= {c.lower_ for w in children(token) if w.dep_ in {"amod", "acomp"} for c in children(w) if c.dep_ == "conj"}
    for kind, status in (("alleged", "claimed"), ("coming", "planned"), ("possible", "hypothetical")):
        if words & listed(kind):
            way.put(status)


def _at_verb(way: _Way, verb: Token) -> None:
    """What stands at a verb: negation, helping verbs, adverbs, "if", inversion."""
    modal = _modal(verb)
    if _is_not(verb) and (modal != "hypothetical" or _helpers(verb) & _CAN):
        way.undo()
    way.put(modal)
    if _is_if(verb) or _is_inverted(verb):
        way.put("hypothetical")
    _at_word(way, verb)


def _at_noun(way: _Way, noun: Token) -> None:
    """What stands at a noun: "no attack", "the alleged attack", "talks planned for Monday"."""
    if _is_not(noun):
        way.undo()
    _at_word(way, noun)
    if any(t.dep_ in {"acl", "relcl"} and t.lower_ in listed("coming") for t in noun.subtree):
        way.put("planned")


def _link(token: Token) -> tuple[tuple[str, ...], Token]:
    """The prepositions above a word, the nearest first, and what they hang on."""
    words, head = [], token.head
    while head.pos_ in {"ADP", "SCONJ", "PART"} and head.head.i != head.i:
        words.append(head.lower_)
        head = head.head
    return tuple(words), head


def _joined(way: _Way, verb: Token, head: Token) -> None:
    """A verb joined to another: it shares its helping verbs where it has none, and its "if"."""
    if is_kind(head, "say") and _is_said_around(verb, head):
        way.say(speakers(head))
        return
    if _is_if(head):
        way.put("hypothetical")
    mine = {c.dep_ for c in children(verb)} & {"nsubj", "nsubjpass", "aux", "auxpass"}
    if mine or (verb.tag_, head.tag_) not in {("VB", "VB"), ("VBN", "VBN"), ("VBD", "VBN")} or not _helpers(head):
        return
    way.put(_modal(head))
    if _is_not(head) and not any(c.dep_ == "cc" and c.lower_ == "but" for c in children(head)):
        way.undo()


def _is_said_around(verb: Token, said: Token) -> bool:
    """True for "Soldiers, villagers said, burned the huts" and "Soldiers came, villagers said, and burned the huts"."""
    if any(c.dep_ in {"nsubj", "nsubjpass"} for c in children(verb)):
        return False
    between = [c for c in children(said) if said.i < c.i < verb.i]
    is_set_off = any(c.text == "," for c in between)
    is_before = any(c.dep_ in {"ccomp", "dep"} and c.i < said.i for c in children(said))
    return is_set_off and (is_before or not any(c.dep_ == "cc" for c in between))


def _is_called_false(token: Token, verb: Token) -> bool:
    """True where a verb calls what hangs on it untrue: "called it a fabrication", "is not true", "it is untrue that"."""
    if verb.lemma_ not in _CALLING:
        return False
    own = {t.i for t in token.subtree}
    words = [t for t in verb.subtree if t.i not in own and t.dep_ not in {"advcl", "relcl"}]
    is_not_true = any(t.lower_ in {"true", "correct"} and is_negated(t.head) for t in words)
    return is_not_true or any(t.lower_ in listed("false") for t in words)


def _clause_under_verb(way: _Way, verb: Token, head: Token) -> None:
    if verb.dep_ == "conj":
        _joined(way, verb, head)
    elif _is_inverted(head):
        way.aside("hypothetical")
    elif verb.dep_ == "advcl" and not (_is_infinitive(verb) and is_kind(head, "demand", "promise", "plan", "wish", "refuse", "doing")):
        way.aside("planned" if _is_purpose(verb) and not way.is_aside else "asserted")
    elif verb.dep_ in {"relcl", "acl"}:
        way.is_aside = True
    elif _stands_apart(verb, head):
        way.is_apart = True
    else:
        _govern(way, verb, head)


def _stands_apart(verb: Token, head: Token) -> bool:
    """True for a sentence of its own: behind a semicolon, or loosely joined to what is no verb of speech before it."""
    if any(t.text == ";" for t in verb.doc[min(verb.i, head.i) : max(verb.i, head.i)]):
        return True
    return verb.dep_ in {"parataxis", "dep"} and not (is_kind(head, "say") and verb.i > head.i)


def _is_purpose(verb: Token) -> bool:
    return _is_infinitive(verb) and not _helpers(verb) & {"have", "be"}


def _govern(way: _Way, verb: Token, head: Token) -> None:
    """A clause that a verb governs."""
    if way.is_aside:
        _govern_aside(way, verb, head)
    elif _is_called_false(verb, head):
        way.deny(speakers(head) if head.lemma_ != "be" else ())
    elif _is_infinitive(verb):
        _govern_infinitive(way, verb, head)
    else:
        _govern_finite(way, verb, head)


def _govern_aside(way: _Way, verb: Token, head: Token) -> None:
    """What a verb above says of an act that stands aside: only whose word it is."""
    if _is_infinitive(verb) and is_kind(head, "promise", "demand"):
        if way.status != "asserted":
            way.put(way.status, speakers(head))
    elif is_kind(head, "say", "judge"):
        way.say(speakers(head))


def _apply(way: _Way, rules: Iterable[_Rule], head: Token) -> bool:
    """The first rule whose kind a word is of; False where there is none."""
    rule = next((r for r in rules if is_kind(head, r.kind)), None)
    if rule is None:
        return False
    by = () if not rule.is_word else owners(head) if head.pos_ in {"NOUN", "PROPN"} else speakers(head)
    way.put(rule.status, by)
    way.is_aside = way.is_aside or rule.is_last
    return True


def _govern_infinitive(way: _Way, verb: Token, head: Token) -> None:
    says = is_kind(head, "say", "judge")
    if says and _helpers(verb) & {"have", "be"}:  # "is said to have fired"
        way.say(speakers(head))
    elif is_kind(head, "deny"):
        way.deny(speakers(head))
    elif is_kind(head, "refuse") and head.lemma_ not in _ENDS:
        _refuse(way, head)
    elif says and not is_kind(head, "promise", "demand") and any(c.dep_ == "nsubj" for c in children(verb)):
        way.put("planned", speakers(head))  # "France to pull out, minister says"
    elif head.lemma_ == "have" and any(c.lower_ == "yet" for c in children(head)):
        way.undo()
    else:
        if not _apply(way, _INFINITIVES, head) and _is_purpose(verb) and (not is_kind(head, "doing") or _is_going_to(head)):
            way.put("planned")
        _at_verb(way, head)


def _is_going_to(verb: Token) -> bool:
    return verb.lower_ == "going" and bool(_helpers(verb) & {"is", "are", "was", "were", "'s", "'re", "be"})


def _refuse(way: _Way, head: Token) -> None:
    """What was refused or prevented ("refused to", "prevented from") was not done, unless that is negated."""
    if not _is_not(head):
        way.prevent()
    way.put(_modal(head))


def _govern_finite(way: _Way, verb: Token, head: Token) -> None:
    if _is_if(verb):
        way.put("hypothetical")
    elif is_kind(head, "deny"):
        (way.say if _is_not(head) else way.deny)(speakers(head))
    elif is_kind(head, "say", "judge"):
        _say(way, verb, head)
    elif is_kind(head, "promise", "plan"):
        way.say(speakers(head) if is_kind(head, "promise") else ())
    elif is_kind(head, "refuse") and verb.tag_ == "VBG" and head.lemma_ not in _ENDS:
        _refuse(way, head)
    elif head.lemma_ != "call" and not _apply(way, _CLAUSES, head) and is_kind(head, "doing"):
        _at_verb(way, head)
        if _is_let(head):
            way.put("hypothetical")


def _say(way: _Way, verb: Token, head: Token) -> None:
    """A clause under a verb of speech: said, not said, or demanded ("insisted that troops leave")."""
    if _is_not(head):
        way.put("hypothetical")
    elif is_kind(head, "demand") and verb.tag_ == "VB" and not _helpers(verb):
        way.put("hypothetical", speakers(head))
    else:
        way.say(speakers(head))


def _is_let(verb: Token) -> bool:
    """True for "let them go", said to somebody."""
    return verb.lemma_ == "let" and verb.tag_ == "VB" and not any(c.dep_ in {"nsubj", "aux"} for c in children(verb))


def _participle(way: _Way, verb: Token, links: tuple[str, ...], head: Token) -> None:
    """A clause under a preposition: "without firing", "accused of firing", "prevented from firing"."""
    if way.is_aside:
        if "as" in links and is_kind(head, "say", "judge"):
            way.say(speakers(head))
    elif "without" in links or _INSTEAD & {head.lower_, *links, *(c.lower_ for c in children(verb.head))}:
        way.undo()
    elif "from" in links and is_kind(head, "refuse"):
        _refuse(way, head)
    elif is_kind(head, "accuse"):
        way.say(speakers(head))
    elif _is_clause(head) and "to" in links and is_kind(head, "plan", "promise"):
        way.put("planned", speakers(head) if is_kind(head, "promise") else ())
        _at_verb(way, head)
    elif _is_clause(head) and _GOVERNED & set(links) and is_kind(head, "wish", "debate", "demand") and "for" not in links:
        way.put("hypothetical", speakers(head) if is_kind(head, "demand") else ())
    elif not _is_clause(head):
        _noun_under_noun(way, verb, links, head)
    elif "by" in links:  # "will answer by closing the border"
        way.put(_modal(head))
    elif "as" not in links:
        way.is_aside = True


def _is_content(verb: Token) -> bool:
    """True for a clause that says what a noun tells ("reports that troops left"), not which one ("reports that came")."""
    if verb.dep_ == "relcl" and not _is_infinitive(verb):
        return any(c.dep_ == "mark" for c in children(verb))
    return _is_infinitive(verb) or any(c.dep_ in {"nsubj", "nsubjpass"} for c in children(verb))


def _clause_under_noun(way: _Way, verb: Token, head: Token) -> None:
    """A clause that hangs on a noun: "reports that", "a plan to", "the army, which"."""
    if verb.dep_ == "relcl" and not _is_content(verb) and verb.doc[verb.left_edge.i - 1].text == ",":
        way.is_apart = True
    elif not way.is_aside and _is_content(verb) and _noun_governs(way, verb, head):
        return
    elif _is_purpose(verb) and not way.is_aside:
        way.aside("planned")
    else:
        way.is_aside = True


def _noun_governs(way: _Way, token: Token, noun: Token) -> bool:
    """What a noun says of the act that it speaks of ("reports of", "demands for", "plans to"); False where it says nothing of it."""
    if is_kind(noun, "plan-noun", "refuse-noun") and is_negated(noun):  # "has no plans to"
        way.undo()
    elif is_kind(noun, "plan-noun") and (_is_clause(token) or noun.lemma_ not in {"agreement", "deal", "decision"}):
        way.aside("planned", owners(noun) if is_kind(noun, "promise") else ())
    elif noun.lemma_ == "threat" and _is_clause(token):
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
        _at_word(way, noun)
    else:
        return False
    return True


def _noun_under_noun(way: _Way, noun: Token, links: tuple[str, ...], head: Token) -> None:
    if noun.dep_ == "conj" or way.is_aside:
        return
    if head.lower_ in {"event", "case"} and head.head.lower_ == "in":
        way.aside("hypothetical")
    elif head.lower_ == "contrary" or head.lower_ in _INSTEAD:
        way.deny(())
    elif is_kind(head, "part-noun") and links[:1] == ("of",):
        _at_noun(way, head)
    elif (links and not _GOVERNED & set(links)) or not _noun_governs(way, noun, head):
        way.is_aside = True


def _noun_under_verb(way: _Way, noun: Token, links: tuple[str, ...], head: Token) -> None:
    if way.is_aside:
        if way.status != "asserted" and noun.dep_ in _WITH_OBJECT and is_kind(head, "claim"):  # "announced plans to"
            way.put(way.status, speakers(head))
        return
    if _is_called_false(noun, head):
        way.deny(speakers(head) if head.lemma_ != "be" else ())
    elif links:
        _noun_under_preposition(way, noun, links, head)
    elif noun.dep_ in {"nsubj", "attr", "csubj"}:
        _subject(way, noun, head)
    elif noun.dep_ in _WITH_OBJECT:
        _object(way, head)
    else:
        way.is_aside = True


def _noun_under_preposition(way: _Way, noun: Token, links: tuple[str, ...], head: Token) -> None:
    words = set(links)
    if is_kind(head, "deny") and "as" in words:  # "dismissed as false a report"
        way.deny(speakers(head))
    elif words & {"for", "of"} and any(s.dep_ in {"nsubj", "nsubjpass"} and _noun_governs(way, noun, s) for s in children(head)):
        return  # "preparations are under way for"
    elif is_kind(head, "accuse") and words & {"of", "with", "for"}:
        way.say(speakers(head))
    elif is_kind(head, "demand") and words & {"for", "of", "against"}:
        way.aside("hypothetical", speakers(head))
    elif is_kind(head, "promise", "plan") and words & {"for", "to", "on", "with"} and not is_kind(head, "light"):
        way.put("planned", speakers(head) if is_kind(head, "promise") else ())
        _at_verb(way, head)
    elif is_kind(head, "wish") and words & {"for", "of"}:
        way.aside("hypothetical")
    elif is_kind(head, "refuse") and "from" in words:
        _refuse(way, head)
    elif is_kind(head, "light") and words & _INTO:
        _at_verb(way, head)
    else:
        way.is_aside = True


def _subject(way: _Way, noun: Token, head: Token) -> None:
    """A noun that is the subject: it shares the helping verbs of "took place", "began"; "destroyed" presupposes it."""
    if is_kind(head, "light"):
        _at_verb(way, head)
    elif head.lemma_ == "be":
        is_there = noun.dep_ == "attr" or any(c.dep_ == "expl" for c in children(head))
        (_at_verb if is_there else _at_word)(way, head)
    elif is_kind(head, "plan", "due", "coming") and not any(c.dep_ in {"dobj", "xcomp", "ccomp"} for c in children(head)):
        way.put("planned")  # the parser takes "the talks planned for Monday" for a sentence
    else:
        way.is_aside = True


def _object(way: _Way, head: Token) -> None:
    """A noun that is the object: announced, denied, planned, demanded, carried out; any other verb presupposes it."""
    if is_kind(head, "light"):
        _at_verb(way, head)
    elif head.lemma_ == "reject" and not way.is_told:
        way.aside("hypothetical")
    elif is_kind(head, "deny"):
        (way.say if _is_not(head) else way.deny)(speakers(head))
    elif is_kind(head, "claim"):
        way.put("hypothetical") if _is_not(head) and way.status == "asserted" else way.say(speakers(head))
    elif is_kind(head, "avert"):
        _refuse(way, head)
    elif not _apply(way, _OBJECTS, head):
        way.is_aside = True
    elif not way.is_aside:
        _at_verb(way, head)


def _under_adjective(way: _Way, token: Token, head: Token) -> None:
    if way.is_aside or token.dep_ in {"advcl", "conj"}:
        way.is_aside = way.is_aside or token.dep_ == "advcl"
    elif head.lower_ in _INSTEAD:
        way.undo()
    elif head.lower_ == "contrary" or head.lower_ in listed("false"):
        way.deny(())
    elif head.lower_ in listed("unable"):
        way.undo()
    elif head.lower_ in listed("due"):
        way.put("planned")
    elif head.lower_ in listed("possible"):
        way.put("hypothetical")
    elif not _is_clause(token):
        way.is_aside = True


def _is_misread(token: Token, noun: Token) -> bool:
    """True for "accused of bombing schools", which the parser takes for schools of a kind."""
    return token.dep_ in {"amod", "compound"} and token.text.endswith("ing") and noun.dep_ == "pobj" and token.i == noun.head.i + 1


def _step(way: _Way, token: Token) -> Token:
    """One step up; the word above."""
    links, head = _link(token)
    if _is_misread(token, head):
        return head
    if head.pos_ in {"ADJ", "ADV"}:
        _under_adjective(way, token, head)
    elif token.pos_ in {"ADJ", "ADV"}:
        if _is_clause(head) and not way.is_aside and token.dep_ in {"acomp", "oprd"}:
            _at_verb(way, head)
    elif _is_clause(token):
        if links:
            _participle(way, token, links, head)
        else:
            (_clause_under_verb if _is_clause(head) else _clause_under_noun)(way, token, head)
    elif _is_clause(head):
        _noun_under_verb(way, token, links, head)
    else:
        _noun_under_noun(way, token, links, head)
    return head


def _climb(way: _Way, trigger: Token) -> None:
    token = trigger
    (_at_verb if _is_clause(token) else _at_noun)(way, token)
    while not way.is_apart:
        if _is_clause(token) and (by := beside(token, trigger)) is not None:
            way.say(by)
        if token.head.i == token.i:
            break
        token = _step(way, token)


def read(trigger: Token, around: Frame) -> Status:
    """Status of the event that a trigger reports, in the frame of its sentence."""
    way = _Way()
    _climb(way, trigger)
    if not way.speakers:
        for by in (account(trigger, around.according), quotation(trigger), around.heading or None):
            if by is not None:
                way.say(by)
    if around.is_question and not way.is_aside:
        way.put("hypothetical")
    return Status("hypothetical" if way.status == "would" else way.status, way.speakers, way.negated)
