"""Releases: the same bytes on every build, whole or not there, refused where they would be wrong, and their changes."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date

import handmade
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eventcode import resources
from eventcode.errors import ReleaseError
from eventcode.model.tables import RELEASE
from eventcode.publish import history, metadata, release
from eventcode.publish.content import content_sha256
from eventcode.publish.write import SUMS, freeze, read_sums, staged, write_sums

TABLES = {f"{model.table}.parquet" for model in RELEASE}
TEXTS = {
    "datapackage.json", "croissant.json", "datacite.json", "CITATION.cff", "schema-org.jsonld", "ddi-codebook.xml", "dataverse.json", "zenodo.json",
    "ro-crate-metadata.json", "CODEBOOK.md", "CODEBOOK.html", "CHANGES.md", "ACCURACY.md", SUMS,
}  # fmt: skip
INDEX = ["index.json", "index.json.sha256"]


def table(folder, name):
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def bytes_of(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir()}


@pytest.fixture
def built(tmp_path):
    return handmade.build(tmp_path / "dataset")


def command(out, contributions, version="0.1.0"):
    return [
        sys.executable, "-c", "from eventcode.cli.main import run; run()", "release", "build", version, "--date", "2026-01-31",
        "--contributions", str(contributions), "--articles", str(handmade.SEEDS), "--out", str(out),
    ]  # fmt: skip


def test_a_release_holds_its_tables_and_its_papers(built):
    assert {p.name for p in built.iterdir()} == TABLES | TEXTS
    assert release.verify(built) == []
    assert oct(built.stat().st_mode)[-3:] == "755"


def test_sums_are_what_sha256sum_reads(built):
    assert read_sums(built) == {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in built.iterdir() if p.name != SUMS
    }  # fmt: skip
    assert all(re.fullmatch(r"[0-9a-f]{64}  \S+", line) for line in (built / SUMS).read_text(encoding="utf-8").splitlines())


def test_the_same_bytes_whatever_the_hash_seed(tmp_path):
    given = handmade.contribute(tmp_path / "given", handmade.rows())
    folders = []
    for seed in ("1", "4242"):
        out = tmp_path / seed
        done = subprocess.run(command(out, given), env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        folders.append(bytes_of(out / "0.1.0"))
    assert folders[0] == folders[1]


def test_the_order_of_rows_and_files_does_not_matter(tmp_path):
    rows = handmade.rows()
    one = handmade.build(tmp_path / "one" / "dataset", wanted=rows)
    given = handmade.contribute(tmp_path / "given", rows[4:][::-1], "a.csv")
    handmade.contribute(given, rows[:4][::-1], "b.csv")
    two = release.build("0.1.0", day=handmade.DAY, contributions=given, articles=handmade.SEEDS, out=tmp_path / "two", about=handmade.ABOUT)
    told = TABLES - {"contributions.parquet"}  # it names the files
    assert {name: (one / name).read_bytes() == (two / name).read_bytes() for name in told} == dict.fromkeys(told, True)


def test_datapackage_counts_rows_and_names_what_it_was_built_from(built):
    package = json.loads((built / "datapackage.json").read_text(encoding="utf-8"))
    for each in package["resources"]:
        assert each["rows"] == pq.read_metadata(built / each["path"]).num_rows
        assert each["hash"] == f"sha256:{hashlib.sha256((built / each['path']).read_bytes()).hexdigest()}"
    assert [s["path"] for s in package["sources"]] == [
        "contributions/handmade.csv",
        *(f"articles/{p.name}" for p in sorted(handmade.SEEDS.iterdir())),
    ]
    assert package["created"] == "2026-01-31T00:00:00Z"


# -- verify ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(TABLES))
def test_verify_names_the_table_in_which_one_byte_changed(built, name):
    raw = bytearray((built / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (built / name).write_bytes(raw)
    assert release.verify(built) == [f"{name}: its bytes are not those that were published"]


def test_verify_names_what_is_missing_and_what_was_added(built):
    (built / "reports.parquet").unlink()
    (built / "mine").mkdir()
    (built / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    assert release.verify(built) == ["reports.parquet: missing", "mine/notes.txt: not part of the release"]


def seal(folder):
    """Make checksums right again, as one would who means to deceive."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for each in package["resources"]:
        if (folder / each["path"]).exists():
            each["hash"] = f"sha256:{hashlib.sha256((folder / each['path']).read_bytes()).hexdigest()}"
            with contextlib.suppress(pa.ArrowInvalid):
                table = pq.read_table(folder / each["path"])
                each |= {"contentSha256": content_sha256(table), "rows": table.num_rows}
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    write_sums(folder)


