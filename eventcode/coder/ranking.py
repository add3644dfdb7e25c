"""Which of several fits best, by what is known of each: probabilities from weights that were learned from marked news items (`training/ranking.py`)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "weights"


def chances(rows: Sequence[Sequence[str]], weights: Mapping[str, float]) -> list[float]:
    """Probability of each candidate, by its features.

    >>> [round(p, 2) for p in chances([["near"], ["far"]], {"near": 2.0})]
    [0.88, 0.12]
    """
    sums = [sum(weights.get(name, 0.0) for name in row) for row in rows]
    most = max(sums, default=0.0)
    raised = [math.exp(s - most) for s in sums]
    whole = sum(raised)
    return [r / whole for r in raised]


@cache
def weights(name: str) -> Mapping[str, float]:
    """How much each feature counts, by the name of the file in `weights/`."""
    made: dict[str, float] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return made
