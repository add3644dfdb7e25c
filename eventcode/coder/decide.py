"""Which action a candidate reports, if any: what the action model says, weighed with what the lexicon says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from eventcode.coder.action_model import NONE, Scores, card

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Decision:
    """The action that a candidate reports.

    Attributes:
        code: CAMEO code; None where no event is reported.
        confidence: Probability that an event of this code's root is reported.
    """

    code: str | None
    confidence: float


_DOUBT = 0.25
"""Below this probability of any event the model's choice among codes says little."""


@cache
def _numbers() -> tuple[dict[str, int], dict[str, NDArray[np.int64]], dict[str, str]]:
    """Place of each code, places of the codes of each root, and the code "not specified below" of each parent."""
    import numpy as np

    codes = card().codes
    places = {code: n for n, code in enumerate(codes)}
    roots = {root: np.array([n for n, c in enumerate(codes) if c[:2] == root]) for root in {c[:2] for c in codes if c != NONE}}
    general = {code: (code[:3] if code[:3] in places else code[:2] + "0") for code in codes if len(code) == 4 and code != NONE}
    return places, roots, general


def weighed(scores: Scores, listed: str, *, pair_given: bool = False) -> NDArray[np.float32]:
    """Probabilities of all codes, the code that the lexicon reads made likelier; none of "no event" where the pair is given."""
    places, roots, _ = _numbers()
    mix = card().mix
    made = scores.chances.copy()
    if listed:
        if listed[:2] in roots:
            made[roots[listed[:2]]] *= mix["root"]
        if listed in places:
            made[places[listed]] *= mix["code"]
        made[places[NONE]] *= mix["none"]
    if pair_given:
        made[places[NONE]] = 0.0
    return made / made.sum()  # type: ignore[no-any-return]


def decide(scores: Scores, listed: str, *, pair_given: bool = False, is_event: bool = False) -> Decision:
    """The action of a candidate: the likeliest root, in it the likeliest code, or its parent where the text does not say more.

    Where the model hardly sees an event and the lexicon does, the lexicon's code stands.

    Args:
        scores: What the model says.
        listed: The code that the lexicon reads; empty where it reads none.
        pair_given: True where somebody else says that there is an event between the two.
        is_event: True where the candidate is reported whatever the model says of that.
    """
    places, roots, general = _numbers()
    chances = weighed(scores, listed, pair_given=pair_given)
    by_root = {root: float(chances[of].sum()) for root, of in roots.items()}
    event = 1 - float(chances[places[NONE]])
    if not (pair_given or is_event) and event < card().mix["listed" if listed else "open"]:
        return Decision(None, round(event, 3))
    if not pair_given and listed and event < _DOUBT:
        return Decision(listed, round(max(event, 0.001), 3))
    root = max(by_root, key=lambda r: by_root[r])
    codes = card().codes
    best = codes[int(roots[root][int(chances[roots[root]].argmax())])]
    if len(best) == 4 and chances[places[best]] < card().mix["deep"] * by_root[root] and best != listed:
        best = general[best]
    return Decision(best, round(by_root[root], 3))


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
