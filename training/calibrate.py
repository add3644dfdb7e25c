"""Choose from which probability on an event and its sides are reported, on the held-out sentences.

    python training/calibrate.py INSTANCES.jsonl [FOLDER]

Writes `least` and the figures of the whole coder's decisions into FOLDER/actions.json.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eventcode.coder import action_model
from eventcode.coder.decide import chosen, decide, expected_calibration_error

GRID = {"event": (0.2, 0.3, 0.4, 0.5, 0.6), "side": (0.1, 0.2, 0.3, 0.4, 0.5), "deep": (0.2, 0.3, 0.4, 0.5, 0.6)}
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


def predicted(row: Row, reading: action_model.Reading) -> Iterator[tuple[Event, float]]:
    """The same as the coder decides it, with the confidence."""
    triggers = row["triggers"]
    for one, scores in zip(triggers, reading.events([t["word"] for t in triggers], [t["features"] for t in triggers]), strict=True):
        decision = decide(scores)
        if decision.code is None:
            continue
        beside = [x for x in row["sides"] if x["trigger"] == one["word"]]
        sides = reading.sides(one["word"], [x["word"] for x in beside], [x["features"] for x in beside])
        (sources, sure), (targets, certain) = chosen(sides[:, 0]), chosen(sides[:, 1])
        picked = [frozenset(beside[n]["word"] for n in side) for side in (sources, targets)]
        yield (one["word"], decision.code, picked[0], picked[1]), decision.confidence * sure * certain


def figures(rows: list[Row], readings: list[action_model.Reading]) -> dict[str, float]:
    """Precision and recall of whole events (trigger, root, both sides), of codes, and how far confidence holds.

    Sides are judged where the trigger is one: the sentences do not say who would act where nothing happens.
    """
    whole = roots = given = codes = known = 0
    confidence, right = [], []
    for row, reading in zip(rows, readings, strict=True):
        events = {e[0]: e for e in gold(row)}
        known += len(events)
        for (trigger, code, *sides), sure in predicted(row, reading):
            given += 1
            hit = events.get(trigger)
            is_root = hit is not None and hit[1][:2] == code[:2]
            is_whole = is_root and hit is not None and all(a == b or (a and a <= b) for a, b in zip(sides, hit[2:], strict=True))
            whole, roots, codes = whole + is_whole, roots + is_root, codes + (hit is not None and hit[1] == code)
            confidence.append(sure)
            right.append(is_whole)
    return {
        "precision": whole / max(1, given),
        "recall": whole / max(1, known),
        "root_precision": roots / max(1, given),
        "root_recall": roots / max(1, known),
        "code_recall": codes / max(1, known),
        "ece": expected_calibration_error(confidence, right),
    }


def main() -> None:
    """Choose and write."""
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else action_model.FOLDER
    action_model.FOLDER = folder
    file = folder / "actions.json"
    card = json.loads(file.read_text(encoding="utf-8"))
    card["least"] = {"event": 0.5, "side": 0.3, "deep": 0.4}
    file.write_text(json.dumps(card), encoding="utf-8")
    least = action_model.card().least
    rows = [r for r in map(json.loads, Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()) if r["held_out"] and r["triggers"]]
    readings = action_model.read([(r["text"], r["words"]) for r in rows])

    def worth(key: str, value: float) -> float:
        least[key] = value
        made = figures(rows, readings)
        score = 2 * made["precision"] * made["recall"] / max(1e-9, made["precision"] + made["recall"])
        return score + 0.3 * made["code_recall"]

    for key, values in GRID.items():
        least[key] = max(values, key=lambda value, key=key: worth(key, value))  # type: ignore[misc]
    card["least"] = dict(least)
    card["decided"] = {name: round(value, 4) for name, value in figures(rows, readings).items()}
    lines = ",\n".join(f'"{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in card.items())
    file.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    sys.stdout.write(json.dumps({"least": least, **card["decided"]}) + "\n")


if __name__ == "__main__":
    main()