def test_verify_compares_the_tables_with_the_data_package_too(built):
    events = pq.read_table(built / "events.parquet")
    pq.write_table(events, built / "events.parquet", compression="none")
    write_sums(built)
    assert release.verify(built) == ["events.parquet: its checksum in datapackage.json is another"]


def test_verify_sees_a_wrong_table_behind_right_sums(built):
    events = pq.read_table(built / "events.parquet")
    pq.write_table(events.slice(0, 2), built / "events.parquet")
    seal(built)
    assert release.verify(built) == ["reports.parquet: its events are not those of events.parquet"]
    at = events.column_names.index("quad_class")
    pq.write_table(events.set_column(at, events.field(at), [[5] * len(events)]), built / "events.parquet")
    seal(built)
    assert release.verify(built)[0] == "events.parquet: row 0, column quad_class breaks 'maximum'"
    pq.write_table(pa.concat_tables([events, events.slice(0, 1)]), built / "events.parquet")
    seal(built)
    assert release.verify(built) == ["events.parquet: event_id is not unique"]
    pq.write_table(events.drop_columns(["revision"]), built / "events.parquet")
    seal(built)
    assert release.verify(built) == ["events.parquet: its columns are not those of the contract"]
    (built / "events.parquet").write_bytes(b"PAR1 no more")
    seal(built)
    assert release.verify(built)[0].startswith("events.parquet: cannot be read as Parquet")
    (built / "events.parquet").unlink()
    seal(built)
    assert release.verify(built) == ["events.parquet: missing"]


def test_verify_refuses_what_is_no_release(tmp_path):
    with pytest.raises(ReleaseError, match="there is no SHA256SUMS"):
        release.verify(tmp_path)


# -- all or nothing -------------------------------------------------------------------------------------------------


def test_an_existing_version_is_refused_and_left_as_it_is(built):
    before = bytes_of(built)
    with pytest.raises(ReleaseError, match=r"0\.1\.0 is there already.*choose the next version"):
        handmade.build(built.parent, wanted=[handmade.later()])
    assert bytes_of(built) == before


def test_a_build_that_fails_midway_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(folder):
        assert {p.name for p in folder.iterdir()} == (TABLES | TEXTS) - {SUMS}
        raise OSError("no space left on device")

    monkeypatch.setattr(release, "write_sums", full)
    with pytest.raises(OSError, match="no space left"):
        handmade.build(tmp_path / "dataset")
    assert list((tmp_path / "dataset").iterdir()) == []


def test_a_release_that_would_not_verify_is_not_published(tmp_path, monkeypatch):
    monkeypatch.setattr(release, "verify", lambda _: ["events.parquet: wrong"])
    with pytest.raises(ReleaseError, match=r"would not be whole: events\.parquet: wrong"):
        handmade.build(tmp_path / "dataset")
    assert list((tmp_path / "dataset").iterdir()) == []


def test_of_two_builds_of_one_version_one_is_published_whole(tmp_path):
    with staged(tmp_path / "1.0.0") as slow, staged(tmp_path / "1.0.0") as quick:
        assert quick != slow
        for folder in (slow, quick):
            (folder / "mine").write_text(f"{folder == quick}", encoding="utf-8")
    freeze(quick, tmp_path / "1.0.0")
    with pytest.raises(ReleaseError, match="published by somebody else meanwhile"):
        freeze(slow, tmp_path / "1.0.0")
    assert [p.name for p in tmp_path.iterdir()] == ["1.0.0"]
    assert bytes_of(tmp_path / "1.0.0") == {"mine": b"True"}


