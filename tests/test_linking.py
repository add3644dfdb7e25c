"""From reports to events: what is one happening, what an event says when its reports differ, and ids."""

from datetime import date
from itertools import pairwise, permutations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.contract.frames import frame, polars_schema
from eventcode.linking import Earlier, blocks, link, report_id, report_ids
from eventcode.linking.events import FIRMNESS
from eventcode.model.tables import STATUS, Contribution, Event, Report

PUBLISHERS = {"a": "Post", "b": "Times", "c": "Post", "d": None}


def row(source="a", **given):
    known = dict.fromkeys(Contribution.model_fields)
    base = {"actor": "AZEMIL", "action": "190", "target": "ARM", "date": date(2020, 10, 9), "status": "asserted", "coder": "person:x"}
    return {**known, **base, "source": source, **given}


def linked_rows(rows, **more):
    return link(frame(Contribution, rows), publishers=PUBLISHERS, **more)


def events(*rows, **more):
    return [Event(**each) for each in linked_rows(rows, **more).events.iter_rows(named=True)]


def earlier(current, former=()):
    """Reports of the releases before, from rows by the id of their event."""

    def reports(by):
        return frame(Report, [each | {"event_id": i, "article_id": each["source"]} for i, rows in dict(by).items() for each in rows])

    return Earlier(reports(current), reports(former))


def event(*rows):
    (found,) = events(*rows)
    return found


def test_reports_of_one_day_and_deed_are_one_event():
    linked = linked_rows([row("a"), row("b")])
    assert len(linked.events) == 1
    assert {*linked.reports["event_id"]} == {linked.events["event_id"].item()}
    assert linked.reports["article_id"].to_list() == ["a", "b"]


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "RUSMIL"},
        {"actor": "AZEOPP"},
        {"action": "057"},
        {"target": "RUS"},
        {"date": date(2020, 10, 10)},
        {"date": None},
        {"action": "192"} | {"target": None, "actor": "AZEREB"},
        {"place": "Ganja", "country": "AZE", "latitude": 40.68, "longitude": 46.36, "place_precision": 1},
        {"place": "Yerevan", "country": "ARM"},
    ],
)
def test_what_differs_in_who_what_whom_when_or_where_is_another_event(change):
    shusha = {"place": "Shusha", "country": "AZE", "latitude": 39.76, "longitude": 46.75, "place_precision": 1}
    found = events(row("a", **shusha), row("b", **change))
    assert len({e.event_id for e in found}) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "AZE"},
        {"action": "194"},
        {"target": None},
        {"target": "ARMMIL"},
        {"date": date(2020, 10, 10), "date_basis": "publication"},
        {"date": date(2020, 10, 5), "date_end": date(2020, 10, 11), "date_precision": "week"},
        {"date": date(2020, 10, 1), "date_precision": "month"},
        {"place": "Nagorno-Karabakh", "country": "AZE", "latitude": 39.8, "longitude": 46.75, "place_precision": 5},
        {"place": "Shushi", "country": "AZE", "latitude": 39.75, "longitude": 46.74, "place_precision": 1},
    ],
)
def test_the_same_told_otherwise_is_the_same_event(change):
    shusha = {"place": "Shusha", "country": "AZE", "latitude": 39.76, "longitude": 46.75, "place_precision": 1}
    assert event(row("a", **shusha), row("b", **change)).n_reports == 2


def test_a_coder_who_names_events_is_believed():
    assert len(events(row("a", event="x"), row("b", event="y"))) == 2
    assert len(events(row("a", event="x"), row("b", event="x", date=date(2021, 1, 1), action="057"))) == 1
    assert len(events(row("a", event="x"), row("b", event="y", coder="person:z"))) == 1


def test_names_hold_also_where_another_coder_stands_between():
    made = events(row("a", event="x"), row("b", event="y"), row("c", coder="person:z"))
    assert len(made) == 2
    apart = {"sentence": 3, "status": "hypothetical", "actor": "RUSMIL", "target": "USA", "action": "042"}
    assert len(events(row("a", event="x", sentence=3, start=1, end=2), row("a", event="x", start=5, end=6, **apart))) == 1


def test_a_year_finds_its_day_and_a_month_ends_with_its_last_day():
    year = {"date": date(2020, 1, 1), "date_precision": "year"}
    assert len(events(row("a", **year), row("b"))) == 1
    month = {"date": date(2021, 2, 1), "date_precision": "month"}
    assert len(events(row("a", **month), row("b", date=date(2021, 3, 3)))) == 2


def test_a_demand_for_an_act_is_not_the_act():
    assert len(events(row("a"), row("b", status="hypothetical", action="194"))) == 2


