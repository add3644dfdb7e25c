"""What differs between releases: every kind of change with its reason, over one release or many, in every form, and what it does to counts."""

import json
from collections import Counter
from itertools import combinations, pairwise

import histories
import polars as pl
import pyarrow.parquet as pq
import pytest

from eventcode.contract.frames import polars_schema
from eventcode.errors import ReleaseError
from eventcode.linking import Earlier, Linked
from eventcode.model.tables import CHANGE, Change, Event, Report
from eventcode.publish import diff, history

PAIRS = list(combinations(histories.VERSIONS, 2))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return histories.made(tmp_path_factory)


def told(folder):
    return {(row["event_id"], row["change"], row["field"]): row["reason"] for row in histories.table(folder, "changes")}


def id_of(folder, **wanted):
    (found,) = (e["event_id"] for e in histories.events(folder).values() if all(e[name] == value for name, value in wanted.items()))
    return found


# -- what is told of each release -----------------------------------------------------------------------------------


def test_the_history_holds_every_kind_of_change(dataset):
    kinds = [{row[1] for row in histories.changes(dataset / version)} for version in histories.VERSIONS]
    assert kinds == [{"added"}, {"added", "revised", "retracted", "split"}, {"merged", "revised"}, {"added", "revised"}, set()]


def test_given_reasons_stand_in_the_changes(dataset):
    given, second = histories.GIVEN, told(dataset / "0.2.0")
    assert second[id_of(dataset / "0.1.0", action="040"), "retracted", None] == given["withdrawn"]
    assert second[id_of(dataset / "0.1.0", action="141"), "revised", "action"] == given["protest"]
    letter = id_of(dataset / "0.2.0", action="042")
    assert second[letter, "split", "event_id"] == given["letter"]
    assert told(dataset / "0.3.0")[letter, "merged", "event_id"] == given["call"]
    back = id_of(dataset / "0.4.0", action="040")
    assert told(dataset / "0.4.0") == {
        (back, "added", None): f"reinstated: {given['found']}",
        (back, "revised", "confidence"): f"reinstated: {given['found']}",
    }


def test_reasons_that_are_not_given_show_themselves(dataset):
    assert told(dataset / "0.2.0")[id_of(dataset / "0.2.0", action="010"), "added", None] == "new reports"
    talk = id_of(dataset / "0.1.0", action="041")
    assert {reason for (event, _, _), reason in told(dataset / "0.2.0").items() if event == talk} == {"codes corrected"}
    shelling = id_of(dataset / "0.3.0", deaths_high=63)
    assert {reason for (event, _, _), reason in told(dataset / "0.3.0").items() if event == shelling} == {"new reports"}


def test_a_reason_of_one_version_is_none_of_another(dataset):
    reasons = {version: set(told(dataset / version).values()) for version in histories.VERSIONS}
    assert not reasons["0.3.0"] & {histories.GIVEN[name] for name in ("withdrawn", "protest", "letter", "found")}


# -- two releases ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new"), list(pairwise(histories.VERSIONS)))
def test_the_diff_of_neighbours_is_the_later_ones_table_of_changes(dataset, old, new):
    assert diff.diff(old, new, dataset).changes.rows() == histories.changes(dataset / new)


def test_the_diff_of_the_published_releases_is_the_later_ones_table_of_changes():
    made = diff.diff("0.1.0", "1.0.0", diff.resources.DATASET)
    assert made.changes.rows() == histories.changes(diff.resources.DATASET / "1.0.0")


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_diff_over_many_releases_is_what_the_tables_of_events_show(dataset, old, new):
    made = diff.diff(old, new, dataset)
    before, after = histories.events(dataset / old), histories.events(dataset / new)
    kinds = {kind: {row["event_id"] for row in made.changes.filter(pl.col("change") == kind).to_dicts()} for kind in CHANGE}
    assert kinds["added"] | kinds["split"] == set(after) - set(before)
    assert kinds["retracted"] | kinds["merged"] == set(before) - set(after)
    assert not kinds["added"] & kinds["split"]
    assert not kinds["retracted"] & kinds["merged"]
    revised = {
        (event, name, None if (was := before[event][name]) is None else str(was), None if (now := after[event][name]) is None else str(now))
        for event in set(before) & set(after)
        for name in set(before[event]) - {"event_id", "revision"}
        if before[event][name] != after[event][name]
    }
    found = made.changes.filter((pl.col("change") == "revised") & pl.col("event_id").is_in(list(before)))
    assert set(found.select("event_id", "field", "old", "new").rows()) == revised
    assert made.events == (len(before), len(after))


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_every_change_has_a_reason_and_stands_there_once(dataset, old, new):
    changes = diff.diff(old, new, dataset).changes
    assert changes.select(pl.struct(Change.key).is_duplicated().any()).item() is False
    assert "not told" not in set(changes["reason"])
    assert changes.equals(changes.sort(Change.sort, nulls_last=True))
    assert changes.schema == polars_schema(Change)


