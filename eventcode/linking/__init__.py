"""From reports to events: which reports speak of the same happening, and which ids the events bear.

`match` scores pairs of reports within blocks, `cluster` joins them to groups, `ids` gives the groups ids that live for ever, `events` says what each group says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from eventcode.linking.cluster import clusters
from eventcode.linking.events import event
from eventcode.linking.ids import Earlier, ids, report_id
from eventcode.linking.match import Row
from eventcode.model.tables import Event, Report

__all__ = ["Earlier", "Linked", "link", "report_id"]
_CARRIED = tuple(name for name in Report.model_fields if name not in {"report_id", "event_id", "article_id"})


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking gives.

    Attributes:
        events: Events, each with its id.
        homes: Each row with the id of its event; of a million rows no second copy is made.
        merged: Events of the last release whose reports now belong to another event: its id.
        split: New events whose reports belonged to an event of the last release that lives on: its id.
    """

    events: list[Event]
    homes: Sequence[tuple[Row, str]]
    merged: Mapping[str, str]
    split: Mapping[str, str]

    @property
    def reports(self) -> list[Report]:
        """Reports, each with its id and that of its event."""
        return [_report(row, event_id) for row, event_id in self.homes]


def _order(row: Row) -> tuple[bool, str, str, int, str]:
    return (row["date"] is None, str(row["date"]), row["source"], row["start"] if row["start"] is not None else -1, report_id(row))


def _report(row: Row, event_id: str) -> Report:
    return Report(report_id=report_id(row), event_id=event_id, article_id=row["source"], **{column: row[column] for column in _CARRIED})


def _denied(rows: Sequence[Row], home: Sequence[str]) -> dict[str, str]:
    """Events that are the denying of another: in the same sentence the one who denies has an act denied."""
    at: dict[tuple[object, ...], str] = {}
    for row, event_id in zip(rows, home, strict=True):
        if row["status"] == "denied" and row["attributed_to"] and row["sentence"] is not None:
            at.setdefault((row["source"], row["sentence"], row["attributed_to"][:3]), event_id)
    return {
        event_id: denied
        for row, event_id in zip(rows, home, strict=True)
        if row["action"] == "016"
        and row["actor"]
        and (denied := at.get((row["source"], row["sentence"], row["actor"][:3]))) not in {None, event_id}
    }


def link(
    rows: Iterable[Row],
    *,
    publishers: Mapping[str, str | None],
    published: Mapping[str, date | None] | None = None,
    earlier: Earlier | None = None,
) -> Linked:
    """Group reports into events. In which order the reports come makes no difference.

    An event keeps the id of the earlier event with which it shares its reports, else its codes and days, else the words that its reports stand on. Any other event gets a new id.

    Args:
        rows: Rows of contributions, every column present, `coder` and `status` filled in.
        publishers: Publisher of each article, for counting sources.
        published: Day of publication of each article: of two figures the later counts.
        earlier: Reports of the releases before.
    """
    ordered = sorted(rows, key=_order)
    groups = {number: [ordered[n] for n in group] for number, group in enumerate(clusters(ordered))}
    found = ids(groups, earlier or Earlier())
    flat = [(row, found.events[number]) for number, members in groups.items() for row in members]
    denies = _denied([row for row, _ in flat], [event_id for _, event_id in flat])
    events = [event(i, groups[number], publishers, published or {}, denies.get(i)) for number, i in found.events.items()]
    return Linked(events, flat, found.merged, found.split)
