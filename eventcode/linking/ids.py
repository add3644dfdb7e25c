"""Ids that live for ever: of reports, and of the events that they are grouped into."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from eventcode.contract.frames import polars_schema
from eventcode.model.tables import Contribution, Report

_OF_REPORT = ("source", "start", "end", "actor", "action", "target", "date", "coder")
"""What the id of a report is made of."""
_MATCHED = (*_OF_REPORT, "date_end", "date_precision")
_PLACE = ("source", "start", "end")
_AT_ONCE = 100_000
_BETWEEN = "\x1f"


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=polars_schema(Report))


@dataclass(frozen=True, slots=True)
class Earlier:
    """Reports of the releases before, with the columns of that table.

    Attributes:
        current: Of the events in the last release.
        former: Of the events that only releases before it hold, each as it was last.
    """

    current: pl.DataFrame = field(default_factory=_none)
    former: pl.DataFrame = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class Ids:
    """What ids a grouping gives.

    Attributes:
        events: The id of each group (`group`, `event_id`).
        merged: Events of the last release that are none any more, since their reports now belong to another: the id of that.
        split: New events whose reports were part of an event of the last release that lives on without them: the id of that.
    """

    events: pl.DataFrame
    merged: dict[str, str]
    split: dict[str, str]


def _hashed(letter: str, text: str) -> str:
    return letter + hashlib.sha256(text.encode()).hexdigest()[:16]


def _all_hashed(letter: str, texts: pl.Series) -> pl.Series:
    parts = [
        pl.Series([_hashed(letter, text) for text in texts.slice(n, _AT_ONCE)], dtype=pl.String) for n in range(0, len(texts), _AT_ONCE)
    ]
    return pl.concat(parts) if parts else texts


def report_id(row: Mapping[str, Any]) -> str:
    """Id of a report: of its article, its place in it, what it codes, and its coder.

    >>> row = dict.fromkeys(("start", "end", "target", "date")) | {"source": "a", "actor": "AZEMIL", "action": "190", "coder": "person:x"}
    >>> report_id(row)
    'R454ab01f46f3f0fa'
    """
    return _hashed("R", _BETWEEN.join("" if row[column] is None else str(row[column]) for column in _OF_REPORT))


def report_ids(rows: pl.DataFrame) -> pl.Series:
    """Ids of reports, one for each row: the same as `report_id` gives.

    Args:
        rows: Rows of contributions, with the types of that table.
    """
    texts = (pl.col(column).cast(pl.String).fill_null("") for column in _OF_REPORT)
    return _all_hashed("R", rows.select(text=pl.concat_str(*texts, separator=_BETWEEN))["text"]).alias("report_id")


def _read(reports: pl.DataFrame) -> pl.DataFrame:
    """What is matched of earlier reports."""
    types = polars_schema(Contribution, _MATCHED).items()
    found = reports.rename({"article_id": "source"}).select(
        pl.col("event_id").cast(pl.String), *(pl.col(name).cast(kind) for name, kind in types)
    )
    return found.with_columns(report_ids(found))


def _dated_codes() -> list[pl.Expr]:
    """What was coded, by whomever; a precision that is not given counts as the day, and reports without a date share their article."""
    dated = pl.col("date").is_not_null()
    precision = pl.when(dated).then(pl.col("date_precision").fill_null("day")).otherwise("date_precision")
    return [
        *(pl.col(name) for name in ("actor", "action", "target", "date", "date_end")),
        precision.alias("date_precision"),
        pl.when(~dated).then("source").alias("source"),
    ]


def _votes(ours: pl.DataFrame, theirs: pl.DataFrame, by: list[pl.Expr]) -> pl.DataFrame:
    """How often a group and an earlier event share values of `by` that no other of them has: `group`, `event_id`; most votes first."""

    def only(frame: pl.DataFrame, of: str) -> pl.DataFrame:
        keys = frame.select(of, *by)
        names = [name for name in keys.columns if name != of]
        return keys.group_by(names).agg(pl.col(of).min(), last=pl.col(of).max()).filter(pl.col(of) == pl.col("last")).drop("last")

    groups, events = only(ours, "group"), only(theirs, "event_id")
    shared = groups.join(events, on=[name for name in groups.columns if name != "group"], nulls_equal=True)
    votes = shared.group_by("group", "event_id").len()
    return votes.sort(["len", "group", "event_id"], descending=[True, False, False]).select("group", "event_id")


def _passes(groups: pl.DataFrame, current: pl.DataFrame, former: pl.DataFrame) -> Iterable[pl.DataFrame]:
    """Votes by reports, then by codes, then by what a report keeps where its action or its days, or its sides, are corrected or another coder reads the same words."""
    same = [pl.col("report_id")]
    yield from (_votes(groups, theirs, same) for theirs in (current, former))
    for keep in ("first", "last"):  # a report stands under several events where those that are gone had been merged
        yield _votes(groups, former.unique("report_id", keep=keep, maintain_order=True), same)
    yield from (_votes(groups, theirs, _dated_codes()) for theirs in (current, former))
    placed = pl.col("start").is_not_null() & pl.col("end").is_not_null()
    fresh = groups.filter(placed).join(current, on="report_id", how="anti")
    gone = current.filter(placed).join(groups, on="report_id", how="anti")
    for kept in (("coder", "actor", "target"), ("coder", "action"), ("actor", "action", "target")):
        yield _votes(fresh, gone, [pl.col(name) for name in (*_PLACE, *kept)])


def _matched(passes: Iterable[pl.DataFrame], current: set[str]) -> tuple[dict[int, str], dict[str, int], dict[int, str]]:
    """Groups that are an earlier event; the group that an event of the last release went into most; the event of it that a group comes from most."""
    found: dict[int, str] = {}
    given: set[str] = set()
    into: dict[str, int] = {}
    out_of: dict[int, str] = {}
    for votes in passes:
        for group, event_id in votes.iter_rows():
            if event_id in current:
                into.setdefault(event_id, group)
                out_of.setdefault(group, event_id)
            if group not in found and event_id not in given:
                found[group] = event_id
                given.add(event_id)
    return found, into, out_of


def _new(first: pl.DataFrame, taken: Iterable[str]) -> pl.Series:
    """Ids of new events, each made from that of its first report; where an event bears that one already, from a number too."""
    made = _all_hashed("E", first["report_id"]).alias("event_id")
    used = {*taken}
    if made.n_unique() == len(made) and used.isdisjoint(made):
        return made
    ids = []
    for report, event_id in zip(first["report_id"], made, strict=True):
        number, new = 1, event_id
        while new in used:
            number += 1
            new = _hashed("E", f"{report}{_BETWEEN}{number}")
        used.add(new)
        ids.append(new)
    return pl.Series("event_id", ids, dtype=pl.String)


def ids(reports: pl.DataFrame, earlier: Earlier) -> Ids:
    """The id of each group: that of the earlier event with which it shares most reports, else codes, else places in the text; else a new one. None is given twice.

    Args:
        reports: Reports with their ids, each with the number of its group, in a fixed order.
        earlier: Reports of the releases before.
    """
    first = reports.select("group", "report_id").unique("group", keep="first", maintain_order=True).sort("group")
    current, former = _read(earlier.current), _read(earlier.former)
    known, living = ({*part["event_id"].unique()} for part in (pl.concat([current, former]), current))
    passes = _passes(reports.select("group", "report_id", *_MATCHED), current, former) if known else ()
    found, into, out_of = _matched(passes, living)
    kept = pl.DataFrame({"group": [*found], "event_id": [*found.values()]}, schema={"group": first.schema["group"], "event_id": pl.String})
    rest = first.join(kept, on="group", how="anti", maintain_order="left")
    new = rest.select("group").with_columns(_new(rest, known))
    events = pl.concat([kept, new]).sort("group")
    named, there = events["event_id"], {*events["event_id"]} if into else set()
    merged = {event_id: named[group] for event_id, group in into.items() if event_id not in there}
    split = {named[group]: event_id for group, event_id in out_of.items() if group not in found and event_id in there}
    return Ids(events, merged, split)
