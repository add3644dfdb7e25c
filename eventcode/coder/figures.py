"""Figures of victims and crowds that a sentence gives, by the rules of docs/coding-rules.md, section "Figures".

Each amount of the sentence is joined to the word that says what happened to those it counts: beside it where it stands there, which a small
parser does not spoil, else through the parse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from eventcode import resources
from eventcode.coder.amounts import ZERO, Amount, Counted, amounts, is_person
from eventcode.coder.syntax import children, is_passive, objects, prepositional, subjects

if TYPE_CHECKING:
    from spacy.tokens import Token

_SKIPPED = frozenset(
    "more others other people was were is are be been being have has had having also reportedly reported believed feared confirmed said who that to forced left either still then got".split()
)
_BETWEEN = frozenset("and or , as well plus along together with his her its their the also".split())
_FILLERS = frozenset("the another also further its their his her a total of all by".split())
_PASSIVE = frozenset("was were be been being are is got".split())
_VICTIMS = frozenset({"patient", "person"})
_OF = frozenset({"of", "both", "event", "crowd"})
_CROWDED = frozenset({"draw", "crowd"})
"""What tells of protesters only beside a word that does so by itself: "drew a crowd of 5,000"."""
_RUNAWAYS = frozenset("gunman attacker assailant suspect driver robber prisoner inmate shooter militant soldier troop".split())


@dataclass(frozen=True, slots=True)
class Figure:
    """How many, and what happened to them.

    Attributes:
        kind: "deaths", "wounded", "detained", "displaced" or "protesters".
        low: The lowest number that the text gives; None where it gives none.
        best: The number that it gives.
        high: The highest number that it gives.
        word: Index in the doc of the word that says what happened to them.
    """

    kind: str
    low: int | None
    best: int | None
    high: int | None
    word: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of schema/figures.csv.

    Attributes:
        kind: As in `Figure`.
        how: How what is counted hangs on the word. "patient": those it is done to, "person": the same, where they are known for persons;
            "agent": those who do it; "state": those it is said of ("dead"); "of": nouns like "death of"; "self": nouns like "protester";
            "both": "casualties"; "life": "claimed 17 lives"; "toll"; "event": "rally of"; "draw", "crowd": only beside another such word.
        near: Words one of which has to follow within ten words ("took ... streets"); empty where none needs to.
    """

    kind: str
    how: str
    near: frozenset[str]


_Link = tuple[int, _Row]
_Words = dict[int, tuple[_Row, ...]]


@cache
def _rows(pos: str) -> dict[str, tuple[_Row, ...]]:
    found: dict[str, tuple[_Row, ...]] = {}
    for row in resources.rows("figures"):
        if row["pos"] == pos and row["how"]:
            near = frozenset(row["near"].split("|")) if row["near"] else frozenset[str]()
            found[row["word"]] = (*found.get(row["word"], ()), _Row(row["kind"], row["how"], near))
    return found


def _triggers(sentence: Sequence[Token]) -> _Words:
    """The words that say what happened to people, by their place in the sentence."""
    found = {}
    for at, token in enumerate(sentence):
        near = {word for t in sentence[at + 1 : at + 11] for word in (t.lemma_.lower(), t.lower_)}
        pos = "V" if token.tag_[:2] == "VB" and token.dep_ != "amod" else "N" if token.tag_[:2] == "NN" else ""
        rows = _rows(pos).get(token.lemma_.lower(), ()) or _rows("A").get(token.lower_, ())
        if kept := tuple(row for row in rows if not row.near or row.near & near):
            found[at] = kept
    protests = [at for at, rows in found.items() if any(row.kind == "protesters" and row.how not in _CROWDED for row in rows)]
    return {at: rows for at, rows in found.items() if protests or not any(row.how in _CROWDED for row in rows)}


def _takes(row: _Row, counted: Counted) -> bool:
    """True where such a thing can happen to what is counted."""
    noun = counted.noun.lemma_.lower() if counted.noun is not None else ""
    if row.kind in {"displaced", "protesters"} and (counted.is_one or (row.how == "agent" and noun in _RUNAWAYS)):
        return False
    if row.how == "person" and noun in {"prisoner", "inmate", "hostage"}:
        return False
    return row.how != "person" or counted.amount == ZERO or is_person(counted.noun) or (counted.noun is None and bool(row.near))


def _is_active(sentence: Sequence[Token], at: int, passed: set[str]) -> bool:
    """True where the words before a verb do what it says: "12 rebels killed a soldier"; not "12 rebels killed in raid"."""
    verb, behind = sentence[at], sentence[at + 1] if at + 1 < len(sentence) else None
    if passed & _PASSIVE:
        return False
    has_object = any(c.dep_ == "dobj" and c.i > verb.i for c in children(verb))
    return verb.tag_ == "VBG" or has_object or (behind is not None and behind.tag_ in {"CD", "DT", "PRP", "PRP$"})


