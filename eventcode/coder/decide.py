"""Which action a word reports, if any, and which words name its sides: from the action model's probabilities to decisions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from eventcode.codebook.actions import intent
from eventcode.coder.action_model import NONE, Scores, card

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST = 4
"""Actors on one side of an event."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The action that a word reports.

    Attributes:
        code: CAMEO code; None where no event is reported.
        status: Status that the model is sure of; empty where it is not.
        confidence: Probability that an event of this code's root is reported; with its sides, once they are known.
        chances: Probabilities of the root, of the words that name the source and of those that name the target.
    """

    code: str | None
    status: str
    confidence: float
    chances: tuple[float, float, float] = (1.0, 1.0, 1.0)


@cache
def _numbers() -> tuple[dict[str, int], dict[str, NDArray[np.int64]], dict[str, str]]:
    """Place of each code, places of the codes of each root, and the code "not specified below" of each parent."""
    import numpy as np

    codes = card().codes
    places = {code: n for n, code in enumerate(codes)}
    roots = {root: np.array([n for n, c in enumerate(codes) if c[:2] == root]) for root in {c[:2] for c in codes if c != NONE}}
    general = {code: (code[:3] if code[:3] in places else code[:2] + "0") for code in codes if len(code) == 4 and code != NONE}
    return places, roots, general


def decide(scores: Scores, listed: str = "", *, pair_given: bool = False) -> Decision:
    """The likeliest root, in it the likeliest code, or its parent where the text does not say more.

    Args:
        scores: What the model says.
        listed: The code that the lexicon reads; where its root is about the likeliest to the model too, a less likely event is reported.
        pair_given: True where somebody else says that there is an event.
    """
    places, roots, general = _numbers()
    least = card().least
    likely = int(scores.status.argmax())
    status = card().statuses[likely] if scores.status[likely] >= least["status"] else ""
    whole = scores.event if pair_given else 1.0
    by_root = {root: float(scores.chances[of].sum()) / whole for root, of in roots.items()}
    root = max(by_root, key=lambda r: by_root[r])
    if not pair_given and scores.event < least["event"] and by_root.get(listed[:2], 0.0) >= by_root[root] / 2:
        root = listed[:2]
    if not pair_given and scores.event < least["listed" if root == listed[:2] else "event"]:
        return Decision(None, status, scores.event)
    best = card().codes[int(roots[root][int(scores.chances[roots[root]].argmax())])]
    if len(best) == 4 and scores.chances[places[best]] / whole < least["deep"] * by_root[root]:
        best = general[best]
    if card().statuses[likely] == "planned":  # what is only planned is, in CAMEO, the intent or the threat
        best = intent(best)
    return Decision(best, status, min(1.0, by_root[root]))


def chosen(chances: Sequence[float] | NDArray[np.float32]) -> tuple[list[int], float]:
    """Which of some words stand on one side of an event, and how probable that is: all that are likelier than not, else the likeliest where it is likely enough.

    >>> chosen([0.9, 0.1, 0.7])[0], chosen([0.01, 0.02])[0]
    ([0, 2], [])
    """
    order = sorted(range(len(chances)), key=lambda n: -chances[n])
    likely = [n for n in order[:_MOST] if chances[n] >= 0.5]
    if not likely and order and chances[order[0]] >= card().least["side"]:
        likely = order[:1]
    if not likely:
        return [], 1.0 - max((float(c) for c in chances), default=0.0)
    return likely, float(chances[likely[0]])


def confidence(event: float, source: float, target: float) -> float:
    """Probability that a word reports an event with words as its sides, calibrated on held-out sentences (`training/calibrate.py`).

    Whether the codes of those sides are right too, `eventcode.coder.sureness` tells.
    """
    slope, shift = card().confidence
    product = min(1 - 1e-6, max(1e-6, event * source * target))
    return round(1 / (1 + math.exp(-slope * math.log(product / (1 - product)) - shift)), 3)


def expected_calibration_error(confidence: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Mean gap between how sure and how often right, over bins of equal width, weighted by their size.

    >>> round(expected_calibration_error([0.9, 0.9, 0.9, 0.9], [True, True, True, False]), 2)
    0.15
    """
    total = 0.0
    for n in range(bins):
        inside = [i for i, c in enumerate(confidence) if n / bins < c <= (n + 1) / bins]
        if inside:
            total += abs(sum(confidence[i] for i in inside) - sum(right[i] for i in inside))
    return total / max(1, len(confidence))
