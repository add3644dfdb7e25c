"""Learn whom "he", "she" and "his" stand for, from the news items in `references/`.

    python training/persons.py     (in .venv; half a minute)

A pronoun's candidates are the persons that the coder itself sees before it; right is one whose mention is marked with the pronoun's actor. One item in five is held out
and measured, then all are learned from.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from eventcode.coder.actors import Actors
from eventcode.coder.nlp import parse
from eventcode.coder.persons import FILE, SURE, chances, features, pronouns, resolved

HERE = Path(__file__).parent
STEPS, RATE, DECAY = 150, 0.8, 1e-3
ASKED = frozenset(("he", "she", "him", "her", "his"))
Example = tuple[list[list[str]], list[bool]]


def items() -> Iterator[tuple[str, Actors, dict[int, set[str]]]]:
    """Each item with its actors and, by word, the actors whom the mention of which it is the head stands for."""
    rows = [
        json.loads(line) for file in sorted((HERE / "references").glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()
    ]
    for row, doc in zip(rows, parse(row["text"] for row in rows), strict=True):
        gold: dict[int, set[str]] = {}
        for mention in row["mentions"]:
            span = doc.char_span(*mention["span"], alignment_mode="expand")
            gold.setdefault(span.root.i, set(mention["actors"]))
        yield row["text"], Actors(doc, None), gold


def examples(actors: Actors, gold: dict[int, set[str]]) -> Iterator[Example]:
    """The pronouns of an item that have a right candidate: features of each candidate, and which are right."""
    asked = pronouns(actors.doc, actors.is_person)
    try:
        token, told, among, sentence = next(asked)
        while True:
            right = [bool(gold.get(token.i, set()) & gold.get(m.word.i, set())) for m in among]
            if any(right):
                yield [features(token, told, among, n, sentence) for n in range(len(among))], right
            first = next((m.first for m, hit in zip(among[::-1], right[::-1], strict=True) if hit), None)
            token, told, among, sentence = asked.send(first)
    except StopIteration:
        return


def learned(made: list[Example]) -> dict[str, float]:
    """Weights of the features that make the right candidates likeliest."""
    names = sorted({name for rows, _ in made for row in rows for name in row})
    place = {name: n for n, name in enumerate(names)}
    weights, slopes = np.zeros(len(names)), np.zeros(len(names))
    for _ in range(STEPS):
        slope = DECAY * weights
        for rows, right in made:
            likely = np.array(chances(rows, {name: weights[place[name]] for row in rows for name in row}))
            hit = likely * right
            for row, back in zip(rows, likely - hit / hit.sum(), strict=True):
                for name in row:
                    slope[place[name]] += back / len(made)
        slopes = 0.8 * slopes + slope
        weights -= RATE * slopes
    return {name: round(float(weights[n]), 3) for name, n in place.items()}


def main() -> None:
    """Learn, measure, learn from all, write."""
    found = [(text, actors, gold, list(examples(actors, gold))) for text, actors, gold in items()]
    held = [int(hashlib.sha256(text.encode()).hexdigest(), 16) % 5 == 0 for text, *_ in found]
    FILE.write_text(
        json.dumps(learned([e for (*_, made), out in zip(found, held, strict=True) if not out for e in made])), encoding="utf-8"
    )
    right = said = asked = 0
    for (_, actors, gold, _), out in zip(found, held, strict=True):
        if out:
            links = resolved(actors.doc, actors.is_person)
            asked += sum(bool(marks) and actors.doc[i].lower_ in ASKED for i, marks in gold.items())
            marked = {i: first for i, first in links.items() if gold.get(i) and actors.doc[i].lower_ in ASKED}
            said += len(marked)
            right += sum(bool(gold[i] & gold.get(first, set())) for i, first in marked.items())
    sys.stdout.write(f"held out, from {SURE}: {right} of {said} right, {asked} asked\n")
    FILE.write_text(json.dumps(learned([e for *_, made in found for e in made]), indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