def _behind(sentence: Sequence[Token], counted: Counted, words: _Words) -> Iterator[_Link]:
    """Words right behind an amount: "12 people were killed", "40 injured", "2,000 to flee"."""
    at, noun = counted.end, counted.noun
    if noun is not None and noun.dep_ == "dobj" and noun.head.i < noun.i and noun.head.i - sentence[0].i in words:
        return
    while at < len(sentence) and at not in words and (sentence[at].lower_ in _SKIPPED or sentence[at].tag_ == "RB"):
        at += 1
    passed = {t.lower_ for t in sentence[counted.end : at]}
    for row in words.get(at, ()):
        if (
            row.how == "state"
            or (row.how == "agent" and not passed & {"was", "were"} - {t for t in passed if "to" in passed})
            or (row.how in _VICTIMS and not _is_active(sentence, at, passed))
        ):
            yield at, row


def _ahead(sentence: Sequence[Token], counted: Counted, words: _Words) -> Iterator[_Link]:
    """Words right before an amount: "killing 12", "shot dead 12", "the death of 14 miners", "was killed along with two guards"."""
    before = [t.lower_ for t in sentence[: counted.start]]
    is_joined = before[-2:] in (["along", "with"], ["together", "with"])
    at = len(before) - 1 - 2 * is_joined
    while at >= 0 and at not in words and before[at] in _FILLERS:
        at -= 1
    if at > 0 and before[at] in {"up", "down", "dead"} and at - 1 in words:
        at -= 1
    for row in words.get(at, ()):
        is_of, is_by = "of" in before[at + 1 :], "by" in before[at + 1 :]
        is_done = row.how in {*_VICTIMS, "draw"} and not (is_of or is_by) and (is_joined or not is_passive(sentence[at]))
        if is_done or (row.how in _OF and is_of) or (row.how in {"agent", "event"} and is_by):
            yield at, row


def _far(sentence: Sequence[Token], counted: Counted, words: _Words) -> Iterator[_Link]:
    """Words that the parse joins to an amount."""
    span = range(sentence[0].i + counted.start, sentence[0].i + counted.end)
    for at, rows in words.items():
        for row in rows:
            if any(t.i in span for t in _concerned(sentence[at], row.how)):
                yield at, row


def _concerned(word: Token, how: str) -> list[Token]:
    """The words that a word speaks of, by the parse."""
    if how in _VICTIMS:
        return objects(word)
    if how == "agent":
        return subjects(word)
    if how == "state" and word.head.i != word.i:
        verb = word.head
        passive = is_passive(verb) or verb.lemma_ == "be"
        return [c for c in children(verb) if c.dep_ in {"nsubj", "nsubjpass"}] if passive else objects(verb)
    if how in _OF and word.tag_[:2] == "NN":
        return prepositional(word, "of")
    return objects(word) if how == "draw" else []


def _itself(sentence: Sequence[Token], counted: Counted, words: _Words) -> Iterator[_Link]:
    """Nouns that say what happened to those that they name: "200 casualties", "no arrests", "5,000 demonstrators", "claimed 17 lives"."""
    noun = -1 if counted.noun is None or counted.is_one else counted.noun.i - sentence[0].i
    for row in words.get(noun, ()):
        is_headline = row.how == "event" and sentence[noun].tag_ == "NN" and counted.amount not in {ZERO, (1, 1, 1)}
        if row.how in {"self", "both", "of"} or is_headline:
            yield noun, row
    lives = sentence[noun].lemma_.lower() == "life" if noun >= 0 else False
    lives = lives or {"lives", "life"} & {t.lower_ for t in sentence[max(0, counted.start - 3) : counted.start]} != set()
    for at, rows in words.items():
        for row in rows:
            if row.how == "life" and lives and 0 < counted.start - at < 7:
                yield at, row


def _tolls(sentence: Sequence[Token], found: Sequence[Counted], words: _Words) -> Iterator[tuple[int, _Link]]:
    """The amount that a toll comes to: "the death toll rose to 45 from 38", "the number of dead reached 45", "bringing to 45 the toll"."""
    for at, token in enumerate(sentence):
        named = [(at, row) for row in words.get(at, ()) if row.how == "toll"]
        if token.lower_ == "number":
            named = [(i, row) for i in range(at + 1, at + 5) for row in words.get(i, ()) if row.how != "toll"][:1]
        right = [n for n, c in enumerate(found) if at < c.start < at + 20 and not c.is_one and sentence[c.start - 1].lower_ != "from"]
        left = [n for n, c in enumerate(found) if 0 < at - c.end < 4 and not c.is_one and sentence[c.start - 1].lower_ in {"to", "at"}]
        if named and (left or right):
            yield (left or right)[0], named[0]


