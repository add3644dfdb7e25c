"""The coder: articles in, reports out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from eventcode.codebook.actions import intent
from eventcode.coder.action_model import Scores, card, score
from eventcode.coder.actors import Actor, Actors, readers
from eventcode.coder.articles import SourceArticle
from eventcode.coder.dates import Stated, stated
from eventcode.coder.decide import Decision, decide
from eventcode.coder.extract import Found, between_given, candidates, completed
from eventcode.coder.marking import Marked
from eventcode.coder.names import Lists, load
from eventcode.coder.nlp import parse
from eventcode.coder.sieve import is_worth_reading
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
        reports: Its reports, sentence by sentence.
        sentences: Offsets of the sentences read.
        unlisted: Names that stood where an actor stands and are in no list: words, kind of entity, sentence.
        likely: For each report the codes that the action model holds likeliest, with their probabilities.
    """

    article: SourceArticle
    reports: tuple[CodedReport, ...]
    sentences: tuple[tuple[int, int], ...]
    unlisted: tuple[tuple[str, str, str], ...] = ()
    likely: tuple[tuple[tuple[str, float], ...], ...] = ()


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


def _token_at(doc: Doc, offset: int) -> Token:
    span = doc.char_span(offset, offset + 1, alignment_mode="expand")
    assert span is not None
    return span[0]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What a sentence may report, until the action model has spoken."""

    found: Found
    actors: Actors
    dates: list[tuple[Token, Stated]]
    base: int
    sentence: int
    marked: Marked


def _span(actors: Actors, actor: Actor | None, base: int) -> tuple[int, int] | None:
    """Characters of an actor's words, counted from `base`."""
    if actor is None:
        return None
    last = actors.doc[actor.end - 1]
    return actors.doc[actor.start].idx - base, last.idx + len(last) - base


