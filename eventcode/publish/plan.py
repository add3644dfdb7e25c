"""What a release would change, and the version that the rules demand for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from eventcode.contract.arrow import arrow_frame
from eventcode.contract.describe import table_schema
from eventcode.errors import ReleaseError
from eventcode.model.column import Table
from eventcode.model.tables import RELEASE, Change, Offered, Reject
from eventcode.publish import content
from eventcode.publish.describe import descriptor
from eventcode.publish.diff import Diff
from eventcode.publish.history import table
from eventcode.resources import version_key

LEVELS = ("patch", "minor", "major")
"""What a change is to those who use the data: nothing, other rows, other columns."""
_ABOUT = (Change, Offered, Reject)
"""Tables that tell of a release, not of the world."""
_MEANING = ("type", "unit", "codelist", "constraints")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a release would change.

    Attributes:
        last: The release before; empty where there is none.
        level: What the changes are at most.
        why: Why it is of that level, each reason a sentence.
        rows: For each table its numbers of rows before and then.
        diff: The changes, event by event.
    """

    last: str
    level: str
    why: tuple[str, ...]
    rows: Mapping[str, tuple[int, int]]
    diff: Diff

    @property
    def version(self) -> str:
        """The lowest version that may be given.

        >>> from eventcode.publish.plan import lowest
        >>> lowest("1.4.2", "patch"), lowest("1.4.2", "minor"), lowest("1.4.2", "major"), lowest("", "minor")
        ('1.4.3', '1.5.0', '2.0.0', '0.1.0')
        """
        return lowest(self.last, self.level)

    def refuse(self, version: str) -> None:
        """Refuse a version that is too low.

        Raises:
            ReleaseError: It is.
        """
        if self.last and version_key(version) < version_key(self.version):
            raise ReleaseError(
                f"{version} is too low for a {self.level} change since {self.last}: {'; '.join(self.why)}",
                expected=f"{self.version} or higher",
                fix="see what changes with: eventcode release plan",
            )


def lowest(last: str, level: str) -> str:
    """The lowest version for a change of a level after the last version."""
    if not last:
        return "0.1.0"
    major, minor, patch = version_key(last)
    return {"patch": f"{major}.{minor}.{patch + 1}", "minor": f"{major}.{minor + 1}.0", "major": f"{major + 1}.0.0"}[level]


def _columns(model: type[Table], declared: Mapping[str, object]) -> list[str]:
    """How a table's columns differ from those that a release declares; a cell that may be empty now and could not be is no difference."""
    fields: dict[str, dict[str, object]] = {f["name"]: f for f in declared["fields"]}  # type: ignore[attr-defined]
    now: dict[str, dict[str, object]] = {f["name"]: f for f in table_schema(model)["fields"]}
    found = [f"{model.table}: column {name} is new" for name in now if name not in fields]
    found += [f"{model.table}: column {name} is gone" for name in fields if name not in now]
    for name in sorted(set(now) & set(fields)):
        for key in _MEANING:
            old, new = fields[name].get(key), now[name].get(key)
            if key == "constraints":
                old, new = ({k: v for k, v in (each or {}).items() if k != "required"} for each in (old, new))  # type: ignore[attr-defined]
            if (old or None) != (new or None):
                found.append(f"{model.table}: {key} of column {name} is another")
    return found


def planned(last: Path | None, rows: Mapping[type[Table], pl.DataFrame], diff: Diff) -> Plan:
    """What would change since the last release.

    Args:
        last: Folder of the last release; None where there is none.
        rows: The tables as they would be.
        diff: The changes, event by event.
    """
    if last is None:
        return Plan("", "minor", ("first release",), {model.table: (0, rows[model].height) for model in rows}, diff)
    declared = {each["name"]: each for each in descriptor(last)["resources"]}
    old = [model for model in RELEASE if model.table in declared]
    major = [f"{name}: the table is gone" for name in declared if name not in {model.table for model in RELEASE}]
    major += [fault for model in old for fault in _columns(model, declared[model.table]["schema"])]
    minor = [f"{model.table}: the table is new" for model in RELEASE if model not in old]
    minor += [
        f"{model.table}: its rows are others"
        for model in old
        if model not in _ABOUT and not _same(model, last, declared[model.table], rows[model])
    ]
    level = "major" if major else "minor" if minor else "patch"
    before = {model: pq.read_metadata(last / f"{model.table}.parquet").num_rows if model in old else 0 for model in RELEASE}
    counted = {model.table: (before[model], rows[model].height) for model in RELEASE}
    return Plan(last.name, level, tuple(major or minor or ["no row is another"]), counted, diff)


def _same(model: type[Table], last: Path, declared: Mapping[str, Any], now: pl.DataFrame) -> bool:
    """True where a table says what it said in the last release, by the checksum of its content; it is read only where there is no comparable one."""
    ours = content.content_sha256(arrow_frame(model, now))
    if declared.get("contentVersion") == content.VERSION and len(declared["schema"]["fields"]) == now.width:
        return bool(declared["contentSha256"] == ours)
    return ours == content.content_sha256(arrow_frame(model, table(last / f"{model.table}.parquet", model)))
