"""How well reports agree with a gold standard: shares with intervals, classes, and what was taken for what."""

from __future__ import annotations

import csv
import io
import json
import math
import random
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from eventcode.codebook.actions import action, actions
from eventcode.coder import articles as reading
from eventcode.coder.articles import SourceArticle
from eventcode.errors import InputError, UnknownCodeError

NONE = "none"
"""Stands in tables of confusions where there is no event, or none was found."""

RESAMPLES = 1000
SEED = 20261122
SHARES = {
    "level_1": "root right (2 digits)",
    "level_2": "3 digits right",
    "level_3": "code right",
    "precision": "reports with a right root",
    "actor_country": "country of the actor right",
    "target_country": "country of the target right",
    "whole": "actor's country, root and target's country right",
    "class": "class right",
}
"""Names of the shares, in the order in which they are printed, and what each says."""

_YIELD = "YIELD"
_YIELDED = frozenset({"CONCEDE", "RETREAT"})
"""PLOVER's first version has one class for these two."""

_ACTOR = re.compile(r"[A-Z]{3}[A-Z0-9]*")
Span = tuple[int, int]
_Tally = Counter[tuple[str, str]]


class Report(Protocol):
    """What is asked of a report; the coder's `CodedReport` is one."""

    @property
    def action(self) -> str:
        """CAMEO code of the action."""

    @property
    def actor(self) -> str | None:
        """Code of the actor; None where not known."""

    @property
    def target(self) -> str | None:
        """Code of the target; None where not known or nobody."""

    @property
    def confidence(self) -> float:
        """How sure the coder is."""


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """An event that is in the text.

    Attributes:
        code: Its CAMEO code.
        actor: Code of its actor; None where the gold does not say.
        target: Code of its target; None where the gold does not say.
        source_span: Characters of its actor; None where not marked.
        target_span: Characters of its target; None where not marked.
    """

    code: str
    actor: str | None = None
    target: str | None = None
    source_span: Span | None = None
    target_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Gold:
    """A text and what is true of it.

    Attributes:
        article: The text as the coder takes it.
        events: Its events; None where only a class is given.
        is_complete: True where no other event is in the text.
        plover: PLOVER class of its event; empty where not given.
        row: Number of its row; several may come of one row.
        where: File and number, for errors.
    """

    article: SourceArticle
    events: tuple[GoldEvent, ...] | None
    is_complete: bool = False
    plover: str = ""
    row: int = 0
    where: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval, from 1,000 samples of the rows drawn with replacement.

    Attributes:
        name: Its name, one of `SHARES` or macro_f1.
        value: The figure.
        low: Lower end of the interval.
        high: Upper end of the interval.
        of: Number of events, reports or rows that it is a share of; for macro_f1 the number of classes.
    """

    name: str
    value: float
    low: float
    high: float
    of: int


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """How well one PLOVER class was found.

    Attributes:
        name: The class.
        rows: Number of rows that have it in the gold.
        precision: Share of the rows with a report of the class that have it in the gold; None where no row has such a report.
        recall: Share of the rows that have it in the gold that have a report of it.
        f1: Harmonic mean of the two.
    """

    name: str
    rows: int
    precision: float | None
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well reports agree with a gold standard.

    Attributes:
        rows: Number of rows.
        silent: Number of rows in which no event was found.
        figures: The headline figures that the gold allows.
        classes: The PLOVER classes of the gold, by name.
        roots_taken: How often each root of the gold (or none) was taken for each root (or none).
        classes_taken: The same of classes.
    """

    rows: int
    silent: int
    figures: tuple[Figure, ...]
    classes: tuple[ClassFigures, ...]
    roots_taken: Mapping[tuple[str, str], int]
    classes_taken: Mapping[tuple[str, str], int]

    def value(self, name: str) -> float:
        """The figure of a name.

        Raises:
            KeyError: The gold does not allow it.
        """
        return {figure.name: figure.value for figure in self.figures}[name]

    def as_dict(self) -> dict[str, Any]:
        """All figures as plain values, for JSON; confusions as `{gold: {coded: number}}`."""
        return {
            "rows": self.rows,
            "rows_without_event_found": self.silent,
            "figures": {f.name: {"value": f.value, "low": f.low, "high": f.high, "of": f.of} for f in self.figures},
            "classes": [asdict(each) for each in self.classes],
            "confusion_roots": _matrix(self.roots_taken),
            "confusion_classes": _matrix(self.classes_taken),
        }


# ---- reading -------------------------------------------------------------------------------------------------------------------------


@cache
def _classes() -> frozenset[str]:
    return frozenset(each.plover for each in actions().values() if each.plover) | {_YIELD}


