"""A cheap look at a candidate before the action model reads it: whether it is worth reading. `training/sieve.py` fits the weights."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from eventcode.coder.action_model import FOLDER

if TYPE_CHECKING:
    from eventcode.coder.extract import Found

_NEAR = {"dobj", "prt", "aux", "auxpass", "mark", "neg", "prep", "agent", "dative", "xcomp", "ccomp", "det", "poss", "advmod"}


def features(found: Found) -> list[str]:
    """What is known of a candidate without reading the sentence: its word, the words around it in the parse, its sides."""
    trigger = found.trigger
    lemma = trigger.lemma_.lower()
    listed = found.pattern.code[:2] or "open"
    sides = "".join("-" if side is None else "c" if side.code else "u" for side in (found.actor, found.target))
    made = [
        f"lemma={lemma}",
        f"tag={trigger.tag_}",
        f"dep={trigger.dep_}",
        f"listed={listed}",
        f"sides={sides}",
        f"lemma+sides={lemma} {sides}",
    ]
    made += [
        f"{listed}+dep={trigger.dep_}",
        f"head={trigger.head.lemma_.lower()}",
        f"status={found.status.status}",
        f"undone={found.is_undone}",
    ]
    for child in trigger.children:
        if child.dep_ in _NEAR:
            made += [f"{child.dep_}={child.lemma_.lower()}", f"lemma+{child.dep_}={lemma}"]
    return made


@cache
def _weights() -> tuple[Mapping[str, float], float]:
    made = json.loads((FOLDER / "sieve.json").read_text(encoding="utf-8"))
    return made["weights"], made["least"]


def chance(names: Iterable[str], weights: Mapping[str, float]) -> float:
    """Probability that a candidate with these features reports an event.

    >>> chance(["lemma=attack"], {"": -1.0, "lemma=attack": 1.0})
    0.5
    """
    return 1 / (1 + math.exp(-weights.get("", 0.0) - sum(weights.get(name, 0.0) for name in names)))


def is_worth_reading(found: Found) -> bool:
    """True where a candidate may well report an event; one that the lexicon knows is hardly ever passed over."""
    weights, least = _weights()
    return chance(features(found), weights) >= (least / 4 if found.pattern.code else least)
