"""Rules over several rows: the same report twice, nearly the same, the same as what is published."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from eventcode.contribute.letters import repeated
from eventcode.contribute.notes import Notes, tell
from eventcode.contribute.rules import rules
from eventcode.model.tables import Contribution

_SEEDS = (20261122, 1795)
_REPORT = ("actor", "action", "target", "source")
_KINDS = dict.fromkeys(("03", "04", "05", "08"), "talk") | dict.fromkeys(("16", "17", "18", "19", "20"), "force")
"""Roots under which one act is told now and then: a truce agreed, a day of fighting."""


def _hashes(frame: pl.DataFrame, seed: int) -> pl.Series:
    return frame.hash_rows(seed)


def _hashed(columns: Iterable[tuple[str, pl.Series]], height: int, seed: int) -> pl.Series:
    """A hash for each row that rests on the names and values of its cells alone: neither on their order nor on columns without a value."""
    total = pl.Series([0], dtype=pl.UInt64).new_from_index(0, height)
    for name, cells in columns:
        if cells.null_count() < height:
            hashes = cells.hash(seed + zlib.crc32(name.encode()))
            total = total ^ pl.select(pl.when(cells.is_not_null()).then(hashes).otherwise(0)).to_series()
    return total


def keys(frame: pl.DataFrame, sent: pl.DataFrame, rest: pl.DataFrame | None = None, faulty: pl.Series | None = None) -> pl.DataFrame:
    """What makes each row of a batch a row of its own, as two hashes of 64 bits: of the key, and of all cells.

    Two dates that cannot be read are both null, and yet not the same: a cell that was not read counts as it was sent.

    Args:
        frame: The typed rows.
        sent: Their cells as they were sent.
        rest: The cells of columns that the contract does not know.
        faulty: Rows of which the reader could not read all: they are like no other.
    """
    names = [name for name in Contribution.key if name in frame.columns]
    unread = [
        (f"{name} as sent", pl.select(pl.when(frame[name].is_null()).then(sent[name].cast(pl.String))).to_series())
        for name in names
        if frame.schema[name] != sent.schema[name] and frame[name].null_count() > sent[name].null_count()
    ]
    key = [*((name, frame[name]) for name in names), *unread]
    first, second = (_hashed(key, frame.height, seed) for seed in _SEEDS)
    more = [] if rest is None else [(f"other {name}", rest[name]) for name in rest.columns]
    whole = _hashed([*((name, sent[name]) for name in sent.columns), *more], frame.height, _SEEDS[0])
    odd = pl.lit(value=False) if faulty is None else faulty
    return pl.DataFrame({"first": first, "second": second, "whole": whole, "empty": first == 0}).with_columns(odd.alias("faulty"))


@dataclass(slots=True)
class Seen:
    """The rows of a file so far, as hashes: 33 bytes a row."""

    parts: list[pl.DataFrame] = field(default_factory=list)

    def add(self, keys: pl.DataFrame, rows: pl.Series, lines: pl.Series | None) -> None:
        """Take in the keys of a batch's rows, their numbers and lines."""
        line = pl.lit(None, dtype=pl.UInt32) if lines is None else lines
        self.parts.append(keys.with_columns(rows.alias("row"), line.alias("line")))

    def twice(self) -> pl.DataFrame:
        """Rows that are there already: their number and line, the number of the first of them, and whether all their cells are alike."""
        nothing = pl.DataFrame(schema={"row": pl.UInt32, "line": pl.UInt32, "first_row": pl.UInt32, "alike": pl.Boolean})
        if not self.parts:
            return nothing
        seen = pl.concat(self.parts)
        some = seen.filter(repeated(seen["first"]) & ~pl.col("empty"))
        key = ("first", "second")
        return some.select(
            "row",
            "line",
            pl.col("row").first().over(key).alias("first_row"),
            ((pl.col("whole") == pl.col("whole").first().over(key)) & ~pl.col("faulty").any().over(key)).alias("alike"),
        ).filter(pl.col("row") != pl.col("first_row"))


