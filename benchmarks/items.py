"""Events of the news items in `training/references`, one in five, beside what the coder reports there.

    python benchmarks/items.py               precision and recall, and where the misses lie
    python benchmarks/items.py --list        every report that no marked event matches, and every event that no report matches
    python benchmarks/items.py --all         the same of all items

The items were written for this project and are hard on purpose; one reader marked their events. They are what thresholds and rules are tried on, so that the news of `voa_events.py` only measures. The action model
never saw them; whom pronouns stand for and whose police it is were learned from their actors, so that these figures flatter a little.
A report is right as there: its root, and for actor and target the same country or body and no other role.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from typing import Any

from voa_events import Place, Row, tell

from eventcode.coder.articles import SourceArticle
from eventcode.coder.code import code

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))
import references


def _codes(item: dict[str, Any], sides: list[dict[str, Any]]) -> list[str]:
    """The codes of those on one side; empty for somebody without one, and where there is nobody."""
    return [item["actors"][actor] or "" for side in sides for actor in side["actors"]] or [""]


def gold(item: dict[str, Any], name: str) -> dict[Place, list[Row]]:
    """The events of an item by sentence, as `voa_events.table` gives them."""
    found: dict[Place, list[Row]] = {(name, start, end): [] for start, end in item["sentences"]}
    for event in item["events"]:
        if event["code"]:
            place = next(p for p in found if p[1] <= event["trigger"][0] < p[2])
            pairs = list(product(*(_codes(item, event[side]) for side in ("source", "target"))))
            pairs = [(a, b) for a, b in pairs if a != b or len(pairs) == 1]
            for source, target in [*pairs, *((b, a) for a, b in pairs if event["both"])]:
                where = {"start": str(event["trigger"][0]), "end": str(event["trigger"][1])}
                if source or target:
                    found[place].append({"source": source, "target": target, "root": event["code"][:2], "standing": "found", **where})
    return found


def main() -> None:
    """Code the items and print the figures."""
    items = [item for item in references.rows() if "events" in item and ("--all" in sys.argv or references.is_held_out(item["text"]))]
    wanted = {place: rows for n, item in enumerate(items) for place, rows in gold(item, str(n)).items()}
    tell(wanted, list(code((SourceArticle(str(n), item["text"], None, {}) for n, item in enumerate(items)), min_confidence=0)))


if __name__ == "__main__":
    main()
