"""Linking on reports written for the purpose: retellings, new tolls, denials, and look-alikes a day or a town apart (tests/data/linking.jsonl)."""

import json
from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.contract.frames import frame
from eventcode.linking import link
from eventcode.model.tables import Contribution

GOLD = [json.loads(line) for line in (Path(__file__).parent / "data" / "linking.jsonl").read_text(encoding="utf-8").splitlines()]
LEAST_F1 = 0.85


def row(number, each):
    known = {name: each.get(name) for name in Contribution.model_fields}
    days = {name: date.fromisoformat(each[name]) if each.get(name) else None for name in ("date", "date_end")}
    return known | days | {"coder": "person:x", "start": number, "end": number + 1}


ROWS = [row(number, each) for number, each in enumerate(GOLD)]
PUBLISHERS = {each["source"]: each["publisher"] for each in GOLD}
PUBLISHED = {each["source"]: date.fromisoformat(each["published"]) for each in GOLD}


def linked(rows):
    return link(frame(Contribution, rows), publishers=PUBLISHERS, published=PUBLISHED)


def pairs(labels):
    return {pair for pair in combinations(range(len(labels)), 2) if labels[pair[0]] == labels[pair[1]]}


def test_the_gold_is_large_and_its_triggers_stand_in_its_sentences():
    sizes = Counter(each["gold"] for each in GOLD)
    assert sum(size > 1 for size in sizes.values()) >= 60
    assert sum(size == 1 for size in sizes.values()) >= 60
    assert all(each["trigger"] in each["text"] for each in GOLD)


def test_pairs_of_reports_are_joined_and_kept_apart():
    home = dict(linked(ROWS).reports.select("start", "event_id").iter_rows())
    found, gold = pairs([home[n] for n in range(len(ROWS))]), pairs([each["gold"] for each in GOLD])
    f1 = 2 * len(found & gold) / (len(found) + len(gold))
    assert f1 >= LEAST_F1, (
        f"pairwise F1 {f1:.3f}, precision {len(found & gold) / len(found):.3f}, recall {len(found & gold) / len(gold):.3f}"
    )


@given(order=st.permutations(range(60)), first=st.integers(0, len(ROWS) - 60))
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_articles_changes_nothing(order, first):
    some = ROWS[first : first + 60]
    ours, theirs = linked([some[n] for n in order]), linked(some)
    assert (ours.events.equals(theirs.events), ours.reports.equals(theirs.reports)) == (True, True)


def test_an_event_that_was_told_six_times_has_several_sources():
    most = max(linked(ROWS).events.iter_rows(named=True), key=lambda event: (event["n_reports"], event["event_id"]))
    assert most["n_reports"] >= 6
    assert most["n_sources"] >= 3
