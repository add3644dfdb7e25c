"""From a parsed paragraph to its events: which words fire, who did it, to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from eventcode import resources
from eventcode.coder import lexicon
from eventcode.coder.actors import Actor, Actors
from eventcode.coder.lexicon import Path, Pattern
from eventcode.coder.status import Status, is_denial
from eventcode.coder.status import read as read_status
from eventcode.coder.syntax import antecedent, clause, conjuncts, governor, prepositional, step, subjects, walk
from eventcode.model import grammar

if TYPE_CHECKING:
    from spacy.tokens import Token

LIGHT = frozenset(
    """
    begin carry commit conduct continue deliver engage execute extend give have hold impose initiate issue join launch lead lodge make mount open offer order participate perform place provide pursue put reach resume send sign stage start step take undertake wage
    """.split()
)
"""Verbs that lend their subject to the noun that is their object ("launched an attack")."""
_VERB_TARGETS: tuple[Path, ...] = tuple(
    tuple(path.split("."))
    for path in """
    obj iobj prep:against prep:with prep:to prep:on prep:at prep:for prep:from prep:of comp.obj comp.iobj
    obj.prep:against obj.prep:with obj.prep:to obj.prep:on obj.prep:for
    comp.prep:to comp.prep:with comp.prep:from comp.prep:against comp.obj.prep:to comp.obj.prep:on comp.obj.prep:against comp.obj.prep:with
    """.split()
)
_NOUN_TARGETS: tuple[Path, ...] = tuple((f"prep:{p}",) for p in "against on with to of for from".split())
_PLACE_TARGETS: tuple[Path, ...] = (("prep:in",), ("prep:at",), ("prep:outside",), ("prep:near",))
_STRIKES_PLACES = {"14", "15", "17", "18", "19", "20"}
"""Roots for which the place of the act names whom it was done to: "a bombing in Baghdad"."""
_JOINT = {"03", "04", "06"}
_JOINT_CODES = {"057", "0871", "050"}
"""What several do together they do with each other: "Putin and Erdogan agreed"."""
_WITH: tuple[Path, ...] = (("prep:with",), ("prep:against",), ("prep:to",))
_MOST = 4
_MOST_OTHERS = 1
_OPEN_TARGETS: tuple[Path, ...] = (("obj",), ("iobj",), ("comp", "obj"), ("comp", "subj"))
OPEN = {pos: Pattern("", "", pos, (), (), _OPEN_TARGETS if pos == "V" else (), both=False, rule="") for pos in ("V", "N")}
"""What stands for the row of the lexicon at a word that no row knows: whether it reports an event is for the action model to say."""
_SPEAKS_FOR_INNER = {"02", "03", "10", "12", "13"}
"""Roots whose verb takes up its complement: "threatened to attack" is a threat and no attack."""
_WHO = {"PERSON", "ORG", "NORP", "GPE"}
"""Kinds of named entities that act."""
_LOOSE = {"modifier", "place", "object"}
"""What only belongs to an actor does not act in an event that no pattern knows."""
_MATERIAL_CONFLICT = {"17", "18", "19", "20"}


@dataclass(frozen=True, slots=True)
class Found:
    """One event found in a sentence.

    Attributes:
        trigger: The word that reports it.
        pattern: The row of the lexicon that fired.
        actor: Who did it; None where the text does not say.
        target: To whom; None where nobody is named.
        status: How the text puts it.
    """

    trigger: Token
    pattern: Pattern
    actor: Actor | None
    target: Actor | None
    status: Status

    @property
    def is_undone(self) -> bool:
        """True where the text says that the act was not done and the pattern is not about that."""
        return self.status.negated and not self.pattern.is_negative


def _between(trigger: Token, actors: Actors) -> list[Actor]:
    """Both of "between X and Y", "by X and Y", of the two adjectives in "Russian-Turkish talks"."""
    return actors.coded(prepositional(trigger, "between") or prepositional(trigger, "among"))


def _first_coded(trigger: Token, paths: Iterable[Path], actors: Actors, taken: frozenset[int] = frozenset()) -> list[Actor]:
    """Actors at the first path that holds one of a known country or body; else at the first that holds any."""
    vague: list[Actor] = []
    for path in paths:
        hits = [a for a in actors.coded(t for t in walk(trigger, path) if t.i != trigger.i) if a.head not in taken]
        if any(not grammar.is_role_only(a.code or "") for a in hits):
            return hits
        vague = vague or hits
    return vague


def _verb_sources(trigger: Token, actors: Actors) -> list[Actor]:
    """Who does it; in "issued a statement demanding", who issued it."""
    found = actors.coded(subjects(trigger))
    if not found and trigger.dep_ == "acl" and (verb := governor(trigger.head)) is not None:
        found = actors.coded(subjects(verb))
    return found


def _nobody_listed(tokens: Iterable[Token], actors: Actors) -> list[Actor]:
    """The first who is named but in no list: without a code, but with the words."""
    named = (t for t in tokens if t.pos_ == "PROPN" and t.ent_type_ in _WHO)
    return [Actor(None, *actors.phrase(t), "unknown", t.i) for t in named][:1]


def _noun_sources(trigger: Token, actors: Actors, fired: frozenset[int]) -> list[Actor]:
    """Who stands behind a noun: its possessor, its by-phrase, the country before it, else the subject of a light verb."""
    owners = [c for c in trigger.children if c.dep_ == "poss"]
    if owners and (hits := actors.coded(owners)):
        return hits
    own = [p for c in trigger.children if c.dep_ in {"prep", "agent"} and c.lower_ == "by" for p in c.children if p.dep_ == "pobj"]
    if hits := actors.coded(own):
        return hits
    before = conjuncts(c for c in trigger.children if c.dep_ in {"amod", "compound", "nmod"})
    named = [*actors.hyphened_to(trigger), *(t for t in before if actors.is_named(t))]
    if named and (hits := actors.coded(named)):
        return hits
    verb = governor(trigger)
    if verb is not None and verb.i not in fired and verb.lemma_.lower() in LIGHT:
        return actors.coded(subjects(verb))
    return []


def _adjective_sources(trigger: Token, actors: Actors) -> list[Actor]:
    head = trigger.head
    return actors.coded(subjects(head) if head.pos_ in {"VERB", "AUX"} else [head])


def _sources(trigger: Token, pattern: Pattern, actors: Actors, fired: frozenset[int]) -> list[Actor]:
    """Who does it. Where a thing is ("an explosion in Lahore") does not make a place the doer, nor is a house or a bus one."""
    return [actor for actor in _any_sources(trigger, pattern, actors, fired) if actor.how not in {"place", "object"}]


def _any_sources(trigger: Token, pattern: Pattern, actors: Actors, fired: frozenset[int]) -> list[Actor]:
    if pattern.source:
        return _first_coded(trigger, pattern.source, actors)
    if pattern.pos == "V":
        return _verb_sources(trigger, actors)
    return _noun_sources(trigger, actors, fired) if pattern.pos == "N" else _adjective_sources(trigger, actors)


def _targets(trigger: Token, pattern: Pattern, actors: Actors, taken: frozenset[int]) -> list[Actor]:
    usual = _NOUN_TARGETS if pattern.pos == "N" else _VERB_TARGETS
    if pattern.both and (len(taken) > 1 or pattern.target):
        usual = _WITH  # "X and Y discussed Z": they are each other's, unless it is with somebody else
    found = _first_coded(trigger, (*pattern.target, *(path for path in usual if path not in pattern.target)), actors, taken)
    if not found and pattern.code[:2] in _STRIKES_PLACES:
        found = _first_coded(trigger, _PLACE_TARGETS, actors, taken)
    return found


def used(trigger: Token, pattern: Pattern) -> frozenset[int]:
    """Words that a pattern takes up as its conditions; they report no event of their own. What is denied stays: a denied report."""
    if is_denial(trigger):
        return frozenset()
    found = {
        t.i for condition in pattern.conditions if not condition.absent and condition.path[0] not in {"neg", "head", "subj", "aux"}
        for t in walk(trigger, condition.path)
        if condition.words is None or t.lemma_.lower() in condition.words or t.lower_ in condition.words
    }  # fmt: skip
    if pattern.code[:2] in _SPEAKS_FOR_INNER and pattern.pos == "V":
        found |= {t.i for t in step(trigger, "comp")}
    return frozenset(found)


def _pairs(sources: Sequence[Actor], targets: Sequence[Actor], *, both: bool, together: bool) -> list[tuple[Actor | None, Actor | None]]:
    """Every source with every target, never anybody with themselves; sources with each other where they act together."""
    sources, targets = sources[:_MOST], targets[:_MOST]
    if not targets and len(sources) > 1 and together:
        targets = sources
        both = False
    if not sources:
        return [(None, b) for b in targets]
    found: list[tuple[Actor | None, Actor | None]] = []
    for a, b in product(sources, targets):
        if a.code != b.code and (a.code or b.code):
            found += [(a, b), (b, a)] if both else [(a, b)]
    return found or [(a, None) for a in sources]


def _dyads(trigger: Token, pattern: Pattern, actors: Actors, fired: frozenset[int]) -> Iterator[tuple[Actor | None, Actor | None]]:
    sides = _between(trigger, actors) if pattern.pos == "N" else []
    if len(sides) > 1:
        yield from _pairs(sides, [], both=True, together=True)
        return
    sources = _sources(trigger, pattern, actors, fired)
    targets = _targets(trigger, pattern, actors, frozenset(a.head for a in sources))
    if targets and not sources and pattern.pos == "V":
        sources = _nobody_listed(subjects(trigger), actors)
    elif sources and not targets and pattern.pos == "V":
        targets = _nobody_listed(
            (t for path in (("obj",), *pattern.target, ("prep:with",), ("prep:to",)) for t in walk(trigger, path)), actors
        )
    if not sources and pattern.code[:2] not in _MATERIAL_CONFLICT:
        if not (pattern.both and len(targets) > 1):
            return
        sources, targets = targets, []
    together = pattern.both or pattern.code[:2] in _JOINT or pattern.code in _JOINT_CODES
    yield from _pairs(sources, targets, both=pattern.both, together=together)


def _family(pattern: Pattern) -> str:
    """Root of an action; one for all kinds of violence, so that "rockets struck" is one event."""
    root = pattern.code[:2]
    return "violence" if root in {"18", "19", "20"} else root


def fired(tokens: Iterable[Token]) -> list[tuple[Token, Pattern]]:
    """The words that fire, with the pattern of each, less those that another pattern takes up."""
    hits = [(token, hit) for token in tokens if (hit := lexicon.match(token)) is not None]
    taken = {i for token, hit in hits for i in used(token, hit)}
    verbs = {token.i: _family(hit) for token, hit in hits if hit.pos == "V"}
    return [
        (token, hit) for token, hit in hits if token.i not in taken and not (hit.pos == "N" and verbs.get(token.head.i) == _family(hit))
    ]


@cache
def _triggers() -> frozenset[str]:
    return frozenset(row["lemma"] for row in resources.rows("lexicon/triggers"))


def is_trigger(token: Token) -> bool:
    """True for a word that the training sentences know as what reports an event."""
    return token.lemma_.lower() in _triggers()


def unlisted(tokens: Iterable[Token], hits: Sequence[tuple[Token, Pattern]]) -> Iterator[tuple[Token, Pattern]]:
    """Verbs, and nouns after somebody's name, that no pattern knows or takes up, and that may report an event all the same."""
    near = {i for token, hit in hits for i in (token.i, token.head.i, *used(token, hit))}
    for token in tokens:
        if token.i in near or token.ent_type_ in {"DATE", "TIME"}:
            continue
        if token.pos_ == "VERB" and token.dep_ not in {"aux", "auxpass", "amod"} and is_trigger(token):
            yield token, OPEN["V"]
        elif token.pos_ == "NOUN" and token.dep_ != "compound" and any(c.dep_ == "prep" for c in token.children) and is_trigger(token):
            yield token, OPEN["N"]


