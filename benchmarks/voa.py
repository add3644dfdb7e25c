"""Actors in 200 sentences of Voice of America news, each judged by reading.

    python benchmarks/voa.py sample   write the sentences and what the coder reads in them, to be judged
    python benchmarks/voa.py          figures from the judged table in tests/data, and how the coder of today differs from it

The sentences are drawn by a fixed seed from ../shared/news/voa.jsonl (public domain); where it is absent only the table is scored.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from eventcode.coder.actors import readers
from eventcode.coder.articles import read
from eventcode.coder.nlp import parse
from eventcode.coder.text import clean, paragraphs

if TYPE_CHECKING:
    from spacy.tokens import Token

ROOT = Path(__file__).resolve().parents[1]
NEWS = ROOT.parent / "shared" / "news" / "voa.jsonl"
TABLE = ROOT / "tests" / "data" / "voa_actors.csv"
COLUMNS = ("article", "sentence", "text", "words", "code", "how", "country", "role", "note")
SEED, SIZE, SHORTEST, LONGEST = 20261121, 200, 6, 45
_DOERS = {"nsubj", "nsubjpass", "dobj", "dative", "poss"}
_PRONOUNS = {"he", "she", "him", "her", "his", "it", "they", "i", "we", "us"}
_TOWARDS = {"by", "with", "against", "to", "between", "on"}


def in_place(token: Token) -> bool:
    """True where a noun stands where actors and targets stand: subject, object, owner, or after "by", "with", "against", "to", "on"."""
    while token.dep_ == "conj":
        token = token.head
    return token.dep_ in _DOERS or (token.dep_ == "pobj" and token.head.lower_ in _TOWARDS)


def sentences() -> Iterator[dict[str, str]]:
    """What the coder reads in every sentence of fitting length: one row an actor, one with an empty code where there is none."""
    for article in read([NEWS]):
        text, number = clean(article.text), count(1)
        for actors in readers(parse([text.clean[a:b] for a, b in paragraphs(text.clean)]), article.published):
            for sentence in actors.sentences:
                place = {"article": article.id, "sentence": str(next(number)), "text": " ".join(sentence.text.split())}
                if SHORTEST <= len(sentence) <= LONGEST:
                    found = [
                        (actors.text(a), a.code, a.how)
                        for token in sentence
                        if token.pos_ in {"NOUN", "PROPN", "PRON"} and in_place(token)
                        for a in actors.coded_one(token)
                        if a.how not in {"modifier", "place", "object"}  # these say whose a thing is, not who acts
                    ]
                    for words, code, how in dict.fromkeys(found) or [("", "", "")]:
                        yield {**place, "words": words, "code": code or "", "how": how, "country": "", "role": "", "note": ""}
                actors.remember(sentence)


def sample() -> list[dict[str, str]]:
    """The rows of the drawn sentences: those of the judged table, also where sentences are cut otherwise today; else drawn by the seed."""
    rows = list(sentences())
    if TABLE.is_file():
        drawn = {(row["article"], row["sentence"], row["text"]) for row in table()}
        return [
            {**row, "sentence": number, "text": text}
            for row in rows
            for article, number, text in drawn
            if row["article"] == article and (row["text"] in text or text in row["text"])
        ]
    places = sorted({(row["article"], int(row["sentence"])) for row in rows})
    chosen = set(random.Random(SEED).sample(places, SIZE))  # noqa: S311 - a sample, no secret
    return [row for row in rows if (row["article"], int(row["sentence"])) in chosen]


def table() -> list[dict[str, str]]:
    """The judged rows."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_reference(row: dict[str, str]) -> bool:
    """True for a pronoun or a description that only refers to somebody."""
    return row["how"] in {"pronoun", "reference"} or row["words"].lower() in _PRONOUNS


def shares(rows: list[dict[str, str]]) -> dict[str, tuple[int, int]]:
    """Right ones and all: countries given, roles, references resolved, named political actors recalled; last, codes that lack a known country.

    A code of a role alone gives no country: where the reader knows it, the country is "missing", neither right nor wrong. A row without code
    but with words is an actor that stands outside the places that are read here; "right" where the coder reads it when asked, else missed.
    """
    found = [row for row in rows if row["code"]]
    given = [row for row in found if row["country"] != "missing"]
    named = [row for row in found if row["how"] in {"name", "agent", "context"} and row["country"] != "wrong"]
    referred = [row for row in found if is_reference(row)]
    others = [row for row in rows if row["words"] and not row["code"]]
    read_there = sum(row["country"] == "right" for row in others)
    return {
        "country": (sum(row["country"] == "right" for row in given), len(given)),
        "role": (sum(row["role"] == "right" for row in found), len(found)),
        "reference": (sum(row["country"] != "wrong" and "referent wrong" not in row["note"] for row in referred), len(referred)),
        "recall": (len(named) + read_there, len(named) + len(others)),
        "country missing": (len(found) - len(given), len(found)),
    }


def read_elsewhere(judged: list[dict[str, str]]) -> tuple[int, int]:
    """How many of the actors that stand outside the places read here, and that the table calls right, the coder reads today; and all of them."""
    wanted = [row for row in judged if row["words"] and not row["code"] and row["country"] == "right"]
    done: set[int] = set()
    for article in read([NEWS]):
        own = [(n, row) for n, row in enumerate(wanted) if row["article"] == article.id]
        text = clean(article.text)
        for actors in readers(parse([text.clean[a:b] for a, b in paragraphs(text.clean)]), article.published) if own else ():
            for sentence in actors.sentences:
                line = " ".join(sentence.text.split())
                for n, row in own:
                    if line in row["text"] or row["text"] in line:
                        codes = {a.code for t in sentence if t.text in row["words"] and len(t) > 1 for a in actors.coded_one(t)}
                        done |= {n} if row["note"].rsplit(" ", 1)[-1] in codes else set()
                actors.remember(sentence)
    return len(done), len(wanted)


def main() -> None:
    """Write the sample, or score the table."""
    if "sample" in sys.argv:
        with Path(sys.argv[-1]).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(sample())
        return
    judged = table()
    for name, (right, total) in shares(judged).items():
        print(f"{name}: {right / max(1, total):.3f} ({right}/{total})")
    if NEWS.is_file():
        then = {(r["article"], r["sentence"], r["words"], r["code"]) for r in judged if r["code"]}
        now = {(r["article"], r["sentence"], r["words"], r["code"]) for r in sample() if r["code"]}
        print("outside an actor's place, read today: {} of {}".format(*read_elsewhere(judged)))
        print(f"the coder of today: {len(now - then)} rows that were not judged, {len(then - now)} judged rows that it no longer gives")
    else:
        print("the news is not there: only the table was scored")


if __name__ == "__main__":
    main()
