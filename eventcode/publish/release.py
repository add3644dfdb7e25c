"""A release on its way: planned, staged beside the others, frozen. Only the next step is there to be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from eventcode.coder.articles import files_in
from eventcode.contract.arrow import arrow_frame
from eventcode.contract.codebook import codebook, codebook_html
from eventcode.contract.frames import frame
from eventcode.contribute.checks.articles import Library, library
from eventcode.errors import ReleaseError
from eventcode.linking import link
from eventcode.model.column import Table
from eventcode.model.tables import RELEASE, VERSION, Actor, Article, Change, Coverage, Event, Offered, Reject, Report
from eventcode.publish import content, history, index, metadata, sources, tables
from eventcode.publish.accuracy import accuracy_md
from eventcode.publish.diff import Diff, changes_md, differences
from eventcode.publish.plan import Plan, planned
from eventcode.publish.tables import coverage_file
from eventcode.publish.verify import verify
from eventcode.publish.write import alone, freeze, parquet, refuse_existing, sha256, staged, write_sums, write_text

__all__ = ["Planned", "Staged", "build", "coverage_file", "plan", "verify"]

Rows = Mapping[type[Table], pl.DataFrame]


def write_tables(folder: Path, rows: Rows) -> dict[str, dict[str, Any]]:
    """Write the tables; returns for each its number of rows, bytes and checksums."""
    listed = {}
    for model in RELEASE:
        table = arrow_frame(model, rows[model])
        path = folder / f"{model.table}.parquet"
        parquet(table, path)
        listed[model.table] = {
            "rows": table.num_rows,
            "bytes": path.stat().st_size,
            "hash": f"sha256:{sha256(path)}",
            "contentSha256": content.content_sha256(table),
            "contentVersion": content.VERSION,
        }
    return listed


def _inputs(home: Path, parts: Sequence[sources.Source], told: Mapping[str, str], articles: Path) -> list[dict[str, str]]:
    """The files that a release is built from, with their checksums; of the tables beside the contributions what counts in it."""
    contributions = sorted((part.file for part in parts), key=lambda file: file.name)
    beside = [path for file in contributions if (path := coverage_file(file)).is_file()]
    groups = {"contributions": contributions, "coverage": beside, "articles": files_in(articles)}
    found = [
        {"title": file.name, "path": f"{kind}/{file.name}", "hash": f"sha256:{sha256(file)}"}
        for kind, files in groups.items()
        for file in files
    ]
    return found + [
        {"title": name, "path": name, "hash": f"sha256:{digest}"} for name, digest in sources.digests(home, parts, told).items()
    ]


@dataclass(frozen=True, slots=True)
class Staged:
    """A release that is written and verified, and lies beside the others under a name that is none of a release."""

    folder: Path
    final: Path

    def freeze(self) -> Path:
        """Publish it: from now on it never changes.

        Raises:
            ReleaseError: The version came to be there meanwhile.
        """
        freeze(self.folder, self.final)
        index.write(self.final.parent)
        return self.final


@dataclass(frozen=True, slots=True)
class Planned:
    """A release of which all rows are known, and nothing is written.

    Attributes:
        version: Its version.
        day: Its day of publication.
        rows: Its tables.
        before: The releases before.
        parts: The contributions that play a part in it.
        contributions: Folder of the contributions.
        articles: Folder of the articles.
        out: Folder of the releases.
    """

    version: str
    day: date
    rows: Rows
    before: history.History
    parts: Sequence[sources.Source]
    contributions: Path
    articles: Path
    out: Path

    @property
    def diff(self) -> Diff:
        """What changes since the last release."""
        last = self.before.last
        return differences(last.version if last else None, self.version, self.before.current, self.rows[Event], self.rows[Change])

    @property
    def plan(self) -> Plan:
        """What would change, and which version that demands."""
        last = self.before.last
        return planned(self.out / last.version if last else None, self.rows, self.diff)

    def documents(self, about: metadata.About, listed: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
        """The texts of the release, by their names."""
        events = self.rows[Event]
        first, last = events.select(pl.col("date").min(), pl.max_horizontal("date", "date_end").max().alias("last")).row(0)
        numbers = {model.table: rows.height for model, rows in self.rows.items()}
        extent = metadata.Extent.of([first, last], events["country"].unique(), numbers)
        said = metadata.Release(**about.model_dump(), version=self.version, date=self.day.isoformat(), extent=extent)
        inputs = _inputs(self.contributions, self.parts, sources.reasons(self.contributions, self.version), self.articles)
        return {
            **metadata.documents(said, listed, inputs, {model.table: model for model in RELEASE}),
            "CODEBOOK.md": codebook(RELEASE),
            "CODEBOOK.html": codebook_html(RELEASE),
            "CHANGES.md": changes_md(self.diff),
            "ACCURACY.md": accuracy_md(self.version, events, self.parts),
        }

    def write(self, folder: Path, about: metadata.About) -> None:
        """Write all files of the release into an empty folder."""
        listed = write_tables(folder, self.rows)
        for name, text in self.documents(about, listed).items():
            write_text(folder / name, text)
        write_sums(folder)

    def stage(self, about: metadata.About) -> Staged:
        """Write the release beside the others, and verify it.

        Raises:
            ReleaseError: The version is lower than its changes demand, or the release would not be whole.
        """
        self.plan.refuse(self.version)
        final = self.out / self.version
        with staged(final) as folder:
            self.write(folder, about)
            if faults := verify(folder):
                raise ReleaseError(f"the release would not be whole: {'; '.join(faults)}", where=str(final))
        return Staged(folder, final)


def _refuse_unknown(told: Mapping[str, str], reports: Sequence[pl.DataFrame], path: Path) -> None:
    """Refuse reasons of reports that no release has."""
    known = {i for rows in reports for i in rows.filter(pl.col("report_id").is_in(list(told)))["report_id"]} if told else set()
    if unknown := sorted(set(told) - known):
        what = f"no report bears the id {', '.join(unknown[:5])}{' and others' if len(unknown) > 5 else ''}"
        raise ReleaseError(what, where=str(path), expected="reports of this release, or of one before it")


def _rows(parts: Sequence[sources.Source], contributions: Path, articles: Path, version: str, day: date, before: history.History) -> Rows:
    """The rows of every table, in their order."""
    known = tables.articles_in(articles)
    taken = tables.take(parts, library(articles) or Library(frozenset()), day)
    known += tables.known_by_link(taken.links)
    linked = link(
        taken.rows,
        publishers={a.article_id: a.publisher for a in known},
        published={a.article_id: a.published for a in known},
        earlier=before.reports,
    )
    found: dict[type[Table], pl.DataFrame] = {Offered: taken.offered, Reject: taken.rejects, Article: frame(Article, known)}
    del taken  # the rows of a million reports fill a gigabyte
    told = sources.reasons(contributions, version)
    _refuse_unknown(told, [linked.reports, before.reports.current, before.reports.former], sources.reasons_of(contributions))
    found[Event], found[Change] = history.changes(linked, before, told)
    found[Report] = linked.reports
    del linked
    found[Actor] = tables.actors(found[Event], found[Report])
    found[Coverage] = tables.coverage(sources.of_role(parts, "published", "partly"), known, found[Report])
    return {model: tables.in_order(model, found.pop(model)) for model in RELEASE}


def plan(version: str, *, day: date, contributions: Path, articles: Path, out: Path, earlier: bool = False) -> Planned:
    """Plan a release: all its rows, nothing written.

    Args:
        version: Its version, such as "0.1.0"; higher than those of the releases that lie in `out`.
        day: Its day of publication, not before that of the last release.
        contributions: Folder of the contributions.
        articles: Folder of the articles that they name.
        out: Folder of the releases.
        earlier: True where it is planned as it was, with no regard to releases that came later.

    Raises:
        ReleaseError: The version is none or not the next, or a contribution does not pass the gate.
    """
    if not re.fullmatch(VERSION, version):
        raise ReleaseError(f"{version!r} is no version", expected="three numbers without leading zeros, such as 0.2.0")
    parts = sources.sources(contributions, version)
    if not sources.of_role(parts, "published", "partly"):
        where = str(sources.index_of(contributions))
        raise ReleaseError(f"no contribution counts in {version}", where=where, expected="one whose role is published")
    before = history.read(out, before=version if earlier else None)
    history.check(version, day, before)
    rows = _rows(parts, contributions, articles, version, day, before)
    return Planned(version, day, rows, before, parts, contributions, articles, out)


def build(version: str, *, day: date, contributions: Path, articles: Path, out: Path, about: metadata.About | None = None) -> Path:
    """Build a release: all of it, or nothing. Arguments and errors are those of `plan`.

    Args:
        version: Its version.
        day: Its day of publication.
        contributions: Folder of the contributions.
        articles: Folder of the articles that they name.
        out: Folder of the releases.
        about: What is said of every release; read from `out` where not given.

    Returns:
        The release's folder.
    """
    with alone(out):
        refuse_existing(out / version)
        index.renew(out)
        ready = plan(version, day=day, contributions=contributions, articles=articles, out=out)
        return ready.stage(about or metadata.About.read(out)).freeze()
