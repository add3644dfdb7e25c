"""Whether a release is whole: its bytes, its tables, its keys and references; and whether its contributions give the same again."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandera.errors
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from eventcode.contract.arrow import arrow_schema
from eventcode.contract.frames import pandera_schema, polars_schema
from eventcode.errors import ReleaseError
from eventcode.model.column import Table
from eventcode.model.tables import RELEASE, VERSION
from eventcode.publish import content
from eventcode.publish.describe import columns_of, descriptor, tables_of
from eventcode.publish.metadata import Release
from eventcode.publish.write import SUMS, read_sums, sha256


def _typed(schema: pa.Schema) -> list[tuple[str, Any]]:
    """Names and types of columns; what may be missing and how it is described may be told better in a later contract."""
    return [(field.name, field.type) for field in schema]


def _table_faults(model: type[Table], path: Path, names: tuple[str, ...], resource: Mapping[str, Any]) -> list[str]:
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        return [f"{path.name}: cannot be read as Parquet ({error})"]
    whole = arrow_schema(model)
    if not set(names) <= set(whole.names) or _typed(table.schema) != _typed(pa.schema([whole.field(name) for name in names])):
        return [f"{path.name}: its columns are not those of the contract"]
    summed = content.content_sha256 if resource.get("contentVersion") else content.first_content_sha256
    if summed(table) != resource.get("contentSha256"):
        return [f"{path.name}: the checksum of its content in datapackage.json is another"]
    found = pl.from_arrow(table)
    assert isinstance(found, pl.DataFrame)
    frame = found.cast(dict(polars_schema(model, names)))  # type: ignore[arg-type]
    faults = []
    try:
        pandera_schema(model, names).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as failed:
        faults += [
            f"{path.name}: row {c['index']}, column {c['column']} breaks '{c['check']}'"
            for c in failed.failure_cases.head(10).iter_rows(named=True)
        ]
    if frame.select(pl.struct(model.key).n_unique()).item() != frame.height:
        faults.append(f"{path.name}: {', '.join(model.key)} is not unique")
    return faults


def _values(folder: Path, table: str, column: str) -> pl.Series:
    return pl.read_parquet(folder / f"{table}.parquet", columns=[column], glob=False)[column].cast(pl.String).drop_nulls().unique()


def _reference_faults(folder: Path) -> list[str]:
    events, articles = _values(folder, "events", "event_id"), _values(folder, "articles", "article_id")
    faults = []
    if not _values(folder, "reports", "event_id").sort().equals(events.sort(), check_names=False):
        faults.append("reports.parquet: its events are not those of events.parquet")
    named = pl.concat([_values(folder, "reports", "article_id").alias("a"), _values(folder, "events", "source").alias("a")])
    if not named.is_in(articles.implode()).all():
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


def _models(folder: Path) -> list[type[Table]]:
    """The tables that a release says it has; one without a table that each has lacks it."""
    told = set(tables_of(folder))
    return [
        model
        for model in RELEASE
        if model.table in told or model.table in {"events", "reports", "articles", "actors", "coverage", "changes"}
    ]


def _descriptor_faults(folder: Path) -> list[str]:
    """Tables whose checksum in datapackage.json is not that of their file."""
    try:
        package = descriptor(folder)
        named = {each["name"]: each["hash"] for each in package["resources"]}
        rows = {each["name"]: each["rows"] for each in package["resources"]}
        version = Release.read_release(folder).version
    except (ReleaseError, KeyError, TypeError) as error:
        return [f"datapackage.json: cannot be read as a data package ({error})"]
    faults = [
        f"{model.table}.parquet: its checksum in datapackage.json is another"
        for model in _models(folder)
        if named.get(model.table) != f"sha256:{sha256(folder / f'{model.table}.parquet')}"
    ]
    if len(named) < len(package["resources"]):
        faults.append("datapackage.json: a table is listed twice")
    if re.fullmatch(VERSION, folder.absolute().name) and version != folder.absolute().name:
        faults.append(f"datapackage.json: it is that of {version}")
    return faults or _row_faults(folder, rows)


def _row_faults(folder: Path, rows: Mapping[str, int]) -> list[str]:
    """Tables whose number of rows in datapackage.json is another; what is no Parquet is told when it is read."""
    faults = []
    for name, number in rows.items():
        with contextlib.suppress(pa.ArrowInvalid, OSError):
            if pq.read_metadata(folder / f"{name}.parquet").num_rows != number:
                faults.append(f"{name}.parquet: its number of rows in datapackage.json is another")
    return faults


def verify(folder: Path) -> list[str]:
    """What is wrong with a release; nothing where it is whole.

    Checks every file against SHA256SUMS, and that none is missing or was added; every table against datapackage.json and the contract; keys and
    references.

    Raises:
        ReleaseError: The folder is no release, or its SHA256SUMS cannot be read.
    """
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() or p.is_symlink()} - {SUMS}
    if faults := _sum_faults(folder, read_sums(folder), present):
        return faults
    try:
        models = _models(folder)
    except ReleaseError as error:
        return [f"datapackage.json: cannot be read as a data package ({error})"]
    if missing := [f"{model.table}.parquet: missing" for model in models if f"{model.table}.parquet" not in present]:
        return missing
    faults = _descriptor_faults(folder)
    if not faults:
        resources = {each["name"]: each for each in descriptor(folder)["resources"]}
        faults = [
            fault
            for model in models
            for fault in _table_faults(model, folder / f"{model.table}.parquet", columns_of(folder, model.table), resources[model.table])
        ]
    return faults or _reference_faults(folder)
