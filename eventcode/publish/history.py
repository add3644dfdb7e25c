"""The releases before, and what has changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from eventcode import resources
from eventcode.errors import ReleaseError
from eventcode.linking import Earlier, Linked
from eventcode.model.tables import Change, Event, Report
from eventcode.publish.metadata import Release

Row = Mapping[str, Any]
_COMPARED = tuple(name for name in Event.model_fields if name not in {"event_id", "revision"})
_CODES = ("actor", "action", "target", "date", "date_end", "date_precision")


@dataclass(frozen=True, slots=True)
class History:
    """What was published before.

    Attributes:
        last: The last release; None where this is the first.
        events: Every event that was ever published, as it was last, by its id.
        reports: Their reports.
    """

    last: Release | None
    events: Mapping[str, Row]
    reports: Earlier


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    except (pa.ArrowInvalid, OSError) as error:
        raise ReleaseError(f"the table cannot be read ({error})", where=str(path), expected="an earlier release, whole") from error
    return found


def read(dataset: Path) -> History:
    """All releases in a folder, one after the other.

    Raises:
        ReleaseError: One of them cannot be read.
    """
    versions = resources.releases(dataset)
    events: dict[str, Row] = {}
    reports: dict[str, list[Row]] = {}
    current: set[str] = set()
    for version in versions:
        published = {row["event_id"]: row for row in _rows(dataset / version / "events.parquet")}
        backing: dict[str, list[Row]] = defaultdict(list)
        for row in _rows(dataset / version / "reports.parquet"):
            backing[row["event_id"]].append({**row, "source": row["article_id"]})
        events |= published
        reports |= backing
        current = set(published)
    last = Release.read_release(dataset / versions[-1]) if versions else None
    return History(
        last,
        events,
        Earlier({i: rows for i, rows in reports.items() if i in current}, {i: rows for i, rows in reports.items() if i not in current}),
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


def _place(row: Row) -> tuple[Any, ...] | None:
    return None if row["start"] is None else (row["article_id"], row["start"], row["end"], row["coder"])


class _Reasons:
    """Why events changed, known from their reports before and now."""

    def __init__(self, before: Iterable[Row], now: Iterable[Row]) -> None:
        self._before = {row["report_id"]: row for row in before}
        self._now = {row["report_id"]: row for row in now}
        self._gone = {_place(row) for i, row in self._before.items() if i not in self._now} - {None}
        self._fresh = {_place(row) for i, row in self._now.items() if i not in self._before} - {None}

    def came(self, rows: Iterable[Row]) -> str:
        """Why an event has reports that it did not have."""
        known = any(row["report_id"] in self._before or _place(row) in self._gone for row in rows)
        return "codes corrected" if known else "new reports"

    def went(self, rows: Iterable[Row]) -> str:
        """Why an event no longer has reports that it had."""
        still = any(row["report_id"] in self._now or _place(row) in self._fresh for row in rows)
        return "codes corrected" if still else "reports removed"

    def differs(self, fields: Iterable[str], before: Iterable[Row], now: Iterable[Row]) -> str:
        """Why the values of an event are others."""
        old, new = {row["report_id"]: row for row in before}, {row["report_id"]: row for row in now}
        if not {*fields}.isdisjoint(_CODES) or set(old) == set(new):
            return "codes corrected"
        more, fewer = [new[i] for i in new if i not in old], [old[i] for i in old if i not in new]
        return ", ".join(sorted({*([self.came(more)] if more else []), *([self.went(fewer)] if fewer else [])}))


def changes(linked: Linked, reports: Sequence[Report], history: History) -> tuple[list[Event], list[Change]]:
    """Events with their revisions counted on from the releases before, and what changed since the last."""
    backing: dict[str, list[Row]] = defaultdict(list)
    for report in reports:
        backing[report.event_id].append(report.model_dump())
    current = history.reports.current
    reasons = _Reasons((r for rows in current.values() for r in rows), (r for rows in backing.values() for r in rows))
    revised, found = [], []
    for event in linked.events:
        i, old = event.event_id, history.events.get(event.event_id)
        if old is None:
            found.append(_first(i, linked, reasons.came(backing[i]) if history.last else "first release"))
            revised.append(event)
            continue
        differing = [name for name in _COMPARED if getattr(event, name) != old.get(name)]
        reason = reasons.differs(differing, current[i], backing[i]) if i in current else "reinstated"
        if i not in current:
            found.append(_change(i, "added", reason))
        found += [_change(i, "revised", reason, name, old.get(name), getattr(event, name)) for name in differing]
        revised.append(event.model_copy(update={"revision": old["revision"] + bool(differing or i not in current)}))
    gone = sorted(set(current) - {event.event_id for event in linked.events})
    merged = [_change(i, "merged", "one happening", "event_id", i, linked.merged[i]) for i in gone if i in linked.merged]
    return revised, found + merged + [_change(i, "retracted", reasons.went(current[i])) for i in gone if i not in linked.merged]


def _first(event_id: str, linked: Linked, reason: str) -> Change:
    """What is said of an event that is published for the first time."""
    if event_id in linked.split:
        return _change(event_id, "split", "another happening", "event_id", linked.split[event_id], event_id)
    return _change(event_id, "added", reason)


def _change(event_id: str, change: str, reason: str, field: str | None = None, old: object = None, new: object = None) -> Change:
    return Change(event_id=event_id, change=change, field=field, old=_plain(old), new=_plain(new), reason=reason)


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
