"""Whether a release is whole: its bytes, its tables, its keys and references."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandera.errors
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from eventcode.contract.arrow import arrow_schema
from eventcode.contract.frames import pandera_schema, polars_schema
from eventcode.model.column import Table
from eventcode.model.tables import RELEASE
from eventcode.publish.write import SUMS, read_sums, sha256


def _declared(folder: Path) -> dict[str, tuple[str, ...]]:
    """The columns that a release says its tables have; one that was built before a column was added has it not."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return {each["name"]: tuple(field["name"] for field in each["schema"]["fields"]) for each in package["resources"]}


def _table_faults(model: type[Table], path: Path, names: tuple[str, ...]) -> list[str]:
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        return [f"{path.name}: cannot be read as Parquet ({error})"]
    whole = arrow_schema(model)
    if not set(names) <= set(whole.names) or not table.schema.equals(pa.schema([whole.field(name) for name in names])):
        return [f"{path.name}: its columns are not those of the contract"]
    frame = pl.DataFrame({name: table.column(name).to_pylist() for name in table.column_names}, schema=polars_schema(model, names))
    faults = []
    try:
        pandera_schema(model, names).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as failed:
        faults += [
            f"{path.name}: row {c['index']}, column {c['column']} breaks '{c['check']}'"
            for c in failed.failure_cases.head(10).iter_rows(named=True)
        ]
    if frame.select(pl.struct(model.key).is_duplicated().any()).item():
        faults.append(f"{path.name}: {', '.join(model.key)} is not unique")
    return faults


def _values(folder: Path, table: str, column: str) -> set[str]:
    return set(pq.read_table(folder / f"{table}.parquet", columns=[column]).column(column).to_pylist())


def _reference_faults(folder: Path) -> list[str]:
    events, articles = _values(folder, "events", "event_id"), _values(folder, "articles", "article_id")
    faults = []
    if _values(folder, "reports", "event_id") != events:
        faults.append("reports.parquet: its events are not those of events.parquet")
    if not _values(folder, "reports", "article_id") | _values(folder, "events", "source") <= articles:
        faults.append("articles.parquet: an article that is named is not in it")
    return faults


def _sum_faults(folder: Path, sums: Mapping[str, str], present: set[str]) -> list[str]:
    faults = [f"{name}: missing" for name in sorted(set(sums) - present)]
    faults += [f"{name}: not part of the release" for name in sorted(present - set(sums))]
    return faults + [
        f"{name}: its bytes are not those that were published"
        for name in sorted(set(sums) & present)
        if sha256(folder / name) != sums[name]
    ]


def _descriptor_faults(folder: Path) -> list[str]:
    """Tables whose checksum in datapackage.json is not that of their file."""
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        named = {each["path"]: each["hash"] for each in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"datapackage.json: cannot be read as a data package ({type(error).__name__}: {error})"]
    return [
        f"{model.table}.parquet: its checksum in datapackage.json is another"
        for model in RELEASE
        if named.get(f"{model.table}.parquet") != f"sha256:{sha256(folder / f'{model.table}.parquet')}"
    ]


def verify(folder: Path) -> list[str]:
    """What is wrong with a release; nothing where it is whole.

    Checks every file against SHA256SUMS, and that none is missing or was added; every table against datapackage.json and the contract; keys and
    references.

    Raises:
        ReleaseError: The folder is no release, or its SHA256SUMS cannot be read.
    """
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {SUMS}
    if faults := _sum_faults(folder, read_sums(folder), present):
        return faults
    if missing := [f"{model.table}.parquet: missing" for model in RELEASE if f"{model.table}.parquet" not in present]:
        return missing
    faults = _descriptor_faults(folder)
    if not faults:
        declared = _declared(folder)
        faults = [f for model in RELEASE for f in _table_faults(model, folder / f"{model.table}.parquet", declared[model.table])]
    return faults or _reference_faults(folder)
