"""Accuracy and speed of the coder, printed as figures.

    make bench

Measures on the codebook's own examples and decoys always, and on the evaluation sets where they lie beside the project.
"""

import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from eventcode.coder.articles import SourceArticle, read
from eventcode.coder.code import code

ROOT = Path(__file__).resolve().parents[1]
EVAL = ROOT.parent / "shared" / "eval"
SETS = (("dyads", "dyads_dev", []), ("codes", "dyads_dev", []), ("petr2", "petr2_dev", []), ("relations", "relations_dev", []),
        ("relations", "relations_dev", ["--given-actors"]))  # fmt: skip


def examples() -> None:
    """Share of the codebook's examples that get their code, and of its decoys that wrongly get it."""
    with (ROOT / "schema" / "actions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column in ("example", "decoy"):
        found = [{r.action for r in c.reports} for c in code(SourceArticle(row["code"], row[column], None, {}) for row in rows)]
        exact = sum(row["code"] in codes for row, codes in zip(rows, found, strict=True))
        root = sum(row["root"] in {c[:2] for c in codes} for row, codes in zip(rows, found, strict=True))
        print(f"codebook {column}s: {exact / len(rows):.3f} have the code, {root / len(rows):.3f} its root, of {len(rows)}")


def evaluation() -> None:
    """Figures of the evaluation sets, by their own scorer."""
    for kind, name, options in SETS:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "coded.jsonl"
            gold = EVAL / f"{name}.jsonl"
            subprocess.run(
                [Path(sys.executable).with_name("eventcode"), "code", gold, "-o", out, *options], check=True, capture_output=True
            )
            scored = subprocess.run([sys.executable, EVAL / "score.py", kind, gold, out], check=True, capture_output=True, text=True)
        print(f"{kind} {' '.join(options)}: {' | '.join(scored.stdout.splitlines()[-2:])}")


def speed() -> None:
    """Sentences a second on the seeds, after one warm-up."""
    articles = list(read([ROOT / "seeds"]))
    list(code(articles))
    start = time.perf_counter()
    sentences = sum(len(c.sentences) for _ in range(5) for c in code(articles))
    print(f"speed: {sentences / (time.perf_counter() - start):.0f} sentences/s (one process; absolute times differ between machines)")


if __name__ == "__main__":
    examples()
    speed()
    if EVAL.is_dir():
        evaluation()
    else:
        print(f"evaluation sets: skipped, {EVAL.name}/ does not lie beside the project")
