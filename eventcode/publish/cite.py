"""How to cite a release, or the part of one that was used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from eventcode.errors import EventcodeError
from eventcode.publish.index import DESCRIPTOR, descriptor
from eventcode.publish.metadata import Release
from eventcode.publish.metadata.citation import FORMATS, Cited
from eventcode.publish.shelf import Shelf, shelf

if TYPE_CHECKING:
    import pandas as pd


def cite(
    version_or_frame: str | pd.DataFrame | None = None,
    *,
    style: str = "apa",
    dataset: Path | None = None,
    registry: str | Path | None = None,
    filters: str | Iterable[str] | None = None,
) -> str:
    """The citation of a release, or of what a frame has of it.

    A frame is a pandas frame that `load` gave, as it was or filtered; one that was saved as Parquet by pandas and read again still knows its release.
    Rows that are not the whole table are cited with their number, the filters, and the checksum of their content, so that others can tell
    whether they have the same ones.

    Args:
        version_or_frame: Version of the release, or a frame of it; the newest release where not given.
        style: "apa", "bibtex", "cff", "csl-json", "ris" or "text".
        dataset: Folder of the releases; the package's own where neither is given.
        registry: Address or folder of an archive with an index.json.
        filters: How the rows of the frame were chosen, in words, one or several.

    Raises:
        ReleaseError: There is no such release.
        EventcodeError: There is no such format, or the frame does not know its release.

    >>> cite("0.1.0").startswith("The eventcode contributors. (")
    True
    >>> from eventcode import load
    >>> events = load("1.0.0")
    >>> print(cite(events[events["actor"] == "AZEMIL"], filters="actor is AZEMIL"))  # doctest: +ELLIPSIS
    The eventcode contributors. (2026). eventcode: ... (Version 1.0.0; ... of 226 rows of events (actor is AZEMIL); SHA-256 ...) [Data set].
    <BLANKLINE>
    """
    if style not in FORMATS:
        raise EventcodeError(f"no such format: {style}", expected=f"one of {', '.join(FORMATS)}")
    said = _words(filters)
    if version_or_frame is None or isinstance(version_or_frame, str):
        if said:
            raise EventcodeError("filters were given without a frame", expected="the frame that they gave")
        home = shelf(dataset, registry, version_or_frame)
        return FORMATS[style](_whole(home, home.pick(version_or_frame)))
    origin = _origin(version_or_frame)
    if not hasattr(version_or_frame, "columns"):
        kind = type(version_or_frame).__name__
        raise EventcodeError(
            f"a {kind} is no frame", expected="a version, or a pandas frame that eventcode.load() gave", fix="cite the frame that it is of"
        )
    return FORMATS[style](_part(version_or_frame, origin, shelf(dataset, registry, origin.version), said))


def _words(filters: str | Iterable[str] | None) -> str:
    listed = [words for words in ([filters] if isinstance(filters, str) else list(filters or ())) if words.strip()]
    return "; ".join(" ".join(each.split()) for each in listed)


def _resources(home: Shelf, version: str) -> dict[str, dict[str, Any]]:
    """The tables that a release's data package lists, by their names."""
    return {each["name"]: each for each in descriptor(home.file(version, DESCRIPTOR))["resources"]}


def _whole(home: Shelf, version: str) -> Cited:
    """A release as it was published, with the checksum of its first table."""
    release = Release.read_release(home.file(version, DESCRIPTOR).parent)
    name, first = next(iter(_resources(home, version).items()))
    return Cited(release, content=name, sha256=first.get("contentSha256", ""))


class _Origin(NamedTuple):
    """What a frame says it comes from; an empty name where it does not say which data set."""

    name: str
    version: str
    table: str


def _origin(frame: object) -> _Origin:
    """What a frame says it comes from.

    Raises:
        EventcodeError: It does not say so.
    """
    attrs = getattr(frame, "attrs", None)
    origin = attrs.get("eventcode") if isinstance(attrs, Mapping) else None
    found: Mapping[str, Any] = origin if isinstance(origin, Mapping) else {}
    version, table = found.get("version"), found.get("table")
    if not isinstance(version, str) or not isinstance(table, str):
        kind = f"{type(frame).__module__.partition('.')[0]} {type(frame).__name__}"
        raise EventcodeError(
            f"this {kind} does not say which release it comes from",
            expected="a version, or a pandas frame that eventcode.load() gave",
            fix='cite the version by its name, as in cite("1.0.0"), or load the frame with eventcode.load(), filter it, and cite that',
        )
    return _Origin(str(found.get("name") or ""), version, table)


def _sha256(frame: pd.DataFrame) -> str:
    """Checksum of the content of a frame.

    Raises:
        EventcodeError: It has columns of which none can be made.
    """
    import pyarrow as pa

    from eventcode.publish.content import content_sha256

    try:
        return content_sha256(pa.Table.from_pandas(frame, preserve_index=False))
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise EventcodeError(
            f"no checksum can be made of the frame ({error})",
            expected="columns of text, numbers or days, each with its own name",
            fix="cite the frame before such columns are added",
        ) from error


def _refuse_derived(frame: pd.DataFrame, origin: _Origin, table: Mapping[str, Any]) -> None:
    """Refuse a frame whose rows are not rows of the table: sums, joins, rows that stand twice.

    Raises:
        EventcodeError: It is one.
    """
    key = table["schema"].get("primaryKey") or []
    has = [name for name in key if name in frame.columns]
    own = {field["name"] for field in table["schema"]["fields"]}
    twice = len(has) == len(key) > 0 and bool(frame.duplicated(subset=has).any())
    if len(frame) > table["rows"] or twice or not own & set(frame.columns):
        raise EventcodeError(
            f"the frame's rows are not rows of {origin.table}: they stand twice in it, or others are among them",
            expected=f"rows of {origin.table} as they were loaded, filtered",
            fix="cite the rows before they are counted, joined or put together",
        )


def _part(frame: pd.DataFrame, origin: _Origin, home: Shelf, filters: str) -> Cited:
    """The part of a release that is in a frame; the release where that is a whole table."""
    import pyarrow.parquet as pq

    from eventcode.publish.content import content_sha256

    version = home.pick(origin.version)
    whole, tables = _whole(home, version), _resources(home, version)
    if origin.name not in {"", whole.release.name} or origin.table not in tables:
        raise EventcodeError(
            f"the frame comes from the table {origin.table} of {origin.name or 'a data set'}, and this is {whole.release.name}",
            where=f"{home.where}{version}",
            expected=f"a frame of {', '.join(tables)}",
            fix="name the folder of its releases in dataset",
        )
    _refuse_derived(frame, origin, tables[origin.table])
    of, names = tables[origin.table]["rows"], [field["name"] for field in tables[origin.table]["schema"]["fields"]]
    sha256 = _sha256(frame)
    same_shape = len(frame) == of and list(frame.columns) == names
    same = same_shape and sha256 == content_sha256(pq.read_table(home.file(version, f"{origin.table}.parquet"), partitioning=None))
    if same and not filters:
        return whole
    kept = sum(column in names for column in frame.columns)
    words = [
        f"{len(frame)} of {of} rows of {origin.table}",
        "changed or in another order" if same_shape and not same else "",
        f"{kept} of {len(names)} columns" if kept < len(names) else "",
        f"{len(frame.columns) - kept} added" if kept < len(frame.columns) else "",
    ]
    part = f"{', '.join(filter(None, words))}{f' ({filters})' if filters else ''}"
    return Cited(whole.release, part=part, content="the rows used", sha256=sha256)
