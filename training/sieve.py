"""Fit the sieve that spares the action model most candidates.

    python training/sieve.py INSTANCES.jsonl [FOLDER]

Logistic regression on the features that `prepare.py` wrote beside the coder's own candidates. The threshold keeps `KEEP` of the events among the
held-out candidates.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from eventcode.coder import action_model
from eventcode.coder.sieve import chance

KEEP, ROUNDS, RATE, SHRINK, SEED, SEEN = 0.97, 12, 0.15, 2e-5, 20261122, 2
Row = dict[str, Any]


def fit(rows: list[Row]) -> dict[str, float]:
    """Weights by AdaGrad over features seen at least twice."""
    counts = Counter(name for row in rows for name in set(row["features"]))
    shuffle = random.Random(SEED)  # noqa: S311 - a shuffle, no secret
    weights: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(lambda: 1.0)
    rows = [{**row, "features": ["", *(name for name in row["features"] if counts[name] >= SEEN)]} for row in rows]
    for _ in range(ROUNDS):
        shuffle.shuffle(rows)
        for row in rows:
            error = chance(row["features"][1:], weights) - bool(row["code"])
            for name in row["features"]:
                slope = error + SHRINK * weights[name]
                squares[name] += slope * slope
                weights[name] -= RATE * slope / squares[name] ** 0.5
    return {name: round(weight, 3) for name, weight in sorted(weights.items()) if abs(weight) >= 0.01}


def without_sides(row: Row) -> Row:
    """A row less what its sides rest on: sentences that stand alone hardly resolve a pronoun, so it would always count against one."""
    return {**row, "features": [name for name in row["features"] if not name.startswith(("how=", "whom="))]} if "features" in row else row


def main() -> None:
    """Fit, choose the threshold, write, say how much is spared."""
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else action_model.FOLDER
    rows = [
        without_sides(row) for row in map(json.loads, Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()) if row.get("features")
    ]
    weights = fit([row for row in rows if not row["held_out"]])
    held = [(chance(row["features"], weights), bool(row["code"])) for row in rows if row["held_out"]]
    events = sorted(c for c, is_event in held if is_event)
    least = events[int((1 - KEEP) * len(events))]
    kept = sum(c >= least for c, is_event in held if not is_event) / max(1, sum(not is_event for _, is_event in held))
    (folder / "sieve.json").write_text(
        json.dumps({"least": round(least, 4), "weights": weights}, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(f"{len(weights)} weights; threshold {least:.3f} keeps {KEEP:.0%} of {len(events)} events and {kept:.0%} of what is none")


if __name__ == "__main__":
    main()
