"""`eventcode agreement`: how far coders agree who coded the same articles."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eventcode.contribute.escape import cell
from eventcode.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from eventcode.contribute.agreement import Agreement

_PLACE = ("source", "sentence", "start", "end", "trigger", "column")
_MOST = 10
"""So many confusions of two coders are printed as text."""


class Format(StrEnum):
    """Forms in which figures are printed."""

    text = "text"
    json = "json"


def _figure(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"


def _print_confusions(console: Console, column: str, made: Agreement) -> None:
    """The most frequent cases in which two coders say different things in a column, a line each."""
    from rich.text import Text

    wrong = [each for each in made.confusions if each.column == column and each.said[0] != each.said[1]]
    for coders in dict.fromkeys(each.coders for each in wrong):
        console.print(Text(f"{column}, where {' and '.join(coders)} differ"))
        found = [each for each in wrong if each.coders == coders]
        for each in found[:_MOST]:
            sides = (f"{value} {name}".rstrip() for value, name in zip(each.said, each.names, strict=True))
            console.print(Text(f"  {' / '.join(sides)}: {each.units}"))
        if len(found) > _MOST:
            console.print(Text(f"  {len(found) - _MOST} more, less frequent; see them with --format json"))
        console.print()


def _print(made: Agreement) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=140)
    files = ", ".join(f"{file} ({number})" for file, number in made.reports.items())
    console.print(Text(f"Reports: {files}; {made.units} different ones, {made.articles} article{'s' * (made.articles != 1)}"))
    found = Table(title="reports found", title_justify="left", box=SIMPLE)
    for name in ("coders", "both", "either", "share", "F1"):
        found.add_column(name, justify="left" if name == "coders" else "right", overflow="fold")
    for pair in made.pairs:
        coders = Text(" and ".join(pair.coders))
        found.add_row(coders, str(pair.both), str(pair.either), _figure(pair.share), _figure(pair.f1))
    console.print(found)
    said = Table(title="what is said of reports that two coders or more found", title_justify="left", box=SIMPLE)
    for name in ("column", "alpha", "95 % interval", "share agreeing", "reports"):
        said.add_column(name, justify="left" if name == "column" else "right")
    for column in made.columns:
        interval = "n/a" if column.alpha is None else f"{_figure(column.low)} to {_figure(column.high)}"
        said.add_row(column.name, _figure(column.alpha), interval, _figure(column.share), str(column.units))
    console.print(said)
    for name in dict.fromkeys(confusion.column for confusion in made.confusions):
        _print_confusions(console, name, made)


def _write(path: Path, rows: Sequence[Mapping[str, object]], files: Sequence[str]) -> None:
    """Write the disagreements as CSV; the file is whole or not there."""
    beside = path.with_name(f".{path.name}.partial")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([cell(name) for name in (*_PLACE, *files)])
            writer.writerows([cell(row[name]) for name in (*_PLACE, *files)] for row in rows)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def agreement(
    files: Annotated[list[Path], typer.Argument(help="A contribution of each coder (.csv, .jsonl, .parquet), two or more.")],
    disagreements: Annotated[
        Path | None, typer.Option("--disagreements", help="Write all that they disagree on, a row a column of a report, as .csv.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How figures are printed.")] = Format.text,
    articles: Annotated[Path | None, typer.Option("--articles", help="Folder of the articles that rows may name as their source.")] = None,
    confusion: Annotated[
        list[str] | None, typer.Option("--confusion", help="Count also in this column what one says against what another says. Repeatable.")
    ] = None,
) -> None:
    """Measure how far coders agree who coded the same articles: reports found, Krippendorff's alpha of each column, what is confused with what.

    Exit code 0: measured. 2: a file could not be read, or has errors that eventcode validate tells.

    \b
    eventcode agreement anna.csv ben.csv
    eventcode agreement anna.csv ben.csv program.jsonl --disagreements talk-about.csv
    eventcode agreement anna.csv ben.csv --articles seeds/ --format json
    eventcode agreement anna.csv ben.csv --confusion status --confusion actor_country
    """
    from eventcode.contribute.agreement import compare

    if disagreements is not None and disagreements.suffix != ".csv":
        ending = disagreements.suffix or "a file without an ending"
        raise InputError(f"cannot write {ending}", where=str(disagreements), expected="an ending .csv")
    if disagreements is not None and not disagreements.parent.is_dir():
        folder = disagreements.parent
        raise InputError("no such folder", where=str(folder), expected="a folder that is there", fix=f"mkdir -p {folder}")
    if disagreements is not None and disagreements.resolve() in {file.resolve() for file in files}:
        raise InputError("this is a coder's file", where=str(disagreements), expected="another file for the disagreements")
    made = compare(files, articles=articles, confusion=("root", *(confusion or ())))
    if disagreements is not None:
        _write(disagreements, made.disagreements, list(made.reports))
    if form is Format.json:
        typer.echo(json.dumps({name: value for name, value in asdict(made).items() if name != "disagreements"}, indent=1))
    else:
        _print(made)
    if made.articles_of_one:
        which = f"articles with reports of one coder only: {made.articles_of_one} of {made.articles}"
        typer.echo(f"{which}; leave out those that the others did not read", err=True)
