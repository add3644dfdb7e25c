"""Ids that live for ever: of reports, and of the events that they are grouped into."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from eventcode.linking.match import Row

Reports = Mapping[str, Sequence[Row]]
Groups = Mapping[int, Sequence[Row]]
_Of = TypeVar("_Of", int, str)
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


@dataclass(frozen=True, slots=True)
class Ids:
    """What ids a grouping gives.

    Attributes:
        events: Id of each group.
        merged: Events of the last release that are none any more, since their reports now belong to another: the id of that.
        split: Groups whose reports were part of an event of the last release that lives on without them: the id of that.
    """

    events: Mapping[int, str]
    merged: Mapping[str, str]
    split: Mapping[str, str]


def _id(letter: str, parts: Iterable[object]) -> str:
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return letter + hashlib.sha256(text.encode()).hexdigest()[:16]


def report_id(row: Row) -> str:
    """Id of a report: of its article, its place in it, what it codes, and its coder."""
    return _id("R", [row["source"], row["start"], row["end"], row["actor"], row["action"], row["target"], row["date"], row["coder"]])


def _codes(row: Row) -> Hashable:
    """What was coded, by whomever; a precision that is not given counts as the day, and reports without a date share their article."""
    if row["date"] is None:
        return (*(row[column] for column in _SHARED), row["date_precision"], row["source"])
    return (*(row[column] for column in _SHARED), row["date_precision"] or "day", None)


def _placed(row: Row, columns: Iterable[str]) -> Hashable | None:
    return None if row["start"] is None or row["end"] is None else tuple(row[c] for c in ("source", "start", "end", *columns))


def _corrected_action(row: Row) -> Hashable | None:
    """What a report keeps where its action or its days are corrected."""
    return _placed(row, ("coder", "actor", "target"))


def _corrected_actor(row: Row) -> Hashable | None:
    """What a report keeps where its actor or target is corrected."""
    return _placed(row, ("coder", "action"))


def _recoded(row: Row) -> Hashable | None:
    """What a report keeps where another coder reads the same words."""
    return _placed(row, ("actor", "action", "target"))


def _votes(groups: Groups, earlier: Reports, by: Callable[[Row], Hashable | None]) -> Counter[tuple[int, str]]:
    """How often a group and an earlier event share a value of `by` that no other of them has."""
    ours: dict[Hashable | None, set[int]] = defaultdict(set)
    theirs: dict[Hashable | None, set[str]] = defaultdict(set)
    for group, members in groups.items():
        for row in members:
            ours[by(row)].add(group)
    for event_id, reports in earlier.items():
        for row in reports:
            theirs[by(row)].add(event_id)
    votes: Counter[tuple[int, str]] = Counter()
    for value, found in ours.items():
        if value is not None and len(found) == len(theirs.get(value, ())) == 1:
            votes[next(iter(found)), next(iter(theirs[value]))] += 1
    return votes


def _without(rows: Mapping[_Of, Sequence[Row]], ids: set[str]) -> dict[_Of, list[Row]]:
    return {of: [row for row in members if report_id(row) not in ids] for of, members in rows.items()}


def _new_id(first: Row, taken: set[str]) -> str:
    """Id of a new event, made from its first report; where an event bears that one already, from a number too."""
    made, number = _id("E", [report_id(first)]), 1
    while made in taken:
        number += 1
        made = _id("E", [report_id(first), number])
    return made


def ids(groups: Groups, earlier: Earlier) -> Ids:
    """The id of each group: that of the earlier event with which it shares most reports, else codes, else places in the text; else a new one. None is given twice.

    Args:
        groups: Reports by the number of their group, in a fixed order.
        earlier: Reports of the releases before.
    """
    if not earlier.current and not earlier.former:
        return Ids(_named(groups, {}, set()), {}, {})
    before = {report_id(row) for reports in earlier.current.values() for row in reports}
    now = {report_id(row) for members in groups.values() for row in members}
    gone, fresh = _without(earlier.current, now), _without(groups, before)
    passes: list[tuple[Callable[[Row], Hashable | None], Groups, Reports]] = [
        (report_id, groups, earlier.current),
        (report_id, groups, earlier.former),
        (_codes, groups, earlier.current),
        (_codes, groups, earlier.former),
        (_corrected_action, fresh, gone),
        (_corrected_actor, fresh, gone),
        (_recoded, fresh, gone),
    ]
    found: dict[int, str] = {}
    given: set[str] = set()
    into: dict[str, int] = {}
    out_of: dict[int, str] = {}
    for by, ours, theirs in passes:
        open_events = {event_id for event_id in theirs if event_id not in given}
        for (group, event_id), _ in sorted(_votes(ours, theirs, by).items(), key=lambda v: (-v[1], v[0])):
            if event_id in earlier.current:
                into.setdefault(event_id, group)
                out_of.setdefault(group, event_id)
            if group not in found and event_id in open_events and event_id not in given:
                found[group] = event_id
                given.add(event_id)
    named = _named(groups, found, {*earlier.current, *earlier.former})
    living = set(named.values())
    merged = {event_id: named[group] for event_id, group in into.items() if event_id not in living}
    split = {named[group]: event_id for group, event_id in out_of.items() if group not in found and event_id in living}
    return Ids(named, merged, split)


def _named(groups: Groups, found: Mapping[int, str], taken: set[str]) -> dict[int, str]:
    named, used = dict(found), {*taken, *found.values()}
    for group, members in groups.items():
        if group not in named:
            named[group] = _new_id(members[0], used)
            used.add(named[group])
    return named
