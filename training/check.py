"""Check the training sentences.

    python training/check.py [FOLDER]

Spans, codes and statuses must be valid, no sentence may stand twice or nearly so, nor repeat an example of the codebook, and every code must be
covered. Prints the figures of the data card; exits 1 and lists what is wrong otherwise.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markup import STATUSES

HERE = Path(__file__).parent
ACTIONS = HERE.parent / "schema" / "actions.csv"
FEWEST, NEAR, SHORTEST, LONGEST = 20, 0.6, 5, 60
Row = dict[str, Any]


def rows(folder: Path) -> Iterator[tuple[str, Row]]:
    """Place and content of every sentence."""
    for file in sorted(folder.glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield f"{file.name}:{number}", json.loads(line)


def shingles(row: Row) -> frozenset[tuple[str, ...]]:
    """Runs of three words, all actors as one word: what stays alike where only names were changed."""
    text = row["text"]
    for start, end in sorted(row.get("actors", ()), reverse=True):
        text = text[:start] + "X" + text[end:]
    words = re.findall(r"\w+", text.lower())
    return frozenset(tuple(words[i : i + 3]) for i in range(len(words) - 2))


def faults(row: Row, codes: set[str]) -> Iterator[str]:
    """What is wrong with one sentence."""
    text = row["text"]
    if not SHORTEST <= len(text.split()) <= LONGEST:
        yield f"{len(text.split())} words, expected {SHORTEST} to {LONGEST}"
    spans = [*row["actors"], *(e[side] for e in row["events"] for side in ("source", "target", "trigger") if e[side])]
    for start, end in spans:
        word = text[start:end] if 0 <= start < end <= len(text) else ""
        if not word or word != word.strip():
            yield f"span {start}-{end} holds {word!r}, expected words of the sentence"
        elif re.match(r"\w\w", text[max(0, start - 1) : start + 1]) or re.match(r"\w\w", text[end - 1 : end + 1]):
            yield f"span {start}-{end} cuts a word: {word!r}"
    for event in row["events"]:
        if event["code"] is not None and event["code"] not in codes:
            yield f"unknown code {event['code']!r}"
        if event["status"] not in STATUSES:
            yield f"unknown status {event['status']!r}"
        if event["source"] is not None and event["source"] == event["target"]:
            yield "one actor on both sides"


def alike(found: list[tuple[str, Row]]) -> Iterator[tuple[str, str]]:
    """Places of sentences that share more than `NEAR` of their runs of words, with the earlier one."""
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    sets: list[frozenset[tuple[str, ...]]] = []
    for place, row in found:
        own = shingles(row)
        shared = Counter(n for run in own for n in index[run])
        for n, count in shared.most_common(3):
            if count > NEAR * len(own | sets[n]):
                yield place, found[n][0]
                break
        for run in own:
            index[run].append(len(sets))
        sets.append(own)


def codebook() -> tuple[set[str], list[tuple[str, Row]]]:
    """The codes, and the codebook's examples and decoys, which test the model and may not teach it."""
    with ACTIONS.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    texts = [(f"actions.csv {r['code']} {column}", {"text": r[column]}) for r in table for column in ("example", "decoy") if r[column]]
    return {r["code"] for r in table if len(r["code"]) > 2}, texts


def main() -> None:
    """Check, print figures, exit 1 where something is wrong."""
    found = list(rows(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "sentences"))
    codes, examples = codebook()
    wrong = [f"{place}: {fault}" for place, row in found for fault in faults(row, codes)]
    wrong += [f"{later}: nearly the same as {earlier}" for later, earlier in alike([*examples, *found]) if not later.startswith("actions")]
    coded = [{e["code"] for e in row["events"] if e["code"]} for _, row in found]
    counts = Counter(code for each in coded for code in each)
    wrong += [f"code {code}: {counts[code]} sentences, expected {FEWEST}" for code in sorted(codes) if counts[code] < FEWEST]
    baited = [any(e["code"] is None for e in row["events"]) for _, row in found]
    undone = [
        any(e["status"] in {"denied", "hypothetical"} or (e["code"] or "")[:2] in {"10", "12"} for e in row["events"]) for _, row in found
    ]
    lengths = sorted(len(row["text"].split()) for _, row in found)
    several = sum(len({tuple(e["trigger"]) for e in row["events"] if e["code"]}) > 1 for _, row in found)
    total = len(found)
    print(f"sentences {total}, codes {len(counts)} of {len(codes)}, fewest for a code {min(counts[c] for c in codes)}")
    print(f"words {lengths[0]} to {lengths[-1]}, median {lengths[total // 2]}; two events or more {several / total:.1%}")
    print(f"without any event {sum(not c for c in coded) / total:.1%}, with a marked bait {sum(baited) / total:.1%}")
    near = sum(not c or b or u for c, b, u in zip(coded, baited, undone, strict=True)) / total
    print(f"near misses (no event, bait, refused, demanded, denied or only possible) {near:.1%}")
    print("by root: " + " ".join(f"{root} {n}" for root, n in sorted(Counter(c[:2] for each in coded for c in each).items())))
    print("\n".join(wrong[:100]) + (f"\n… {len(wrong) - 100} more" if len(wrong) > 100 else ""))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