def nearly(frame: pl.DataFrame, notes: Notes, rows: pl.Series) -> None:
    """Note rows of one source with the same actor, action and target whose places meet, or that differ in the date alone."""
    if not set(_REPORT) <= set(frame.columns):
        return
    report = frame.select(_REPORT)
    hashes = _hashes(report, _SEEDS[0])
    again = repeated(hashes)
    if not again.any():
        return
    columns = [name for name in ("start", "end", "date") if name in frame.columns]
    good = notes.good([*_REPORT, *columns])
    some = (
        frame.select(*columns, hashes.alias("hash"), rows.alias("row"), source=pl.col("source"))
        .with_row_index("at")
        .filter(again & (good if good is not None else pl.lit(value=True)) & pl.col("source").is_not_null())
    )
    absent = {"start": pl.Int64, "end": pl.Int64, "date": pl.Date}
    some = some.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in absent.items() if name not in columns)
    found = pl.concat([_meeting(some), _days_apart(some)])
    fix = "remove one of the two, if they are one report"
    tell(frame, notes, "EC503", found, pl.format("nearly the same as row {}", "other"), "each report once", fix)


def _meeting(some: pl.DataFrame) -> pl.DataFrame:
    """Rows whose place in the text meets that of a row before them: where a row is, and the other's number."""
    placed = some.drop_nulls(["start", "end"]).sort("hash", "start", "end", "row")
    again = (pl.col("hash") == pl.col("hash").shift(1)).fill_null(value=False)
    # Numbers that rise from report to report keep the furthest end of one from reaching into the next.
    base = (~again).cum_sum().cast(pl.Int64) * 2**32
    furthest = (pl.col("end") + base).cum_max() - base
    leads = ~again | (furthest > furthest.shift(1)).fill_null(value=True)
    before = placed.with_columns(
        again.alias("again"),
        furthest.shift(1).alias("furthest"),
        pl.when(leads).then("row").forward_fill().shift(1).alias("other"),
        pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in ("start", "end", "date")).alias("twice"),
    )
    return before.filter("again", pl.col("start") < pl.col("furthest"), ~pl.col("twice")).select("at", "other")


def _days_apart(some: pl.DataFrame) -> pl.DataFrame:
    """Rows without a place that have one other beside them, which differs in the date by a day or so."""
    days = rules()["EC503"].limits["days"]
    alone = some.filter(pl.len().over("hash") == 2).filter(pl.col("start").is_null().all().over("hash"))
    apart = (pl.col("date") - pl.col("date").shift(1).over("hash")).dt.total_days().abs()
    beside = alone.with_columns(pl.col("row").shift(1).over("hash").alias("other"), apart.alias("apart"))
    return beside.filter(pl.col("apart").is_between(1, days)).select("at", "other")


def published(frame: pl.DataFrame, notes: Notes, reports: pl.DataFrame) -> None:
    """Note rows that a release has already, or nearly: the same source, actor, action and target at the same place, or at another.

    Args:
        frame: The batch.
        notes: Takes what is found.
        reports: Reports of the release, with its columns `report_id` and those of a contribution.
    """
    names = [*_REPORT, "start", "end", "date"]
    have = frame.select(
        pl.col(name) if name in frame.columns else pl.lit(None, dtype=reports.schema[name]).alias(name) for name in names
    ).with_row_index("at")
    good = notes.good(names)
    have = have.filter(good) if good is not None else have
    both = have.join(reports.select(*names, "report_id"), on=list(_REPORT), how="inner", nulls_equal=True, suffix="_published")
    same = (
        pl.col("start").eq_missing(pl.col("start_published"))
        & pl.col("end").eq_missing(pl.col("end_published"))
        & pl.col("date").eq_missing(pl.col("date_published"))
    )
    both = both.with_columns(same.alias("same"))
    again = both.filter("same")
    near = both.filter(~pl.col("at").is_in(again["at"].implode()))
    expected = "reports that are not published yet"
    tell(frame, notes, "EC504", again, pl.format("published as {}", "report_id"), expected, "leave the row out")
    like = pl.format("as {}, but at another place or on another day", "report_id")
    tell(frame, notes, "EC505", near, like, expected, "leave the row out if it is the same report, else say in note what differs")


def both_ways(frame: pl.DataFrame, notes: Notes, rows: pl.Series) -> None:
    """Note acts told at one place of a text from A to B and from B to A, where the act is not one of both sides."""
    needs = ("actor", "action", "target", "source", "start", "end")
    if not set(needs) <= set(frame.columns):
        return
    roots = rules()["EC508"].limits["roots"]
    some = frame.select(needs).with_columns(rows.alias("row")).with_row_index("at")
    some = some.filter(pl.col("action").str.slice(0, 2).is_in(roots) & pl.col("target").is_not_null() & pl.col("start").is_not_null())
    some = some.filter(repeated(some.select("source", "start").hash_rows()))
    other = some.rename({"actor": "target", "target": "actor", "row": "other"}).drop("at")
    found = some.join(other, on=list(needs), how="inner").filter(pl.col("other") < pl.col("row"))
    say = pl.format("row {} the other way round", "other")
    fix = "remove the row whose sides are swapped, unless the text says that both did it"
    tell(frame, notes, "EC508", found, say, "one of the two directions", fix)


