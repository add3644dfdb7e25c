"""Whom "he", "they", "its" and "the group" stand for: of those told of before, the one that fits best, where that is likely enough.

How much each circumstance counts was learned from news items written for it, in which every mention of every actor is marked (`training/referents.py`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eventcode.coder.lexicon import match
from eventcode.coder.ranking import chances, weights
from eventcode.coder.status import is_report
from eventcode.coder.syntax import antecedent, children, clause, sentence_start, subjects
from eventcode.model import grammar

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SURE = {"he": 0.5, "they": 0.55, "it": 0.5, "it acts": 0.4, "we": 0.5, "noun": 0.5, "name": 0.6}
"""By class of word, the probability from which somebody is taken for the one meant; below it nothing is guessed. An "it" that acts is somebody."""
GENDERS = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
CLASSES = {
    **dict.fromkeys(GENDERS, "he"),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), "they"),
    **dict.fromkeys(("it", "its", "itself"), "it"),
    **dict.fromkeys(("i", "me", "my", "we", "us", "our"), "we"),
}
"""The pronouns by class; what is learned of one counts for its class."""
NOUNS = frozenset("group organization organisation movement chamber pair two latter former trio".split())
"""Nouns in no list of agents that may stand for somebody told of before."""
BACK = {"he": 3, "they": 3, "it": 3, "we": 2, "noun": 8, "name": 3}
"""Sentences before its own in which a word may find whom it stands for."""
_JOINED = 12
"""Of so many joined by "and", the first, "they" may stand for."""
_MOST = 30
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
_MANY = {"NNS", "NNPS"}
_DEFINITE = {"the", "this", "that", "these", "those"}
_ONE = {"i", "me", "my"}
_FEW = {"two", "pair", "trio"}
_QUALIFIED = {"amod", "compound", "poss", "nummod", "relcl", "acl", "prep", "appos"}
_APART = {"compound", "amod", "nmod", "appos", "attr"}
Kind = Callable[["Token"], tuple[str, str, str]]
"""Tells of a noun what it names ("person", "people", "body", "country", "" for nobody), the key that it shares with other words for the same, and its role."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A word that names somebody, or one that stands for somebody.

    Attributes:
        word: The word; of several joined by "and" the first.
        joined: All of them where several are joined.
        at: Number of the word behind which it is known, counted through the article.
        place: Number of the word, counted through the article.
        chain: Number of what is meant: the same for all that stand for the same.
        sentence: Number of its sentence.
        kind: What it names.
        role: Its role, of a noun in the list of agents.
        height: How many clauses lie above its own.
        reader: What reads its code.
    """

    word: Token
    joined: tuple[Token, ...]
    at: int
    place: int
    chain: int
    sentence: int
    kind: str
    role: str
    height: int
    reader: object


@dataclass(slots=True)
class Told:
    """Who has been told of in an article so far."""

    mentions: list[Mention] = field(default_factory=list)
    chained: dict[int, list[Mention]] = field(default_factory=dict)
    genders: dict[int, str] = field(default_factory=dict)
    times: dict[int, int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)
    firsts: dict[str, str] = field(default_factory=dict)
    lemmas: dict[int, set[str]] = field(default_factory=dict)
    roles: dict[int, set[str]] = field(default_factory=dict)
    codes: dict[int, list[Any]] = field(default_factory=dict)
    chains: int = 0
    words: int = 0
    """Words of the paragraphs before."""
    sentences: int = 0
    """Sentences of the paragraphs before."""

    def new(self) -> int:
        """A number for somebody not told of before."""
        self.chains += 1
        return self.chains

    def add(self, mention: Mention) -> None:
        """Note a mention."""
        self.mentions.append(mention)
        self.chained.setdefault(mention.chain, []).append(mention)
        self.times[mention.chain] = self.times.get(mention.chain, 0) + 1
        if mention.word.pos_ == "NOUN" and not mention.joined:
            self.lemmas.setdefault(mention.chain, set()).add(mention.word.lemma_.lower())
        if mention.role:
            self.roles.setdefault(mention.chain, set()).add(mention.role)

    def of(self, chain: int) -> list[Mention]:
        """The mentions of somebody in the whole article, in order."""
        return self.chained.get(chain, [])

    def called(self, key: str) -> int | None:
        """Who was called so before: a name, or a surname, with `|` and the first name where that stands before it."""
        surname, _, first = key.partition("|")
        if first and self.firsts.get(surname, first) != first:
            return self.keys.get(key)
        return self.keys.get(surname)

    def call(self, key: str, chain: int) -> None:
        """Note how somebody is called; of two of one surname the one named last is meant by the surname alone."""
        self.named.add(chain)
        surname, _, first = key.partition("|")
        if first and self.firsts.setdefault(surname, first) != first:
            self.firsts[surname] = first
            self.keys[surname] = chain
        self.keys.setdefault(key, chain)
        self.keys.setdefault(surname, chain)

    def settle(self, chains: Iterable[int], read: Callable[[Mention], list[Any]]) -> None:
        """Read whom some stand for in the order of the text, so that no answer hangs on what is asked first."""
        for chain in chains:
            self.known(chain, read)

    def known(self, chain: int, read: Callable[[Mention], list[Any]]) -> list[Any]:
        """The actors that are meant, as the mention says that tells most: the first that names more than a role, else the first that names anybody.

        Args:
            chain: Number of what is meant.
            read: Reads the actors that a mention names.
        """
        if chain not in self.codes:
            self.codes[chain] = []  # what asks for the same again while it is read gets nothing
            found = [made for m in self.of(chain) if m.kind != "pronoun" and (made := read(m))]
            self.codes[chain] = next(
                (made for made in found if not any(grammar.is_role_only(a.code) for a in made)), found[0] if found else []
            )
        return self.codes[chain]


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of which is asked for whom it stands.

    Attributes:
        word: The word.
        about: Its class.
        among: Whom it may stand for, in order.
        features: What is known of each of them beside it, and last of its standing for none of them.
        sure: The probability from which one of them is taken.
    """

    word: Token
    about: str
    among: list[Mention]
    features: list[list[str]]
    sure: float


