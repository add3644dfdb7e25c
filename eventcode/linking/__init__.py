"""From reports to events: which reports speak of the same happening, and which ids the events bear.

`blocks` finds the pairs of reports to look at, `match` scores them, `cluster` joins them to groups, `ids` gives the groups ids that live for ever, `events` says what each
group says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from eventcode.contract.frames import polars_schema
from eventcode.linking.cluster import clusters
from eventcode.linking.events import events_of
from eventcode.linking.ids import Earlier, ids, report_id, report_ids
from eventcode.linking.match import compared
from eventcode.model.tables import Contribution, Report

__all__ = ["Earlier", "Linked", "link", "report_id", "report_ids"]


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking gives.

    Attributes:
        events: Events, each with its id, in the order of their first reports; none is revised yet.
        reports: Reports, each with its id and that of its event, in the order of day, article and place in it.
        merged: Events of the last release whose reports now belong to another event: its id.
        split: New events whose reports belonged to an event of the last release that lives on: its id.
    """

    events: pl.DataFrame
    reports: pl.DataFrame
    merged: dict[str, str]
    split: dict[str, str]


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with their ids, by day, article and place; those that share even their id by all else that they say."""
    known = rows.select(polars_schema(Contribution).names()).with_columns(report_id=report_ids(rows))
    keys = ["date", "source", "start", "report_id"]
    if known["report_id"].n_unique() < known.height:
        keys += [name for name in known.columns if name not in keys]
    return known.sort(keys, nulls_last=[name == "date" for name in keys])


def _denials(reports: pl.DataFrame) -> pl.DataFrame:
    """Events that are the denying of another: in the same sentence the one who denies has an act denied."""
    places = ["source", "sentence", "side"]
    denied = (
        reports.filter(pl.col("status") == "denied", pl.col("attributed_to").is_not_null())
        .sort("group", "n")
        .select("source", "sentence", side=pl.col("attributed_to").str.head(3), denies="event_id")
        .unique(places, keep="first", maintain_order=True)
    )
    return (
        reports.filter(pl.col("action") == "016")
        .sort("group", "n")
        .with_columns(side=pl.col("actor").str.head(3))
        .join(denied, on=places, maintain_order="left")
        .filter(pl.col("event_id") != pl.col("denies"))
        .unique("event_id", keep="last", maintain_order=True)
        .select("event_id", "denies")
    )


def link(
    rows: pl.DataFrame,
    *,
    publishers: Mapping[str, str | None],
    published: Mapping[str, date | None] | None = None,
    earlier: Earlier | None = None,
) -> Linked:
    """Group reports into events. In which order the reports come makes no difference.

    An event keeps the id of the earlier event with which it shares its reports, else its codes and days, else the words that its reports stand on. Any other event gets a new id.

    Args:
        rows: Rows of contributions with the columns and types of their table, `coder` and `status` filled in.
        publishers: Publisher of each article, for counting sources.
        published: Day of publication of each article: of two figures the later counts.
        earlier: Reports of the releases before.

    >>> from eventcode.contract.frames import frame
    >>> told = {"actor": "AZEMIL", "action": "190", "target": "ARM", "date": date(2020, 10, 9), "status": "asserted", "coder": "person:x"}
    >>> linked = link(frame(Contribution, [told | {"source": "a"}, told | {"source": "b"}]), publishers={"a": "Post", "b": "Times"})
    >>> linked.events.select("event_id", "actor_name", "n_reports", "n_sources").row(0)
    ('Ede12fc91101b28fa', 'Azerbaijan: military', 2, 2)
    """
    ordered = _in_order(rows)
    ordered = ordered.with_columns(clusters(compared(ordered))).with_row_index("n")
    found = ids(ordered, earlier or Earlier())
    ordered = ordered.join(found.events, on="group", how="left", maintain_order="left")
    made = events_of(ordered, publishers, published or {}, _denials(ordered))
    reports = ordered.rename({"source": "article_id"}).select(polars_schema(Report).names())
    return Linked(made, reports, found.merged, found.split)
