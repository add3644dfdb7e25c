"""Releases of an archive elsewhere: fetched once, checked against its index, kept, and read from there without a network ever after."""

from __future__ import annotations

import hashlib
import inspect
import os
import re
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eventcode.errors import ReleaseError
from eventcode.publish.download import DifferentError, base, fetched, take
from eventcode.publish.index import CHECKSUM, INDEX, File, Index, read, replace
from eventcode.publish.write import sha256

CACHE = "EVENTCODE_CACHE"
KEPT = "index.kept"
_LIMIT = 1 << 26
"""Bytes that an index may have."""


class ArchiveWarning(UserWarning):
    """Something about an archive, or about what is kept of it, that a reader should know; the rows are right all the same."""


def _tell(message: str) -> None:
    """Warn those who called this package, at their own line."""
    level, frame = 1, inspect.currentframe()
    while frame is not None and str(frame.f_globals.get("__name__")).startswith("eventcode."):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, ArchiveWarning, stacklevel=level)


def cache() -> Path:
    """The folder in which what was fetched is kept: EVENTCODE_CACHE, or the user's cache folder of this system."""
    if given := os.environ.get(CACHE):
        return Path(given).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("eventcode", appauthor=False))


def _fresh(address: str) -> tuple[bytes, Index]:
    """The archive's index as it is now; fetched twice where it does not fit its checksum, since it may just have been renewed."""
    for last in (False, True):
        sums = fetched(address + CHECKSUM, CHECKSUM, 1000).decode("utf-8", "replace")
        raw = fetched(address + INDEX, INDEX, _LIMIT)
        try:
            return raw, read(raw, checksum=sums, where=address + INDEX)
        except ReleaseError:
            if last:
                raise
    raise AssertionError


def _kept(folder: Path) -> Index | None:
    """The index as it was kept: its checksum in the first line, then the index; None where there is none that is whole."""
    try:
        sums, _, raw = (folder / KEPT).read_bytes().partition(b"\n")
        return read(raw, checksum=sums.decode("utf-8", "replace"), where=str(folder / KEPT))
    except OSError:
        return None
    except ReleaseError as error:
        _tell(f"{error}; the index is fetched anew")
        return None


def _keep(folder: Path, raw: bytes) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace(folder / KEPT, f"{hashlib.sha256(raw).hexdigest()}\n".encode() + raw)
    except OSError as error:
        raise _unwritable(error) from error


def _unwritable(error: OSError) -> ReleaseError:
    return ReleaseError(
        f"what is fetched cannot be kept ({error})", where=str(cache()), expected="a folder with room that may be written to",
        fix=f"name one in {CACHE}",
    )  # fmt: skip


def _refuse_changed(kept: Index, fresh: Index, address: str, folder: Path) -> None:
    for old in kept.releases:
        new = fresh.release(old.version)
        if new is None:
            _tell(f"{address}: the archive no longer lists {old.version}")
        elif new.files != old.files:
            raise ReleaseError(
                f"the archive lists other checksums for {old.version} than it did before",
                where=address + INDEX,
                expected="those of before: a release never changes",
                fix=f"ask those who keep the archive which are right; to take what it has now, remove {folder}",
            )


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive of releases, and what is kept of it here.

    Attributes:
        where: Address of the archive, with a slash at its end.
        folder: Folder in which its files are kept.
        index: Its releases.
    """

    where: str
    folder: Path
    index: Index

    def versions(self) -> list[str]:
        """The versions, oldest first."""
        return self.index.versions()

    def day(self, version: str) -> str:
        """The day of publication of a release."""
        listed = self.index.release(version)
        return listed.date if listed else ""

    def file(self, version: str, name: str) -> Path:
        """The path of a file of a release, fetched where it is not kept, or is no longer what was published.

        Raises:
            ReleaseError: The release has no such file, it cannot be fetched, or what the archive gives is not what its index says.
        """
        listed = self.index.release(version)
        file = listed.file(name) if listed else None
        if file is None:
            raise ReleaseError(f"{version} has no file {name}", where=self.where + INDEX)
        path = self.folder / version / name
        if path.is_file():
            if (found := sha256(path)) == file.sha256:
                return path
            _tell(
                f"{path}: its checksum is {found}; expected {file.sha256}; it was changed since it was fetched, and is fetched anew",
            )
        return self._fetch(version, file, path)

    def _fetch(self, version: str, file: File, path: Path) -> Path:
        import pooch
        import requests

        address = f"{self.where}{version}/"
        keeper = pooch.create(self.folder / version, address, registry={file.name: file.sha256}, retry_if_failed=1)
        try:
            keeper.fetch(file.name, downloader=_checked(file))
        except DifferentError as error:
            raise ReleaseError(
                str(error), where=address + file.name, expected=f"{file.bytes:,} bytes with the checksum {file.sha256}, as the index says",
                fix="it was fetched twice and not kept; try again later, or tell those who keep the archive",
            ) from error  # fmt: skip
        except (requests.RequestException, FileNotFoundError) as error:
            raise ReleaseError(
                f"the file cannot be fetched ({error})", where=address + file.name, expected="an archive that can be reached",
                fix=f"try again when it can; what was fetched once is in {self.folder}",
            ) from error  # fmt: skip
        except OSError as error:
            if path.is_file() and sha256(path) == file.sha256:  # somebody else fetched it meanwhile
                return path
            raise _unwritable(error) from error
        return path


def _checked(file: File) -> Callable[[str, str, object], None]:
    """A downloader for pooch that says what it found where the checksum is wrong."""

    def download(address: str, to: str, _: object) -> None:
        take(address, to, file.name, file.bytes)
        if (found := sha256(Path(to))) != file.sha256:
            raise DifferentError(f"its checksum is {found}, of {Path(to).stat().st_size:,} bytes")

    return download


def archive(registry: str | Path, version: str | None = None) -> Archive:
    """An archive, with its index as it is now; as it was kept where the archive cannot be reached, which a warning says.

    Args:
        registry: Address (http or https) or folder that holds `index.json` and the releases.
        version: A release that is wanted. Where the kept index lists it, the archive is not asked: a release never changes.

    Raises:
        ReleaseError: The archive cannot be reached and nothing is kept of it, or its index is wrong.
    """
    import requests

    address = base(registry)
    name = re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-")[-40:].strip("-")
    folder = cache() / f"{name}-{hashlib.sha256(address.encode()).hexdigest()[:12]}"
    kept = _kept(folder)
    if kept is not None and version is not None and kept.release(version):
        return Archive(address, folder, kept)
    try:
        raw, fresh = _fresh(address)
    except (requests.RequestException, OSError, DifferentError) as error:
        if kept is None:
            raise ReleaseError(
                f"the archive cannot be reached ({error})", where=address, expected=f"{INDEX} and {CHECKSUM} there",
                fix="nothing of it is kept here yet: try again when it can be reached",
            ) from error  # fmt: skip
        day = time.strftime("%Y-%m-%d", time.localtime((folder / KEPT).stat().st_mtime))
        _tell(
            f"{address}: the archive cannot be reached ({error}); its index of {day} is used, which ends with {kept.versions()[-1]}",
        )
        return Archive(address, folder, kept)
    if kept is not None:
        _refuse_changed(kept, fresh, address, folder)
    _keep(folder, raw)
    return Archive(address, folder, fresh)
