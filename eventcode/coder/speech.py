"""Whose word a text gives - who says, who is quoted, whose quotation is still open - and the account of an act that is gathered from it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from eventcode import resources
from eventcode.coder.syntax import antecedent, children, clause, conjuncts, is_negated, is_passive, objects, subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.tokens import Doc, Token

_ACCOUNTS = {"account", "accounts", "telling", "version", "words"}
_OPENING, _CLOSING, _EITHER = {"“", "``", "„", "«"}, {"”", "''", "»"}, '"'
_MARKS = _OPENING | _CLOSING | {_EITHER}
_SCARE = 3
"""Words that an author sets in quotation marks without quoting a sentence."""
_QUOTING = {"cite", "quote"}
_LONGEST = 45
"""Words of a quotation; what is longer has lost its end."""
_NAMES = {"ORG", "PERSON"}
_HEADING = 7
"""Words before the colon of "Lebanese army: patrol crossed the fence"."""
_CALLING = frozenset("be brand call denounce describe dismiss label reject say".split())
_FAR = {"asserted": 0, "claimed": 1, "planned": 2, "would": 3, "hypothetical": 4, "denied": 5}
"""How far from fact; "would" is what is planned in somebody's words ("said that it would") and else hypothetical."""


class Way:
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


@cache
def listed(kind: str) -> frozenset[str]:
    """The words of a kind in `schema/attribution.csv`."""
    return frozenset(row["word"] for row in resources.rows("attribution") if row["kind"] == kind)


@cache
def _phrases() -> frozenset[str]:
    return frozenset(row["word"] for row in resources.rows("attribution") if " " in row["word"])


def is_kind(token: Token, *kinds: str) -> bool:
    """True where the word, or it with its particle ("call off"), is of one of the kinds; spaCy's lemma of "hoped", "staged" has lost its "e"."""
    lemma = token.lemma_.lower()
    phrases = {f"{lemma} {c.lower_}" for c in children(token) if c.dep_ == "prt"} & _phrases()
    words = phrases or {lemma, lemma + "e"}
    return any(words & listed(kind) for kind in kinds)


def speakers(verb: Token) -> tuple[Token, ...]:
    """Who says what a verb of speech says; of two subjects ("the rebels, said the army, must go") the one that stands with it."""
    if cited := _cited(verb):
        return tuple(cited)
    if verb.tag_ == "VBN" and verb.dep_ == "advcl" and not any(c.dep_ == "aux" for c in children(verb)):  # "Asked whether ..."
        return ()
    if verb.dep_ == "pcomp" and verb.head.lower_ == "as" and verb.head.head.lemma_ in _QUOTING:  # "quoted the army as saying"
        return tuple(objects(verb.head.head))
    own = [c for c in children(verb) if c.dep_ == "nsubj"]
    if not own and any(c.dep_ == "ccomp" and c.i < verb.i for c in children(verb)):  # "..., complained the minister"
        own = [c for c in children(verb) if c.dep_ == "dobj" and c.i > verb.i]
    return tuple(conjuncts([antecedent(own[-1])])) if own and not is_passive(verb) else tuple(subjects(verb))


def _cited(verb: Token) -> list[Token]:
    """Whom a speaker names as the source: "Reuters, citing the ministry, reported"."""
    around = [*children(verb), *(c for s in children(verb) if s.dep_ == "nsubj" for c in children(s))]
    return [source for c in around if c.tag_ == "VBG" and c.lemma_ in _QUOTING for source in objects(c)]


def owners(noun: Token) -> tuple[Token, ...]:
    """Whose report, demand or promise a noun is: "Armenia's claim", "a claim by Armenia"."""
    mine = [c for c in children(noun) if c.dep_ == "poss"]
    mine += [p for c in children(noun) if c.lower_ in {"by", "from"} for p in children(c) if p.dep_ == "pobj"]
    return tuple(conjuncts(mine))


def beside(verb: Token, trigger: Token) -> tuple[Token, ...] | None:
    """Who speaks in a clause that only stands beside the trigger's: "the army said", "as Armenia tells it"; None where there is none."""
    within = [c for s in children(verb) if s.dep_ in {"nsubj", "nsubjpass"} for c in children(s)]
    for child in (*children(verb), *within):
        if child.i == trigger.i or child.is_ancestor(trigger):
            continue
        if is_kind(child, "say", "judge") and (_is_as(child) or (_is_inserted(child) and speakers(child))):
            return speakers(child)
    return None


def _is_inserted(verb: Token) -> bool:
    """True for a verb of speech that is set off by commas, has its own subject, and says nothing but what stands around it."""
    if any(c.dep_ in {"ccomp", "xcomp"} for c in children(verb)) or any(c.tag_ in {"WDT", "WP"} for c in children(verb)):
        return False
    has_subject = any(c.dep_ == "nsubj" for c in children(verb))
    if verb.dep_ in {"appos", "relcl", "acl"}:
        return (
            has_subject
            and verb.doc[verb.left_edge.i - 1].text == ","
            and verb.doc[min(verb.right_edge.i + 1, len(verb.doc) - 1)].text == ","
        )
    if verb.dep_ == "conj":
        return has_subject and not any(c.dep_ == "cc" and c.i < verb.i for c in children(verb.head))
    return verb.dep_ == "parataxis"


def _is_as(verb: Token) -> bool:
    return verb.dep_ == "advcl" and any(c.dep_ in {"mark", "advmod"} and c.lower_ == "as" for c in children(verb)) and _is_whole(verb)


