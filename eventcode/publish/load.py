"""A release's tables, in the reader's own kind of frame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, overload

from eventcode.errors import ReleaseError
from eventcode.publish.index import DESCRIPTOR, descriptor
from eventcode.publish.lineage import identities, lineage, resolve
from eventcode.publish.shelf import Shelf, shelf

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["lineage", "load", "resolve", "tables"]

_OF_EVENTS = ("events", "reports", "changes")


class Which(TypedDict, total=False):
    """Which rows and columns of which release `load` gives."""

    version: str | None
    as_of: date | str | None
    registry: str | Path | None
    dataset: Path | None
    event_ids: Iterable[str] | None
    columns: Sequence[str] | None


@overload
def load(
    name_or_version: str | None = None, table: str = "events", *, backend: Literal["pandas"] = "pandas", **which: Unpack[Which]
) -> pd.DataFrame: ...
@overload
def load(
    name_or_version: str | None = None, table: str = "events", *, backend: Literal["polars"], **which: Unpack[Which]
) -> pl.DataFrame: ...
@overload
def load(name_or_version: str | None = None, table: str = "events", *, backend: Literal["arrow"], **which: Unpack[Which]) -> pa.Table: ...
def load(
    name_or_version: str | None = None,
    table: str = "events",
    *,
    version: str | None = None,
    as_of: date | str | None = None,
    registry: str | Path | None = None,
    backend: str = "pandas",
    dataset: Path | None = None,
    event_ids: Iterable[str] | None = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame | pl.DataFrame | pa.Table:
    """Load a table of a release.

    Args:
        name_or_version: Name of the data set, such as "eventcode", which is then checked; or, where it begins with a digit, the version.
        table: "events", "reports", "articles", "actors", "coverage", "changes", or another that the release's datapackage.json lists.
        version: Version of the release; the newest where not given.
        as_of: A day instead of a version: the newest release of that day or before.
        registry: Address or folder of an archive with an index.json. What is wanted is fetched from it once, checked against the index, and kept:
            in the folder that EVENTCODE_CACHE names, else in the user's cache folder. A release that is kept loads without a network.
        backend: "pandas", "polars" or "arrow".
        dataset: Folder of the releases; the package's own where not given.
        event_ids: Ids, of any release, of the events whose rows are wanted; those that were merged by then are followed (see `resolve`). All rows
            where not given.
        columns: Names of the columns that are wanted; all where not given.

    Returns:
        The table. In pandas dates are datetime64, codes are categories of text, whole numbers are Int64 (so that missing ones stay missing), and
        `frame.attrs["eventcode"]` says what it came from: the data set's name, the version, the table, and the whole table's number of rows
        and checksum of values (`content_sha256`).

    Raises:
        ReleaseError: There is no such data set, release, table or column, or it cannot be fetched.

    >>> events = load("eventcode", columns=["action", "date"])
    >>> str(events["action"].dtype), str(events["date"].dtype).split("[")[0]
    ('category', 'datetime64')
    >>> load("0.1.0").attrs["eventcode"]["version"]
    '0.1.0'
    """
    if backend not in {"pandas", "polars", "arrow"}:
        raise ReleaseError(f"no such backend: {backend}", expected="pandas, polars or arrow")
    name, version = _named(name_or_version, version, as_of)
    home = shelf(dataset, registry, version)
    chosen = home.pick(version, as_of)
    package = descriptor(home.file(chosen, DESCRIPTOR))
    if name is not None and name != package["name"]:
        raise ReleaseError(
            f"no such data set: {name}",
            where=home.where,
            expected=package["name"],
            fix=f'for a table write table="{name}"' if name in tables(package) else "",
        )
    if table not in tables(package):
        raise ReleaseError(f"no such table: {table}", where=f"{home.where}{chosen}", expected=f"one of {', '.join(tables(package))}")
    only = None if event_ids is None else _only(table, event_ids, home, chosen)
    path = home.file(chosen, f"{table}.parquet")
    if backend == "polars":
        return _polars(path, only, columns)
    found = _arrow(path, only, columns)
    return found if backend == "arrow" else _pandas(found, _said(package, chosen, table))


def tables(package: Mapping[str, Any]) -> list[str]:
    """The tables that a release's data package lists."""
    return [each["name"] for each in package["resources"]]


def _named(name_or_version: str | None, version: str | None, as_of: date | str | None) -> tuple[str | None, str | None]:
    """The name and the version that are wanted."""
    if name_or_version is None or not re.match(r"v?\d", name_or_version):
        name = name_or_version
    elif version is None:
        name, version = None, name_or_version
    else:
        raise ReleaseError(f"two versions are given: {name_or_version} and {version}", expected="one of them")
    if version is not None and as_of is not None:
        raise ReleaseError(f"both version {version} and as_of {as_of} are given", expected="one of them")
    return name, version


def _only(table: str, event_ids: Iterable[str], home: Shelf, version: str) -> list[str]:
    """The ids under which events stand in a release."""
    if table not in _OF_EVENTS:
        raise ReleaseError(f"the rows of {table} belong to no events", expected=f"event_ids with one of {', '.join(_OF_EVENTS)}")
    known = identities(home, version)
    return sorted({found for each in set(event_ids) if (found := known.resolve(each)) is not None})


def _said(package: Mapping[str, Any], version: str, table: str) -> dict[str, object]:
    """What a frame says of where it came from, in plain values that pandas can write beside it."""
    resource = next(each for each in package["resources"] if each["name"] == table)
    return {
        "name": package["name"],
        "version": version,
        "table": table,
        "rows": resource.get("rows"),
        "content_sha256": resource.get("contentSha256"),
    }


def _wanted(columns: Sequence[str] | None, present: Sequence[str], path: Path) -> list[str] | None:
    if columns is None:
        return None
    columns = list(dict.fromkeys([columns] if isinstance(columns, str) else columns))
    if missing := [name for name in columns if name not in present]:
        raise ReleaseError(f"no such column: {', '.join(missing)}", where=str(path), expected=f"one of {', '.join(present)}")
    return list(columns)


def _polars(path: Path, only: list[str] | None, columns: Sequence[str] | None) -> pl.DataFrame:
    import polars as pl

    found = pl.scan_parquet(path, glob=False)
    wanted = _wanted(columns, found.collect_schema().names(), path)
    if only is not None:
        found = found.filter(pl.col("event_id").is_in(only))
    return (found if wanted is None else found.select(wanted)).collect()


def _arrow(path: Path, only: list[str] | None, columns: Sequence[str] | None) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    wanted = _wanted(columns, pq.read_schema(path).names, path)
    some = None if only is None else pc.field("event_id").isin(pa.array(only, pa.string()))
    return pq.read_table(path, columns=wanted, filters=some, partitioning=None)


def _pandas(table: pa.Table, said: dict[str, object]) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    frame: pd.DataFrame = table.to_pandas(date_as_object=False, types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    frame.attrs["eventcode"] = said
    return frame
