"""Releases made again from their contributions: the same bytes, or what is other is named."""

import csv
import shutil
from pathlib import Path

import handmade
import histories
import pyarrow.parquet as pq
import pytest

from eventcode import resources
from eventcode.errors import ReleaseError
from eventcode.model.tables import RELEASE
from eventcode.publish.rebuild import rebuild
from eventcode.publish.write import SUMS, read_sums

TABLES = {f"{model.table}.parquet" for model in RELEASE}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return histories.made(tmp_path_factory)


@pytest.fixture
def mine(dataset, tmp_path):
    """A copy of the history, to be changed; returns the folder of its releases."""
    shutil.copytree(dataset.parent, tmp_path / "history")
    return tmp_path / "history" / "dataset"


def again(dataset, version, articles=handmade.SEEDS):
    return rebuild(dataset / version, contributions=dataset.parent / f"contributions-{version}", articles=articles)


def edit(path, old, new):
    raw = path.read_bytes()
    assert raw.count(old) >= 1
    path.write_bytes(raw.replace(old, new, 1))


# -- the same bytes -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not (resources.SCHEMA.parent / "seeds").is_dir(), reason="the articles are not part of the package")
@pytest.mark.parametrize("version", [v for v in resources.releases() if v != "0.1.0"])
def test_the_tables_of_published_releases_come_out_with_the_same_bytes(version):
    folder = resources.DATASET / version
    made = rebuild(folder, contributions=resources.DATASET / "contributions", articles=resources.SCHEMA.parent / "seeds")
    assert (made.equal, made.other) == ((), ())
    assert {p.name for p in folder.glob("*.parquet")} <= set(made.same)
    assert set(made.same) | set(made.skipped) == {*read_sums(folder), SUMS}


@pytest.mark.parametrize("version", histories.VERSIONS)
def test_each_release_of_a_history_comes_out_whole_though_others_came_later(dataset, version):
    made = again(dataset, version)
    assert (made.equal, made.other, made.skipped) == ((), (), ())
    assert sorted(made.same) == sorted([*read_sums(dataset / version), SUMS])


def test_nothing_is_written_beside_the_release(dataset):
    before = sorted(p.as_posix() for p in dataset.parent.rglob("*"))
    again(dataset, "0.4.1")
    assert sorted(p.as_posix() for p in dataset.parent.rglob("*")) == before


def test_where_the_release_lies_makes_no_difference(mine, monkeypatch):
    monkeypatch.chdir(mine / "0.4.1")
    made = rebuild(Path(), contributions=Path("../../contributions-0.4.1"), articles=handmade.SEEDS)
    assert (made.equal, made.other, made.skipped) == ((), (), ())


# -- what is other --------------------------------------------------------------------------------------------------


def test_a_contribution_changed_by_one_byte_is_named(mine):
    edit(mine.parent / "contributions-0.2.0" / "handmade.csv", b"RUSGOV", b"RUSGOW")
    with pytest.raises(ReleaseError, match=r"0\.2\.0: contributions/handmade\.csv: it is not the file that the release was built from"):
        again(mine, "0.2.0")


def test_an_article_changed_by_one_byte_is_named(mine, tmp_path):
    articles = shutil.copytree(handmade.SEEDS, tmp_path / "articles")
    edit(articles / f"{handmade.METRO}.md", b"the", b"The")
    with pytest.raises(ReleaseError, match=rf"articles/{handmade.METRO}\.md: it is not the file"):
        again(mine, "0.1.0", articles)


def test_files_that_are_gone_are_all_named(mine, tmp_path):
    articles = shutil.copytree(handmade.SEEDS, tmp_path / "articles")
    (articles / f"{handmade.METRO}.md").unlink()
    (mine.parent / "contributions-0.2.0" / "handmade.csv").unlink()
    (mine.parent / "reasons.csv").unlink()
    with pytest.raises(ReleaseError) as refused:
        again(mine, "0.2.0", articles)
    for name in ("contributions/handmade.csv", f"articles/{handmade.METRO}.md", "reasons.csv"):
        assert f"{name}: the file is not there" in str(refused.value)


