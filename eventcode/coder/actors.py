"""From a noun in a sentence to the code of the actor that it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from eventcode.coder.names import Entry, agents, last_words, names
from eventcode.coder.syntax import antecedent, conjuncts, prepositional
from eventcode.model import grammar

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

LONGEST_AGENT = 4
_LEFT = {"amod", "compound", "nmod", "poss", "nummod", "det", "quantmod"}
_GENERIC = {"country", "nation", "state", "republic"}
_TWO = {"both", "two", "each", "either", "neither", "warring", "opposing", "rival", "conflicting", "all"}
_CIVIL = set("BUS COP CVL EDU ELI ENV HLH JUD LAB LEG MED OPP PTY RAD REF STU YTH AGR GOV".split())
_PERSONAL = {"he", "she", "him", "her"}


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor found in a text.

    Attributes:
        code: Actor code; None where the words name nobody in the lists.
        start: First token of the words that name it.
        end: Token after the last one.
        how: What the code rests on: "name", "agent", "modifier", "pronoun", "context" or "unknown".
        head: The noun itself.
    """

    code: str | None
    start: int
    end: int
    how: str
    head: int


class Actors:
    """The actors of one parsed paragraph.

    Args:
        doc: The parse.
        day: Day on which names and offices are read; None where it is not known.
        before: The person spoken of last before this paragraph, for "he" and "she".
    """

    def __init__(self, doc: Doc, day: date | None, before: Actor | None = None) -> None:
        self.doc = doc
        self.before = before
        self._lower = [token.lower_ for token in doc]
        self._names: dict[int, tuple[int, int, Entry]] = {}
        for span, entry in names(doc, day):
            for token in span:
                self._names[token.i] = (span.start, span.end, entry)
        self._agents = {token.i: hit for token in doc if (hit := self._agent_ending_at(token))}

    def _agent_ending_at(self, token: Token) -> tuple[int, str, str] | None:
        """The longest agent noun phrase that ends at a token: its first token, role codes, kind."""
        if token.pos_ not in {"NOUN", "PROPN", "ADJ"}:
            return None
        lower = self._lower[token.i]
        forms = [form for form in dict.fromkeys((token.lemma_.lower(), lower, lower.removesuffix("s"))) if form in last_words()]
        if not forms:
            return None
        for first in range(max(token.sent.start, token.i - LONGEST_AGENT + 1), token.i + 1):
            before = self._lower[first : token.i]
            for form in forms:
                hit = agents().get(" ".join([*before, form]).replace(" - ", "-"))
                if hit:
                    return first, *hit
        return None

    # -- one noun -----------------------------------------------------------------------------------------------

    def read(self, token: Token, depth: int = 0) -> list[Actor]:
        """The actors that a noun names: one, or several for "the foreign ministers of Armenia and Azerbaijan"."""
        token = antecedent(token)
        if depth > 4 or self._is_either_side(token):
            return []
        if token.pos_ == "PRON":
            return self._pronoun(token)
        if token.i in self._names:
            return [self._named(token)]
        if token.i in self._agents:
            return self._agent(token, *self._agents[token.i], depth)
        return self._described(token, depth)

    def _is_either_side(self, token: Token) -> bool:
        """True for "both sides", "the warring parties": which two they are, the words do not say."""
        if token.lemma_.lower() not in {"side", "party", "country", "leader", "nation"} or token.i in self._names:
            return False
        return any(c.lower_ in _TWO for c in token.lefts)

    def coded(self, tokens: Iterable[Token]) -> list[Actor]:
        """The actors with a code that some nouns name, each once."""
        found: dict[tuple[str | None, int], Actor] = {}
        for token in conjuncts(tokens):
            for actor in self.read(token):
                if actor.code:
                    found.setdefault((actor.code, actor.head), self._at_home(actor))
        return list(found.values())

    def _at_home(self, actor: Actor) -> Actor:
        """A crowd, party, court or paper of no stated country belongs to the one country that its sentence names.

        Not so armed groups: rebels who attack Russian troops need not be Russian.
        """
        code = actor.code or ""
        if not grammar.is_role_only(code) or code[:3] not in _CIVIL:
            return actor
        sentence = self.doc[actor.head].sent
        named = {base for t in sentence if t.i in self._names and (base := grammar.country(self._names[t.i][2].code))}
        return replace(actor, code=self._compose(named.pop(), code), how="context") if len(named) == 1 else actor

    def _phrase(self, token: Token) -> tuple[int, int]:
        """First token and token after the last of the words that belong to a noun on its left."""
        left = [c.left_edge.i for c in token.lefts if c.dep_ in _LEFT and c.dep_ != "det"]
        start = min([token.i, *left])
        while start < token.i and self.doc[start].pos_ in {"DET", "PUNCT"}:
            start += 1
        return start, token.i + 1

    def _named(self, token: Token) -> Actor:
        start, end, entry = self._names[token.i]
        left, _ = self._phrase(token)
        if entry.kind in {"country", "capital", "region", "places"} and not self._titles(token):
            left = start
        code, roles = entry.code, self._titles(token)
        if entry.kind in {"country", "places"} and roles:
            code = self._compose(code, roles)
        elif entry.kind == "persons" and (stated := self._stated_office(token, roles)):
            code = stated
        return Actor(code, min(left, start), end, "name", token.i)

    def _stated_office(self, token: Token, roles: str) -> str | None:
        """The office that the text itself gives a person ("former", "Georgian President"); it counts more than the lists."""
        left = [t for t in self.doc[token.left_edge.i : token.i] if t.i not in self._names or t.dep_ != token.dep_]
        bases = [b for t in left if t.i in self._names and (b := grammar.country(self._names[t.i][2].code)) and not self._is_hyphenated(t)]
        former = any(t.lower_ in {"former", "ex", "ousted", "deposed", "late"} for t in left)
        known = grammar.country(self._names[token.i][2].code)
        if former and (bases or known):
            return f"{bases[0] if bases else known}ELI"
        return self._compose(bases[-1], roles) if bases and roles and bases[-1] != known else None

    def _titles(self, token: Token) -> str:
        """Roles that stand before a name as its title ("President Aliyev")."""
        hits = [
            self._agents[t.i][1]
            for t in token.lefts
            if t.dep_ in {"compound", "nmod", "amod"} and t.i in self._agents and t.i not in self._names
        ]
        return hits[-1] if hits else ""

    def _agent(self, token: Token, first: int, role: str, kind: str, depth: int) -> list[Actor]:
        start, end = self._phrase(token)
        start = min(start, first)
        bases, edge = self._bases(token, depth)
        end = max(end, edge)
        if kind == "modifier":
            whose = [replace(base, code=self._compose(base.code or "", role) if len(base.code or "") == 3 else base.code) for base in bases]
            return [replace(base, start=min(start, base.start), end=max(end, base.end), how="agent", head=token.i) for base in whose]
        if not bases or role[:3] in grammar.international():
            return [Actor(role or None, start, end, "agent", token.i)]
        return [Actor(self._compose(base.code or "", role), start, end, "agent", token.i) for base in bases]

    def _described(self, token: Token, depth: int) -> list[Actor]:
        """A noun that is in no list: an unknown person with a title, or something that belongs to a known actor."""
        start, end = self._phrase(token)
        roles = self._titles(token)
        apposed = [actor for c in token.children if c.dep_ == "appos" for actor in self.read(c, depth + 1) if actor.code]
        if apposed and token.pos_ == "PROPN" and not roles:
            return [replace(a, start=min(start, a.start), end=max(end, a.end), head=token.i) for a in apposed]
        bases, edge = self._bases(token, depth)
        if bases:
            return [
                Actor(self._compose(b.code or "", roles), start, max(end, edge), "agent" if roles else "modifier", token.i) for b in bases
            ]
        if roles:
            return [Actor(roles, start, end, "agent", token.i)]
        return [Actor(None, start, end, "unknown", token.i)]

    # -- whose it is --------------------------------------------------------------------------------------------

    def _bases(self, token: Token, depth: int) -> tuple[list[Actor], int]:
        """Whose minister, army or city it is, and how far the words that say so reach.

        The words before the noun say it first, then "of X", "from X", then what stands beside it, last "his" or "the country's".
        """
        left = [c for c in token.lefts if c.dep_ in _LEFT]
        left += [inner for c in left if c.dep_ in {"compound", "amod", "nmod"} for inner in c.lefts if inner.dep_ in _LEFT]
        before = [t for t in conjuncts(left) if t.i < token.i and not self._is_hyphenated(t)]
        vague = [t for t in before if t.pos_ == "PRON" or self._is_generic(t)]
        owners = [t for t in before if t not in vague and (t.i in self._names or t.dep_ == "poss")]
        if hits := [a for t in owners for a in self.read(t, depth + 1)[:1] if a.code]:
            return hits, 0
        for preposition in ("of", "from", "in", "for"):
            after = [t for t in prepositional(token, preposition) if self._hangs_on(t, token)]
            hits = [a for t in after for a in self.read(t, depth + 1) if a.code and (t.i in self._names or preposition == "of")]
            if hits:
                return self._countries_of(hits) if preposition in {"in", "from"} else hits, max(h.end for h in hits)
        apposed = [a for c in token.children if c.dep_ == "appos" for a in self.read(c, depth + 1) if a.code and a.how == "name"]
        if apposed:
            return apposed, max(a.end for a in apposed)
        return [a for t in vague if (a := self._spoken_of(t)) is not None], 0

    @staticmethod
    def _hangs_on(noun: Token, token: Token) -> bool:
        while noun.dep_ == "conj":
            noun = noun.head
        return noun.head.head.i == token.i or noun.head.head.head.i == token.i

    def _is_generic(self, token: Token) -> bool:
        """True for "the country's"; not for "both countries'", which are not one."""
        return token.lemma_.lower() in _GENERIC and token.i not in self._names and token.tag_ in {"NN", "NNP"}

    def _spoken_of(self, token: Token) -> Actor | None:
        """The country that "his" or "the country's" stands for: that of the actor named last."""
        last = self._last_before(token)
        base = grammar.country(last.code) if last else None
        return Actor(base, token.i, token.i + 1, "pronoun", token.i) if base else None

    def _is_hyphenated(self, token: Token) -> bool:
        """True for the "Russian" of "Russian-backed"."""
        return token.i + 1 < len(self.doc) and self.doc[token.i + 1].text == "-" and self.doc[token.i + 1].i not in self._names

    @staticmethod
    def _countries_of(hits: Sequence[Actor]) -> list[Actor]:
        return [replace(h, code=grammar.country(h.code) or h.code) for h in hits]

    def _compose(self, base: str, roles: str) -> str:
        """Base and roles as one code; a base that has roles already, or names a group, keeps what it has."""
        if not roles or (
            len(base) > 3 and (base[:3] in grammar.international() or any(c in grammar.roles() for c in grammar.chunks(base)[1:]))
        ):
            return base
        return base + roles if grammar.is_actor(base + roles) else base

    # -- pronouns -----------------------------------------------------------------------------------------------

    def _last_before(self, token: Token) -> Actor | None:
        """The actor named last before a word, in its sentence or the one before."""
        for i in range(token.i - 1, max(-1, token.sent.start - 60), -1):
            if i in self._names and self.doc[i].dep_ not in {"compound", "amod"} and grammar.country(self._names[i][2].code):
                return self._named(self.doc[i])
        return None

    def _pronoun(self, token: Token) -> list[Actor]:
        """What "he", "it" or "they" stands for: the subject before it, if that is of the kind; else nothing is guessed."""
        if token.lower_ in _PERSONAL:
            return self._person_before(token)
        if token.lower_ not in {"it", "they"} or token.dep_ not in {"nsubj", "nsubjpass"}:
            return []
        first = max(0, token.sent.start - 1)
        first = self.doc[first].sent.start
        for i in range(token.i - 1, first - 1, -1):
            other = self.doc[i]
            if other.dep_ in {"nsubj", "nsubjpass"} and other.pos_ != "PRON":
                plural = other.tag_ in {"NNS", "NNPS"} and other.i not in self._names
                hits = [a for a in self.read(other) if a.code]
                fits = not self.is_person(other) and plural == (token.lower_ == "they") and len(hits) == 1
                return [replace(hits[0], start=token.i, end=token.i + 1, how="pronoun", head=token.i)] if fits else []
        return []

    def _person_before(self, token: Token) -> list[Actor]:
        for i in range(token.i - 1, -1, -1):
            other = self.doc[i]
            if other.dep_ in {"nsubj", "nsubjpass"} and other.pos_ != "PRON" and self.is_person(other):
                hits = [a for a in self.read(other) if a.code]
                if hits:
                    return [replace(hits[0], start=token.i, end=token.i + 1, how="pronoun", head=token.i)]
        if self.before is not None:
            return [Actor(self.before.code, token.i, token.i + 1, "pronoun", token.i)]
        return []

    def is_named(self, token: Token) -> bool:
        """True where a word is part of a name in the lists and not the first half of "Russian-backed"."""
        return token.i in self._names and not self._is_hyphenated(token)

    def is_person(self, token: Token) -> bool:
        """True where a noun names one person."""
        if token.i in self._names:
            return self._names[token.i][2].kind == "persons"
        if token.i in self._agents:
            return self._agents[token.i][2] in {"person", "modifier"} and token.tag_ not in {"NNS", "NNPS"}
        return token.ent_type_ == "PERSON"

    def last_person(self) -> Actor | None:
        """The person who was subject last in this paragraph; the one from before where there is none."""
        for token in reversed(list(self.doc)):
            if token.dep_ == "nsubj" and token.pos_ != "PRON" and self.is_person(token):
                hits = [a for a in self.read(token) if a.code]
                if hits:
                    return hits[0]
        return self.before

    def text(self, actor: Actor) -> str:
        """The words that name an actor."""
        return self.doc[actor.start : actor.end].text
