"""The same bytes wherever and however a release is built, and nothing in it of the machine that built it."""

import getpass
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import handmade
import pytest

from eventcode.publish import release

BUILD = "from eventcode.cli.main import run; run()"
PLACES = {
    "one": {"TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "1", "POLARS_MAX_THREADS": "1", "HOME": "one-home"},
    "two": {
        "TZ": "America/Anchorage", "LANG": "tr_TR.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4242", "POLARS_MAX_THREADS": "2",
        "PYTHONUTF8": "0", "SOURCE_DATE_EPOCH": "1", "OMP_NUM_THREADS": "2", "HOME": "two-home", "USER": "somebodyelse", "COLUMNS": "40",
    },
}  # fmt: skip


def rows():
    """Rows with letters beyond ASCII, a link, and one row that is refused."""
    made = [*handmade.rows(), handmade.later()]
    made[4] |= {"attributed_to": "AZEGOVMIL"}
    made[6] |= {"source": "https://example.org/the-offensive", "start": "", "end": "", "trigger": "наступление"}
    made[0] |= {"action": "42"}
    return made


def build(root, name, env):
    """Two releases, one after the other, in a folder of its own, by relative paths, from a working directory of its own."""
    home = root / name / "a folder with spaces" / "deep"
    given = handmade.contribute(home / "contributions", rows()[:5], "a.csv")
    handmade.contribute(given, rows()[5:], "b.csv")
    (home / "contributions.csv").write_text("file,role,since,until,note\nb.csv,published,,,\na.csv,partly,,,ключ\n", encoding="utf-8")
    for version in ("0.1.0", "0.1.1"):
        done = subprocess.run(
            [
                sys.executable, "-c", BUILD, "release", "build", version, "--date", "2026-01-31", "--contributions", "contributions",
                "--articles", os.path.relpath(handmade.SEEDS, home), "--out", "dataset",
            ],
            cwd=home, env={**os.environ, **env, "PYTHONPATH": str(handmade.ROOT)}, capture_output=True, text=True, check=False, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    return home / "dataset"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = tmp_path_factory.mktemp("places")
    return {name: build(root, name, env) for name, env in PLACES.items()}


def bytes_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_two_machines_build_the_same_bytes(built):
    one, two = (bytes_of(built[name]) for name in PLACES)
    assert sorted(one) == sorted(two)
    assert [name for name in one if one[name] != two[name]] == []
    assert {"index.json", "index.json.sha256", "0.1.0/events.parquet", "0.1.1/SHA256SUMS"} <= set(one)


def test_both_are_whole(built):
    assert [release.verify(built["one"] / version) for version in ("0.1.0", "0.1.1")] == [[], []]


def secrets(folder):
    """Words that tell of the machine: whole paths, the host, the user, homes, temporary folders."""
    words = {
        str(folder),
        "a folder with spaces",
        "/deep",
        str(handmade.ROOT),
        f"{Path.home()}/",
        tempfile.gettempdir() + "/",
        sys.executable,
        sys.prefix,
    }
    words |= {socket.gethostname(), "somebodyelse", "one-home", "two-home", "Kiritimati", "Anchorage"}
    words |= {f"/home/{getpass.getuser()}", f"/{getpass.getuser()}/"}
    return {word for word in words if len(word) > 3}


@pytest.mark.parametrize("name", PLACES)
def test_no_file_tells_of_the_machine(built, name):
    found = [
        (file, word)
        for file, raw in bytes_of(built[name]).items()
        for word in secrets(built[name])
        if word.encode() in raw or word.encode("utf-16-le") in raw
    ]
    assert found == []


def test_no_table_tells_of_the_machine_within_its_compressed_cells(built):
    import pyarrow.parquet as pq

    for path in sorted(built["one"].glob("*/*.parquet")):
        table = pq.read_table(path)
        said = f"{table.schema.to_string(show_field_metadata=True, truncate_metadata=False)}{table.to_pylist()}{pq.read_metadata(path)}"
        assert [(path.name, word) for word in secrets(built["one"]) if word in said] == []


def test_files_have_no_rights_and_times_that_matter_to_their_names(built):
    for name in PLACES:
        assert sorted(p.name for p in built[name].iterdir()) == ["0.1.0", "0.1.1", "index.json", "index.json.sha256"]
        assert {oct(p.stat().st_mode)[-3:] for p in built[name].iterdir() if p.is_dir()} == {"755"}


def test_line_ends_are_the_same_everywhere(built):
    texts = [path for path in built["one"].rglob("*") if path.is_file() and path.suffix != ".parquet"]
    assert [path.name for path in texts if b"\r" in path.read_bytes()] == []
    assert [path.name for path in texts if not path.read_bytes().endswith(b"\n")] == []


def test_windows_line_ends_and_a_byte_order_mark_of_contributions_change_no_row(tmp_path):
    plain = handmade.contribute(tmp_path / "plain" / "contributions", handmade.rows())
    windows = tmp_path / "windows" / "contributions"
    windows.mkdir(parents=True)
    raw = (plain / "handmade.csv").read_bytes().replace(b"\n", b"\r\n")
    (windows / "handmade.csv").write_bytes(b"\xef\xbb\xbf" + raw)
    (windows.parent / "contributions.csv").write_bytes(b"\xef\xbb\xbffile,role,since,until,note\r\nhandmade.csv,published,,,\r\n")
    (windows.parent / "reasons.csv").write_bytes(b"\xef\xbb\xbfreport_id,version,reason\r\nR0123456789abcdef,0.5.0,later\r\n")
    one, two = (
        release.plan("0.1.0", day=handmade.DAY, contributions=given, articles=handmade.SEEDS, out=tmp_path / "dataset")
        for given in (plain, windows)
    )
    told = {"contributions"}
    assert all(one.rows[model].equals(two.rows[model]) for model in one.rows if model.table not in told)
