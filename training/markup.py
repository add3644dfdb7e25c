"""Sentences as they are written by hand, one a line, and as rows with character offsets.

    python training/markup.py DRAFT.txt…      writes sentences/DRAFT.jsonl, or says which lines cannot be read

A line is the sentence with its actors in brackets, `||`, and its events::

    [1 Russia] accused [2 Ukraine] of shelling a depot in Belgorod. || 1>2 112 accused
    Envoys of [1 Chad] and [2 Niger] met in Zinder. || 1<>2 046 met
    [1 The president] recalled how [2 the Ottomans] shelled the port in 1915. || 2>- none shelled
    Rain fell on the capital all week. || none

An event is `SOURCE>TARGET CODE TRIGGER`, with `-` for a side that the sentence does not name, `1,2>3` where several stand on one side, `<>` where each does it to the other,
`/ STATUS` behind the trigger where the status is not `asserted`, and `#2` behind the trigger's words where their second occurrence is meant.
The code `none` says that these words report no event between the two. Several events stand apart by `;`.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Container
from itertools import product
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

STATUSES = ("asserted", "claimed", "denied", "planned", "hypothetical", "historical")
_ACTOR = re.compile(r"\[(\d) ([^\[\]]+)\]")
_EVENT = re.compile(
    r"(?P<source>\d(?:,\d)*|-)(?P<arrow><>|>)(?P<target>\d(?:,\d)*|-) (?P<code>\w+) (?P<trigger>.+?)(?:#(?P<nth>\d))?(?: */ *(?P<status>\w+))?"
)


def _plain(marked: str) -> tuple[str, dict[str, list[int]]]:
    """The sentence without its brackets, and where each actor stands in it."""
    text, actors, last = "", {}, 0
    for hit in _ACTOR.finditer(marked):
        text += marked[last : hit.start()]
        if hit[1] in actors:
            raise ValueError(f"actor {hit[1]} is marked twice")
        actors[hit[1]] = [len(text), len(text) + len(hit[2])]
        text += hit[2]
        last = hit.end()
    text += marked[last:]
    if "[" in text or "]" in text:
        raise ValueError("a bracket is not closed or not of the form [1 words]")
    return text, actors


def _nth(text: str, words: str, nth: int) -> list[int]:
    """Where the words stand for the nth time, as whole words."""
    hits = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    if len(hits) < nth:
        raise ValueError(f"trigger {words!r} stands {len(hits)} times in the sentence")
    return [hits[nth - 1], hits[nth - 1] + len(words)]


def read(line: str, codes: Container[str]) -> dict[str, Any]:
    """One line as a row: text, actors and events with offsets into the text.

    Raises:
        ValueError: Where the line cannot be read, with what is wrong.

    >>> row = read("[1 Chad] warned [2 Niger]. || 1>2 130 warned", {"130"})
    >>> row["text"], row["events"]
    ('Chad warned Niger.', [{'source': [0, 4], 'target': [12, 17], 'trigger': [5, 11], 'code': '130', 'status': 'asserted'}])
    """
    marked, bar, notes = line.partition("||")
    if not bar:
        raise ValueError("no || between sentence and events")
    text, actors = _plain(marked.strip())
    events = []
    for note in [n.strip() for n in notes.split(";")]:
        if note == "none":
            continue
        hit = _EVENT.fullmatch(note)
        if hit is None:
            raise ValueError(f"event {note!r} is not SOURCE>TARGET CODE TRIGGER")
        code, status = hit["code"], hit["status"] or "asserted"
        if code != "none" and code not in codes:
            raise ValueError(f"unknown code {code!r}")
        if status not in STATUSES:
            raise ValueError(f"unknown status {status!r}")
        sides = [hit[side].split(",") for side in ("source", "target")]
        for side in {each for several in sides for each in several}:
            if side != "-" and side not in actors:
                raise ValueError(f"no actor {side} in the sentence")
        if set(sides[0]) & set(sides[1]):
            raise ValueError(f"event {note!r} has one actor on both sides")
        trigger = _nth(text, hit["trigger"].strip(), int(hit["nth"] or 1))
        for source, target in (pair for ways in ([sides, sides[::-1]] if hit["arrow"] == "<>" else [sides]) for pair in product(*ways)):
            spans = {"source": actors.get(source), "target": actors.get(target), "trigger": trigger}
            events.append({**spans, "code": None if code == "none" else code, "status": status})
    return {"text": text, "actors": list(actors.values()), "events": events}


def convert(draft: Path, codes: Container[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The sentences of a draft, each once, and what is wrong with its lines."""
    found: dict[str, dict[str, Any]] = {}
    wrong = []
    for number, line in enumerate(draft.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            row = read(line.strip(), codes)
        except ValueError as error:
            wrong.append(f"{draft}:{number}: {error}")
        else:
            found.setdefault(row["text"], row)
    return list(found.values()), wrong


def main() -> None:
    """Write each draft as JSON lines."""
    with (HERE.parent / "schema" / "actions.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["code"] for row in csv.DictReader(file) if len(row["code"]) > 2}
    failed = False
    for draft in map(Path, sys.argv[1:]):
        rows, wrong = convert(draft, codes)
        failed = failed or bool(wrong)
        print("\n".join([*wrong, f"{draft.stem}.jsonl: {len(rows)} sentences"]))
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (HERE / "sentences" / f"{draft.stem}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(failed)


if __name__ == "__main__":
    main()
