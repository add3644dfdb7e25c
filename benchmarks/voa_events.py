"""Events in 150 sentences of Voice of America news, found by reading, beside what the coder reports there.

    python benchmarks/voa_events.py               precision and recall of the coder of today, and where the misses lie
    python benchmarks/voa_events.py --list        every report that no reader's event matches, and every event that no report matches

The sentences were drawn by a fixed seed from ../shared/news/voa.jsonl (public domain). Two readers, language models with the codebook at hand and
without sight of the coder's reports, each read every sentence and listed its events. What both list is `found`; what one lists, and what a third
reading let stand of the reports that neither lists, `holds`. The table holds ids, offsets and codes, and no text.

A report is right where a row of its sentence has its root, its actor and its target: the same country or body, and no other role. Alternatives stand
joined by "|". Rows `found` are the events that a reader should find: recall counts them. Rows `holds` are readings that may be defended beside
them: they count for precision only.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path

from eventcode.coder.articles import read
from eventcode.coder.code import Coded, CodedReport, code
from eventcode.coder.sureness import LEAST
from eventcode.model import grammar

ROOT = Path(__file__).resolve().parents[1]
NEWS = ROOT.parent / "shared" / "news" / "voa.jsonl"
TABLE = ROOT / "tests" / "data" / "voa_events.csv"
BOUNDS = (0.0, LEAST, 0.1, 0.2, 0.3, 0.5)
COLUMNS = ("article", "from", "to", "start", "end", "source", "root", "target", "standing")
Row = dict[str, str]
Place = tuple[str, int, int]


def table() -> dict[Place, list[Row]]:
    """The events by sentence; a sentence without any has an empty list."""
    found: dict[Place, list[Row]] = defaultdict(list)
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows = found[row["article"], int(row["from"]), int(row["to"])]
            if row["root"]:
                rows.append(row)
    return dict(found)


def is_same(code: str | None, wanted: str) -> bool:
    """True where an actor code is one of the wanted ones: the same country or body, and no other role.

    >>> is_same("USAGOV", "USA"), is_same("USACOP", "USAGOV|USAJUD"), is_same(None, "|CVL"), is_same("IRNGOVMIL", "IRNMIL")
    (True, False, True, True)
    """
    for each in wanted.split("|"):
        if not code or not each:
            if not code and not each:
                return True
            continue
        mine, theirs = set(grammar.chunks(code)), set(grammar.chunks(each))
        if mine <= theirs or theirs <= mine or (code[:3] == each[:3] and len(mine & theirs) > 1):
            return True
    return False


def is_right(report: CodedReport, row: Row) -> bool:
    """True where a report and a reader's event are the same."""
    return report.action[:2] in row["root"].split("|") and is_same(report.actor, row["source"]) and is_same(report.target, row["target"])


def reports(coded: list[Coded], places: dict[Place, list[Row]]) -> dict[Place, list[CodedReport]]:
    """The coder's reports in the sentences of the table."""
    by_id = {each.article.id: each.reports for each in coded}
    return {place: [r for r in by_id[place[0]] if place[1] <= r.start < place[2]] for place in places}


def shares(gold: dict[Place, list[Row]], made: dict[Place, list[CodedReport]]) -> dict[str, tuple[int, int]]:
    """Right ones and all: reports wholly right, their parts (beside the row that agrees in most), events found again."""
    counts: Counter[str] = Counter()
    for place, rows in gold.items():
        counts["reports"] += len(made[place])
        for report in made[place]:
            agreed = [
                (report.action[:2] in r["root"].split("|"), is_same(report.actor, r["source"]), is_same(report.target, r["target"]))
                for r in rows
            ]
            best = max(agreed, key=sum, default=(False, False, False))
            counts.update(part for part, right in zip(("root", "actor", "target"), best, strict=True) if right)
            counts["whole"] += all(best)
        events = [row for row in rows if row["standing"] == "found"]
        counts["events"] += len(events)
        counts["recalled"] += sum(any(is_right(report, row) for report in made[place]) for row in events)
    parts = {part: (counts[part], counts["reports"]) for part in ("whole", "actor", "target", "root")}
    return {"precision": parts.pop("whole"), "recall": (counts["recalled"], counts["events"]), **parts}


def list_misses(gold: dict[Place, list[Row]], made: dict[Place, list[CodedReport]], texts: dict[str, str]) -> None:
    """Print every report that no event matches, and every event that no report matches."""
    for place, rows in gold.items():
        wrong = [r for r in made[place] if not any(is_right(r, row) for row in rows)]
        missed = [row for row in rows if row["standing"] == "found" and not any(is_right(r, row) for r in made[place])]
        if wrong or missed:
            print(f"\n{place[0]} {place[1]}: {' '.join(texts[place[0]][place[1] : place[2]].split())}")
        for r in wrong:
            print(f"    reported {r.actor} {r.action} {r.target} [{r.actor_text} | {r.trigger} | {r.target_text}] {r.confidence}")
        for row in missed:
            print(f"    missed   {row['source']} {row['root']} {row['target']} [{texts[place[0]][int(row['start']) : int(row['end'])]}]")


def tell(gold: dict[Place, list[Row]], coded: list[Coded]) -> None:
    """Print the figures of articles that were coded with all reports kept, and with `--list` the misses of those that are given unasked."""
    made = reports(coded, gold)
    for least in BOUNDS:
        sure = {place: [r for r in inside if r.confidence >= least] for place, inside in made.items()}
        (right, total), (again, events) = list(shares(gold, sure).values())[:2]
        print(f"from {least}: precision {right / max(1, total):.2f} ({right}/{total}), recall {again / max(1, events):.2f}")
    made = {place: [r for r in inside if r.confidence >= LEAST] for place, inside in made.items()}
    for name, (right, total) in shares(gold, made).items():
        print(f"{name}: {right / max(1, total):.3f} ({right}/{total})")
    if "--list" in sys.argv:
        list_misses(gold, made, {each.article.id: each.article.text for each in coded})


def main() -> None:
    """Code the news and print the figures."""
    if not NEWS.is_file():
        print("the news is not there: nothing to code")
        return
    gold = table()
    ids = {place[0] for place in gold}
    tell(gold, list(code((article for article in read([NEWS]) if article.id in ids), min_confidence=0)))


if __name__ == "__main__":
    main()
