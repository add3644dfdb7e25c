"""Bytes on disk: Parquet that every reader reads, the same on every build; folders that are whole or not there."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from eventcode.errors import ReleaseError

SUMS = "SHA256SUMS"
_SUM = re.compile(r"([0-9a-f]{64})  (\S.*)")


def parquet(table: pa.Table, path: Path) -> None:
    """Write a table with fixed settings, so that equal tables give equal bytes with the same pyarrow."""
    pq.write_table(
        table, path, compression="zstd", compression_level=9, version="2.6", data_page_version="1.0", row_group_size=131072,
        use_dictionary=True, write_statistics=True, store_schema=True,
    )  # fmt: skip


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS over all other files of a folder, in the form that `sha256sum -c` reads."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != SUMS)
    lines = [f"{sha256(p)}  {p.relative_to(folder).as_posix()}\n" for p in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def read_sums(folder: Path) -> dict[str, str]:
    """Checksums by file name, from SHA256SUMS.

    Raises:
        ReleaseError: There is no such file, or a line of it is none that `sha256sum` writes.
    """
    path = folder / SUMS
    if not path.is_file():
        raise ReleaseError(f"there is no {SUMS}", where=str(folder), expected="a release, whole")
    found = {}
    for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").split("\n"), start=1):
        pair = _SUM.fullmatch(line.removesuffix("\r"))
        if line and pair is None:
            raise ReleaseError(
                f"line {number} is {line[:80]!r}",
                where=str(path),
                expected="a checksum of 64 hexadecimal digits, two spaces, a file's name",
            )
        if pair:
            found[pair[2]] = pair[1]
    return found


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refuse_existing(final: Path) -> None:
    """Refuse to publish what is there already.

    Raises:
        ReleaseError: `final` exists.
    """
    if final.exists():
        raise ReleaseError(
            f"{final.name} is there already",
            where=str(final.parent),
            expected="a new version",
            fix="a release never changes: choose the next version",
        )


def write_text(path: Path, text: str) -> None:
    """Write a text with the same bytes on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")


_LEFT = re.compile(r"\.(?:\d+\.\d+\.\d+|index\.json(?:\.sha256)?)-[a-z0-9_]{8}")
"""Names under which a build writes what has its own name only when it is whole."""


@contextlib.contextmanager
def alone(dataset: Path) -> Iterator[None]:
    """Nobody else builds in this folder meanwhile; what a build that was killed has left is removed.

    Raises:
        ReleaseError: Somebody else has been building for ten minutes.
    """
    import filelock

    name = hashlib.sha256(str(dataset.resolve()).encode()).hexdigest()[:16]
    lock = filelock.FileLock(Path(tempfile.gettempdir()) / f"eventcode-{name}.lock", timeout=600)
    try:
        with lock:
            for path in dataset.glob(".*"):
                if _LEFT.fullmatch(path.name):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            yield
    except filelock.Timeout as error:
        raise ReleaseError("another build is under way", where=str(dataset), fix="try again when it has ended") from error


@contextlib.contextmanager
def staged(final: Path) -> Iterator[Path]:
    """A folder to fill beside `final`, with its files safe on disk afterwards; it vanishes where filling it fails.

    Raises:
        ReleaseError: `final` is there already.
    """
    refuse_existing(final)
    final.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{final.name}-", dir=final.parent))
    try:
        yield beside
        beside.chmod(0o755)
        for path in sorted(beside.rglob("*")):
            _sync(path)
        _sync(beside)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def freeze(beside: Path, final: Path) -> None:
    """Give a folder that was filled its name, in one step.

    Raises:
        ReleaseError: A release of this name came to be there meanwhile.
    """
    try:
        beside.rename(final)
    except OSError as error:
        if not final.exists():
            raise
        shutil.rmtree(beside, ignore_errors=True)
        raise ReleaseError(
            f"{final.name} was published by somebody else meanwhile", where=str(final.parent), expected="one build of a version"
        ) from error
    _sync(final.parent)