def test_what_came_and_went_between_two_releases_is_no_change(dataset):
    letter = id_of(dataset / "0.2.0", action="042")
    talk = id_of(dataset / "0.1.0", action="041")
    assert not {letter, talk} & set(diff.diff("0.1.0", "0.4.1", dataset).changes["event_id"])
    assert diff.diff("0.1.0", "0.3.0", dataset).numbers()["retracted"] == 1


def test_the_later_release_comes_second_and_both_are_there(dataset):
    with pytest.raises(ReleaseError, match=r"0\.2\.0 is not earlier than 0\.1\.0.*release diff 0\.1\.0 0\.2\.0"):
        diff.diff("0.2.0", "0.1.0", dataset)
    with pytest.raises(ReleaseError, match=r"0\.1\.0 is not earlier than 0\.1\.0"):
        diff.diff("0.1.0", "0.1.0", dataset)
    with pytest.raises(ReleaseError, match=r"no such release: 9\.9\.9"):
        diff.diff("0.1.0", "9.9.9", dataset)


# -- chains of changes, made as releases would tell them ------------------------------------------------------------


EVENTS = {name: f"E{number:016x}" for number, name in enumerate("abcd", start=1)}


def write(dataset, version, events, changes):
    """A release with these events and changes alone, as far as a diff reads it."""
    folder = dataset / version
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text("{}", encoding="utf-8")
    empty = dict.fromkeys(Event.model_fields)
    rows = [
        {**empty, "event_id": EVENTS[name], "action": action, "status": "asserted", "root": action[:2]} for name, action in events.items()
    ]
    pl.DataFrame(rows, schema=polars_schema(Event)).write_parquet(folder / "events.parquet")
    told = [
        (EVENTS[name], kind, field, EVENTS.get(old, old), EVENTS.get(new, new), f"{kind} in {version}")
        for name, kind, field, old, new in changes
    ]
    pl.DataFrame(told, schema=polars_schema(Change), orient="row").write_parquet(folder / "changes.parquet")


def lines(made):
    names = {value: name for name, value in EVENTS.items()}
    return [tuple(names.get(value, value) for value in row) for row in made.changes.rows()]


def test_merges_are_followed_to_the_event_that_is_there(tmp_path):
    write(tmp_path, "1.0.0", {"a": "010", "b": "020", "c": "040"}, [])
    write(tmp_path, "1.1.0", {"b": "020", "c": "040"}, [("a", "merged", "event_id", "a", "b")])
    write(tmp_path, "1.2.0", {"c": "040"}, [("b", "merged", "event_id", "b", "c")])
    assert lines(diff.diff("1.0.0", "1.2.0", tmp_path)) == [
        ("a", "merged", "event_id", "a", "c", "merged in 1.1.0"),
        ("b", "merged", "event_id", "b", "c", "merged in 1.2.0"),
    ]


def test_merges_to_and_fro_end(tmp_path):
    write(tmp_path, "1.0.0", {"a": "010", "b": "020"}, [])
    write(tmp_path, "1.1.0", {"b": "020"}, [("a", "merged", "event_id", "a", "b")])
    write(tmp_path, "1.2.0", {"a": "010"}, [("a", "added", None, None, None), ("b", "merged", "event_id", "b", "a")])
    assert lines(diff.diff("1.0.0", "1.2.0", tmp_path)) == [("b", "merged", "event_id", "b", "a", "merged in 1.2.0")]
    write(tmp_path, "1.3.0", {}, [("a", "retracted", None, None, None)])
    assert lines(diff.diff("1.0.0", "1.3.0", tmp_path)) == [
        ("a", "retracted", None, None, None, "retracted in 1.3.0"),
        ("b", "merged", "event_id", "b", "a", "merged in 1.2.0"),
    ]


