"""From pairs of reports to groups: each group is one happening."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import polars as pl

from eventcode.linking.match import Row, frame, pairs

SHARE = 0.5
"""Two groups become one where at least this share of their pairs may be one event; so that a chain of alikes does not join what is not alike."""


def _joined(found: pl.DataFrame) -> dict[int, list[int]]:
    """Groups of reports, each under the number of one of them; the surest pairs are joined first."""
    beside: dict[int, set[int]] = defaultdict(set)
    for one, other in zip(found["n"], found["n_b"], strict=True):
        beside[one].add(other)
        beside[other].add(one)
    home = {n: n for n in beside}
    groups = {n: [n] for n in beside}
    for one, other in zip(found["n"], found["n_b"], strict=True):
        a, b = home[one], home[other]
        if a == b:
            continue
        if len(groups[a]) < len(groups[b]):
            a, b = b, a
        whole = set(groups[a])
        ties = sum(len(beside[n] & whole) for n in groups[b])
        if ties >= SHARE * len(groups[a]) * len(groups[b]):
            groups[a] += groups[b]
            for n in groups.pop(b):
                home[n] = a
    return groups


def clusters(rows: Sequence[Row]) -> list[list[int]]:
    """Which rows speak of one happening.

    Args:
        rows: Rows of contributions, in an order that does not depend on how they came (see `eventcode.linking.link`).

    Returns:
        Numbers of rows, in groups; groups and numbers in the order of the rows.
    """
    joined = [sorted(group) for group in _joined(pairs(frame(rows))).values()]
    inside = {n for group in joined for n in group}
    return sorted([*joined, *([n] for n in range(len(rows)) if n not in inside)])
