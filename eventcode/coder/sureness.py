"""How likely a report is right as a whole: its root, its actor with the code, its target with the code.

How much each circumstance counts was learned from reports on news items whose events a reader marked (`training/sureness.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eventcode.coder.ranking import chances, weights
from eventcode.model import grammar

if TYPE_CHECKING:
    from eventcode.coder.actors import Actor, Actors
    from eventcode.coder.decide import Decision
    from eventcode.coder.extract import Found

LEAST = 0.04
"""Probability below which a report is left out unless asked for: fewer than one in a hundred of the right ones are lost on the items learned from, and a fifth of the wrong ones."""
_STEPS = 20
_NEAR = (3, 6, 12)
"""Words between a trigger and a side: bounds of what counts as equally far."""
_LONG = 12
"""Words by which the length of a sentence is counted."""


def features(found: Found, decision: Decision, actors: Actors, number: int) -> list[str]:
    """What is known of a report.

    Args:
        found: The words and those whom they name.
        decision: What was decided.
        actors: The actors of the paragraph.
        number: Number of the sentence in the article.
    """
    trigger = found.word.token
    by_lexicon = found.word.pattern is not None and found.word.pattern.code == decision.code
    row = [
        "any",
        f"root {(decision.code or '')[:2]}",
        f"digits {len(decision.code or '')}",
        f"status {decision.status}",
        f"lexicon {by_lexicon}",
        f"length {min(4, len(trigger.sent) // _LONG)}",
        f"first {number == 1}",
        f"trigger {trigger.pos_} {trigger.dep_}",
    ]
    for name, chance in zip(("event", "source", "target"), decision.chances, strict=True):
        row += [f"{name} from {step}" for step in range(1, _STEPS) if chance >= step / _STEPS]
    row += _side("source", found.actor, found, actors, number) + _side("target", found.target, found, actors, number)
    codes = [side.code for side in (found.actor, found.target) if side is not None and side.code]
    return [*row, f"same {codes[0][:3] == codes[1][:3]}"] if len(codes) == 2 else row


def _side(name: str, side: Actor | None, found: Found, actors: Actors, number: int) -> list[str]:
    """What is known of one side."""
    if side is None or not side.code:
        return [f"{name} {'nobody' if side is None else 'without a code'}"]
    head, trigger = actors.doc[side.head], found.word.token
    far = sum(abs(head.i - trigger.i) >= bound for bound in _NEAR)
    return [
        f"{name} {side.how}",
        f"{name} role alone {grammar.is_role_only(side.code)}",
        f"{name} people {side.code.endswith('CVL')}",
        f"{name} {head.pos_}",
        f"{name} {head.dep_}",
        f"{name} {'before' if head.i < trigger.i else 'behind'} {far}",
        f"{name} named {'here' if side.named_in is None else min(3, number - side.named_in)}",
    ]


def sure(row: Sequence[str]) -> float:
    """Probability that a report is right as a whole."""
    return round(chances([row, []], weights("sureness"))[0], 3)