def _links(sentence: Sequence[Token], found: Sequence[Counted]) -> dict[int, list[_Link]]:
    """What happened to each that is counted: the first of the ways above that tells."""
    words = _triggers(sentence)
    made = {n: [link] for n, link in _tolls(sentence, found, words)}
    tolls = {link[0] for links in made.values() for link in links}
    for way in (_behind, _ahead, _far, _itself):
        for n, counted in enumerate(found):
            if n in made:
                continue
            hits = [(at, row) for at, row in way(sentence, counted, words) if at not in tolls and _takes(row, counted)]
            if hits:
                made[n] = [hit for hit in hits if hit[0] == hits[0][0]]
        if way is _far:
            _share(sentence, found, made)
    return {n: _with_twin(sentence, links, words) for n, links in sorted(made.items())}


def _share(sentence: Sequence[Token], found: Sequence[Counted], made: dict[int, list[_Link]]) -> None:
    """What happened to one happened to those that "and" joins to it: "a woman and her two children were killed"."""
    pairs = [(n, n + 1) for n in range(len(found) - 1)]
    for known, other in (*pairs, *((b, a) for a, b in reversed(pairs))):
        first, second = found[min(known, other)], found[max(known, other)]
        gap = {t.lower_ for t in sentence[first.end : second.start]}
        if known in made and other not in made and gap and gap <= _BETWEEN and all(_takes(row, found[other]) for _, row in made[known]):
            made[other] = made[known]


def _with_twin(sentence: Sequence[Token], links: list[_Link], words: _Words) -> list[_Link]:
    """Both of "killed or wounded 40", where the text does not tell how many of each."""
    at, row = links[0]
    for joint, other in ((at + 1, at + 2), (at - 1, at - 2)):
        twin = next((r for r in words.get(other, ()) if {r.kind, row.kind} == {"deaths", "wounded"}), None)
        if twin is not None and sentence[joint].lower_ in {"and", "or", "/"}:
            return [(at, _Row(row.kind, "both", row.near)), (other, _Row(twin.kind, "both", twin.near))]
    return links


def _is_undone(sentence: Sequence[Token], at: int, counted: Counted) -> bool:
    """True for "did not kill 12"; not for "not more than 12 were killed"."""
    span = range(sentence[0].i + counted.start, sentence[0].i + counted.end)
    return counted.amount != ZERO and any(c.lower_ in {"not", "n't", "never"} and c.i not in span for c in children(sentence[at]))


def _sum(amounts: Sequence[Amount]) -> Amount:
    """The sum of several groups; the whole alone where its parts follow it ("12 people, five men and seven women").

    >>> _sum([(5, 5, 5), (3, 3, None)]), _sum([(12, 12, 12), (5, 5, 5), (7, 7, 7)])
    ((8, 8, None), (12, 12, 12))
    """
    whole, *parts = amounts
    if len(parts) > 1 and whole[0] is not None and whole[0] == _sum(parts)[0]:
        return whole
    low, best, high = ([each[n] for each in amounts] for n in range(3))
    return _total(low), _total(best), _total(high)


def _total(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def figures(sentence: Sequence[Token]) -> list[Figure]:
    """Figures of a parsed sentence, one for each kind and word, in the order of the words.

    >>> from eventcode.coder.nlp import parse
    >>> figures(list(next(iter(parse(["The blast left nine dead and at least 40 injured."])))))
    [Figure(kind='deaths', low=9, best=9, high=9, word=4), Figure(kind='wounded', low=40, best=40, high=None, word=9)]
    """
    found = amounts(sentence) if sentence else []
    groups: dict[tuple[int, str], list[Amount]] = {}
    for n, links in _links(sentence, found).items():
        for at, row in links:
            low, best, high = found[n].amount
            together = row.how == "both" and found[n].amount != ZERO
            given = (None, None, high) if together else (low, best, high)
            if any(value is not None for value in given) and not _is_undone(sentence, at, found[n]):
                groups.setdefault((sentence[at].i, row.kind), []).append(given)
    return [Figure(kind, *_sum(amounts), word) for (word, kind), amounts in sorted(groups.items())]


def merged(found: Iterable[Figure]) -> dict[str, Amount]:
    """One amount for each kind: that of the word with the fullest one, the first of those; several under one word are added up.

    >>> merged([Figure("deaths", 12, 12, None, 3), Figure("deaths", 12, 12, 12, 9), Figure("wounded", None, 30, None, 5)])
    {'deaths': (12, 12, 12), 'wounded': (None, 30, None)}
    """
    words: dict[str, dict[int, list[Amount]]] = {}
    for each in found:
        words.setdefault(each.kind, {}).setdefault(each.word, []).append((each.low, each.best, each.high))
    sums = {kind: [_sum(amounts) for amounts in of.values()] for kind, of in words.items()}
    return {kind: max(each, key=lambda amount: sum(value is not None for value in amount)) for kind, each in sums.items()}
