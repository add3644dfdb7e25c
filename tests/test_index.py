"""The index of the releases: the same for the same releases, checked before it is believed, and free of tricks."""

import hashlib
import json
import shutil

import pytest

from eventcode import resources
from eventcode.errors import ReleaseError
from eventcode.publish import index
from eventcode.publish.write import read_sums

VERSIONS = ("0.1.0", "1.0.0")


@pytest.fixture
def dataset(tmp_path):
    for version in VERSIONS:
        shutil.copytree(resources.DATASET / version, tmp_path / version)
    return tmp_path


def text(**changed):
    """An index of one release with one file."""
    file = {"name": "events.parquet", "bytes": 3, "sha256": "0" * 64}
    release = {"version": "1.0.0", "date": "2026-01-31", "title": "Events", "licence": "CC-BY-4.0", "files": [file]}
    for key, value in changed.items():
        for each in (file, release):
            if key in each:
                each[key] = value
    return json.dumps({"format": 1, "name": "mine", "releases": [release]})


def parse(said):
    return index.read(said, checksum=hashlib.sha256(said.encode()).hexdigest())


def test_the_index_lists_every_file_with_its_bytes_and_checksum(dataset):
    assert index.write(dataset) == dataset / "index.json"
    found = index.read(dataset / "index.json")
    assert found.name == "eventcode"
    assert found.versions() == [*VERSIONS]
    for release in found.releases:
        folder = dataset / release.version
        assert [file.name for file in release.files] == sorted(path.name for path in folder.iterdir())
        for file in release.files:
            raw = (folder / file.name).read_bytes()
            assert (file.bytes, file.sha256) == (len(raw), hashlib.sha256(raw).hexdigest())
    assert found.release("1.0.0").licence == "CC-BY-4.0"
    assert found.release("1.0.0").file("events.parquet").sha256 == read_sums(dataset / "1.0.0")["events.parquet"]
    assert found.release("1.0.0").file("../events.parquet") is found.release("9.9.9") is None


def test_the_same_releases_give_the_same_index(dataset, tmp_path_factory):
    one = index.index(dataset)
    other = tmp_path_factory.mktemp("other")
    for version in reversed(VERSIONS):
        shutil.copytree(dataset / version, other / version)
    index.write(other)
    assert index.index(other) == one == (other / "index.json").read_text(encoding="utf-8")
    sums = (other / "index.json.sha256").read_text(encoding="utf-8")
    assert sums == f"{hashlib.sha256(one.encode()).hexdigest()}  index.json\n"
    assert sorted(path.name for path in other.iterdir()) == [*VERSIONS, "index.json", "index.json.sha256"]
    assert oct((other / "index.json").stat().st_mode)[-3:] == "644"


def test_an_index_that_was_changed_is_refused(dataset):
    path = index.write(dataset)
    path.write_bytes(path.read_bytes().replace(b"CC-BY", b"CC-XX", 1))
    with pytest.raises(
        ReleaseError, match=r"index\.json: the checksum of the index is [0-9a-f]{64}; expected [0-9a-f]{64}, as index\.json"
    ):
        index.read(path)
    (dataset / "index.json.sha256").write_text("none", encoding="utf-8")
    with pytest.raises(ReleaseError, match="the checksum is 'none'; expected 64 hexadecimal digits"):
        index.read(path)
    (dataset / "index.json.sha256").unlink()
    with pytest.raises(ReleaseError, match=r"the index cannot be read .*index\.json\.sha256"):
        index.read(path)
    with pytest.raises(ReleaseError, match="the checksum is ''"):
        index.read(text())


