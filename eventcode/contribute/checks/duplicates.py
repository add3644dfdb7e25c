"""Rules over several rows: the same report twice, nearly the same, the same as what is published."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from eventcode.contribute.letters import repeated
from eventcode.contribute.notes import Notes, tell
from eventcode.contribute.rules import rules
from eventcode.model.tables import Contribution

_SEEDS = (20261122, 1795)
_REPORT = ("actor", "action", "target", "source")


def _hashes(frame: pl.DataFrame, seed: int) -> pl.Series:
    return frame.hash_rows(seed)


def keys(frame: pl.DataFrame, sent: pl.DataFrame) -> pl.DataFrame:
    """What makes each row of a batch a row of its own, as two hashes of 64 bits: of the key, and of all cells.

    Two dates that cannot be read are both null, and yet not the same: a cell that was not read counts as it was sent.
    """
    named = frame.select(name for name in Contribution.key if name in frame.columns)
    unread = [
        sent.select(pl.when(frame[name].is_null()).then(pl.col(name).cast(pl.String)).alias(f"{name} as sent")).to_series()
        for name in named.columns
        if frame.schema[name] != sent.schema[name] and frame[name].null_count() > sent[name].null_count()
    ]
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in Contribution.key if name not in frame.columns]
    key = named.with_columns(*unread, *absent)
    empty = key.select(pl.all_horizontal(pl.all().is_null())).to_series()
    first, second = _hashes(key, _SEEDS[0]), _hashes(key, _SEEDS[1])
    return pl.DataFrame({"first": first, "second": second, "whole": _hashes(sent, _SEEDS[0]), "empty": empty})


@dataclass(slots=True)
class Seen:
    """The rows of a file so far, as hashes: 26 bytes a row."""

    parts: list[pl.DataFrame] = field(default_factory=list)

    def add(self, frame: pl.DataFrame, sent: pl.DataFrame, rows: pl.Series) -> None:
        """Take a batch in."""
        self.parts.append(keys(frame, sent).with_columns(rows.alias("row")))

    def twice(self) -> pl.DataFrame:
        """Rows that are there already: their number, that of the first of them, and whether all their cells are alike."""
        nothing = pl.DataFrame(schema={"row": pl.UInt32, "first_row": pl.UInt32, "alike": pl.Boolean})
        if not self.parts:
            return nothing
        seen = pl.concat(self.parts)
        some = seen.filter(repeated(seen["first"]) & ~pl.col("empty"))
        key = ("first", "second")
        return some.select(
            "row",
            pl.col("row").first().over(key).alias("first_row"),
            (pl.col("whole") == pl.col("whole").first().over(key)).alias("alike"),
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
    columns = [name for name in ("start", "end", "date", "trigger") if name in frame.columns]
    good = notes.good([*_REPORT, "date"])
    some = (
        frame.select(*_REPORT, *columns)
        .with_columns(rows.alias("row"), hashes.alias("hash"), pl.Series("at", range(frame.height), dtype=pl.UInt32))
        .filter(again & (good if good is not None else pl.lit(value=True)) & pl.col("source").is_not_null())
    )
    if not some.height:
        return
    for name, kind in (("start", pl.Int64), ("end", pl.Int64), ("date", pl.Date)):
        if name not in some.columns:
            some = some.with_columns(pl.lit(None, dtype=kind).alias(name))
    some = some.sort("hash", "start", "row", nulls_last=True)
    before = {name: pl.col(name).shift(1).over("hash") for name in ("start", "end", "date", "row")}
    differ = (pl.col("start") != before["start"]) | (pl.col("end") != before["end"])
    meet = (pl.col("start") < before["end"]) & differ
    placeless = pl.col("start").is_null() & before["start"].is_null() & (pl.len().over("hash") == 2)
    days = rules()["EC503"].limits["days"]
    close = placeless & (pl.col("date") != before["date"]) & ((pl.col("date") - before["date"]).dt.total_days().abs() <= days)
    found = some.with_columns(before["row"].alias("other"), (meet | close).fill_null(value=False).alias("near")).filter("near")
    tell(frame, notes, "EC503", found, pl.format("nearly the same as row {}", "other"), "each report once", "remove one of the two, if they are one report")


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
    both = have.join(reports.select(*names, "report_id"), on=list(_REPORT), how="inner", nulls_equal=True, suffix="_published")
    same = (
        pl.col("start").eq_missing(pl.col("start_published"))
        & pl.col("end").eq_missing(pl.col("end_published"))
        & pl.col("date").eq_missing(pl.col("date_published"))
    )
    both = both.with_columns(same.alias("same"))
    again = both.filter("same")
    near = both.filter(~pl.col("at").is_in(again["at"].implode()))
    tell(frame, notes, "EC504", again, pl.format("published as {}", "report_id"), "reports that are not published yet", "leave the row out")
    tell(frame, notes, "EC505", near, pl.format("nearly {}", "report_id"), "reports that are not published yet", "leave the row out, if it is the same report")


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
    tell(frame, notes, "EC508", found, pl.format("row {} the other way round", "other"), "one of the two directions", "remove the row whose actor and target are swapped")


def events(frame: pl.DataFrame, notes: Notes) -> None:
    """Note events, by the coder's own names for them, whose rows differ in the kind of act or lie days apart."""
    if "event" not in frame.columns or not frame["event"].null_count() < frame.height:
        return
    who = ["event", *(["coder"] if "coder" in frame.columns else [])]
    root = pl.col("action").str.slice(0, 2)
    days = rules()["EC510"].limits["days"]
    end = pl.coalesce("date_end", "date") if "date_end" in frame.columns else pl.col("date")
    first = frame.select("action", "date", *who, end.alias("_end")).with_columns(
        root.first().over(who).alias("_root"), (pl.col("date") - pl.col("_end").first().over(who)).dt.total_days().alias("_days"), root.alias("_own")
    )
    told = pl.col("event").is_not_null()
    for code, column, wrong, found, expected in (
        ("EC509", "event", pl.col("_own") != pl.col("_root"), pl.format("{}, root {}", "event", "_own"), pl.format("root {}, as in its first row", "_root")),
        ("EC510", "date", pl.col("_days") > days, pl.format("{}, {}", "event", pl.col("date").cast(pl.String)), f"days no more than {days} apart"),
    ):
        mask = first.select((wrong & told).fill_null(value=False)).to_series()
        good = notes.good(["action", "date", "event"])
        fix = "give another event another name, or mend the row"
        notes.note(code, column, mask & good if good is not None else mask, first, {"found": found, "expected": expected, "fix": fix})


def places(frame: pl.DataFrame, notes: Notes) -> None:
    """Note rows whose place lies further on in the article than another's, in a sentence of a lower number."""
    needs = ("source", "start", "sentence")
    if not set(needs) <= set(frame.columns):
        return
    some = frame.select(needs).with_row_index("at").drop_nulls().sort("source", "start", "at")
    before = pl.col("sentence").cum_max().shift(1).over("source")
    found = some.with_columns(before.alias("other")).filter(pl.col("sentence") < pl.col("other"))
    say = pl.format("sentence {} after sentence {}", "sentence", "other")
    tell(frame, notes, "EC404", found, say, "numbers that rise with the place in the text", "mend sentence or start")
