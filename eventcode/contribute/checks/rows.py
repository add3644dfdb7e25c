"""Rules over the cells of one row, each an expression that is true where the row breaks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from eventcode.contribute.notes import Notes
from eventcode.contribute.rules import rules
from eventcode.model.tables import FIGURES

_C = pl.col
_FIGURES = [f"{what}_{bound}" for what in FIGURES for bound in ("low", "best", "high")]


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule over the cells of one row.

    Attributes:
        code: The rule.
        column: The column that it is told of.
        wrong: True where the row breaks it.
        expected: What would be right: text, or an expression.
        fix: What to do.
        found: What stands there; the column's value where not given.
        needs: The columns that it looks at.
    """

    code: str
    column: str
    wrong: pl.Expr
    expected: pl.Expr | str
    fix: pl.Expr | str
    found: pl.Expr | None = None
    needs: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """The columns are those that the expression names."""
        object.__setattr__(self, "needs", frozenset(self.wrong.meta.root_names()))


def _limit(code: str, name: str) -> Any:  # noqa: ANN401 - a limit is what the catalogue says
    return rules()[code].limits[name]


def _root() -> pl.Expr:
    return _C("action").str.slice(0, 2)


def _dates() -> Iterator[RowRule]:
    span = (_C("date_end") - _C("date")).dt.total_days()
    least = _C("date_precision").replace_strict({"week": 1, "month": 6, "year": 27}, default=None, return_dtype=pl.Int64)
    yield RowRule("EC319", "date_end", _C("date_end").is_not_null() & _C("date").is_null(), "a date too", "give the first day in date")
    for name in ("date_precision", "date_basis"):
        yield RowRule("EC320", name, _C(name).is_not_null() & _C("date").is_null(), "an empty cell where there is no date", "give the date, or leave it empty")
    yield RowRule(
        "EC321",
        "date_precision",
        span < least,
        pl.format("day: the dates are {} days apart", span),
        "give the whole stretch, or a finer precision",
    )
    yield RowRule("EC322", "date", _C("date").is_in([date.fromisoformat(day) for day in _limit("EC322", "days")]), "the day of the event", "see whether a program has filled it in; leave it empty where it is not known")


def _places() -> Iterator[RowRule]:
    latitude, longitude = _C("latitude"), _C("longitude")
    both = pl.format("{}, {}", latitude, longitude)
    half = latitude.is_null() != longitude.is_null()
    yield RowRule("EC418", "latitude", half, "latitude and longitude, or neither", "give the other one too", pl.format("{}, {}", latitude.cast(pl.String).fill_null("(empty)"), longitude.cast(pl.String).fill_null("(empty)")))
    yield RowRule("EC419", "latitude", (latitude == 0) & (longitude == 0), "the place of the event", "leave both empty where it is not known", both)
    nowhere = pl.all_horizontal(_C(name).is_null() for name in ("place", "country", "latitude"))
    yield RowRule("EC421", "place_precision", _C("place_precision").is_not_null() & nowhere, "a place, a country or coordinates", "give the place, or leave it empty")


def _parties() -> Iterator[RowRule]:
    states = (_C("actor").str.len_chars() == 3) & _C("action").is_in(_limit("EC407", "codes_of_states"))
    same = (_C("actor") == _C("target")) & (_C("action").is_in(_limit("EC407", "codes")) | states)
    yield RowRule("EC407", "target", same, pl.format("another actor: {} needs two", _C("action")), "mend actor, target or action")
    alone = _C("target").is_null() & _C("action").is_in(_limit("EC408", "codes"))
    yield RowRule("EC408", "target", alone, pl.format("whom it was done with: {} is an act of two", _C("action")), "name the other side where the text does")
    refers = _C("sentence")
    for side in ("actor", "target"):
        name = f"{side}_named_in"
        yield RowRule("EC426", name, _C(name) >= refers, pl.format("a sentence before {}", refers), f"leave it empty where the {side} is named in the sentence itself")


def _statuses() -> Iterator[RowRule]:
    yield RowRule("EC410", "attributed_to", (_C("status") == "asserted") & _C("attributed_to").is_not_null(), "an empty cell, or the status claimed", "asserted is the outlet's own word: say claimed, or leave attributed_to empty")
    odd = _C("status").is_in(["planned", "hypothetical"]) & _root().is_in(_limit("EC413", "roots"))
    yield RowRule("EC413", "status", odd, "asserted: the intent or threat itself was uttered", "code the act that is to come, or the uttering of it")


