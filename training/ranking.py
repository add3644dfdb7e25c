"""Learn how much each circumstance counts where one of several is right: a log-linear model over named features."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

STEPS, RATE, SEEN = 300, 0.05, 3
Example = tuple[list[list[str]], list[bool]]
"""Features of each candidate, and which are right."""


def learned(made: list[Example], decay: float) -> dict[str, float]:
    """Weights of the features that make the right candidates likeliest; features seen less than three times are left out.

    Args:
        made: The examples.
        decay: How strongly the weights are held near nothing.
    """
    counts = Counter(name for rows, _ in made for row in rows for name in row)
    place = {name: n for n, name in enumerate(sorted(n for n, times in counts.items() if times >= SEEN))}
    rows = [(i, [place[name] for name in row if name in place]) for i, (features, _) in enumerate(made) for row in features]
    example: NDArray[np.int64] = np.array([i for i, _ in rows])
    row_of = np.array([n for n, (_, names) in enumerate(rows) for _ in names])
    name_of = np.array([name for _, names in rows for name in names])
    hit = np.array([h for _, hits in made for h in hits], dtype=float)
    weights, slopes, squares = np.zeros(len(place)), np.zeros(len(place)), np.zeros(len(place))
    for step in range(1, STEPS + 1):
        raised = np.exp(np.minimum(30, np.bincount(row_of, weights[name_of], len(rows))))
        likely = raised / np.bincount(example, raised)[example]
        good = likely * hit
        back = likely - good / np.bincount(example, good)[example]
        slope = np.bincount(name_of, back[row_of], len(place)) / len(made) + decay * weights
        slopes = 0.9 * slopes + 0.1 * slope
        squares = 0.99 * squares + 0.01 * slope**2
        weights -= RATE * (1 - step / STEPS) * (slopes / (1 - 0.9**step)) / (np.sqrt(squares / (1 - 0.99**step)) + 1e-8)
    return {name: round(float(weights[n]), 3) for name, n in place.items() if abs(weights[n]) >= 0.01}
