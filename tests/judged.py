"""What the coder reads at one word of a sentence, whether or not it makes a report of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from eventcode.coder.action_model import one_core, read
from eventcode.coder.actors import Actors, readers
from eventcode.coder.circumstances import dates, when
from eventcode.coder.code import LONG_AGO, _Sentence
from eventcode.coder.decide import decide
from eventcode.coder.nlp import parse
from eventcode.coder.places import Places
from eventcode.coder.status import frame
from eventcode.coder.words import Word, word


@dataclass(frozen=True)
class Judged:
    """A trigger in its sentence, with the likeliest action and the status of the act itself (a report of an intent or a threat is asserted whatever is intended)."""

    actors: Actors
    word: Word
    root: str
    status: str


@cache
def judged(text: str, trigger: str, published: date | None) -> Judged:
    """Read `text` at the word `trigger`; of a hyphenated one at any of its parts."""
    (actors,) = readers(list(parse([text])), published)
    token = next(t for t in actors.doc if t.text == trigger or t.text in trigger.split("-"))
    sentence = _Sentence(token.sent, actors)
    assert token in sentence.reporting, "the word may report nothing"
    with one_core():
        reading = read([sentence.text()])
    around = word(token, frame(sentence.tokens))
    (scores,) = reading.events([sentence.matter.index(token.i)], [around.features()])
    root = next(code[:2] for code, _ in scores.best() if code != "none")
    status = around.status.status
    return Judged(actors, around, root, status if status != "asserted" else decide(scores, around.code).status or status)


def dated(text: str, trigger: str, published: date | None):
    at = judged(text, trigger, published)
    return when(at.word.token, dates(at.actors.doc, published), at.word.status.status, published)


def placed(text: str, trigger: str, home: list[str]):
    at = judged(text, trigger, None)
    return Places(at.actors.doc, at.actors.named_countries(), home or at.actors.countries(), barred=at.actors.in_bodies()).where(
        at.word.token, at.root
    )


def stated(text: str, trigger: str, published: date) -> tuple[str, str]:
    """Status and the code of whose word it is, with what lies more than a year back taken for history, as in a report."""
    at = judged(text, trigger, published)
    day = dated(text, trigger, published).day
    status = "historical" if day and day < published - LONG_AGO and at.status in {"asserted", "claimed"} else at.status
    speakers = at.actors.coded(at.word.status.speakers)
    return status, (speakers[0].code or "") if speakers else ""