def test_two_processes_that_build_at_once_do_not_mix(tmp_path):
    rows, out = handmade.rows(), tmp_path / "dataset"
    given = [handmade.contribute(tmp_path / "a", rows[:3]), handmade.contribute(tmp_path / "b", rows[3:])]
    running = [subprocess.Popen(command(out, folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for folder in given]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert sorted(code for _, code in ended) == [0, 2], ended
    assert sorted(p.name for p in out.iterdir()) == ["0.1.0", *INDEX]
    assert release.verify(out / "0.1.0") == []
    won = [code for _, code in ended].index(0)
    assert len(table(out / "0.1.0", "reports")) == (3, 4)[won]


def test_a_build_under_way_is_no_release(built):
    half = built.parent / ".0.2.0-abcd"
    half.mkdir()
    (half / "datapackage.json").write_text("{}", encoding="utf-8")
    assert resources.releases(built.parent) == ["0.1.0"]


# -- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"action": "42"}, r"handmade\.csv: 1 problems .* EC204 in row 2, column action: 42; expected 042"),
        ({"source": "no-such-article"}, r"EC502 in row 2, column source: no-such-article"),
        ({"actor": "", "target": ""}, r"EC305 in row 2"),
        ({"date": "2020-13-01"}, r"EC301 in row 2, column date"),
        ({"coder": ""}, r"handmade\.csv, row 2: a row does not say who coded it; expected coder: program:NAME"),
    ],
)
def test_contributions_with_problems_are_refused_with_file_and_row(tmp_path, change, message):
    rows = handmade.rows()
    rows[1] |= change
    with pytest.raises(ReleaseError) as refused:
        handmade.build(tmp_path / "dataset", wanted=rows)
    assert re.search(message, str(refused.value))
    assert not (tmp_path / "dataset").exists()


def test_a_problem_of_the_whole_file_is_said_so(tmp_path):
    given = tmp_path / "given"
    given.mkdir()
    (given / "short.csv").write_text("actor,action,target,date\nAZE,190,ARM,2020-10-09\n", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"short\.csv.*EC101 in the file, column source"):
        release.build("0.1.0", day=handmade.DAY, contributions=given, articles=handmade.SEEDS, out=tmp_path, about=handmade.ABOUT)


def test_the_same_report_in_two_contributions_is_refused(tmp_path):
    given = handmade.contribute(tmp_path / "given", handmade.rows(), "a.csv")
    handmade.contribute(given, handmade.rows()[3:4], "b.csv")
    with pytest.raises(ReleaseError, match=r"b\.csv, row 1: the same report as \S+a\.csv, row 4"):
        release.build("0.1.0", day=handmade.DAY, contributions=given, articles=handmade.SEEDS, out=tmp_path / "d", about=handmade.ABOUT)


def test_no_contributions_no_release(tmp_path):
    (tmp_path / "given").mkdir()
    with pytest.raises(ReleaseError, match="there are no contributions"):
        release.build("0.1.0", day=handmade.DAY, contributions=tmp_path / "given", articles=handmade.SEEDS, out=tmp_path)


def test_without_about_toml_a_release_cannot_say_what_it_is(tmp_path):
    given = handmade.contribute(tmp_path / "given", handmade.rows())
    with pytest.raises(ReleaseError, match=r"there is no about\.toml"):
        release.build("0.1.0", day=handmade.DAY, contributions=given, articles=handmade.SEEDS, out=tmp_path)


def test_articles_that_the_contract_does_not_take_are_named(tmp_path):
    texts = tmp_path / "articles"
    texts.mkdir()
    (texts / "a.md").write_text("---\nlink: nowhere\n---\nText.\n", encoding="utf-8")
    given = handmade.contribute(tmp_path / "given", [{**handmade.rows()[0], "source": "a"}])
    with pytest.raises(ReleaseError, match=r"articles, article a: link:"):
        release.build("0.1.0", day=handmade.DAY, contributions=given, articles=texts, out=tmp_path, about=handmade.ABOUT)


