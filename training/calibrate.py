"""Fit how far the coder's confidence holds, on the held-out sentences.

    python training/calibrate.py INSTANCES.jsonl [FOLDER]

Writes `least`, `confidence` and the figures of the whole coder's decisions into FOLDER/actions.json.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from card import write

from eventcode.coder import action_model
from eventcode.coder.decide import chosen, confidence, decide, expected_calibration_error

LEAST = {"event": 0.4, "listed": 0.18, "side": 0.1, "deep": 0.2, "status": 0.8}
"""From which probability on an event is reported, also where the lexicon reads the same root; a side is named where none is likelier than not; a status
counts that the parse does not see; and how much of its root a code below the parent must hold. Set low, so that little is lost: `confidence` tells the rest, and `--min-confidence` filters. F1 on the held-out
sentences hardly changes between 0.3 and 0.6."""
Row = dict[str, Any]
Event = tuple[int, str, frozenset[int], frozenset[int]]


def gold(row: Row) -> list[Event]:
    """The events of a sentence: trigger, code, words of the sources and of the targets."""
    return [
        (
            t["word"],
            t["code"],
            *(frozenset(x["word"] for x in row["sides"] if x["trigger"] == t["word"] and x[side]) for side in ("source", "target")),
        )
        for t in row["triggers"]
        if t["code"]
    ]


class Read:
    """A held-out sentence with all that the model says of it, whatever is decided."""

    def __init__(self, row: Row, reading: action_model.Reading) -> None:
        self.events = {e[0]: e for e in gold(row)}
        triggers = row["triggers"]
        self.words = [t["word"] for t in triggers]
        self.listed = [max((f[5:] for f in t["features"] if f.startswith("code=")), key=len, default="") for t in triggers]
        self.scores = reading.events(self.words, [t["features"] for t in triggers])
        self.beside = {word: [x for x in row["sides"] if x["trigger"] == word] for word in self.words}
        self.sides = {
            word: reading.sides([(word, x["word"]) for x in beside], [x["features"] for x in beside])
            for word, beside in self.beside.items()
        }

    def predicted(self) -> Iterator[tuple[Event, float]]:
        """The events as the coder decides on them, with the confidence."""
        for word, scores, listed in zip(self.words, self.scores, self.listed, strict=True):
            decision = decide(scores, listed)
            if decision.code is None:
                continue
            (sources, sure), (targets, certain) = (chosen(self.sides[word][:, side]) for side in (0, 1))
            picked = [frozenset(self.beside[word][n]["word"] for n in side) for side in (sources, targets)]
            yield (word, decision.code, picked[0], picked[1]), confidence(decision.confidence, sure, certain)


def judged(rows: list[Read]) -> Iterator[tuple[Event, float, Event | None]]:
    """Each event that the coder decides on, its confidence, and the written event at the same word."""
    for row in rows:
        for event, sure in row.predicted():
            yield event, sure, row.events.get(event[0])


def is_whole(event: Event, hit: Event | None) -> bool:
    """True where root and both sides are right; of several on a side some suffice."""
    if hit is None or hit[1][:2] != event[1][:2]:
        return False
    return all(a == b or (a and a <= b) for a, b in zip(event[2:], hit[2:], strict=True))


def fitted(rows: list[Read]) -> tuple[float, float]:
    """Slope and shift with which confidence holds best."""
    pairs = [(sure, is_whole(event, hit)) for event, sure, hit in judged(rows)]
    logits = np.array([np.log(c / (1 - c)) for c, _ in ((min(0.999, max(0.001, c)), right) for c, right in pairs)])
    right = np.array([right for _, right in pairs], dtype=float)

    def loss(slope: float, shift: float) -> float:
        chance = 1 / (1 + np.exp(-slope * logits - shift))
        return float(-(right * np.log(chance) + (1 - right) * np.log(1 - chance)).mean())

    return min(((slope / 20, shift / 20) for slope in range(6, 41) for shift in range(-40, 41)), key=lambda pair: loss(*pair))


def figures(rows: list[Read]) -> dict[str, float]:
    """Precision and recall of whole events (trigger, root, both sides), of codes, and how far confidence holds.

    Sides are judged where the trigger is one: the sentences do not say who would act where nothing happens.
    """
    known = sum(len(row.events) for row in rows)
    made = list(judged(rows))
    given = len(made)
    right = [is_whole(event, hit) for event, _, hit in made]
    whole = sum(right)
    roots = sum(hit is not None and hit[1][:2] == event[1][:2] for event, _, hit in made)
    codes = sum(hit is not None and hit[1] == event[1] for event, _, hit in made)
    return {
        "precision": whole / max(1, given),
        "recall": whole / max(1, known),
        "root_precision": roots / max(1, given),
        "root_recall": roots / max(1, known),
        "code_recall": codes / max(1, known),
        "ece": expected_calibration_error([sure for _, sure, _ in made], right),
    }


def main() -> None:
    """Fit and write."""
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else action_model.FOLDER
    action_model.FOLDER = folder
    file = folder / "actions.json"
    card = json.loads(file.read_text(encoding="utf-8"))
    card["least"] = LEAST
    card["confidence"] = [1.0, 0.0]
    file.write_text(json.dumps(card), encoding="utf-8")
    held = [r for r in map(json.loads, Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()) if r["held_out"] and r["triggers"]]
    with action_model.one_core():
        rows = [Read(row, action_model.read([(row["text"], row["words"])])) for row in held]

    card["confidence"] = list(fitted(rows))
    file.write_text(json.dumps(card), encoding="utf-8")
    action_model.card.cache_clear()
    card["decided"] = {name: round(value, 4) for name, value in figures(rows).items()}
    write(file, card)
    sys.stdout.write(json.dumps({"confidence": card["confidence"], **card["decided"]}) + "\n")


if __name__ == "__main__":
    main()
