"""What differs between two releases: event by event and field by field, by country and year, and in what people count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from eventcode import resources
from eventcode.contract.frames import polars_schema
from eventcode.errors import ReleaseError
from eventcode.model.tables import CHANGE, Change, Event
from eventcode.publish.history import revised_values, table

_YEAR = pl.col("date").dt.year()
AGGREGATES: Mapping[str, tuple[pl.Expr, ...]] = {
    "country-year": (pl.coalesce("country", pl.lit("")).alias("country"), _YEAR.alias("year")),
    "dyad-month": (
        pl.coalesce("actor_country", pl.lit("")).alias("actor_country"), pl.coalesce("target_country", pl.lit("")).alias("target_country"),
        pl.col("date").dt.strftime("%Y-%m").alias("month"),
    ),
    "root": (pl.col("root"),),
    "quad class-year": (pl.col("quad_class"), _YEAR.alias("year")),
    "status": (pl.col("status"),),
}  # fmt: skip
"""What people count events by."""


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between two releases.

    Attributes:
        old: Version of the one; empty where there was none.
        new: Version of the other.
        changes: The changes as the table of that name has them: `event_id`, `change`, `field`, `old`, `new`, `reason`.
        events: Numbers of events in the two.
        counts: For each aggregate the groups whose number of events is another, with the numbers in the two.
    """

    old: str
    new: str
    changes: pl.DataFrame
    events: tuple[int, int]
    counts: Mapping[str, pl.DataFrame]

    def numbers(self) -> dict[str, int]:
        """For each kind of change how many events it befell; all kinds are there."""
        found = dict(self.changes.group_by("change").agg(pl.col("event_id").n_unique()).iter_rows())
        return {kind: found.get(kind, 0) for kind in CHANGE}


def _counted(old: pl.DataFrame, new: pl.DataFrame, by: tuple[pl.Expr, ...]) -> pl.DataFrame:
    """Groups whose numbers of events differ."""
    one, other = (events.group_by(*by).agg(pl.len().cast(pl.Int64).alias(name)) for events, name in ((old, "before"), (new, "after")))
    names = [column for column in one.columns if column != "before"]
    both = one.join(other, on=names, how="full", coalesce=True, nulls_equal=True)
    return both.with_columns(pl.col("before", "after").fill_null(0)).filter(pl.col("before") != pl.col("after")).sort(names)


def differences(old_version: str | None, version: str, old: pl.DataFrame, new: pl.DataFrame, changes: pl.DataFrame) -> Diff:
    """What differs between the events of two releases, of which the changes are known."""
    counts = {name: _counted(old, new, by) for name, by in AGGREGATES.items()}
    return Diff(old_version or "", version, changes.sort(Change.sort, nulls_last=True), (old.height, new.height), counts)


def _events(dataset: Path, version: str) -> pl.DataFrame:
    return table(resources.release_folder(version, dataset) / "events.parquet", Event)


def _between(dataset: Path, old: str, new: str) -> pl.DataFrame:
    """The changes that the releases after the one, up to the other, have told, the latest last."""
    key = resources.version_key
    versions = [v for v in resources.releases(dataset) if key(old) < key(v) <= key(new)]
    return pl.concat([table(dataset / v / "changes.parquet", Change) for v in versions])


def _former(dataset: Path, version: str, wanted: pl.DataFrame) -> pl.DataFrame:
    """Events that are wanted, as the releases before a version had them last: of events that are reinstated later."""
    found, missing = pl.DataFrame(schema=polars_schema(Event)), wanted.select("event_id").unique()
    key = resources.version_key
    for earlier in sorted((v for v in resources.releases(dataset) if key(v) < key(version)), key=key, reverse=True):
        if missing.is_empty():
            break
        found = pl.concat([found, _events(dataset, earlier).join(missing, on="event_id", how="semi")])
        missing = missing.join(found, on="event_id", how="anti")
    return found


def _told_last(events: pl.DataFrame, told: pl.DataFrame, *kinds: str) -> pl.DataFrame:
    """What was told of events last, of some kinds of change: a row for each event."""
    last = told.filter(pl.col("change").is_in(kinds)).group_by("event_id", maintain_order=True).last()
    return events.select("event_id").join(last, on="event_id", how="left")


