"""The checks of the gate over small tables: what they tell, what they pass over, and that neither order nor batches matter."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode.contract.frames import polars_schema
from eventcode.contribute.checks import articles, duplicates, oddities, rows, texts
from eventcode.contribute.checks.row_rules import row_rules
from eventcode.contribute.notes import Notes
from eventcode.contribute.rules import rules
from eventcode.model.tables import Contribution

PUBLISHED = dt.date(2020, 10, 9)
TEXT = "Azerbaijani forces shelled Şuşa. The shelling went on."
LIBRARY = articles.Library(frozenset({"valley-1"}), {"valley-1": TEXT}, {"valley-1": PUBLISHED})
ROW = {"actor": "AZE", "action": "190", "target": "ARM", "date": PUBLISHED, "source": "valley-1"}


def day(text):
    return dt.date.fromisoformat(text) if text else None


def table(*cells, base=ROW):
    """Rows that differ from a plain one in the given cells, with the columns that any of them names."""
    names = dict.fromkeys(name for each in (base, *cells) for name in each)
    made = [{name: (base | each).get(name) for name in names} for each in cells]
    return pl.DataFrame(made, schema=polars_schema(Contribution, tuple(names)))


def noted(frame):
    return Notes(frame.height, frozenset(rules()))


def told(notes):
    """Rule, row (from 0) and column of each problem."""
    return sorted((case["code"][i], case["index"][i], case["column"][i]) for case in notes.cases for i in range(case.height))


def after(check, frame, *more):
    notes = noted(frame)
    check(frame, notes, *more)
    return told(notes)


def numbers(frame):
    return pl.Series("row", range(1, frame.height + 1), dtype=pl.UInt32)


def codes(check, *cells, more=()):
    return [code for code, _, _ in after(check, table(*cells), *more)]


# -- rules over one row -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"date": None, "date_end": PUBLISHED}, "EC319"),
        ({"date": None, "date_basis": "stated", "date_precision": "day"}, "EC320"),
        ({"date": day("2020-10-05"), "date_end": day("2020-10-07"), "date_precision": "month"}, "EC321"),
        ({"date": day("1970-01-01")}, "EC322"),
        ({"date": day("1970-01-01"), "date_precision": "month"}, None),
        ({"date": day("1970-01-01"), "date_end": day("1970-12-31"), "date_precision": "year"}, None),
        ({"longitude": 46.75}, "EC418"),
        ({"latitude": 0.0, "longitude": 0.0}, "EC419"),
        ({"place_precision": 1}, "EC421"),
        ({"place_precision": 7, "place": "the Sahel"}, None),
        ({"actor": "ARM", "action": "192"}, "EC407"),
        ({"actor": "REB", "action": "192", "target": "REB"}, None),
        ({"actor": "ARM", "action": "190"}, None),
        ({"target": None, "action": "046"}, "EC408"),
        ({"sentence": 4, "actor_named_in": 4}, "EC426"),
        ({"actor_named_in": 4}, None),
        ({"attributed_to": "ARMGOV"}, "EC410"),
        ({"attributed_to": "ARMGOV", "status": "hypothetical"}, None),
        ({"action": "036", "status": "planned"}, "EC413"),
        ({"action": "111", "deaths_best": 5}, "EC414"),
        ({"action": "111", "deaths_best": 0}, None),
        ({"action": "040", "protesters_best": 5000}, "EC415"),
        ({"figures_by": "ARMGOV"}, "EC416"),
        ({"figures_by": "ARMGOV", "wounded_low": 0}, None),
        ({"deaths_best": 100_001}, "EC417"),
        ({"start": 19, "end": 29, "trigger": "shelled"}, "EC306"),
        ({"start": 19, "end": 24, "trigger": "Şuşa."}, None),
        ({"end": 29}, "EC403"),
        ({"coder": None}, "EC423"),
        ({"coder": "program:eventcode"}, "EC424"),
        ({"place": "=HYPERLINK(1)"}, "EC227"),
        ({"note": "x" * 255}, "EC229"),
    ],
)
def test_a_row_breaks_one_rule_or_none(cells, code):
    assert codes(rows.check, cells) == ([code] if code else [])


def test_a_row_of_the_five_columns_breaks_no_rule():
    assert codes(rows.check, {}) == []


def test_a_cell_that_is_wrong_as_such_is_not_told_again():
    frame = table({"status": None, "attributed_to": "ARMGOV"})
    notes = noted(frame)
    notes.spoil("status", pl.Series([True]))
    rows.check(frame, notes)
    assert told(notes) == []


@pytest.mark.parametrize(
    "frame", [pl.DataFrame(), table().clear(), table({}).select("actor"), table({}).select(pl.lit(None, pl.String).alias("coder"))]
)
def test_tables_without_columns_or_rows_are_no_trouble(frame):
    notes = noted(frame)
    rows.check(frame, notes)
    rows.swapped(frame, notes)
    duplicates.nearly(frame, notes, numbers(frame))
    duplicates.both_ways(frame, notes, numbers(frame))
    duplicates.places(frame, notes)
    oddities.copied(frame, notes, numbers(frame))
    oddities.filled(frame, notes)
    texts.garbled(frame, notes)
    texts.elsewhere(frame, notes)
    assert {code for code, _, _ in told(notes)} <= {"EC423"}


def test_coordinates_are_swapped_only_where_they_are_right_the_other_way_round():
    frame = table(
        {"latitude": 104.92, "longitude": 11.56}, {"latitude": 104.92, "longitude": 104.92}, {"latitude": 11.56, "longitude": 104.92}
    )
    assert after(rows.swapped, frame) == [("EC420", 0, "latitude")]


@pytest.mark.parametrize(
    ("status", "wrong"),
    [
        ("asserted", True),
        (None, True),
        ("claimed", True),
        ("historical", True),
        ("planned", False),
        ("denied", False),
        ("hypothetical", False),
    ],
)
def test_what_lies_ahead_is_planned_hypothetical_or_denied(status, wrong):
    frame = table({"status": status, "date": day("2020-10-10")})
    assert bool(after(rows.to_come, frame, PUBLISHED)) is wrong
    assert bool(after(articles.check, frame, LIBRARY)) is wrong
    assert after(rows.to_come, frame, None) == []


CELLS = {
    "date": st.sampled_from([None, day("1970-01-01"), PUBLISHED]),
    "date_end": st.sampled_from([None, PUBLISHED]),
    "date_precision": st.sampled_from([None, "day", "month"]),
    "date_basis": st.sampled_from([None, "stated"]),
    "status": st.sampled_from([None, "asserted", "claimed", "planned"]),
    "attributed_to": st.sampled_from([None, "ARM"]),
    "target": st.sampled_from([None, "ARM", "AZE"]),
    "action": st.sampled_from(["046", "161", "190", "036", "111"]),
    "start": st.sampled_from([None, 3]),
    "end": st.sampled_from([None, 10, 12]),
    "trigger": st.sampled_from([None, "shelled"]),
    "latitude": st.sampled_from([None, 0.0, 39.8]),
    "longitude": st.sampled_from([None, 0.0]),
    "place_precision": st.sampled_from([None, 1]),
    "figures_by": st.sampled_from([None, "ARM"]),
    "deaths_best": st.sampled_from([None, 0, 5]),
    "coder": st.sampled_from([None, "person:anna", "program:x"]),
    "coder_version": st.sampled_from([None, "0.2.0"]),
}
TABLES = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=6)


@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(cells, random):
    order = random.sample(range(len(cells)), len(cells))
    straight, mixed = (after(rows.check, table(*each)) for each in (cells, [cells[i] for i in order]))
    assert sorted((code, order[at], column) for code, at, column in mixed) == straight


@given(TABLES)
def test_each_row_is_judged_alone(cells):
    alone = [(code, at, column) for at, each in enumerate(cells) for code, _, column in after(rows.check, table(each))]
    assert sorted(alone) == after(rows.check, table(*cells))


@given(TABLES)
def test_a_column_that_is_not_there_counts_as_empty(cells):
    frame = table(*cells)
    held = frame.select(name for name in frame.columns if frame[name].null_count() < frame.height)
    asked_of_its_own_column = {"EC408", "EC423"}
    both = ([each for each in after(rows.check, kept) if each[0] not in asked_of_its_own_column] for kept in (frame, held))
    assert next(both) == next(both)


def test_rules_look_at_columns_of_the_contract_only():
    known = set(polars_schema(Contribution))
    assert all(rule.names | set(rule.asking) <= known for rule in row_rules())
    assert {rule.code for rule in row_rules()} <= set(rules())


# -- articles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"date": day("2019-10-01")}, "EC317"),
        ({"date": day("2019-01-01"), "date_precision": "year"}, None),
        ({"date": day("2018-01-01"), "date_precision": "year"}, "EC317"),
        ({"date": day("1992-05-01"), "date_end": PUBLISHED}, None),
        ({"date": day("1992-05-01"), "status": "denied"}, None),
        ({"date": day("2020-12-19")}, "EC316"),
        ({"date": day("2020-05-10")}, None),
        ({"date": day("2020-11-11")}, "EC316"),
        ({"date": day("2020-02-10"), "status": "historical"}, "EC412"),
        ({"date": PUBLISHED, "status": "historical", "date_basis": "publication"}, None),
        ({"date": day("1994-01-01"), "date_end": PUBLISHED, "status": "historical"}, None),
        ({"date": day("2020-10-02"), "status": "planned"}, "EC411"),
        ({"date": day("2020-10-01"), "date_precision": "month", "status": "planned"}, None),
        ({"date": None, "status": "planned"}, None),
    ],
)
def test_a_date_goes_with_the_day_of_its_article(cells, code):
    assert codes(articles.check, cells, more=(LIBRARY,)) == ([code] if code else [])


def test_day_and_month_are_swapped_only_where_that_makes_the_date_right():
    swapped = {"date": day("2020-11-10")}
    october = articles.Library(LIBRARY.ids, {}, {"valley-1": day("2020-10-12")})
    assert codes(articles.check, swapped, more=(october,)) == ["EC318"]
    assert codes(articles.check, swapped, more=(LIBRARY,)) == ["EC316"]
    assert codes(articles.check, {"date": day("2020-10-10")}, more=(october,)) == []


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"start": 19, "end": 26, "trigger": "shelled"}, None),
        ({"start": 27, "end": 31, "trigger": "Şuşa"}, None),
        ({"start": 20, "end": 27, "trigger": "shelled"}, "EC401"),
        ({"start": 0, "end": 5, "trigger": "shell"}, "EC401"),
        ({"start": 50, "end": 57, "trigger": "shelled"}, "EC402"),
        ({"start": 50, "end": 57}, "EC402"),
        ({"trigger": "rockets"}, None),
        ({"actor_text": "azerbaijani\nFORCES"}, None),
        ({"actor_text": "the army"}, "EC405"),
        ({"target_text": "Shusha"}, "EC406"),
        ({"source": "valley-2"}, "EC502"),
        ({"source": "link-0123456789abcdef"}, None),
    ],
)
def test_a_row_says_what_its_article_says(cells, code):
    assert codes(articles.check, cells, more=(LIBRARY,)) == ([code] if code else [])


def test_the_place_of_a_trigger_is_mended_where_the_text_has_it_once():
    frame = table({"start": 20, "end": 27, "trigger": "shelled"}, {"start": 0, "end": 5, "trigger": "shell"})
    notes = noted(frame)
    articles.check(frame, notes, LIBRARY)
    assert [case["becomes"].to_list() for case in notes.cases] == [["19", None]]
    assert notes.repairable == 1


# -- several rows -----------------------------------------------------------------------------------------------------

KEYS = st.fixed_dictionaries(
    {
        "actor": st.sampled_from(["AZE", "ARM", None]),
        "target": st.sampled_from(["AZE", "ARM", None]),
        "date": st.sampled_from([PUBLISHED, None]),
        "start": st.sampled_from([1, 2, None]),
        "note": st.sampled_from(["seen", None]),
    }
)


def twice(parts):
    seen, number = duplicates.Seen(), 1
    for frame in parts:
        seen.add(duplicates.keys(frame, frame), pl.Series(range(number, number + frame.height), dtype=pl.UInt32), None)
        number += frame.height
    return seen.twice().drop("line").rows()


@given(st.lists(KEYS, max_size=12))
def test_duplicates_by_hash_are_those_of_a_plain_dict(cells):
    first, expected = {}, []
    for number, each in enumerate(cells, start=1):
        key = tuple(each[name] for name in ("actor", "target", "date", "start"))
        if key in first:
            earlier = first[key]
            expected.append((number, earlier, cells[earlier - 1] == each))
        else:
            first[key] = number
    assert twice([table(*cells)]) == expected


@given(st.lists(KEYS, min_size=1, max_size=8), st.integers(1, 4))
def test_duplicates_are_found_across_batches_that_lack_empty_columns(cells, size):
    parts = [table(*cells[at : at + size]) for at in range(0, len(cells), size)]
    held = [part.select(name for name in part.columns if part[name].null_count() < part.height) for part in parts]
    mixed = [part.select(sorted(part.columns, reverse=bool(n % 2))) for n, part in enumerate(held)]
    assert twice(mixed) == twice([table(*cells)])


def test_dates_that_cannot_be_read_are_alike_only_where_they_are_written_alike():
    sent = pl.DataFrame({"actor": ["AZE"] * 4, "date": ["soon", "later", "soon", None]})
    frame = sent.with_columns(pl.lit(None, dtype=pl.Date).alias("date"))
    seen = duplicates.Seen()
    seen.add(duplicates.keys(frame[:2], sent[:2]), numbers(frame[:2]), None)
    seen.add(duplicates.keys(frame[2:], sent[2:]), pl.Series([3, 4], dtype=pl.UInt32), pl.Series([4, 5], dtype=pl.UInt32))
    assert seen.twice().rows() == [(3, 4, 1, True)]


PLACES = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5)).map(lambda at: (at[0], at[0] + at[1])), max_size=6, unique=True)


@given(st.lists(PLACES, max_size=3))
def test_places_of_one_article_are_not_those_of_another(articles_places):
    base = ROW | {"start": None, "end": None}
    parts = [table(*({"start": a, "end": b, "source": f"v-{n}"} for a, b in places), base=base) for n, places in enumerate(articles_places)]
    alone = sum(len(after(duplicates.nearly, part, numbers(part))) for part in parts)
    whole = pl.concat([table(base=base), *parts])
    assert len(after(duplicates.nearly, whole, numbers(whole))) == alone


@given(PLACES)
def test_rows_are_nearly_the_same_exactly_where_two_of_their_places_meet(places):
    frame = table(*({"start": start, "end": end} for start, end in places), base=ROW | {"start": None, "end": None})
    meet = any(a[0] < b[1] and b[0] < a[1] for n, a in enumerate(places) for b in places[:n])
    assert bool(after(duplicates.nearly, frame, numbers(frame))) is meet


@pytest.mark.parametrize(
    ("cells", "near"),
    [
        (({"date": day("2020-10-08")}, {}), [1]),
        (({}, {}), []),  # the same row, which is another rule
        (({"date": day("2020-10-07")}, {}), []),
        (({"date": None}, {}), []),
        (({"date": day("2020-10-07")}, {"date": day("2020-10-08")}, {}), []),
        (({"actor": "ARM", "target": "AZE", "date": day("2020-10-08")}, {}), []),
        (({"start": 19, "end": 26, "date": day("2020-10-08")}, {"start": 19, "end": 26}), [1]),
        (({"start": 0, "end": 90}, {"start": 10, "end": 20}, {"start": 30, "end": 40}), [1, 2]),
        (({"start": 19, "end": 26}, {"start": 26, "end": 30}), []),
    ],
)
def test_rows_are_nearly_the_same(cells, near):
    frame = table(*cells, base=ROW | {"start": None, "end": None})
    assert [at for _, at, _ in after(duplicates.nearly, frame, numbers(frame))] == near


def test_both_directions_of_a_meeting_are_right_and_those_of_an_arrest_are_told():
    place = {"start": 19, "end": 22}
    for action, hit in (("040", []), ("190", []), ("111", []), ("173", ["EC508"])):
        there, back = place | {"action": action}, place | {"action": action, "actor": "ARM", "target": "AZE"}
        frame = table(there, back)
        assert [code for code, _, _ in after(duplicates.both_ways, frame, numbers(frame))] == hit


def test_an_event_has_one_kind_of_act_for_each_coder():
    cells = [
        {"event": "a", "action": action, "coder": coder}
        for action, coder in (("190", "person:x"), ("183", "person:x"), ("046", "person:y"))
    ]
    assert after(duplicates.events, table(*cells)) == []
    wrong = {"event": "a", "action": "046", "coder": "person:x"}
    assert after(duplicates.events, table(*cells, wrong, wrong)) == [("EC509", 3, "event")]


@given(st.permutations([day("2020-05-12"), day("2020-06-01"), PUBLISHED, None]))
def test_days_of_an_event_are_counted_from_its_earliest_row(dates):
    frame = table(*({"event": "a", "date": each} for each in dates))
    assert after(duplicates.events, frame) == [("EC510", dates.index(PUBLISHED), "date")]


def test_a_date_that_the_text_does_not_give_is_no_day_of_an_event():
    early = {"event": "a", "date": day("1992-01-01"), "date_end": day("1994-12-31")}
    assert codes(duplicates.events, early, {"event": "a", "date_basis": "publication"}) == []
    assert codes(duplicates.events, early, {"event": "a", "date_basis": "stated"}) == ["EC510"]


def test_one_wrong_number_of_a_sentence_is_told_once():
    sentences = [3, 70, 8, 9, 9, 10]
    frame = table(*({"sentence": number, "start": 100 * at} for at, number in enumerate(sentences)))
    assert after(duplicates.places, frame) == [("EC404", 2, "sentence")]
    assert after(duplicates.places, frame.reverse()) == [("EC404", 3, "sentence")]


def test_what_is_published_is_told_as_such_and_what_is_like_it_as_like_it():
    place = {"start": 19, "end": 26}
    reports = table(place, {"action": "010", "target": None}, base=ROW | {"start": None, "end": None}).with_columns(report_id=pl.lit("R1"))
    cells = [place, place | {"start": 30}, {"action": "010", "target": None}, {"action": "010"}, place | {"source": "valley-2"}]
    frame = table(*cells, base=ROW | {"start": None, "end": None})
    assert after(duplicates.published, frame, reports) == [("EC504", 0, ""), ("EC504", 2, ""), ("EC505", 1, "")]


# -- the whole --------------------------------------------------------------------------------------------------------


def odd(*parts):
    tally = oddities.Tally()
    for part in parts:
        tally.add(part, part)
    return [verdict.code for _, _, verdict in oddities.whole(tally)]


def some(number, **cells):
    """Rows that differ in action and date, with cells that a function of the row's number gives."""
    actions = ("190", "194", "111", "042", "173", "010", "138")
    base = [{"action": actions[n % 7], "date": day(f"2020-09-{2 + n % 20:02d}")} for n in range(number)]
    return table(*(each | {name: give(n) for name, give in cells.items()} for n, each in enumerate(base)))


