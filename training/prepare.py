"""The sentences as what the action model learns from.

    python training/prepare.py INSTANCES.jsonl

Each row is a sentence with its words that may report an event or name an actor (first and last character), read by the coder's own code:
`triggers` says of each of the former which code is right there, `sides` of each trigger and actor whether it is the source or the target,
`pairs` holds the pairs of actors between which there is one action only. Words stand as numbers of their places in `words`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, Token

from eventcode.codebook.actions import intent
from eventcode.coder.extract import between_given
from eventcode.coder.nlp import parse
from eventcode.coder.status import frame
from eventcode.coder.words import Sides, listed, may_act, may_report, word

HERE = Path(__file__).parent
Row = dict[str, Any]


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


def _root(doc: Doc, span: list[int] | None) -> Token | None:
    """The word that leads some words: the head of their parse."""
    found = doc.char_span(span[0], span[1], alignment_mode="expand") if span is not None else None
    return found.root if found is not None else None


class Sentence:
    """One sentence on its way to an instance."""

    def __init__(self, row: Row, doc: Doc) -> None:
        self.row, self.doc = row, doc
        self.events = [
            {**event, **{side: _root(doc, event[side]) for side in ("source", "target", "trigger")}, "spans": event}
            for event in row["events"]
        ]
        reporting = {t.i: t for t in doc if may_report(t)} | {e["trigger"].i: e["trigger"] for e in self.events}
        acting = {t.i: t for t in doc if may_act(t)}
        acting |= {e[side].i: e[side] for e in self.events for side in ("source", "target") if e[side] is not None}
        around = frame(list(doc))
        self.reporting = [word(t, around) for _, t in sorted(reporting.items())]
        self.acting = [t for _, t in sorted(acting.items())]
        self.places = {i: n for n, i in enumerate(sorted(reporting.keys() | acting.keys()))}

    def at(self, token: Token) -> list[Row]:
        """The events that a word reports."""
        return [e for e in self.events if e["trigger"].i == token.i and e["code"]]

    def is_marked(self, token: Token) -> bool:
        """True for a word that the writer marked as an actor."""
        return any(a < token.idx + len(token) and token.idx < b for a, b in self.row["actors"])

    def triggers(self) -> Iterator[Row]:
        """Each word that may report an event."""
        for each in self.reporting:
            here = self.at(each.token)
            yield {
                "word": self.places[each.token.i],
                "code": here[0]["code"] if here else None,
                "status": here[0]["status"] if here else "asserted",
                "features": each.features(),
            }

    def sides(self) -> Iterator[Row]:
        """Each word that may name an actor, beside each trigger."""
        for each in self.reporting:
            here = self.at(each.token)
            if not here:
                continue
            around = Sides(each)
            known = {side: {e[side].i for e in here if e[side] is not None} for side in ("source", "target")}
            for token in self.acting:
                if token.pos_ == "PRON" and not self.is_marked(token):
                    continue  # writers often mark the name that a pronoun stands for and leave the pronoun
                if token.i != each.token.i or any(token.i in known[side] for side in known):
                    yield {
                        "trigger": self.places[each.token.i],
                        "word": self.places[token.i],
                        "source": int(token.i in known["source"]),
                        "target": int(token.i in known["target"]),
                        "features": around.features(token),
                    }

    def pairs(self) -> Iterator[Row]:
        """Pairs between which there is one action."""
        codes: dict[str, set[str]] = {}
        rows: dict[str, Row] = {}
        for event in self.events:
            if event["code"]:
                spans = event["spans"]
                key = json.dumps([spans["source"], spans["target"]])
                codes.setdefault(key, set()).add(event["code"])
                rows[key] = event
        for key, event in rows.items():
            if len(codes[key]) == 1:
                spans = event["spans"]
                found = between_given(list(self.doc), event["source"], event["target"])
                yield {
                    "source": spans["source"],
                    "target": spans["target"],
                    "code": event["code"],
                    "status": event["status"],
                    "features": listed(found.pattern),
                }

    def instance(self) -> Row:
        """What the sentence teaches."""
        tokens = [self.doc[i] for i in self.places]
        return {
            "text": self.row["text"],
            "held_out": is_held_out(self.row["text"]),
            "words": [[t.idx, t.idx + len(t)] for t in tokens],
            "triggers": list(self.triggers()),
            "sides": list(self.sides()),
            "pairs": list(self.pairs()),
        }


def main() -> None:
    """Write the instances."""
    all_rows = rows(Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "sentences")
    docs = parse([row["text"] for row in all_rows])
    with Path(sys.argv[1]).open("w", encoding="utf-8") as file:
        file.writelines(
            json.dumps(Sentence(row, doc).instance(), ensure_ascii=False) + "\n" for row, doc in zip(all_rows, docs, strict=True)
        )


if __name__ == "__main__":
    main()
