"""The coder: articles in, reports out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from eventcode.coder.actors import Actor, Actors, readers
from eventcode.coder.articles import SourceArticle
from eventcode.coder.dates import Stated, stated
from eventcode.coder.extract import Found, between_given, events
from eventcode.coder.names import Lists, load
from eventcode.coder.nlp import parse
from eventcode.coder.status import read as read_status
from eventcode.coder.syntax import clause
from eventcode.coder.text import Text, clean, paragraphs
from eventcode.resources import VERSION

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

CODER = "program:eventcode"
_LONG_AGO = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class CodedReport:
    """One report as the coder gives it; the names are those of the contract, `article` stands for its `source`."""

    article: str
    actor: str | None
    action: str
    target: str | None
    date: date | None
    date_precision: str | None
    date_basis: str | None
    status: str
    attributed_to: str | None
    actor_text: str | None
    target_text: str | None
    actor_named_in: int | None
    target_named_in: int | None
    sentence: int
    start: int
    end: int
    trigger: str
    coder: str
    coder_version: str
    rule: str
    confidence: float

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values; the date as text."""
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Coded:
    """What an article gave.

    Attributes:
        article: The article.
        reports: Its reports in the order of the text.
        sentences: Offsets of the sentences read.
        unlisted: Names that stood where an actor stands and are in no list: words, kind of entity, sentence.
    """

    article: SourceArticle
    reports: tuple[CodedReport, ...]
    sentences: tuple[tuple[int, int], ...]
    unlisted: tuple[tuple[str, str, str], ...] = ()


def _when(
    trigger: Token, dates: list[tuple[Token, Stated]], status: str, published: date | None
) -> tuple[date | None, str | None, str | None]:
    """Day, precision and basis of an event: the date stated in its clause, else in the clause above, else the publication date."""
    own = clause(trigger)
    above = {t.i for t in own.ancestors}
    near = []
    for token, hit in dates:
        if token.sent != trigger.sent:
            continue
        home = clause(token)
        rank = 0 if token.is_ancestor(trigger) or trigger.is_ancestor(token) else 1 if home.i == own.i else 2 if home.i in above else 9
        if rank < 9:
            near.append((rank, abs(token.i - trigger.i), hit))
    if near:
        hit = min(near, key=lambda n: n[:2])[2]
        day = hit.forward if status == "planned" and hit.forward and hit.basis == "relative" else hit.day
        return day, hit.precision, hit.basis
    return (published, "day", "publication") if published else (None, None, None)


def _confidence(found: Found) -> float:
    """How sure the rules are, from what each part rests on. Not calibrated: an order, not a probability."""
    sure = {"name": 1.0, "agent": 0.9, "pronoun": 0.8, "modifier": 0.75, "place": 0.7, "object": 0.7, "reference": 0.7, "context": 0.6}
    parts = [sure[a.how] for a in (found.actor, found.target) if a is not None]
    missing = 0.7 ** (2 - len(parts))
    detail = min(1.0, 0.7 + 0.1 * len(found.pattern.conditions))
    return round(missing * detail * (min(parts) if parts else 1.0), 3)


def _token_at(doc: Doc, offset: int) -> Token:
    span = doc.char_span(offset, offset + 1, alignment_mode="expand")
    assert span is not None
    return span[0]


