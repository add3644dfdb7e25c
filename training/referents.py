"""Learn whom "he", "they", "its" and "the group" stand for, from the news items in `references/`.

    python training/referents.py     (in .venv; two minutes)

A word's candidates are those that the coder itself sees before it; right is one whose mention is marked with the same actors as the word. One item in five is held out
and measured, then all are learned from.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator

import references
from ranking import Example, learned

from eventcode.coder.actors import Actors
from eventcode.coder.nlp import parse
from eventcode.coder.ranking import FOLDER
from eventcode.coder.referents import Asked, Mention, Paragraph, Told, class_of

DECAY = 3e-4
FILE = FOLDER / "referents.json"
Marks = dict[int, frozenset[str]]


def items() -> Iterator[tuple[str, Actors, Marks]]:
    """Each item with its actors and, by word, the actors whom the mention of which it is the head stands for."""
    rows = references.rows()
    for row, doc in zip(rows, parse(row["text"] for row in rows), strict=True):
        marks: Marks = {}
        for mention in row["mentions"]:
            span = doc.char_span(*mention["span"], alignment_mode="expand")
            marks.setdefault(span.root.i, frozenset(mention["actors"]))
        actors = Actors(doc, None)
        actors.dress(actors.uniformed())
        yield row["text"], actors, marks


def meant(mention: Mention, marks: Marks) -> frozenset[str]:
    """The actors that a mention stands for; none where one of those joined is not marked."""
    words = mention.joined or (mention.word,)
    found = [marks.get(word.i, frozenset()) for word in words]
    return frozenset().union(*found) if all(found) else frozenset()


def right(asking: Asked, marks: Marks) -> list[bool] | None:
    """Of each candidate, and last of none, whether a word stands for it; None where the writer did not mark the word."""
    if asking.word.i not in marks:
        return None if asking.about not in {"noun", "name"} else [*(False for _ in asking.among), True]
    actors = marks[asking.word.i]
    hits = [bool(actors) and meant(m, marks) == actors for m in asking.among]
    return [*hits, not any(hits)]


def examples(actors: Actors, marks: Marks) -> Iterator[Example]:
    """The words of an item that are asked about: features of each candidate, and which are right."""
    asking = Paragraph(actors.doc, actors.kind, Told(), reader=actors).asked()
    try:
        one = next(asking)
        while True:
            hits = right(one, marks)
            chain = None
            if hits is not None and one.among:
                yield one.features, hits
                chain = next((m.chain for m, hit in zip(one.among[::-1], hits[-2::-1], strict=True) if hit), None)
            one = asking.send(chain)
    except StopIteration:
        return


def main() -> None:
    """Learn, measure, learn from all, write."""
    found = [(text, actors, marks, list(examples(actors, marks))) for text, actors, marks in items()]
    held = [references.is_held_out(text) for text, *_ in found]
    FILE.write_text(
        json.dumps(learned([e for (*_, made), out in zip(found, held, strict=True) if not out for e in made], DECAY)), encoding="utf-8"
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (_, actors, marks, _), out in zip(found, held, strict=True):
        if out:
            told = Told()
            links = Paragraph(actors.doc, actors.kind, told, reader=actors).resolved()
            for i, actor in marks.items():
                word = actors.doc[i]
                about = class_of(word) or ("name" if word.pos_ == "PROPN" else "noun")
                if actor and (about not in {"noun", "name"} or i in links):
                    counts[about]["asked"] += 1
            for i, number in links.items():
                chain = told.of(number)
                about = class_of(actors.doc[i]) or ("name" if actors.doc[i].pos_ == "PROPN" else "noun")
                about = "new name" if about == "name" and chain[0].word.pos_ != "PROPN" else about
                counts[about]["said"] += 1
                counts[about]["right"] += bool(marks.get(i)) and meant(chain[0], marks) == marks[i]
    for about, of in sorted(counts.items()):
        sys.stdout.write(f"held out, {about}: {of['right']} of {of['said']} right, {of['asked']} asked\n")
    FILE.write_text(json.dumps(learned([e for *_, made in found for e in made], DECAY), indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