def test_who_denies_an_event_and_the_denying_are_told():
    denial = {"source": "b", "sentence": 3, "start": 5, "end": 9}
    act, denying = sorted(
        events(
            row("a", status="claimed", attributed_to="AZEGOV"),
            row(**denial, status="denied", attributed_to="ARMGOVMIL"),
            row(**denial | {"start": 0, "end": 4}, actor="ARMGOVMIL", action="016", target="AZE"),
        ),
        key=lambda e: e.action != "190",
    )
    assert (act.status, act.attributed_to, act.denied_by, act.n_reports) == ("claimed", "AZEGOV", "ARMGOVMIL", 2)
    assert (denying.denies, act.denies) == (act.event_id, None)


def test_merged_and_split_events_leave_a_trace():
    one, other = "E" + "1" * 16, "E" + "2" * 16
    rows = [row("a", **PLACE), row("b", **PLACE)]
    linked = linked_rows(rows, earlier=earlier({one: [rows[0]], other: [rows[1]]}))
    assert linked.events["event_id"].to_list() == [one]
    assert (linked.merged, linked.split) == ({other: one}, {})
    apart = [row("a", event="x", **PLACE), row("b", event="y", **PLACE)]
    linked = linked_rows(apart, earlier=earlier({one: rows}))
    (new,) = {*linked.events["event_id"]} - {one}
    assert (linked.merged, linked.split) == ({}, {new: one})


def test_of_two_tolls_the_later_counts_and_both_are_kept():
    rows = [row("a", deaths_best=19, figures_by="ARM"), row("b", deaths_best=23)]
    (found,) = events(*rows, published={"a": date(2020, 10, 9), "b": date(2020, 10, 10)})
    assert (found.deaths_low, found.deaths_best, found.deaths_high) == (19, 23, 23)


def test_publishers_are_counted_once_and_unknown_ones_by_article():
    found = event(row("a"), row("b"), row("c"), row("d"))
    assert (found.n_reports, found.n_sources) == (4, 3)


@pytest.mark.parametrize(("one", "other"), list(pairwise(FIRMNESS)))
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
    assert (found.deaths_low, found.deaths_best, found.deaths_high) == (0, 5, 20)
    found = event(row("a", deaths_low=10), row("b", deaths_high=5))
    assert (found.deaths_low, found.deaths_best, found.deaths_high) == (5, None, 10)


def test_figures_come_from_those_who_give_them():
    found = event(row("a"), row("b", deaths_best=0))
    assert (found.deaths_low, found.deaths_best, found.deaths_high) == (None, 0, None)
    found = event(row("a", deaths_best=0), row("b", deaths_best=4))
    assert (found.deaths_low, found.deaths_best, found.deaths_high) == (0, 4, 4)


def test_what_is_known_of_the_codes_is_filled_in():
    found = event(row("a", actor="AZEMIL", action="042", target=None))
    assert (found.actor_country, found.root, found.quad_class, found.plover) == ("AZE", "04", 1, "CONSULT")
    assert (found.target_name, found.target_country) == (None, None)
    found = event(row("a", actor=None))
    assert (found.actor_name, found.target_name, found.target_country) == (None, "Armenia", "ARM")


def test_the_order_of_the_rows_does_not_matter():
    rows = [row("a"), row("b", confidence=0.5), row("c", status="claimed"), row("a", action="193", start=4, end=9)]
    first = linked_rows(rows)
    assert all(linked_rows(order).events.equals(first.events) for order in permutations(rows))


OLD = "E" + "0" * 16
PLACE = {"start": 4, "end": 9}


def test_known_events_keep_their_ids():
    found = events(row("a"), row("a", action="057"), earlier=earlier({OLD: [row("b")]}))
    assert {e.action: e.event_id == OLD for e in found} == {"190": True, "057": False}


def test_an_event_of_a_former_release_keeps_its_id_too():
    assert events(row("a"), earlier=earlier({}, {OLD: [row("a")]}))[0].event_id == OLD
    newer = "E" + "1" * 16
    assert events(row("a"), earlier=earlier({newer: [row("a")]}, {OLD: [row("a")]}))[0].event_id == newer


@pytest.mark.parametrize(
    "change", [{"action": "193"}, {"actor": "AZE"}, {"actor": None}, {"target": "NKR"}, {"date": date(2020, 10, 8)}, {"date_end": date(2020, 10, 10)}]
)  # fmt: skip
def test_a_corrected_report_keeps_the_id_of_its_event(change):
    (found,) = events(row("a", **PLACE, **change), earlier=earlier({OLD: [row("a", **PLACE)]}))
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
    (found,) = events(row(**{"source": "a", **PLACE, **change}), earlier=earlier({OLD: [row("a", **PLACE)]}))
    assert found.event_id != OLD
    bare = row("a", **{**PLACE, "start": None, "end": None})
    assert events({**bare, "action": "193"}, earlier=earlier({OLD: [bare]}))[0].event_id != OLD


def test_of_several_candidates_none_is_chosen():
    two = {OLD: [row("a", **PLACE)], "E" + "1" * 16: [row("a", target="NKR", **PLACE)]}
    assert events(row("a", actor="AZE", **PLACE), earlier=earlier(two))[0].event_id not in two
    # The second event keeps its report: one candidate remains.
    found = events(row("a", actor="AZE", **PLACE), row("a", target="NKR", **PLACE), earlier=earlier(two))
    assert {e.event_id for e in found} == set(two)


