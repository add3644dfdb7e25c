"""From reports to events: which reports speak of the same happening.

First version: reports with the same actor, action, target and day are one event.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from eventcode.codebook.actions import action
from eventcode.codebook.actors import name
from eventcode.model import grammar
from eventcode.model.tables import STATUS, Event, Report

Row = Mapping[str, Any]
Key = tuple[Any, ...]
_CARRIED = ("sentence", "start", "end", "trigger", "actor", "action", "target", "actor_text", "target_text", "actor_named_in", "target_named_in", "date", "date_end", "date_precision",
            "date_basis", "attributed_to", "coder_version", "rule", "confidence")  # fmt: skip
_DEATHS = ("deaths_low", "deaths_best", "deaths_high")
_WHERE = ("place", "country", "latitude", "longitude", "place_precision")
_SHARED = ("actor", "action", "target", "date", "date_end")


def _id(letter: str, parts: Iterable[object]) -> str:
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return letter + hashlib.sha256(text.encode()).hexdigest()[:16]


def report_id(row: Row) -> str:
    """Id of a report: of its article, its place in it, what it codes, and its coder."""
    return _id("R", [row["source"], row["start"], row["end"], row["actor"], row["action"], row["target"], row["date"], row["coder"]])


def key(row: Row) -> Key:
    """What the reports of one event share."""
    return tuple(row[column] for column in _SHARED)


def _event(event_id: str, reports: list[Row], publishers: Mapping[str, str | None], coders: list[str]) -> Event:
    first = reports[0]
    known = action(first["action"])
    status = min((r["status"] for r in reports), key=STATUS.index)
    best = next(r for r in reports if r["status"] == status)
    located = next((r for r in (best, *reports) if r["place"] or r["country"]), best)
    sure = [r["confidence"] for r in reports if r["confidence"] is not None]
    deaths = {which: [r[which] for r in reports if r[which] is not None] for which in _DEATHS}
    figures = [figure for found in deaths.values() for figure in found]
    return Event(
        event_id=event_id,
        actor=first["actor"],
        action=first["action"],
        target=first["target"],
        date=first["date"],
        source=first["source"],
        date_end=first["date_end"],
        date_precision=best["date_precision"],
        date_basis=best["date_basis"],
        actor_name=name(first["actor"]) if first["actor"] else None,
        actor_country=grammar.country(first["actor"]),
        target_name=name(first["target"]) if first["target"] else None,
        target_country=grammar.country(first["target"]),
        root=known.root,
        quad_class=known.quad_class,
        goldstein=known.goldstein,
        plover=known.plover or None,
        **{column: located[column] for column in _WHERE},
        status=status,
        attributed_to=best["attributed_to"],
        deaths_low=min(figures) if deaths["deaths_low"] else None,
        deaths_best=best["deaths_best"],
        deaths_high=max(figures) if deaths["deaths_high"] else None,
        n_reports=len(reports),
        n_sources=len({publishers.get(r["source"]) or r["source"] for r in reports}),
        confidence=max(sure, default=None),
        coder=min(coders),
        revision=0,
    )  # fmt: skip


def link(
    rows: Iterable[Row], *, publishers: Mapping[str, str | None], known: Mapping[Key, str] | None = None
) -> tuple[list[Event], list[Report]]:
    """Group reports into events.

    Args:
        rows: Rows of contributions, every column present, `coder` and `status` filled in.
        publishers: Publisher of each article, for counting sources.
        known: Ids of events of the release before, by what their reports share; they keep their ids.

    Returns:
        Events and reports, each with its id.
    """
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in sorted(
        rows, key=lambda r: (r["date"] is None, str(r["date"]), r["source"], r["start"] if r["start"] is not None else -1, report_id(r))
    ):
        groups[key(row)].append(row)
    events, reports = [], []
    for shared, members in groups.items():
        event_id = (known or {}).get(shared) or _id("E", [report_id(members[0])])
        events.append(_event(event_id, members, publishers, [r["coder"] for r in members]))
        for row in members:
            carried = {column: row[column] for column in _CARRIED}
            reports.append(
                Report(
                    report_id=report_id(row),
                    event_id=event_id,
                    article_id=row["source"],
                    status=row["status"],
                    coder=row["coder"],
                    **carried,
                )
            )
    return events, reports
