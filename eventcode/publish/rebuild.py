"""A release made again from its contributions: the same bytes, or what is other."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from eventcode.contract.arrow import arrow_frame, shaped
from eventcode.errors import ReleaseError
from eventcode.model.tables import RELEASE
from eventcode.publish import content, sources
from eventcode.publish.describe import columns_of, descriptor, tables_of
from eventcode.publish.metadata import About, Release
from eventcode.publish.release import Planned, plan
from eventcode.publish.write import SUMS, parquet, read_sums, sha256
from eventcode.resources import VERSION


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What making a release again gave.

    Attributes:
        same: Files with the same bytes.
        equal: Tables that say the same in other bytes.
        other: What is other, each a sentence.
        skipped: Files that were not compared, since another version of the program wrote them.
    """

    same: tuple[str, ...]
    equal: tuple[str, ...]
    other: tuple[str, ...]
    skipped: tuple[str, ...]


def _inputs(folder: Path, contributions: Path, articles: Path) -> list[str]:
    """Files that a release was built from and that are not as they were."""
    homes: Mapping[str, Path] = {
        "contributions": contributions,
        "coverage": contributions.absolute().parent / "coverage",
        "articles": articles,
    }
    version = Release.read_release(folder).version
    faults = []
    beside: Mapping[str, str] = {}
    with contextlib.suppress(ReleaseError):  # where contributions are gone, that is told of each
        beside = sources.digests(contributions, sources.sources(contributions, version), sources.reasons(contributions, version))
    for each in descriptor(folder)["sources"]:
        kind, _, name = each["path"].rpartition("/")
        path = homes[kind] / name if kind else contributions.absolute().parent / name
        if not path.is_file():
            faults.append(f"{each['path']}: the file is not there")
        elif f"sha256:{sha256(path) if kind else beside.get(name)}" != each["hash"]:
            other = (
                "it is not the file that the release was built from"
                if kind
                else "what it says of the release is other than when it was built"
            )
            faults.append(f"{each['path']}: {other}")
    return faults


def _tables(ready: Planned, folder: Path, beside: Path) -> tuple[list[str], list[str], list[str]]:
    """Tables with the same bytes, with the same content, and what is other; with the columns and descriptions that they were published with."""
    same, equal, other = [], [], []
    for model in RELEASE:
        if model.table not in tables_of(folder):
            continue
        name = f"{model.table}.parquet"
        schema = pq.read_schema(folder / name).remove_metadata().with_metadata(_own(folder / name))
        table = shaped(arrow_frame(model, ready.rows[model]).select(columns_of(folder, model.table)), schema)
        parquet(table, beside / name)
        if sha256(beside / name) == sha256(folder / name):
            same.append(name)
        elif content.content_sha256(table) == content.content_sha256(pq.read_table(folder / name)):
            equal.append(name)
        else:
            other.append(f"{name}: its rows are others")
    return same, equal, other


def _own(path: Path) -> dict[bytes, bytes]:
    """What a table's schema says of it."""
    found: dict[bytes, bytes] = {
        key: value for key, value in (pq.read_schema(path).metadata or {}).items() if not key.startswith(b"ARROW:")
    }
    return found


def _as_then(folder: Path, articles: Path, copy: Path) -> Path:
    """The articles that a release was built from, without those that came later."""
    copy.mkdir()
    for each in descriptor(folder)["sources"]:
        if each["path"].startswith("articles/"):
            shutil.copy2(articles / each["title"], copy / each["title"])
    return copy


def rebuild(folder: Path, *, contributions: Path, articles: Path) -> Rebuilt:
    """Make a release again from its contributions, and compare.

    Args:
        folder: The release; those before it lie beside it.
        contributions: Folder of the contributions.
        articles: Folder of the articles.

    Raises:
        ReleaseError: The contributions are not there, or do not pass the gate.
    """
    faults = _inputs(folder, contributions, articles)
    if faults:
        raise ReleaseError("; ".join(faults), where=str(folder), expected="the contributions and articles that it was built from")
    said = Release.read_release(folder)
    day = date.fromisoformat(said.date)
    with tempfile.TemporaryDirectory() as temporary:
        beside = Path(temporary)
        then = _as_then(folder, articles, beside / "articles")
        ready = plan(said.version, day=day, contributions=contributions, articles=then, out=folder.absolute().parent, earlier=True)
        same, equal, other = _tables(ready, folder, beside)
        texts = sorted(name for name in read_sums(folder) if not name.endswith(".parquet"))
        ours = descriptor(folder).get("builtWith") == f"eventcode {VERSION}"
        if not ours:
            return Rebuilt(tuple(same), tuple(equal), tuple(other), (*texts, SUMS))
        whole = beside / "whole"
        whole.mkdir()
        ready.write(whole, About(**{name: getattr(said, name) for name in About.model_fields}))
        for name in (*texts, SUMS):
            if (whole / name).is_file() and (whole / name).read_bytes() == (folder / name).read_bytes():
                same.append(name)
            else:
                other.append(f"{name}: its text is another")
    return Rebuilt(tuple(same), tuple(equal), tuple(other), ())
