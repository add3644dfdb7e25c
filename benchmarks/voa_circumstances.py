"""Status, date and country of the place in broadcast news, as careful readers have them.

The readers (a language model with docs/coding-rules.md) saw a sentence, its trigger and what stands before, but not what the coder says; the second sample was read after the coder was tuned to
the rules with the first in view. The texts have lost many full stops. Needs the articles beside the project; prints shares right with 95 % intervals, and with --list every difference.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

from eventcode.coder.articles import read
from eventcode.coder.code import CodedReport, code
from eventcode.publish.accuracy import wilson

ROOT = Path(__file__).resolve().parents[1]
NEWS = ROOT.parent / "shared" / "news" / "voa.jsonl"
GOLD = ROOT / "tests" / "data" / "voa_circumstances.csv"
COLUMNS = ("status", "date", "country")


def judged(report: CodedReport, gold: dict[str, str]) -> dict[str, bool]:
    """Which columns of a report are as a reader has them; alternatives are divided by a bar."""
    said = {"status": report.status, "date": str(report.date or ""), "country": report.country or "-"}
    return {name: said[name] in gold[name].split("|") for name in COLUMNS}


def main() -> None:
    """Code the articles and print how often the coder says what the readers do."""
    if not NEWS.is_file():
        print(f"no articles at {NEWS.name}")
        return
    with GOLD.open(encoding="utf-8", newline="") as file:
        gold = {(row["article"], int(row["start"])): row for row in csv.DictReader(file)}
    wanted = {article for article, _ in gold}
    right: dict[str, list[dict[str, bool]]] = defaultdict(list)
    for coded in code(a for a in read([NEWS]) if a.id in wanted):
        seen: set[int] = set()
        for report in coded.reports:
            row = gold.get((coded.article.id, report.start))
            if row is None or report.start in seen:
                continue
            seen.add(report.start)
            right[row["sample"]].append(found := judged(report, row))
            if "--list" in sys.argv and not all(found.values()):
                wrong = ", ".join(f"{name}: wanted {row[name]}" for name in COLUMNS if not found[name])
                print(f"{coded.article.id} {report.start} {report.trigger}: {report.status} {report.date} {report.country}; {wrong}")
    right["both"] = [found for sample in sorted(right) for found in right[sample]]
    for sample, found in right.items():
        for name in COLUMNS:
            hits = sum(each[name] for each in found)
            low, high = wilson(hits, len(found))
            print(f"sample {sample}: {name} {hits / len(found):.3f} ({hits}/{len(found)}; {low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
