"""From reports to events: which reports speak of the same happening, and which ids the events bear.

Reports with the same actor, action, target and days are one event; without a day, only those of one article. An event keeps its id from release to
release, also where its codes are corrected.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventcode.codebook.actions import action
from eventcode.codebook.actors import name
from eventcode.model import grammar
from eventcode.model.tables import STATUS, Event, Report

Row = Mapping[str, Any]
Key = tuple[Any, ...]
Groups = Mapping[Key, Sequence[Row]]
Reports = Mapping[str, Sequence[Row]]
_CARRIED = ("sentence", "start", "end", "trigger", "actor", "action", "target", "actor_text", "target_text", "actor_named_in", "target_named_in", "date", "date_end", "date_precision",
            "date_basis", "attributed_to", "coder_version", "rule", "confidence")  # fmt: skip
_DEATHS = ("deaths_low", "deaths_best", "deaths_high")
_WHERE = ("place", "country", "latitude", "longitude", "place_precision")
_SHARED = ("actor", "action", "target", "date", "date_end")


@dataclass(frozen=True, slots=True)
class Earlier:
    """Reports of the releases before, by the id of their event.

    Attributes:
        current: Of the events in the last release.
        former: Of the events that only releases before it hold, each as it was last.
    """

    current: Reports = field(default_factory=dict)
    former: Reports = field(default_factory=dict)


def _id(letter: str, parts: Iterable[object]) -> str:
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return letter + hashlib.sha256(text.encode()).hexdigest()[:16]


def report_id(row: Row) -> str:
    """Id of a report: of its article, its place in it, what it codes, and its coder."""
    return _id("R", [row["source"], row["start"], row["end"], row["actor"], row["action"], row["target"], row["date"], row["coder"]])


def key(row: Row) -> Key:
    """What the reports of one event share; a precision that is not given counts as the day, and reports without a date share their article."""
    if row["date"] is None:
        return (*(row[column] for column in _SHARED), row["date_precision"], row["source"])
    return (*(row[column] for column in _SHARED), row["date_precision"] or "day", None)


def _corrected_action(row: Row) -> Key | None:
    """What a report keeps where its action or its days are corrected."""
    return (
        None
        if row["start"] is None or row["end"] is None
        else tuple(row[c] for c in ("source", "start", "end", "coder", "actor", "target"))
    )


def _corrected_actor(row: Row) -> Key | None:
    """What a report keeps where its actor or target is corrected."""
    return None if row["start"] is None or row["end"] is None else tuple(row[c] for c in ("source", "start", "end", "coder", "action"))


def _event(event_id: str, reports: Sequence[Row], publishers: Mapping[str, str | None]) -> Event:
    first = reports[0]
    known = action(first["action"])
    status = min((r["status"] for r in reports), key=STATUS.index)
    firmest = [r for r in reports if r["status"] == status]
    coder = min((r["coder"] for r in firmest), key=lambda c: (not c.startswith("person:"), c))
    coded = [r for r in firmest if r["coder"] == coder]
    best = coded[0]
    located = next((r for r in (best, *reports) if r["place"] or r["country"]), best)
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
        date_precision=next((r["date_precision"] for r in reports if r["date_precision"]), None),
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
        confidence=max((r["confidence"] for r in coded if r["confidence"] is not None), default=None),
        coder=coder,
        revision=0,
    )  # fmt: skip


def _groups(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    """Rows by what the reports of one event share; groups and rows in the order of day, article and place."""
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in sorted(
        rows, key=lambda r: (r["date"] is None, str(r["date"]), r["source"], r["start"] if r["start"] is not None else -1, report_id(r))
    ):
        groups[key(row)].append(row)
    return dict(groups)


def _pairs(groups: Groups, earlier: Reports, by: Callable[[Row], Hashable | None]) -> list[tuple[Key, str]]:
    """Groups and earlier events that share a value of `by` which no other of them has; those that share most come first."""
    ours: dict[Hashable | None, set[Key]] = defaultdict(set)
    theirs: dict[Hashable | None, set[str]] = defaultdict(set)
    for shared, members in groups.items():
        for row in members:
            ours[by(row)].add(shared)
    for event_id, reports in earlier.items():
        for row in reports:
            theirs[by(row)].add(event_id)
    votes: Counter[tuple[Key, str]] = Counter()
    for value, found in ours.items():
        if value is not None and len(found) == len(theirs.get(value, ())) == 1:
            votes[next(iter(found)), next(iter(theirs[value]))] += 1
    order = {shared: number for number, shared in enumerate(groups)}
    return sorted(votes, key=lambda pair: (-votes[pair], order[pair[0]], pair[1]))


def _without(rows: Mapping[Any, Sequence[Row]], ids: set[str]) -> dict[Any, list[Row]]:
    return {of: [row for row in members if report_id(row) not in ids] for of, members in rows.items()}


def _ids(groups: Groups, earlier: Earlier) -> dict[Key, str]:
    """The id of each group: that of the event which it was before, else a new one; none is given twice."""
    before = {report_id(row) for reports in earlier.current.values() for row in reports}
    now = {report_id(row) for members in groups.values() for row in members}
    gone, fresh = _without(earlier.current, now), _without(groups, before)
    found: dict[Key, str] = {}
    passes: list[tuple[Callable[[Row], Hashable | None], Groups, Reports]] = [
        (key, groups, earlier.current),
        (key, groups, earlier.former),
        (report_id, groups, earlier.current),
        (report_id, groups, earlier.former),
        (_corrected_action, fresh, gone),
        (_corrected_actor, fresh, gone),
    ]
    for by, ours, theirs in passes:
        used = set(found.values())
        open_groups = {shared: members for shared, members in ours.items() if shared not in found}
        open_events = {event_id: reports for event_id, reports in theirs.items() if event_id not in used}
        for shared, event_id in _pairs(open_groups, open_events, by):
            if shared not in found and event_id not in found.values():
                found[shared] = event_id
    taken = {*earlier.current, *earlier.former, *found.values()}
    for shared, members in groups.items():
        if shared not in found:
            found[shared] = _new_id(members[0], taken)
            taken.add(found[shared])
    return found


def _new_id(first: Row, taken: set[str]) -> str:
    """Id of a new event, made from its first report; where an event bears that one already, from a number too."""
    made, number = _id("E", [report_id(first)]), 1
    while made in taken:
        number += 1
        made = _id("E", [report_id(first), number])
    return made


def _report(row: Row, event_id: str) -> Report:
    return Report(
        report_id=report_id(row),
        event_id=event_id,
        article_id=row["source"],
        status=row["status"],
        coder=row["coder"],
        **{column: row[column] for column in _CARRIED},
    )


def link(rows: Iterable[Row], *, publishers: Mapping[str, str | None], earlier: Earlier | None = None) -> tuple[list[Event], list[Report]]:
    """Group reports into events.

    An event bears the id of the earlier event with the same actor, action, target and days; else of that which held one of its reports; else, where
    the place in the text is known, of that whose report at this place by this coder has the same actor and target (a corrected action) or the same
    action (a corrected actor or target), if there is just one. Any other event gets a new id.

    Args:
        rows: Rows of contributions, every column present, `coder` and `status` filled in.
        publishers: Publisher of each article, for counting sources.
        earlier: Reports of the releases before.

    Returns:
        Events and reports, each with its id.
    """
    groups = _groups(rows)
    ids = _ids(groups, earlier or Earlier())
    events = [_event(ids[shared], members, publishers) for shared, members in groups.items()]
    return events, [_report(row, ids[shared]) for shared, members in groups.items() for row in members]