def test_an_id_is_given_once_and_made_once():
    (first,) = events(row("a"), row("b"))
    before = {first.event_id: [row("a"), row("b")]}
    found = events(row("a", target="RUS"), row("b"), earlier=earlier(before))
    assert len({e.event_id for e in found}) == 2
    assert {e.target: e.event_id == first.event_id for e in found} == {"RUS": False, "ARM": True}
    # The event was corrected since; what is coded now as it once was is another one.
    (again,) = events(row("a"), earlier=earlier({first.event_id: [row("a", action="193")]}))
    assert again.event_id != first.event_id


def test_a_report_takes_its_event_along_where_its_last_day_is_added():
    (first,) = events(row("a"))
    (found,) = events(row("a", date_end=date(2020, 10, 10)), earlier=earlier({first.event_id: [row("a")]}))
    assert found.event_id == first.event_id


def test_undated_reports_of_two_articles_are_two_events():
    assert len(events(row("a", date=None), row("b", date=None))) == 2
    assert len(events(row("a", date=None, **PLACE), row("a", date=None, start=20, end=25))) == 1


def test_a_month_is_no_day_and_what_is_not_said_is_a_day():
    assert event(row("a", date=date(2020, 10, 1), date_precision="month"), row("b")).date == date(2020, 10, 9)
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
    changed = [base, *({**base, **change} for change in changes)]
    assert report_ids(frame(Contribution, changed)).to_list() == [report_id(each) for each in changed]


def test_nothing_linked_is_nothing():
    linked = linked_rows([])
    assert (linked.events.height, linked.reports.height, linked.merged, linked.split) == (0, 0, {}, {})
    assert (linked.events.schema, linked.reports.schema) == (polars_schema(Event), polars_schema(Report))


def test_rows_that_share_their_id_are_told_apart_by_what_else_they_say():
    rows = [row("a", event="x"), row("a", event="y"), row("a", event="z", place="Shusha")]
    first = linked_rows(rows)
    assert first.events["event_id"].n_unique() == 3
    for order in permutations(rows):
        linked = linked_rows(order)
        assert (linked.events.equals(first.events), linked.reports.equals(first.reports)) == (True, True)


def test_the_same_is_found_however_few_pairs_are_looked_at_in_one_go(monkeypatch):
    rows = [row("abcd"[n % 4], start=n, target=("ARM", None)[n % 2], date=date(2020, 10, 9 + n % 5)) for n in range(40)]
    whole = linked_rows(rows)
    monkeypatch.setattr(blocks, "AT_ONCE", 3)
    assert linked_rows(rows).events.equals(whole.events)


@st.composite
def reports(draw):
    """Rows of a few articles, which speak of few sides and days, so that many of them meet."""
    number = draw(st.integers(1, 30))
    choices = {
        "source": st.sampled_from("abcd"),
        "actor": st.sampled_from(["AZEMIL", "AZE", "AZEGOV", "AZEREB"]),
        "action": st.sampled_from(["190", "194", "193", "057", "016"]),
        "target": st.sampled_from(["ARM", "ARMCVL", None]),
        "date": st.sampled_from([date(2020, 10, 9), date(2020, 10, 10), date(2020, 10, 1), None]),
        "date_precision": st.sampled_from(["day", "week", "month", None]),
        "date_basis": st.sampled_from(["stated", "publication", None]),
        "status": st.sampled_from(STATUS),
        "attributed_to": st.sampled_from(["AZEGOV", "ARMGOV", None]),
        "place": st.sampled_from(["Shusha", "Ganja", None]),
        "sentence": st.integers(1, 3) | st.none(),
        "coder": st.sampled_from(["person:x", "model:m", "program:p"]),
        "event": st.sampled_from([None, None, None, "one", "other"]),
        "deaths_best": st.sampled_from([None, 0, 3, 40]),
    }
    return [row(**draw(st.fixed_dictionaries(choices)), start=n, end=n + 1) for n in range(number)]


@given(rows=reports(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_every_report_is_in_one_event_in_whatever_order_they_come_and_ids_stay(rows, data):
    first = linked_rows(rows)
    assert first.reports["report_id"].sort().to_list() == sorted(report_id(each) for each in rows)
    assert first.events["event_id"].n_unique() == first.events.height
    counted = first.reports.group_by("event_id").len("n_reports").with_columns(pl.col("n_reports").cast(pl.Int64))
    assert counted.sort("event_id").equals(first.events.select("event_id", "n_reports").sort("event_id"))
    again = linked_rows(data.draw(st.permutations(rows)), earlier=Earlier(first.reports))
    assert (again.events.equals(first.events), again.reports.equals(first.reports)) == (True, True)
    assert (again.merged, again.split) == ({}, {})
    for each in first.events.iter_rows(named=True):
        Event(**each)
