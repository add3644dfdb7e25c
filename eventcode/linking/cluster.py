"""From pairs of reports to groups: each group is one happening."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import polars as pl

from eventcode.linking.match import Row, frame, pairs

SHARE = 0.5
"""Two groups become one where at least this share of their pairs may be one event; so that a chain of alikes does not join what is not alike."""


class _Groups:
    """Groups of reports that grow together; those of one coder with different names for the event stay apart."""

    def __init__(self, reports: pl.DataFrame) -> None:
        self.names = {n: (coder, label) for n, coder, label in zip(reports["n"], reports["coder"], reports["label"], strict=True) if label}
        self.home: dict[int, int] = {}
        self.members: dict[int, list[int]] = {}

    def of(self, n: int) -> int:
        """Number of the group that a report is in."""
        if n not in self.home:
            self.home[n] = n
            self.members[n] = [n]
        return self.home[n]

    def join(self, a: int, b: int) -> None:
        """Make two groups one."""
        if len(self.members[a]) < len(self.members[b]):
            a, b = b, a
        self.members[a] += self.members[b]
        for n in self.members.pop(b):
            self.home[n] = a

    def are_told_apart(self, a: int, b: int) -> bool:
        """True where one coder has named the events of two groups differently."""
        ours, theirs = ({self.names[n] for n in self.members[group] if n in self.names} for group in (a, b))
        return any(coder == other and label != name for coder, label in ours for other, name in theirs)


def _joined(reports: pl.DataFrame, found: pl.DataFrame) -> dict[int, list[int]]:
    """Groups of reports: first what coders themselves call one event, then pair by pair, the surest first."""
    beside: dict[int, set[int]] = defaultdict(set)
    for one, other in zip(found["n"], found["n_b"], strict=True):
        beside[one].add(other)
        beside[other].add(one)
    groups = _Groups(reports)
    named: dict[str, int] = {}
    for n, label in zip(reports["n"], reports["label"], strict=True):
        if label and (first := named.setdefault(label, n)) != n and groups.of(first) != groups.of(n):
            groups.join(groups.of(first), groups.of(n))
    for one, other in zip(found["n"], found["n_b"], strict=True):
        a, b = groups.of(one), groups.of(other)
        if a == b:
            continue
        whole = set(groups.members[a])
        ties = sum(len(beside[n] & whole) for n in groups.members[b])
        if ties >= SHARE * len(whole) * len(groups.members[b]) and not groups.are_told_apart(a, b):
            groups.join(a, b)
    return groups.members


def clusters(rows: Sequence[Row]) -> list[list[int]]:
    """Which rows speak of one happening.

    Args:
        rows: Rows of contributions, in an order that does not depend on how they came (see `eventcode.linking.link`).

    Returns:
        Numbers of rows, in groups; groups and numbers in the order of the rows.
    """
    reports = frame(rows)
    joined = [sorted(group) for group in _joined(reports, pairs(reports)).values()]
    inside = {n for group in joined for n in group}
    return sorted([*joined, *([n] for n in range(len(rows)) if n not in inside)])