def _code(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"a code is {value!r:.80}", where=where, expected="a CAMEO code as text", fix='write it in quotes: "042"')
    try:
        return action(value.strip()).code
    except UnknownCodeError as error:
        raise InputError(error.what, where=where, expected=error.expected, fix=error.fix) from error


def _actor(value: object, where: str) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _ACTOR.fullmatch(value):
        raise InputError(f"an actor is {value!r:.80}", where=where, expected="an actor code that begins with three letters, such as AZEMIL")
    return value


def _inside(span: Span | None, text: str, where: str) -> Span | None:
    if span is not None and not 0 <= span[0] < span[1] <= len(text):
        raise InputError(
            f"a span is {list(span)}, the text has {len(text)} characters", where=where, expected="[start, end] within the text"
        )
    return span


def _span(value: object, text: str, where: str) -> Span | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2 or not all(type(end) is int for end in value):
        raise InputError(f"a span is {value!r:.80}", where=where, expected="[start, end], two offsets into the text")
    return _inside((value[0], value[1]), text, where)


def _event(value: object, text: str, where: str) -> GoldEvent | None:
    """An event as it is listed; None for one that is listed as none, without a code."""
    if not isinstance(value, dict) or "code" not in value:
        raise InputError(
            f"an event is {value!r:.80}", where=where, expected='an object with a code, such as {"code": "042", "actor": "USA"}'
        )
    source, target = value.get("source"), value.get("target")
    is_span = isinstance(target, list)
    spans = _span(source, text, where), _span(target if is_span else None, text, where)
    sides = _actor(value.get("actor"), where), _actor(None if is_span else target, where)
    return GoldEvent(_code(value["code"], where), *sides, *spans) if value["code"] is not None else None


def _listed(value: object, text: str, where: str) -> tuple[GoldEvent, ...] | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise InputError(f"events is not JSON ({error})", where=where, expected="a list of events, [] for none") from error
    if not isinstance(value, list):
        raise InputError(f"events is {value!r:.80}", where=where, expected="a list of events, [] for none")
    return tuple(event for each in value if (event := _event(each, text, where)) is not None)


def _class(value: object, where: str) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or value not in _classes():
        is_code = isinstance(value, str) and value in actions()
        raise InputError(
            f"root is {value!r:.80}",
            where=where,
            expected=f"a PLOVER class: {', '.join(sorted(_classes()))}",
            fix="give a CAMEO code under the name `code`" if is_code else "",
        )
    return value


def gold(row: Mapping[str, Any], article: SourceArticle, *, where: str, number: int = 0) -> Gold:
    """What a row says is true of its text.

    Args:
        row: The row, with one of `code`, `root` and `events`.
        article: Its text, as `eventcode.coder.articles` reads it.
        where: File and number of the row, for errors.
        number: Number of the row; figures are resampled over rows.

    Raises:
        InputError: The row says nothing, or nothing that can be read.

    >>> text = SourceArticle("a", "Kenya met Togo.", None, {})
    >>> gold({"events": [{"code": "040", "actor": "KEN"}]}, text, where="gold.jsonl:1").events[0].actor
    'KEN'
    """
    for span in (article.source_span, article.target_span):
        _inside(span, article.text, where)
    plover, listed, code = _class(row.get("root"), where), _listed(row.get("events"), article.text, where), row.get("code")
    if code is not None and code != "":
        if listed is not None:
            raise InputError("there are both code and events", where=where, expected="one of them")
        one = GoldEvent(_code(code, where), _actor(row.get("actor"), where), _actor(row.get("target"), where))
        return Gold(article, (one,), plover=plover, row=number, where=where)
    if listed is None and not plover:
        raise InputError(
            "the row does not say what is right", where=where, expected="one of code, root and events", fix="write events [] for no event"
        )
    return Gold(article, listed, is_complete=listed is not None, plover=plover, row=number, where=where)


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """File and number of each row, and the row, counted as `eventcode.coder.articles` counts them."""
    text = path.read_bytes().decode("utf-8-sig")
    if path.suffix.lower() == ".csv":
        for number, row in enumerate(csv.DictReader(io.StringIO(text, newline="")), start=1):
            yield f"{path}:{number}", row
    else:
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield f"{path}:{number}", json.loads(line)


def read(path: Path) -> list[Gold]:
    """Read a gold standard from a file of JSON lines or CSV.

    Raises:
        InputError: The file or one of its rows cannot be read.
    """
    if path.suffix.lower() not in {".jsonl", ".ndjson", ".csv"}:
        raise InputError(f"cannot read files that end in {path.suffix!r}", where=str(path), expected="a file that ends in .jsonl or .csv")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", reading.UnusableId)
        given = list(reading.read([path]))
    if not given:
        raise InputError("the file holds no rows", where=str(path), expected="texts with one of code, root and events")
    rows = enumerate(zip(_rows(path), given, strict=True))
    return [gold(row, article, where=where, number=number) for number, ((where, row), article) in rows]


