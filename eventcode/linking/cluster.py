"""From pairs of reports to groups: each group is one happening."""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from eventcode.linking.match import pairs

SHARE = 0.5
"""Two groups become one where at least this share of their pairs may be one event; so that a chain of alikes does not join what is not alike."""


class _Groups:
    """Groups of reports that grow together; those of one coder with different names for the event stay apart."""

    def __init__(self, named: pl.DataFrame) -> None:
        self.home: dict[int, int] = {}
        self.members: dict[int, set[int]] = {}
        self.names = {n: {(coder, label)} for n, coder, label in named.iter_rows()}

    def of(self, n: int) -> int:
        """Number of the group that a report is in."""
        if n not in self.home:
            self.home[n] = n
            self.members[n] = {n}
        return self.home[n]

    def join(self, a: int, b: int) -> None:
        """Make two groups one."""
        if len(self.members[a]) < len(self.members[b]):
            a, b = b, a
        self.members[a] |= self.members[b]
        for n in self.members.pop(b):
            self.home[n] = a
        if b in self.names:
            self.names[a] = self.names.get(a, set()) | self.names.pop(b)

    def are_told_apart(self, a: int, b: int) -> bool:
        """True where one coder has named the events of two groups differently."""
        if a not in self.names or b not in self.names:
            return False
        return any(coder == other and label != name for coder, label in self.names[a] for other, name in self.names[b])


def _joined(named: pl.DataFrame, found: pl.DataFrame) -> list[set[int]]:
    """Groups of two reports or more: first what coders themselves call one event, then pair by pair, the surest first."""
    alike: dict[int, set[int]] = defaultdict(set)
    for one, other in found.select("n", "n_b").iter_rows():
        alike[one].add(other)
        alike[other].add(one)
    groups = _Groups(named)
    first: dict[str, int] = {}
    for n, _, label in named.iter_rows():
        if groups.of(known := first.setdefault(label, n)) != groups.of(n):
            groups.join(groups.of(known), groups.of(n))
    for one, other in found.select("n", "n_b").iter_rows():
        a, b = groups.of(one), groups.of(other)
        if a == b:
            continue
        some, more = sorted((groups.members[a], groups.members[b]), key=len)
        ties = sum(len(alike[n] & more) for n in some)
        if ties >= SHARE * len(some) * len(more) and not groups.are_told_apart(a, b):
            groups.join(a, b)
    return [group for group in groups.members.values() if len(group) > 1]


def clusters(reports: pl.DataFrame) -> pl.Series:
    """Which reports speak of one happening.

    Args:
        reports: What is compared of each report (see `eventcode.linking.match.compared`), in an order that does not depend on how they came.

    Returns:
        The number of the group that each is in (`group`), counted from 0 in the order of the groups' first reports.
    """
    named = reports.filter(pl.col("label").is_not_null()).select("n", pl.col("coder", "label").cast(pl.String))
    joined = _joined(named, pairs(reports))
    home = pl.DataFrame(
        {"first": [min(group) for group in joined], "n": [sorted(group) for group in joined]},
        schema={"first": pl.UInt32, "n": pl.List(pl.UInt32)},
    )
    first = reports.select("n").join(home.explode("n"), on="n", how="left", maintain_order="left")
    return first.select(group=pl.coalesce("first", "n").rank("dense") - 1)["group"]
