"""Noun phrases as news writes them, and the actors that they name.

`tests/data/phrases.csv` was written from the codebook and the dated lists, not from what the coder prints. A row whose column `known`
is not empty is not read correctly yet: it keeps the right expectation, the column says why it fails, and the row must go on failing
until the column is emptied. `python tests/test_actor_phrases.py` prints the share of such rows and their causes.
"""

import csv
import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from eventcode import resources
from eventcode.coder.actors import readers
from eventcode.coder.nlp import pipeline
from eventcode.model import grammar

FRAME = "{phrase} criticized the plan."
LARGEST_SHARE = 0.06
BARS = {
    "international organizations": 150,
    "NGOs and movements": 60,
    "armed groups and separatist bodies": 250,
    "multinationals": 40,
    "media": 80,
}
with (Path(__file__).parent / "data" / "phrases.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def framed(phrase):
    """A text with the phrase in it, and where the phrase begins and ends: a "[[phrase]]" has its text already, others get the frame."""
    if "[[" in phrase:
        before, rest = phrase.split("[[")
        inside, after = rest.split("]]")
        return before + inside + after, len(before), len(before) + len(inside)
    return FRAME.format(phrase=phrase[0].upper() + phrase[1:]), 0, len(phrase.rstrip(","))


def codes(phrase, day=""):
    """The codes of the actors that a phrase names, in the order of the alphabet; "-" for none."""
    text, start, end = framed(phrase)
    doc = pipeline()(text)
    span = doc.char_span(start, end, alignment_mode="expand")
    (reader,) = readers([doc], date.fromisoformat(day) if day else None)
    for sentence in doc.sents:
        if sentence.end <= span.start:
            reader.remember(sentence)
    actors = reader.coded([span.root])
    return " ".join(sorted({actor.code for actor in actors})) or "-"


def wanted(row):
    return " ".join(sorted(row["expected"].split()))


def _parameter(row):
    marks = [pytest.mark.xfail(strict=True, reason=row["known"])] if row["known"] else []
    return pytest.param(row, id=" ".join(part for part in (row["phrase"], row["date"][:4]) if part), marks=marks)


@pytest.mark.parametrize("row", [_parameter(row) for row in ROWS])
def test_phrase(row):
    assert codes(row["phrase"], row["date"]) == wanted(row)


def test_the_table_is_in_order():
    pairs = Counter((row["phrase"], row["date"]) for row in ROWS)
    assert [pair for pair, times in pairs.items() if times > 1] == []
    assert [row["known"] for row in ROWS if row["known"] and not row["known"].startswith("fails: ")] == []
    bad = [code for row in ROWS for code in row["expected"].split() if code != "-" and not grammar.is_role_only(code)]
    assert [code for code in bad if not grammar.is_actor(code)] == []


def test_few_rows_are_known_to_fail():
    assert len(ROWS) >= 420
    assert failing_share() <= LARGEST_SHARE


def failing_share():
    """Share of the rows that are known to fail."""
    return sum(bool(row["known"]) for row in ROWS) / len(ROWS)


def lengths():
    """How many organizations and groups the lists know, by kind; a name with several periods counts once."""
    organizations = {(row["code"], row["name"]) for row in resources.rows("actors/organizations")}
    groups = {(row["code"], re.sub(r" \(.*", "", row["name"])) for row in resources.rows("actors/groups")}
    armed = {name for code, name in groups if code.startswith("IMG") or code[-3:] in {"REB", "INS", "SEP", "UAF"}}
    counts = (
        sum(code.startswith("IGO") for code, _ in organizations),
        sum(code.startswith(("NGO", "NGM")) for code, _ in organizations),
        len(armed),
        sum(code.startswith("MNC") for code, _ in organizations),
        sum(code.endswith("MED") and not code.startswith("NGO") for code, _ in organizations),
    )
    return dict(zip(BARS, counts, strict=True))


def test_the_lists_are_long_enough():
    assert {kind: count for kind, count in lengths().items() if count < BARS[kind]} == {}


def report():
    """The share of failing rows and their causes, and how long the lists are, as text."""
    causes = Counter(row["known"] for row in ROWS if row["known"])
    lines = [f"{len(ROWS)} phrases, {failing_share():.1%} known to fail"]
    lines += [f"{times:4} {cause}" for cause, times in causes.most_common()]
    return "\n".join([*lines, *(f"{count:4} {kind}" for kind, count in lengths().items())])


if __name__ == "__main__":
    sys.stdout.write(report() + "\n")
