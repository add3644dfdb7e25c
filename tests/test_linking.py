"""From reports to events: what is one happening, what an event says when its reports differ, and ids."""

from datetime import date
from itertools import pairwise, permutations

import pytest

from eventcode.linking import link, report_id
from eventcode.model.tables import STATUS, Contribution

PUBLISHERS = {"a": "Post", "b": "Times", "c": "Post", "d": None}


def row(source="a", **given):
    known = dict.fromkeys(Contribution.model_fields)
    base = {"actor": "AZEMIL", "action": "190", "target": "ARM", "date": date(2020, 10, 9), "status": "asserted", "coder": "person:x"}
    return {**known, **base, "source": source, **given}


def events(*rows, **more):
    return link(rows, publishers=PUBLISHERS, **more)[0]


def event(*rows):
    (found,) = events(*rows)
    return found


def test_reports_of_one_day_and_deed_are_one_event():
    found, reports = link([row("a"), row("b")], publishers=PUBLISHERS)
    assert len(found) == 1
    assert {report.event_id for report in reports} == {found[0].event_id}
    assert [report.article_id for report in reports] == ["a", "b"]


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "AZE"},
        {"action": "193"},
        {"target": None},
        {"date": date(2020, 10, 10)},
        {"date": None},
        {"date_end": date(2020, 10, 11)},
    ],
)
def test_what_differs_in_who_what_whom_or_when_is_another_event(change):
    found = events(row("a"), row("b", **change))
    assert len({e.event_id for e in found}) == 2


def test_publishers_are_counted_once_and_unknown_ones_by_article():
    found = event(row("a"), row("b"), row("c"), row("d"))
    assert (found.n_reports, found.n_sources) == (4, 3)


@pytest.mark.parametrize(("one", "other"), list(pairwise(STATUS)))
def test_the_firmest_status_counts(one, other):
    assert event(row("a", status=other, attributed_to="AZEGOV"), row("b", status=one, attributed_to=None)).status == one


def test_whose_word_it_is_comes_from_the_report_that_gives_the_status():
    found = event(row("a", status="denied", attributed_to="AZEGOV"), row("b", status="claimed", attributed_to="ARMGOV"))
    assert (found.status, found.attributed_to) == ("claimed", "ARMGOV")


def test_confidence_is_the_highest_and_missing_where_nobody_gives_one():
    assert event(row("a", confidence=0.4), row("b", confidence=0.7), row("c")).confidence == 0.7
    assert event(row("a")).confidence is None


def test_deaths_span_all_figures_and_stay_in_order():
    found = event(row("a", deaths_best=3), row("b", deaths_low=10, deaths_high=20), row("c", deaths_low=0, deaths_best=5))
    assert (found.deaths_low, found.deaths_best, found.deaths_high) == (0, 3, 20)
    found = event(row("a", deaths_low=10), row("b", deaths_high=5))
    assert (found.deaths_low, found.deaths_best, found.deaths_high) == (5, None, 10)


def test_figures_that_nobody_gives_stay_missing():
    found = event(row("a"), row("b", deaths_best=0))
    assert (found.deaths_low, found.deaths_best, found.deaths_high) == (None, None, None)
    found = event(row("a", deaths_best=0), row("b", deaths_best=4))
    assert (found.deaths_low, found.deaths_best, found.deaths_high) == (None, 0, None)


def test_what_is_known_of_the_codes_is_filled_in():
    found = event(row("a", actor="AZEMIL", action="042", target=None))
    assert (found.actor_country, found.root, found.quad_class, found.plover) == ("AZE", "04", 1, "CONSULT")
    assert (found.target_name, found.target_country) == (None, None)
    found = event(row("a", actor=None))
    assert (found.actor_name, found.target_name, found.target_country) == (None, "Armenia", "ARM")


def test_the_order_of_the_rows_does_not_matter():
    rows = [row("a"), row("b", confidence=0.5), row("c", status="claimed"), row("a", action="193", start=4, end=9)]
    first = link(rows, publishers=PUBLISHERS)
    assert all(link(order, publishers=PUBLISHERS) == first for order in permutations(rows))


def test_known_events_keep_their_ids():
    shared = ("AZEMIL", "190", "ARM", date(2020, 10, 9), None)
    found = events(row("a"), row("a", action="193"), known={shared: "E" + "0" * 16})
    assert {e.action: e.event_id == "E" + "0" * 16 for e in found} == {"190": True, "193": False}


def test_report_ids_tell_apart_what_differs_and_nothing_else():
    base = row("a", start=1, end=4)
    changes = [
        {"start": 2}, {"end": 5}, {"actor": None}, {"action": "19"}, {"target": None}, {"date": None}, {"coder": "person:y"}, {"source": "b"},
    ]  # fmt: skip
    assert len({report_id(base), *(report_id({**base, **change}) for change in changes)}) == 1 + len(changes)
    assert report_id(base) == report_id({**base, "confidence": 0.1, "status": "denied"})
    assert report_id(row("a")) == "Re56875aef00b412f"  # ids live for ever: this one never changes