def candidates(tokens: Sequence[Token], actors: Actors) -> Iterator[Found]:
    """The events that the words of a sentence may report: those of the lexicon, then any other word with one actor on either side."""
    hits = fired(tokens)
    yield from _found(hits, actors)
    for found in _found(list(unlisted(tokens, hits)), actors):
        sides = [side for side in (found.actor, found.target) if side is not None and side.how not in _LOOSE]
        if found.actor in sides and (found.pattern.pos == "V" or len(sides) == 2):
            yield found


def completed(found: Found, actors: Actors) -> list[Found]:
    """The same event with another actor of its sentence on the side that the parse leaves empty, the nearest first."""
    if (found.actor is None) == (found.target is None):
        return []
    known = found.actor or found.target
    assert known is not None
    taken = range(known.start, known.end)
    nouns = [
        t for t in found.trigger.sent if t.pos_ in {"NOUN", "PROPN"} and t.dep_ not in {"compound", "amod", "nmod"} and t.i not in taken
    ]
    others = [a for t in nouns for a in actors.coded_one(t) if a.how not in {"modifier", "object"} and a.code != known.code]
    nearest = sorted(others, key=lambda a: abs(a.head - found.trigger.i))[:_MOST_OTHERS]
    return [replace(found, actor=a) if found.actor is None else replace(found, target=a) for a in nearest]


