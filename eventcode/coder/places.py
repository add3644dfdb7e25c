"""Where an event took place, as the text says it: not where it was reported from, nor where those sit who speak."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from eventcode.coder.gazetteer import COUNTRY, LONGEST, Place, capital, choose, country_place, distance, key, places
from eventcode.coder.status import is_report
from eventcode.coder.syntax import children, clause, entity, sentence_start, text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_IN = set("in at between near outside inside across around throughout along within over off on amid through above beneath".split())
_TO = {"to", "into", "toward", "towards", "onto"}
_FROM = {"from"}
_OF = {"of", "on", "against", "for"}
_BY = {"near", "outside", "around", "off"}
_COMPASS = set(
    "north south east west northeast northwest southeast southwest northern southern eastern western northeastern northwestern southeastern southwestern central".split()
)
_EDGE = _COMPASS | {
    "outskirts",
    "outside",
    "edge",
    "suburb",
    "suburbs",
    "vicinity",
    "kilometers",
    "kilometres",
    "miles",
    "km",
    "close",
    "away",
}
_UNITS = {
    4: set("province provinces oblast region regions state states governorate governorates prefecture department departments krai".split()),
    3: set("district districts county counties municipality raion rayon commune subdistrict tehsil canton territory".split()),
    5: set("valley front frontline border line river mountains mountain desert peninsula basin delta highway road corridor coast enclave pass".split()),
    1: set("airport airfield base port prison square hospital camp village town city neighborhood neighbourhood suburb market mosque church university".split()),
}  # fmt: skip
_UNIT = {word: precision for precision, words in _UNITS.items() for word in words}
_WHOLE = {
    "city",
    "town",
    "village",
    "capital",
    "port",
    "region",
    "province",
    "state",
    "district",
    "area",
    "suburb",
    "stronghold",
    "enclave",
    "part",
    "parts",
    "heart",
    "center",
    "centre",
    "streets",
}
_TIES = {"compound", "poss", "appos", "conj", "nmod", "amod", "flat"}
_SPOKEN = {"01", "02", "03", "09", "10", "11", "12", "13", "16"}
"""Roots of acts that happen where they are uttered, if anywhere."""
ACTED = {"14", "15", "17", "18", "19", "20"}
"""Roots of deeds, which happen somewhere."""
_HURTING = {"15", "17", "18", "19", "20"}
"""Roots of acts that happen where those are whom they hit."""
_MOTION = set(
    "travel visit go come fly arrive deploy send dispatch march move advance push enter return head trip withdraw pull retreat flee evacuate leave drop launch".split()
)
_SMALL = set("al el ar as ad an at az ez es de del la le los las el da do di du des au aux sur of the on and y e".split())
"""Words that are small in the names of places."""
_DRIVE = set("drive expel oust evict push force dislodge clear flush chase".split())
_DATELINE = 8
_CLOSE, _FAR = 3, 9
_STATE = 600.0
"""Kilometres from the middle of a state within which its towns lie."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A name of a place in a text.

    Attributes:
        start: First token.
        end: Token after the last one.
        found: The places that bear the name.
    """

    start: int
    end: int
    found: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Tie:
    """How a place hangs in its sentence: under which preposition, on which word; whether the text only says that it was near."""

    preposition: str
    on: Token
    role: str
    is_near: bool


def _is_name(doc: Doc, start: int, end: int) -> bool:
    """True where words may name a place: not in the name of a person or body that is longer, nor in a date."""
    words = doc[start:end]
    if not all(t.text[0].isupper() or not t.is_alpha or t.text in _SMALL for t in words):
        return False
    if words[0].text.isupper() and len(words[0].text) < 4:
        return False
    last, head = words[-1], words[-1].head
    if last.dep_ == "compound" and head.pos_ == "PROPN" and head.i == end and head.lower_ not in _UNIT:  # "Paris Hilton"
        return False
    named_by, label = entity(words[0]), words[0].ent_type_
    if named_by is None:
        return words[-1].pos_ == "PROPN"
    if label in {"DATE", "TIME", "MONEY", "CARDINAL", "ORDINAL", "LANGUAGE"}:
        return words[-1].pos_ == "PROPN" and named_by.end <= end
    if label in {"PRODUCT", "EVENT", "WORK_OF_ART", "LAW"} and words[-1].dep_ == "pobj" and words[-1].pos_ == "PROPN":
        return True
    if label in {"PERSON", "ORG", "NORP", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW"}:
        named = [t for t in named_by if t.pos_ in {"PROPN", "NOUN", "ADJ"} and t.tag_ != "POS"]
        inner = [t for t in named if start <= t.i < end]
        beyond = [t for t in named if t not in inner and t.lower_ not in _UNIT and t.lower_ not in _COMPASS]
        return not beyond
    return True


def _is_dateline(doc: Doc, start: int, end: int) -> bool:
    """True for the town before "(AP) -" at the head of a text."""
    if start > _DATELINE:
        return False
    after = [t.text for t in doc[end : end + 6]]
    return (any(t in {"-", "—", "–", "--"} for t in after[:1]) and doc[start].text.isupper()) or (
        "(" in after[:3] and any(t in {"-", "—", "–", "--"} for t in after)
    )


def spots(doc: Doc, countries: Mapping[int, tuple[int, int, str]], barred: Container[int] = ()) -> list[Spot]:
    """The names of places in a text, the longest at each word.

    Args:
        doc: The parse.
        countries: By the first word of each name of a country, its first word, the word behind it, and its code.
        barred: Words of names that are no places.
    """
    known, found, at = places(), [], 0
    written, text = [token.text for token in doc], text_of(doc)
    begins = [token.idx for token in doc]
    while at < len(doc):
        spot = None
        if written[at][0].isupper() or (written[at] in _SMALL and at + 2 < len(doc) and written[at + 1] == "-"):
            for end in range(min(len(doc), at + LONGEST), at, -1):
                last = written[end - 1]
                hit = known.get(key(text[begins[at] : begins[end - 1] + len(last)])) if last[0].isalnum() else None
                if hit and at not in barred and _is_name(doc, at, end) and not _is_dateline(doc, at, end):
                    spot = Spot(at, end, hit)
                    break
        named = countries.get(at)
        if named is not None and (spot is None or named[1] >= spot.end) and doc[at].ent_type_ != "PERSON":
            spot = Spot(named[0], named[1], (country_place(named[2]),))
        if spot is not None:
            found.append(spot)
        at = spot.end if spot is not None else at + 1
    return found


def _tie(token: Token) -> _Tie:
    """What a place hangs on, through "the city of", "the outskirts of" and "Kharkiv region"."""
    near, role = False, ""
    for _ in range(8):
        while token.dep_ in _TIES and token.head.i != token.i and token.head.pos_ in {"NOUN", "PROPN"}:
            token = token.head
        if token.dep_ == "pobj" or token.head.pos_ == "ADP" or (token.dep_ == "pcomp" and token.head.dep_ == "prep"):
            preposition, above = token.head, token.head.head
            while above.pos_ == "ADP" and above.head.i != above.i and preposition.lower_ == "of":  # "outside of"
                preposition, above = above, above.head
            near = near or preposition.lower_ in _BY
            if (
                above.lower_ in _EDGE
                and above.dep_ in {"pobj", "advmod", "npadvmod", "dobj", "prep", "nmod", "attr", "conj"}
                and preposition.lower_ in {"of", "from", "to"}
            ):
                near = True
                if above.dep_ == "pobj":
                    token = above
                    continue
                return _Tie("near", above.head, role, near)
            if preposition.lower_ == "of" and (
                above.lower_ in _WHOLE
                or (above.pos_ == "NOUN" and (above.dep_ in {"dobj", "nsubjpass"} or (above.dep_ == "pobj" and above.head.lower_ in _IN)))
            ):
                token = above
                continue
            return _Tie(preposition.lower_, above, role, near)
        return _Tie("", token.head, token.dep_, near)
    return _Tie("", token.head, token.dep_, near)


def _rank(tie: _Tie, trigger: Token, root: str, token: Token) -> int:
    """How closely a place belongs to a trigger: 0 most, `_FAR` not at all."""
    verb = clause(trigger)
    if any(t.lower_ == "according" for t in (tie.on, *tie.on.ancestors)):
        return _FAR
    if _is_located(tie, trigger, root, verb):
        return _spoken_there(tie.on, trigger, verb) if root in _SPOKEN else _done_there(tie.on, trigger, verb)
    return _hit(tie, trigger, root, token, verb)


def _is_located(tie: _Tie, trigger: Token, root: str, verb: Token) -> bool:
    """True where the words before a place say that something is there, or moves there or from there."""
    on = tie.on.lemma_.lower()
    if tie.preposition in _IN | {"near"}:
        return True
    if tie.preposition in _TO:
        return on in _MOTION or trigger.lemma_.lower() in _MOTION or root in _HURTING | {"07"}
    if tie.preposition in {"from", "out"} and on in _DRIVE and tie.on.i == verb.i:
        return True
    return tie.preposition in _FROM and root in {"08", "17"} and (on in _MOTION or tie.on.i == trigger.i)


def _spoken_there(on: Token, trigger: Token, verb: Token) -> int:
    """The rank of a place for what is uttered: only where it hangs on the uttering itself."""
    joined = verb.i in {trigger.i, trigger.head.i} and on.i in {verb.i, verb.head.i if verb.dep_ == "conj" else verb.i}
    return 0 if on.i == trigger.i else 1 if joined else _FAR


def _done_there(on: Token, trigger: Token, verb: Token) -> int:
    if on.i == trigger.i:
        return 0
    if trigger.is_ancestor(on) and clause(on).i in {trigger.i, verb.i}:
        return 1
    if on.i == verb.i or clause(on).i == verb.i:
        return _FAR if is_report(verb) and trigger.i != verb.i == on.i else 2
    return _beside(on, verb)


def _hit(tie: _Tie, trigger: Token, root: str, token: Token, verb: Token) -> int:
    """The rank of a place that is itself what is hit, held or visited."""
    if tie.preposition in _OF and tie.on.i == trigger.i and root in _HURTING | {"14"}:
        return 1
    is_object = not tie.preposition and tie.role in {"dobj", "nsubjpass"}
    if is_object and tie.on.i == verb.i and (root in _HURTING or (root == "04" and verb.lemma_ == "visit")):
        return 2
    if root in _HURTING and not tie.preposition and token.dep_ in {"compound", "poss", "nmod"} and token.head.i == trigger.i:
        return 3
    return 4 if is_object and root in _HURTING and clause(tie.on).i == verb.i else _FAR


def _beside(on: Token, verb: Token) -> int:
    """The rank of a place in another clause of the sentence, by how the two clauses hang together."""
    other = clause(on)
    if verb.is_ancestor(other):
        joined = other.dep_ in {"advcl", "conj", "acl", "xcomp", "relcl"} and not any(
            c.dep_ in {"nsubj", "nsubjpass"} for c in children(other)
        )
        return 3 if joined else 6
    if other.is_ancestor(verb):
        if is_report(other) and on.i > other.i:
            return _FAR
        return 4 if verb.dep_ in {"advcl", "conj", "acl", "xcomp", "relcl", "ccomp"} else 5
    return 6


class Places:
    """The places of one parsed paragraph.

    Args:
        doc: The parse.
        countries: By the first word of each name of a country (also as an adjective), its first word, the word behind it, its code, and whether it is an adjective.
        about: Countries of which the article speaks, those named most first.
        barred: Words of names that are no places.
    """

    def __init__(
        self, doc: Doc, countries: Iterable[tuple[int, int, str, bool]], about: Sequence[str] = (), *, barred: Container[int] = ()
    ) -> None:
        self.doc, self.about = doc, about
        named = list(countries)
        self.countries = {end - 1: code for _, end, code, _ in named}
        self.spots = spots(doc, {start: (start, end, code) for start, end, code, is_adjective in named if not is_adjective}, barred)
        self._heads = {spot.start: doc[spot.start : spot.end].root for spot in self.spots}
        self._within: dict[int, list[Spot]] = {}
        for spot in self.spots:
            self._within.setdefault(sentence_start(self._heads[spot.start]), []).append(spot)

    def where(self, trigger: Token, root: str) -> Place | None:
        """Where the event took place that a trigger reports.

        Args:
            trigger: The word.
            root: Root of the event's action: what is said happens where it is said, what hurts happens where it hits.

        Returns:
            The place, its precision as the text gives it; None where the text tells none.
        """
        ranked = []
        for spot in self._within.get(sentence_start(trigger), ()):
            head = self._head(spot)
            if spot.start <= trigger.i < spot.end:
                continue
            tie = _tie(head)
            rank = _rank(tie, trigger, root, head)
            is_actor = rank in {2, 4} and not tie.preposition and spot.found[0].precision == COUNTRY and root in {"15", "17", "04"}
            if rank < _FAR and not is_actor:
                ranked.append(((rank > _CLOSE, self._is_wide(spot), rank, abs(head.i - trigger.i)), spot, tie))
        for _, spot, tie in sorted(ranked, key=lambda r: r[0]):
            if (place := self._place(spot, tie)) is not None:
                return place
        if (place := self._capital(trigger, root)) is None and root in _SPOKEN and trigger.tag_ == "VBG" and trigger.dep_ == "advcl":
            return self.where(trigger.head, "14")  # "marched in Cairo, calling for his resignation"
        return place

    def _is_wide(self, spot: Spot) -> bool:
        """True for a country or a part of one, beside which a town says more."""
        return all(p.precision in {5, COUNTRY} for p in spot.found) or bool(self._part(spot))

    def _head(self, spot: Spot) -> Token:
        return self._heads[spot.start]

    def _near(self, spot: Spot) -> set[str]:
        """Countries named right beside a place: "Tripoli, Lebanon", "Lebanon's Tripoli", "the Syrian town of Azaz"."""
        after = [i for i in range(spot.end, min(spot.end + 4, len(self.doc))) if i in self.countries]
        if after and self.doc[spot.end].text == ",":
            return {self.countries[after[0]]}
        head = self._head(spot)
        home = head.head.head if head.dep_ == "pobj" and head.head.lower_ == "of" else head
        own = [t for t in (*children(head), *children(home)) if t.i in self.countries and t.i < spot.start]
        return {self.countries[t.i] for t in own if t.dep_ in {"poss", "amod", "compound", "nmod"}}

    def _state_after(self, spot: Spot) -> Place | None:
        """The state or province named behind a town: "Paris, Texas"."""
        if spot.end < len(self.doc) and self.doc[spot.end].text == ",":
            return next((p for s in self.spots if s.start == spot.end + 1 for p in s.found if p.precision in {3, 4}), None)
        return None

    def _place(self, spot: Spot, tie: _Tie) -> Place | None:
        unit = self._unit(spot)
        options = (
            [p for p in spot.found if p.precision == unit] or list(spot.found)
            if unit in {3, 4}
            else [p for p in spot.found if p.precision != 3] or list(spot.found)
        )
        if not unit and any(p.precision == 1 for p in options) and not any(p.precision > 3 and not p.population for p in options):
            options = [p for p in options if p.precision == 1]
        sentence = self.doc[spot.start].sent
        here = [code for i, code in self.countries.items() if sentence.start <= i < sentence.end]
        near = self._near(spot)
        if (state := self._state_after(spot)) is not None:
            options = [p for p in options if p.country == state.country and distance(p, state) < _STATE] or options
            options.sort(key=lambda p: distance(p, state))
            return replace(options[0], precision=2) if tie.is_near else options[0]
        about = (here, self.about)
        if (
            options[0].precision == COUNTRY and options[0].country not in self.about
        ):  # the state of Georgia, in an article on the United States
            options = [p for p in places().get(key(options[0].name), ()) if p.country in self.about and p.precision == 4] or options
        place = choose(options, called=self.doc[spot.start : spot.end].text, near=near, about=about)
        if place is None:
            return None
        name = place.name
        if unit in {3, 4} and place.precision == 1:
            place = replace(place, precision=unit)
        elif unit == 5 and place.precision in {1, 3, 4}:
            place = replace(place, precision=5)
        if (part := self._part(spot)) and place.precision >= 4:
            place = replace(place, name=f"{part} {name}", precision=5)
        if tie.preposition == "between":
            return replace(place, precision=max(place.precision, 5))
        return replace(place, precision=2) if tie.is_near and place.precision == 1 else place

    def _unit(self, spot: Spot) -> int:
        """What kind of unit the words beside a name say that it is; 0 where they say nothing."""
        head = self._head(spot)
        beside = [head.head] if head.dep_ in {"compound", "nmod", "amod", "poss"} and head.head.i <= spot.end + 1 else []
        if head.dep_ == "pobj" and head.head.lower_ == "of":
            beside.append(head.head.head)
        if spot.end < len(self.doc):
            beside.append(self.doc[spot.end])
        return next((_UNIT[t.lower_] for t in beside if t.lower_ in _UNIT), 0)

    def _part(self, spot: Spot) -> str:
        """The "northern" of "northern Syria" and the "north" of "the north of Syria"."""
        before = self.doc[spot.start - 1] if spot.start else None
        if before is not None and before.lower_ in _COMPASS:
            return before.text
        head = self._head(spot)
        whole = head.head.head if head.dep_ == "pobj" and head.head.lower_ == "of" else None
        return whole.text if whole is not None and whole.lower_ in _COMPASS and whole.dep_ == "pobj" else ""

    def _capital(self, trigger: Token, root: str) -> Place | None:
        """The town that "the Afghan capital" or "the capital" stands for."""
        for token in trigger.sent:
            if (
                token.lower_ != "capital"
                or token.dep_ not in {"pobj", "dobj", "nsubjpass"}
                or _rank(_tie(token), trigger, root, token) >= _FAR
            ):
                continue
            own = [self.countries[c.i] for c in children(token) if c.i in self.countries]
            country = own[0] if own else self.about[0] if self.about else None
            if country and (place := capital(country)):
                tie = _tie(token)
                return replace(place, precision=2) if tie.is_near else place
        return None
