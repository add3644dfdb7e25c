"""The sentences as what the action model learns from: a text with source, target and trigger marked, and the code that is right there.

    python training/prepare.py INSTANCES.jsonl

Beside the events as they were written stand what the coder itself finds in the sentences, right or wrong, so that the model learns to tell
which of the coder's own candidates report an event; and events with their sides swapped, or with somebody else on one
side, which report none.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from eventcode.codebook.actions import intent
from eventcode.coder.actors import Actor, Actors, readers
from eventcode.coder.extract import candidates
from eventcode.coder.nlp import parse
from eventcode.coder.sieve import features

HERE = Path(__file__).parent
SEED = 20261122
TRIGGERS = HERE.parent / "schema" / "lexicon" / "triggers.csv"
EMPTY = frozenset(
    "be have do go come get let seem appear become remain want know think believe mean include live work start begin continue keep stand belong".split()
)
Row = dict[str, Any]
Span = list[int] | None


def rows(folder: Path = HERE / "sentences") -> list[Row]:
    """All sentences, in the order of the files."""
    return [
        _conventions(json.loads(line)) for file in sorted(folder.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()
    ]


def _conventions(row: Row) -> Row:
    """The row with the codebook's conventions applied throughout: what is planned is the intent or the threat."""
    for event in row["events"]:
        if event["code"] and event["status"] == "planned" and (announced := intent(event["code"])) != event["code"]:
            event["code"], event["status"] = announced, "asserted"
    return row


def is_held_out(text: str) -> bool:
    """True for one sentence in twelve, chosen by its words: those that calibrate and measure."""
    return hashlib.sha256(text.encode()).digest()[0] % 12 == 0


def _word(doc: Doc, span: list[int]) -> list[int]:
    """The word that carries a trigger of several words: the head of their parse."""
    found = doc.char_span(span[0], span[1], alignment_mode="expand")
    root = found.root if found is not None else None
    return [root.idx, root.idx + len(root)] if root is not None else span


def _meets(a: Span, b: Span) -> bool:
    return a is not None and b is not None and a[0] < b[1] and b[0] < a[1]


def _span(actors: Actors, actor: Actor | None) -> Span:
    if actor is None:
        return None
    last = actors.doc[actor.end - 1]
    return [actors.doc[actor.start].idx, last.idx + len(last)]


def _label(row: Row, source: Span, target: Span, trigger: Span) -> tuple[bool, str | None, str]:
    """Whether a candidate can be judged, the code that is right there (None where there is no event) and its status."""
    at = [e for e in row["events"] if _meets(e["trigger"], trigger)]
    same = [
        e
        for e in at
        if (source is None or _meets(e["source"], source)) and (target is None or e["target"] is None or _meets(e["target"], target))
    ]
    if same:
        return True, same[0]["code"], same[0]["status"]
    pair = [e for e in row["events"] if _meets(e["source"], source) and _meets(e["target"], target)]
    return not any(e["code"] for e in pair), None, "asserted"


def instances(row: Row, doc: Doc, chance: random.Random) -> Iterator[Row]:
    """What one sentence teaches."""
    base = {"text": row["text"], "held_out": is_held_out(row["text"])}
    listed = {(json.dumps(e["source"]), json.dumps(e["target"])) for e in row["events"] if e["code"]}
    for event in row["events"]:
        trigger = _word(doc, event["trigger"])
        codes = {e["code"] for e in row["events"] if e["source"] == event["source"] and e["target"] == event["target"]}
        one = {**base, "source": event["source"], "target": event["target"], "trigger": trigger}
        yield {**one, "code": event["code"], "status": event["status"], "kind": "written", "alone": len(codes) == 1}
        swapped = (json.dumps(event["target"]), json.dumps(event["source"]))
        if event["code"] and event["source"] and event["target"] and swapped not in listed and chance.random() < 0.6:
            yield {
                **one,
                "source": event["target"],
                "target": event["source"],
                "code": None,
                "status": "asserted",
                "kind": "swapped",
                "alone": False,
            }
        beside = [e[side] for e in row["events"] if _meets(e["trigger"], event["trigger"]) for side in ("source", "target")]
        others = [a for a in row["actors"] if not any(_meets(span, a) for span in beside)]
        if event["code"] and others and chance.random() < 0.7:
            wrong = {chance.choice(["source", "target"]): chance.choice(others)}
            yield {**one, **wrong, "code": None, "status": "asserted", "kind": "swapped", "alone": False}
    (actors,) = readers([doc], None)
    for sentence in actors.sentences:
        seen = set()
        for found in candidates(list(sentence), actors):
            trigger = [found.trigger.idx, found.trigger.idx + len(found.trigger)]
            source, target = _span(actors, found.actor), _span(actors, found.target)
            sure, code, status = _label(row, source, target, trigger)
            if sure and found.trigger.i not in seen:
                seen.add(found.trigger.i)
                one = {**base, "source": source, "target": target, "trigger": trigger, "code": code, "status": status}
                yield {
                    **one,
                    "kind": "found" if found.pattern.code else "open",
                    "alone": False,
                    "lexicon": found.pattern.code,
                    "features": features(found),
                }


def triggers(rows: list[Row], docs: list[Doc]) -> list[str]:
    """Lemmas of the words that report an event in the sentences, less the verbs that say nothing alone."""
    found: Counter[str] = Counter()
    for row, doc in zip(rows, docs, strict=True):
        for event in row["events"]:
            span = doc.char_span(*event["trigger"], alignment_mode="expand")
            if event["code"] and span is not None:
                found[span.root.lemma_.lower()] += 1
    return sorted(lemma for lemma, _ in found.items() if lemma.isalpha() and lemma not in EMPTY)


def main() -> None:
    """Write the instances, and the words that report events as a table of the lexicon."""
    chance = random.Random(SEED)  # noqa: S311 - a sample, no secret
    all_rows = rows(Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "sentences")
    docs = list(parse([row["text"] for row in all_rows]))
    TRIGGERS.write_text("\n".join(["lemma", *triggers(all_rows, docs)]) + "\n", encoding="utf-8")
    with Path(sys.argv[1]).open("w", encoding="utf-8") as file:
        for row, doc in zip(all_rows, docs, strict=True):
            file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in instances(row, doc, chance))


if __name__ == "__main__":
    main()