class _Article:
    """One article on its way through the coder."""

    def __init__(self, article: SourceArticle, lists: Lists) -> None:
        self.article = article
        self.lists = lists
        self.unlisted: list[tuple[str, str, str]] = []
        self.text: Text = clean(article.text)
        self.spans = paragraphs(self.text.clean)
        self.paragraphs: list[tuple[Actors, int, list[tuple[Token, Stated]], int]] = []
        self.waiting: list[_Candidate] = []
        self.reports: list[CodedReport] = []
        self.likely: list[tuple[tuple[str, float], ...]] = []
        self.sentences: list[tuple[int, int]] = []

    def read(self) -> None:
        """Code the article: what its sentences may report, paragraph by paragraph, then what of it the action model holds for events."""
        docs = parse([self.text.clean[a:b] for a, b in self.spans])
        for actors, (start, _) in zip(readers(docs, self.article.published, self.lists), self.spans, strict=True):
            self.add(actors, start)
        self.judge()

    def add(self, actors: Actors, base: int) -> None:
        """Look for candidates in a paragraph that begins at offset `base` of the clean text."""
        doc = actors.doc
        dates = [(_token_at(doc, s.start), s) for s in stated(doc.text, self.article.published)]
        self.paragraphs.append((actors, base, dates, len(self.sentences)))
        for sentence in actors.sentences:
            self.sentences.append(self.text.span(base + sentence.start_char, base + sentence.end_char))
            found = list(self._found(sentence, actors))
            self.unlisted += [(name, kind, " ".join(sentence.text.split())) for name, kind in actors.unlisted(sentence)]
            self.waiting += [
                _Candidate(each, actors, dates, base, len(self.sentences), self._marked(each, sentence, actors)) for each in found
            ]
            actors.remember(sentence)

    def _found(self, sentence: Span, actors: Actors) -> Iterable[Found]:
        return candidates(list(sentence), actors)

    def _marked(self, found: Found, sentence: Span, actors: Actors) -> Marked:
        begin = sentence.start_char
        trigger = (found.trigger.idx - begin, found.trigger.idx + len(found.trigger) - begin)
        source, target = (self._inside(_span(actors, side, begin), sentence) for side in (found.actor, found.target))
        return Marked(sentence.text, source, target, trigger)

    @staticmethod
    def _inside(span: tuple[int, int] | None, sentence: Span) -> tuple[int, int] | None:
        return span if span is not None and 0 <= span[0] < span[1] <= len(sentence.text) else None

    def judge(self) -> None:
        """Ask the action model once for each trigger, for the first pair of it that is named, and report what it holds for events."""
        groups: dict[tuple[int, int], list[_Candidate]] = {}
        for each in self.waiting:
            if self._is_denied(each.found) or is_worth_reading(each.found):
                groups.setdefault((each.base, each.found.trigger.i), []).append(each)
        asked = [next((c for c in group if c.marked.source and c.marked.target), group[0]) for group in groups.values()]
        decided: list[tuple[list[_Candidate], Decision, Scores]] = []
        for group, scores in zip(groups.values(), score([c.marked for c in asked]), strict=True):
            decision = self._decide(group[0].found, scores)
            if decision.code is not None:
                decided.append((group, decision, scores))
        self._complete(decided)
        for group, decision, scores in decided:
            for each in group:
                if (each.found.actor and each.found.actor.code) or (each.found.target and each.found.target.code):
                    self.reports.append(self._report(each, decision))
                    self.likely.append(tuple(scores.best()))

    def _complete(self, decided: list[tuple[list[_Candidate], Decision, Scores]]) -> None:
        """Where an event lacks a side, ask the action model whether another actor of the sentence is it."""
        asked = [
            (place, replace(each, found=found, marked=self._marked(found, each.found.trigger.sent, each.actors)))
            for place, (group, _, _) in enumerate(decided)
            for each in group[:1]
            if len(group) == 1
            for found in completed(each.found, each.actors)
        ]
        best: dict[int, tuple[float, _Candidate, Decision, Scores]] = {}
        for (place, each), scores in zip(asked, score([c.marked for _, c in asked]), strict=True):
            decision = self._decide(each.found, scores)
            if decision.code is not None and decision.confidence > max(card().mix["other"], best.get(place, (0.0,))[0]):
                best[place] = (decision.confidence, each, decision, scores)
        for place, (_, each, decision, scores) in best.items():
            decided[place] = ([each], decision, scores)

    def _decide(self, found: Found, scores: Scores) -> Decision:
        """What the model and the lexicon make of a candidate; of an act that was not done, only that it was refused."""
        if self._is_denied(found) or (found.pattern.code and not found.is_undone and self._is_referred(found)):
            return decide(scores, found.pattern.code, is_event=True)
        decision = decide(scores, "" if found.is_undone else found.pattern.code)
        return Decision(None, decision.confidence) if found.is_undone and (decision.code or "")[:2] != "12" else decision

    @staticmethod
    def _is_referred(found: Found) -> bool:
        """True where a pronoun acts: the model knows sentences that stand alone and mistrusts pronouns, so the lexicon decides whether it is an event."""
        return found.actor is not None and found.actor.how in {"pronoun", "reference"}

    @staticmethod
    def _is_denied(found: Found) -> bool:
        """True for an act that somebody denies: it is reported as denied, beside the denying."""
        return found.status.status == "denied" and bool(found.pattern.code)

    def _words(self, actor: Actor | None, actors: Actors) -> str | None:
        return actors.text(actor) if actor is not None else None

    def _then(self, actor: Actor | None, actors: Actors, day: date | None) -> Actor | None:
        """The actor with the role that it held on the day of the event, where that is not the day of publication."""
        if actor is None or day is None or day == self.article.published or actor.named_in is not None or not actors.changes(actor):
            return actor
        hits = [a for a in actors.on(day).read(actors.doc[actor.head]) if a.code]
        same = [a for a in hits if (a.code or "")[:3] == (actor.code or "")[:3]]
        return same[0] if same else hits[0] if len(hits) == 1 else actor

    def _report(self, candidate: _Candidate, decision: Decision) -> CodedReport:
        found, actors, dates, base = candidate.found, candidate.actors, candidate.dates, candidate.base
        assert decision.code is not None
        action, status = _announced(decision.code, found)
        day, precision, basis = _when(found.trigger, dates, found.status.status, self.article.published)
        if day and self.article.published and day < self.article.published - _LONG_AGO and status in {"asserted", "claimed"}:
            status = "historical"
        actor, target = (self._then(side, actors, day) for side in (found.actor, found.target))
        speakers = actors.coded(found.status.speakers)
        start, end = self.text.span(base + found.trigger.idx, base + found.trigger.idx + len(found.trigger))
        return CodedReport(
            article=self.article.id,
            actor=actor.code if actor else None,
            action=action,
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
            sentence=candidate.sentence,
            start=start,
            end=end,
            trigger=self.article.text[start:end],
            coder=CODER,
            coder_version=VERSION,
            rule=_rule(found, decision.code),
            confidence=decision.confidence,
        )

    def result(self) -> Coded:
        """What was found."""
        return Coded(self.article, tuple(self.reports), tuple(self.sentences), tuple(self.unlisted), tuple(self.likely))


