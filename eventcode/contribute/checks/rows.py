"""What single rows break: the rules of `row_rules`, and those that need more than the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from eventcode.contract.frames import polars_schema
from eventcode.contribute.checks.row_rules import NOT_YET, RowRule, row_rules
from eventcode.contribute.notes import Notes
from eventcode.model.tables import Contribution


def _filled(frame: pl.DataFrame, asked: Sequence[RowRule]) -> pl.DataFrame:
    """The frame with empty columns for those that rules look at and the file does not have."""
    names = frozenset().union(*(rule.names for rule in asked)) - set(frame.columns)
    schema = polars_schema(Contribution, names) if names else {}
    return frame.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items())


def _noted(frame: pl.DataFrame, notes: Notes, rule: RowRule) -> None:
    """Note the rows that break a rule by cells that are right as such."""
    mask = frame.select(rule.wrong.fill_null(value=False)).to_series()
    good = notes.good(rule.needs)
    found = rule.found if rule.found is not None else pl.col(rule.column).cast(pl.String).fill_null("")
    say = {"found": found, "expected": rule.expected, "fix": rule.fix}
    notes.note(rule.code, rule.column, mask & good if good is not None else mask, frame, say)


def check(frame: pl.DataFrame, notes: Notes) -> None:
    """Note what rows break, one rule after the other; which rules are broken at all is asked in one pass."""
    able = [rule for rule in row_rules() if set(rule.asking) & set(frame.columns)]
    if not able or not frame.height:
        return
    whole = _filled(frame, able)
    broken: Mapping[str, Any] = whole.select(rule.wrong.any().alias(str(n)) for n, rule in enumerate(able)).row(0, named=True)
    for n, rule in enumerate(able):
        if broken[str(n)]:
            _noted(whole, notes, rule)


def swapped(frame: pl.DataFrame, notes: Notes) -> None:
    """Note coordinates that are right the other way round, before each is told to be out of range."""
    if not {"latitude", "longitude"} <= set(frame.columns):
        return
    latitude, longitude = pl.col("latitude"), pl.col("longitude")
    rule = RowRule(
        "EC420",
        "latitude",
        wrong=(latitude.abs() > 90) & (latitude.abs() <= 180) & (longitude.abs() <= 90),
        expected="a latitude from -90 to 90",
        fix=pl.format("write latitude {} and longitude {}, if that is the place", longitude, latitude),
        found=pl.format("{}, {}", latitude, longitude),
    )
    _noted(frame, notes, rule)


def to_come(frame: pl.DataFrame, notes: Notes, today: date | None) -> None:
    """Note acts that are told as done on a day that has not come."""
    if today is None:
        return
    ahead = pl.col("status").is_in(NOT_YET).fill_null(value=False)
    rule = RowRule(
        "EC315",
        "date",
        wrong=(pl.col("date") > today) & ~ahead,
        expected=f"a day up to today, {today}",
        fix="mend the date, or say that it is planned",
    )
    _noted(_filled(frame, [rule]), notes, rule)
