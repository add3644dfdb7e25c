"""Events in 150 sentences of Voice of America news, each judged by reading.

    python benchmarks/voa_events.py sample FILE   write the sentences with what the coder reports there, to be judged
    python benchmarks/voa_events.py               figures from the judged table in tests/data, and how the coder of today differs from it

The sentences are drawn by a fixed seed from ../shared/news/voa.jsonl (public domain). The table holds ids and offsets and no text: a row with a code
is a report of the coder, judged by whether actor, target and root are right; a row without one is an event that a careful reader finds and the
coder does not report.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from pathlib import Path

from eventcode.coder.articles import SourceArticle, read
from eventcode.coder.code import Coded, code

ROOT = Path(__file__).resolve().parents[1]
NEWS = ROOT.parent / "shared" / "news" / "voa.jsonl"
TABLE = ROOT / "tests" / "data" / "voa_events.csv"
COLUMNS = ("article", "from", "to", "start", "end", "actor", "action", "target", "actor_right", "target_right", "root_right", "note")
SEED, SIZE, SHORTEST, LONGEST = 20261122, 150, 6, 45
Row = dict[str, str]


def table() -> list[Row]:
    """The judged rows."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def drawn(coded: list[Coded]) -> list[tuple[str, int, int]]:
    """Article and offsets of the sentences: those of the table, else drawn by the seed."""
    if TABLE.is_file():
        return sorted({(row["article"], int(row["from"]), int(row["to"])) for row in table()})
    places = [
        (each.article.id, start, end)
        for each in coded
        for start, end in each.sentences
        if SHORTEST <= len(each.article.text[start:end].split()) <= LONGEST
    ]
    return sorted(random.Random(SEED).sample(places, SIZE))  # noqa: S311 - a sample, no secret


def rows(coded: list[Coded]) -> list[tuple[Row, str]]:
    """What the coder reports in the drawn sentences, with their texts; one empty row for a sentence without a report."""
    by_id = {each.article.id: each for each in coded}
    found = []
    for article, start, end in drawn(coded):
        place = {"article": article, "from": str(start), "to": str(end)}
        each = by_id[article]
        reports = [r for r in each.reports if start <= r.start < end]
        text = " ".join(each.article.text[start:end].split())
        for r in reports:
            event = {"start": str(r.start), "end": str(r.end), "actor": r.actor or "", "action": r.action, "target": r.target or ""}
            words = f"{r.actor_text} | {r.trigger} | {r.target_text} | {r.status} | {r.confidence}"
            found.append(({**dict.fromkeys(COLUMNS, ""), **place, **event}, f"{text} || {words}"))
        if not reports:
            found.append(({**dict.fromkeys(COLUMNS, ""), **place}, text))
    return found


def shares(judged: list[Row]) -> dict[str, tuple[int, int]]:
    """Right ones and all: events wholly right, each part of them, and events recalled.

    An event recalled is one whose root is right with the actor or the target right; one that is not is a miss and stands as a row without code.
    """
    given = [row for row in judged if row["action"]]
    missed = [row for row in judged if not row["action"] and row["root_right"] == "missed"]
    parts = {part: sum(row[f"{part}_right"] == "yes" for row in given) for part in ("actor", "target", "root")}
    whole = sum(all(row[f"{part}_right"] == "yes" for part in parts) for row in given)
    return {
        "whole": (whole, len(given)),
        **{part: (right, len(given)) for part, right in parts.items()},
        "recall": (whole, whole + len(missed)),
    }


def articles() -> list[SourceArticle]:
    """The articles of the news."""
    return list(read([NEWS]))


def main() -> None:
    """Write the sample, or score the table."""
    if "sample" in sys.argv:
        with Path(sys.argv[-1]).open("w", encoding="utf-8") as file:
            file.writelines(json.dumps({**row, "text": text}, ensure_ascii=False) + "\n" for row, text in rows(list(code(articles()))))
        return
    judged = table()
    for name, (right, total) in shares(judged).items():
        print(f"{name}: {right / max(1, total):.3f} ({right}/{total})")
    if not NEWS.is_file():
        print("the news is not there: only the table was scored")
        return
    key = ("article", "start", "actor", "action", "target")
    then = {tuple(r[k] for k in key) for r in judged if r["action"]}
    now = {tuple(r[k] for k in key) for r, _ in rows(list(code(articles()))) if r["action"]}
    print(f"the coder of today: {len(now - then)} reports that were not judged, {len(then - now)} judged reports that it no longer gives")


if __name__ == "__main__":
    main()
