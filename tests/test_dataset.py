"""What is published: every release is whole, and 1.0.0 holds what the five articles tell."""

import polars as pl
import pyarrow.parquet as pq
import pytest

from eventcode import load, resolve, resources
from eventcode.coder.articles import read
from eventcode.contribute.gate import validate
from eventcode.errors import ReleaseError
from eventcode.linking import Earlier, link
from eventcode.publish import release
from eventcode.publish.describe import descriptor
from eventcode.publish.diff import diff
from eventcode.publish.rebuild import rebuild
from eventcode.publish.sources import index_of, of_role, sources
from eventcode.resources import codes

DATASET = resources.DATASET
PROGRAM = "0005-eventcode-0.2.0-seeds.jsonl"
SEEDS = resources.SCHEMA.parent / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the articles are not part of the package")


def table(name, version="1.0.0"):
    return pq.read_table(DATASET / version / f"{name}.parquet").to_pylist()


@pytest.fixture(scope="module")
def events():
    return table("events")


def some(events, **wanted):
    return [e for e in events if all(str(e[name] or "").startswith(value) for name, value in wanted.items())]


@pytest.mark.parametrize("version", resources.releases())
def test_every_release_is_whole(version):
    assert release.verify(DATASET / version) == []


def test_at_least_a_hundred_events_from_all_five_articles_and_none_twice(events):
    reports = table("reports")
    assert len(events) >= 100
    assert {r["article_id"] for r in reports} == {a.id for a in read([SEEDS])}
    same = [(e["actor"], e["action"], e["target"], e["date"], e["date_end"], e["status"], e["place"]) for e in events]
    assert len(set(same)) == len(same)
    assert {r["event_id"] for r in reports} == {e["event_id"] for e in events}


def test_every_report_stands_where_it_says():
    texts = {a.id: a.text for a in read([SEEDS])}
    for r in table("reports"):
        assert texts[r["article_id"]][r["start"] : r["end"]] == r["trigger"]


def test_the_capture_of_shusha_is_claimed_by_one_side_and_denied_by_the_other(events):
    (capture,) = some(events, action="192", place="Shush", date="2020-11-0")
    assert (capture["actor_country"], capture["status"]) == ("AZE", "claimed")
    assert capture["attributed_to"].startswith("AZE")
    assert capture["denied_by"].startswith("ARM")
    reports = [r for r in table("reports") if r["event_id"] == capture["event_id"]]
    assert {(r["status"], r["attributed_to"][:3]) for r in reports} == {("claimed", "AZE"), ("denied", "ARM")}
    assert any(e["denies"] == capture["event_id"] and e["actor"].startswith("ARM") for e in events)


def test_the_truce_of_october_2020_is_one_event_of_two_articles_and_was_violated(events):
    for actor, target in (("ARM", "AZE"), ("AZE", "ARM")):
        (truce,) = some(events, actor=actor, target=target, action="0871", date="2020-10-10")
        assert truce["n_sources"] >= 2
        assert some(events, actor_country=actor, target_country=target, action="196", date="2020-10")


def test_the_disarmament_of_2023_is_there(events):
    assert some(events, actor="NKR", action="0873", date="2023-09-20") or some(events, actor="NKR", action="087", date="2023-09-20")


def test_what_counts_in_which_release_is_told():
    contributions = DATASET / "contributions"
    assert index_of(contributions).is_file()
    assert [f.name for f in of_role(sources(contributions, "0.1.0"), "published")] == ["0001-eventcode-0.1.0-seeds.jsonl"]
    assert [f.name for f in of_role(sources(contributions, "1.0.0"), "published")] == ["0004-claude-adjudicated-seeds.jsonl"]


def test_ids_are_followed_through_merges():
    merged = {row["event_id"]: row["new"] for row in table("changes") if row["change"] == "merged"}
    assert merged
    for old, new in merged.items():
        assert resolve(old) == resolve(new) == new
    for backend in ("pandas", "polars", "arrow"):
        assert len(load(event_ids=merged, backend=backend)) == len(set(merged.values()))
        assert set(load(table="reports", event_ids=merged, backend="polars")["event_id"]) == set(merged.values())
    with pytest.raises(ReleaseError, match="the rows of actors belong to no events"):
        load(table="actors", event_ids=merged)
    gone = next(row["event_id"] for row in table("changes") if row["change"] == "retracted")
    assert resolve(gone) is None
    with pytest.raises(ReleaseError, match="no event of any release bears this id"):
        resolve("E" + "f" * 16)


def test_recoding_keeps_the_ids_of_events_whose_triggers_stand():
    """The program's coding of the seeds, then again with every seventh code read only to its root, as another lexicon may give it."""
    rows = validate(DATASET / "contributions" / PROGRAM).frame.with_columns(pl.col("status").fill_null("asserted"))
    root = pl.col("action").str.head(2)
    read_less = pl.when((root + "0").is_in(list(codes("actions")))).then(root + "0").otherwise(root)
    seventh = pl.int_range(pl.len()) % 7 == 0
    other = rows.with_columns(action=pl.when(seventh).then(read_less).otherwise("action"))
    assert (rows["action"] != other["action"]).sum() >= 15
    before = link(rows, publishers={})
    after = link(other, publishers={}, earlier=Earlier(before.reports, before.reports.clear()))
    assert set(before.events["event_id"]) <= set(after.events["event_id"]) | set(after.merged)
    place = ["article_id", "start", "end"]
    there = after.reports.group_by(place).agg(pl.col("event_id").alias("now"))
    lost = before.reports.join(there, on=place, how="left", nulls_equal=True).filter(
        ~pl.col("event_id").is_in(pl.col("now")).fill_null(value=False) & ~pl.col("event_id").is_in(list(after.merged))
    )
    assert lost.height == 0


@pytest.mark.parametrize(
    "version", [v for v in resources.releases() if descriptor(DATASET / v)["builtWith"] == f"eventcode {resources.VERSION}"]
)
def test_releases_by_this_version_are_made_again_with_the_same_bytes(version):
    made = rebuild(DATASET / version, contributions=DATASET / "contributions", articles=SEEDS)
    assert (made.other, made.equal, made.skipped) == ((), (), ())
    assert set(made.same) == {path.name for path in (DATASET / version).iterdir()}


def test_what_was_corrected_in_1_1_0_has_its_reason():
    changes = table("changes", "1.1.0")
    assert {each["change"] for each in changes} == {"added", "revised", "retracted", "merged"}
    generic = {"codes corrected", "new reports", "reports removed", "one happening", "another happening", "reports linked otherwise"}
    assert [each for each in changes if each["reason"] in generic] == []
    made = diff("1.0.0", "1.1.0", DATASET)
    assert made.numbers() == {"added": 5, "revised": 20, "retracted": 1, "merged": 2, "split": 0}
    assert sorted(made.changes.rows()) == sorted(tuple(each.values()) for each in changes)
