"""Status, dates, places and figures on tables of sentences written for the purpose by readers who had only the written rules (docs/coding-rules.md).

A row with a reason in `known` is a failure that is known: it must fail, so that the list cannot rot. At least 95 % of each table must be right.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from eventcode.coder.actors import readers
from eventcode.coder.circumstances import counted
from eventcode.coder.nlp import parse
from tests.judged import dated, placed, stated

DATA = Path(__file__).parent / "data"
PUBLISHED = date(2023, 6, 15)
"""Day of publication of the sentences on status."""
KINDS = ("deaths", "wounded", "detained", "displaced", "protesters")
KILOMETRES = {1: 45, 2: 45, 3: 100, 4: 280}
"""How far from the gold a place may lie, by its precision: the readers knew coordinates from memory."""


def rows(table):
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases(table):
    marks = [[pytest.mark.xfail(reason=row["known"], strict=True)] if row["known"] else [] for row in rows(table)]
    return [pytest.param(row, marks=mark, id=f"{n}") for n, (row, mark) in enumerate(zip(rows(table), marks, strict=True), start=2)]


@pytest.mark.parametrize(("table", "least"), [("statuses", 250), ("dates", 200), ("places", 150), ("figures", 120)])
def test_the_tables_are_large_and_few_failures_are_known(table, least):
    found = rows(table)
    assert len(found) >= least
    assert len({row["sentence"] for row in found}) == len(found)
    assert sum(bool(row["known"]) for row in found) <= 0.05 * len(found)


@pytest.mark.parametrize("row", cases("statuses"))
def test_status_and_whose_word(row):
    assert stated(row["sentence"], row["trigger"], PUBLISHED) == (row["status"], row["attributed_to"])


@pytest.mark.parametrize("row", cases("dates"))
def test_dates(row):
    found = dated(row["sentence"], row["trigger"], date.fromisoformat(row["published"]) if row["published"] else None)
    as_text = tuple(str(value) if value else "" for value in (found.day, found.last, found.precision, found.basis))
    assert as_text == (row["date"], row["date_end"], row["precision"], row["basis"])


@pytest.mark.parametrize("row", cases("places"))
def test_places(row):
    found = placed(row["sentence"], row["trigger"], row["home"].split())
    if not row["precision"]:
        assert found is None
        return
    assert found is not None
    assert (found.country or "", found.precision) == (row["country"], int(row["precision"]))
    if found.latitude is not None and row["latitude"]:
        apart = max(abs(found.latitude - float(row["latitude"])), abs(found.longitude - float(row["longitude"])))
        assert apart * 111 < KILOMETRES.get(found.precision, 1000)


def as_text(columns):
    """The columns of a report as "deaths 63/63/-; wounded 40/40/40"."""
    given = {kind: [columns.get(f"{kind}_{bound}") for bound in ("low", "best", "high")] for kind in KINDS}
    shown = {
        kind: "/".join("-" if value is None else str(value) for value in values)
        for kind, values in given.items()
        if any(v is not None for v in values)
    }
    return "; ".join(f"{kind} {values}" for kind, values in shown.items())


@pytest.mark.parametrize("row", cases("figures"))
def test_figures(row):
    (actors,) = readers(list(parse([row["sentence"]])), None)
    found = {}
    for sentence in actors.sentences:
        found = counted(list(sentence), actors) | found
    assert (as_text(found), found.get("figures_by") or "") == (row["figures"], row["figures_by"])
