"""The rules over the cells of one row: for each an expression that is true where the row breaks it, and what is said then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from eventcode.contribute.rules import rules
from eventcode.model.tables import BOUNDS, FIGURES
from eventcode.resources import codes

NOT_YET = ("planned", "hypothetical", "denied")
"""Statuses of acts that may lie ahead: "he denied that they would attack" is denied."""
_C = pl.col
_COARSE = ("week", "month", "year")
_LEAST_DAYS = {"week": 1, "month": 6, "year": 27}
_QUOTED = ("trigger", "actor_text", "target_text", "place", "event", "note")


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule over the cells of one row; columns that a file does not have count as empty.

    Attributes:
        code: The rule.
        column: The column that it is told of.
        wrong: True where the row breaks it.
        expected: What would be right.
        fix: What to do.
        found: What stands there; the column's value where not given.
        asked_by: The rule is asked where the file has one of these columns; the column that it is told of where not given.
    """

    code: str
    column: str
    wrong: pl.Expr
    expected: pl.Expr | str
    fix: pl.Expr | str
    found: pl.Expr | None = None
    asked_by: tuple[str, ...] = ()

    @property
    def asking(self) -> tuple[str, ...]:
        """The columns of which the file needs one."""
        return self.asked_by or (self.column,)

    @property
    def needs(self) -> frozenset[str]:
        """The columns on which it rests whether the rule is broken."""
        return frozenset(self.wrong.meta.root_names())

    @property
    def names(self) -> frozenset[str]:
        """All columns that it looks at or tells of."""
        told = [each for each in (self.expected, self.fix, self.found) if isinstance(each, pl.Expr)]
        return self.needs.union([self.column], *(each.meta.root_names() for each in told))


def _limit(code: str, name: str) -> Any:  # noqa: ANN401 - a limit is what the catalogue says
    return rules()[code].limits[name]


def _root() -> pl.Expr:
    return _C("action").str.slice(0, 2)


def _or_empty(name: str) -> pl.Expr:
    return _C(name).cast(pl.String).fill_null("(empty)")


def _dates() -> Iterator[RowRule]:
    span = (_C("date_end") - _C("date")).dt.total_days()
    least = _C("date_precision").replace_strict(_LEAST_DAYS, default=None, return_dtype=pl.Int64)
    a_day = _C("date_end").is_null() & ~_C("date_precision").is_in(_COARSE).fill_null(value=False)
    yield RowRule(
        "EC319",
        "date_end",
        wrong=_C("date_end").is_not_null() & _C("date").is_null(),
        expected="a date too",
        fix="give the first day in date",
    )
    said = [pl.format("{} {}", pl.lit(name), _C(name)) for name in ("date_precision", "date_basis")]
    yield RowRule(
        "EC320",
        "date",
        wrong=_C("date").is_null() & (_C("date_precision").is_not_null() | _C("date_basis").is_not_null()),
        expected="a date, or none of these",
        fix="fill in the date, or empty date_precision and date_basis",
        found=pl.format("no date, but {}", pl.concat_str(said, separator=", ", ignore_nulls=True)),
        asked_by=("date_precision", "date_basis"),
    )
    yield RowRule(
        "EC321",
        "date_precision",
        wrong=span < least,
        expected=pl.format("day: date and date_end are {} days apart", span),
        fix=pl.format("write day, or the last day of the {} in date_end", _C("date_precision")),
    )
    yield RowRule(
        "EC322",
        "date",
        wrong=_C("date").is_in([date.fromisoformat(day) for day in _limit("EC322", "days")]) & a_day,
        expected="the day of the event",
        fix="see whether a program has filled it in; leave it empty where it is not known",
    )


def _places() -> Iterator[RowRule]:
    latitude, longitude = _C("latitude"), _C("longitude")
    nowhere = pl.all_horizontal(_C(name).is_null() for name in ("place", "country", "latitude", "longitude"))
    yield RowRule(
        "EC418",
        "latitude",
        wrong=latitude.is_null() != longitude.is_null(),
        expected="latitude and longitude, or neither",
        fix="give the other one too",
        found=pl.format("{}, {}", _or_empty("latitude"), _or_empty("longitude")),
        asked_by=("latitude", "longitude"),
    )
    yield RowRule(
        "EC419",
        "latitude",
        wrong=(latitude == 0) & (longitude == 0),
        expected="the place of the event",
        fix="leave both empty where it is not known",
        found=pl.format("{}, {}", latitude, longitude),
    )
    yield RowRule(
        "EC421",
        "place_precision",
        wrong=_C("place_precision").is_not_null() & nowhere,
        expected="a place, a country or coordinates",
        fix="give the place, or leave place_precision empty",
    )