class _Article:
    """One article on its way through the coder."""

    def __init__(self, article: SourceArticle, lists: Lists) -> None:
        self.article = article
        self.lists = lists
        self.unlisted: list[tuple[str, str, str]] = []
        self.text: Text = clean(article.text)
        self.spans = paragraphs(self.text.clean)
        self.reports: list[CodedReport] = []
        self.sentences: list[tuple[int, int]] = []

    def read(self) -> None:
        """Code the article, paragraph by paragraph."""
        docs = parse([self.text.clean[a:b] for a, b in self.spans])
        for actors, (start, _) in zip(readers(docs, self.article.published, self.lists), self.spans, strict=True):
            self.add(actors, start)

    def add(self, actors: Actors, base: int) -> None:
        """Code a paragraph that begins at offset `base` of the clean text."""
        doc = actors.doc
        dates = [(_token_at(doc, s.start), s) for s in stated(doc.text, self.article.published)]
        for sentence in actors.sentences:
            self.sentences.append(self.text.span(base + sentence.start_char, base + sentence.end_char))
            events_found = list(self._found(sentence, actors))
            self.unlisted += [(name, kind, " ".join(sentence.text.split())) for name, kind in actors.unlisted(sentence)]
            for found in events_found:
                self.reports.append(self._report(found, actors, dates, base))
            actors.remember(sentence)

    def _found(self, sentence: Span, actors: Actors) -> Iterable[Found]:
        return events(list(sentence), actors)

    def _words(self, actor: Actor | None, actors: Actors) -> str | None:
        return actors.text(actor) if actor is not None else None

    def _then(self, actor: Actor | None, actors: Actors, day: date | None) -> Actor | None:
        """The actor with the role that it held on the day of the event, where that is not the day of publication."""
        if actor is None or day is None or day == self.article.published or actor.named_in is not None:
            return actor
        hits = [a for a in actors.on(day).read(actors.doc[actor.head]) if a.code]
        same = [a for a in hits if (a.code or "")[:3] == (actor.code or "")[:3]]
        return same[0] if same else hits[0] if len(hits) == 1 else actor

    def _report(self, found: Found, actors: Actors, dates: list[tuple[Token, Stated]], base: int) -> CodedReport:
        day, precision, basis = _when(found.trigger, dates, found.status.status, self.article.published)
        status = found.status.status
        if day and self.article.published and day < self.article.published - _LONG_AGO and status in {"asserted", "claimed"}:
            status = "historical"
        actor, target = (self._then(side, actors, day) for side in (found.actor, found.target))
        speakers = actors.coded(found.status.speakers)
        start, end = self.text.span(base + found.trigger.idx, base + found.trigger.idx + len(found.trigger))
        return CodedReport(
            article=self.article.id,
            actor=actor.code if actor else None,
            action=found.pattern.code,
            target=target.code if target else None,
            date=day,
            date_precision=precision,
            date_basis=basis,
            status=status,
            attributed_to=speakers[0].code if speakers else None,
            actor_text=self._words(found.actor, actors),
            target_text=self._words(found.target, actors),
            actor_named_in=found.actor.named_in if found.actor else None,
            target_named_in=found.target.named_in if found.target else None,
            sentence=len(self.sentences),
            start=start,
            end=end,
            trigger=self.article.text[start:end],
            coder=CODER,
            coder_version=VERSION,
            rule=found.pattern.rule,
            confidence=_confidence(found),
        )

    def result(self) -> Coded:
        """What was found."""
        return Coded(self.article, tuple(self.reports), tuple(self.sentences), tuple(self.unlisted))


class _GivenPair(_Article):
    """An article whose source and target are marked: one report for that pair."""

    def _token(self, sentence: Span, base: int, given: tuple[int, int] | None) -> Token | None:
        if given is None:
            return None
        hits = [t for t in sentence if self.text.begins[base + t.idx] < given[1] and given[0] < self.text.ends[base + t.idx + len(t) - 1]]
        return sentence.doc[hits[0].i : hits[-1].i + 1].root if hits else None

    def add(self, actors: Actors, base: int) -> None:
        """Code the marked pair if it stands in this paragraph."""
        self.base = base
        super().add(actors, base)

    def _found(self, sentence: Span, actors: Actors) -> Iterable[Found]:
        source = self._token(sentence, self.base, self.article.source_span)
        target = self._token(sentence, self.base, self.article.target_span)
        if source is None or target is None or self.reports:
            return
        hit = between_given(list(sentence), source, target)
        if hit is not None:
            pair = [next(iter(actors.read(t)), None) or Actor(None, t.i, t.i + 1, "modifier", t.i) for t in (source, target)]
            known = [replace(a, how="modifier") if a.how == "unknown" else a for a in pair]
            status = read_status(hit[0])
            if status.negated and not hit[1].is_negative:
                status = replace(status, status="denied")
            yield Found(hit[0], hit[1], known[0], known[1], status)

    def _report(self, found: Found, actors: Actors, dates: list[tuple[Token, Stated]], base: int) -> CodedReport:
        made = super()._report(found, actors, dates, base)
        assert self.article.source_span is not None
        assert self.article.target_span is not None
        words = [self.article.text[a:b] for a, b in (self.article.source_span, self.article.target_span)]
        return replace(made, actor_text=words[0], target_text=words[1])


def code(
    articles: Iterable[SourceArticle], *, given_actors: bool = False, min_confidence: float = 0.0, lists: tuple[str, ...] = ()
) -> Iterator[Coded]:
    """Code articles, one after the other.

    Args:
        articles: The articles, as `eventcode.coder.articles.read` gives them.
        given_actors: Code exactly the pair that each row marks with `source_span` and `target_span`.
        min_confidence: Leave out reports below this confidence.
        lists: Files with lists of actors of the user's own; they count before the project's.

    Yields:
        One result an article, in order, also where it holds no event.
    """
    known = load(lists)
    for article in articles:
        made = (_GivenPair if given_actors else _Article)(article, known)
        made.read()
        found = made.result()
        yield replace(found, reports=tuple(r for r in found.reports if r.confidence >= min_confidence))


def code_text(text: str, *, published: date | None = None, article: str = "text") -> tuple[CodedReport, ...]:
    """Code one text.

    Args:
        text: The text; offsets in the reports count its characters.
        published: Its day of publication, from which weekdays are read; None where not known.
        article: Id that the reports carry.

    Returns:
        The reports, in the order of the text.

    >>> [(r.actor, r.action, r.target) for r in code_text("Russia accused Turkey of arming the rebels.")][0][:2]
    ('RUS', '1123')
    """
    (coded,) = code([SourceArticle(article, text, published, {})])
    return coded.reports