@pytest.mark.parametrize(
    ("frame", "hit"),
    [
        (some(20), []),
        (some(19, action=lambda _: "190"), []),
        (some(20, action=lambda _: "190"), ["EC601"]),
        (some(20, date=lambda _: PUBLISHED), ["EC602"]),
        (some(20, confidence=lambda _: 0.9), ["EC603"]),
        (some(20, confidence=lambda n: 0.9 if n else None), []),
        (some(24, date=lambda n: dt.date(2020, 1 + n % 12, 1)), ["EC606"]),
        (some(24, date=lambda n: dt.date(2020, 1 + n % 12, 1), date_precision=lambda _: "month"), []),
        (some(24, date=lambda n: dt.date(2020, 1 + n % 12, 1), date_end=lambda n: dt.date(2020, 1 + n % 12, 28)), []),
        (some(20, action=lambda n: "010" if n < 12 else "190"), ["EC607"]),
        (some(20, target=lambda n: None if n < 18 else "ARM"), ["EC608"]),
        (some(20, deaths_best=lambda n: 10 * n + 10), ["EC609"]),
        (some(20, deaths_best=lambda n: n % 10), []),
        (some(10, status=lambda _: "claimed"), ["EC409"]),
        (some(10, status=lambda _: "claimed", attributed_to=lambda n: "ARM" if n == 3 else None), []),
        (some(2, coder=lambda n: ("person:anna.b", "person:Anna-B")[n]), ["EC425"]),
        (some(2, coder=lambda n: ("person:anna.b", "model:anna.b")[n]), []),
        (some(2, coder=lambda _: None), []),
        (some(2, note=lambda _: None), ["EC105"]),
    ],
)
def test_a_file_as_a_whole_is_odd_or_not_however_it_is_cut(frame, hit):
    assert odd(frame) == hit
    assert odd(*frame.iter_slices(3)) == hit