def _announced(code: str, found: Found) -> tuple[str, str]:
    """Code and status of an event: what is only planned is, in CAMEO, the intent or the threat, and that was uttered."""
    status = found.status.status
    if status != "planned":
        return code, status
    announced = intent(code)
    uttered = announced != code or (code[:2] in {"03", "13"} and found.pattern.code[:2] != code[:2])
    return announced, "asserted" if uttered else status


def _rule(found: Found, code: str) -> str:
    """What fired, in one line: a row of the lexicon where it gave the code, else the action model at a word."""
    if code == found.pattern.code:
        return found.pattern.rule
    beside = f" over {found.pattern.rule}" if found.pattern.rule else ""
    return f"{code} model at {found.trigger.lemma_.lower()}/{found.pattern.pos}{beside}"[:200]


class _GivenPair(_Article):
    """An article whose source and target are marked: one report for that pair."""

    def _place(self, given: tuple[int, int] | None) -> tuple[int, int] | None:
        """Characters of the clean text that stand for a marked span."""
        if given is None:
            return None
        hits = [n for n in range(len(self.text.clean)) if self.text.begins[n] < given[1] and given[0] < self.text.ends[n]]
        return (hits[0], hits[-1] + 1) if hits else None

    def judge(self) -> None:
        """Report what the action model holds likeliest between the two, whatever else the text tells."""
        source, target = self._place(self.article.source_span), self._place(self.article.target_span)
        known = [place for place in (source, target) if place is not None]
        if not known:
            super().judge()
            return
        first, last = min(a for a, _ in known), max(b for _, b in known)
        inside = [c for c in self.paragraphs if c[1] <= first < c[1] + len(c[0].doc.text) + 1]
        if not inside:
            return
        actors, base, dates, number = inside[0]
        sentences = [s for s in actors.sentences if base + s.end_char > first and base + s.start_char < last] or actors.sentences[:1]
        begin, end = sentences[0].start_char, sentences[-1].end_char
        sides = [self._token(actors, place, base) for place in (source, target)]
        hit = between_given([t for s in sentences for t in s], *sides)
        pair = [self._actor(actors, token, place) for token, place in zip(sides, (source, target), strict=True)]
        spans = [
            (a - base - begin, b - base - begin) if place is not None else None for place in (source, target) for a, b in [place or (0, 0)]
        ]
        marked = Marked(actors.doc.text[begin:end], spans[0], spans[1])
        (scores,) = score([marked])
        decision = decide(scores, hit[1].code, pair_given=True)
        status = read_status(hit[0])
        if status.negated and not hit[1].is_negative and (decision.code or "")[:2] != "12":
            status = replace(status, status="denied")
        found = Found(hit[0], hit[1], pair[0], pair[1], status)
        which = number + actors.sentences.index(hit[0].sent) + 1
        made = self._report(_Candidate(found, actors, dates, base, which, marked), decision)
        words = [self.article.text[a:b] for a, b in (self.article.source_span or (0, 0), self.article.target_span or (0, 0))]
        self.reports.append(replace(made, actor_text=words[0] or None, target_text=words[1] or None))
        self.likely.append(tuple(scores.best()))

    @staticmethod
    def _token(actors: Actors, place: tuple[int, int] | None, base: int) -> Token | None:
        span = actors.doc.char_span(place[0] - base, place[1] - base, alignment_mode="expand") if place is not None else None
        return span.root if span is not None else None

    @staticmethod
    def _actor(actors: Actors, token: Token | None, place: tuple[int, int] | None) -> Actor | None:
        """Whom the marked words name; somebody without a code where the lists do not know."""
        if token is None or place is None:
            return None
        hits = actors.coded_one(token)
        return hits[0] if hits else Actor(None, token.i, token.i + 1, "unknown", token.i)


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
        kept = [(r, likely) for r, likely in zip(found.reports, found.likely, strict=True) if r.confidence >= min_confidence]
        yield replace(found, reports=tuple(r for r, _ in kept), likely=tuple(likely for _, likely in kept))


def code_text(text: str, *, published: date | None = None, article: str = "text") -> tuple[CodedReport, ...]:
    """Code one text.

    Args:
        text: The text; offsets in the reports count its characters.
        published: Its day of publication, from which weekdays are read; None where not known.
        article: Id that the reports carry.

    Returns:
        The reports, sentence by sentence; in each those of the lexicon's words first.

    >>> [(r.actor, r.action, r.target) for r in code_text("Russia accused Turkey of arming the rebels.")][0][:2]
    ('RUS', '1123')
    """
    (coded,) = code([SourceArticle(article, text, published, {})])
    return coded.reports