def _followed(went: pl.DataFrame, told: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Merged events with the event that they are in now, where the one that they were merged into was merged in its turn."""
    there, ends = set(after["event_id"]), dict[str, str]()
    for event_id, into in told.filter(pl.col("change") == "merged").select("event_id", "new").reverse().iter_rows():
        ends.setdefault(event_id, into if into in there else ends.get(into, into))
    followed = pl.col("event_id").replace_strict(ends, default=None, return_dtype=pl.String)
    return went.with_columns(new=pl.when(pl.col("change") == "merged").then(followed))


def diff(old: str, new: str, dataset: Path) -> Diff:
    """What differs between two releases of a folder, whatever lies between them.

    Args:
        old: Version of the earlier one.
        new: Version of the later one.
        dataset: Folder of the releases.

    Raises:
        ReleaseError: There is no such release, or the first is not the earlier one.
    """
    before, after = _events(dataset, old), _events(dataset, new)
    if resources.version_key(old) >= resources.version_key(new):
        raise ReleaseError(f"{old} is not earlier than {new}", expected="the earlier version first", fix=f"release diff {new} {old}")
    told = _between(dataset, old, new)
    fresh, gone = after.join(before, on="event_id", how="anti"), before.join(after, on="event_id", how="anti")
    known = pl.concat([before, _former(dataset, old, told.filter(pl.col("change") == "revised").join(fresh, on="event_id", how="semi"))])
    values = revised_values(known, after).join(
        told.filter(pl.col("change") == "revised").group_by("event_id", "field", maintain_order=True).last().select("event_id", "field", "reason"),
        on=["event_id", "field"], how="left",
    )  # fmt: skip
    came, went = _told_last(fresh, told, "added", "split"), _followed(_told_last(gone, told, "retracted", "merged"), told, after)
    found = pl.concat(
        part.select(pl.col(name).cast(kind) for name, kind in polars_schema(Change).items())
        for part in (came, values.with_columns(change=pl.lit("revised")), went)
    )
    return differences(old, new, before, after, found.with_columns(pl.col("reason").fill_null("not told")))


# -- in words -------------------------------------------------------------------------------------------------------

_SHOWN = 200


def _cells(row: tuple[object, ...]) -> str:
    return " | ".join("" if value is None else str(value).replace("|", "\\|").replace("\n", " ") for value in row)


def _table(head: tuple[str, ...], rows: pl.DataFrame) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {_cells(row)} |" for row in rows.head(_SHOWN).iter_rows())]
    more = rows.height - _SHOWN
    return [*lines, *(["", f"and {more:,} more"] if more > 0 else []), ""]


def _by_reason(diff: Diff) -> list[str]:
    counted = diff.changes.group_by("change", "reason").agg(pl.col("event_id").n_unique().alias("events")).sort("change", "reason")
    return [f"- {number:,} {change} ({_cells((reason,))})" for change, reason, number in counted.iter_rows()]


def changes_md(diff: Diff) -> str:
    """The changes as Markdown: how many events of each kind and why, which values, and what it does to counts."""
    since = f" since {diff.old}" if diff.old else ""
    numbers = ", ".join(f"{number:,} {kind}" for kind, number in diff.numbers().items())
    lines = [f"# Changes in {diff.new}", "", f"{diff.events[1]:,} events, {diff.events[0]:,} before. Events{since}: {numbers}.", ""]
    lines += [*(_by_reason(diff) or ["No event changed."]), "", "Event by event: `changes.parquet`.", ""]
    if diff.old and diff.changes.height:
        told = diff.changes.select("event_id", "change", "field", "old", "new", "reason")
        lines += ["## Event by event", "", *_table(("event", "change", "field", "before", "now", "reason"), told)]
        for name, counts in diff.counts.items():
            if counts.height:
                lines += [
                    f"## Events by {name.replace('-', ' and ')}",
                    "",
                    "Where the number is another:",
                    "",
                    *_table(tuple(counts.columns), counts),
                ]
    return "\n".join(lines)


def counted(diff: Diff) -> list[str]:
    """The groups of each aggregate whose number of events is another, the first of them, each a line."""
    lines = []
    for name, counts in diff.counts.items():
        keys = counts.columns[:-2]
        lines += [
            f"{name}  {' '.join(str(row[key] or '-') for key in keys)}: {row['before']:,} -> {row['after']:,}"
            for row in counts.head(20).iter_rows(named=True)
        ]
        if counts.height > 20:
            lines.append(f"{name}  and {counts.height - 20:,} more")
    return lines


def text(diff: Diff) -> str:
    """The changes as plain text for a terminal."""
    numbers = ", ".join(f"{number:,} {kind}" for kind, number in diff.numbers().items())
    lines = [f"{diff.old or 'nothing'} -> {diff.new}: {diff.events[0]:,} -> {diff.events[1]:,} events; {numbers}"]
    for event_id, change, field, old, new, reason in diff.changes.head(_SHOWN).iter_rows():
        what = f"  {field}: {'' if old is None else old} -> {'' if new is None else new}" if field else ""
        lines.append(f"{event_id}  {change}{what}  ({reason})")
    if diff.changes.height > _SHOWN:
        lines.append(f"and {diff.changes.height - _SHOWN:,} more; see them all with --format json, or -o FILE.parquet")
    lines += counted(diff)
    return "\n".join(lines) + "\n"


def as_json(diff: Diff) -> str:
    """The changes as JSON: all kinds of change are keys, with empty lists where nothing happened."""
    by_kind = {kind: diff.changes.filter(pl.col("change") == kind).drop("change").to_dicts() for kind in CHANGE}
    said = {
        "old": diff.old or None,
        "new": diff.new,
        "events": {"before": diff.events[0], "after": diff.events[1]},
        "numbers": diff.numbers(),
        **by_kind,
        "counts": {name: counts.to_dicts() for name, counts in diff.counts.items()},
    }
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"