class Paragraph:
    """A paragraph whose mentions are taken in order.

    Args:
        doc: The parse.
        kind: Tells of a noun what it names.
        told: Who was told of in the paragraphs before; the paragraph is added.
        reader: What reads the codes of the words of this paragraph.
        skipped: First words of sentences that are passed over.
    """

    def __init__(self, doc: Doc, kind: Kind, told: Told, *, reader: object = None, skipped: Iterable[int] = ()) -> None:
        self.doc, self.kind, self.reader, self.told = doc, kind, reader, told
        self.skipped = set(skipped)
        self.quoted = in_quotes(doc)
        self.number = {start: told.sentences + n for n, start in enumerate(s.start for s in doc.sents)}
        self.begin = told.words
        self.found: dict[int, int] = {}

    def asked(self) -> Generator[Asked, int | None, None]:
        """The words that may stand for somebody, in order. Send the chain for which each stands back, None where it is not known."""
        for token in self.doc:
            start = sentence_start(token)
            if start in self.skipped:
                continue
            sentence = self.number[start]
            about = class_of(token)
            if about:
                chain = yield self._ask(token, about, sentence, "")
                if chain is not None:
                    if about == "he":
                        self.told.genders.setdefault(chain, GENDERS[token.lower_])
                    self._note(token, chain, sentence, "pronoun", "")
            elif token.pos_ in {"NOUN", "PROPN", "NUM", "ADJ"} and token.dep_ not in _APART:
                kind, key, role = self.kind(token)
                chain = self.told.called(key) if key else None
                if chain is not None and not kind:  # a surname that is not seen to be a name here
                    kind = self.told.of(chain)[0].kind
                if (kind or token.lower_ in NOUNS) and not key and any(c.lower_ in _DEFINITE and c.dep_ == "det" for c in token.lefts):
                    kind = kind or "people"
                    chain = yield self._ask(token, "noun", sentence, role)
                if kind == "person" and key and chain is None:
                    chain = yield self._ask(token, "name", sentence, role)
                if kind:
                    self._name(token, chain, sentence, kind, key, role)
        self.told.words += len(self.doc)
        self.told.sentences += len(self.number)

    def resolved(self) -> dict[int, int]:
        """For each word that stands for somebody, where it is likely enough whom, and for each name told before, the number of the one meant."""
        asking = self.asked()
        try:
            one = next(asking)
            while True:
                chain = best(one)
                if chain is not None:
                    self.found[one.word.i] = chain
                one = asking.send(chain)
        except StopIteration:
            return self.found

    def _name(self, token: Token, chain: int | None, sentence: int, kind: str, key: str, role: str) -> None:
        """Note a noun: the same name is the same."""
        told = self.told
        if chain is None:
            chain = told.new()
        elif key:
            self.found[token.i] = chain
        if key:
            told.call(key, chain)
        for beside in children(token):
            if beside.dep_ == "appos" and beside.pos_ == "PROPN" and (named := self.kind(beside))[1]:
                told.call(named[1], chain)
        style = next((_STYLES[t.lower_] for t in (token, *token.lefts) if t.lower_ in _STYLES), "")
        if style and kind == "person":
            told.genders.setdefault(chain, style)
        self._note(token, chain, sentence, kind, role)
        joined = [] if token.dep_ == "conj" else [c for c in token.conjuncts if c.i > token.i][:_JOINED]
        if joined and all(c.pos_ in {"NOUN", "PROPN"} for c in joined):
            last = joined[-1]
            told.add(
                Mention(
                    token,
                    (token, *joined),
                    self.begin + last.i,
                    self.begin + token.i,
                    told.new(),
                    sentence,
                    "joined",
                    "",
                    _height(token),
                    self.reader,
                )
            )

    def _note(self, token: Token, chain: int, sentence: int, kind: str, role: str) -> None:
        place = self.begin + token.i
        self.told.add(Mention(token, (), place, place, chain, sentence, kind, role, _height(token), self.reader))

    def _ask(self, token: Token, about: str, sentence: int, role: str) -> Asked:
        barred: set[int] = set()
        if token.dep_ in {"dobj", "pobj", "dative"} and not token.lower_.endswith("self") and about in {"he", "they", "it"}:
            barred = {self.begin + antecedent(t).i for t in subjects(clause(token))}
        here = self.begin + token.i
        last = itertools.islice(reversed(self.told.mentions), 3 * _MOST)
        near = itertools.takewhile(lambda m: sentence - m.sentence <= BACK[about], last)
        among = list(itertools.islice((m for m in near if m.at < here and m.place not in barred and self._fits(token, about, m)), _MOST))[
            ::-1
        ]
        if not among:
            return Asked(token, about, [], [], 1.0)
        beside = _Beside(token, about, sentence, role, self)
        return Asked(token, about, among, [*beside.each(among), beside.none(among)], SURE["it acts" if beside.acts else about])

    def _fits(self, token: Token, about: str, m: Mention) -> bool:
        """True where a word of its class may stand for the same as a mention: by gender, number and kind."""
        word, theirs = m.word.lower_, CLASSES[m.word.lower_] if m.kind == "pronoun" else ""
        gender = GENDERS.get(token.lower_, "")
        if gender and self.told.genders.get(m.chain, gender) != gender:
            return False
        if about == "he":
            return m.kind == "person" or (m.kind == "pronoun" and (word in GENDERS or word in _ONE))
        if about == "it":
            return m.kind not in {"person", "joined"} and m.word.tag_ not in _MANY and theirs in {"", "it"}
        if about == "name":
            return m.kind == "person" and not _is_many(m) and m.chain not in self.told.named
        if about == "they":
            return theirs in {"", "they", "we"}
        many = token.tag_ in _MANY or token.lower_ in _FEW
        return about != "noun" or many == _is_many(m) or m.kind in {"body", "pronoun", "people"}


