"""What coding news costs beside the bare spaCy pipeline, in CPU time of one run.

    python benchmarks/speed.py [ARTICLES]     three rounds of both by turns over ../shared/news/voa.jsonl, or another file or folder

Both see the same texts: the bare pipeline with all its components each article as one text (`nlp.pipe`), the coder each article whole. Times are CPU times of the
process, so that what else the machine does matters little; only their ratio says something.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import spacy

from eventcode.coder.articles import read
from eventcode.coder.code import code
from eventcode.coder.nlp import PIPELINE

ROUNDS = 3
NEWS = Path(__file__).resolve().parents[2] / "shared" / "news" / "voa.jsonl"


def spent(work: Callable[[], object]) -> float:
    """Seconds of CPU time that some work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Measure both by turns."""
    articles = list(read([Path(sys.argv[1]) if len(sys.argv) > 1 else NEWS]))
    nlp = spacy.load(PIPELINE)
    list(nlp.pipe(a.text for a in articles[:3]))
    list(code(articles[:3]))
    ratios = []
    for _ in range(ROUNDS):
        bare = spent(lambda: list(nlp.pipe(a.text for a in articles)))
        coded = spent(lambda: list(code(articles)))
        ratios.append(coded / bare)
        print(f"bare {bare:.1f} s, coder {coded:.1f} s: {coded / bare:.2f}", flush=True)
    print(f"ratio: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