def block(source, *actions):
    return [{"source": source, "action": action} for action in actions]


@pytest.mark.parametrize(
    ("cells", "at"),
    [
        ([*block("a", "190", "111", "042"), *block("b", "190", "111", "042")], [3]),
        ([*block("a", "190", "111", "042", "173"), *block("b", "190", "111", "042", "173"), *block("c", "190", "111", "042")], [4, 8]),
        ([*block("a", "190", "111"), *block("b", "190", "111"), *block("c", "190", "111")], []),
        ([*block("a", "190", "190", "190"), *block("b", "190", "190", "190")], []),
        ([*block("a", "190", "111", "042"), *block("a", "190", "111", "042")], []),
    ],
)
def test_a_block_is_copied_where_another_article_has_the_same_rows(cells, at):
    frame = table(*cells)
    assert after(oddities.copied, frame, numbers(frame)) == [("EC604", index, "") for index in at]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ([{"action": action} for action in ("190", "191", "192", "193")], "action"),
        ([{"action": action} for action in ("190", "191", "192")], None),
        ([{"action": action} for action in ("18", "190", "191", "192")], None),
        ([{"date": dt.date(2020, 10, number)} for number in (9, 10, 11, 12)], "date"),
        ([{"date": dt.date(2020, 10, number), "source": f"a-{number}"} for number in (9, 10, 11, 12)], None),
        ([{"date": dt.date(2020, 10, number), "start": number * 40} for number in (9, 10, 11, 12)], None),
        ([{"date": dt.date(2020, 10, number)} for number in (9, 10, 12, 13)], None),
    ],
)
def test_a_series_is_filled_in_where_it_counts_on_and_nothing_else_changes(cells, column):
    frame = table({"action": "111"}, *cells, {"action": "111"})
    assert after(oddities.filled, frame) == ([("EC605", 1, column)] if column else [])


@pytest.mark.parametrize(
    ("place", "country", "wrong"),
    [
        ("Tbilisi", "ARM", True),
        ("Tbilisi", "GEO", False),
        ("Stepanakert", "AZE", False),
        ("Upper Mill", "ARM", False),
        ("Tripoli", "LBN", False),
        ("Tbilisi", None, False),
    ],
)
def test_a_place_lies_in_a_country_that_has_one_of_its_name(place, country, wrong):
    assert bool(codes(texts.elsewhere, {"place": place, "country": country})) is wrong
