"""What goes into a release's tables: rows of the contributions that passed the gate, articles, actors, coverage."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pydantic

from eventcode.codebook import actors as codebook
from eventcode.coder import articles as reading
from eventcode.contribute.gate import Checked, validate
from eventcode.errors import ReleaseError
from eventcode.linking import report_id
from eventcode.model import grammar
from eventcode.model.column import Table
from eventcode.model.tables import Actor, Article, Coverage, Event, Report


def coverage_file(contribution: Path) -> Path:
    """The table that says which articles were read for a contribution: in the folder `coverage` beside that of the contributions."""
    return contribution.absolute().parent.parent / "coverage" / f"{contribution.stem}.csv"


def articles_in(folder: Path) -> list[Article]:
    """The articles of a folder as rows of their table."""
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


def _coded(contributions: Iterable[Checked]) -> list[dict[str, Any]]:
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


def rows(files: Iterable[Path], articles: Sequence[Article]) -> list[dict[str, Any]]:
    """Rows of the contributions in `files`, checked against the contract and the articles.

    Raises:
        ReleaseError: A contribution does not pass the gate, a row does not say who coded it, or a report is there twice.
    """
    return _coded(_checked(files, articles))


def _sentences(file: Path, articles: Container[str]) -> Iterator[tuple[str, int]]:
    """Articles and their numbers of sentences from a file of `coverage/`."""
    try:
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ReleaseError(f"the table cannot be read ({error})", where=str(file), expected="CSV in UTF-8") from error
    for number, row in enumerate(rows, start=1):
        article, sentences = row.get("article") or "", row.get("sentences") or ""
        if article not in articles or not sentences.isdecimal():
            raise ReleaseError(
                f"no known article, or no number of sentences: {row}",
                where=f"{file}, row {number}",
                expected="the columns article and sentences",
            )
        yield article, int(sentences)


def coverage(files: Iterable[Path], articles: Sequence[Article], reports: Sequence[Report]) -> list[Coverage]:
    """What was read, by publisher and day: from the files of `coverage/`, else the articles that rows name.

    Raises:
        ReleaseError: A file of `coverage/` names no known article, or no number of sentences.
    """
    home = {a.article_id: (a.publisher, a.published) for a in articles}
    sentences: dict[str, int | None] = {report.article_id: None for report in reports}
    for file in files:
        if (beside := coverage_file(file)).is_file():
            for article, number in _sentences(beside, home):
                sentences[article] = max(number, sentences.get(article) or 0)
    groups: dict[tuple[str | None, date | None], list[str]] = {}
    for article in sorted(sentences):
        groups.setdefault(home[article], []).append(article)
    counted = Counter(report.article_id for report in reports)
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


def actors(events: Sequence[Event], reports: Sequence[Report]) -> list[Actor]:
    """The actor codes that events and reports use."""
    rows: list[Event | Report] = [*events, *reports]
    used = {code for row in rows for code in (row.actor, row.target, row.attributed_to, row.figures_by) if code}
    return [_actor(code) for code in sorted(used)]


def in_order(model: type[Table], rows: Sequence[Table]) -> list[Table]:
    """Rows in the order of their table, missing values last."""

    def order(row: Table) -> list[tuple[bool, Any]]:
        return [(value is None, "" if value is None else value) for value in (getattr(row, name) for name in model.sort)]

    return sorted(rows, key=order)
