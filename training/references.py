"""News items in which every actor is marked each time it is named or referred to, as they are written by hand and as rows with offsets.

    python training/references.py DRAFT.txt…      writes references/DRAFT.jsonl, or says which items cannot be read

An item is its sentences, one a line, and below them one line for each actor, with its code or `-`; a blank line ends it::

    [1 Kenya's interior minister] told [2 parliament] on Monday that [3 the police] had freed four hostages in Garissa.
    [1 She] said [3 officers] surrounded the house and that [0 it] was over in an hour.
    [2+3 Both] had been criticised before.
    @ 1 KENGOV
    @ 2 KENLEG
    @ 3 KENCOP

The number is the actor's in its whole item; `1+2` is several together; `0` says that a pronoun refers to no actor.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_MARK = re.compile(r"\[(\d+(?:\+\d+)*) ([^\[\]]+)\]")
_CODE = re.compile(r"@ (\d+) (-|(?:[A-Z]{3})+)")


def read(lines: list[str]) -> dict[str, Any]:
    """One item as a row: its text, the span and the actors of each mention, the code of each actor.

    Raises:
        ValueError: Where the item cannot be read, with what is wrong.

    >>> row = read(["[1 Chad] warned [2 Niger].", "[1 It] sent troops.", "@ 1 TCD", "@ 2 NER"])
    >>> row["text"], row["mentions"][2], row["actors"]
    ('Chad warned Niger. It sent troops.', {'span': [19, 21], 'actors': ['1']}, {'1': 'TCD', '2': 'NER'})
    """
    text, mentions, actors = "", [], {}
    for line in lines:
        if line.startswith("@"):
            hit = _CODE.fullmatch(line.strip())
            if hit is None:
                raise ValueError(f"{line!r} is not `@ NUMBER CODE`")
            actors[hit[1]] = None if hit[2] == "-" else hit[2]
            continue
        text += " " if text else ""
        last = 0
        for hit in _MARK.finditer(line):
            text += line[last : hit.start()]
            mentions.append({"span": [len(text), len(text) + len(hit[2])], "actors": [n for n in hit[1].split("+") if n != "0"]})
            text += hit[2]
            last = hit.end()
        text += line[last:]
        if "[" in text or "]" in text:
            raise ValueError(f"a bracket is not of the form [1 words]: {line!r}")
    unknown = {n for m in mentions for n in m["actors"]} - set(actors)
    if unknown:
        raise ValueError(f"no line with the code of {', '.join(sorted(unknown))}: {lines[0][:60]!r}")
    return {"text": text, "mentions": mentions, "actors": actors}


def convert(draft: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The items of a draft and what is wrong with those that cannot be read."""
    rows, wrong = [], []
    for block in re.split(r"\n\s*\n", draft.read_text(encoding="utf-8")):
        lines = [line.rstrip() for line in block.splitlines() if line.strip()]
        if not lines:
            continue
        try:
            rows.append(read(lines))
        except ValueError as error:
            wrong.append(f"{draft.name}: {error}")
    return rows, wrong


def main() -> None:
    """Write each draft as JSON lines."""
    failed = False
    for draft in map(Path, sys.argv[1:]):
        rows, wrong = convert(draft)
        failed = failed or bool(wrong)
        print("\n".join([*wrong, f"{draft.stem}.jsonl: {len(rows)} items, {sum(len(r['mentions']) for r in rows)} mentions"]))
        if wrong or not rows:
            continue
        (HERE / "references").mkdir(exist_ok=True)
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (HERE / "references" / f"{draft.stem}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(failed)


if __name__ == "__main__":
    main()
