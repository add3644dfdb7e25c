"""Krippendorff's alpha of what several coders say of the same units, and its interval by the bootstrap."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

RESAMPLES, SEED = 1000, 20261122

Said = Sequence[str | float | None]
_Kind = tuple[str | float, ...]


def tally(units: Sequence[Said]) -> Counter[_Kind]:
    """How often each set of two values or more occurs, in an order that does not hang on that of units and coders."""
    held = (tuple(sorted((v for v in unit if v is not None), key=repr)) for unit in units)
    return Counter(sorted((kind for kind in held if len(kind) > 1), key=repr))


def _alphas(kinds: Collection[_Kind], times: NDArray[np.int64], metric: str) -> NDArray[np.float64]:
    """Alpha of samples: a row of `times` says how often a sample holds each kind of unit. NaN where nothing varies."""
    values = sorted({value for kind in kinds for value in kind}, key=repr)
    apart = 1.0 - np.eye(len(values)) if metric == "nominal" else np.subtract.outer(values, values).astype(float) ** 2
    held = np.array([[kind.count(value) for value in values] for kind in kinds], dtype=float)
    # The m values of a unit enter the coincidence matrix as ordered pairs that weigh 1 / (m - 1). What alpha takes from the matrix adds up over
    # units: how far apart the values of its pairs are, and its margins.
    observed = times @ (((held @ apart) * held).sum(axis=1) / (held.sum(axis=1) - 1))
    margins = times @ held
    with np.errstate(invalid="ignore"):
        return np.asarray(1 - (margins.sum(axis=1) - 1) * observed / ((margins @ apart) * margins).sum(axis=1))


def estimate(kinds: Counter[_Kind], metric: str, resamples: int = RESAMPLES) -> tuple[float | None, float | None, float | None]:
    """Alpha and its 95 % interval, from samples of the units; one in which nothing varies has no alpha and is left out."""
    times = np.array([list(kinds.values())], dtype=np.int64)
    if not kinds or math.isnan(value := float(_alphas(kinds, times, metric)[0])):
        return None, None, None
    drawn = np.random.default_rng(SEED).multinomial(times.sum(), times[0] / times.sum(), size=resamples)
    ordered = sorted(float(each) for each in _alphas(kinds, drawn, metric) if not math.isnan(each)) or [value]
    return value, ordered[int(0.025 * len(ordered))], ordered[math.ceil(0.975 * len(ordered)) - 1]


def alpha(units: Sequence[Said], *, metric: Literal["nominal", "interval"] = "nominal") -> float | None:
    """Krippendorff's alpha of any number of coders: 1 is full agreement, 0 what chance gives; None where nothing varies.

    Args:
        units: For each unit what each coder says, None where nothing; a unit with fewer than two values is left out.
        metric: "nominal" (the same or not) or "interval" (numbers, as far apart as the square of their difference).

    >>> round(alpha([("a", "a"), ("a", "b"), ("b", "b"), (None, "b")]), 3), alpha([("a", "a")])
    (0.444, None)
    """
    return estimate(tally(units), metric, resamples=0)[0]
