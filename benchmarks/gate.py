"""The gate on millions of rows: rows a second, memory, and how it compares with the same checks written by hand in polars.

    python benchmarks/gate.py [ROWS]

Runs in processes of their own, so that peaks do not mix; reading the file counts, loading the libraries does not: the checks by hand, valid rows, rows of which 1 % are bad, and four times as many valid rows.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from eventcode.model import grammar
from eventcode.model.tables import ARTICLE_ID, FIRST_DAY, LAST_DAY, STATUS
from eventcode.resources import codes

ROLES = ("", "GOV", "MIL", "REB", "OPP", "CVL", "COP", "MED", "BUS")
CHUNK = 1_000_000


def _skewed(draw: np.random.Generator, kinds: int, number: int) -> np.ndarray:
    """Numbers of kinds, of which a few come most often."""
    weights = 1 / np.arange(1, kinds + 1)
    return draw.choice(kinds, number, p=weights / weights.sum())


def _chunk(number: int, first: int, bad: float) -> pl.DataFrame:
    draw = np.random.default_rng(first)
    actors = np.array([code + role for code in sorted(codes("countries")) for role in ROLES if grammar.is_actor(code + role)])
    actions = np.array([code for code in sorted(codes("actions")) if len(code) > 2])
    actor, target = (np.random.default_rng(7).permutation(actors)[_skewed(draw, len(actors), number)] for _ in range(2))
    action = np.random.default_rng(8).permutation(actions)[_skewed(draw, len(actions), number)]
    start = draw.integers(0, 5000, number)
    frame = pl.DataFrame(
        {
            "actor": actor, "action": action, "target": target, "date": pl.Series(draw.integers(11000, 20000, number), dtype=pl.Int32).cast(pl.Date),
            "source": pl.select(pl.format("article-{}", pl.Series((np.arange(number) + first) // 4))).to_series(), "start": start, "end": start + 7,
            "trigger": ["shelled"] * number, "status": np.array(STATUS)[draw.choice(len(STATUS), number, p=(0.6, 0.2, 0.04, 0.08, 0.06, 0.02))],
            "confidence": draw.random(number).round(3),
        }
    )  # fmt: skip
    if not bad:
        return frame
    hit, kind = pl.Series(draw.random(number) < bad), pl.Series(draw.integers(0, 8, number))
    wrong = [hit & (kind == n) for n in range(8)]
    return frame.with_columns(
        action=pl.when(wrong[0]).then(pl.lit("199")).when(wrong[1]).then(pl.col("action").str.strip_chars_start("0")).otherwise("action"),
        actor=pl.when(wrong[2]).then(pl.col("actor").str.to_lowercase()).when(wrong[3]).then(pl.lit("XYZ")).otherwise("actor"),
        target=pl.when(wrong[4]).then(pl.lit("AZE MIL")).otherwise("target"),
        status=pl.when(wrong[5]).then(pl.lit("Claimed")).otherwise("status"),
        confidence=pl.when(wrong[6]).then(1.5).otherwise("confidence"),
        end=pl.when(wrong[7]).then(pl.col("end") + 3).otherwise("end"),
    )


def make(path: Path, number: int, bad: float) -> None:
    """Write a contribution of many rows, chunk by chunk."""
    import pyarrow.parquet as pq

    writer = None
    for first in range(0, number, CHUNK):
        table = _chunk(min(CHUNK, number - first), first, bad).to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def by_hand(path: Path) -> dict[str, int]:
    """The checks of the gate as one who knows polars would write them for this one file: counts alone, nothing is explained."""
    c, text = pl.col, ("actor", "action", "target", "source", "trigger", "status")
    missing = ["NA", "NaN", "nan", "NULL", "null", "None", "N/A", "n/a", "#N/A", "<NA>", "NaT"]
    root = c("action").str.slice(0, 2)
    wrong = {
        **{f"blank_{n}": c(n) != c(n).str.strip_chars() for n in text},
        **{f"missing_{n}": c(n).is_in(missing) for n in text},
        **{f"control_{n}": c(n).str.contains(r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]") for n in text},
        **{f"long_{n}": c(n).str.len_chars() > 100_000 for n in text},
        **{f"actor_{n}": ~c(n).str.contains(grammar.actor_pattern()) for n in ("actor", "target")},
        "action": ~c("action").is_in(sorted(codes("actions"))),
        "zero": c("action").is_in([code[1:] for code in codes("actions") if code[0] == "0"]),
        "source": ~c("source").str.contains(f"^(?:{ARTICLE_ID})$"),
        "link": c("source").str.contains(r"(?i)^https?://|^doi:|^10\.\d"),
        "status": ~c("status").is_in(list(STATUS)),
        "date": (c("date") < FIRST_DAY) | (c("date") > LAST_DAY),
        "start": c("start") < 0,
        "order": c("start") > c("end"),
        "length": c("trigger").str.len_chars() != c("end") - c("start"),
        "half": c("start").is_null() != c("end").is_null(),
        "confidence": ~c("confidence").is_between(0, 1),
        "either": c("actor").is_null() & c("target").is_null(),
        "itself": (c("actor") == c("target")) & c("action").is_in(["054", "075", "0861", "161"]),
        "alone": c("target").is_null() & root.is_in(["04", "06"]),
        "status_of": c("status").is_in(["planned", "hypothetical"]) & root.is_in(["03", "13"]),
        "formula": c("trigger").str.contains(r"^[=@]|^[+-]\D"),
        "filled": pl.all_horizontal(c(n) == c(n).shift(1) for n in ("source", "actor", "target", "trigger")),
    }
    found = pl.scan_parquet(path).select(expr.sum().alias(name) for name, expr in wrong.items()).collect().row(0, named=True)
    rows = pl.read_parquet(path, columns=["actor", "action", "target", "date", "source", "start", "end"])
    found["twice"] = rows.select(pl.struct(pl.all()).is_duplicated().sum()).item()
    found["nearly"] = rows.select(pl.struct("actor", "action", "target", "source").is_duplicated().sum()).item()
    block = pl.struct(*(pl.struct("actor", "action", "target", "date").hash().shift(-k).alias(str(k)) for k in range(3)))
    found["copied"] = rows.select(block.hash().is_duplicated().sum()).item()
    found["all_alike"] = rows.select(pl.col("action", "date").n_unique()).row(0)[0]
    return found


def gate(path: Path) -> dict[str, int]:
    """The gate itself: every rule, explained."""
    from eventcode.contribute.gate import Against, examine

    checked = examine(path, Against(), keep=False)
    return {"refused": checked.refused, **checked.counts}


def _run(what: str, path: Path) -> tuple[float, float]:
    """Seconds and the peak of memory in GB of one run in a process of its own."""
    told = subprocess.run([sys.executable, __file__, what, str(path)], capture_output=True, text=True, check=True, env={**os.environ})
    seconds, peak = told.stdout.split()[-2:]
    return float(seconds), float(peak)


def main() -> None:
    """Make the files, run, print."""
    if len(sys.argv) == 3:
        import eventcode.contribute.gate  # noqa: F401 - libraries are loaded before the clock runs, for both

        began = time.perf_counter()
        {"hand": by_hand, "gate": gate}[sys.argv[1]](Path(sys.argv[2]))
        print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2)
        return
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    with tempfile.TemporaryDirectory() as folder:
        valid, bad, many = (Path(folder) / f"{name}.parquet" for name in ("valid", "bad", "many"))
        make(valid, number, 0)
        make(bad, number, 0.01)
        runs = {}
        for name, what, path in (("by hand", "hand", valid), ("valid", "gate", valid), ("1 % bad", "gate", bad)):
            runs[name] = min(_run(what, path) for _ in range(2))
            seconds, peak = runs[name]
            print(
                f"{name:8} {number:>11,} rows {seconds:6.2f} s  {number / seconds / 1e6:5.2f} million a second  {peak:.2f} GB", flush=True
            )
        print(
            f"ratio to the checks by hand: valid {runs['valid'][0] / runs['by hand'][0]:.2f}, 1 % bad {runs['1 % bad'][0] / runs['by hand'][0]:.2f}"
        )
        make(many, 4 * number, 0)
        seconds, peak = _run("gate", many)
        print(f"{'many':8} {4 * number:>11,} rows {seconds:6.2f} s  {4 * number / seconds / 1e6:5.2f} million a second  {peak:.2f} GB")


if __name__ == "__main__":
    main()
