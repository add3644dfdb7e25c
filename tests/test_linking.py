"""From reports to events: what is one happening, what an event says when its reports differ, and ids."""

from datetime import date
from itertools import pairwise, permutations

import pytest

from eventcode.linking import Earlier, link, report_id
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


OLD = "E" + "0" * 16
PLACE = {"start": 4, "end": 9}


def test_known_events_keep_their_ids():
    found = events(row("a"), row("a", action="193"), earlier=Earlier({OLD: [row("b")]}))
    assert {e.action: e.event_id == OLD for e in found} == {"190": True, "193": False}


def test_an_event_of_a_former_release_keeps_its_id_too():
    assert events(row("a"), earlier=Earlier({}, {OLD: [row("a")]}))[0].event_id == OLD
    newer = "E" + "1" * 16
    assert events(row("a"), earlier=Earlier({newer: [row("a")]}, {OLD: [row("a")]}))[0].event_id == newer


@pytest.mark.parametrize(
    "change", [{"action": "193"}, {"actor": "AZE"}, {"actor": None}, {"target": "NKR"}, {"date": date(2020, 10, 8)}, {"date_end": date(2020, 10, 10)}]
)  # fmt: skip
def test_a_corrected_report_keeps_the_id_of_its_event(change):
    (found,) = events(row("a", **PLACE, **change), earlier=Earlier({OLD: [row("a", **PLACE)]}))
    assert found.event_id == OLD


@pytest.mark.parametrize(
    "change",
    [
        {"action": "193", "actor": "AZE"},
        {"action": "193", "start": 5},
        {"action": "193", "coder": "person:y"},
        {"action": "193", "source": "b"},
        {"actor": "AZE", "source": "b"},
        {"action": "193", "start": None, "end": None},
    ],
)
def test_what_differs_in_more_is_another_event(change):
    (found,) = events(row(**{"source": "a", **PLACE, **change}), earlier=Earlier({OLD: [row("a", **PLACE)]}))
    assert found.event_id != OLD
    bare = row("a", **{**PLACE, "start": None, "end": None})
    assert events({**bare, "action": "193"}, earlier=Earlier({OLD: [bare]}))[0].event_id != OLD


def test_of_several_candidates_none_is_chosen():
    two = {OLD: [row("a", **PLACE)], "E" + "1" * 16: [row("a", target="NKR", **PLACE)]}
    assert events(row("a", actor="AZE", **PLACE), earlier=Earlier(two))[0].event_id not in two
    # The second event keeps its report: one candidate remains.
    found = events(row("a", actor="AZE", **PLACE), row("a", target="NKR", **PLACE), earlier=Earlier(two))
    assert {e.event_id for e in found} == set(two)


def test_an_id_is_given_once_and_made_once():
    (first,) = events(row("a"), row("b"))
    before = {first.event_id: [row("a"), row("b")]}
    found = events(row("a", date_end=date(2020, 10, 10)), row("b"), earlier=Earlier(before))
    assert len({e.event_id for e in found}) == 2
    assert {e.date_end: e.event_id == first.event_id for e in found} == {date(2020, 10, 10): False, None: True}
    # The event was corrected since; what is coded now as it once was is another one.
    (again,) = events(row("a"), earlier=Earlier({first.event_id: [row("a", action="193")]}))
    assert again.event_id != first.event_id


def test_a_report_takes_its_event_along_where_its_last_day_is_added():
    (first,) = events(row("a"))
    (found,) = events(row("a", date_end=date(2020, 10, 10)), earlier=Earlier({first.event_id: [row("a")]}))
    assert found.event_id == first.event_id


def test_undated_reports_of_two_articles_are_two_events():
    assert len(events(row("a", date=None), row("b", date=None))) == 2
    assert len(events(row("a", date=None, **PLACE), row("a", date=None, start=20, end=25))) == 1


def test_a_month_is_no_day_and_what_is_not_said_is_a_day():
    assert len(events(row("a", date_precision="month"), row("b", date_precision="day"))) == 2
    assert event(row("a"), row("b", date_precision="day")).date_precision == "day"


def test_coder_and_confidence_come_from_the_firmest_reports_and_from_people_first():
    machine = {"coder": "program:p", "confidence": 0.9}
    found = event(row("a", status="claimed", coder="person:a", confidence=0.3), row("b", status="asserted", **machine))
    assert (found.coder, found.confidence) == ("program:p", 0.9)
    found = event(row("a", coder="model:m", confidence=1.0), row("b", **machine), row("c", coder="person:z", confidence=0.2))
    assert (found.coder, found.confidence) == ("person:z", 0.2)
    assert event(row("a", **machine), row("b", coder="person:z")).confidence is None


def test_report_ids_tell_apart_what_differs_and_nothing_else():
    base = row("a", start=1, end=4)
    changes = [
        {"start": 2}, {"end": 5}, {"actor": None}, {"action": "19"}, {"target": None}, {"date": None}, {"coder": "person:y"}, {"source": "b"},
    ]  # fmt: skip
    assert len({report_id(base), *(report_id({**base, **change}) for change in changes)}) == 1 + len(changes)
    assert report_id(base) == report_id({**base, "confidence": 0.1, "status": "denied"})
    assert report_id(row("a")) == "Re56875aef00b412f"  # ids live for ever: this one never changes
