"""A release's tables, in the reader's own kind of frame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

from eventcode import resources
from eventcode.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import polars as pl
    import pyarrow as pa

_OF_EVENTS = ("events", "reports", "changes")
_NONE = "no event of any release bears this id"
TABLES = ("events", "reports", "articles", "actors", "coverage", "changes")


@overload
def load(
    version: str | None = None,
    table: str = "events",
    *,
    backend: Literal["pandas"] = "pandas",
    dataset: Path | None = None,
    event_ids: Iterable[str] | None = None,
) -> pd.DataFrame: ...
@overload
def load(
    version: str | None = None,
    table: str = "events",
    *,
    backend: Literal["polars"],
    dataset: Path | None = None,
    event_ids: Iterable[str] | None = None,
) -> pl.DataFrame: ...
@overload
def load(
    version: str | None = None,
    table: str = "events",
    *,
    backend: Literal["arrow"],
    dataset: Path | None = None,
    event_ids: Iterable[str] | None = None,
) -> pa.Table: ...
def load(
    version: str | None = None,
    table: str = "events",
    *,
    backend: str = "pandas",
    dataset: Path | None = None,
    event_ids: Iterable[str] | None = None,
) -> pd.DataFrame | pl.DataFrame | pa.Table:
    """Load a table of a release.

    Args:
        version: Version of the release; the newest where not given.
        table: "events", "reports", "articles", "actors", "coverage" or "changes".
        backend: "pandas", "polars" or "arrow".
        dataset: Folder of the releases; the package's own where not given.
        event_ids: Ids, of any release, of the events whose rows are wanted; those that were merged since are followed (see `resolve`). All rows where not given.

    Returns:
        The table. In pandas dates are datetime64, codes are categories of text, whole numbers are Int64 (so that missing
        ones stay missing), and `frame.attrs["eventcode"]` says which release it came from.

    Raises:
        ReleaseError: There is no such release or table.

    >>> events = load()
    >>> str(events["action"].dtype), str(events["date"].dtype).split("[")[0]
    ('category', 'datetime64')
    """
    folder = resources.release_folder(version, dataset or resources.DATASET)
    if table not in TABLES:
        raise ReleaseError(f"no such table: {table}", where=str(folder), expected=f"one of {', '.join(TABLES)}")
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / f"{table}.parquet"
    only = None if event_ids is None else _only(table, sorted({i for each in event_ids if (i := resolve(each, dataset=dataset))}))
    if backend == "polars":
        import polars as pl

        return pl.read_parquet(path) if only is None else pl.read_parquet(path).filter(pl.col("event_id").is_in(only))
    found = pq.read_table(path, filters=None if only is None else [("event_id", "in", only)])
    if backend == "arrow":
        return found
    if backend != "pandas":
        raise ReleaseError(f"no such backend: {backend}", expected="pandas, polars or arrow")
    import pandas as pd

    frame: pd.DataFrame = found.to_pandas(date_as_object=False, types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    frame.attrs["eventcode"] = {"version": folder.name, "table": table}
    return frame


def _only(table: str, event_ids: list[str]) -> list[str]:
    if table not in _OF_EVENTS:
        raise ReleaseError(f"the rows of {table} belong to no events", expected=f"event_ids with one of {', '.join(_OF_EVENTS)}")
    return event_ids


def resolve(event_id: str, *, dataset: Path | None = None) -> str | None:
    """The id under which an event is known in the newest release: its own, or, where it was merged into another, that of the other.

    Args:
        event_id: Id of an event of any release.
        dataset: Folder of the releases; the package's own where not given.

    Returns:
        The id; None where the event was retracted.

    Raises:
        ReleaseError: There is no release, or no event ever bore the id.

    >>> first = load()["event_id"].iloc[0]
    >>> resolve(first) == first
    True
    """
    import pyarrow.parquet as pq

    home = dataset or resources.DATASET
    newest = resources.release_folder(None, home)
    known: set[str] = set()
    into: dict[str, str] = {}
    for version in resources.releases(home):
        here = set(pq.read_table(home / version / "events.parquet", columns=["event_id"]).column(0).to_pylist())
        known |= here
        changes = pq.read_table(home / version / "changes.parquet", columns=["event_id", "change", "new"]).to_pylist()
        again = here | {row["event_id"] for row in changes if row["change"] == "retracted"}
        into = {old: new for old, new in into.items() if old not in again}
        into |= {row["event_id"]: row["new"] for row in changes if row["change"] == "merged"}
    if event_id not in known:
        raise ReleaseError(f"{event_id}: {_NONE}", where=str(home), expected="an id from the table events")
    current = set(pq.read_table(newest / "events.parquet", columns=["event_id"]).column(0).to_pylist())
    while event_id not in current and event_id in into:
        event_id = into.pop(event_id)
    return event_id if event_id in current else None
