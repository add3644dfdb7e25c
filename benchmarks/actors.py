"""What the lists of actors cost and how far they reach, printed as figures.

    .venv/bin/python benchmarks/actors.py

Load time always; the share of the parse that finding names takes, and how many gold countries are found at all, where the texts lie
beside the project. The evaluation set is for measuring only.
"""

import json
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from eventcode import resources
from eventcode.coder import lists, names
from eventcode.coder.actors import Actors
from eventcode.coder.nlp import parse, pipeline
from eventcode.coder.text import clean, paragraphs
from eventcode.model import grammar

SHARED = Path(__file__).resolve().parents[2] / "shared"
NEWS = SHARED / "news" / "voa.jsonl"
DYADS = SHARED / "eval" / "dyads_dev.jsonl"


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def load() -> None:
    """Seconds to load all shipped lists, best of three, with nothing cached."""
    taken = []
    for _ in range(3):
        for module in (resources, grammar, lists, names):
            for made in vars(module).values():
                if hasattr(made, "cache_clear"):
                    made.cache_clear()
        start = time.perf_counter()
        found = names.load()
        taken.append(time.perf_counter() - start)
    print(f"load: {min(taken):.3f} s for {len(found.names.groups)} names and {len(found.agents)} agent nouns (budget 0.5 s)")


def cost() -> None:
    """Share of the parse time that finding names and agent nouns takes."""
    texts = []
    for row in islice(lines(NEWS), 40):
        text = clean(row["text"]).clean
        texts += [(text[a:b], date.fromisoformat(row["date"][:10])) for a, b in paragraphs(text)]
    list(parse(["Warm up."]))
    start = time.perf_counter()
    docs = list(parse(text for text, _ in texts))
    parsed = time.perf_counter() - start
    start = time.perf_counter()
    for doc, (_, day) in zip(docs, texts, strict=True):
        names.names(doc, day)
    named = time.perf_counter() - start
    start = time.perf_counter()
    for doc, (_, day) in zip(docs, texts, strict=True):
        Actors(doc, day)
    both = time.perf_counter() - start
    print(
        f"matching: names {named / parsed:.2%}, names and agents {both / parsed:.2%} of the parse"
        f" ({both:.2f} s of {parsed:.2f} s, 40 articles; budget 10 %)"
    )


def reach() -> None:
    """Share of records whose gold countries are all bases of actors somewhere in the sentence."""
    rows = list(lines(DYADS))
    hits = {"source": 0, "target": 0}
    of = {"source": 0, "target": 0}
    for row, doc in zip(rows, parse(row["text"] for row in rows), strict=True):
        actors = Actors(doc, None)
        nouns = [token for token in doc if token.pos_ in {"NOUN", "PROPN", "ADJ", "PRON"}]
        bases = {actor.code[:3] for token in nouns for actor in actors.read(token) if actor.code}
        bases |= {entry.code[:3] for _, entry in names.names(doc, None)}
        for side in hits:
            gold = {code[:3] for code in row[f"{side}_countries"]}
            of[side] += bool(gold)
            hits[side] += bool(gold) and gold <= bases
    print(*(f"{side}={hits[side] / of[side]:.3f} ({hits[side]}/{of[side]})" for side in hits))


if __name__ == "__main__":
    load()
    pipeline()
    if NEWS.is_file():
        cost()
    else:
        print(f"matching: skipped, {NEWS.name} does not lie beside the project")
    if DYADS.is_file():
        reach()
    else:
        print(f"reach: skipped, {DYADS.name} does not lie beside the project")
