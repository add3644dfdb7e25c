"""When an event took place and what it cost: which of the dates and figures of a text belong to which act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from eventcode.coder.actors import Actors
from eventcode.coder.dates import Stated, stated
from eventcode.coder.figures import Figure, figures, merged
from eventcode.coder.status import frame, is_report, read
from eventcode.coder.syntax import clause, sentence_start, text_of
from eventcode.model.tables import BOUNDS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_FAR = 9
_CAUSES = {
    "deaths": ("18", "20", "19", "17", "14", "15"),
    "wounded": ("18", "20", "19", "17", "14", "15"),
    "detained": ("17", "18", "14"),
    "displaced": ("19", "18", "20", "17"),
    "protesters": ("14",),
}
"""Roots of the acts that can have such figures."""


@dataclass(frozen=True, slots=True)
class When:
    """When an event took place.

    Attributes:
        day: The day, or the first; None where it is not known.
        last: The last day, where it took more than one.
        precision: "day", "week", "month" or "year".
        basis: "stated", "relative" or "publication".
    """

    day: date | None
    last: date | None
    precision: str | None
    basis: str | None


def dates(doc: Doc, published: date | None) -> list[tuple[Token, Stated]]:
    """The dates of a text, each with the word at which it hangs in the parse."""
    found = []
    for hit in stated(text_of(doc), published):
        span = doc.char_span(hit.start, hit.end, alignment_mode="expand")
        assert span is not None
        found.append((span.root, hit))
    return found


def _rank(token: Token, trigger: Token) -> int:
    """How closely a date belongs to a trigger: 0 most, `_FAR` not at all."""
    own, home = clause(trigger), clause(token)
    if token.is_ancestor(trigger) or trigger.is_ancestor(token):
        if home.dep_ == "relcl" and home.head.i == trigger.i:
            return 0
        between = home.i not in {own.i, trigger.i} and not token.is_ancestor(trigger)
        if not between:
            return 0
        return 2 if home.dep_ in {"advcl", "conj", "ccomp", "relcl"} else 1
    if home.i == own.i:
        return 1
    if own.is_ancestor(home):
        return 2 if home.dep_ in {"xcomp", "acl", "pcomp"} else _FAR
    if home.is_ancestor(own):
        return 3 if is_report(home) else 2 if own.dep_ in {"xcomp", "conj", "advcl", "acl", "ccomp", "pcomp"} else 4
    return _FAR


def when(trigger: Token, known: Sequence[tuple[Token, Stated]], status: str, published: date | None) -> When:
    """Day, precision and basis of the event that a trigger reports: the date of its clause, else of the clause above, else the publication date.

    Args:
        trigger: The word.
        known: The dates of the paragraph, as `dates` gives them.
        status: Status of the event: what is planned lies ahead.
        published: Day of publication.
    """
    here = [
        (rank, abs(token.i - trigger.i), hit)
        for token, hit in known
        if sentence_start(token) == sentence_start(trigger) and (rank := _rank(token, trigger)) < _FAR
    ]
    if not here:
        return When(published, None, "day", "publication") if published else When(None, None, None, None)
    hit = min(here, key=lambda h: h[:2])[2]
    if hit.forward and status in {"planned", "hypothetical"}:
        return When(*hit.forward, hit.precision, hit.basis)
    return When(hit.day, hit.last, hit.precision, hit.basis)


def _steps(one: Token, other: Token) -> int:
    """Number of steps between two words in the parse."""
    up = {t.i: n for n, t in enumerate([one, *one.ancestors])}
    return next((n + up[t.i] for n, t in enumerate([other, *other.ancestors]) if t.i in up), 99)


def counted(sentence: Sequence[Token], actors: Actors, chosen: Sequence[Figure] | None = None) -> dict[str, Any]:
    """Figures of a sentence as the columns of a report, with whose they are.

    Args:
        sentence: Its words.
        actors: The actors of the paragraph.
        chosen: The figures that count; all of the sentence where not given.
    """
    found = figures(sentence) if chosen is None else chosen
    if not found:
        return {}
    columns = {f"{kind}_{bound}": value for kind, amount in merged(found).items() for bound, value in zip(BOUNDS, amount, strict=True)}
    speakers = actors.coded(read(sentence[0].doc[found[0].word], frame(sentence)).speakers)
    return {**columns, "figures_by": speakers[0].code if speakers else None}


def tolls(sentence: Sequence[Token], acts: Sequence[tuple[Token, str]], actors: Actors) -> dict[int, dict[str, Any]]:
    """The figures of a sentence as columns of its reports, by the number of the report; each stands in one report only, so that sums count nobody twice.

    Args:
        sentence: Its words.
        acts: Trigger and action of each report.
        actors: The actors of the paragraph, for whose figures they are.
    """
    given: dict[int, list[Figure]] = {}
    may_cost = any(action[:2] in roots for _, action in acts for roots in _CAUSES.values())
    for figure in figures(sentence) if may_cost else ():
        fits = [n for n, (_, action) in enumerate(acts) if action[:2] in _CAUSES[figure.kind]]
        if fits:
            word = sentence[0].doc[figure.word]
            given.setdefault(min(fits, key=lambda n: (_steps(acts[n][0], word), n)), []).append(figure)
    return {n: counted(sentence, actors, found) for n, found in given.items()}