def test_articles_without_a_checksum_get_that_of_their_text(tmp_path):
    texts = tmp_path / "articles"
    texts.mkdir()
    (texts / "a.jsonl").write_text('{"id": "a", "text": "Lavrov met Pashinyan."}\n', encoding="utf-8")
    given = handmade.contribute(tmp_path / "given", [{**handmade.rows()[0], "source": "a", "start": 7, "end": 10}])
    folder = release.build("0.1.0", day=handmade.DAY, contributions=given, articles=texts, out=tmp_path, about=handmade.ABOUT)
    (article,) = table(folder, "articles")
    assert article["sha256"] == hashlib.sha256(b"Lavrov met Pashinyan.").hexdigest()


# -- coverage -------------------------------------------------------------------------------------------------------


def coverage(tmp_path, text):
    given = handmade.contribute(tmp_path / "given", handmade.rows())
    (tmp_path / "coverage").mkdir()
    (tmp_path / "coverage" / "handmade.csv").write_text(text, encoding="utf-8")
    return release.build("0.1.0", day=handmade.DAY, contributions=given, articles=handmade.SEEDS, out=tmp_path, about=handmade.ABOUT)


def test_coverage_tells_nothing_happened_from_nothing_was_read(tmp_path):
    folder = coverage(tmp_path, f"article,sentences,reports\n{handmade.BULGARIAN},35,0\n{handmade.POST},20,1\n")
    rows = {row["publisher"]: row for row in table(folder, "coverage")}
    assert (rows["BulgarianMilitary.com"]["sentences"], rows["BulgarianMilitary.com"]["reports"]) == (35, 0)
    assert (rows["National Post"]["sentences"], rows["National Post"]["reports"]) == (20, 1)
    assert (rows["Metro Times"]["sentences"], rows["Metro Times"]["reports"]) == (None, 2)


@pytest.mark.parametrize("text", ["article,sentences\nnowhere,3\n", f"article,sentences\n{handmade.POST},many\n", "a,b\n1,2\n"])
def test_coverage_that_cannot_be_read_is_refused_with_its_place(tmp_path, text):
    with pytest.raises(ReleaseError, match=r"coverage.handmade\.csv, row 1"):
        coverage(tmp_path, text)


def test_coverage_that_is_no_text_is_refused(tmp_path):
    given = handmade.contribute(tmp_path / "given", handmade.rows())
    (tmp_path / "coverage").mkdir()
    (tmp_path / "coverage" / "handmade.csv").write_bytes(b"article,sentences\n\xff,1\n")
    with pytest.raises(ReleaseError, match=r"coverage.handmade\.csv: the table cannot be read"):
        release.build("0.1.0", day=handmade.DAY, contributions=given, articles=handmade.SEEDS, out=tmp_path, about=handmade.ABOUT)


# -- from one release to the next -----------------------------------------------------------------------------------


def test_ids_are_the_same_in_a_rebuild(built, tmp_path):
    again = handmade.build(tmp_path / "again" / "dataset", version="0.7.0")
    assert table(again, "events") == table(built, "events")
    assert table(again, "reports") == table(built, "reports")


def test_the_first_release_adds_all_its_events(built):
    changes = table(built, "changes")
    assert {(c["change"], c["reason"], c["field"], c["old"], c["new"]) for c in changes} == {("added", "first release", None, None, None)}
    assert [c["event_id"] for c in changes] == sorted(e["event_id"] for e in table(built, "events"))


