"""`eventcode code`: articles in, reports out."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eventcode.coder.sureness import LEAST
from eventcode.errors import InputError

if TYPE_CHECKING:
    from eventcode.coder.code import Coded, CodedReport


UNKNOWN_COLUMNS = ("name", "kind", "count", "example", "code", "valid_from", "valid_to", "aliases")


def progress(coded: Iterable[Coded], total: int) -> Iterator[Coded]:
    """The coded articles as they come, with a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import track

    yield from track(
        coded, description="coding", total=total, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    )


def _csv(path: Path, rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write(reports: Sequence[CodedReport], path: Path) -> None:
    """Write reports as JSON lines, CSV or Parquet, by the path's ending; the file is whole or not there."""
    beside = path.with_name(f".{path.name}.partial")
    rows = [report.as_dict() for report in reports]
    try:
        if path.suffix == ".csv":
            from eventcode.coder.code import CodedReport

            _csv(beside, rows, [field.name for field in fields(CodedReport)])
        elif path.suffix == ".parquet":
            from eventcode.contract.arrow import arrow_table
            from eventcode.model.tables import Contribution
            from eventcode.publish.write import parquet

            typed = [{**row, "source": report.article, "date": report.date} for row, report in zip(rows, reports, strict=True)]
            parquet(arrow_table(Contribution, typed), beside)
        else:
            beside.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def unknown_actors(coded: Iterable[Coded]) -> list[dict[str, Any]]:
    """Names that stood where an actor stands and are in no list, as rows to be completed; the most frequent first."""
    counts: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    examples: dict[str, str] = {}
    for name, kind, sentence in (hit for each in coded for hit in each.unlisted):
        counts[name] += 1
        kinds.setdefault(name, Counter())[kind] += 1
        examples.setdefault(name, sentence)
    return [
        {"name": name, "kind": min(kinds[name], key=lambda k: (-kinds[name][k], k)), "count": counts[name], "example": examples[name]}
        for name in sorted(counts, key=lambda n: (-counts[n], n))
    ]


def explain(coded: Coded) -> str:
    """An article's sentences with what was found in each: the spans and the rule that fired."""
    lines = [f"== {coded.article.id}"]
    for number, (start, end) in enumerate(coded.sentences, start=1):
        lines += ["", f"{number}  {' '.join(coded.article.text[start:end].split())}"]
        for r, likely in zip(coded.reports, coded.likely, strict=True):
            if r.sentence == number:
                word = f"by the word of {r.attributed_to}" if r.attributed_to else ""
                lines.append(
                    f"   {r.actor or '(nobody named)'} [{r.actor_text}]  {r.action} [{r.trigger}]  {r.target or '(nobody)'} [{r.target_text}]"
                )
                lines.append(f"      {r.date} ({r.date_basis}), {r.status} {word}".rstrip() + f"; rule {r.rule}; confidence {r.confidence}")
                lines.append("      model: " + ", ".join(f"{code} {chance:.2f}" for code, chance in likely))
    return "\n".join(lines)


def code(
    articles: Annotated[
        list[str], typer.Argument(help="Folders or files (.txt .md .html .jsonl .csv .parquet), or - for JSON lines on standard input.")
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Reports as .jsonl, .csv or .parquet; JSON lines on standard output without it.")
    ] = None,
    given_actors: Annotated[
        bool, typer.Option("--given-actors", help="Code exactly the pair that each row marks with source_span and target_span.")
    ] = False,
    min_confidence: Annotated[
        float, typer.Option("--min-confidence", min=0.0, max=1.0, help="Leave out reports below this confidence; 0 keeps all.")
    ] = LEAST,
    coverage: Annotated[
        Path | None, typer.Option("--coverage", help="Write which articles were read, with their sentences and reports, as .csv.")
    ] = None,
    actors: Annotated[
        list[Path] | None,
        typer.Option(
            "--actors", help="A list of actors or agent nouns of your own, .csv or PETRARCH .txt; counts before ours. Repeatable."
        ),
    ] = None,
    unknown: Annotated[
        Path | None,
        typer.Option("--unknown-actors", help="Write names that acted but are in no list, as .csv to be completed and given to --actors."),
    ] = None,
    explain_: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Print every sentence with its spans and what fired, instead of reports; with --min-confidence 0 all that was found.",
        ),
    ] = False,
) -> None:
    """Code articles: who did what to whom, when, by whose word.

    \b
    eventcode code seeds/ -o reports.jsonl
    eventcode code article.html --explain
    eventcode code seeds/ --actors own.csv --unknown-actors unknown.csv
    cat articles.jsonl | eventcode code - | eventcode validate -
    """
    from eventcode.coder import articles as reading
    from eventcode.coder import code as coder

    if output is not None and output.suffix not in {".jsonl", ".csv", ".parquet"}:
        raise InputError(
            f"cannot write {output.suffix or 'a file without an ending'}", where=str(output), expected="an ending .jsonl, .csv or .parquet"
        )
    for path in (output, coverage, unknown):
        if path is not None and not path.parent.is_dir():
            raise InputError("no such folder", where=str(path.parent), expected="a folder that is there", fix=f"mkdir -p {path.parent}")
    read = list(reading.read(articles))
    lists = tuple(str(path) for path in actors or [])
    results = progress(coder.code(read, given_actors=given_actors, min_confidence=min_confidence, lists=lists), len(read))
    done: list[Coded] = []
    for result in results:
        done.append(result)
        if explain_:
            typer.echo(explain(result))
        elif output is None:
            for report in result.reports:
                typer.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    if output is not None:
        write([report for result in done for report in result.reports], output)
    if coverage is not None:
        _csv(
            coverage,
            [{"article": c.article.id, "sentences": len(c.sentences), "reports": len(c.reports)} for c in done],
            ["article", "sentences", "reports"],
        )
    if unknown is not None:
        _csv(unknown, unknown_actors(done), UNKNOWN_COLUMNS)
    typer.echo(
        f"{len(done)} articles, {sum(len(c.sentences) for c in done)} sentences, {sum(len(c.reports) for c in done)} reports", err=True
    )
