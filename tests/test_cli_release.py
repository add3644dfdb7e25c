"""`eventcode release`, `cite` and `demo`: exit codes, what is printed, and that nothing of others is touched."""

import json
import re
import shutil

import handmade
import histories
import pyarrow.parquet as pq
import pytest
import yaml

from eventcode import resources
from eventcode.publish import release
from eventcode.publish.write import write_sums


@pytest.fixture
def given(tmp_path):
    return handmade.contribute(tmp_path / "contributions", handmade.rows())


@pytest.fixture
def build(eventcode, given, tmp_path):
    """Run `eventcode release build` on the contribution made by hand, into the folder `dataset`."""

    def run(version="0.1.0", *more):
        return eventcode(
            "release", "build", version, "--date", "2026-01-31", "--contributions", str(given), "--articles", str(handmade.SEEDS),
            "--out", str(tmp_path / "dataset"), *more,
        )  # fmt: skip

    return run


def test_build_then_verify_then_list(eventcode, build, tmp_path):
    dataset = tmp_path / "dataset"
    assert build() == (0, f"built {dataset / '0.1.0'}\n", "")
    assert build("0.2.0").code == 0
    assert eventcode("release", "verify", str(dataset / "0.1.0")) == (0, f"{dataset / '0.1.0'}: whole, as published\n", "")
    assert eventcode("release", "list", "--dataset", str(dataset)).out == "0.1.0\n0.2.0\n"


def test_without_its_own_about_toml_a_release_is_said_to_be_what_ours_are(build, tmp_path):
    build()
    ours = yaml.safe_load((tmp_path / "dataset" / "0.1.0" / "CITATION.cff").read_text(encoding="utf-8"))
    assert ours["title"].startswith("eventcode: ")


def test_its_own_about_toml_counts(build, tmp_path):
    (tmp_path / "dataset").mkdir()
    text = (resources.DATASET / "about.toml").read_text(encoding="utf-8")
    lines = [line if not line.startswith("title") else 'title = "My wars"' for line in text.splitlines()]
    (tmp_path / "dataset" / "about.toml").write_text("\n".join(lines), encoding="utf-8")
    assert build().code == 0
    assert yaml.safe_load((tmp_path / "dataset" / "0.1.0" / "CITATION.cff").read_text(encoding="utf-8"))["title"] == "My wars"


def test_an_existing_version_is_refused(build, tmp_path):
    assert build().code == 0
    before = {p.name: p.read_bytes() for p in (tmp_path / "dataset" / "0.1.0").iterdir()}
    again = build()
    assert (again.code, again.out) == (2, "")
    assert "0.1.0 is there already" in again.err
    assert {p.name: p.read_bytes() for p in (tmp_path / "dataset" / "0.1.0").iterdir()} == before


@pytest.mark.parametrize("version", ["1", "v0.1.0", "0.1.0-rc1", "../0.1.0", ".1.0", "01.1.0", "0.1.00", ""])
def test_what_is_no_version_is_refused(build, tmp_path, version):
    refused = build(version)
    assert refused.code == 2
    assert "is no version; expected three numbers" in refused.err
    assert not (tmp_path / "dataset").exists()


def test_contributions_with_problems_are_refused(build, given, tmp_path):
    handmade.contribute(given, [{**handmade.rows()[0], "action": "40"}], "wrong.csv")
    refused = build()
    assert refused.code == 2
    assert "wrong.csv: 1 problems" in refused.err
    assert "EC204 in row 1, column action: 40; expected 040" in refused.err
    assert not (tmp_path / "dataset").exists()


@pytest.mark.parametrize(("name", "missing"), [("events.parquet", False), ("actors.parquet", True)])
def test_verify_exits_1_and_names_the_file(eventcode, build, tmp_path, name, missing):
    build()
    folder = tmp_path / "dataset" / "0.1.0"
    if missing:
        (folder / name).unlink()
    else:
        raw = bytearray((folder / name).read_bytes())
        raw[40] ^= 1
        (folder / name).write_bytes(raw)
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    found = eventcode("release", "verify", str(folder))
    assert found.code == 1
    assert f"{folder}: {name}: {'missing' if missing else 'its bytes are not those that were published'}" in found.out
    assert f"{folder}: mine.txt: not part of the release" in found.out
    assert "2 faults" in found.out


