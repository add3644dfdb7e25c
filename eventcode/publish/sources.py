"""Which contributions count in which release: what replaces an earlier coding, and what is kept only as evidence."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eventcode.contribute.read import KNOWN, contributions_in
from eventcode.errors import ReleaseError
from eventcode.model.tables import VERSION
from eventcode.resources import version_key

ROLES = ("published", "reading", "program")
_COLUMNS = ("file", "role", "since", "until", "note")


@dataclass(frozen=True, slots=True)
class Source:
    """A contribution and its part in the releases.

    Attributes:
        file: The file.
        role: "published" where its rows go into releases; "reading" for a reading that was adjudicated, "program" for a program's coding that is scored
            against what is published: both are kept beside.
        since: First version in which it plays its part; empty for all.
        until: First version in which it does so no more; empty for none.
    """

    file: Path
    role: str = "published"
    since: str = ""
    until: str = ""

    def counts_in(self, version: str) -> bool:
        """True where the file plays its part in a version."""
        after = not self.since or version_key(self.since) <= version_key(version)
        return after and not (self.until and version_key(self.until) <= version_key(version))


def index_of(contributions: Path) -> Path:
    """The table that says which contributions count: beside their folder, with its name."""
    folder = contributions.absolute()
    return folder.with_name(f"{folder.name}.csv")


def _source(row: dict[str, str | None], contributions: Path, where: str) -> Source:
    name, role, since, until = ((row.get(column) or "").strip() for column in _COLUMNS[:4])
    if not (contributions / name).is_file() or not name:
        raise ReleaseError(f"no such contribution: {name!r}", where=where, expected=f"the name of a file in {contributions}")
    if role not in ROLES:
        raise ReleaseError(f"no such role: {role!r}", where=where, expected=f"one of {', '.join(ROLES)}")
    for version in (since, until):
        if version and not re.fullmatch(VERSION, version):
            raise ReleaseError(f"{version!r} is no version", where=where, expected="three numbers without leading zeros, such as 0.2.0")
    return Source(contributions / name, role, since, until)


def sources(contributions: Path, version: str) -> list[Source]:
    """The contributions that play a part in a release; all of a folder, as published, where no table beside it says more.

    Raises:
        ReleaseError: There are none, the table cannot be read or names no file, or a file of the folder is not in it.
    """
    files = contributions_in(contributions)
    if not files:
        raise ReleaseError("there are no contributions", where=str(contributions), expected=f"files that end in {', '.join(KNOWN)}")
    index = index_of(contributions)
    if not index.is_file():
        return [Source(file) for file in files]
    try:
        rows = list(csv.DictReader(io.StringIO(index.read_text(encoding="utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ReleaseError(f"the table cannot be read ({error})", where=str(index), expected="CSV in UTF-8") from error
    listed = [_source(row, contributions, f"{index}, row {number}") for number, row in enumerate(rows, start=1)]
    known = [source.file for source in listed]
    if twice := sorted({file.name for file in known if known.count(file) > 1}):
        raise ReleaseError(f"listed twice: {', '.join(twice)}", where=str(index), expected="each contribution once")
    if missing := sorted(file.name for file in files if file not in known):
        raise ReleaseError(
            f"not in the table: {', '.join(missing)}",
            where=str(index),
            expected="each file of the folder",
            fix="add a row: file, role, since, until, note",
        )
    return [source for source in listed if source.counts_in(version)]


def of_role(found: Sequence[Source], role: str) -> list[Path]:
    """The files that play a part, in order of their names."""
    return sorted(source.file for source in found if source.role == role)