def test_one_more_report_revises_its_event_and_no_other(built):
    second = handmade.build(built.parent, "0.2.0", [*handmade.rows(), handmade.later()])
    old = {e["event_id"]: e for e in table(built, "events")}
    new = {e["event_id"]: e for e in table(second, "events")}
    assert set(new) == set(old)
    (shelling,) = (e for e in new if old[e]["actor"] is None)
    assert {(c["event_id"], c["change"], c["field"], c["old"], c["new"]) for c in table(second, "changes")} == {
        (shelling, "revised", "n_reports", "1", "2"),
        (shelling, "revised", "n_sources", "1", "2"),
        (shelling, "revised", "deaths_high", None, "63"),
    }
    assert {e: row["revision"] for e, row in new.items()} == {e: int(e == shelling) for e in old}
    third = handmade.build(built.parent, "0.3.0")
    assert {e["event_id"]: e["revision"] for e in table(third, "events")} == {e: 2 * (e == shelling) for e in old}


def test_an_earlier_first_report_keeps_the_id_of_its_event(tmp_path):
    rows = handmade.rows()
    first = handmade.build(tmp_path / "dataset", "0.1.0", [rows[3]])
    second = handmade.build(tmp_path / "dataset", "0.2.0", rows[2:4])
    (old,), (new,) = table(first, "events"), table(second, "events")
    assert (old["source"], new["source"]) == (handmade.POST, handmade.AMPGOO)
    assert (new["event_id"], new["revision"]) == (old["event_id"], 1)


def test_an_event_that_nothing_reports_any_more_is_retracted(built):
    second = handmade.build(built.parent, "0.2.0", handmade.rows()[1:])
    (gone,) = {e["event_id"] for e in table(built, "events")} - {e["event_id"] for e in table(second, "events")}
    assert changed(second) == [(gone, "retracted", None, None, None, "reports removed")]
    assert "1 retracted (reports removed)" in (second / "CHANGES.md").read_text(encoding="utf-8")


def test_a_release_without_changes_says_so(built):
    second = handmade.build(built.parent, "0.1.1")
    assert table(second, "changes") == []
    assert "No event changed." in (second / "CHANGES.md").read_text(encoding="utf-8")
    assert release.verify(second) == []


def changed(folder):
    return [(c["event_id"], c["change"], c["field"], c["old"], c["new"], c["reason"]) for c in table(folder, "changes")]


def test_a_corrected_action_revises_its_event(built):
    rows = handmade.rows()
    rows[5]["action"] = "145"
    second = handmade.build(built.parent, "0.2.0", rows)
    (old,) = (e for e in table(built, "events") if e["action"] == "141")
    (new,) = (e for e in table(second, "events") if e["action"] == "145")
    assert (new["event_id"], new["revision"]) == (old["event_id"], 1)
    assert (old["event_id"], "revised", "action", "141", "145", "codes corrected") in changed(second)
    assert {(c[0], c[1], c[5]) for c in changed(second)} == {(old["event_id"], "revised", "codes corrected")}


@pytest.mark.parametrize("side", ["actor", "target"])
def test_a_corrected_actor_or_target_revises_its_event(built, side):
    rows = handmade.rows()
    was, rows[4][side] = rows[4][side], "GEO"
    second = handmade.build(built.parent, "0.2.0", rows)
    (revised,) = (e for e in table(second, "events") if e[side] == "GEO")
    assert revised["event_id"] in {e["event_id"] for e in table(built, "events")}
    assert (revised["event_id"], "revised", side, was, "GEO", "codes corrected") in changed(second)
    assert {c[1] for c in changed(second)} == {"revised"}


def test_a_removed_report_is_the_reason(built):
    rows = handmade.rows()
    second = handmade.build(built.parent, "0.2.0", [*rows[:3], *rows[4:]])
    assert {(c[1], c[5]) for c in changed(second)} == {("revised", "reports removed")}
    third = handmade.build(built.parent, "0.3.0", rows)
    assert {(c[1], c[5]) for c in changed(third)} == {("revised", "new reports")}
    added = handmade.row(handmade.METRO, "GEO", "010", "", "2023-09-20", "offensive")
    fourth = handmade.build(built.parent, "0.4.0", [*rows, added])
    assert {(c[1], c[5]) for c in changed(fourth)} == {("added", "new reports")}