def test_verify_of_no_release_could_not_run(eventcode, tmp_path):
    found = eventcode("release", "verify", str(tmp_path))
    assert (found.code, found.out) == (2, "")
    assert "there is no SHA256SUMS" in found.err


def test_cite_prints_the_newest_release(eventcode, build, tmp_path):
    build()
    build("0.2.0")
    where = ("--dataset", str(tmp_path / "dataset"))
    assert "(Version 0.2.0)" in eventcode("cite", *where).out
    assert eventcode("cite", "0.1.0", "--format", "bibtex", *where).out.startswith("@misc{eventcode_0_1_0,")
    assert eventcode("cite", "9.9.9", *where).code == 2
    assert eventcode("cite", "--format", "mla", *where).code == 2
    assert f"(Version {resources.releases()[-1]})" in eventcode("cite").out


@pytest.mark.parametrize("command", [("cite",), ("release", "list")])
def test_where_there_is_no_release_it_is_said(eventcode, tmp_path, command):
    found = eventcode(*command, "--dataset", str(tmp_path / "none"))
    assert (found.code, found.out) == (2, "")
    assert "no release found; expected a folder <version>/" in found.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "mine"\n', r"about.toml: title: Field required; .*; expected name, title, .*licence_url, keywords, and no more"),
        ("name = mine\n", "about.toml: the file is not TOML"),
        ("colour = 'red'\n", "colour: Extra inputs are not permitted"),
    ],
)
def test_an_about_toml_that_cannot_be_used_is_said_so(build, tmp_path, text, message):
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "about.toml").write_text(text, encoding="utf-8")
    refused = build()
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert re.search(message, refused.err)


@pytest.mark.parametrize("text", ["x\n", "abc  events.parquet\n", "\udcff\n"])
def test_sums_that_cannot_be_read_are_said_so(eventcode, build, tmp_path, text):
    build()
    (tmp_path / "dataset" / "0.1.0" / "SHA256SUMS").write_bytes(text.encode("utf-8", "surrogateescape"))
    found = eventcode("release", "verify", str(tmp_path / "dataset" / "0.1.0"))
    assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
    assert "SHA256SUMS: line 1 is" in found.err


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"resources": 1}'])
def test_a_descriptor_that_cannot_be_read_is_said_so(eventcode, build, tmp_path, text):
    build()
    folder = tmp_path / "dataset" / "0.1.0"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    write_sums(folder)
    found = eventcode("release", "verify", str(folder))
    assert found.code == 1
    assert "datapackage.json: cannot be read as a data package" in found.out
    cited = eventcode("cite", "--dataset", str(tmp_path / "dataset"))
    assert (cited.code, cited.err.count("\n")) == (2, 1)
    assert "datapackage.json: the file cannot be read" in cited.err


# -- diff -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return histories.made(tmp_path_factory)


@pytest.fixture
def differing(eventcode, dataset):
    """Run `eventcode release diff` on the history made by hand."""
    return lambda *args: eventcode("release", "diff", *args, "--dataset", str(dataset))


def test_diff_prints_text_markdown_or_json(differing, dataset):
    text = differing("0.1.0", "0.3.0")
    assert (text.code, text.err) == (0, "")
    assert text.out.startswith("0.1.0 -> 0.3.0: 6 -> 6 events; 1 added, 2 revised, 1 retracted, 0 merged, 0 split\n")
    assert differing("0.2.0", "0.3.0", "--format", "md").out == (dataset / "0.3.0" / "CHANGES.md").read_text(encoding="utf-8")
    said = json.loads(differing("0.2.0", "0.3.0", "--format", "json").out)
    assert [row["reason"] for row in said["merged"]] == [histories.GIVEN["call"]]
    assert said["retracted"] == []


@pytest.mark.parametrize(("ending", "form"), [(".md", "md"), (".json", "json"), (".txt", "text")])
def test_diff_writes_what_it_prints(differing, tmp_path, ending, form):
    ran = differing("0.1.0", "0.2.0", "-o", str(tmp_path / f"changes{ending}"))
    assert (ran.code, ran.out, ran.err) == (0, "", f"wrote {tmp_path / f'changes{ending}'}\n")
    assert (tmp_path / f"changes{ending}").read_text(encoding="utf-8") == differing("0.1.0", "0.2.0", "--format", form).out
    assert [p.name for p in tmp_path.iterdir()] == [f"changes{ending}"]