def test_of_an_event_that_came_or_went_twice_the_last_time_counts(tmp_path):
    write(tmp_path, "1.0.0", {"a": "010", "b": "020"}, [])
    write(tmp_path, "1.1.0", {"a": "010", "c": "040"}, [("b", "retracted", None, None, None), ("c", "split", "event_id", "a", "c")])
    write(tmp_path, "1.2.0", {"a": "010", "b": "020"}, [("b", "added", None, None, None), ("c", "retracted", None, None, None)])
    write(tmp_path, "1.3.0", {"a": "010", "c": "041"}, [
        ("b", "merged", "event_id", "b", "a"), ("c", "added", None, None, None), ("c", "revised", "action", "040", "041"),
    ])  # fmt: skip
    assert lines(diff.diff("1.0.0", "1.3.0", tmp_path)) == [
        ("b", "merged", "event_id", "b", "a", "merged in 1.3.0"),
        ("c", "added", None, None, None, "added in 1.3.0"),
    ]
    assert lines(diff.diff("1.2.0", "1.3.0", tmp_path)) == [
        ("b", "merged", "event_id", "b", "a", "merged in 1.3.0"),
        ("c", "added", None, None, None, "added in 1.3.0"),
        ("c", "revised", "action", "040", "041", "revised in 1.3.0"),
    ]


def test_releases_without_events_differ_in_nothing(tmp_path):
    for version in ("1.0.0", "1.1.0"):
        write(tmp_path, version, {}, [])
    made = diff.diff("1.0.0", "1.1.0", tmp_path)
    assert (made.changes.height, made.events, set(made.numbers().values())) == (0, (0, 0), {0})
    assert diff.text(made) == "1.0.0 -> 1.1.0: 0 -> 0 events; 0 added, 0 revised, 0 retracted, 0 merged, 0 split\n"


def linked(**events):
    """Events, and their reports, one at each place."""
    empty = dict.fromkeys(Event.model_fields)
    rows = [{**empty, "event_id": EVENTS[name], "n_reports": len(places), "revision": 0} for name, places in events.items()]
    told = [
        {
            **dict.fromkeys(Report.model_fields),
            "report_id": f"R{place:016x}",
            "event_id": EVENTS[name],
            "article_id": "x",
            "start": place,
            "end": place + 1,
        }
        for name, places in events.items()
        for place in places
    ]
    return pl.DataFrame(rows, schema=polars_schema(Event)), pl.DataFrame(told, schema=polars_schema(Report))


def changed(before, now, **moved):
    """What changes from some events to others, where the ids of reports are the same."""
    (events, reports), (new_events, new_reports) = linked(**before), linked(**now)
    past = history.History("a release", events, events.clear(), Earlier(reports, reports.clear()))
    made = Linked(
        new_events,
        new_reports,
        **{kind: {EVENTS[one]: EVENTS[other] for one, other in moved.get(kind, {}).items()} for kind in ("merged", "split")},
    )
    return {(next(n for n, i in EVENTS.items() if i == row[0]), row[1], row[5]) for row in history.changes(made, past)[1].rows()}


def test_the_same_reports_in_other_events_are_no_corrected_codes():
    apart, together = {"a": [1, 2], "b": [3]}, {"a": [1, 2, 3]}
    assert changed(apart, together, merged={"b": "a"}) == {("a", "revised", "reports linked otherwise"), ("b", "merged", "one happening")}
    assert changed(together, apart, split={"b": "a"}) == {("a", "revised", "reports linked otherwise"), ("b", "split", "another happening")}


def test_reports_that_came_or_went_are_the_reason_beside_those_that_were_linked_otherwise():
    assert changed({"a": [1]}, {"a": [1, 2]}) == {("a", "revised", "new reports")}
    assert changed({"a": [1, 2]}, {"a": [1]}) == {("a", "revised", "reports removed")}
    assert changed({"a": [1, 2]}, {"b": [3]}) == {("a", "retracted", "reports removed"), ("b", "added", "new reports")}
    assert changed({"a": [1, 2], "b": [3]}, {"a": [1, 3, 4, 5]}, merged={"b": "a"}) >= {
        ("a", "revised", "reports linked otherwise, reports removed")
    }
    assert changed({"a": []}, {"a": []}) == set()


# -- counts ---------------------------------------------------------------------------------------------------------

GROUPS = {
    "country-year": lambda e: (e["country"] or "", e["date"] and e["date"].year),
    "dyad-month": lambda e: (e["actor_country"] or "", e["target_country"] or "", e["date"] and f"{e['date']:%Y-%m}"),
    "root": lambda e: (e["root"],),
    "quad class-year": lambda e: (e["quad_class"], e["date"] and e["date"].year),
    "status": lambda e: (e["status"],),
}


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize(
    ("folder", "old", "new"), [(None, "0.1.0", "0.2.0"), (None, "0.1.0", "0.4.1"), (diff.resources.DATASET, "0.1.0", "1.0.0")]
)
def test_counts_are_those_of_plain_python(dataset, folder, old, new, name):
    folder = folder or dataset
    before, after = (Counter(map(GROUPS[name], histories.events(folder / version).values())) for version in (old, new))
    wanted = {key: (before[key], after[key]) for key in {*before, *after} if before[key] != after[key]}
    found = diff.diff(old, new, folder).counts[name]
    assert {row[:-2]: row[-2:] for row in found.iter_rows()} == wanted
    assert found.height == len(wanted)


