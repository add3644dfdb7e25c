"""The coder: articles in, reports out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from eventcode.coder import sureness, words
from eventcode.coder.action_model import Reading, Scores, one_core, read, score_pairs
from eventcode.coder.actors import Actor, Actors, readers
from eventcode.coder.articles import SourceArticle
from eventcode.coder.circumstances import dates, tolls, when
from eventcode.coder.dates import Stated
from eventcode.coder.decide import Decision, chosen, confidence, decide
from eventcode.coder.extract import Found, between_given, dyads
from eventcode.coder.gazetteer import Place, country_place
from eventcode.coder.lexicon import POS
from eventcode.coder.marking import Marked
from eventcode.coder.names import Lists, load, recognised
from eventcode.coder.nlp import parse
from eventcode.coder.places import ACTED, Places
from eventcode.coder.status import frame
from eventcode.coder.text import Text, clean, paragraphs
from eventcode.coder.words import Sides, Word, word
from eventcode.model import grammar
from eventcode.model.tables import BOUNDS, FIGURES
from eventcode.resources import VERSION

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

CODER = "program:eventcode"
_COUNTED = (*(f"{what}_{bound}" for what in FIGURES for bound in BOUNDS), "figures_by")
LONG_AGO = timedelta(days=365)
_RUNNING = 30
"""Words of a sentence beyond which its parse is trusted less than the model that reads the words."""
_NEAR = 5
"""Sentences for which it stays understood where what is told takes place."""
_UTTERED = {"03", "13"}
"""Roots of acts of speech about what is to come."""
_SPOKEN = {"01", "02", "03", "05", "10", "11", "12", "13"}
"""Roots of acts of speech: where the actor is the one who says it, the saying is the act, and it is asserted."""
_WORTH = 0.1
"""A word at which the bare sentence makes an event less likely than this is not looked at more closely."""
_SENTENCES = 200
"""Sentences of an article that are read together."""
_TOGETHER, _CHARACTERS = 16, 100_000
"""Articles that are parsed together, until they have so many characters: that takes less time than one by one."""


@dataclass(frozen=True, slots=True)
class CodedReport:
    """One report as the coder gives it; the names are those of the contract, `article` stands for its `source`."""

    article: str
    actor: str | None
    action: str
    target: str | None
    date: dt.date | None
    date_end: dt.date | None
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
    place: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    place_precision: int | None
    deaths_low: int | None
    deaths_best: int | None
    deaths_high: int | None
    wounded_low: int | None
    wounded_best: int | None
    wounded_high: int | None
    detained_low: int | None
    detained_best: int | None
    detained_high: int | None
    displaced_low: int | None
    displaced_best: int | None
    displaced_high: int | None
    protesters_low: int | None
    protesters_best: int | None
    protesters_high: int | None
    figures_by: str | None
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
        known: For each report what its confidence rests on (`eventcode.coder.sureness`); empty for pairs that were given.
    """

    article: SourceArticle
    reports: tuple[CodedReport, ...]
    sentences: tuple[tuple[int, int], ...]
    unlisted: tuple[tuple[str, str, str], ...] = ()
    likely: tuple[tuple[tuple[str, float], ...], ...] = ()
    known: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph: its actors, where it begins in the clean text, the dates and places that it states, the number of sentences before it."""

    actors: Actors
    base: int
    dates: list[tuple[Token, Stated]]
    places: Places
    first: int


_Event = tuple[Found, Decision, Scores]
"""An event found in a sentence, what was decided, and what the action model said."""


@dataclass(frozen=True, slots=True)
class _Act:
    """An event that the action model reads at a word, before it is known whom the words beside it name.

    Attributes:
        word: The word.
        decision: What was decided.
        scores: What the model said.
        sources: Words that name who did it.
        targets: Words that name to whom.
    """

    word: Word
    decision: Decision
    scores: Scores
    sources: list[Token]
    targets: list[Token]


class _Sentence:
    """A sentence on its way through the coder."""

    def __init__(self, span: Span, actors: Actors) -> None:
        self.span, self.actors = span, actors
        self.tokens = list(span)
        self.reporting = [t for t in self.tokens if words.may_report(t)]
        self.acting = [t for t in self.tokens if words.may_act(t)]
        self.matter = sorted({t.i for t in (*self.reporting, *self.acting)})

    def text(self) -> tuple[str, list[tuple[int, int]]]:
        """Text, and first and last character of the words that matter."""
        begin, doc = self.span.start_char, self.actors.doc
        return self.span.text, [(doc[i].idx - begin, doc[i].idx + len(doc[i]) - begin) for i in self.matter]

    def events(self, acts: Iterable[_Act]) -> Iterator[_Event]:
        """The events of the sentence with those whom its words name today, in the order of their words."""
        for act in acts:
            for actor, target in dyads(act.word, act.sources, act.targets, act.decision.code or "", self.actors):
                yield Found(act.word, actor, target), act.decision, act.scores


def _likely(sentences: Sequence[_Sentence], reading: Reading, places: Sequence[Mapping[int, int]]) -> list[list[Word]]:
    """For each sentence the words at which the action model, without looking at parse and lexicon, does not rule an event out."""
    asked = [(n, t) for n, sentence in enumerate(sentences) for t in sentence.reporting]
    chances = reading.likely([places[n][t.i] for n, t in asked]) if asked else ()
    kept: list[list[Token]] = [[] for _ in sentences]
    for (n, token), chance in zip(asked, chances, strict=True):
        if chance >= _WORTH:
            kept[n].append(token)
    frames = [frame(sentence.tokens) if tokens else None for sentence, tokens in zip(sentences, kept, strict=True)]
    return [[word(t, around) for t in tokens] if around else [] for tokens, around in zip(kept, frames, strict=True)]


def _acts(sentences: Sequence[_Sentence]) -> list[list[_Act]]:
    """The events that the action model reads in some sentences: in each, in the order of their words."""
    reading = read([sentence.text() for sentence in sentences])
    number = count()
    places = [{i: next(number) for i in sentence.matter} for sentence in sentences]
    likely = [(n, each) for n, kept in enumerate(_likely(sentences, reading, places)) for each in kept]
    scores = reading.events([places[n][each.token.i] for n, each in likely], [each.features() for _, each in likely])
    decided = [(n, each, decide(score, each.code), score) for (n, each), score in zip(likely, scores, strict=True)]
    decided = [d for d in decided if d[2].code is not None and not (d[1].is_undone and d[2].code[:2] != "12")]
    around = [Sides(each) for _, each, _, _ in decided]
    acting = [[t for t in sentences[n].acting if t.i != each.token.i] for n, each, _, _ in decided]
    pairs = [(places[n][each.token.i], places[n][t.i]) for (n, each, _, _), others in zip(decided, acting, strict=True) for t in others]
    sides = reading.sides(pairs, [side.features(t) for side, others in zip(around, acting, strict=True) for t in others])
    made: list[list[_Act]] = [[] for _ in sentences]
    begin = 0
    for (n, each, decision, score), side, others in zip(decided, around, acting, strict=True):
        chances = sides[begin : begin + len(others)]
        begin += len(others)
        doing = [0.0 if side.is_sufferer(t) else float(p) for t, p in zip(others, chances[:, 0], strict=True)]
        (sources, sure), (targets, certain) = chosen(doing), chosen(chances[:, 1])
        parts = decision.confidence, sure, certain
        final = replace(decision, status=_status(each, decision), confidence=confidence(*parts), chances=parts)
        made[n].append(_Act(each, final, score, [others[k] for k in sources], [others[k] for k in targets]))
    return made


class _Article:
    """One article on its way through the coder."""

    def __init__(self, article: SourceArticle, lists: Lists) -> None:
        self.article = article
        self.lists = lists
        self.unlisted: list[tuple[str, str, str]] = []
        self.text: Text = clean(article.text)
        self.spans = paragraphs(self.text.clean)
        self.reports: list[CodedReport] = []
        self.likely: list[tuple[tuple[str, float], ...]] = []
        self.known: list[tuple[str, ...]] = []
        self.sentences: list[tuple[int, int]] = []
        self.paragraphs: list[_Paragraph] = []
        self.scene = ("", 0)
        self.about: list[str] = []
        self.within: list[tuple[_Paragraph, _Sentence]] = []

    def take(self, docs: Sequence[Doc]) -> None:
        """Take over the parses of the paragraphs: find their actors, dates, places and sentences."""
        paragraphs = readers(docs, self.article.published, self.lists)
        named = Counter(country for actors in paragraphs for country in actors.countries())
        self.about = sorted(named, key=lambda country: -named[country])
        for actors, (start, _) in zip(paragraphs, self.spans, strict=True):
            places = Places(actors.doc, actors.named_countries(), self.about, barred=actors.in_bodies())
            self.paragraphs.append(_Paragraph(actors, start, dates(actors.doc, self.article.published), places, len(self.sentences)))
            self.sentences += [self.text.span(start + s.start_char, start + s.end_char) for s in actors.sentences]
        self.within = [(each, _Sentence(span, each.actors)) for each in self.paragraphs for span in each.actors.sentences]

    def judge(self) -> None:
        """Report what the sentences hold, one after the other, so that each knows whom those before it have named."""
        parts = (self.within[n : n + _SENTENCES] for n in range(0, len(self.within), _SENTENCES))
        acts = (each for part in parts for each in _acts([sentence for _, sentence in part]))
        for number, ((paragraph, sentence), read_there) in enumerate(zip(self.within, acts, strict=True), start=1):
            events = _once_each(sentence.events(read_there))
            counted = tolls(sentence.tokens, [(found.word.token, decision.code or "") for found, decision, _ in events], paragraph.actors)
            for n, (found, decision, scores) in enumerate(events):
                known = sureness.features(found, decision, paragraph.actors, number)
                self.reports.append(
                    replace(self._report(found, decision, paragraph, number, counted.get(n, {})), confidence=sureness.sure(known))
                )
                self.known.append(tuple(known))
                self.likely.append(tuple(scores.best()))
            actors = paragraph.actors
            self.unlisted += [(name, kind, " ".join(sentence.span.text.split())) for name, kind in actors.unlisted(sentence.span)]
            actors.remember(sentence.span)

    def _words(self, actor: Actor | None, actors: Actors) -> str | None:
        return actors.text(actor) if actor is not None else None

    def _then(self, actor: Actor | None, actors: Actors, day: date | None) -> Actor | None:
        """The actor with the role that it held on the day of the event, where that is not the day of publication."""
        if actor is None or day is None or day == self.article.published or actor.named_in is not None or not actors.changes(actor):
            return actor
        hits = actors.on(day).coded_one(actors.doc[actor.head])
        same = [a for a in hits if (a.code or "")[:3] == (actor.code or "")[:3]]
        return same[0] if same else hits[0] if len(hits) == 1 else actor

    def _report(self, found: Found, decision: Decision, paragraph: _Paragraph, number: int, counted: Mapping[str, Any]) -> CodedReport:
        actors, base, trigger = paragraph.actors, paragraph.base, found.word.token
        assert decision.code is not None
        action, status = decision.code, decision.status
        time = when(trigger, paragraph.dates, found.word.status.status, self.article.published)
        day = time.day
        over = time.last or day
        if over and self.article.published and over < self.article.published - LONG_AGO and status in {"asserted", "claimed"}:
            status = "historical"
        actor, target = (self._then(side, actors, day) for side in (found.actor, found.target))
        speakers = actors.coded(found.word.status.speakers) if status != "asserted" else []
        if status == "claimed" and action[:2] in _SPOKEN and any(_is_same(speaker, actor) for speaker in speakers):
            status, speakers = "asserted", []
        sides = {country for side in (actor, target) if side and (country := grammar.country(side.code)) in recognised()}
        place = self._scene_of(paragraph.places.where(trigger, _kind(action)), _kind(action), number, {c for c in sides if c})
        start, end = self.text.span(base + trigger.idx, base + trigger.idx + len(trigger))
        return CodedReport(
            article=self.article.id,
            actor=actor.code if actor else None,
            action=action,
            target=target.code if target else None,
            date=day,
            date_end=time.last,
            date_precision=time.precision,
            date_basis=time.basis,
            status=status,
            attributed_to=speakers[0].code if speakers else None,
            actor_text=self._words(found.actor, actors),
            target_text=self._words(found.target, actors),
            actor_named_in=found.actor.named_in if found.actor else None,
            target_named_in=found.target.named_in if found.target else None,
            sentence=number,
            start=start,
            end=end,
            trigger=self.article.text[start:end],
            **_where(place),
            **{name: counted.get(name) for name in _COUNTED},
            coder=CODER,
            coder_version=VERSION,
            rule=_rule(found, decision.code),
            confidence=round(decision.confidence, 3),
        )

    def _scene_of(self, place: Place | None, root: str, number: int, sides: set[str]) -> Place | None:
        """The place that the sentence tells of; for deeds of which it tells none, the country where those just told of were done, or where all that take part are at home."""
        if place is not None:
            if root in ACTED and place.country:
                self.scene = place.country, number
            return place
        if root not in ACTED:
            return None
        country, told = self.scene
        if country and number - told <= _NEAR and (country in sides or not sides):
            return country_place(country)
        return country_place(self.about[0]) if self.about and sides == {self.about[0]} else None

    def result(self) -> Coded:
        """What was found."""
        return Coded(self.article, tuple(self.reports), tuple(self.sentences), tuple(self.unlisted), tuple(self.likely), tuple(self.known))


def _kind(action: str) -> str:
    """Root of an action, for asking where it was done: a symbolic act (018) is no statement but is done somewhere, as a rally is."""
    return "14" if action == "018" else action[:2]


def _is_same(speaker: Actor, actor: Actor | None) -> bool:
    return actor is not None and speaker.head == actor.head


def _where(place: Place | None) -> dict[str, Any]:
    """A place as the columns of a report."""
    return {
        "place": place.name if place else None,
        "country": place.country if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "place_precision": place.precision if place else None,
    }


def _once_each(events: Iterable[_Event]) -> list[_Event]:
    """The events of a sentence in which somebody has a code; of those that say the same of the same two ("agreed to a truce") the surest."""
    kept: dict[tuple[str | None, str, str | None], _Event] = {}
    for event in events:
        found, decision, _ = event
        sides = [side.code if side is not None else None for side in (found.actor, found.target)]
        if any(sides) and decision.code is not None:
            key = sides[0], decision.code[:2], sides[1]
            if key not in kept or kept[key][1].confidence < decision.confidence:
                kept[key] = event
    return sorted(kept.values(), key=lambda event: event[0].word.token.i)


def _status(word: Word, decision: Decision) -> str:
    """How the text puts an event: as the parse reads it; where that sees a plain fact, as the model is sure of. An intent or a threat was uttered."""
    status = word.status.status if word.status.status != "asserted" else decision.status or "asserted"
    if decision.status and status != decision.status and len(word.token.sent) > _RUNNING:
        status = decision.status
    return "asserted" if status == "planned" and (decision.code or "")[:2] in _UTTERED else status


def _rule(found: Found, code: str) -> str:
    """What fired, in one line: a row of the lexicon where it gave the code, else the action model at a word."""
    token, pattern = found.word.token, found.word.pattern
    if pattern is not None and code == pattern.code:
        return pattern.rule
    beside = f" over {pattern.rule}" if pattern is not None else ""
    return f"{code} model at {token.lemma_.lower()}/{POS.get(token.pos_, 'X')}{beside}"[:200]


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
        inside = [c for c in self.paragraphs if c.base <= first < c.base + len(c.actors.doc.text) + 1]
        if not inside:
            return
        paragraph = inside[0]
        actors, base = paragraph.actors, paragraph.base
        sentences = [s for s in actors.sentences if base + s.end_char > first and base + s.start_char < last] or actors.sentences[:1]
        begin, end = sentences[0].start_char, sentences[-1].end_char
        sides = [self._token(actors, place, base) for place in (source, target)]
        trigger = between_given([t for s in sentences for t in s], *sides)
        pair = [actors.side(token)[0] if token is not None else None for token in sides]
        spans = [(place[0] - base - begin, place[1] - base - begin) if place is not None else None for place in (source, target)]
        (scores,) = score_pairs([Marked(actors.doc.text[begin:end], *spans)], [words.listed(trigger.pattern)])
        decision = decide(scores, pair_given=True)
        decision = replace(
            decision, status="denied" if trigger.is_undone and (decision.code or "")[:2] != "12" else _status(trigger, decision)
        )
        which = paragraph.first + actors.sentences.index(trigger.token.sent) + 1
        made = self._report(Found(trigger, pair[0], pair[1]), decision, paragraph, which, {})
        named = [self.article.text[a:b] for a, b in (self.article.source_span or (0, 0), self.article.target_span or (0, 0))]
        self.reports.append(replace(made, actor_text=named[0] or None, target_text=named[1] or None))
        self.likely.append(tuple(scores.best()))

    @staticmethod
    def _token(actors: Actors, place: tuple[int, int] | None, base: int) -> Token | None:
        span = actors.doc.char_span(place[0] - base, place[1] - base, alignment_mode="expand") if place is not None else None
        return span.root if span is not None else None


def code(
    articles: Iterable[SourceArticle], *, given_actors: bool = False, min_confidence: float = sureness.LEAST, lists: tuple[str, ...] = ()
) -> Iterator[Coded]:
    """Code articles, some together, each for itself: what one gives does not depend on those beside it.

    Args:
        articles: The articles, as `eventcode.coder.articles.read` gives them.
        given_actors: Code exactly the pair that each row marks with `source_span` and `target_span`.
        min_confidence: Leave out reports below this confidence; 0 keeps all.
        lists: Files with lists of actors of the user's own; they count before the project's.

    Yields:
        One result an article, in order, also where it holds no event.
    """
    known = load(lists)
    way = _GivenPair if given_actors else _Article
    for group in _groups(articles):
        try:
            results: Iterable[Coded] = _read_together([way(article, known) for article in group])
        except Exception:
            if len(group) == 1:
                raise
            results = (one for article in group for one in _read_together([way(article, known)]))
        for found in results:
            kept = [n for n, report in enumerate(found.reports) if report.confidence >= min_confidence]
            yield replace(
                found,
                reports=tuple(found.reports[n] for n in kept),
                likely=tuple(found.likely[n] for n in kept),
                known=tuple(found.known[n] for n in kept) if found.known else (),
            )


def _groups(articles: Iterable[SourceArticle]) -> Iterator[list[SourceArticle]]:
    """Articles in groups that are read together. Where the next one cannot be read, those before it are given first."""
    group: list[SourceArticle] = []
    try:
        for article in articles:
            group.append(article)
            if len(group) == _TOGETHER or sum(len(each.text) for each in group) > _CHARACTERS:
                yield group
                group = []
    except Exception:
        if group:
            yield group
        raise
    if group:
        yield group


def _read_together(made: Sequence[_Article]) -> list[Coded]:
    """Code some articles: parse all, then each by itself. Where one fails, all of them have to be coded again one by one."""
    with one_core():
        docs = parse([each.text.clean[a:b] for each in made for a, b in each.spans])
        for each in made:
            each.take(list(islice(docs, len(each.spans))))
            each.judge()
    return [each.result() for each in made]


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