def test_diff_writes_parquet(differing, tmp_path):
    assert differing("0.1.0", "0.4.1", "-o", str(tmp_path / "changes.parquet")).code == 0
    table = pq.read_table(tmp_path / "changes.parquet")
    assert table.column_names == ["event_id", "change", "field", "old", "new", "reason"]
    assert table.num_rows == len(differing("0.1.0", "0.4.1").out.split("country-year")[0].splitlines()) - 1


@pytest.mark.parametrize("name", ["changes.xlsx", "changes"])
def test_diff_names_the_endings_that_it_writes(differing, tmp_path, name):
    ran = differing("0.1.0", "0.2.0", "-o", str(tmp_path / name))
    assert ran.code == 2
    assert "expected .parquet, .md, .json or .txt" in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("versions", "message"),
    [
        (("0.2.0", "0.1.0"), "0.2.0 is not earlier than 0.1.0"),
        (("0.1.0", "0.9.0"), "no such release: 0.9.0"),
        (("one", "0.1.0"), "no such release: one"),
    ],
)
def test_diff_of_what_cannot_be_compared_is_refused(differing, versions, message):
    ran = differing(*versions)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert message in ran.err


def test_build_refuses_a_version_too_low_for_what_changes(build, given, tmp_path):
    assert build().code == 0
    handmade.contribute(given, [handmade.later()], "more.csv")
    ran = build("0.1.1")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "0.1.1 is too low for a minor change since 0.1.0: events: its rows are others" in ran.err
    assert "expected 0.2.0 or higher" in ran.err
    assert resources.releases(tmp_path / "dataset") == ["0.1.0"]
    assert build("0.2.0").code == 0


def test_index_lists_what_was_built(build, tmp_path):
    for version in ("0.1.0", "0.1.1"):
        build(version)
    listed = json.loads((tmp_path / "dataset" / "index.json").read_text(encoding="utf-8"))["releases"]
    assert [each["version"] for each in listed] == ["0.1.0", "0.1.1"]


# -- what the system refuses, and the demonstration -----------------------------------------------------------------


def test_what_the_system_refuses_is_one_clear_line(eventcode, given, tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    refused = eventcode(
        "release", "build", "0.1.0", "--date", "2026-01-31", "--contributions", str(given), "--articles", str(handmade.SEEDS),
        "--out", str(tmp_path / "file"),
    )  # fmt: skip
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == f"eventcode: {tmp_path / 'file'}: File exists\n"


def test_reports_cannot_be_written_to_a_folder(eventcode, tmp_path):
    (tmp_path / "out.jsonl").mkdir()
    (tmp_path / "a.txt").write_text("It rained.", encoding="utf-8")
    refused = eventcode("code", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out.jsonl"))
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert "eventcode: " in refused.err


def test_demo_goes_the_whole_way_and_replaces_its_own_results(eventcode, tmp_path):
    shutil.copytree(handmade.SEEDS, tmp_path / "seeds")
    first = eventcode("demo", folder=tmp_path)
    assert first.code == 0, first.err
    for step in ("1. code", "2. validate", "0 errors", "3. build", "4. verify    whole", "loaded back with eventcode.load()"):
        assert step in first.out
    folder = tmp_path / "build" / "demo" / "dataset" / "0.0.0"
    assert release.verify(folder) == []
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    assert eventcode("demo", folder=tmp_path) == first
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


@pytest.mark.parametrize("theirs", ["notes.txt", "contributions/mine.csv", "dataset/0.1.0/events.parquet", "contributions"])
def test_demo_never_replaces_what_is_not_its_own(eventcode, tmp_path, theirs):
    mine = tmp_path / "mine" / theirs
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    refused = eventcode("demo", str(handmade.SEEDS), "--into", str(tmp_path / "mine"))
    assert refused.code == 2
    assert "the folder holds something else" in refused.err
    assert mine.read_text(encoding="utf-8") == "mine"


def test_demo_without_articles(eventcode, tmp_path):
    refused = eventcode("demo", folder=tmp_path)
    assert refused.code == 2
    assert "seeds: no such folder" in refused.err
    assert list(tmp_path.iterdir()) == []


def test_verify_needs_no_contributions(eventcode, tmp_path):
    folder = resources.DATASET / "1.0.0"
    assert eventcode("release", "verify", str(folder), folder=tmp_path).code == 0
    ran = eventcode("release", "verify", str(folder), "--rebuild", folder=tmp_path)
    assert (ran.code, "no such folder" in ran.err) == (2, True)