def _figures() -> Iterator[RowRule]:
    for what in FIGURES:
        name = f"{what}_best"
        most = _limit("EC417", what)
        yield RowRule("EC417", name, _C(name) > most, f"at most {most}", "see whether a digit is too much, or the figure counts more than this event")
        if what in {"deaths", "wounded"}:
            yield RowRule("EC414", name, (_C(name) > 0) & _root().is_in(_limit("EC414", "roots")), pl.format("no {} in an act of root {}", pl.lit(what), _root()), "put the figure in the row of the act that caused it")
    yield RowRule("EC415", "protesters_best", (_C("protesters_best") > 0) & _root().is_in(_limit("EC415", "roots")) & ~_C("action").is_in(_limit("EC415", "codes_of_crowds")), pl.format("no protesters in an act of root {}", _root()), "put the figure in the row of the protest")


def _offsets() -> Iterator[RowRule]:
    length = _C("end") - _C("start")
    yield RowRule("EC306", "trigger", _C("trigger").str.len_chars() != length, pl.format("{} characters", length), "mend start, end or trigger")
    half = _C("start").is_null() != _C("end").is_null()
    yield RowRule("EC403", "start", half, "start and end, or neither", "give the other one too", pl.format("{} to {}", _C("start").cast(pl.String).fill_null("(empty)"), _C("end").cast(pl.String).fill_null("(empty)")))


def _coders() -> Iterator[RowRule]:
    yield RowRule("EC423", "coder", _C("coder").is_null(), "person:NAME, model:NAME or program:NAME", "say who coded the row")
    program = _C("coder").str.starts_with("program:") & _C("coder_version").is_null()
    yield RowRule("EC424", "coder_version", program, "the program's version", "say which version coded the row")


def _texts() -> Iterator[RowRule]:
    for name in ("trigger", "actor_text", "target_text", "place", "event", "note"):
        formula = _C(name).str.contains(r"^[=@]|^[+-]\D")
        yield RowRule("EC227", name, formula, "text that no spreadsheet computes", "nothing, where it is meant so: it is written with an apostrophe before it")
        cut = _C(name).str.len_chars().is_in(_limit("EC229", "lengths"))
        yield RowRule("EC229", name, cut, "the whole text", "see whether a program has cut it off", pl.format("{} characters", _C(name).str.len_chars()))


@cache
def row_rules() -> tuple[RowRule, ...]:
    """All rules over one row's cells."""
    return tuple(
        rule for make in (_dates, _places, _parties, _statuses, _figures, _offsets, _coders, _texts) for rule in make()
    )


def swapped(frame: pl.DataFrame, notes: Notes) -> None:
    """Note coordinates that are right the other way round, before each is told to be out of range."""
    if {"latitude", "longitude"} <= set(frame.columns):
        wrong = frame.select((pl.col("latitude").abs() > 90) & (pl.col("latitude").abs() <= 180) & (pl.col("longitude").abs() <= 90)).to_series()
        both = pl.format("{}, {}", pl.col("latitude"), pl.col("longitude"))
        say = {"found": both, "expected": "a latitude from -90 to 90", "fix": pl.format("write latitude {} and longitude {}, if that is the place", "longitude", "latitude")}
        notes.note("EC420", "latitude", wrong.fill_null(value=False), frame, say)


def to_come(frame: pl.DataFrame, notes: Notes, today: date | None) -> None:
    """Note acts that are told as done on a day that has not come."""
    if today is None:
        return
    status = pl.col("status") if "status" in frame.columns else pl.lit(None, dtype=pl.String)
    open_ = status.is_in(["planned", "hypothetical"]).fill_null(value=False)
    _noted(frame, notes, RowRule("EC315", "date", (pl.col("date") > today) & ~open_, f"a day up to {today}", "mend the date, or say that it is planned"))


def _noted(frame: pl.DataFrame, notes: Notes, rule: RowRule) -> None:
    mask = frame.select(rule.wrong.fill_null(value=False)).to_series()
    good = notes.good(rule.needs)
    found = rule.found if rule.found is not None else pl.col(rule.column).cast(pl.String).fill_null("")
    notes.note(rule.code, rule.column, mask & good if good is not None else mask, frame, {"found": found, "expected": rule.expected, "fix": rule.fix})


def check(frame: pl.DataFrame, notes: Notes) -> None:
    """Note what rows break, one rule after the other; which rules are broken at all is asked in one pass."""
    able = [rule for rule in row_rules() if rule.needs <= set(frame.columns)]
    if not able or not frame.height:
        return
    broken: Mapping[str, Any] = frame.select(rule.wrong.any().alias(str(n)) for n, rule in enumerate(able)).row(0, named=True)
    for n, rule in enumerate(able):
        if broken[str(n)]:
            _noted(frame, notes, rule)
    _unfigured(frame, notes)


def _unfigured(frame: pl.DataFrame, notes: Notes) -> None:
    """Note a giver of figures where no figure stands."""
    if "figures_by" in frame.columns:
        given = [name for name in _FIGURES if name in frame.columns]
        none = pl.all_horizontal(pl.col(name).is_null() for name in given) if given else pl.lit(value=True)
        _noted(frame, notes, RowRule("EC416", "figures_by", pl.col("figures_by").is_not_null() & none, "a figure", "give the figures, or leave figures_by empty"))
