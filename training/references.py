"""News items in which every actor is marked each time it is named or referred to, and what they report, as they are written by hand and as rows with offsets.

    python training/references.py DRAFT.txt…      writes references/DRAFT.jsonl, or says which items cannot be read

An item is its sentences, one a line, each with `||` and its events, and below them one line for each actor, with its code or `-`; a blank line ends it::

    [1 Kenya's interior minister] told [2 parliament] on Monday that [3 the police] had freed four hostages in Garissa. || 3>- 0841 freed / claimed
    [1 She] said [3 officers] surrounded the house and that [0 it] was over in an hour. || none
    [2+3 Both] had been criticised before. || ->2+3 111 criticised
    @ 1 KENGOV
    @ 2 KENLEG
    @ 3 KENCOP

The number is the actor's in its whole item; `1+2` is several together; `0` says that a pronoun refers to no actor. Events are written as in `markup.py`, with the numbers of the actors; `1@2` is the second
mention of an actor in its line, `*1` one that the line does not mention though a reader knows it, words in quotation marks are a side that stands in no bracket. An item without any `||` is marked for actors only.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_MARK = re.compile(r"\[(\d+(?:\+\d+)*) ([^\[\]]+)\]")
_CODE = re.compile(r"@ (\d+) (-|(?:[A-Z]{3})+)")
_EVENT = re.compile(
    r'(?P<source>[^<>]+?)(?P<arrow><>|>)(?P<target>(?:"[^"]+"|[^\s"])+) (?P<code>\d{2,4}) (?P<trigger>.+?)(?:#(?P<nth>\d))?(?: */ *(?P<status>\w+))?'
)
_NONE = re.compile(r"none (?P<trigger>.+?)(?:#(?P<nth>\d))?")
_SIDE = re.compile(r"(?P<unsaid>\*?)(?P<actors>\d+(?:\+\d+)*)(?:@(?P<nth>\d))?")
Row = dict[str, Any]


def rows(folder: Path = HERE / "references") -> list[Row]:
    """All items, in the order of the files."""
    return [json.loads(line) for file in sorted(folder.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]


def is_held_out(text: str) -> bool:
    """True for one item in five, chosen by its words: those that measure what is learned from the others."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 5 == 0


def _nth(line: str, words: str, nth: int, base: int) -> list[int]:
    """Where words stand in a line for the nth time, as whole words."""
    hits = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", line)]
    if len(hits) < nth:
        raise ValueError(f"{words!r} does not stand {nth} time(s) in {line[:60]!r}")
    return [base + hits[nth - 1], base + hits[nth - 1] + len(words)]


def _side(written: str, line: str, mentions: list[Row], base: int) -> list[Row]:
    """Who stands on one side of an event: the words, where the line has any, and the numbers."""
    found: list[Row] = []
    for one in re.findall(r'"[^"]+"|[^,]+', written.strip()):
        if one.strip() == "-":
            continue
        if one.startswith('"'):
            found.append({"span": _nth(line, one.strip('"'), 1, base), "actors": []})
            continue
        hit = _SIDE.fullmatch(one.strip())
        if hit is None:
            raise ValueError(f"side {one!r} of an event cannot be read")
        actors = hit["actors"].split("+")
        mine = [m for m in mentions if m["actors"] == actors] or [m for m in mentions if set(actors) <= set(m["actors"])]
        nth = int(hit["nth"] or 1)
        if not hit["unsaid"] and len(mine) < nth:
            raise ValueError(f"actor {one!r} is not mentioned in {line[:60]!r}")
        found.append({"span": None if hit["unsaid"] else mine[nth - 1]["span"], "actors": actors})
    return found


