"""From a noun in a sentence to the code of the actor that it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from eventcode.coder import referents
from eventcode.coder.homes import AMERICAN, Somebody, home
from eventcode.coder.lists import OF_ENTITIES
from eventcode.coder.memory import ARMED, Memory, Mention, most_named
from eventcode.coder.names import Entry, Lists, find, load, on_day, recognised
from eventcode.coder.status import is_report
from eventcode.coder.syntax import antecedent, children, clause, conjuncts, entity, prepositional, subjects
from eventcode.model import grammar

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

LONGEST_AGENT = 6
_TITLE = {"compound", "nmod", "amod"}
_LEFT = {"amod", "compound", "nmod", "poss", "nummod", "det", "quantmod"}
_GENERIC = {"country", "nation", "state", "republic"}
_TWO = {"both", "two", "each", "either", "neither", "warring", "opposing", "rival", "conflicting", "all"}
_SIDES = {"side": "", "party": "", "country": "", "nation": "", "state": "", "neighbour": "", "neighbor": "", "rival": "", "government": "GOV",
          "leader": "GOV", "president": "GOV", "minister": "GOV", "army": "MIL", "military": "MIL"}  # fmt: skip
_ABROAD = {"international", "foreign", "world", "global", "migrants", "migrant", "refugees", "refugee", "asylum", "expatriates", "aid"}
"""Words of those who need not belong to the country that an article is about."""
_MASS = {"", "MED", "CVL"}
"""Roles whose nouns speak of people at large, even with "the"."""
_FAMILY = {"wife", "husband", "widow", "brother", "sister", "parent", "father", "mother", "cousin", "uncle", "relative", "family"}
_FOREIGN = {"neighbor", "neighbour", "ally", "rival", "enemy", "foe", "adversary", "partner", "victim", "survivor"}
"""Nouns that are not of the country that they belong to: "its neighbours", "victims of a Taliban attack"."""
_QUANTITIES = set(
    "thousands hundreds dozens scores tens millions handful majority most many some several number hundred thousand half".split()
)
"""Nouns that only count the people that follow: "thousands of demonstrators"."""
_PLACED = {"in", "at", "near", "outside", "inside", "across", "around", "throughout"}
_FORMER = {"former", "ex", "ousted", "deposed", "late"}
_OFFICES = {"GOV", "MIL", "LEG", "JUD", "COP", "SPY"}
_INSTITUTIONS = {"ministry", "government", "parliament", "cabinet", "army", "military"}
"""What "the" makes that of the one country spoken of."""
_ENTITIES = {"PERSON": "person", "ORG": "body", "NORP": "people", "GPE": "country"}
_UNIFORMED = frozenset("officer sergeant patrol recruit".split())
"""Nouns of the army that are the police's where an article tells of police and of no army; so is "the force", and an officer also where it tells of both."""
_SPEAKING = {"i", "we", "us"}
_PERSONAL = {"he", "she", "him", "her", "his"}


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor found in a text.

    Attributes:
        code: Actor code; None where the words name nobody in the lists.
        start: First token of the words that name it.
        end: Token after the last one.
        how: What the code rests on: "name", "agent", "modifier", "place", "object", "pronoun", "reference", "context" or "unknown".
        head: The noun itself.
        named_in: Number of the sentence that names it, where these words only refer to it.
    """

    code: str | None
    start: int
    end: int
    how: str
    head: int
    named_in: int | None = None


def _home(code: str) -> str:
    """What belongs to an actor belongs to its country, or to its group."""
    country, own = grammar.country(code), grammar.chunks(code)[1:]
    return country if country and all(c in grammar.roles() for c in own) and not ARMED & set(own) else code


class Actors:
    """The actors of one parsed paragraph.

    Args:
        doc: The parse.
        day: Day on which names and offices are read; None where it is not known.
        memory: What the article has named before this paragraph.
        first: Number of the sentences before this paragraph.
        begin: Number of the words before this paragraph.
        lists: The lists of actors; the project's own where not given.
    """

    def __init__(
        self, doc: Doc, day: date | None, memory: Memory | None = None, first: int = 0, *, begin: int = 0, lists: Lists | None = None
    ) -> None:
        self.doc = doc
        self.lists = lists or load()
        self._sought: set[int] = set()
        self._open: set[int] = set()
        self._told = referents.Told()
        self._homes: dict[tuple[int, str], str | None] = {}
        self.begin = begin
        self._referents: dict[int, int] = {}
        self.memory = memory or Memory()
        self.first = first
        self.sentences = [sentence for sentence in doc.sents if any(not t.is_space for t in sentence)]
        self._sentence = {token.i: first + n for n, sentence in enumerate(self.sentences, start=1) for token in sentence}
        self._lower = [token.lower_ for token in doc]
        self._found = find(doc, self.lists)
        self._agents = {token.i: hit for token in doc if (hit := self._agent_ending_at(token))}
        self._names = self._names_on(day)
        self._on: dict[date, Actors] = {}
        self._entities = doc.ents
        self._dated = {t.i for span, groups in self._found if any(e.valid_from or e.valid_to for g in groups for e in g) for t in span}

    def _names_on(self, day: date | None) -> dict[int, tuple[int, int, Entry]]:
        """By each word of a name, its first word, the word behind it, and what it stands for on a day."""
        read: dict[int, tuple[int, int, Entry]] = {}
        self.memory.full |= {span[-1].text for span, groups in self._found if len(span) > 1 and groups[0][0].kind == "persons"}
        for span, entry in on_day(self._found, day):
            if self._is_in_person(span, entry) or self._is_cause(span) or self._is_in_agent(span):
                continue
            if entry.kind == "peoples" and span.end < len(self.doc) and self.doc[span.end].text == "-":  # "Tamil-speaking"
                continue
            if entry.kind == "persons" and len(span) == 1 and (span.text in self.memory.others or self._has_other_first_name(span[0])):
                if span.text not in self.memory.full:
                    self.memory.others.add(span.text)
                continue
            read |= {token.i: (span.start, span.end, entry) for token in span}
        return read

    def _is_in_person(self, span: Span, entry: Entry) -> bool:
        """True where a country or town is somebody's name: Michael Jordan, Paris Hilton, Mona Iraqi."""
        token = span[0]
        if entry.kind == "persons":
            return len(span) == 1 and self._is_first_name(token)
        if len(span) > 1 or token.ent_type_ != "PERSON":
            return False
        if entry.kind == "places" and token.dep_ == "nsubj":  # a surname: "Medina said"
            return True
        before = self.doc[token.i - 1] if token.ent_iob_ == "I" else None
        after = self.doc[token.i + 1] if token.i + 1 < len(self.doc) and self.doc[token.i + 1].ent_iob_ == "I" else None
        return any(t is not None and t.pos_ == "PROPN" and self._lower[t.i] not in self.lists.last_words for t in (before, after))

    def _is_first_name(self, token: Token) -> bool:
        """True for the "Wade" of "Wade Corliss", which is no surname there."""
        behind = self.doc[token.i + 1] if token.i + 1 < len(self.doc) else token
        joined = (
            behind.i > token.i
            and behind.pos_ == "PROPN"
            and token.dep_ == "compound"
            and self._lower[behind.i] not in self.lists.last_words
        )
        return joined and not any(span.start <= behind.i < span.end for span, _ in self._found)

    def _is_in_agent(self, span: Span) -> bool:
        """True for the "Democrats" of "Social Democrats", who are not those of the list."""
        hit = self._agents.get(span.end - 1)
        return hit is not None and hit[0] < span.start

    def _is_cause(self, span: Span) -> bool:
        """True for the country of "pro-Palestinian protesters" and "anti-Taliban fighters", who need not be of it."""
        return span.start > 1 and self._lower[span.start - 1] == "-" and self._lower[span.start - 2] in {"pro", "anti", "non"}

    def _has_other_first_name(self, token: Token) -> bool:
        """True where a surname in the lists stands behind a first name that is not in them: it is somebody else's."""
        if token.i == 0:
            return False
        before = self.doc[token.i - 1]
        is_title = self._lower[before.i] in self.lists.last_words or before.text.endswith(".")
        return before.dep_ == "compound" and before.head.i == token.i and before.ent_type_ == "PERSON" and not is_title

    def changes(self, actor: Actor) -> bool:
        """True where the words of an actor may have stood for somebody else on another day."""
        return any(i in self._dated for i in range(actor.start, actor.end))

    def on(self, day: date) -> Actors:
        """The actors of the same paragraph as they were on another day."""
        if day not in self._on:
            other = copy(self)
            other._names, other._on, other._homes = self._names_on(day), {}, {}  # noqa: SLF001 - its own copy
            self._on[day] = other
        return self._on[day]

    def countries(self) -> list[str]:
        """The country of every name in the paragraph, in the order of the text."""
        entries = {first: entry for first, _, entry in self._names.values()}
        return [base for first in sorted(entries) if (base := grammar.country(entries[first].code))]

    def uniformed(self) -> Counter[str]:
        """How many words of the paragraph name an army ("MIL") or police ("COP"), without those that may be of either."""
        words = {i: role for i, (_, role, _) in self._agents.items() if not self._is_uniformed(i)}
        words |= {last - 1: entry.code[3:] for _, last, entry in self._names.values()}
        return Counter(role for codes in words.values() for role in grammar.chunks(codes) if role in {"MIL", "COP"})

    def dress(self, told: Counter[str]) -> None:
        """Read "officers" and "the force" as the police's where an article tells of police; a word that says whose they are keeps its role."""
        for i, (first, role, kind) in self._agents.items():
            token = self.doc[i]
            either = role == "MIL" and first == i and self._is_uniformed(i) and not any(c.i in self._names for c in token.lefts)
            if either and told["COP"] and (not told["MIL"] or token.lemma_.lower() == "officer"):
                self._agents[i] = first, "COP", kind

    def _is_uniformed(self, i: int) -> bool:
        """True for a noun that may be of the army or of the police."""
        return self.doc[i].lemma_.lower() in _UNIFORMED or self._lower[i] == "force"

    def named_countries(self) -> list[tuple[int, int, str, bool]]:
        """Recognised countries in the paragraph: first word, word behind the last, code, and whether it is only the adjective."""
        hits = {first: (first, end, entry) for first, end, entry in self._names.values() if entry.kind in {"country", "adjective"}}
        return [
            (first, end, base, e.kind == "adjective")
            for first, end, e in hits.values()
            if (base := grammar.country(e.code)) in recognised()
        ]

    def in_bodies(self) -> frozenset[int]:
        """Words of the names of bodies, groups and people that are longer than one word: in "the White House" nobody is in a place."""
        places = {"country", "adjective", "capital", "places", "region"}
        return frozenset(i for i, (first, end, e) in self._names.items() if e.kind not in places and end - first > 1)

    def _agent_ending_at(self, token: Token) -> tuple[int, str, str] | None:
        """The longest agent noun phrase that ends at a token: its first token, role codes, kind."""
        if token.pos_ not in {"NOUN", "PROPN", "ADJ"}:
            return None
        lower = self._lower[token.i]
        forms = [form for form in dict.fromkeys((token.lemma_.lower(), lower, lower.removesuffix("s"))) if form in self.lists.last_words]
        if not forms:
            return None
        for first in range(max(token.sent.start, token.i - LONGEST_AGENT + 1), token.i + 1):
            before = self._lower[first : token.i]
            for form in forms:
                hit = self.lists.agents.get(" ".join([*before, form]).replace(" - ", "-").replace(" 's ", "'s ").replace(" ' ", "' "))
                if hit:
                    return first, *hit
        return None

    # -- one noun -----------------------------------------------------------------------------------------------

    def read(self, token: Token, depth: int = 0) -> list[Actor]:
        """The actors that a noun names: one, or several for "the foreign ministers of Armenia and Azerbaijan"."""
        token = antecedent(token)
        if depth > 4:
            return []
        if self._is_either_side(token):
            return self._either_side(token)
        if token.pos_ == "PRON":
            return self._pronoun(token)
        if token.i in self._names:
            return [self._named(token)]
        if token.i in self._agents:
            return self._agent(token, *self._agents[token.i], depth)
        if self._lower[token.i] in _QUANTITIES and (whom := [t for t in prepositional(token, "of") if self._hangs_on(t, token)]):
            start, _ = self.phrase(token)
            return [replace(a, start=start, head=token.i) for t in whom for a in self.read(t, depth + 1)]
        return self._described(token, depth)

    def _is_either_side(self, token: Token) -> bool:
        """True for "both sides", "the warring parties", "the two countries"."""
        if token.i in self._names or token.lemma_.lower() not in _SIDES:
            return False
        return any(c.lower_ in _TWO for c in token.lefts)

    def _either_side(self, token: Token) -> list[Actor]:
        """The two that were named together last, for "both" and "the two"; with their roles, for "both presidents"."""
        role = _SIDES[token.lemma_.lower()]
        pair = self.memory.two(self._sentence.get(token.i, 0), opposed=token.lemma_.lower() in {"side", "party", "rival"})
        if pair is None or not any(c.lower_ in {"both", "two", "warring"} for c in token.lefts):
            return []
        start, end = self.phrase(token)
        codes = [self._compose(m.code[:3], role) for m in pair]
        return [Actor(code, start, end, "reference", token.i, m.sentence) for code, m in zip(codes, pair, strict=True)]

    def coded(self, tokens: Iterable[Token]) -> list[Actor]:
        """The actors with a code that some nouns name, each once."""
        found: dict[tuple[str | None, int], Actor] = {}
        for token in conjuncts(tokens):
            self._sought.add(antecedent(token).i)
            for actor in self.coded_one(token):
                found.setdefault((actor.code, actor.head), actor)
        return list(found.values())

    def coded_one(self, token: Token) -> list[Actor]:
        """The actors with a code that one noun names, without those that are joined to it."""
        return [self._at_home(actor) for actor in self.read(token) if actor.code]

    def side(self, token: Token) -> list[Actor]:
        """The actors that a noun names on one side of an event; somebody without a code, but with the words, where the lists do not know."""
        self._sought.add(antecedent(token).i)
        return self.coded_one(token) or [Actor(None, *self.phrase(token), "unknown", token.i)]

    def _at_home(self, actor: Actor) -> Actor:
        """A crowd, court or minister of no stated country belongs to one that the article names, where it is likely enough which."""
        code = actor.code or ""
        if actor.how in {"modifier", "place", "pronoun"} or not grammar.is_role_only(code):
            return actor
        key = actor.head, code[:3]
        if key not in self._homes:
            self._homes[key] = home(self.memory.named_countries, self.somebody(actor.head, code[:3]))
        country = self._homes[key]
        if country is None:
            return actor
        return replace(actor, code=self._compose(country, code), how="object" if actor.how == "object" else "context")

    def somebody(self, head: int, role: str) -> Somebody:
        """What is known of an actor of no stated country, to ask for its country."""
        token = self.doc[head]
        kind = "person" if token.ent_type_ == "PERSON" or token.pos_ == "PROPN" else "noun"
        start, end = self.phrase(token)
        marks = [
            f"{kind} {'many' if token.tag_ in {'NNS', 'NNPS'} else 'one'} {'the' if self._is_definite(token) else 'a' if any(c.dep_ == 'det' for c in token.lefts) else ''}",
            f"owned {any(c.dep_ == 'poss' for c in token.lefts)}",
        ]
        marks += ["American"] * any(self._lower[i].removesuffix("s") in AMERICAN for i in range(start, end))
        marks += ["abroad"] * any(self._lower[i] in _ABROAD for i in range(start, end))
        marks += ["family"] * (token.lemma_.lower() in _FAMILY)
        return Somebody(role, self.sentence_of(token), self.begin + head, tuple(marks), self._located(token))

    def _located(self, token: Token) -> str | None:
        """The one country in which a word's clause, else the clause above, says that it happened."""
        verb = clause(token)
        places = [(p.head, p) for p in token.sent if p.dep_ == "pobj" and p.i in self._names and p.head.lower_ in _PLACED]
        for own in {verb.i: verb, verb.head.i: clause(verb.head)}.values():
            found = {grammar.country(self._names[p.i][2].code) for prep, p in places if clause(prep).i == own.i} - {None}
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def _is_ethnic(self, token: Token) -> bool:
        """True for "ethnic Albanians", who need not be of Albania."""
        is_people = token.i in self._names and self._names[token.i][2].kind == "peoples"
        return not is_people and token.i > 0 and self._lower[token.i - 1] == "ethnic"

    def phrase(self, token: Token) -> tuple[int, int]:
        """First token and token after the last of the words that belong to a noun on its left."""
        left = [c.left_edge.i for c in token.lefts if c.dep_ in _LEFT and c.dep_ != "det"]
        start = min([token.i, *left])
        while start < token.i and self.doc[start].pos_ in {"DET", "PUNCT"}:
            start += 1
        return start, token.i + 1

    def _named(self, token: Token) -> Actor:
        start, end, entry = self._names[token.i]
        left, _ = self.phrase(token)
        if entry.kind in {"country", "capital", "region", "places"} and not self._titles(token):
            left = start
        code, roles = entry.code, self._titles(token)
        if entry.kind == "adjective" and token.tag_ in {"NNS", "NNPS"} and any(c.dep_ in {"amod", "nummod"} for c in token.lefts):
            roles = roles or "CVL"  # "250 Americans", "gay Egyptians"
        elif entry.kind == "peoples":
            code = self._of_people(token, code)
            roles = roles or ("" if self._stands_before(token) else "CVL")
        if entry.kind in {"country", "places", "adjective", "peoples"} and roles:
            code = self._compose(code, roles)
        if entry.kind == "adjective" and self._is_ethnic(token):
            home = self._located(token) or self.memory.about
            code = self._compose(f"{home}{entry.code[:3]}", roles) if home and home != entry.code[:3] else roles or "CVL"
        elif entry.kind == "persons" and (stated := self._stated_office(token, roles)):
            code = stated
        return Actor(code, min(left, start), end, "name", token.i)

    def _of_people(self, token: Token, code: str) -> str:
        """A people's code with the country that the words before it name: "Pakistani Kashmiris"."""
        before = [grammar.country(self._names[c.i][2].code) for c in token.lefts if c.dep_ in _TITLE and c.i in self._names]
        stated = [country for country in before if country]
        return stated[-1] + code[3:] if stated else code

    @staticmethod
    def _stands_before(token: Token) -> bool:
        """True for the "Hausa" and the "Yoruba" of "Hausa and Yoruba youths"."""
        while token.dep_ == "conj":
            token = token.head
        return token.dep_ in _TITLE | {"poss", "npadvmod"}

    def _stated_office(self, token: Token, roles: str) -> str | None:
        """The office that the text itself gives a person ("former", "Georgian President"); it counts more than the lists."""
        left = [t for t in self.doc[token.left_edge.i : token.i] if t.i not in self._names or t.dep_ != token.dep_]
        named = [(t, self._names[t.i][2]) for t in left if t.i in self._names and not self._is_hyphenated(t)]
        bases = [b for _, entry in named if (b := grammar.country(entry.code))]
        former = any(t.lower_ in _FORMER for t in left)
        known = grammar.country(self._names[token.i][2].code)
        if former and (bases or known):
            return f"{bases[0] if bases else known}ELI"
        of_group = any(len(entry.code) > 3 for _, entry in named)
        return self._compose(bases[-1], roles) if bases and roles and (bases[-1] != known or not of_group) else None

    def _titles(self, token: Token) -> str:
        """Roles that stand before a name as its title ("President Aliyev", "Secretary of State Blinken")."""
        hits = [
            self._agents[t.i][1]
            for t in self.doc[token.left_edge.i : token.i]
            if t.i in self._agents
            and t.i not in self._names
            and (t.dep_ in _TITLE or self._agents[t.i][0] < t.i)
            and self._is_before(t, token)
        ]
        return hits[-1] if hits else ""

    @staticmethod
    def _is_before(title: Token, name: Token) -> bool:
        """True where a title belongs to the words before a name."""
        while title.i != name.i and title.dep_ in _TITLE | {"pobj", "prep"}:
            title = title.head
        return title.i == name.i

    def _agent(self, token: Token, first: int, role: str, kind: str, depth: int) -> list[Actor]:
        start, end = self.phrase(token)
        start = min(start, first)
        if office := self._office_of(token):
            role, end = office
        if role[:3] in _OFFICES and kind in {"person", "people"} and any(self._lower[i] in _FORMER for i in range(start, token.i)):
            role = "ELI"
        if role in {"", "GOV"} and (of_whom := self._titles(token)).startswith("GOV"):  # "health ministry spokesman"
            role = of_whom
        bases, edge = self._bases(token, depth, speaks_for=kind == "modifier")
        end = max(end, edge)
        if not bases and kind == "person" and role.startswith("GOV") and self._is_of_unlisted(token):
            return [Actor(None, start, end, "unknown", token.i)]
        if kind == "modifier":
            whose = [replace(base, code=self._compose(base.code or "", role) if len(base.code or "") == 3 else base.code) for base in bases]
            return [replace(base, start=min(start, base.start), end=max(end, base.end), how="agent", head=token.i) for base in whose]
        former = role == "ELI" and any(self._lower[i] in _FORMER for i in range(start, token.i))
        if not bases and not former and (same := self._referent(token)):
            return same
        if (
            not bases
            and role not in _MASS
            and self._is_definite(token)
            and (hit := self.memory.like(self._lower[token.i], role, self._sentence.get(token.i, 0)))
        ):
            return [Actor(hit.code, start, end, "reference", token.i, hit.sentence)]
        if not bases and self._lower[token.i] in _INSTITUTIONS and self._is_definite(token):
            last = self.memory.only_country(self._sentence.get(token.i, 0))
            if last is not None:
                return [Actor(self._compose(last.code[:3], role), start, end, "reference", token.i, last.sentence)]
        how = "object" if kind == "object" else "agent"
        if not bases or role[:3] in grammar.international():
            return [Actor(role or None, start, end, how, token.i)]
        return [Actor(self._compose(base.code or "", role), start, end, how, token.i) for base in bases]

    def _is_of_unlisted(self, token: Token) -> bool:
        """True for "president of the Family Research Council", of which the lists say nothing."""
        return any(t.ent_type_ == "ORG" and t.pos_ == "PROPN" for t in prepositional(token, "of"))

    def _office_of(self, token: Token) -> tuple[str, int] | None:
        """Roles of "ministry of defence", "member of parliament", and the token after the words."""
        for child in token.rights:
            if child.dep_ == "prep" and child.lower_ == "of":
                for noun in (p for p in children(child) if p.dep_ == "pobj"):
                    hit = self.lists.agents.get(f"{self._lower[token.i].removesuffix('s')} of {self._lower[noun.i]}")
                    if hit:
                        return hit[0], noun.i + 1
        return None

    def _described(self, token: Token, depth: int) -> list[Actor]:
        """A noun that is in no list: an unknown person with a title, or something that belongs to a known actor."""
        start, end = self.phrase(token)
        roles = self._titles(token) if token.pos_ == "PROPN" else ""
        if roles[:3] in _OFFICES and any(self._lower[i] in _FORMER for i in range(token.left_edge.i, token.i)):
            roles = "ELI"
        apposed = [actor for c in children(token) if c.dep_ == "appos" for actor in self.read(c, depth + 1) if actor.code]
        if apposed and token.pos_ == "PROPN" and not roles:
            return [replace(a, start=min(start, a.start), end=max(end, a.end), head=token.i) for a in apposed]
        bases, edge = self._bases(token, depth)
        if bases:
            return [
                Actor(
                    self._compose(b.code or "", roles),
                    start,
                    max(end, edge),
                    "agent" if roles else "place" if b.how == "place" else "modifier",
                    token.i,
                )
                for b in bases
            ]
        if roles:
            return [Actor(roles, start, end, "agent", token.i)]
        if (
            token.pos_ == "PROPN" and (said := self.memory.named(self._lower[token.i])) and said.code and said.is_person
        ):  # "Qassem", after his full name
            return [Actor(said.code, start, end, "reference", token.i, said.sentence)]
        return self._referent(token) or [Actor(None, start, end, "unknown", token.i)]

    # -- whose it is --------------------------------------------------------------------------------------------

    def _bases(self, token: Token, depth: int, *, speaks_for: bool = False) -> tuple[list[Actor], int]:
        """Whose minister, army or city it is, and how far the words that say so reach.

        The words before the noun say it first, then "of X", "from X", then what stands beside it, last "his" or "the country's".
        """
        if token.lemma_.lower() in _FOREIGN:
            return [a for c in token.lefts if c.dep_ == "amod" and c.i in self._names for a in self.read(c, depth + 1)[:1] if a.code], 0
        left = [c for c in token.lefts if c.dep_ in _LEFT]
        left += [inner for c in left if c.dep_ in {"compound", "amod", "nmod"} for inner in c.lefts if inner.dep_ in _LEFT]
        before = [
            t for t in conjuncts([*self.hyphened_to(token), *left]) if t.i < token.i and not (self._is_hyphenated(t) or self._is_ethnic(t))
        ]
        own = self._agents[token.i][0] if token.i in self._agents else token.i
        before = [t for t in before if not own <= t.i < token.i]  # the "sheriff" of "sheriff's deputy" is part of the noun
        vague = [t for t in before if t.pos_ == "PRON" or self._is_generic(t)]
        owners = [t for t in before if t not in vague and (t.i in self._names or t.dep_ == "poss")]
        if hits := [a for t in owners for a in self.read(t, depth + 1)[:1] if a.code]:
            return hits, 0
        for preposition in ("of", "from", "in", "for"):
            after = [t for t in prepositional(token, preposition) if self._hangs_on(t, token)]
            hits = [
                a for t in after for a in self.read(t, depth + 1) if a.code and (t.i in self._names or preposition == "of" or speaks_for)
            ]
            if hits and preposition in {"in", "from"}:
                return [replace(a, how="place") for a in self._countries_of(hits)], max(h.end for h in hits)
            if hits:
                return hits, max(h.end for h in hits)
        apposed = [a for c in children(token) if c.dep_ == "appos" for a in self.read(c, depth + 1) if a.code and a.how == "name"]
        if apposed:
            return apposed, max(a.end for a in apposed)
        if speaks_for and not self._is_generic(token) and (person := [a for t in vague if t.lower_ in _PERSONAL for a in self._pronoun(t)]):
            return person, 0
        return [a for t in vague for a in self._spoken_of(t)], 0

    @staticmethod
    def _hangs_on(noun: Token, token: Token) -> bool:
        while noun.dep_ == "conj":
            noun = noun.head
        return noun.head.head.i == token.i or noun.head.head.head.i == token.i

    def _is_generic(self, token: Token) -> bool:
        """True for "the country's"; not for "both countries'", which are not one."""
        return token.lemma_.lower() in _GENERIC and token.i not in self._names and token.tag_ in {"NN", "NNP"}

    def _spoken_of(self, token: Token) -> list[Actor]:
        """The country that "his" or "the country's" stands for: that of the person spoken of, else of the actor named last."""
        if token.pos_ == "PRON":
            return [replace(a, code=_home(a.code or "")) for a in self._pronoun(token)]
        last = self._last_before(token)
        base = grammar.country(last.code) if last else None
        if base:
            return [Actor(base, token.i, token.i + 1, "pronoun", token.i)]
        said = self.memory.country()
        base = grammar.country(said.code) if said else None
        return [Actor(base, token.i, token.i + 1, "reference", token.i, said.sentence)] if said and base else []

    def _is_hyphenated(self, token: Token) -> bool:
        """True for the "Russian" of "Russian-backed"; not of "Russian-Turkish" and "Russian-led", where it acts."""
        if token.i + 2 >= len(self.doc) or self.doc[token.i + 1].text != "-" or token.i + 1 in self._names:
            return False
        return token.i + 2 not in self._names and self._lower[token.i + 2] != "led"

    def hyphened_to(self, token: Token) -> list[Token]:
        """Names that act in a hyphenated word before a noun: both of "Russian-Turkish talks", the first of "Saudi-led forces"."""
        words = [t for t in self.doc[token.left_edge.i : token.i] if t.i in self._names and self.doc[t.i + 1].text == "-"]
        return [t for t in words if not self._is_hyphenated(t) and (self.doc[t.i + 2].head.i == token.i or t.head.i == token.i)]

    @staticmethod
    def _countries_of(hits: Sequence[Actor]) -> list[Actor]:
        return [replace(h, code=grammar.country(h.code) or h.code) for h in hits]

    def _compose(self, base: str, roles: str) -> str:
        """Base and roles as one code; a base that has roles already, or names a group, keeps what it has."""
        if not roles or (
            len(base) > 3 and (base[:3] in grammar.international() or any(c in grammar.roles() for c in grammar.chunks(base)[1:]))
        ):
            return base
        new = "".join(role for role in grammar.chunks(roles) if role not in grammar.chunks(base))
        return base + new if grammar.is_actor(base + new) else base

    # -- pronouns -----------------------------------------------------------------------------------------------

    def _last_before(self, token: Token) -> Actor | None:
        """The actor named last before a word, in its sentence or the one before."""
        for i in range(token.i - 1, max(-1, token.sent.start - 60), -1):
            if i in self._names and self.doc[i].dep_ not in {"compound", "amod"} and grammar.country(self._names[i][2].code):
                return self._named(self.doc[i])
        return None

    def _pronoun(self, token: Token) -> list[Actor]:
        """What "he", "it" or "they" stands for, where it is clear; else nothing is guessed."""
        if token.lower_ in _SPEAKING and (speaker := self._speaker(token)):
            return [self._stands_for(a, token) for a in speaker[:1]]
        if found := self._referent(token):
            return [replace(a, how="pronoun") for a in found]
        return self._person_behind(token) if token.lower_ in _PERSONAL else []

    def _referent(self, token: Token) -> list[Actor]:
        """The actors for which a word stands that were told of elsewhere: as the words say that tell most of them."""
        chain = self._referents.get(token.i)
        if chain is None:
            return []
        (start, end), here = self.phrase(token), self.sentence_of(token)
        return [Actor(a.code, start, end, "reference", token.i, self._before(a, chain, here)) for a in self._told.known(chain, _named_in)]

    def _before(self, actor: Actor, chain: int, here: int) -> int | None:
        """Number of the sentence before this one that names an actor: where the words that tell most come later, the last that mentions it."""
        if actor.named_in is not None and actor.named_in < here:
            return actor.named_in
        mentioned = [m.reader.sentence_of(m.word) for m in self._told.of(chain) if isinstance(m.reader, Actors)]
        return max((n for n in mentioned if n < here), default=None) if actor.named_in != here else None

    def referred(self) -> Iterable[int]:
        """Those for whom a word of this paragraph stands, in the order of the text."""
        return (self._referents[i] for i in sorted(self._referents))

    def sentence_of(self, token: Token) -> int:
        """Number of the sentence of a word in the article."""
        return self._sentence.get(token.i, 0)

    def _stands_for(self, actor: Actor, token: Token) -> Actor:
        """An actor named before, as what a pronoun stands for."""
        there = self._sentence.get(actor.head)
        named_in = actor.named_in or (there if there != self._sentence.get(token.i) else None)
        return replace(actor, start=token.i, end=token.i + 1, how="pronoun", head=token.i, named_in=named_in)

    def _speaker(self, token: Token) -> list[Actor]:
        """Who says the words that a "we" stands in, also where the speaker is named after them."""
        for verb in token.ancestors:
            above = verb.head
            if above.i != verb.i and verb.dep_ in {"ccomp", "parataxis"} and is_report(above):
                return [a for t in subjects(above) if t.lower_ not in _SPEAKING for a in self.read(t) if a.code]
        return []

    def _is_definite(self, token: Token) -> bool:
        """True for "the ministry": a noun that refers to what was named before."""
        return any(c.dep_ == "det" and c.lower_ in {"the", "this", "that", "these", "those"} for c in token.lefts)

    def _person_behind(self, token: Token) -> list[Actor]:
        """The person named behind "his": "In his speech the minister said"."""
        after = [t for t in token.sent if t.i > token.i and t.dep_ == "nsubj" and t.head.is_ancestor(token) and self.is_person(t)]
        return self._that_person(after[0], token) if after and token.dep_ == "poss" else []

    @staticmethod
    def _is_caption(sentence: Span) -> bool:
        """True for the words under a picture, which stand between sentences that go on without them."""
        return next((t.text for t in sentence if not t.is_space), "").startswith("FILE")

    def _that_person(self, person: Token | None, token: Token) -> list[Actor]:
        if person is None or token.i in self._open:
            return []
        self._open.add(token.i)  # "his" inside the words that name the person would ask for itself
        found = [self._stands_for(a, token) for a in self.read(person)[:1] if a.code]
        self._open.discard(token.i)
        return found

    def is_named(self, token: Token) -> bool:
        """True where a word is part of a name in the lists and not the first half of "Russian-backed"."""
        return token.i in self._names and not self._is_hyphenated(token)

    def kind(self, token: Token) -> tuple[str, str, str]:
        """What a noun names ("person", "people", "body", "country", "" for nobody), the key that it shares with other words for the same, and its role."""
        many = token.tag_ in {"NNS", "NNPS"}
        if token.i in self._names:
            if self._is_hyphenated(token):
                return "", "", ""
            _, _, entry = self._names[token.i]
            if entry.kind == "persons":
                return "person", self._lower[token.i], self._titles(token)
            if entry.kind == "peoples" or (entry.kind == "adjective" and many):
                return "people", "", "CVL"
            key = self._lower[token.i] if entry.kind in {"places", "region"} else entry.code
            return ("country" if len(entry.code) == 3 else "body"), key, ""
        if token.i in self._agents:
            _, role, kind = self._agents[token.i]
            if kind in {"body", "force"}:
                return ("people" if many else "body"), "", role
            return "people" if many or kind == "people" else "" if kind == "object" else "person", "", role
        if token.pos_ != "PROPN":
            return "", "", ""
        kind, named = _ENTITIES.get(token.ent_type_, ""), entity(token)
        if named is None or kind != "person":
            words = [t.lower_ for t in named or [token] if t.pos_ != "DET"]
            return kind, " ".join(words), ""
        first = named[0].lower_ if named[0].i < token.i and named[0].i not in self._agents else ""
        return kind, f"{self._lower[token.i]}|{first}" if first else self._lower[token.i], self._titles(token)

    def name_countries(self) -> None:
        """Note in the memory which countries this paragraph names."""
        for first in sorted({first for first, _, _ in self._names.values()}):
            country = grammar.country(self._names[first][2].code)
            if country:
                token = self.doc[self._names[first][1] - 1]
                of_another = token.dep_ in {"amod", "compound", "nmod", "poss"} and token.head.pos_ in {"NOUN", "PROPN"}
                stands = token.head.lower_ if token.dep_ == "pobj" else token.dep_
                self.memory.named_countries.add(self._sentence.get(first, 0), self.begin + first, country, stands, of_another=of_another)

    def refer(self, told: referents.Told) -> None:
        """Find whom the words of this paragraph stand for, and add whom it tells of."""
        captions = [sentence.start for sentence in self.sentences if self._is_caption(sentence)]
        self._told = told
        self._referents = referents.Paragraph(self.doc, self.kind, told, reader=self, skipped=captions).resolved()

    def is_person(self, token: Token) -> bool:
        """True where a noun names one person."""
        if token.i in self._names:
            return self._names[token.i][2].kind == "persons"
        if token.i in self._agents:
            return self._agents[token.i][2] in {"person", "modifier"} and token.tag_ not in {"NNS", "NNPS"}
        return token.ent_type_ == "PERSON"

    def remember(self, sentence: Span) -> None:
        """Note in the memory what a sentence names."""
        if self._is_caption(sentence):
            return
        noted: dict[int, Mention] = {}
        for token in sentence:
            if token.ent_type_ == "PERSON" and token.dep_ == "nsubj" and not self.coded_one(token):
                self.memory.add(Mention("", frozenset({self._lower[token.i]}), self._sentence[token.i], is_person=True, is_subject=True))
            if (
                token.dep_ in _LEFT - {"poss"}
                or token.pos_ not in {"NOUN", "PROPN"}
                or not (token.i in self._names or self._titles(token) or token.i in self._agents)
            ):
                continue
            actors = [a for a in self.read(token) if a.code and a.how in {"name", "agent"}]
            for actor in actors:
                assert actor.code is not None
                words = frozenset(self._lower[actor.start : actor.end]) | {self._lower[t.i] for t in self._called(token)}
                mention = Mention(actor.code, words, self._sentence[token.i], self.is_person(token), token.dep_ in {"nsubj", "nsubjpass"})
                if noted and (token.dep_ == "conj" and token.head.i in noted):
                    self.memory.join(noted[token.head.i], mention)
                elif len(actors) == 2 and actor is actors[1]:
                    self.memory.join(noted[token.i], mention)
                noted[token.i] = mention
                self.memory.add(mention)

    @staticmethod
    def _called(token: Token) -> list[Token]:
        """The names beside a title: "the interior minister, Maria Korcz", "Korcz, the interior minister"."""
        beside = [c for c in children(token) if c.dep_ == "appos"]
        if token.dep_ == "appos" and token.head.pos_ == "PROPN":
            beside.append(token.head)
        return beside

    @cached_property
    def _listed(self) -> frozenset[int]:
        """The words of names and nouns in the lists."""
        return frozenset((*self._names, *(i for last, (first, *_) in self._agents.items() for i in range(first, last + 1))))

    def unlisted(self, sentence: Span) -> list[tuple[str, str]]:
        """Names in a sentence that were looked at as actors and are in no list: their words and their kind of entity."""
        found = []
        for named in self._entities:
            if not sentence.start <= named.start < sentence.end:
                continue
            sought = any(t.i in self._sought and t.i not in self._names for t in named)
            if sought and named.label_ in OF_ENTITIES and any(t.pos_ == "PROPN" and t.i not in self._listed for t in named):
                kept = [t for t in named if not (t.i == named.start and t.pos_ == "DET") and t.tag_ != "POS"]
                found.append((self.doc[kept[0].i : kept[-1].i + 1].text, named.label_))
        return found

    def text(self, actor: Actor) -> str:
        """The words that name an actor."""
        return self.doc[actor.start : actor.end].text


def _named_in(mention: referents.Mention) -> list[Actor]:
    """The actors that a mention names, with the sentence in which it does."""
    reader = mention.reader
    assert isinstance(reader, Actors)
    words = mention.joined or (mention.word,)
    return [
        replace(a, named_in=a.named_in or reader.sentence_of(mention.word))
        for w in words
        for a in reader.coded_one(w)
        if a.how != "pronoun"
    ]


def readers(docs: Iterable[Doc], day: date | None, lists: Lists | None = None) -> list[Actors]:
    """The actors of an article's paragraphs, with one memory that knows from the start which country the article is about."""
    memory, told, made, first, words = Memory(), referents.Told(), [], 0, 0
    for doc in docs:
        made.append(Actors(doc, day, memory, first, begin=words, lists=lists))
        first, words = first + len(made[-1].sentences), words + len(doc)
    uniforms = sum((actors.uniformed() for actors in made), Counter())
    for actors in made:
        actors.dress(uniforms)
        actors.name_countries()
        actors.refer(told)
    memory.about = most_named(country for actors in made for country in actors.countries())
    told.settle((chain for actors in made for chain in actors.referred()), _named_in)
    return made
