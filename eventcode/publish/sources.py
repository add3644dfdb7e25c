"""Which contributions count in which release: what replaces an earlier coding, and what is kept only as evidence."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eventcode.contribute.read import KNOWN, contributions_in
from eventcode.errors import ReleaseError
from eventcode.model.tables import REPORT_ID, ROLES, VERSION
from eventcode.resources import version_key

_COLUMNS = ("file", "role", "since", "until", "note")


@dataclass(frozen=True, slots=True)
class Source:
    """A contribution and its part in the releases.

    Attributes:
        file: The file.
        role: "published" where its rows go into releases, "partly" where those do that pass the gate; "reading" for a reading that was adjudicated,
            "program" for a program's coding that is scored against what is published: both are kept beside; "refused" where none of its rows is taken.
        since: First version in which it plays its part; empty for all.
        until: First version in which it does so no more; empty for none.
    """

    file: Path
    role: str = "published"
    since: str = ""
    until: str = ""
    note: str = ""

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
    return Source(contributions / name, role, since, until, row.get("note") or "")


def _table(path: Path) -> list[dict[str, str | None]]:
    try:
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ReleaseError(f"the table cannot be read ({error})", where=str(path), expected="CSV in UTF-8") from error


def sources(contributions: Path, version: str) -> list[Source]:
    """The contributions that play a part in a release, by name; all of a folder, as published, where no table beside it says more.

    Raises:
        ReleaseError: There are none, the table cannot be read or names no file, or a file of the folder is not in it.
    """
    files = contributions_in(contributions)
    if not files:
        raise ReleaseError("there are no contributions", where=str(contributions), expected=f"files that end in {', '.join(KNOWN)}")
    index = index_of(contributions)
    if not index.is_file():
        return [Source(file) for file in files]
    rows = _table(index)
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
    return sorted((source for source in listed if source.counts_in(version)), key=lambda source: source.file.name)


def of_role(found: Sequence[Source], *roles: str) -> list[Path]:
    """The files that play one of some parts, in order of their names."""
    return sorted(source.file for source in found if source.role in roles)


def reasons_of(contributions: Path) -> Path:
    """The table that says why published reports are corrected: beside the folder of the contributions."""
    return index_of(contributions).with_name("reasons.csv")


def reasons(contributions: Path, version: str) -> dict[str, str]:
    """Why reports are other than in the release before, by their ids: of those that are gone, and of those that are new.

    Raises:
        ReleaseError: The table cannot be read, or a row lacks something.
    """
    path = reasons_of(contributions)
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for number, row in enumerate(_table(path), start=1):
        report, since, reason = ((row.get(name) or "").strip() for name in ("report_id", "version", "reason"))
        if not re.fullmatch(REPORT_ID, report) or not re.fullmatch(VERSION, since) or not reason:
            what = f"no report, version or reason: {row}"
            raise ReleaseError(what, where=f"{path}, row {number}", expected="the columns report_id, version and reason, all filled in")
        if since == version and report in found:
            raise ReleaseError(f"{report} is listed twice for {version}", where=f"{path}, row {number}", expected="each report once")
        if since == version:
            found[report] = reason
    return found


def digests(contributions: Path, parts: Sequence[Source], told: Mapping[str, str]) -> dict[str, str]:
    """Checksums of what counts in a release of the two tables beside the contributions, by their names: rows of other releases may come and go.

    Args:
        contributions: Their folder.
        parts: Those that play a part.
        told: Why reports are corrected, by their ids.
    """
    listed = sorted(f"{part.file.name}\t{part.role}\t{part.note}" for part in parts) if index_of(contributions).is_file() else []
    rows = {"contributions.csv": listed, "reasons.csv": sorted(f"{report}\t{reason}" for report, reason in told.items())}
    return {name: hashlib.sha256("\n".join(lines).encode()).hexdigest() for name, lines in rows.items() if lines}