def test_events_without_day_and_country_are_counted_too(tmp_path):
    write(tmp_path, "1.0.0", {"a": "010"}, [])
    write(tmp_path, "1.1.0", {"a": "010", "b": "010"}, [("b", "added", None, None, None)])
    counts = diff.diff("1.0.0", "1.1.0", tmp_path).counts
    assert counts["country-year"].rows() == [("", None, 1, 2)]
    assert counts["dyad-month"].rows() == [("", "", None, 1, 2)]
    assert counts["quad class-year"].rows() == [(None, None, 1, 2)]


# -- forms ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new"), [("0.1.0", "0.2.0"), ("0.4.0", "0.4.1")])
def test_json_has_every_kind_as_a_key(dataset, old, new):
    made = diff.diff(old, new, dataset)
    said = json.loads(diff.as_json(made))
    assert set(CHANGE) <= set(said)
    assert {kind: len({row["event_id"] for row in said[kind]}) for kind in CHANGE} == made.numbers() == said["numbers"]
    assert sum(len(said[kind]) for kind in CHANGE) == made.changes.height
    assert (said["old"], said["new"]) == (old, new)
    assert set(said["counts"]) == set(GROUPS)


def test_json_of_no_change_has_empty_lists(dataset):
    said = json.loads(diff.as_json(diff.diff("0.4.0", "0.4.1", dataset)))
    assert [said[kind] for kind in CHANGE] == [[]] * len(CHANGE)
    assert set(map(tuple, said["counts"].values())) == {()}


def test_markdown_and_text_tell_each_change_and_its_reason(dataset):
    made = diff.diff("0.1.0", "0.2.0", dataset)
    markdown, text = diff.changes_md(made), diff.text(made)
    for event, change, field, old, new, reason in made.changes.rows():
        assert f"| {event} | {change} | {field or ''} | {old or ''} | {new or ''} | {reason} |" in markdown
        assert any(line.startswith(f"{event}  {change}") and line.endswith(f"({reason})") for line in text.splitlines())
    assert text.startswith("0.1.0 -> 0.2.0: 6 -> 7 events; 1 added, 2 revised, 1 retracted, 0 merged, 1 split\n")
    assert f"- 1 retracted ({histories.GIVEN['withdrawn']})" in markdown
    assert "## Events by country and year" not in markdown or "| country | year | before | after |" in markdown
    assert "| root | before | after |" in markdown


def test_the_papers_of_a_release_say_what_the_diff_says(dataset):
    for old, new in pairwise(histories.VERSIONS):
        assert (dataset / new / "CHANGES.md").read_text(encoding="utf-8") == diff.changes_md(diff.diff(old, new, dataset))


def test_long_tables_are_cut_and_say_so(tmp_path, monkeypatch):
    monkeypatch.setattr(diff, "_SHOWN", 1)
    write(tmp_path, "1.0.0", {}, [])
    write(tmp_path, "1.1.0", {"a": "010", "b": "020"}, [(name, "added", None, None, None) for name in "ab"])
    made = diff.diff("1.0.0", "1.1.0", tmp_path)
    assert "and 1 more" in diff.changes_md(made)
    assert "and 1 more; see them all with --format json" in diff.text(made)


def test_bars_and_line_ends_do_not_break_markdown(tmp_path):
    write(tmp_path, "1.0.0", {"a": "010"}, [])
    write(tmp_path, "1.1.0", {"a": "011"}, [("a", "revised", "action", "010", "011")])
    changes = tmp_path / "1.1.0" / "changes.parquet"
    pl.read_parquet(changes).with_columns(reason=pl.lit("a | b\nc")).write_parquet(changes)
    assert f"| {EVENTS['a']} | revised | action | 010 | 011 | a \\| b c |" in diff.changes_md(diff.diff("1.0.0", "1.1.0", tmp_path))


def test_parquet_has_the_form_of_the_table_of_changes(dataset, eventcode, tmp_path):
    out = tmp_path / "changes.parquet"
    assert eventcode("release", "diff", "0.1.0", "0.2.0", "--dataset", str(dataset), "-o", str(out)).code == 0
    assert out.read_bytes() == (dataset / "0.2.0" / "changes.parquet").read_bytes()
    assert pq.read_table(out).schema == pq.read_table(dataset / "0.2.0" / "changes.parquet").schema
