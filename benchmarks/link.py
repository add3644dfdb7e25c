"""Link a million synthetic reports: seconds, and the most memory that it took.

    python benchmarks/link.py [REPORTS]

The reports are drawn at random: 120 countries of which a few act in most events, ten years of days, all kinds of acts, each event told by one to six reports which differ in code, day and place.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, islice
from typing import Any

import polars as pl

from eventcode.contract.frames import frame
from eventcode.linking import link
from eventcode.model.tables import Contribution
from eventcode.resources import rows

AT_ONCE = 20_000
FIRST = date(2015, 1, 1)
ROLES = ("", "", "GOV", "MIL", "COP", "REB", "CVL", "OPP")


def reports(seed: int = 1) -> Iterator[dict[str, Any]]:
    """Random reports without end, a third of which tell of what another has told."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    countries = [row["code"] for row in rows("countries") if row["kind"] == "iso"][:120]
    weights = [1 / (n + 3) for n in range(len(countries))]
    actions = [row["code"] for row in rows("actions") if len(row["code"]) >= 3]
    numbers = count()
    while True:
        actor, target = draw.choices(countries, weights, k=2)
        day, action = FIRST + timedelta(days=draw.randrange(3650)), draw.choice(actions)
        place = draw.randrange(40)
        for copy in range(draw.choice((1, 1, 1, 1, 2, 2, 3, 6))):
            n = next(numbers)
            yield {
                "actor": actor + draw.choice(ROLES), "action": draw.choice((action, action, action[:2] + "0")) if action[:2] + "0" in actions else action,
                "target": draw.choice((target, target + draw.choice(ROLES), None)), "date": day + timedelta(days=copy > 1), "source": f"a{n // 12}",
                "date_precision": "day", "date_basis": "publication" if copy > 1 else "stated", "status": "asserted", "sentence": n % 12 + 1, "start": 90 * (n % 12),
                "end": 90 * (n % 12) + 7, "trigger": "trigger", "coder": "program:eventcode", "place": f"town {place}", "country": target, "place_precision": 1,
                "latitude": place * 1.0, "longitude": place * 2.0, "deaths_best": draw.choice((None, None, 3)), "confidence": 0.5,
            }  # fmt: skip


def rows_of(number: int) -> pl.DataFrame:
    """Rows of a contribution, made part by part."""
    drawn = islice(reports(), number)
    return pl.concat([frame(Contribution, islice(drawn, min(AT_ONCE, number - n))) for n in range(0, number, AT_ONCE)], rechunk=True)


def main() -> None:
    """Make the reports, link them, print what it took."""
    made = rows_of(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    publishers = {source: f"p{number % 50}" for number, source in enumerate(made["source"].unique(maintain_order=True))}
    before = time.perf_counter()
    linked = link(made, publishers=publishers)
    seconds, peak = time.perf_counter() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{made.height:,} reports into {linked.events.height:,} events: {seconds:.0f} s, at most {peak:.2f} GB")


if __name__ == "__main__":
    main()
