"""One file of an archive, from an address or a folder; what may go wrong on the way, and a bar for those who wait."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from eventcode.errors import ReleaseError

if TYPE_CHECKING:
    import rich.progress

TIMEOUT = (10.0, 30.0)
"""Seconds to wait for a connection, and for the next piece of an answer."""
_PIECE = 1 << 16


class DifferentError(ValueError):
    """What was fetched is not what the index announces."""


def base(registry: str | Path) -> str:
    """The address under which an archive's files lie, with a slash at its end.

    Raises:
        ReleaseError: It is neither an address that begins with http or https nor a folder, or it holds more than a place.

    >>> base("https://example.org/data")
    'https://example.org/data/'
    """
    if isinstance(registry, Path) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", registry):
        return f"{Path(registry).expanduser().resolve().as_posix().rstrip('/')}/"
    parts = urlsplit(registry)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise ReleaseError(f"no such kind of archive: {registry}", expected="an address that begins with https:// or http://, or a folder")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ReleaseError(
            f"the address of an archive on {parts.hostname} holds a password, '?' or '#'", expected="the address of a folder and no more"
        )
    return f"{parts.geturl().rstrip('/')}/"


@contextlib.contextmanager
def _meter(name: str, limit: int) -> Iterator[_Meter]:
    with contextlib.ExitStack() as stack:
        progress = None
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

            columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
            progress = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
        yield _Meter(name, limit, progress)


class _Meter:
    """What pooch tells of the bytes that arrive: more than were announced are refused; a bar is drawn on a terminal."""

    def __init__(self, name: str, limit: int, progress: rich.progress.Progress | None) -> None:
        self.total, self._seen, self._limit, self._progress = 0, 0, limit, progress
        self._task = progress.add_task(name, total=limit) if progress else None

    def update(self, number: int) -> None:
        self._seen += number
        if self._seen > self._limit + _PIECE:  # pooch counts whole pieces
            raise DifferentError(f"more than the {self._limit:,} bytes that the index announces")
        if self._progress and self._task is not None:
            self._progress.update(self._task, completed=self._seen)

    def reset(self) -> None:
        self._seen = 0

    def close(self) -> None:
        """Called by pooch when it is done; the bar ends with the block that it was made for."""


def take(address: str, to: Any, name: str, limit: int) -> None:  # noqa: ANN401 - a path or an open file, as in pooch
    """Copy one file of an archive.

    Raises:
        FileNotFoundError: The archive does not have it.
        OSError: The archive cannot be reached, or broke off.
        DifferentError: More bytes come than `limit`.
    """
    if not address.startswith(("http://", "https://")):
        with Path(address).open("rb") as source, contextlib.ExitStack() as stack:
            shutil.copyfileobj(source, to if hasattr(to, "write") else stack.enter_context(Path(to).open("wb")))
        return
    import requests
    from pooch import HTTPDownloader

    with _meter(name, limit) as meter:
        try:
            HTTPDownloader(progressbar=meter, chunk_size=_PIECE, timeout=TIMEOUT)(address, to, None)
        except requests.HTTPError as error:
            if error.response is not None and error.response.status_code < 500:  # asking again would not help
                raise FileNotFoundError(f"the archive answers {error.response.status_code}") from error
            raise


def fetched(address: str, name: str, limit: int) -> bytes:
    """A small file, asked for a second time where the first failed."""
    for last in (False, True):
        into = io.BytesIO()
        try:
            take(address, into, name, limit)
        except FileNotFoundError:
            raise
        except OSError:
            if last:
                raise
            time.sleep(1)
        else:
            break
    return into.getvalue()
