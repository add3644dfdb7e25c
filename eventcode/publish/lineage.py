"""The ids of events through the releases: where an event went that was merged, and what it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventcode.errors import ReleaseError
from eventcode.publish.shelf import Shelf, shelf

_NONE = "no event of any release bears this id"
_KINDS = ("added", "merged", "retracted", "split")


@dataclass(frozen=True, slots=True)
class Identities:
    """What became of events by some release.

    Attributes:
        where: The releases.
        known: Ids that events of any release ever bore.
        current: Ids of the events of this release.
        into: For each event that was merged, the id of the other.
    """

    where: str
    known: frozenset[str]
    current: frozenset[str]
    into: Mapping[str, str]

    def resolve(self, event_id: str) -> str | None:
        """The id that an event bears now; None where it was retracted, or is not there yet.

        Raises:
            ReleaseError: No event ever bore the id.
        """
        if event_id not in self.known:
            raise ReleaseError(f"{event_id}: {_NONE}", where=self.where, expected="an id from the table events")
        passed: set[str] = set()
        while event_id not in self.current and event_id in self.into and event_id not in passed:
            passed.add(event_id)
            event_id = self.into[event_id]
        return event_id if event_id in self.current else None


def _ids(home: Shelf, version: str) -> frozenset[str]:
    import pyarrow.parquet as pq

    return frozenset(pq.read_table(home.file(version, "events.parquet"), columns=["event_id"], partitioning=None).column(0).to_pylist())


def _changes(home: Shelf, version: str) -> list[dict[str, Any]]:
    """The changes of a release that made, ended or joined events; not those of their values."""
    import pyarrow.parquet as pq

    names = ["event_id", "change", "old", "new", "reason"]
    found = pq.read_table(home.file(version, "changes.parquet"), columns=names, filters=[("change", "in", list(_KINDS))], partitioning=None)
    return list(found.to_pylist())


def identities(home: Shelf, version: str | None = None) -> Identities:
    """What became of every event by a release; by the newest where none is given.

    Raises:
        ReleaseError: There is no such release.
    """
    chosen = home.pick(version)
    known: set[str] = set()
    current: frozenset[str] = frozenset()
    into: dict[str, str] = {}
    followed = True
    for each in home.versions:
        here, changes = _ids(home, each), _changes(home, each)
        known |= here | {row["event_id"] for row in changes}  # where earlier releases are not at hand, their ids stand in the changes
        if followed:
            again = here | {row["event_id"] for row in changes if row["change"] == "retracted"}
            into = {old: new for old, new in into.items() if old not in again}
            into |= {row["event_id"]: row["new"] for row in changes if row["change"] == "merged"}
            current, followed = here, each != chosen
    return Identities(home.where, frozenset(known), current, into)


def resolve(event_id: str, *, version: str | None = None, dataset: Path | None = None, registry: str | Path | None = None) -> str | None:
    """The id under which an event is known in a release: its own, or, where it was merged into another, that of the other.

    An event from which another was split goes on under its own id; `lineage` tells of the other.

    Args:
        event_id: Id of an event of any release.
        version: The release; the newest where not given.
        dataset: Folder of the releases; the package's own where not given.
        registry: Address or folder of an archive of releases, instead.

    Returns:
        The id; None where the event was retracted by then, or is not there yet.

    Raises:
        ReleaseError: There is no release, or no event ever bore the id.

    >>> from eventcode.publish.load import load
    >>> first = load()["event_id"].iloc[0]
    >>> resolve(first) == first
    True
    """
    return identities(shelf(dataset, registry), version).resolve(event_id)


def _step(version: str, row: Mapping[str, Any]) -> dict[str, str | None]:
    before, after = {
        "added": (None, row["event_id"]),
        "retracted": (row["event_id"], None),
        "merged": (row["event_id"], row["new"]),
        "split": (row["old"], row["event_id"]),
    }[row["change"]]
    return {"version": version, "change": row["change"], "from": before, "to": after, "reason": row["reason"]}


def _told(steps: Sequence[dict[str, str | None]], event_id: str) -> list[dict[str, str | None]]:
    """The steps that an event took or that led to it and, from where it was merged on, those of the event that it went into."""
    names, found = {event_id}, []
    for step in steps:
        if names & {step["from"], step["to"]}:
            found.append(step)
            if step["change"] in {"added", "split"} and step["to"] == event_id:  # it came back: what befalls the other is no more of it
                names = {event_id}
            if step["change"] == "merged" and step["from"] in names and step["to"] is not None:
                names.add(step["to"])
    return found


def lineage(event_id: str, *, dataset: Path | None = None, registry: str | Path | None = None) -> list[dict[str, str | None]]:
    """What became of an event over all releases, oldest first: when it was added, what was split from it or merged into it, where it went.

    Args:
        event_id: Id of an event of any release.
        dataset: Folder of the releases; the package's own where not given.
        registry: Address or folder of an archive of releases, instead.

    Returns:
        For each step the `version` that brought it, the `change` (added, merged, split or retracted), the id `from` which and the id `to` which it
        leads (None where an event begins or ends), and the `reason`. Where the event was merged, the steps of the other follow from there on.
        Steps of releases that are not at hand are not told.

    Raises:
        ReleaseError: There is no release, or no event ever bore the id.

    >>> from eventcode.publish.load import load
    >>> lineage(load("0.1.0")["event_id"].iloc[0])[0]["reason"]
    'first release'
    """
    home = shelf(dataset, registry)
    home.pick()
    found = _told([_step(version, row) for version in home.versions for row in _changes(home, version)], event_id)
    if not found:
        identities(home).resolve(event_id)
    return found