def test_a_report_corrected_away_from_its_event_is_the_reason(built):
    rows = handmade.rows()
    rows[3]["action"] = "042"
    second = handmade.build(built.parent, "0.2.0", rows)
    assert {(c[1], c[5]) for c in changed(second)} == {("revised", "codes corrected"), ("split", "another happening")}
    back = handmade.build(built.parent, "0.3.0")
    assert {(c[1], c[5]) for c in changed(back)} == {("revised", "codes corrected"), ("merged", "one happening")}


def test_a_reinstated_event_keeps_its_id_and_counts_its_revisions_on(built):
    rows = handmade.rows()
    handmade.build(built.parent, "0.2.0", rows[1:])
    handmade.build(built.parent, "0.3.0", rows[1:])
    fourth = handmade.build(built.parent, "0.4.0", [{**rows[0], "confidence": 0.5}, *rows[1:]])
    (back,) = (e for e in table(fourth, "events") if e["action"] == "040")
    assert back["event_id"] in {e["event_id"] for e in table(built, "events")}
    assert back["revision"] == 1
    assert changed(fourth) == [
        (back["event_id"], "added", None, None, None, "reinstated"),
        (back["event_id"], "revised", "confidence", "0.9", "0.5", "reinstated"),
    ]


def test_a_last_day_that_is_added_keeps_the_id(tmp_path, monkeypatch):
    monkeypatch.setattr(handmade, "COLUMNS", (*handmade.COLUMNS, "date_end"))
    rows = handmade.rows()
    first = handmade.build(tmp_path / "dataset", "0.1.0", rows)
    for version, at in (("0.2.0", 2), ("0.3.0", 3)):
        rows[at]["date_end"] = "2020-10-09"
        assert release.verify(handmade.build(tmp_path / "dataset", version, rows)) == []
    ids = [{e["event_id"] for e in table(tmp_path / "dataset" / v, "events")} for v in ("0.1.0", "0.2.0", "0.3.0")]
    assert ids[0] == ids[1] == ids[2]
    assert len(ids[0]) == 6
    assert first.is_dir()


def test_a_version_is_higher_than_all_before(built):
    with pytest.raises(ReleaseError, match=r"0\.0\.9 is not higher than 0\.1\.0, the newest release; expected a higher version"):
        handmade.build(built.parent, "0.0.9")
    for version in ("0.2", "00.2.0", "v0.2.0"):
        with pytest.raises(ReleaseError, match="is no version"):
            handmade.build(built.parent, version)


def test_a_day_is_not_before_that_of_the_last_release(built, monkeypatch):
    monkeypatch.setattr(handmade, "DAY", date(2026, 1, 30))
    with pytest.raises(ReleaseError, match=r"2026-01-30 is before 2026-01-31, the day of 0\.1\.0"):
        handmade.build(built.parent, "0.2.0")
    assert resources.releases(built.parent) == ["0.1.0"]


def test_an_earlier_release_that_cannot_be_read_is_named(built):
    (built / "reports.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(ReleaseError, match=r"0\.1\.0.reports\.parquet: the table cannot be read"):
        history.read(built.parent)


def test_only_articles_that_were_read_are_sources(tmp_path):
    texts = tmp_path / "articles"
    shutil.copytree(handmade.SEEDS, texts)
    for name in (".DS_Store", "._a.md", "notes.docx"):
        (texts / name).write_bytes(b"\xff")
    folder = handmade.build(tmp_path / "dataset", articles=texts)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert [s["title"] for s in package["sources"]] == ["handmade.csv", *sorted(p.name for p in handmade.SEEDS.iterdir())]


def test_about_promises_a_release_error(tmp_path):
    (tmp_path / "about.toml").write_bytes(b"\xff")
    with pytest.raises(ReleaseError, match="the file is not TOML"):
        metadata.About.read(tmp_path)


# -- what is published ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", resources.releases())
def test_published_releases_are_whole(version):
    assert release.verify(resources.release_folder(version)) == []
