"""`eventcode annotate`: articles and reports to annotation tools, and people's annotations back."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eventcode.errors import InputError

if TYPE_CHECKING:
    from eventcode.coder.articles import SourceArticle
    from eventcode.interop.marks import Imported, Marked, Unusable

app = typer.Typer(no_args_is_help=True, help="Annotation tools: articles and reports to Label Studio, brat or a table of tokens, and back.")
export = typer.Typer(no_args_is_help=True, help="Write articles, with the reports of the coder or of --reports, for a tool.")
import_ = typer.Typer(no_args_is_help=True, help="Read annotations back into rows of a contribution.")
app.add_typer(export, name="export")
app.add_typer(import_, name="import")

_LISTED = 50
"""Problems that are printed one by one; of more, the number is given."""

Articles = Annotated[list[str], typer.Argument(help="Folders or files (.txt .md .html .jsonl .csv .parquet), or - for JSON lines.")]
Reports = Annotated[
    Path | None, typer.Option("--reports", help="A contribution, such as `eventcode code -o` writes; without it the articles are coded.")
]
Output = Annotated[Path, typer.Option("-o", "--output", help="File to be written.")]
Folder = Annotated[Path, typer.Option("-o", "--output", help="Folder to be written into.")]
Rows = Annotated[
    Path | None, typer.Option("-o", "--output", help="Contribution to be written, .jsonl; JSON lines on standard output without it.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]
Coder = Annotated[str, typer.Option("--coder", help="Who annotated, such as person:anna.")]
Compared = Annotated[
    list[str] | None, typer.Option("--articles", help="Articles as they are now: annotations of another text are left out. Repeatable.")
]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _list(unusable: Sequence[Unusable]) -> None:
    for each in unusable[:_LISTED]:
        typer.echo(f"eventcode: left out: {each}", err=True)
    if len(unusable) > _LISTED:
        typer.echo(f"eventcode: left out: {len(unusable) - _LISTED} more", err=True)


# -- export ---------------------------------------------------------------------------------------------------------


def _read(articles: Sequence[str]) -> list[SourceArticle]:
    from eventcode.coder import articles as reading
    from eventcode.model.tables import ARTICLE_ID

    read = list(reading.read(articles))
    for article in read:
        if not re.fullmatch(ARTICLE_ID, article.id):
            raise InputError(
                f"an article's id is {article.id!r:.150}",
                expected="at most 120 letters a to z, digits and . _ : -, a letter or digit first",
                fix="give it an id that contributions take",
            )
    return read


def _coded(articles: Sequence[SourceArticle]) -> dict[str, list[dict[str, Any]]]:
    from eventcode.cli.code import progress
    from eventcode.coder import code as coder

    return {each.article.id: [report.as_dict() for report in each.reports] for each in progress(coder.code(articles), len(articles))}


def _marked(articles: Sequence[str], reports: Path | None) -> Marked:
    from eventcode.interop import marks
    from eventcode.interop.reports import given

    read = _read(articles)
    found, others = given(reports, {article.id for article in read}) if reports else (_coded(read), 0)
    made = marks.marked(read, found)
    if others:
        typer.echo(f"eventcode: left out: {_count(others, 'report')} of other articles", err=True)
    return made


def _exported(made: Marked) -> None:
    """Say what was exported; exit code 1 where reports were left out."""
    _list(made.unusable)
    written = sum(len(document.marks) for document in made.documents)
    text = f"{_count(len(made.documents), 'article')}, {_count(written, 'report')}, {len(made.unusable)} left out"
    if made.without_words:
        text += f"; {made.without_words} actors and targets have words that do not stand in the text: their codes are given without a place"
    if made.not_carried:
        text += f"; not carried: {', '.join(made.not_carried)}"
    typer.echo(text, err=True)
    raise typer.Exit(int(bool(made.unusable)))


@export.command("label-studio")
def export_label_studio(
    articles: Articles,
    output: Output,
    reports: Reports = None,
    predictions: Annotated[bool, typer.Option("--predictions/--no-predictions", help="Show the reports to those who annotate.")] = True,
    force: Force = False,
) -> None:
    """Write tasks for Label Studio: a JSON array of articles, the reports as predictions.

    Exit code 0: all written. 1: reports were left out. 2: could not run.

    \b
    eventcode annotate export label-studio seeds/ -o tasks.json
    eventcode annotate export label-studio seeds/ --no-predictions -o tasks.json
    """
    from eventcode.interop import files, label_studio, marks

    if reports and not predictions:
        raise InputError("--reports and --no-predictions exclude each other", expected="one of the two", fix="leave out --reports")
    files.free(output, force=force)
    made = _marked(articles, reports) if predictions else marks.marked(_read(articles), {})
    tasks = [label_studio.task(document, predictions=predictions) for document in made.documents]
    files.write({output: json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"}, force=force)
    _exported(made)


@export.command("label-studio-config")
def export_label_studio_config(output: Output, force: Force = False) -> None:
    """Write the labelling interface for Label Studio, to be pasted into a project's settings.

    \b
    eventcode annotate export label-studio-config -o config.xml
    """
    from eventcode.interop import files, label_studio

    files.write({output: label_studio.config()}, force=force)


@export.command("brat")
def export_brat(articles: Articles, output: Folder, reports: Reports = None, force: Force = False) -> None:
    """Write a folder for brat: .txt and .ann for each article, and annotation.conf.

    Exit code 0: all written. 1: reports were left out. 2: could not run.

    \b
    eventcode annotate export brat seeds/ -o brat/
    """
    from eventcode.interop import brat, files

    if output.exists() and not output.is_dir():
        raise InputError("this is no folder", where=str(output), expected="a folder, or a new name")
    if output.is_dir() and any(output.iterdir()) and not force:
        raise InputError(
            "the folder is not empty", where=str(output), expected="a new folder", fix="give another name, or --force to replace"
        )
    if not output.parent.is_dir():
        raise InputError("no such folder", where=str(output.parent), expected="a folder that is there", fix=f"mkdir -p {output.parent}")
    made = _marked(articles, reports)
    texts = {output / f"{brat.name(d.article.id)}.txt": d.article.text for d in made.documents}
    if len({path.name.casefold() for path in texts}) < len(texts):
        raise InputError("two articles' ids differ in capitals only", expected="ids that are different file names on every system")
    standoff = {output / f"{brat.name(d.article.id)}.ann": brat.standoff(d) for d in made.documents}
    output.mkdir(exist_ok=True)
    files.write({**texts, **standoff, output / "annotation.conf": brat.CONFIG}, force=force)
    _exported(made)


@export.command("conll")
def export_conll(articles: Articles, output: Output, reports: Reports = None, force: Force = False) -> None:
    """Write a table of tokens, one a line, with a column of B- and I- tags for each report.

    Exit code 0: all written. 1: reports were left out. 2: could not run.

    \b
    eventcode annotate export conll seeds/ -o seeds.conll
    """
    from eventcode.interop import conll, files

    files.free(output, force=force)
    made = _marked(articles, reports)
    files.write({output: "".join(conll.written(document) for document in made.documents)}, force=force)
    _exported(made)


# -- import ---------------------------------------------------------------------------------------------------------


def _texts(articles: Sequence[str] | None) -> Mapping[str, str] | None:
    return {article.id: article.text for article in _read(articles)} if articles else None


def _coder(coder: str) -> str:
    from eventcode.model.tables import CODER

    if not re.fullmatch(CODER, coder):
        raise InputError(
            f"the coder is {coder!r:.60}", where="--coder", expected="program:, person: or model: and a name, such as person:anna"
        )
    return coder


def _free(output: Path | None, *, force: bool) -> None:
    from eventcode.interop import files

    if output is None:
        return
    if output.suffix != ".jsonl":
        raise InputError(f"cannot write {output.suffix or 'a file without an ending'}", where=str(output), expected="an ending .jsonl")
    files.free(output, force=force)


def _imported(made: Imported, output: Path | None, *, force: bool) -> None:
    """Write the rows and say what was left out; exit code 1 where something has to be mended."""
    from eventcode.interop import files

    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made.rows)
    if output is None:
        typer.echo(text, nl=False)
    elif made.rows:
        files.write({output: text}, force=force)
    _list(made.unusable)
    articles = len({row["source"] for row in made.rows})
    by = Counter(row["coder"] for row in made.rows)
    people = f" by {', '.join(f'{coder} ({n})' for coder, n in sorted(by.items()))}" if by else ""
    done = f"{_count(len(made.rows), 'row')} of {_count(articles, 'article')}{people}, {len(made.unusable)} left out"
    typer.echo("; ".join([done, *(f"{what}: {n}" for what, n in made.skipped.items())]), err=True)
    if output is not None and not made.rows:
        typer.echo(f"eventcode: no row, so {output} is not written", err=True)
    raise typer.Exit(int(bool(made.unusable)))


@import_.command("label-studio")
def import_label_studio(
    file: Annotated[Path, typer.Argument(help="Label Studio's export in the form JSON.")],
    output: Rows = None,
    coder: Annotated[
        list[str] | None,
        typer.Option(
            "--coder", help="person:NAME for the only one who annotated, or ID=person:NAME for each; person:ls-ID without it. Repeatable."
        ),
    ] = None,
    articles: Compared = None,
    force: Force = False,
) -> None:
    """Read Label Studio's JSON export: the annotations of all people, each under a coder of their own.

    Exit code 0: all read. 1: something was left out and is listed. 2: could not run.

    \b
    eventcode annotate import label-studio export.json -o contribution.jsonl --coder 3=person:anna --coder 4=person:ben
    """
    from eventcode.interop import files, label_studio_read

    _free(output, force=force)
    made = label_studio_read.read(files.read(file), str(file), coder=coder or (), texts=_texts(articles))
    _imported(made, output, force=force)


@import_.command("brat")
def import_brat(
    folder: Annotated[Path, typer.Argument(help="Folder of .txt and .ann files.")],
    coder: Coder,
    output: Rows = None,
    articles: Compared = None,
    force: Force = False,
) -> None:
    """Read brat's .txt and .ann files.

    Exit code 0: all read. 1: something was left out and is listed. 2: could not run.

    \b
    eventcode annotate import brat brat/ --coder person:anna -o contribution.jsonl
    """
    from eventcode.interop import brat, files

    _free(output, force=force)
    coder = _coder(coder)
    found = sorted(folder.glob("*.ann"))
    if not found:
        raise InputError("no .ann file", where=str(folder), expected="a folder of .txt and .ann files")
    pairs = {brat.article_of(path.stem): (files.read(path.with_name(f"{path.stem}.txt")), files.read(path)) for path in found}
    _imported(brat.read(pairs, coder=coder, texts=_texts(articles)), output, force=force)


@import_.command("conll")
def import_conll(
    file: Annotated[Path, typer.Argument(help="A table of tokens, as `eventcode annotate export conll` writes it.")],
    coder: Coder,
    output: Rows = None,
    articles: Compared = None,
    force: Force = False,
) -> None:
    """Read a table of tokens.

    Exit code 0: all read. 1: something was left out and is listed. 2: could not run.

    \b
    eventcode annotate import conll seeds.conll --coder person:anna -o contribution.jsonl
    """
    from eventcode.interop import conll, files

    _free(output, force=force)
    _imported(conll.read(files.read(file), str(file), coder=_coder(coder), texts=_texts(articles)), output, force=force)
