"""Learn of which country "the police" or "lawmakers" are, from the news items in `references/`.

    python training/homes.py     (in .venv; a minute)

Asked is of each marked noun that the coder reads as a role without a country; right is the country of the actor's code where the item names it, else none. One item in five is held
out and measured, then all are learned from.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator

import references
from ranking import Example, learned

from eventcode.coder import ranking
from eventcode.coder.actors import readers
from eventcode.coder.homes import SURE, features
from eventcode.coder.nlp import parse
from eventcode.model import grammar

DECAY = 3e-3
FILE = ranking.FOLDER / "homes.json"


def examples() -> Iterator[tuple[bool, Example, str]]:
    """For each role without a country: whether its item is held out, the features of each country, which is right, and the country itself."""
    rows = references.rows()
    for row, doc in zip(rows, parse(row["text"] for row in rows), strict=True):
        (actors,) = readers([doc], None)
        for mention in row["mentions"]:
            head = doc.char_span(*mention["span"], alignment_mode="expand").root
            codes = {row["actors"][actor] for actor in mention["actors"]} - {None}
            read = actors.read(head) if head.pos_ != "PRON" and len(codes) == 1 else []
            if len(read) == 1 and read[0].code and grammar.is_role_only(read[0].code) and read[0].how not in {"modifier", "place"}:
                (code,) = codes
                country = grammar.country(code) or ""
                countries, rows_of = features(actors.memory.named_countries, actors.somebody(head.i, read[0].code[:3]))
                if countries:
                    hits = [c == country for c in countries]
                    yield references.is_held_out(row["text"]), (rows_of, [*hits, not any(hits)]), country


def main() -> None:
    """Learn, measure, learn from all, write."""
    found = list(examples())
    known = learned([example for held, example, _ in found if not held], DECAY)
    counts: Counter[str] = Counter()
    for held, (rows, hits), country in found:
        if held:
            likely = ranking.chances(rows, known)
            best = max(range(len(rows) - 1), key=likely.__getitem__)
            counts["asked"] += 1
            counts["there"] += any(hits[:-1])
            if likely[best] >= SURE:
                counts["said"] += 1
                counts["right"] += hits[best]
                counts["of none"] += not country
    sys.stdout.write(f"held out, from {SURE}: {dict(counts)}\n")
    FILE.write_text(json.dumps(learned([e for _, e, _ in found], DECAY), indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
