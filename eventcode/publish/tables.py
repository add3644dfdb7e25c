"""What goes into a release's tables: rows of the contributions that passed the gate, articles, actors, coverage, and what was refused."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pydantic

from eventcode.codebook import actors as codebook
from eventcode.coder import articles as reading
from eventcode.contract.frames import frame, polars_schema
from eventcode.contribute.checks.articles import Library
from eventcode.contribute.gate import Against, Checked, examine
from eventcode.contribute.rules import rules
from eventcode.errors import Problem, ReleaseError
from eventcode.linking import report_ids
from eventcode.model import grammar
from eventcode.model.column import Table
from eventcode.model.tables import Actor, Article, Coverage, Offered, Reject
from eventcode.publish.sources import Source
from eventcode.publish.write import sha256

_SHOWN = 200
_TAKEN = ("published", "partly")


def coverage_file(contribution: Path) -> Path:
    """The table that says which articles were read for a contribution: in the folder `coverage` beside that of the contributions."""
    return contribution.absolute().parent.parent / "coverage" / f"{contribution.stem}.csv"


@dataclass(frozen=True, slots=True)
class Taken:
    """What the gate made of the contributions of a release.

    Attributes:
        rows: The rows that are published, with `coder` and `status` filled in.
        offered: A row for each contribution.
        rejects: A row for each reason for which rows were refused.
        links: Articles that are known by their links alone: link by id.
    """

    rows: pl.DataFrame
    offered: pl.DataFrame
    rejects: pl.DataFrame
    links: Mapping[str, str] = field(default_factory=dict)


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


def _refused(checked: Checked, first: Problem) -> ReleaseError:
    """The error that says why a contribution does not pass."""
    place = f"row {first.row}" if first.row else "the file"
    return ReleaseError(
        f"{checked.errors} problems in the contributions, first {first.code} in {place}, column {first.column}: {first.found}",
        where=first.file,
        expected=first.expected,
        fix=f"see them all with: eventcode validate {first.file}",
    )


def _rejects(name: str, checked: Checked) -> list[dict[str, Any]]:
    return [
        {
            "contribution": name, "row": p.row, "rule": p.code, "title": rules()[p.code].title, "field": p.column or None,
            "found": p.found[:_SHOWN] or None, "expected": p.expected[:_SHOWN] or None,
        }
        for p in checked.problems if p.severity == "error"
    ]  # fmt: skip


def _passed(source: Source, checked: Checked) -> pl.DataFrame:
    """The rows of a contribution that are published.

    Raises:
        ReleaseError: It is to be published whole, and does not pass the gate; the file as a whole is at fault; or a row does not say who coded it.
    """
    whole = source.role == "published"
    faults = [problem for problem in checked.problems if problem.severity == "error" and (whole or problem.row is None)]
    if faults:
        raise _refused(checked, faults[0])
    kept = checked.frame.with_columns(checked.numbers.alias("_row")).filter(~pl.col("_row").is_in(checked.refused_rows.implode()))
    without = kept.filter(pl.col("coder").is_null())
    if without.height:
        place = f"{checked.file}, row {without['_row'][0]}"
        raise ReleaseError("a row does not say who coded it", where=place, expected="coder: program:NAME, person:NAME or model:NAME")
    return kept.with_columns(pl.lit(checked.file).alias("_file"), pl.col("status").fill_null("asserted"))


def _refuse_twice(rows: pl.DataFrame) -> None:
    """Refuse a contribution that repeats what another holds already: the report would count twice."""
    ids = report_ids(rows.drop("_row", "_file")).alias("_id")
    if ids.n_unique() == len(ids):
        return
    named = rows.select("_file", "_row").with_columns(ids).with_row_index("_n")
    twice = (
        named.join(named.group_by("_id").agg(pl.col("_n").min().alias("_first")), on="_id")
        .filter(pl.col("_n") != pl.col("_first"))
        .sort("_n")
    )
    again, first = twice.row(0, named=True), named.row(twice["_first"][0], named=True)
    raise ReleaseError(
        f"the same report as {first['_file']}, row {first['_row']}",
        where=f"{again['_file']}, row {again['_row']}",
        expected="each report once",
        fix="remove one of the two",
    )


def take(sources: Sequence[Source], library: Library, day: date) -> Taken:
    """The contributions of a release through the gate.

    Args:
        sources: The contributions and their parts.
        library: The articles that they may name.
        day: Day of the release: nothing that is told as done lies after it.

    Raises:
        ReleaseError: A contribution does not pass, a row does not say who coded it, or a report is there twice.
    """
    kept: list[pl.DataFrame] = []
    offered: list[dict[str, Any]] = []
    rejects: list[dict[str, Any]] = []
    links: dict[str, str] = {}
    against = Against(articles=library, today=day, active=frozenset(code for code, rule in rules().items() if rule.severity == "error"))
    for source in sorted(sources, key=lambda each: each.file.name):
        checked = examine(source.file, against, limit=1 if source.role == "published" else None)
        rows = _passed(source, checked) if source.role in _TAKEN else None
        if rows is not None:
            kept.append(rows)
            named = set(rows["source"])
            links.update({i: link for i, link in checked.links.items() if i in named})
        refused = checked.rows if source.role == "refused" else checked.refused if source.role in _TAKEN else 0
        coders = checked.frame["coder"].drop_nulls().unique().sort().to_list()
        offered.append(
            {
                "contribution": source.file.name, "sha256": sha256(source.file), "role": source.role, "coders": " ".join(coders) or None,
                "offered": checked.rows, "published": 0 if rows is None else rows.height, "refused": refused, "note": source.note or None,
            }
        )  # fmt: skip
        if source.role in {"partly", "refused"}:
            rejects += _rejects(source.file.name, checked)
    rows = pl.concat(kept)
    _refuse_twice(rows)
    return Taken(
        rows.drop("_row", "_file"),
        frame(Offered, offered),
        frame(Reject, rejects).unique(Reject.key, keep="first", maintain_order=True),
        links,
    )


def known_by_link(links: Mapping[str, str]) -> list[Article]:
    """Articles of which nothing but their link is known."""
    return [Article(article_id=i, link=link) for i, link in sorted(links.items())]


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


def coverage(files: Sequence[Path], articles: Sequence[Article], reports: pl.DataFrame) -> pl.DataFrame:
    """What was read, by publisher and day: from the files of `coverage/`, else the articles that rows name.

    Raises:
        ReleaseError: A file of `coverage/` names no known article, or no number of sentences.
    """
    home = {a.article_id: (a.publisher, a.published) for a in articles}
    counted = dict(reports.group_by("article_id").len().iter_rows())
    sentences: dict[str, int | None] = dict.fromkeys(counted)
    for file in files:
        if (beside := coverage_file(file)).is_file():
            for article, number in _sentences(beside, home):
                sentences[article] = max(number, sentences.get(article) or 0)
    groups: dict[tuple[str | None, date | None], list[str]] = {}
    for article in sorted(sentences):
        groups.setdefault(home[article], []).append(article)
    return frame(
        Coverage,
        (
            {
                "publisher": publisher, "date": day, "articles": len(members),
                "sentences": None if any(sentences[m] is None for m in members) else sum(sentences[m] or 0 for m in members),
                "reports": sum(counted.get(m, 0) for m in members),
            }
            for (publisher, day), members in groups.items()
        ),
    )  # fmt: skip


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


def actors(events: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """The actor codes that events and reports use."""
    columns = [rows[name] for rows in (events, reports) for name in ("actor", "target", "attributed_to", "figures_by")]
    used = pl.concat([column.alias("code") for column in columns]).drop_nulls().unique().sort()
    return frame(Actor, [_actor(code) for code in used])


def in_order(model: type[Table], rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the columns and types of their table, in its order, missing values last."""
    return rows.select(pl.col(name).cast(kind) for name, kind in polars_schema(model).items()).sort(
        model.sort, nulls_last=True, maintain_order=True
    )
