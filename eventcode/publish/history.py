"""The releases before, and what has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from eventcode import resources
from eventcode.contract.frames import polars_schema
from eventcode.errors import ReleaseError
from eventcode.linking import Earlier, Linked
from eventcode.model.column import Table
from eventcode.model.tables import Event, Report
from eventcode.publish.metadata import Release

COMPARED = tuple(name for name in Event.model_fields if name not in {"event_id", "revision"})
"""Columns of an event of which a change is a revision."""
_CODES = ("actor", "action", "target", "date", "date_end", "date_precision")
_PLACE = ("article_id", "start", "end", "coder")
_AGAIN = "reinstated"
_LINKED = "reports linked otherwise"


@dataclass(frozen=True, slots=True)
class History:
    """What was published before.

    Attributes:
        last: The last release; None where this is the first.
        current: Events of the last release.
        former: Events that only releases before it hold, each as it was last.
        reports: Reports of both, by what they are known again.
    """

    last: Release | None
    current: pl.DataFrame
    former: pl.DataFrame
    reports: Earlier


_MATCHED = (
    "report_id", "event_id", "article_id", "start", "end", "actor", "action", "target", "date", "date_end", "date_precision", "coder",
)  # fmt: skip
"""Columns of a report by which it is known again in a later release; the others of a million reports would fill a gigabyte."""


def table(path: Path, model: type[Table], names: tuple[str, ...] | None = None) -> pl.DataFrame:
    """A table of a release with the columns of today's contract, or some of them; those that it was built without are missing.

    Raises:
        ReleaseError: It cannot be read.
    """
    try:
        has = pq.read_schema(path).names
        found = pl.from_arrow(pq.read_table(path, columns=None if names is None else [name for name in names if name in has]))
    except (pa.ArrowInvalid, OSError) as error:
        raise ReleaseError(f"the table cannot be read ({error})", where=str(path), expected="an earlier release, whole") from error
    assert isinstance(found, pl.DataFrame)
    return found.select(
        (pl.col(name) if name in found.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in polars_schema(model, names).items()
    )


def read(dataset: Path, *, before: str | None = None) -> History:
    """All releases in a folder, one after the other.

    Args:
        dataset: The folder.
        before: The version before which they are read; all where not given.

    Raises:
        ReleaseError: One of them cannot be read.
    """
    versions = [v for v in resources.releases(dataset) if before is None or resources.version_key(v) < resources.version_key(before)]
    events, reports = (pl.DataFrame(schema=polars_schema(model, names)) for model, names in ((Event, None), (Report, _MATCHED)))
    current = events
    for version in versions:
        current = table(dataset / version / "events.parquet", Event)
        backing = table(dataset / version / "reports.parquet", Report, _MATCHED)
        events = pl.concat([events.join(current.select("event_id"), on="event_id", how="anti"), current])
        reports = pl.concat([reports.join(current.select("event_id"), on="event_id", how="anti", maintain_order="left"), backing])
    here = current.select("event_id")
    return History(
        Release.read_release(dataset / versions[-1]) if versions else None,
        current,
        events.join(here, on="event_id", how="anti"),
        Earlier(*(reports.join(here, on="event_id", how=how, maintain_order="left") for how in ("semi", "anti"))),
    )


def check(version: str, day: date, history: History) -> None:
    """Check that a release may follow those before.

    Raises:
        ReleaseError: Its version is not higher than theirs, or its day is before theirs.
    """
    if history.last is None:
        return
    newest = history.last.version
    if resources.version_key(version) <= resources.version_key(newest):
        raise ReleaseError(
            f"{version} is not higher than {newest}, the newest release", expected="a higher version", fix="choose the next version"
        )
    if day.isoformat() < history.last.date:
        raise ReleaseError(f"{day} is before {history.last.date}, the day of {newest}", expected="that day or a later one")


def _flagged(reports: pl.DataFrame, others: pl.DataFrame, given: Mapping[str, str]) -> pl.DataFrame:
    """Reports, whether the others hold each of them too, or one at its place that they have not in common, and the reason that is given for it."""
    both = reports.join(others.select("report_id"), on="report_id", how="semi")["report_id"].implode()
    theirs = (
        others.filter(~pl.col("report_id").is_in(both) & pl.col("start").is_not_null()).select(*_PLACE).unique().with_columns(moved=True)
    )
    return (
        reports.select("event_id", "report_id", *_PLACE)
        .join(theirs, on=list(_PLACE), how="left", nulls_equal=False)
        .with_columns(
            held=pl.col("report_id").is_in(both),
            moved=pl.col("moved").fill_null(value=False),
            told=pl.col("report_id").replace_strict(given, default=None, return_dtype=pl.String),
        )
    )


def _why(before: pl.DataFrame, now: pl.DataFrame, given: Mapping[str, str]) -> pl.DataFrame:
    """For each event the reason why it came, went, or is other than it was.

    Given reasons of its differing reports come first; else what the reports themselves show: corrected ones stand where others stood.
    """
    old, new = _flagged(before, now, given), _flagged(now, before, given)

    def summed(reports: pl.DataFrame, prefix: str) -> pl.DataFrame:
        return reports.group_by("event_id").agg(
            pl.col("report_id").sort().alias(f"{prefix}_ids"),
            pl.col("told").drop_nulls().unique().sort().alias(f"{prefix}_told"),
        )

    by_event = ["event_id", "report_id"]
    corrected, added, removed, linked = (pl.lit(reason) for reason in ("codes corrected", "new reports", "reports removed", _LINKED))

    def differing(reports: pl.DataFrame, others: pl.DataFrame, name: str, otherwise: pl.Expr) -> pl.DataFrame:
        alone = reports.join(others.select(by_event), on=by_event, how="anti").group_by("event_id")
        moved, held = pl.col("moved").any(), pl.col("held").any()
        return alone.agg(pl.when(moved).then(corrected).when(held).then(linked).otherwise(otherwise).alias(name))

    more, fewer = differing(new, old, "more", added), differing(old, new, "fewer", removed)
    joined = summed(old, "old").join(summed(new, "new"), on="event_id", how="full", coalesce=True)
    for each in (more, fewer):
        joined = joined.join(each, on="event_id", how="left")
    told = pl.concat_list(*(pl.col(c).fill_null(pl.lit([], dtype=pl.List(pl.String))) for c in ("old_told", "new_told")))
    return joined.select(
        "event_id",
        told=told.list.unique().list.sort().list.join("; ").replace("", None),
        came=pl.col("more"),
        went=pl.col("fewer"),
        same=pl.col("old_ids").eq_missing(pl.col("new_ids")),
        differs=pl.concat_list("more", "fewer").list.drop_nulls().list.unique().list.sort().list.join(", "),
    )


def _rows(events: pl.DataFrame, change: str, reason: pl.Expr, **more: pl.Expr | str) -> pl.DataFrame:
    """Rows of the table of changes."""
    given = {name: value if isinstance(value, pl.Expr) else pl.lit(value) for name, value in more.items()}
    columns = {"event_id": pl.col("event_id"), "change": pl.lit(change), "field": None, "old": None, "new": None, **given, "reason": reason}
    return events.select((pl.lit(None) if value is None else value).cast(pl.String).alias(name) for name, value in columns.items())


def revised_values(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Each value of an event in both that is other than it was: `event_id`, `field`, `old`, `new`, as text.

    Columns are compared one by one: all columns of a million events beside each other would fill two gigabytes.
    """
    places = (frame.select("event_id", pl.int_range(pl.len()).alias(name)) for name, frame in (("now", new), ("was", old)))
    both = next(places).join(next(places), on="event_id", how="inner", maintain_order="left")
    found = [pl.DataFrame(schema=dict.fromkeys(("event_id", "field", "old", "new"), pl.String))]
    for name in COMPARED:
        pair = pl.DataFrame({"old": old[name].gather(both["was"]), "new": new[name].gather(both["now"])})
        differs = pair.select(pl.col("new").ne_missing(pl.col("old"))).to_series()
        if differs.any():
            said = pair.filter(differs).cast(pl.String)
            ids = both.filter(differs).select("event_id", pl.lit(name).alias("field"))
            found.append(pl.concat([ids, said], how="horizontal"))
    return pl.concat(found)


