"""Releases of an archive elsewhere: fetched once, checked, kept; an HTTP server of our own plays the archive, at its best and its worst."""

import contextlib
import functools
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import warnings
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pandas as pd
import pytest

from eventcode import load, resources
from eventcode.errors import ReleaseError
from eventcode.publish import download, fetch, index
from eventcode.publish.fetch import ArchiveWarning
from eventcode.publish.lineage import lineage, resolve

EVENTS = "1.0.0/events.parquet"
TOLD = "events.parquet: its checksum is [0-9a-f]{64}"


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder; what goes wrong with which file, once each, stands in the server's `faults`."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        name = self.path.lstrip("/")
        self.server.asked.append(name)
        fault = (self.server.faults.get(name) or [None]).pop(0)
        path = self.server.folder / name
        if isinstance(fault, int) or not path.is_file():
            self.send_error(fault or 404)
            return
        raw = path.read_bytes()
        announced = len(raw)
        if fault == "wrong":
            raw = raw[:-1] + bytes([raw[-1] ^ 1])
        if fault == "longer":
            raw = raw * (2 + (1 << 18) // len(raw))
            announced = len(raw)
        self.send_response(200)
        if fault != "unannounced":
            self.send_header("Content-Length", str(announced))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(raw[: len(raw) // 2] if fault in {"cut", "unannounced", "slow"} else raw)
            self.wfile.flush()
        if fault == "slow":
            self.server.stalled.set()
            self.server.ended.wait(30)
        if fault in {"cut", "unannounced", "slow"}:
            self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder, self.faults, self.asked = folder, {}, []
        self.stalled, self.ended = threading.Event(), threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=functools.partial(self.serve_forever, poll_interval=0.02), daemon=True).start()

    def handle_error(self, *_):
        """A reader that is stopped midway is no news."""

    def stop(self):
        self.ended.set()
        self.shutdown()
        self.server_close()


@pytest.fixture
def published(tmp_path):
    """A folder as an archive serves it: two releases and their index."""
    folder = tmp_path / "published"
    for version in ("0.1.0", "1.0.0"):
        shutil.copytree(resources.DATASET / version, folder / version)
    index.write(folder)
    return folder


@pytest.fixture
def server(published):
    made = Server(published)
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """The cache: a folder of the test's own; nothing waits before it tries again, and no proxy stands between."""
    monkeypatch.setenv("EVENTCODE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return tmp_path / "cache"


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def the(kept, name):
    (found,) = kept.rglob(name)
    return found


def test_a_release_is_fetched_once(server, kept):
    events = load("eventcode", registry=server.url)
    pd.testing.assert_frame_equal(events, load("1.0.0"))
    assert events.attrs == load("1.0.0").attrs
    assert files(kept) == ["datapackage.json", "events.parquet", "index.kept"]
    assert server.asked == ["index.json.sha256", "index.json", "1.0.0/datapackage.json", EVENTS]
    load(registry=f"{server.url}/")
    assert server.asked[4:] == ["index.json.sha256", "index.json"]
    load("1.0.0", registry=server.url)
    assert server.asked[6:] == []
    assert load(as_of="2026-11-21", registry=server.url).attrs["eventcode"]["version"] == "0.1.0"


def test_ids_are_followed_through_the_releases_of_an_archive(server):
    changes = load("1.0.0", "changes")
    merged = changes[changes["change"] == "merged"].iloc[0]
    assert resolve(merged["event_id"], registry=server.url) == merged["new"]
    assert [step["change"] for step in lineage(merged["event_id"], registry=server.url)][:2] == ["added", "merged"]
    assert load(registry=server.url, event_ids=[merged["event_id"]])["event_id"].tolist() == [merged["new"]]


def test_a_release_that_was_fetched_loads_offline_and_says_so_where_it_may_be_old(server):
    online = load(registry=server.url)
    server.stop()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pd.testing.assert_frame_equal(load("1.0.0", registry=server.url), online)
    with pytest.warns(ArchiveWarning, match=r"cannot be reached .*; its index of 20..-..-.. is used, which ends with 1\.0\.0") as told:
        pd.testing.assert_frame_equal(load(registry=server.url), online)
    assert [each.filename for each in told] == [__file__]
    with pytest.raises(ReleaseError, match=rf"{EVENTS[:5]}/reports\.parquet: the file cannot be fetched .*what was fetched once is in"):
        load("1.0.0", "reports", registry=server.url)


def test_an_archive_that_was_never_reached_is_an_error(server, kept):
    server.stop()
    with pytest.raises(
        ReleaseError, match=r"the archive cannot be reached .*expected index\.json and index\.json\.sha256 there; nothing of it"
    ):
        load(registry=server.url)
    assert files(kept) == []


@pytest.mark.parametrize("fault", ["cut", "unannounced", "wrong", 500, 503])
@pytest.mark.parametrize("name", [EVENTS, "index.json"])
def test_what_fails_once_is_tried_again(server, kept, name, fault):
    server.faults[name] = [fault]
    pd.testing.assert_frame_equal(load(registry=server.url), load("1.0.0"))
    assert server.asked.count(name) == 2
    assert files(kept) == ["datapackage.json", "events.parquet", "index.kept"]


@pytest.mark.parametrize("fault", ["cut", 500, "slow"])
def test_what_fails_again_is_said_and_leaves_nothing_half(server, kept, monkeypatch, fault):
    monkeypatch.setattr(download, "TIMEOUT", (0.5, 0.5))
    server.faults[EVENTS] = [fault, fault]
    with pytest.raises(ReleaseError, match=rf"{server.url}/{EVENTS}: the file cannot be fetched .*; try again when it can"):
        load(registry=server.url)
    assert files(kept) == ["datapackage.json", "index.kept"]
    assert len(load(registry=server.url)) == len(load("1.0.0"))


@pytest.mark.parametrize("fault", ["wrong", "unannounced"])
def test_wrong_bytes_are_refused_with_what_was_found_expected_and_to_do(server, kept, fault):
    server.faults[EVENTS] = [fault, fault]
    right = hashlib.sha256((server.folder / EVENTS).read_bytes()).hexdigest()
    with pytest.raises(ReleaseError) as said:
        load(registry=server.url)
    assert said.value.where == f"{server.url}/{EVENTS}"
    assert said.value.what.startswith("its checksum is ")
    assert right in said.value.expected
    assert right not in said.value.what
    assert said.value.fix.startswith("it was fetched twice and not kept")
    assert files(kept) == ["datapackage.json", "index.kept"]


def test_more_bytes_than_announced_are_not_read(server):
    server.faults[EVENTS] = ["longer", "longer"]
    with pytest.raises(ReleaseError, match=r"more than the [\d,]+ bytes that the index announces; expected [\d,]+ bytes with"):
        load(registry=server.url)


@pytest.mark.parametrize("code", [403, 404])
def test_a_file_that_is_not_there_is_asked_for_once(server, code):
    server.faults[EVENTS] = [code, code]
    with pytest.raises(ReleaseError, match=rf"{EVENTS}: the file cannot be fetched \(the archive answers {code}\)"):
        load(registry=server.url)
    assert server.asked.count(EVENTS) == 1


@pytest.mark.parametrize("fault", [404, 500, "slow"])
def test_an_archive_without_its_index_is_read_from_the_kept_one(server, monkeypatch, fault):
    monkeypatch.setattr(download, "TIMEOUT", (0.5, 0.5))
    online = load(registry=server.url)
    server.faults["index.json"] = [fault, fault]
    with pytest.warns(ArchiveWarning, match="cannot be reached"):
        assert len(load(registry=server.url)) == len(online)


@pytest.mark.parametrize("how", ["changed", "cut", "empty"])
def test_a_kept_file_that_was_tampered_with_is_refused_and_fetched_anew(server, kept, how):
    load(registry=server.url)
    path = the(kept, "events.parquet")
    right = path.read_bytes()
    path.write_bytes({"changed": right[:-9] + b"tampered!", "cut": right[:99], "empty": b""}[how])
    with pytest.warns(ArchiveWarning, match=rf"{TOLD}; expected [0-9a-f]{{64}}; it was changed since it was fetched, and is fetched anew"):
        assert len(load("1.0.0", registry=server.url)) == len(load("1.0.0"))
    assert path.read_bytes() == right
    path.write_bytes(b"tampered")
    server.stop()
    with pytest.warns(ArchiveWarning, match=TOLD), pytest.raises(ReleaseError, match="the file cannot be fetched"):
        load("1.0.0", registry=server.url)


def test_a_kept_index_that_was_tampered_with_is_not_believed(server, kept):
    load(registry=server.url)
    path = the(kept, "index.kept")
    path.write_bytes(path.read_bytes().replace(b"1.0.0", b"9.0.0"))
    with pytest.warns(ArchiveWarning, match=r"index\.kept: the checksum of the index is .*; the index is fetched anew"):
        load("1.0.0", registry=server.url)
    path.write_bytes(b"")
    server.stop()
    with pytest.warns(ArchiveWarning, match=r"index\.kept: the checksum is ''"), pytest.raises(ReleaseError, match="cannot be reached"):
        load("1.0.0", registry=server.url)


# -- an archive that means harm, or is in disorder -------------------------------------------------------------------


def reseal(folder, change):
    """Change an index and make its checksum right again, as one would who means to deceive."""
    said = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    change(said["releases"][-1])
    raw = json.dumps(said).encode()
    (folder / "index.json").write_bytes(raw)
    (folder / "index.json.sha256").write_text(f"{hashlib.sha256(raw).hexdigest()}  index.json\n", encoding="utf-8")


@pytest.mark.parametrize("name", ["../../../outside", "/tmp/outside", "C:/outside", "..\\outside"])
def test_an_index_that_leads_out_of_the_cache_is_refused(server, kept, name):
    reseal(server.folder, lambda release: release["files"][0].update(name=name))
    with pytest.raises(ReleaseError, match=r"index\.json: the index is not in order: .*a file's name has letters"):
        load(registry=server.url)
    assert files(kept) == []


@pytest.mark.parametrize("version", ["../0.1.0", "1.0", "1.0.0/.."])
def test_an_index_with_a_version_that_is_none_is_refused(server, version):
    reseal(server.folder, lambda release: release.update(version=version))
    with pytest.raises(ReleaseError, match="the index is not in order"):
        load(registry=server.url)


def test_an_index_with_a_wrong_checksum_is_refused_also_where_one_is_kept(server):
    load(registry=server.url)
    (server.folder / "index.json.sha256").write_text(f"{'0' * 64}  index.json\n", encoding="utf-8")
    with pytest.raises(ReleaseError, match=rf"{server.url}/index\.json: the checksum of the index is .*; expected 0{{64}}, as index"):
        load(registry=server.url)
    assert server.asked.count("index.json") == 3


def test_an_index_that_never_ends_is_not_read(server, monkeypatch):
    monkeypatch.setattr(fetch, "_LIMIT", 100)
    server.faults["index.json"] = ["longer"]
    with pytest.raises(ReleaseError, match="more than the 100 bytes"):
        load(registry=server.url)


def test_a_release_that_the_archive_changed_is_refused(server, kept):
    load(registry=server.url)
    reseal(server.folder, lambda release: release["files"][0].update(sha256="0" * 64))
    with pytest.raises(
        ReleaseError, match=r"other checksums for 1\.0\.0 than it did before; expected those of before: a release never"
    ) as said:
        load(registry=server.url)
    assert str(the(kept, "index.kept").parent) in said.value.fix
    assert load("1.0.0", registry=server.url).attrs["eventcode"]["version"] == "1.0.0"


def test_a_release_that_the_archive_no_longer_lists_is_told(server):
    load(registry=server.url)
    shutil.rmtree(server.folder / "1.0.0")
    index.write(server.folder)
    with pytest.warns(ArchiveWarning, match=r"the archive no longer lists 1\.0\.0"):
        assert load(registry=server.url).attrs["eventcode"]["version"] == "0.1.0"


def test_a_new_release_is_seen(server):
    shutil.move(server.folder / "1.0.0", server.folder / "later")
    index.write(server.folder)
    assert load(registry=server.url).attrs["eventcode"]["version"] == "0.1.0"
    with pytest.raises(ReleaseError, match=r"no such release: 1\.0\.0; expected one of 0\.1\.0$"):
        load("1.0.0", registry=server.url)
    shutil.move(server.folder / "later", server.folder / "1.0.0")
    index.write(server.folder)
    assert load("1.0.0", registry=server.url).attrs["eventcode"]["version"] == "1.0.0"


def test_another_data_set_is_not_taken_for_the_one_that_was_named(server):
    with pytest.raises(ReleaseError, match="no such data set: gdelt; expected eventcode"):
        load("gdelt", registry=server.url)


# -- where archives and caches may lie -------------------------------------------------------------------------------


def test_a_folder_is_an_archive_too(published, kept):
    for registry in (published, str(published), f"{published}/"):
        pd.testing.assert_frame_equal(load(registry=registry), load("1.0.0"))
    shutil.rmtree(published)
    with pytest.warns(ArchiveWarning, match="cannot be reached"):
        load(registry=published)
    assert len(list(kept.iterdir())) == 1


def test_wrong_bytes_in_a_folder_are_refused(published):
    (published / EVENTS).write_bytes(b"other")
    with pytest.raises(
        ReleaseError, match=rf"{EVENTS}: its checksum is [0-9a-f]{{64}}, of 5 bytes; expected [\d,]+ bytes with the checksum"
    ):
        load(registry=published)
    (published / EVENTS).unlink()
    with pytest.raises(ReleaseError, match=rf"{EVENTS}: the file cannot be fetched"):
        load(registry=published)


@pytest.mark.parametrize(
    "registry", ["ftp://example.org/data", "file:///data", "doi:10.1234/5678", "s3://bucket/data", "javascript:alert(1)", "http:///data"]
)
def test_other_kinds_of_archives_are_refused(registry):
    with pytest.raises(
        ReleaseError, match=r"no such kind of archive: .*; expected an address that begins with https:// or http://, or a folder"
    ):
        load(registry=registry)


@pytest.mark.parametrize(
    "registry", ["https://me:secret@example.org/data", "https://example.org/data?token=secret", "https://example.org/#secret"]
)
def test_an_address_with_a_secret_is_refused_and_not_repeated(registry):
    with pytest.raises(ReleaseError, match=r"an archive on example\.org holds a password") as said:
        load(registry=registry)
    assert "secret" not in str(said.value)


def test_archives_do_not_share_what_is_kept(published, server, kept):
    load(registry=server.url)
    load(registry=published)
    assert len(list(kept.iterdir())) == 2


def test_a_cache_that_cannot_be_written_is_said(server, kept):
    kept.write_text("a file stands where the folder should", encoding="utf-8")
    with pytest.raises(
        ReleaseError, match=r"what is fetched cannot be kept .*; expected a folder with room .*; name one in EVENTCODE_CACHE"
    ):
        load(registry=server.url)


def test_the_cache_is_the_users_own_where_none_is_named(monkeypatch):
    monkeypatch.delenv("EVENTCODE_CACHE")
    assert fetch.cache().is_absolute()
    assert "eventcode" in fetch.cache().parts
    monkeypatch.setenv("EVENTCODE_CACHE", "~/mine")
    assert fetch.cache().name == "mine"
    assert fetch.cache().is_absolute()


# -- several at once, and one that is stopped ------------------------------------------------------------------------


def loading(url, table="events"):
    return [sys.executable, "-c", f"import eventcode; print(len(eventcode.load('1.0.0', '{table}', registry='{url}')))"]


def test_processes_and_threads_that_fetch_at_once_do_not_disturb_one_another(server, kept):
    running = [subprocess.Popen(loading(server.url), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    found = []
    threads = [threading.Thread(target=lambda: found.append(len(load("1.0.0", registry=server.url)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = len(load("1.0.0"))
    assert found == [expected] * 8
    for process in running:
        out, err = process.communicate(timeout=60)
        assert (out, process.returncode) == (f"{expected}\n", 0), err
    assert files(kept) == ["datapackage.json", "events.parquet", "index.kept"]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_fetch_that_is_stopped_midway_is_begun_again(server, kept, how):
    server.faults[EVENTS] = ["slow"]
    process = subprocess.Popen(loading(server.url), stderr=subprocess.PIPE)
    assert server.stalled.wait(60)
    process.send_signal(how)
    process.communicate(timeout=60)
    assert "events.parquet" not in files(kept)
    assert len(load("1.0.0", registry=server.url)) == len(load("1.0.0"))
    if how == signal.SIGINT:
        assert files(kept) == ["datapackage.json", "events.parquet", "index.kept"]


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
def test_a_bar_is_drawn_on_a_terminal_only(server, kept):
    import pty

    done = subprocess.run(loading(server.url), capture_output=True, check=True)
    assert b"\x1b[" not in done.stderr
    shutil.rmtree(kept)
    ours, theirs = pty.openpty()
    subprocess.run(loading(server.url), stderr=theirs, stdout=subprocess.DEVNULL, check=True, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    assert b"\x1b[" in shown
    assert b"events.parquet" in shown
