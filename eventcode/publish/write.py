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


def content_sha256(table: pa.Table) -> str:
    """A checksum of a table's values that does not depend on writer, row groups or chunks.

    >>> a = pa.table({"x": pa.array(["1", None]).dictionary_encode()})
    >>> b = pa.table({"x": pa.chunked_array([["1"], [None]], pa.string())})
    >>> content_sha256(a) == content_sha256(b)
    True
    """
    digest = hashlib.sha256()
    for name in table.column_names:
        digest.update(f"{name}\x1d".encode())
        for value in table.column(name).to_pylist():
            digest.update(b"\x1e" if value is None else f"{value!r}\x1f".encode())
    return digest.hexdigest()


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


@contextlib.contextmanager
def whole_folder(final: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `final` when all went well and vanishes when not.

    Raises:
        ReleaseError: `final` is there already, or came to be while this one was filled.
    """
    refuse_existing(final)
    final.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{final.name}-", dir=final.parent))
    try:
        yield beside
        beside.chmod(0o755)
        for path in sorted(beside.rglob("*")):
            _sync(path)
        try:
            beside.rename(final)
        except OSError as error:
            raise ReleaseError(
                f"{final.name} was published by somebody else meanwhile", where=str(final.parent), expected="one build of a version"
            ) from error
        _sync(final.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