def _parties() -> Iterator[RowRule]:
    of_states = _C("actor").is_in(sorted(codes("countries"))) & _C("action").is_in(_limit("EC407", "codes_of_states"))
    yield RowRule(
        "EC407",
        "target",
        wrong=(_C("actor") == _C("target")) & (_C("action").is_in(_limit("EC407", "codes")) | of_states),
        expected=pl.format("another than the actor, {}: nobody does {} to itself", _C("actor"), _C("action")),
        fix="mend actor, target or action",
    )
    yield RowRule(
        "EC408",
        "target",
        wrong=_C("target").is_null() & _C("action").is_in(_limit("EC408", "codes")),
        expected=pl.format("the other side: {} is an act of two", _C("action")),
        fix="code the other side where the text names it",
    )
    for side in ("actor", "target"):
        yield RowRule(
            "EC426",
            f"{side}_named_in",
            wrong=_C(f"{side}_named_in") >= _C("sentence"),
            expected=pl.format("a sentence before {}", _C("sentence")),
            fix=f"leave it empty where the sentence itself names the {side}",
        )


def _statuses() -> Iterator[RowRule]:
    asserted = _C("status").fill_null("asserted") == "asserted"
    yield RowRule(
        "EC410",
        "attributed_to",
        wrong=asserted & _C("attributed_to").is_not_null(),
        expected="an empty cell, or the status claimed",
        fix="say claimed, or leave attributed_to empty where the outlet itself says so",
    )
    yield RowRule(
        "EC413",
        "status",
        wrong=_C("status").is_in(["planned", "hypothetical"]) & _root().is_in(_limit("EC413", "roots")),
        expected=pl.format("asserted or claimed: {} is an intent or a threat, and it was uttered", _C("action")),
        fix="mend the status, or code the act itself that is to come",
    )


def _figures() -> Iterator[RowRule]:
    for what in FIGURES:
        most = _limit("EC417", what)
        yield RowRule(
            "EC417",
            f"{what}_best",
            wrong=_C(f"{what}_best") > most,
            expected=f"at most {most:,}",
            fix="see whether it has a digit too many, or counts more than this event",
        )
    for what in ("deaths", "wounded"):
        yield RowRule(
            "EC414",
            f"{what}_best",
            wrong=(_C(f"{what}_best") > 0) & _root().is_in(_limit("EC414", "roots")),
            expected=pl.format("no {} in an act of root {}", pl.lit(what), _root()),
            fix="put the figure in the row of the act that caused it",
        )
    crowds = _C("action").is_in(_limit("EC415", "codes_of_crowds"))
    yield RowRule(
        "EC415",
        "protesters_best",
        wrong=(_C("protesters_best") > 0) & _root().is_in(_limit("EC415", "roots")) & ~crowds,
        expected=pl.format("no protesters in an act of root {}", _root()),
        fix="put the figure in the row of the protest",
    )
    yield RowRule(
        "EC416",
        "figures_by",
        wrong=_C("figures_by").is_not_null() & pl.all_horizontal(_C(f"{what}_{bound}").is_null() for what in FIGURES for bound in BOUNDS),
        expected="a figure",
        fix="give the figures, or leave figures_by empty",
    )


def _offsets() -> Iterator[RowRule]:
    own, length = _C("trigger").str.len_chars(), _C("end") - _C("start")
    yield RowRule(
        "EC306",
        "trigger",
        wrong=own != length,
        expected=pl.format("{} characters, as from {} to {}", length, _C("start"), _C("end")),
        fix="mend start, end or trigger",
        found=pl.format("{} ({} characters)", _C("trigger"), own),
    )
    yield RowRule(
        "EC403",
        "start",
        wrong=_C("start").is_null() != _C("end").is_null(),
        expected="start and end, or neither",
        fix="give the other one too",
        found=pl.format("{} to {}", _or_empty("start"), _or_empty("end")),
        asked_by=("start", "end"),
    )


def _coders() -> Iterator[RowRule]:
    yield RowRule(
        "EC423",
        "coder",
        wrong=_C("coder").is_null(),
        expected="person:NAME, model:NAME or program:NAME",
        fix="say who coded the row",
    )
    yield RowRule(
        "EC424",
        "coder_version",
        wrong=_C("coder").str.starts_with("program:") & _C("coder_version").is_null(),
        expected=pl.format("the version of {}", _C("coder")),
        fix="say which version coded the row",
        asked_by=("coder",),
    )


def _texts() -> Iterator[RowRule]:
    for name in _QUOTED:
        yield RowRule(
            "EC227",
            name,
            wrong=_C(name).str.contains(r"^[=@]|^[+-]\D"),
            expected="text that no spreadsheet computes",
            fix="nothing, where it is meant so: it is written with an apostrophe before it",
        )
        length = _C(name).str.len_chars()
        yield RowRule(
            "EC229",
            name,
            wrong=length.is_in(_limit("EC229", "lengths")),
            expected="the whole text",
            fix="see whether a program has cut it off",
            found=pl.format("{} characters", length),
        )


@cache
def row_rules() -> tuple[RowRule, ...]:
    """All rules over one row's cells.

    >>> sorted({rule.code for rule in row_rules() if "latitude" in rule.asking})
    ['EC418', 'EC419']
    """
    makers = (_dates, _places, _parties, _statuses, _figures, _offsets, _coders, _texts)
    return tuple(rule for make in makers for rule in make())