@dataclass(frozen=True, slots=True)
class _Beside:
    """A word beside those for which it may stand."""

    word: Token
    about: str
    sentence: int
    role: str
    paragraph: Paragraph

    @property
    def own(self) -> str:
        return _ROLES.get(self.word.dep_, "other")

    @property
    def form(self) -> str:
        if self.about == "name":
            return "full" if any(c.dep_ == "compound" and c.pos_ == "PROPN" for c in self.word.lefts) else "one word"
        return self.word.lower_ if self.about != "noun" else "many" if self.word.tag_ in _MANY else "one"

    @property
    def acts(self) -> bool:
        """True of an "it" that does what the lexicon knows."""
        verb = clause(self.word)
        return self.about == "it" and self.own == "subject" and (is_report(verb) or match(verb) is not None)

    def each(self, among: list[Mention]) -> list[list[str]]:
        """What is known of each of them."""
        first: dict[int, int] = {}
        for m in among:
            first.setdefault(m.sentence, m.place)
        seen: set[int] = set()
        made = []
        for m in reversed(among):
            row = [
                *self.of(m),
                f"last {m.chain == among[-1].chain} {self.own}",
                f"between {min(len(seen - {m.chain}), 3)}",
                *([f"first of its sentence {self.far(m)} {self.own}"] if m.place == first[m.sentence] else []),
            ]
            made.append([f"{self.about} {name}" for name in row])
            seen.add(m.chain)
        return made[::-1]

    def far(self, m: Mention) -> int:
        """How many sentences before, at most two."""
        return min(self.sentence - m.sentence, 2)

    def of(self, m: Mention) -> list[str]:
        """What is known of one of them."""
        told, other, far = self.paragraph.told, m.word, self.far(m)
        quoted = self.word.i in self.paragraph.quoted
        its, many = _ROLES.get(other.dep_, "other"), _is_many(m)
        row = [
            f"distance {min(self.sentence - m.sentence, 4)}",
            f"role {its}",
            f"roles {self.own} {its} {'before' if far else 'here'}",
            f"form {other.lower_ if m.kind == 'pronoun' and self.about != 'he' else other.pos_} {far}",
            f"clause {m.height} {far}",
            f"said {next((t.lower_ for t in other.lefts if t.dep_ == 'det'), '')[:2]} {bool(other.ent_type_)}",
            f"times {min(told.times[m.chain], 4)}",
            f"kind {m.kind} {many}",
            f"kind {m.kind} {many} {self.form}",
        ]
        if m.reader is self.paragraph.reader:
            row.append(f"quoted {quoted} {other.i in self.paragraph.quoted} {far}")
            if not far and clause(other).i == clause(self.word).i:
                row.append(f"same clause {self.own}")
        if self.about == "name":
            beside = sorted({c.dep_ for c in other.lefts} & {"poss", "amod", "compound"})
            row += [f"with {b}" for b in beside] + [f"role {self.role} {r}" for r in told.roles.get(m.chain, ())]
        if self.about == "he":
            row.append(f"gender {'known' if m.chain in told.genders else 'unknown'}")
        if its == "subject" and is_report(other.head):
            over = not far and other.head.is_ancestor(self.word)
            row.append(f"speaks {'over' if over else far} {'quoted' if quoted else 'told'}")
        if m.kind == "pronoun" and other.lower_ == self.word.lower_:
            row.append(f"same word {far}")
        return row + self._as_noun(m) if self.about == "noun" else row

    def _as_noun(self, m: Mention) -> list[str]:
        """What is known of "the force" beside one of those before."""
        told, lemma = self.paragraph.told, self.word.lemma_.lower()
        lemmas, roles = told.lemmas.get(m.chain, set()), told.roles.get(m.chain, set())
        same = lemma in lemmas
        known = str(self.role in roles) if self.role and roles else "unknown"
        row = [f"same noun {same}", f"same noun {same} {self.far(m)}", f"role {known} {same}", f"{lemma} {m.kind}"]
        return row + ([f"{self.role} as {r}" for r in sorted(roles)] or [f"{self.role} as {m.kind}"])

    def none(self, among: list[Mention]) -> list[str]:
        """What speaks for none of them."""
        if self.acts:
            return ["it none acts"]
        word, form = self.word, self.form
        row = [
            "none",
            f"none {form}",
            f"none {form} {self.own}",
            f"none {form} {min(len({m.chain for m in among}), 3)}",
            f"none sentence {min(self.sentence, 2)}",
        ]
        if self.about == "it":
            verb = clause(word)
            that = any(c.dep_ in {"ccomp", "xcomp", "advcl", "acomp"} for c in children(verb))
            row += [f"none {verb.lemma_.lower()} {self.own}", f"none that {that} {verb.lemma_ == 'be'}"]
        elif self.about == "noun":
            beside = sorted({c.dep_ for c in children(word)} & _QUALIFIED)
            row += [f"none {word.lemma_.lower()}", f"none {self.role}", *(f"none with {b}" for b in beside), f"none bare {not beside}"]
            row.append(f"none {next(c.lower_ for c in word.lefts if c.lower_ in _DEFINITE)}")
        elif self.about == "name":
            explained = any(c.dep_ in {"appos", "relcl", "acl"} for c in word.rights)
            row += [
                f"none role {self.role}",
                f"none explained {explained}",
                f"none said {word.head.i < word.i and self.own == 'subject'}",
            ]
        elif self.about == "we":
            row.append(f"none quoted {word.i in self.paragraph.quoted}")
        return [f"{self.about} {name}" for name in row]


def class_of(token: Token) -> str:
    """The class of a pronoun; empty for any other word, and for one in capitals: "US" is a country."""
    return "" if len(token) > 1 and token.text.isupper() else CLASSES.get(token.lower_, "")


def _is_many(mention: Mention) -> bool:
    word = mention.word
    return (
        mention.kind == "joined"
        or word.tag_ in _MANY
        or (mention.kind == "pronoun" and (CLASSES[word.lower_] == "they" or word.lower_ in {"we", "us", "our"}))
        or word.lower_ in {"two", "pair", "police"}
    )


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


def best(asking: Asked) -> int | None:
    """The chain for which a word stands, where that is likely enough."""
    if not asking.among:
        return None
    likely = chances(asking.features, weights("referents"))
    summed: dict[int, float] = {}
    for mention, chance in zip(asking.among, likely, strict=False):
        summed[mention.chain] = summed.get(mention.chain, 0.0) + chance
    chain = max(summed, key=lambda k: summed[k])
    return chain if summed[chain] >= asking.sure else None
