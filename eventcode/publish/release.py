"""Build a release from contributions and articles, and verify one."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandera.errors
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pydantic

from eventcode import resources
from eventcode.codebook import actors as codebook
from eventcode.coder import articles as reading
from eventcode.contract.arrow import arrow_schema, arrow_table
from eventcode.contract.describe import codebook as codebook_md
from eventcode.contract.frames import pandera_schema, polars_schema
from eventcode.contribute.gate import Checked, validate
from eventcode.contribute.read import KNOWN, contributions_in
from eventcode.errors import ReleaseError
from eventcode.linking import link, report_id
from eventcode.model import grammar
from eventcode.model.column import Table
from eventcode.model.tables import RELEASE, Actor, Article, Change, Coverage, Event, Report
from eventcode.publish import metadata
from eventcode.publish.write import SUMS, content_sha256, parquet, read_sums, sha256, whole_folder, write_sums

_COMPARED = tuple(name for name in Event.model_fields if name not in {"event_id", "revision"})


def coverage_file(contribution: Path) -> Path:
    """The table that says which articles were read for a contribution: in the folder `coverage` beside that of the contributions."""
    return contribution.absolute().parent.parent / "coverage" / f"{contribution.stem}.csv"


def _articles(folder: Path) -> list[Article]:
    found = []
    for article in reading.read([folder]):
        text = hashlib.sha256(article.text.encode()).hexdigest()
        details = {"language": "en", "text_basis": "original", "sha256": text, **article.details}
        try:
            found.append(Article(article_id=article.id, published=article.published, **details))
        except pydantic.ValidationError as error:
            fault = error.errors()[0]
            raise ReleaseError(
                f"{'.'.join(map(str, fault['loc'])) or 'the row'}: {fault['msg']}",
                where=f"{folder}, article {article.id}",
                expected="what schema/CODEBOOK.md says of articles",
            ) from error
    return found


def _checked(files: Iterable[Path], articles: Sequence[Article]) -> list[Checked]:
    known = [article.article_id for article in articles]
    found = [validate(file, articles=known) for file in files]
    wrong = [problem for checked in found for problem in checked.problems if problem.severity == "error"]
    if wrong:
        first = wrong[0]
        place = f"row {first.row}" if first.row else "the file"
        raise ReleaseError(
            f"{len(wrong)} problems in the contributions, first {first.code} in {place}, column {first.column}: {first.found}",
            where=first.file,
            expected=first.expected,
            fix=f"see them all with: eventcode validate {first.file}",
        )
    return found


def _rows(contributions: Iterable[Checked]) -> list[dict[str, Any]]:
    """Rows of all contributions; where a row does not say its status it is read as asserted, and it must say its coder.

    One contribution may not repeat what another holds already: the report would count twice.
    """
    found = []
    places: dict[str, str] = {}
    for checked in contributions:
        for number, row in enumerate(checked.frame.iter_rows(named=True), start=1):
            place = f"{checked.file}, row {number}"
            if row["coder"] is None:
                raise ReleaseError(
                    "a row does not say who coded it",
                    where=place,
                    expected="coder: program:NAME, person:NAME or model:NAME",
                )
            if (known := places.setdefault(report_id(row), place)) != place:
                raise ReleaseError(f"the same report as {known}", where=place, expected="each report once", fix="remove one of the two")
            found.append({**row, "status": row["status"] or "asserted"})
    return found


def _coverage(files: Iterable[Path], articles: Sequence[Article], reports: Sequence[Report]) -> list[Coverage]:
    """What was read, by publisher and day: from the files of `coverage/`, else the articles that rows name."""
    home = {a.article_id: (a.publisher, a.published) for a in articles}
    sentences: dict[str, int | None] = {report.article_id: None for report in reports}
    for file in files:
        beside = coverage_file(file)
        if beside.is_file():
            with beside.open(encoding="utf-8", newline="") as lines:
                for number, row in enumerate(csv.DictReader(lines), start=1):
                    if row.get("article") not in home or not (row.get("sentences") or "").isdecimal():
                        raise ReleaseError(
                            f"no known article, or no number of sentences: {row}",
                            where=f"{beside}, row {number}",
                            expected="the columns article and sentences",
                        )
                    sentences[row["article"]] = max(int(row["sentences"]), sentences.get(row["article"]) or 0)
    groups: dict[tuple[str | None, date | None], list[str]] = {}
    for article in sorted(sentences):
        groups.setdefault(home[article], []).append(article)
    counted = {a: sum(r.article_id == a for r in reports) for a in sentences}
    return [
        Coverage(
            publisher=publisher,
            date=day,
            articles=len(members),
            sentences=None if any(sentences[m] is None for m in members) else sum(sentences[m] or 0 for m in members),
            reports=sum(counted[m] for m in members),
        )
        for (publisher, day), members in groups.items()
    ]


def _number(text: str) -> int | None:
    return int(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _actor(code: str) -> Actor:
    country = grammar.country(code)
    row: Mapping[str, str] = codebook.countries()[country] if country else {}
    return Actor(
        code=code,
        name=codebook.name(code),
        country=country,
        roles=" ".join(codebook.roles(code)) or None,
        valid_from=_day(row.get("valid_from", "")),
        valid_to=_day(row.get("valid_to", "")),
        iso=country if row.get("kind") == "iso" else None,
        cow=_number(row.get("cow", "")),
        gleditsch_ward=_number(row.get("gw", "")),
    )


def _actors(events: Sequence[Event], reports: Sequence[Report]) -> list[Actor]:
    rows: list[Event | Report] = [*events, *reports]
    used = {code for row in rows for code in (row.actor, row.target, row.attributed_to) if code}
    return [_actor(code) for code in sorted(used)]


def _changes(events: Sequence[Event], before: Mapping[str, Mapping[str, Any]]) -> tuple[list[Event], list[Change]]:
    """Events with their revisions counted on from the release before, and what changed."""
    reason = "new reports" if before else "first release"
    revised, changes = [], []
    for event in events:
        old = before.get(event.event_id)
        if old is None:
            changes.append(Change(event_id=event.event_id, change="added", field=None, old=None, new=None, reason=reason))
            revised.append(event)
            continue
        differing = [name for name in _COMPARED if getattr(event, name) != old[name]]
        changes += [
            Change(
                event_id=event.event_id,
                change="revised",
                field=name,
                old=_plain(old[name]),
                new=_plain(getattr(event, name)),
                reason=reason,
            )
            for name in differing
        ]
        revised.append(event.model_copy(update={"revision": old["revision"] + bool(differing)}))
    gone = sorted(set(before) - {event.event_id for event in events})
    changes += [
        Change(event_id=e, change="retracted", field=None, old=None, new=None, reason="no contribution reports it any more") for e in gone
    ]
    return revised, changes


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _sorted(model: type[Table], rows: Sequence[Table]) -> list[Table]:
    def order(row: Table) -> list[tuple[bool, Any]]:
        return [(value is None, "" if value is None else value) for value in (getattr(row, name) for name in model.sort)]

    return sorted(rows, key=order)


def _before(out: Path, version: str) -> dict[str, dict[str, Any]]:
    older = [v for v in resources.releases(out) if resources.version_key(v) < resources.version_key(version)]
    if not older:
        return {}
    return {row["event_id"]: row for row in pq.read_table(out / older[-1] / "events.parquet").to_pylist()}


def build(version: str, *, day: date, contributions: Path, articles: Path, out: Path, about: metadata.About | None = None) -> Path:
    """Build a release: all of it, or nothing.

    Args:
        version: Its version, such as "0.1.0".
        day: Its day of publication.
        contributions: Folder of the contributions.
        articles: Folder of the articles that they name.
        out: Folder of the releases.
        about: What is said of every release; read from `out` where not given.

    Returns:
        The release's folder.

    Raises:
        ReleaseError: The version exists, or a contribution does not pass the gate.
    """
    files = contributions_in(contributions)
    if not files:
        raise ReleaseError("there are no contributions", where=str(contributions), expected=f"files that end in {', '.join(KNOWN)}")
    known_articles = _articles(articles)
    rows = _rows(_checked(files, known_articles))
    before = _before(out, version)
    known = {tuple(row[c] for c in ("actor", "action", "target", "date", "date_end")): i for i, row in before.items()}
    events, reports = link(rows, publishers={a.article_id: a.publisher for a in known_articles}, known=known)
    events, changes = _changes(events, before)
    tables: dict[type[Table], Sequence[Table]] = {
        Event: events,
        Report: reports,
        Article: known_articles,
        Actor: _actors(events, reports),
        Coverage: _coverage(files, known_articles, reports),
        Change: changes,
    }
    said = metadata.Release(**(about or metadata.About.read(out)).model_dump(), version=version, date=day.isoformat())
    with whole_folder(out / version) as folder:
        listed: dict[str, dict[str, Any]] = {}
        for model in RELEASE:
            table = arrow_table(model, _sorted(model, tables[model]))
            path = folder / f"{model.table}.parquet"
            parquet(table, path)
            listed[model.table] = {
                "rows": table.num_rows,
                "bytes": path.stat().st_size,
                "hash": f"sha256:{sha256(path)}",
                "contentSha256": content_sha256(table),
            }
        beside = [p for f in files if (p := coverage_file(f)).is_file()]
        sources = [
            {"title": f.name, "path": f"{kind}/{f.name}", "hash": f"sha256:{sha256(f)}"}
            for kind, group in (
                ("contributions", files),
                ("coverage", beside),
                ("articles", sorted(p for p in articles.iterdir() if p.is_file())),
            )
            for f in group
        ]
        texts = {
            "datapackage.json": metadata.datapackage(said, listed, sources),
            "CITATION.cff": metadata.citation_cff(said),
            "CODEBOOK.md": codebook_md(RELEASE),
            "CHANGES.md": metadata.changes_md(said, changes),
            "ACCURACY.md": metadata.accuracy_md(said, events),
        }
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        write_sums(folder)
        if faults := verify(folder):
            raise ReleaseError(f"the release would not be whole: {'; '.join(faults)}", where=str(out / version))
    return out / version


def _table_faults(model: type[Table], path: Path) -> list[str]:
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        return [f"{path.name}: cannot be read as Parquet ({error})"]
    if not table.schema.equals(arrow_schema(model)):
        return [f"{path.name}: its columns are not those of the contract"]
    frame = pl.DataFrame({name: table.column(name).to_pylist() for name in table.column_names}, schema=polars_schema(model))
    faults = []
    try:
        pandera_schema(model).validate(frame, lazy=True)
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


def verify(folder: Path) -> list[str]:
    """What is wrong with a release; nothing where it is whole.

    Checks every file against SHA256SUMS, and that none is missing or was added; every table against the contract; keys and references.

    Raises:
        ReleaseError: The folder is no release.
    """
    sums = read_sums(folder)
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {SUMS}
    faults = [f"{name}: missing" for name in sorted(set(sums) - present)]
    faults += [f"{name}: not part of the release" for name in sorted(present - set(sums))]
    faults += [
        f"{name}: its bytes are not those that were published"
        for name in sorted(set(sums) & present)
        if sha256(folder / name) != sums[name]
    ]
    if faults:
        return faults
    missing = [f"{model.table}.parquet: missing" for model in RELEASE if f"{model.table}.parquet" not in present]
    faults = missing + [fault for model in RELEASE if not missing for fault in _table_faults(model, folder / f"{model.table}.parquet")]
    return faults or _reference_faults(folder)