def is_marked(one: Gold) -> bool:
    """True where a pair is marked in the text."""
    return one.article.source_span is not None or one.article.target_span is not None


def pairs(golds: Sequence[Gold]) -> list[Gold]:
    """The marked pairs of a gold standard, each to be coded by itself: those of the rows, else those of their events.

    Texts without an event are left out, and pairs with several codes: one report cannot carry them. Rows that have an event and mark no pair
    stay as they are; the coder then reads their whole text.

    Raises:
        InputError: No row marks a pair with one code.
    """
    made = [pair for each in golds for pair in _pairs(each)]
    if not any(is_marked(each) for each in made):
        raise InputError(
            "no row marks a pair with one code",
            where=golds[0].where if golds else "",
            expected="source_span and target_span",
            fix="leave out --given-actors to code whole texts",
        )
    return made


def _pairs(one: Gold) -> Iterator[Gold]:
    if is_marked(one):
        if one.events != () and len({event.code for event in one.events or ()}) < 2:
            yield replace(one, events=one.events[:1] if one.events else None, is_complete=False)
        return
    by_pair: dict[tuple[Span | None, Span | None], list[GoldEvent]] = defaultdict(list)
    for event in one.events or ():
        by_pair[event.source_span, event.target_span].append(event)
    if one.events is None or (None, None) in by_pair:
        yield one
        return
    for (source, target), events in by_pair.items():
        if len({event.code for event in events}) == 1:
            article = replace(one.article, source_span=source, target_span=target)
            yield replace(one, article=article, events=(events[0],), is_complete=False, plover=one.plover if len(by_pair) == 1 else "")


# ---- comparing -----------------------------------------------------------------------------------------------------------------------


def _country(code: str | None) -> str | None:
    """What stands where the country stands: for IGOUNO it is IGO."""
    return code[:3] if code else None


def _older(plover: str, *, older: bool) -> str:
    return _YIELD if older and plover in _YIELDED else plover


def _class_of(code: str, *, older: bool) -> str:
    known = actions().get(code)
    return _older(known.plover, older=older) if known else ""


def _agree(events: Sequence[GoldEvent], reports: Sequence[Report]) -> Iterator[tuple[str, bool]]:
    """For each event, the shares that it counts in, and whether some report has it right."""
    for event in events:
        yield "level_1", any(r.action[:2] == event.code[:2] for r in reports)
        if len(event.code) > 2:
            yield "level_2", any(r.action[:3] == event.code[:3] for r in reports)
            yield "level_3", any(r.action == event.code for r in reports)
        actor, target = _country(event.actor), _country(event.target)
        if actor:
            yield "actor_country", any(_country(r.actor) == actor for r in reports)
        if target:
            yield "target_country", any(_country(r.target) == target for r in reports)
        if actor or target:
            rooted = [r for r in reports if r.action[:2] == event.code[:2]]
            yield "whole", any(actor in {None, _country(r.actor)} and target in {None, _country(r.target)} for r in rooted)


def _tally(one: Gold, reports: Sequence[Report], *, older: bool) -> _Tally:
    """What one text adds to the counts that the figures are made of."""
    made: _Tally = Counter()

    def count(name: str, is_right: bool) -> None:
        made[name, "of"] += 1
        made[name, "right"] += is_right

    for name, is_right in _agree(one.events or (), reports):
        count(name, is_right)
    if one.is_complete:
        roots = {event.code[:2] for event in one.events or ()}
        for report in reports:
            count("precision", report.action[:2] in roots)
    if one.plover:
        right = _older(one.plover, older=older)
        coded = {_class_of(report.action, older=older) for report in reports} - {""}
        count("class", right in coded)
        made[right, "tp" if right in coded else "fn"] += 1
        for wrong in coded - {right}:
            made[wrong, "fp"] += 1
    return made


def _taken(right: Sequence[str], coded: Sequence[str], *, is_complete: bool) -> Iterator[tuple[str, str]]:
    """What was taken for what: each of the gold for itself where it was found, else for the surest that is not in the gold.

    >>> list(_taken(["19", "04"], ["13", "19", "01"], is_complete=True))
    [('19', '19'), ('04', '13'), ('none', '01')]
    """
    left = [each for each in coded if each not in right]
    for each in right:
        yield each, each if each in coded else left.pop(0) if left else NONE
    if is_complete:
        yield from ((NONE, each) for each in left)


def _f1(totals: Mapping[tuple[str, str], int], name: str) -> ClassFigures:
    tp, fp, fn = (totals.get((name, what), 0) for what in ("tp", "fp", "fn"))
    return ClassFigures(name, tp + fn, tp / (tp + fp) if tp + fp else None, tp / max(1, tp + fn), 2 * tp / max(1, 2 * tp + fp + fn))