def test_coverage_counts_among_the_files(tmp_path):
    given = handmade.contribute(tmp_path / "given", handmade.rows())
    (tmp_path / "coverage").mkdir()
    read = tmp_path / "coverage" / "handmade.csv"
    read.write_text(f"article,sentences\r\n{handmade.POST},20\r\n", encoding="utf-8")
    out = tmp_path / "dataset"
    folder = handmade.release.build("0.1.0", day=handmade.DAY, contributions=given, articles=handmade.SEEDS, out=out, about=handmade.ABOUT)
    assert rebuild(folder, contributions=given, articles=handmade.SEEDS).other == ()
    edit(read, b"20", b"21")
    with pytest.raises(ReleaseError, match=r"coverage/handmade\.csv: it is not the file"):
        rebuild(folder, contributions=given, articles=handmade.SEEDS)


def test_a_contribution_that_was_added_shows(mine):
    handmade.contribute(
        mine.parent / "contributions-0.4.1", [handmade.row(handmade.METRO, "GEO", "040", "", "2023-09-20", "met")], "more.csv"
    )
    made = again(mine, "0.4.1")
    assert {"events.parquet: its rows are others", "contributions.parquet: its rows are others"} <= set(made.other)
    assert "actors.parquet" in made.same


def test_a_table_written_by_another_writer_says_the_same_in_other_bytes(mine):
    events = mine / "0.4.1" / "events.parquet"
    pq.write_table(pq.read_table(events), events, compression="none")
    made = again(mine, "0.4.1")
    assert (made.equal, made.other) == (("events.parquet",), ())


def test_a_changed_value_is_named(mine):
    events = mine / "0.4.1" / "events.parquet"
    table = pq.read_table(events)
    at = table.column_names.index("goldstein")
    pq.write_table(table.set_column(at, table.field(at), [[1.0] * table.num_rows]), events)
    assert again(mine, "0.4.1").other == ("events.parquet: its rows are others",)


def test_a_text_that_was_edited_is_named(mine):
    edit(mine / "0.4.1" / "CHANGES.md", b"No event changed.", b"Nothing changed.")
    assert again(mine, "0.4.1").other == ("CHANGES.md: its text is another",)


def test_texts_of_another_version_of_the_program_are_not_compared(mine):
    edit(mine / "0.4.1" / "datapackage.json", f"eventcode {resources.VERSION}".encode(), b"eventcode 0.2.7")
    made = again(mine, "0.4.1")
    assert set(made.same) == TABLES
    assert {"datapackage.json", "CHANGES.md", SUMS} <= set(made.skipped)
    assert made.other == ()


# -- reasons --------------------------------------------------------------------------------------------------------


def test_a_later_row_among_the_reasons_does_not_hurt_an_earlier_release(mine):
    with (mine.parent / "reasons.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerow(("R" + "0" * 16, "0.5.0", "a reason of tomorrow"))
    made = again(mine, "0.2.0")
    assert (made.equal, made.other) == ((), ())


def test_a_reason_that_was_edited_shows(mine):
    edit(mine.parent / "reasons.csv", histories.GIVEN["withdrawn"].encode(), b"nobody knows")
    with pytest.raises(ReleaseError, match=r"reasons\.csv: what it says of the release is other than when it was built"):
        again(mine, "0.2.0")


# -- the command ----------------------------------------------------------------------------------------------------


def test_verify_rebuild_says_that_the_bytes_are_the_same(eventcode, mine):
    def verify():
        return eventcode(
            "release", "verify", str(mine / "0.4.0"), "--rebuild", "--contributions", str(mine.parent / "contributions-0.4.0"),
            "--articles", str(handmade.SEEDS),
        )  # fmt: skip

    ran = verify()
    assert ran.code == 0, ran
    assert "made again with the same bytes: events.parquet, reports.parquet" in ran.out
    assert ran.out.endswith("whole, as published\n")
    edit(mine.parent / "contributions-0.4.0" / "handmade.csv", b"0.5", b"0.6")
    ran = verify()
    assert ran.code == 2
    assert "contributions/handmade.csv: it is not the file that the release was built from" in ran.err
