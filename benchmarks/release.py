"""Build, compare and verify a release of a million events: seconds, memory, and bytes a row.

    python benchmarks/release.py [EVENTS]

A first release is built of synthetic reports (120 countries of which a few act in most events, ten years of days, one to six reports an event); then a second one in which a
hundredth of them is corrected, removed or new. Each step runs in a process of its own, so that peaks do not mix.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from eventcode.resources import rows

DAY = date(2026, 1, 31)
REPORTS_OF_AN_ARTICLE, SENTENCE = 12, 90
HAPPENINGS = 0.87
"""Happenings for each event: not all reports of one are found to be so."""
ROLES = np.array(["", "", "GOV", "MIL", "COP", "REB", "CVL", "OPP"])
ABOUT = """name = "synthetic"
title = "Synthetic events"
description = "Rows drawn at random."
creator = "A benchmark"
licence = "CC-BY-4.0"
licence_url = "https://creativecommons.org/licenses/by/4.0/"
keywords = ["benchmark"]
"""


def reports(events: int, seed: int = 1) -> pl.DataFrame:
    """Reports of happenings, about one in three of which is told more than once; linked, they give about so many events."""
    draw = np.random.default_rng(seed)
    events = int(events * HAPPENINGS)
    countries = np.array([row["code"] for row in rows("countries") if row["kind"] == "iso"][:120])
    weights = 1 / (np.arange(len(countries)) + 3)
    actions = np.array([row["code"] for row in rows("actions") if len(row["code"]) >= 3])
    told = draw.choice([1, 1, 1, 1, 1, 1, 1, 2, 2, 3], events)
    of = np.repeat(np.arange(events), told)
    number = len(of)
    who, whom = (draw.choice(len(countries), events, p=weights / weights.sum()) for _ in range(2))
    whom = np.where(whom == who, (whom + 1) % len(countries), whom)
    day, act, place = draw.integers(0, 3650, events), draw.integers(0, len(actions), events), draw.integers(0, 40, events)
    shuffled = draw.permutation(number)  # reports of one happening stand in different articles
    at = np.empty(number, dtype=np.int64)
    at[shuffled] = np.arange(number)
    later = draw.random(number) < 0.1
    n = at % REPORTS_OF_AN_ARTICLE
    return pl.DataFrame(
        {
            "actor": np.char.add(countries[who[of]], ROLES[draw.integers(0, len(ROLES), number)]), "action": actions[act[of]],
            "target": np.char.add(countries[whom[of]], ROLES[draw.integers(0, 4, number)]),
            "date": pl.Series(16436 + day[of] + later, dtype=pl.Int32).cast(pl.Date), "source": np.char.add("a", (at // REPORTS_OF_AN_ARTICLE).astype(str)),
            "date_precision": ["day"] * number, "date_basis": np.where(later, "publication", "stated"), "status": ["asserted"] * number,
            "sentence": n + 1, "start": SENTENCE * n, "end": SENTENCE * n + 7, "trigger": ["trigger"] * number,
            "place": np.char.add("town ", place[of].astype(str)), "country": countries[whom[of]], "latitude": place[of] * 1.0, "longitude": place[of] * 2.0,
            "place_precision": np.ones(number, dtype=np.int64), "deaths_best": pl.Series(np.where(draw.random(number) < 0.2, 3, 0), dtype=pl.Int64).replace(0, None),
            "coder": ["program:eventcode"] * number, "coder_version": ["0.3.0"] * number, "confidence": draw.random(number).round(3),
        }
    ).sort("source", "start")  # fmt: skip


def articles(known: pl.DataFrame) -> pl.DataFrame:
    """The articles that reports name, with a text in which every trigger stands at its place."""
    text = ("trigger" + " " * (SENTENCE - 8) + ".") * REPORTS_OF_AN_ARTICLE
    found = known.select(pl.col("source").unique(maintain_order=True).alias("id"))
    number = pl.int_range(pl.len())
    day = (pl.lit(date(2015, 1, 1)) + pl.duration(days=3700)).cast(pl.String)
    return found.with_columns(text=pl.lit(text), publisher=pl.format("paper {}", number % 50), published=day)


def make(folder: Path, events: int) -> None:
    """Write contributions for two releases."""
    first = reports(events)
    for name in ("contributions", "articles", "dataset"):
        (folder / name).mkdir()
    (folder / "dataset" / "about.toml").write_text(ABOUT, encoding="utf-8")
    articles(first).write_parquet(folder / "articles" / "articles.parquet")
    first.write_parquet(folder / "contributions" / "0001.parquet")
    n = pl.int_range(pl.len()) % 300
    second = first.filter(n != 7).with_columns(
        action=pl.when(n == 3).then(pl.lit("190")).otherwise("action"), deaths_best=pl.when(n == 5).then(9).otherwise("deaths_best")
    )
    second.write_parquet(folder / "contributions" / "0002.parquet")
    table = "file,role,since,until,note\n0001.parquet,published,0.1.0,0.2.0,\n0002.parquet,published,0.2.0,,corrected\n"
    (folder / "contributions.csv").write_text(table, encoding="utf-8")


def step(what: str, folder: Path) -> None:
    """One step, in this process."""
    from eventcode.publish import diff, release
    from eventcode.publish.verify import verify

    dataset = folder / "dataset"
    if what in {"0.1.0", "0.2.0"}:
        release.build(what, day=DAY, contributions=folder / "contributions", articles=folder / "articles", out=dataset)
    elif what == "diff":
        diff.as_json(diff.diff("0.1.0", "0.2.0", dataset))
    else:
        assert verify(dataset / "0.2.0") == []


def main() -> None:
    """Make the contributions, run the steps, print."""
    if len(sys.argv) == 3:
        began = time.perf_counter()
        step(sys.argv[1], Path(sys.argv[2]))
        print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2)
        return
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make(folder, events)
        for what, said in (("0.1.0", "build, first"), ("0.2.0", "build, second"), ("diff", "diff"), ("verify", "verify")):
            told = subprocess.run([sys.executable, __file__, what, str(folder)], capture_output=True, text=True, check=False)
            if told.returncode:
                sys.exit(told.stderr)
            seconds, peak = map(float, told.stdout.split()[-2:])
            print(f"{said:14} {seconds:7.1f} s  {peak:5.2f} GB", flush=True)
        file = folder / "dataset" / "0.2.0" / "events.parquet"
        frame = pl.read_parquet(file)
        beside = folder / "pandas.parquet"
        frame.to_pandas().to_parquet(beside)
        print(
            f"{frame.height:,} events: {file.stat().st_size / frame.height:.1f} bytes a row, by pandas {beside.stat().st_size / frame.height:.1f}"
        )


if __name__ == "__main__":
    main()
