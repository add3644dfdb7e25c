"""Weigh model and lexicon on the held-out sentences.

    python training/calibrate.py INSTANCES.jsonl [FOLDER]

Writes `mix` and the figures of the weighed coder into FOLDER/actions.json.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from eventcode.coder import action_model, decide
from eventcode.coder.marking import Marked

GRID = {"root": (1, 2, 3, 5, 8, 12), "code": (1, 1.5, 2, 3, 5, 8), "none": (0.3, 0.5, 0.7, 1.0, 1.5, 2)}

LEAST = {"listed": 0.005, "open": 0.12, "deep": 0.3, "other": 0.6}
"""From which probability on an event is reported where the lexicon knows the word and where it does not: low, so that little is lost and
`confidence` tells; how much of its root a code below the parent must hold; and how sure a side must be that the parse leaves empty."""


def marked(row: dict[str, Any], *, trigger: bool = True) -> Marked:
    """A row as the model reads it."""
    spans = [tuple(row[side]) if row[side] else None for side in ("source", "target", "trigger")]
    return Marked(row["text"], spans[0], spans[1], spans[2] if trigger else None)


def main() -> None:
    """Fit and write."""
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else action_model.FOLDER
    action_model.FOLDER = folder
    file = folder / "actions.json"
    card = json.loads(file.read_text(encoding="utf-8"))
    card["mix"] = {"root": 1.0, "code": 1.0, "none": 1.0, **LEAST}
    file.write_text(json.dumps(card), encoding="utf-8")
    mix = action_model.card().mix
    rows = [r for r in map(json.loads, Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()) if r["held_out"]]
    found = [r for r in rows if r["kind"] in {"found", "open"}]
    scores = action_model.score([marked(r) for r in found])
    places = {code: n for n, code in enumerate(card["codes"])}

    def loss() -> float:
        total = 0.0
        for row, score in zip(found, scores, strict=True):
            if row["kind"] == "found":
                chances = decide.weighed(score, row["lexicon"])
                gold = row["code"] or "none"
                root = sum(chances[n] for c, n in places.items() if c[:2] == gold[:2])
                total -= np.log(max(1e-6, chances[places[gold]])) + np.log(max(1e-6, root))
        return total

    for _ in range(2):
        for key, values in GRID.items():
            best = min((loss_with(mix, key, value, loss), value) for value in values)
            mix[key] = best[1]

    decided = [(r, decide.decide(s, r.get("lexicon", ""))) for r, s in zip(found, scores, strict=True)]
    sure = [d.confidence for _, d in decided if d.code]
    right = [r["code"] is not None and d.code[:2] == r["code"][:2] for r, d in decided if d.code]
    events = [(r, d) for r, d in decided if r["code"]]
    card["mix"] = mix
    card["weighed"] = {
        "ece": round(decide.expected_calibration_error(sure, right), 4),
        "precision_root": round(sum(right) / max(1, len(right)), 4),
        "recall_root": round(sum(d.code is not None and d.code[:2] == r["code"][:2] for r, d in events) / max(1, len(events)), 4),
        "lexicon_root": round(sum(r.get("lexicon", "")[:2] == r["code"][:2] for r, _ in events) / max(1, len(events)), 4),
        "candidates": len(found),
    }
    file.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps({"mix": mix, **card["weighed"]}) + "\n")


def loss_with(mix: dict[str, float], key: str, value: float, loss: Callable[[], float]) -> float:
    """Loss with one weight set."""
    mix[key] = value
    return float(loss())


if __name__ == "__main__":
    main()