def _class_figures(totals: Mapping[tuple[str, str], int]) -> list[ClassFigures]:
    """The classes that the gold has."""
    return [_f1(totals, name) for name in sorted({name for (name, what), n in totals.items() if what in {"tp", "fn"} and n})]


def _values(totals: _Tally) -> dict[str, tuple[float, int]]:
    """Each figure that the counts allow, and what it is a share of."""
    made = {name: (totals[name, "right"] / n, n) for name in SHARES if (n := totals[name, "of"])}
    classes = _class_figures(totals)
    if classes:
        made["macro_f1"] = sum(each.f1 for each in classes) / len(classes), len(classes)
    return made


def _intervals(tallies: Sequence[_Tally]) -> dict[str, tuple[float, float]]:
    """The 95 % interval of each figure, from samples of the rows drawn with replacement; rows that count alike are added up at once."""
    kinds: dict[tuple[tuple[tuple[str, str], int], ...], int] = {}
    which = [kinds.setdefault(tuple(sorted(tally.items())), len(kinds)) for tally in tallies]
    counted, chance = list(kinds), random.Random(SEED)  # noqa: S311 - a sample, no secret
    drawn: dict[str, list[float]] = defaultdict(list)
    for _ in range(RESAMPLES):
        totals: _Tally = Counter()
        for kind, times in Counter(chance.choices(which, k=len(which))).items():
            for key, n in counted[kind]:
                totals[key] += n * times
        for name, (value, _of) in _values(totals).items():
            drawn[name].append(value)
    ordered = {name: sorted(values) for name, values in drawn.items()}
    return {name: (all_[int(0.025 * len(all_))], all_[math.ceil(0.975 * len(all_)) - 1]) for name, all_ in ordered.items()}


def evaluate(golds: Sequence[Gold], reports: Sequence[Sequence[Report]]) -> Evaluation:
    """Compare the reports of texts with what is true of them.

    Args:
        golds: The texts and what is true of them.
        reports: For each text, its reports.

    Returns:
        The figures that the gold allows.

    >>> from types import SimpleNamespace
    >>> text = SourceArticle("a", "Kenya met Togo.", None, {})
    >>> met = SimpleNamespace(action="046", actor="KEN", target="TGO", confidence=0.9)
    >>> made = evaluate([Gold(text, (GoldEvent("040", "KEN", "TGO"),))], [[met]])
    >>> made.value("level_1"), made.value("level_3"), made.value("whole")
    (1.0, 0.0, 1.0)
    """
    older = any(one.plover == _YIELD for one in golds)
    by_row: dict[int, _Tally] = defaultdict(Counter)
    found: Counter[int] = Counter()
    roots_taken: Counter[tuple[str, str]] = Counter()
    classes_taken: Counter[tuple[str, str]] = Counter()
    for one, made in zip(golds, reports, strict=True):
        by_row[one.row].update(_tally(one, made, older=older))
        found[one.row] += len(made)
        surest = sorted(made, key=lambda report: -report.confidence)
        if one.events is not None:
            right = [event.code[:2] for event in one.events]
            roots_taken.update(_taken(right, [report.action[:2] for report in surest], is_complete=one.is_complete))
        if one.plover:
            classes = [name for report in surest if (name := _class_of(report.action, older=older))]
            classes_taken.update(_taken([_older(one.plover, older=older)], classes, is_complete=False))
    tallies = list(by_row.values())
    totals: _Tally = Counter()
    for tally in tallies:
        totals.update(tally)
    ends = _intervals(tallies)
    return Evaluation(
        rows=len(by_row),
        silent=sum(not found[row] for row in by_row),
        figures=tuple(Figure(name, value, ends[name][0], ends[name][1], of) for name, (value, of) in _values(totals).items()),
        classes=tuple(_class_figures(totals)),
        roots_taken=roots_taken,
        classes_taken=classes_taken,
    )


def _matrix(taken: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    made: dict[str, dict[str, int]] = {}
    for (right, coded), n in sorted(taken.items()):
        made.setdefault(right, {})[coded] = n
    return made


def confusions(taken: Mapping[tuple[str, str], int], most: int = 15) -> list[tuple[str, str, int]]:
    """What was most often taken for what else.

    >>> confusions({("19", "19"): 40, ("19", "18"): 3, ("04", "none"): 5})
    [('04', 'none', 5), ('19', '18', 3)]
    """
    wrong = [(right, coded, n) for (right, coded), n in taken.items() if right != coded]
    return sorted(wrong, key=lambda each: (-each[2], each[:2]))[:most]
