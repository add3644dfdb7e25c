"""Learn how likely a report is right as a whole, from what the coder reports on the news items in `references/`, whose events a reader marked.

    python training/sureness.py     (in .venv; two minutes, after `training/referents.py` and `training/homes.py`)

One item in five is held out and measured, then all are learned from. Right is as in `benchmarks/items.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import references
from ranking import Example, learned

from eventcode.coder import ranking
from eventcode.coder.articles import SourceArticle
from eventcode.coder.code import code
from eventcode.coder.decide import expected_calibration_error

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))
from items import gold
from voa_events import is_right

DECAY = 1e-2
FILE = ranking.FOLDER / "sureness.json"
LEAST = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)


def examples() -> Iterator[tuple[bool, Example]]:
    """For each report on the items: whether its item is held out, what is known of it, and whether it is right."""
    items = references.rows()
    coded = code((SourceArticle(str(n), item["text"], None, {}) for n, item in enumerate(items)), min_confidence=0)
    for item, each in zip(items, coded, strict=True):
        events = gold(item, each.article.id)
        for report, known in zip(each.reports, each.known, strict=True):
            rows = [row for (_, start, end), inside in events.items() if start <= report.start < end for row in inside]
            right = any(is_right(report, row) for row in rows)
            yield references.is_held_out(item["text"]), ([list(known), []], [right, not right])


def main() -> None:
    """Learn, measure, learn from all, write."""
    found = list(examples())
    known = learned([example for held, example in found if not held], DECAY)
    held = [(ranking.chances(rows, known)[0], hits[0]) for held, (rows, hits) in found if held]
    error = expected_calibration_error([chance for chance, _ in held], [right for _, right in held])
    sys.stdout.write(f"held out: {len(held)} reports, expected calibration error {error:.3f}\n")
    for least in LEAST:
        kept = [right for chance, right in held if chance >= least]
        sys.stdout.write(f"from {least}: {len(kept)} reports, {sum(kept)} right, precision {sum(kept) / max(1, len(kept)):.3f}\n")
    FILE.write_text(json.dumps(learned([example for _, example in found], DECAY), indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
