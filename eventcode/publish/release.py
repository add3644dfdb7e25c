"""Build a release from contributions and articles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from eventcode.coder.articles import files_in
from eventcode.contract.arrow import arrow_table
from eventcode.contract.describe import codebook
from eventcode.errors import ReleaseError
from eventcode.linking import link
from eventcode.model.column import Table
from eventcode.model.tables import RELEASE, VERSION, Actor, Article, Change, Coverage, Event, Report
from eventcode.publish import history, metadata, sources, tables
from eventcode.publish.accuracy import accuracy_md
from eventcode.publish.tables import coverage_file
from eventcode.publish.verify import verify
from eventcode.publish.write import content_sha256, parquet, refuse_existing, sha256, whole_folder, write_sums

__all__ = ["build", "coverage_file", "verify"]

Rows = Mapping[type[Table], Sequence[Table]]


def _write_tables(folder: Path, rows: Rows) -> dict[str, dict[str, Any]]:
    """Write the tables; returns for each its number of rows, bytes and checksums."""
    listed = {}
    for model in RELEASE:
        table = arrow_table(model, tables.in_order(model, rows[model]))
        path = folder / f"{model.table}.parquet"
        parquet(table, path)
        listed[model.table] = {
            "rows": table.num_rows,
            "bytes": path.stat().st_size,
            "hash": f"sha256:{sha256(path)}",
            "contentSha256": content_sha256(table),
        }
    return listed


def _sources(contributions: Sequence[Path], articles: Path) -> list[dict[str, str]]:
    """The files that a release is built from, with their checksums."""
    beside = [path for file in contributions if (path := coverage_file(file)).is_file()]
    groups = {"contributions": contributions, "coverage": beside, "articles": files_in(articles)}
    return [
        {"title": file.name, "path": f"{kind}/{file.name}", "hash": f"sha256:{sha256(file)}"}
        for kind, files in groups.items()
        for file in files
    ]


def _rows(files: Sequence[Path], articles: Path, before: history.History) -> dict[type[Table], Sequence[Any]]:
    """The rows of every table."""
    known = tables.articles_in(articles)
    linked = link(
        tables.rows(files, known),
        publishers={a.article_id: a.publisher for a in known},
        published={a.article_id: a.published for a in known},
        earlier=before.reports,
    )
    reports = linked.reports
    events, changes = history.changes(linked, reports, before)
    return {
        Event: events,
        Report: reports,
        Article: known,
        Actor: tables.actors(events, reports),
        Coverage: tables.coverage(files, known, reports),
        Change: changes,
    }


def build(version: str, *, day: date, contributions: Path, articles: Path, out: Path, about: metadata.About | None = None) -> Path:
    """Build a release: all of it, or nothing.

    Args:
        version: Its version, such as "0.1.0"; higher than those of the releases that lie in `out`.
        day: Its day of publication, not before that of the last release.
        contributions: Folder of the contributions.
        articles: Folder of the articles that they name.
        out: Folder of the releases.
        about: What is said of every release; read from `out` where not given.

    Returns:
        The release's folder.

    Raises:
        ReleaseError: The version is none or not the next, or a contribution does not pass the gate.
    """
    if not re.fullmatch(VERSION, version):
        raise ReleaseError(f"{version!r} is no version", expected="three numbers without leading zeros, such as 0.2.0")
    parts = sources.sources(contributions, version)
    files = sources.of_role(parts, "published")
    if not files:
        raise ReleaseError(
            f"no contribution counts in {version}", where=str(sources.index_of(contributions)), expected="one whose role is published"
        )
    refuse_existing(out / version)
    before = history.read(out)
    history.check(version, day, before)
    rows = _rows(files, articles, before)
    said = metadata.Release(**(about or metadata.About.read(out)).model_dump(), version=version, date=day.isoformat())
    with whole_folder(out / version) as folder:
        texts = {
            "datapackage.json": metadata.datapackage(said, _write_tables(folder, rows), _sources([part.file for part in parts], articles)),
            "CITATION.cff": metadata.citation_cff(said),
            "CODEBOOK.md": codebook(RELEASE),
            "CHANGES.md": metadata.changes_md(said, rows[Change]),
            "ACCURACY.md": accuracy_md(
                version,
                rows[Event],
                published=files,
                readings=sources.of_role(parts, "reading"),
                programs=sources.of_role(parts, "program"),
            ),
        }
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        write_sums(folder)
        if faults := verify(folder):
            raise ReleaseError(f"the release would not be whole: {'; '.join(faults)}", where=str(out / version))
    return out / version
