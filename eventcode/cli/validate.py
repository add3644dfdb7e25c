"""`eventcode validate` and `eventcode rule`: the gate."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eventcode import resources
from eventcode.contribute.report import Format
from eventcode.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from eventcode.contribute.gate import Checked, Examined

_LONG = 20_000_000
"""Bytes of a file that takes long enough for a progress bar: 200,000 rows and more."""


def _contributions(name: str) -> list[str]:
    from eventcode.contribute.read import contributions_in

    if not Path(name).is_dir():
        return [name]
    found = [str(p) for p in contributions_in(Path(name))]
    if not found:
        raise InputError(
            "no contribution in this folder", where=name, expected="files that can be read as one; folders within it are not looked into"
        )
    return found


def _published(dataset: Path | None) -> pl.DataFrame | None:
    """The reports of the newest release in a folder."""
    import polars as pl

    if dataset is None:
        return None
    table = pl.read_parquet(resources.release_folder(dataset=dataset) / "reports.parquet")
    return table.rename({"article_id": "source"}).with_columns(pl.col(pl.Categorical).cast(pl.String))


def _rows_of(file: str) -> int | None:
    """Number of rows of a Parquet file; None where it is not known before the file is read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return int(pq.read_metadata(file).num_rows) if file.endswith(".parquet") else None
    except (pa.ArrowInvalid, OSError):
        return None


def _is_long(file: str) -> bool:
    path = Path(file)
    return path.is_file() and ((_rows_of(file) or 0) >= 200_000 or path.stat().st_size >= _LONG)


@contextmanager
def _progress(file: str) -> Iterator[Callable[[Examined], None] | None]:
    """What to call with each batch: a bar on a terminal, where the file is long."""
    if not sys.stderr.isatty() or not _is_long(file):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    shown = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f} rows"), TimeElapsedColumn())
    with Progress(*shown, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(Path(file).name, total=_rows_of(file))
        yield lambda batch: bar.advance(task, len(batch.raw.rows))


def _refuse_targets(names: list[str]) -> None:
    """Refuse repairs that cannot all be written, before the first is."""
    from eventcode.contribute.repair import targets

    if "-" in names:
        raise InputError("standard input has no folder for a repaired copy", where="standard input", expected="a file with --fix")
    written: set[Path] = set()
    for path in (path for name in names for path in targets(Path(name))):
        if path.exists():
            raise InputError(
                "this file is there already", where=str(path), expected="no file of this name", fix="move it away, or remove it"
            )
        if path in written:
            raise InputError("two files would be repaired to this one", where=str(path), expected="names that differ before their ending")
        written.add(path)


def validate(
    files: Annotated[
        list[str],
        typer.Argument(help="Contributions (.csv, .tsv, .xlsx, .jsonl, .json, .parquet, .dta), folders of them, or - for standard input."),
    ],
    form: Annotated[Format, typer.Option("--format", help="How problems are printed.")] = Format.text,
    select: Annotated[
        str | None, typer.Option("--select", help="Only these rules: codes or beginnings of codes, such as EC2,EC305.")
    ] = None,
    ignore: Annotated[str | None, typer.Option("--ignore", help="All rules but these.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Write a repaired copy, NAME.fixed.EXT, and a log, NAME.fixes.csv, beside each file.")
    ] = False,
    articles: Annotated[Path | None, typer.Option("--articles", help="Folder of the articles that rows may name as their source.")] = None,
    dataset: Annotated[
        Path | None, typer.Option("--dataset", help="Folder of releases; what the newest holds may not be offered again.")
    ] = None,
    today: Annotated[
        datetime | None,
        typer.Option("--today", formats=["%Y-%m-%d"], help="Day after which nothing has happened yet; today where not given."),
    ] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="Encoding of text files, where it is known.")] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Sheet of a spreadsheet that is read.")] = None,
    cases: Annotated[int, typer.Option("--cases", min=0, help="Cases of each rule that are shown as text.")] = 3,
) -> None:
    """Check contributions: every problem with its row, what was found, what was expected and the fix.

    Exit code 0: clean. 1: errors found. 2: a file could not be read. With --fix the codes speak of the repaired copies.

    \b
    eventcode validate my-events.xlsx
    eventcode code - < articles.jsonl | eventcode validate -
    eventcode validate dataset/contributions/ --articles seeds/
    eventcode validate my-events.csv --fix
    eventcode validate my-events.csv --ignore EC6,EC423 --strict --format html > report.html
    """
    from eventcode.contribute import gate
    from eventcode.contribute.checks.articles import library
    from eventcode.contribute.rules import select as chosen

    active = chosen(*(tuple(filter(None, (each or "").replace(" ", "").split(","))) for each in (select, ignore)))
    day = today.date() if today else date.today()  # noqa: DTZ011 - the day where the user is
    against = gate.Against(library(articles), _published(dataset), day, active)
    names = [p for name in files for p in _contributions(name)]
    for name in names:
        if name != "-" and not Path(name).exists():
            raise InputError("no such file", where=name, expected="a contribution, a folder of them, or - for standard input")
    if fix:
        _refuse_targets(names)
    checked = [_checked(name, against, fix, encoding, sheet) for name in names]
    _print(checked, form, cases)
    raise typer.Exit(_exit_code(checked, strict=strict))


def _checked(name: str, against: object, fix: bool, encoding: str | None, sheet: str | None) -> Checked:
    """What the gate says of a file, or, where it is repaired, of the copy."""
    from eventcode.contribute import gate
    from eventcode.contribute.repair import repair

    assert isinstance(against, gate.Against)
    with _progress(name) as each:
        if not fix:
            return gate.examine(name, against, encoding=encoding, sheet=sheet, each=each, keep=False)
        done = repair(Path(name), against, encoding=encoding, sheet=sheet, each=each)
    if not done.before.readable:
        return done.before
    left = f"; {done.left_out} rows or cells could not be read and are not in the copy" if done.left_out else ""
    typer.echo(f"{name}: {done.repairs} repairs; copy {done.copy}, log {done.log}{left}", err=True)
    return done.before if done.left_out else done.after


def _print(checked: list[Checked], form: Format, cases: int) -> None:
    """Print the problems; forms for programs have their summary on standard error."""
    import shutil

    from eventcode.contribute.report import render, summary

    color = form is Format.text and sys.stdout.isatty()
    width = shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100
    typer.echo(render(form, checked, width=width, color=color, cases=cases if form is Format.text else None), nl=False, color=True)
    if form is not Format.text:
        for each in checked:
            typer.echo(summary(each), err=True)


def _exit_code(checked: list[Checked], *, strict: bool) -> int:
    if not all(each.readable for each in checked):
        return 2
    return int(any(each.errors or (strict and each.warnings) for each in checked))


def rule(code: Annotated[str, typer.Argument(help="Code of a rule, such as EC203.")]) -> None:
    """Explain a rule of the gate; all of them are in schema/RULES.md.

    \b
    eventcode rule EC204
    """
    from eventcode.contribute.rules import rule as one

    found = one(code)
    repaired = "; repaired by eventcode validate --fix" if found.repaired else ""
    typer.echo(f"{found.code}  {found.title} ({found.severity}{repaired})\n\n{found.what}\n{found.why}\n")
    typer.echo(f"wrong  {found.wrong}\nright  {found.right}\nfix    {found.fix}")
