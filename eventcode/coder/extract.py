"""From the words that report an event to who did it and to whom."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from eventcode.coder import lexicon
from eventcode.coder.actors import Actor, Actors
from eventcode.coder.lexicon import Path
from eventcode.coder.status import frame
from eventcode.coder.syntax import antecedent, clause, conjuncts, subjects, walk
from eventcode.coder.words import Word, word

if TYPE_CHECKING:
    from spacy.tokens import Token

_OBJECTS: tuple[Path, ...] = tuple(
    tuple(path.split(".")) for path in "obj iobj prep:against prep:with prep:to prep:on prep:at prep:for prep:from prep:of comp.obj".split()
)
_JOINT = {"03", "04", "06"}
_JOINT_CODES = {"057", "0871", "050"}
"""What several do together they do with each other: "Putin and Erdogan agreed"."""
_NO_DOER = {"object", "place"}
"""A house or a bus does nothing, nor does the place of an act."""


@dataclass(frozen=True, slots=True)
class Found:
    """One event found in a sentence.

    Attributes:
        word: The word that reports it.
        actor: Who did it; None where the text does not say.
        target: To whom; None where nobody is named.
    """

    word: Word
    actor: Actor | None
    target: Actor | None


def _named(tokens: Sequence[Token], actors: Actors) -> list[tuple[Token, Actor]]:
    """Whom some words name, each with its word; somebody without a code where the lists do not know."""
    return [(token, actor) for token in tokens for actor in actors.side(token)]


def _is_joined(a: Token, b: Token) -> bool:
    return (a.i != b.i and any(t.i == b.i for t in conjuncts([a]))) or any(t.i == a.i for t in conjuncts([b]) if t.i != b.i)


def _outermost(tokens: Sequence[Token]) -> list[Token]:
    """The words less those that only stand in the phrase of another: "Armenia" in "the ministers of Armenia and Azerbaijan"."""
    chosen = {t.i for t in tokens}
    return [
        t
        for t in tokens
        if not any(a.i in chosen for a in itertools.takewhile(lambda a: a.pos_ not in {"VERB", "AUX"}, t.ancestors) if not _is_joined(a, t))
    ]


def _whole(token: Token, actors: Actors) -> Token:
    """The noun that names an actor where the model chose the country before it: the diplomats of "Qatari diplomats"."""
    if token.dep_ not in {"amod", "compound", "nmod"}:
        return token
    own, head = ({(a.code or "")[:3] for a in actors.coded_one(t)} for t in (token, token.head))
    return token.head if own & head else token


def dyads(
    word: Word, sources: Sequence[Token], targets: Sequence[Token], code: str, actors: Actors
) -> Iterator[tuple[Actor | None, Actor | None]]:
    """Every source with every target, never anybody with themselves; those joined by "and" with each other only where there is nobody else.

    Args:
        word: The word that reports it.
        sources: Words that name who did it.
        targets: Words that name to whom.
        code: What was done; what several do together they do with each other.
        actors: The actors of the paragraph.
    """
    both = word.pattern is not None and word.pattern.both and word.code[:2] == code[:2]
    hyphened = actors.hyphened_to(word.token) if both else []
    if len(hyphened) > 1:  # "Russian-Turkish talks"
        sources = targets = hyphened
    doers = [(t, a) for t, a in _named([_whole(t, actors) for t in _outermost(sources)], actors) if a.how not in _NO_DOER]
    sufferers = _named([_whole(t, actors) for t in _outermost(targets)], actors)
    if not sufferers and len(doers) > 1 and (both or code[:2] in _JOINT or code in _JOINT_CODES):
        sufferers = doers
    pairs = [(s, t) for s, t in product(doers, sufferers) if s[1] != t[1] and not (s[1].code and s[1].code == t[1].code)]
    pairs = [(s, t) for s, t in pairs if not _is_joined(s[0], t[0])] or pairs
    if both:
        pairs += [(t, s) for s, t in pairs]
    seen = set()
    for actor, target in [(s[1], t[1]) for s, t in pairs]:
        key = (actor.code or actor.head, target.code or target.head)
        if key not in seen:
            seen.add(key)
            yield actor, target
    if not pairs:
        yield from ((actor, None) for _, actor in doers)
        if not doers:
            yield from ((None, target) for _, target in sufferers)


def _distance(a: Token, b: Token) -> int:
    """Number of steps between two words in the parse."""
    up = {t.i: n for n, t in enumerate([a, *a.ancestors])}
    for steps, token in enumerate([b, *b.ancestors]):
        if token.i in up:
            return up[token.i] + steps
    return 99


def between_given(tokens: Sequence[Token], source: Token | None, target: Token | None) -> Word:
    """The word that best reports what a given source did to a given target.

    Best is a word whose own source and target they are; then the nearest to both in the parse. Where no pattern fires, it is the verb between them.
    """
    hits = [token for token in tokens if lexicon.match(token) is not None]

    def cost(trigger: Token) -> tuple[int, int]:
        doer = source is not None and trigger.pos_ in {"VERB", "AUX"} and any(antecedent(t).i == source.i for t in subjects(trigger))
        done_to = target is not None and any(t.i == target.i for path in _OBJECTS for t in walk(trigger, path))
        return -(2 * doer + done_to), sum(_distance(trigger, side) for side in (source, target) if side is not None)

    if hits:
        return word(min(hits, key=cost), frame(tokens))
    return word(clause(next(side for side in (source, target, tokens[0]) if side is not None)), frame(tokens))