def _events(written: str, line: str, mentions: list[Row], base: int) -> list[Row]:
    """The events of a line."""
    found: list[Row] = []
    for part in (p.strip() for p in re.split(r";\s*", written)):
        if part in {"", "none"}:
            continue
        if hit := _NONE.fullmatch(part):
            found.append({"code": None, "trigger": _nth(line, hit["trigger"], int(hit["nth"] or 1), base)})
            continue
        hit = _EVENT.fullmatch(part)
        if hit is None:
            raise ValueError(f"event {part!r} cannot be read")
        found.append(
            {
                "code": hit["code"],
                "status": hit["status"] or "asserted",
                "trigger": _nth(line, hit["trigger"], int(hit["nth"] or 1), base),
                "source": _side(hit["source"], line, mentions, base),
                "target": _side(hit["target"], line, mentions, base),
                "both": hit["arrow"] == "<>",
            }
        )
    return found


def read(lines: list[str]) -> Row:
    """One item as a row: its text, the span and the actors of each mention, the code of each actor; where they are written, its sentences and events.

    Raises:
        ValueError: Where the item cannot be read, with what is wrong.

    >>> row = read(["[1 Chad] warned [2 Niger].", "[1 It] sent troops.", "@ 1 TCD", "@ 2 NER"])
    >>> row["text"], row["mentions"][2], row["actors"]
    ('Chad warned Niger. It sent troops.', {'span': [19, 21], 'actors': ['1']}, {'1': 'TCD', '2': 'NER'})
    >>> read(["[1 Chad] warned [2 Niger]. || 1>2 130 warned", "@ 1 TCD", "@ 2 NER"])["events"][0]["target"]
    [{'span': [12, 17], 'actors': ['2']}]
    """
    text, mentions, actors = "", [], {}
    sentences: list[list[int]] = []
    events: list[Row] = []
    is_marked = any("||" in line for line in lines)
    for whole in lines:
        line, _, written = (part.strip() for part in whole.partition("||"))
        if line.startswith("@"):
            hit = _CODE.fullmatch(line.strip())
            if hit is None:
                raise ValueError(f"{line!r} is not `@ NUMBER CODE`")
            actors[hit[1]] = None if hit[2] == "-" else hit[2]
            continue
        text += " " if text else ""
        last, base, before = 0, len(text), len(mentions)
        for hit in _MARK.finditer(line):
            text += line[last : hit.start()]
            mentions.append({"span": [len(text), len(text) + len(hit[2])], "actors": [n for n in hit[1].split("+") if n != "0"]})
            text += hit[2]
            last = hit.end()
        text += line[last:]
        if "[" in text or "]" in text:
            raise ValueError(f"a bracket is not of the form [1 words]: {line!r}")
        sentences.append([base, len(text)])
        events += _events(written, text[base:], mentions[before:], base)
    unknown = {n for m in mentions for n in m["actors"]} - set(actors)
    if unknown:
        raise ValueError(f"no line with the code of {', '.join(sorted(unknown))}: {lines[0][:60]!r}")
    row = {"text": text, "mentions": mentions, "actors": actors}
    return row | {"sentences": sentences, "events": events} if is_marked else row


def convert(draft: Path) -> tuple[list[Row], list[str]]:
    """The items of a draft and what is wrong with those that cannot be read."""
    made, wrong = [], []
    for block in re.split(r"\n\s*\n", draft.read_text(encoding="utf-8")):
        lines = [line.rstrip() for line in block.splitlines() if line.strip()]
        if not lines:
            continue
        try:
            made.append(read(lines))
        except ValueError as error:
            wrong.append(f"{draft.name}: {error}")
    return made, wrong


def main() -> None:
    """Write each draft as JSON lines."""
    failed = False
    for draft in map(Path, sys.argv[1:]):
        made, wrong = convert(draft)
        failed = failed or bool(wrong)
        print("\n".join([*wrong, f"{draft.stem}.jsonl: {len(made)} items, {sum(len(r['mentions']) for r in made)} mentions"]))
        if wrong or not made:
            continue
        (HERE / "references").mkdir(exist_ok=True)
        lines = [json.dumps(row, ensure_ascii=False) for row in made]
        (HERE / "references" / f"{draft.stem}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(failed)


if __name__ == "__main__":
    main()
