"""`eventcode template`: an empty contribution to be filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eventcode.errors import InputError


def template(
    output: Annotated[
        Path, typer.Option("-o", "--output", help="File to write: .xlsx with drop-down lists and notes, or .csv with the header alone.")
    ] = Path("contribution.xlsx"),
    columns: Annotated[
        str | None, typer.Option("--columns", help="Columns beside the five required ones, joined by commas: status,sentence,coder.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All columns of the contract.")] = False,
    rows: Annotated[int, typer.Option("--rows", help="Number of rows of the .xlsx that have drop-down lists.")] = 1000,
) -> None:
    """Write a template for contributions: fill it in, then validate it. A file that is there is never written over.

    \b
    eventcode template -o my-events.xlsx
    eventcode template -o my-events.xlsx --columns status,attributed_to,sentence,trigger,coder
    eventcode template -o my-events.csv --all
    """
    from eventcode.contribute import template as making

    if every and columns is not None:
        raise InputError("both --columns and --all", expected="one of the two", fix="leave out --columns")
    names = None if every else [name.strip() for name in (columns or "").split(",") if name.strip()]
    given = making.write(output, names=names, rows=rows)
    typer.echo(f"{output}: {len(given)} columns; fill it in, then: eventcode validate {output}")
