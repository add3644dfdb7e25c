"""`eventcode actors`: lists of actors, the project's and a user's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Lists of actors: check those of your own, or the project's.")


@app.callback()
def actors() -> None:
    """Lists of actors: check those of your own, or the project's."""


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Lists that are to be used together, .csv or PETRARCH .txt; without any, the project's own.")
    ] = None,
) -> None:
    """Check lists of actors: codes, terms, dates, and names that stand for two actors on one day; one line a fault.

    Exit code 0: no fault. 1: faults found. 2: a file could not be read.

    \b
    eventcode actors check own.csv
    eventcode code articles/ --actors own.csv
    """
    from eventcode.coder import lists

    read = [lists.read(path) for path in files] if files else list(lists.shipped())
    faults = lists.check_all(read) if files else lists.check()
    for fault in faults:
        typer.echo(str(fault))
    for text in (text for file in read for text in file.warnings):
        typer.echo(f"eventcode: warning: {text}", err=True)
    names, nouns = sum(len(file.rows) for file in read), sum(len(file.agents) for file in read)
    typer.echo(f"{len(read)} lists, {names} names, {nouns} agent nouns, {len(faults)} fault{'' if len(faults) == 1 else 's'}", err=True)
    raise typer.Exit(int(bool(faults)))
