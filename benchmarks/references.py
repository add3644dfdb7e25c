"""Actors that are named, described or referred to in the news items of `training/references`, beside what the coder reads there.

    python benchmarks/references.py     for names, descriptions and each pronoun: how many codes are right, wrong, left open

The items were written to be hard. Whom pronouns stand for was learned from the same items, so that these figures flatter; `training/referents.py` prints those of
items kept apart. A code is right as in `voa_events.py`: the same country or body, and no other role.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from voa_events import is_same

from eventcode.coder.actors import readers
from eventcode.coder.nlp import parse

ITEMS = Path(__file__).resolve().parents[1] / "training" / "references"
PRONOUNS = frozenset("he she him her his hers it its they them their theirs i we me us our my".split())


def judged() -> Iterator[tuple[str, str]]:
    """For each mention of an actor with a code its kind, and how the coder does there."""
    rows = [json.loads(line) for file in sorted(ITEMS.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    for row, doc in zip(rows, parse(row["text"] for row in rows), strict=True):
        (actors,) = readers([doc], None)
        wanted: dict[int, set[str]] = {}
        for mention in row["mentions"]:
            span = doc.char_span(*mention["span"], alignment_mode="expand")
            wanted.setdefault(span.root.i, {code for actor in mention["actors"] if (code := row["actors"][actor])})
        for sentence in actors.sentences:
            for token in sentence:
                if gold := wanted.get(token.i):
                    kind = token.lower_ if token.lower_ in PRONOUNS else "a name" if actors.is_named(token) else "a description"
                    made = [actor.code for actor in actors.coded_one(token)]
                    same = all(any(is_same(m, g) for g in gold) for m in made) and all(any(is_same(m, g) for m in made) for g in gold)
                    yield kind, "open" if not made else "right" if same else "wrong"
            actors.remember(sentence)


def main() -> None:
    """Print the figures."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, how in judged():
        counts[kind][how] += 1
    for kind, of in sorted(counts.items(), key=lambda each: -each[1].total()):
        print(
            f"{kind}: {of.total()}; right {of['right'] / of.total():.2f}, wrong {of['wrong'] / of.total():.2f}, left open {of['open'] / of.total():.2f}"
        )


if __name__ == "__main__":
    main()