@pytest.mark.parametrize(
    "name",
    [
        "../events.parquet", "a/../../b", "..", ".", "", "/etc/passwd", "//host/share", "a//b", "a/", "C:/events.parquet", "C:events.parquet",
        "..\\events.parquet", "\\\\host\\share", "a\\b", "events.parquet\n", "a\0b", "~/b", "%2e%2e/b", ".hidden", "a/.git/b", "ends.", "a b",
        "a?b", "a#b", "NUL", "con.txt", "a/COM1.parquet", "\u2025/a", "https://example.org/a",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(name):
    with pytest.raises(ReleaseError, match="a file's name has letters"):
        parse(text(name=name))


@pytest.mark.parametrize("name", ["events.parquet", "SHA256SUMS", "ro-crate-metadata.json", "parts/0-1_a.parquet", "index.html"])
def test_plain_names_are_accepted(name):
    assert parse(text(name=name)).releases[0].files[0].name == name


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"version": "1.0"}, r"releases\.0\.version"),
        ({"version": "../1.0.0"}, r"releases\.0\.version"),
        ({"version": "1.0.0\n"}, r"releases\.0\.version"),
        ({"date": "31 January"}, r"releases\.0\.date"),
        ({"title": None}, r"releases\.0\.title"),
        ({"bytes": -1}, r"releases\.0\.files\.0\.bytes"),
        ({"bytes": "3"}, r"releases\.0\.files\.0\.bytes"),
        ({"sha256": "0" * 63}, r"releases\.0\.files\.0\.sha256"),
        ({"files": [json.loads(text())["releases"][0]["files"][0] | {"name": n} for n in ("a", "A")]}, "a file is listed twice"),
        ({"files": [{"name": "a", "bytes": 1, "sha256": "0" * 64, "url": "https://example.org"}]}, r"files\.0\.url: Extra inputs"),
    ],
)
def test_what_is_no_index_is_said(changed, message):
    with pytest.raises(ReleaseError, match=f"the index is not in order: .*{message}"):
        parse(text(**changed))


def test_versions_are_unique_and_in_order():
    whole = json.loads(text())
    one = whole["releases"][0]
    for versions, message in ((["1.0.0", "1.0.0"], "a version is listed twice"), (["0.10.0", "0.9.0"], "not in order, oldest first")):
        with pytest.raises(ReleaseError, match=message):
            parse(json.dumps(whole | {"releases": [one | {"version": version} for version in versions]}))
    assert parse(json.dumps(whole | {"releases": [one | {"version": v} for v in ("0.9.0", "0.10.0")]})).versions() == ["0.9.0", "0.10.0"]


@pytest.mark.parametrize("said", ["", "{", "[]", "null", '{"format": 2}', '{"format": 1, "name": "a/b", "releases": []}', "[" * 100_000])
def test_what_is_no_json_or_another_format_is_refused(said):
    with pytest.raises(ReleaseError, match=r"index\.json: the index is (no JSON|not in order)"):
        parse(said)


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(ReleaseError, match="the index is no JSON"):
        index.read(b"\xff\xfe", checksum=hashlib.sha256(b"\xff\xfe").hexdigest())


def test_an_incomplete_release_is_not_indexed(dataset):
    (dataset / "1.0.0" / "reports.parquet").unlink()
    with pytest.raises(ReleaseError, match=r"1\.0\.0: a file is missing: reports\.parquet"):
        index.write(dataset)
    (dataset / "1.0.0" / "SHA256SUMS").unlink()
    with pytest.raises(ReleaseError, match="there is no SHA256SUMS"):
        index.write(dataset)
    assert not (dataset / "index.json").exists()


def test_no_release_at_all(tmp_path):
    with pytest.raises(ReleaseError, match="no release found"):
        index.index(tmp_path)


def test_a_write_that_fails_leaves_the_old_index(dataset, monkeypatch):
    index.write(dataset)
    before = {path.name: path.read_bytes() for path in dataset.iterdir() if path.is_file()}

    def full(_):
        raise OSError("no space left on device")

    monkeypatch.setattr(index.os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        index.write(dataset)
    assert {path.name: path.read_bytes() for path in dataset.iterdir() if path.is_file()} == before