def _is_whole(verb: Token) -> bool:
    """True where a verb after "as" says the sentence itself, and nothing else."""
    said = [c for c in children(verb) if c.dep_ in {"dobj", "ccomp", "xcomp"}]
    return all(c.lower_ == "it" for c in said) and not is_passive(verb)


def is_said_around(verb: Token, said: Token) -> bool:
    """True for "Soldiers, villagers said, burned the huts" and "Soldiers came, villagers said, and burned the huts"."""
    if any(c.dep_ in {"nsubj", "nsubjpass"} for c in children(verb)):
        return False
    between = [c for c in children(said) if said.i < c.i < verb.i]
    is_set_off = any(c.text == "," for c in between)
    is_before = any(c.dep_ in {"ccomp", "dep"} and c.i < said.i for c in children(said))
    return is_set_off and (is_before or not any(c.dep_ == "cc" for c in between))


def is_called_false(token: Token, verb: Token) -> bool:
    """True where a verb calls what hangs on it untrue: "called it a fabrication", "is not true", "it is untrue that"."""
    if verb.lemma_ not in _CALLING:
        return False
    if verb.lemma_ == "say" and not any(s.lower_ == "it" for c in children(verb) if c.lemma_ == "be" for s in children(c)):
        return False
    own = {t.i for t in token.subtree}
    words = [t for t in verb.subtree if t.i not in own and t.dep_ not in {"advcl", "relcl"}]
    is_not_true = any(t.lower_ in {"true", "correct"} and is_negated(t.head) for t in words)
    return is_not_true or any(t.lower_ in listed("false") for t in words)


def accounts(sentence: Sequence[Token]) -> Iterator[Token]:
    """The words that give the sentence as somebody's account: "according to", "in the words of", "by the account of"."""
    for token in sentence:
        if token.lower_ == "according" or (token.lower_ in _ACCOUNTS and token.head.lower_ in {"by", "in"} and _told_by(token)):
            yield token


def _told_by(token: Token) -> list[Token]:
    link = "to" if token.lower_ == "according" else "of"
    of = [p for c in children(token) if c.lower_ == link for p in children(c) if p.dep_ == "pobj"]
    return conjuncts(of or (c for c in children(token) if c.dep_ == "poss"))


def account(trigger: Token, known: Iterable[Token]) -> tuple[Token, ...] | None:
    """Whose account it is, where that is told in the trigger's clause or in one above it; None where it is nobody's."""
    own = clause(trigger)
    clauses = {own.i, *(t.i for t in own.ancestors)}
    return next((tuple(_told_by(token)) for token in known if clause(token.head).i in clauses), None)


def heading(sentence: Sequence[Token]) -> tuple[Token, ...]:
    """Who speaks at the head of a headline: "Lebanese army: patrol crossed the fence"."""
    colon = next((n for n, token in enumerate(sentence[: _HEADING + 1]) if token.text == ":"), 0)
    before = sentence[:colon]
    if not before or any(t.pos_ in {"VERB", "AUX", "PUNCT"} for t in before):
        return ()
    last = before[-1]
    return (last,) if last.lower_ in listed("voice") or (last.pos_ == "PROPN" and last.ent_type_ in _NAMES) else ()


def _quotes(doc: Doc) -> list[tuple[int, int]]:
    """First and last place of each quotation of a text; one that is not closed goes to the end."""
    kept = doc.user_data
    if "quotes" not in kept:
        kept["quotes"] = list(_pairs(doc))
    found: list[tuple[int, int]] = kept["quotes"]
    return found


def _pairs(doc: Doc) -> Iterator[tuple[int, int]]:
    """Quotations; one that is opened again (as at each paragraph of a long one) ends there, and an endless one is none."""
    start: int | None = None
    for token in doc:
        if token.text not in _MARKS:
            continue
        if _opens(token):
            start = token.i
        elif _closes(token) and start is not None:
            if token.i - start <= _LONGEST:
                yield start, token.i
            start = None
    if start is not None and len(doc) - start <= _LONGEST:
        yield start, len(doc)


def _opens(token: Token) -> bool:
    is_left = token.i == 0 or bool(token.nbor(-1).whitespace_) or token.nbor(-1).is_left_punct
    return token.text in _OPENING or (token.text == _EITHER and is_left and not token.whitespace_)


def _closes(token: Token) -> bool:
    return token.text in _CLOSING or token.text == _EITHER


def quotation(trigger: Token) -> tuple[Token, ...] | None:
    """Who speaks in the quotation in which a word stands, by the words behind it, else by those before it; None outside of one."""
    doc = trigger.doc
    for start, end in _quotes(doc):
        if start < trigger.i < end and end - start > _SCARE + 1:
            behind = doc[end].sent.end if end < len(doc) else end
            verbs = _speech(doc, end, behind) or _speech(doc, doc[start].sent.start, start)[::-1] or _before(doc, doc[start].sent.start)
            return _says(verbs[0]) if verbs else None
    return None


def _before(doc: Doc, place: int) -> list[Token]:
    """The verbs of speech in the sentence before a place, the last one first."""
    return _speech(doc, doc[place - 1].sent.start, place)[::-1] if place else []


def _speech(doc: Doc, first: int, last: int) -> list[Token]:
    """The verbs of speech between two places, those in quotations left out."""
    quotes = _quotes(doc)
    return [t for t in doc[first:last] if t.pos_ == "VERB" and is_kind(t, "say") and not any(a < t.i < b for a, b in quotes)]


def _says(verb: Token) -> tuple[Token, ...]:
    """Who says it, also where the parser takes "a villager recalled" for a villager who is recalled."""
    is_misread = verb.dep_ == "acl" and verb.head.i == verb.i - 1
    return (verb.head,) if is_misread else speakers(verb)