def events(frame: pl.DataFrame, notes: Notes) -> None:
    """Note events, by the coder's own names for them, whose rows differ in the kind of act or lie days apart."""
    if "event" not in frame.columns or frame["event"].null_count() == frame.height:
        return
    who = ["event", *(["coder"] if "coder" in frame.columns else [])]
    end = pl.coalesce("date_end", "date") if "date_end" in frame.columns else pl.col("date")
    basis = pl.col("date_basis") if "date_basis" in frame.columns else pl.lit(None, dtype=pl.String)
    told = frame.select(*who, "action", "date", end.alias("end"), basis.eq_missing(pl.lit("publication")).alias("undated"))
    some = told.with_row_index("at").filter(pl.col("event").is_not_null())
    some = some.with_columns(some.select(who).hash_rows(_SEEDS[0]).alias("hash"))
    fix = "give another event another name, or mend the row"
    others = _of_another_kind(_sound(some, notes, "action"))
    found = pl.format("{}: {}, but {} in its first row", "event", "action", "first")
    tell(frame, notes, "EC509", others, found, "one kind of act", fix, "event")
    days = rules()["EC510"].limits["days"]
    far = _far(_sound(some, notes, "date").drop_nulls("date").filter(~pl.col("undated")), days)
    found = pl.format("{}: {}, but {} in its earliest row", "event", pl.col("date").cast(pl.String), pl.col("first").cast(pl.String))
    tell(frame, notes, "EC510", far, found, f"days no more than {days} apart", fix, "date")


def _of_another_kind(some: pl.DataFrame) -> pl.DataFrame:
    """Of each event the first row of each kind of act but the first, with the action of the event's first row."""
    kinds = some.with_columns(pl.col("action").str.slice(0, 2).replace(_KINDS).alias("kind"))
    pairs = kinds.select("hash", "kind").unique()
    mixed = pairs["hash"].filter(repeated(pairs["hash"]))
    each = kinds.filter(pl.col("hash").is_in(mixed.implode())).unique(["hash", "kind"], keep="first", maintain_order=True)
    return each.with_columns(pl.col("action").first().over("hash").alias("first")).filter(pl.int_range(pl.len()).over("hash") > 0)


def _far(dated: pl.DataFrame, days: int) -> pl.DataFrame:
    """The rows that are dated more than so many days after the end of the earliest row of their event, with the date of that row."""
    earliest, latest = pl.col("date").min().alias("first"), pl.col("date").max().alias("last")
    wide = dated.group_by("hash").agg(earliest, latest).filter((pl.col("last") - pl.col("first")).dt.total_days() > days)
    some = dated.join(wide.select("hash", "first"), on="hash", how="inner").sort("date", "at")
    until = pl.col("end").first().over("hash")
    return some.filter((pl.col("date") - until).dt.total_days() > days).sort("at")


def _sound(some: pl.DataFrame, notes: Notes, *columns: str) -> pl.DataFrame:
    """The rows in which none of the columns' cells is wrong."""
    good = notes.good(columns)
    return some if good is None else some.filter(pl.col("at").is_in(good.arg_true().implode()))


def places(frame: pl.DataFrame, notes: Notes) -> None:
    """Note rows whose place lies further on in the article than that of the row before them there, in a sentence of a lower number."""
    needs = ("source", "start", "sentence")
    if not set(needs) <= set(frame.columns):
        return
    some = _sound(frame.select(needs).with_row_index("at"), notes, *needs).drop_nulls().sort("source", "start", "sentence", "at")
    before = some.with_columns(pl.col(name).shift(1).alias(f"{name}_before") for name in needs)
    found = before.filter(pl.col("source") == pl.col("source_before"), pl.col("sentence") < pl.col("sentence_before"))
    say = pl.format("sentence {} at {}, after sentence {} at {}", "sentence", "start", "sentence_before", "start_before")
    tell(frame, notes, "EC404", found, say, "numbers that rise with the place in the text", "mend sentence or start", "sentence")