def _found(hits: Sequence[tuple[Token, Pattern]], actors: Actors) -> Iterator[Found]:
    places = frozenset(token.i for token, _ in hits)
    for trigger, pattern in hits:
        status = read_status(trigger)
        seen: set[tuple[str | None, str | None]] = set()
        for actor, target in _dyads(trigger, pattern, actors, places - {trigger.i}):
            key = (actor.code if actor else None, target.code if target else None)
            if key not in seen:
                seen.add(key)
                yield Found(trigger, pattern, actor, target, status)


def _distance(a: Token, b: Token) -> int:
    """Number of steps between two words in the parse."""
    up = {t.i: n for n, t in enumerate([a, *a.ancestors])}
    for steps, token in enumerate([b, *b.ancestors]):
        if token.i in up:
            return up[token.i] + steps
    return 99


def between_given(tokens: Sequence[Token], source: Token | None, target: Token | None) -> tuple[Token, Pattern]:
    """The word that best reports what a given source did to a given target.

    Best is a word whose own source and target they are; then the nearest to both in the parse. Where no pattern fires, it is the verb between them.
    """
    hits = fired(tokens) or [(t, hit) for t in tokens if (hit := lexicon.match(t)) is not None]

    def cost(hit: tuple[Token, Pattern]) -> tuple[int, int]:
        trigger, pattern = hit
        own = subjects(trigger) if pattern.pos == "V" else []
        doer = source is not None and any(antecedent(t).i == source.i for t in own)
        done_to = target is not None and any(t.i == target.i for path in (*pattern.target, *_VERB_TARGETS) for t in walk(trigger, path))
        return -(2 * doer + done_to), sum(_distance(trigger, side) for side in (source, target) if side is not None)

    if hits:
        return min(hits, key=cost)
    verb = clause(next(side for side in (source, target, tokens[0]) if side is not None))
    return verb, OPEN["V"]