def _again() -> pl.Expr:
    """The reason of what is reinstated, with the one that is given."""
    return pl.concat_str(pl.lit(_AGAIN), pl.col("told"), separator=": ", ignore_nulls=True)


def _revised(old: pl.DataFrame, new: pl.DataFrame, why: pl.DataFrame, again: pl.Series) -> pl.DataFrame:
    """A row for each value of an event that is other than it was, with the reason."""
    values = revised_values(old, new)
    coded = values.group_by("event_id").agg(pl.col("field").is_in(list(_CODES)).any().alias("coded")).join(why, on="event_id", how="left")
    corrected = (pl.col("coded") & (pl.col("differs") != _LINKED)) | pl.col("same")
    reason = (
        pl.when(pl.col("event_id").is_in(again.implode())).then(_again())
        .otherwise(pl.coalesce("told", pl.when(corrected).then(pl.lit("codes corrected")).otherwise("differs")))
    )  # fmt: skip
    told = values.join(coded.select("event_id", reason.alias("reason")), on="event_id", how="left")
    return _rows(told, "revised", pl.col("reason"), field=pl.col("field"), old=pl.col("old"), new=pl.col("new"))


def changes(linked: Linked, history: History, given: Mapping[str, str] | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Events with their revisions counted on from the releases before, and what changed since the last.

    Args:
        linked: The events and reports as they are now.
        history: The releases before.
        given: Why reports are corrected, by their ids (see `sources.reasons`).
    """
    events = linked.events
    if history.last is None:
        return events, _rows(events, "added", pl.lit("first release"))
    why = _why(history.reports.current, linked.reports, given or {})
    before = pl.concat([history.current, history.former])
    known = before.select("event_id")
    fresh = events.join(known, on="event_id", how="anti").join(why, on="event_id", how="left")
    again = events.join(history.former.select("event_id"), on="event_id", how="semi")["event_id"]
    revised = _revised(before, events, why, again)
    split = pl.DataFrame(
        {"event_id": list(linked.split), "from": list(linked.split.values())}, schema={"event_id": pl.String, "from": pl.String}
    )
    gone = history.current.join(events.select("event_id"), on="event_id", how="anti").join(why, on="event_id", how="left")
    merged = pl.DataFrame(
        {"event_id": list(linked.merged), "into": list(linked.merged.values())}, schema={"event_id": pl.String, "into": pl.String}
    )
    told = pl.col("told")
    found = pl.concat(
        [
            _rows(fresh.join(split, on="event_id", how="anti"), "added", pl.coalesce(told, "came")),
            _rows(fresh.join(split, on="event_id"), "split", pl.coalesce(told, pl.lit("another happening")), field="event_id", old=pl.col("from"), new=pl.col("event_id")),
            _rows(again.to_frame().join(why, on="event_id", how="left"), "added", _again()),
            revised,
            _rows(gone.join(merged, on="event_id"), "merged", pl.coalesce(told, pl.lit("one happening")), field="event_id", old=pl.col("event_id"), new=pl.col("into")),
            _rows(gone.join(merged, on="event_id", how="anti"), "retracted", pl.coalesce(told, "went")),
        ]
    )  # fmt: skip
    counted = pl.concat([revised["event_id"], again]).unique()
    revisions = before.select("event_id", pl.col("revision").alias("_before"))
    events = events.join(revisions, on="event_id", how="left", maintain_order="left").with_columns(
        revision=(pl.col("_before") + pl.col("event_id").is_in(counted.implode()).cast(pl.Int64)).fill_null(0)
    )
    return events.drop("_before"), found
