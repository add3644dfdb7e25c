"""`eventcode evaluate`: how well the coder does on texts of which it is known what is right."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eventcode.errors import InputError

if TYPE_CHECKING:
    from eventcode.coder.code import Coded
    from eventcode.evaluation import Evaluation


class Format(StrEnum):
    """Forms in which figures are printed."""

    text = "text"
    json = "json"


def _progress(coded: Iterable[Coded], total: int) -> Iterator[Coded]:
    from rich.console import Console
    from rich.progress import track

    yield from track(
        coded, description="coding", total=total, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    )


_UNITS = {"precision": "reports", "class": "rows", "macro_f1": "classes"}


def _text(made: Evaluation, file: str) -> str:
    from eventcode.evaluation import SHARES, confusions

    lines = [f"{file}: {made.rows} rows, {made.silent} without an event found", ""]
    says = {**SHARES, "macro_f1": "macro-F1 of the classes"}
    width = max(len(says[figure.name]) for figure in made.figures) if made.figures else 0
    for figure in made.figures:
        interval = f"({figure.low:.3f} to {figure.high:.3f})"
        lines.append(f"{says[figure.name]:{width}}  {figure.value:.3f}  {interval}  of {figure.of} {_UNITS.get(figure.name, 'events')}")
    if made.classes:
        lines += ["", f"{'class':10}  {'rows':>5}  precision  recall     F1"]
        for each in made.classes:
            precision = f"{each.precision:9.3f}" if each.precision is not None else f"{'-':>9}"
            lines.append(f"{each.name:10}  {each.rows:5}  {precision}  {each.recall:6.3f}  {each.f1:5.3f}")
    for name, taken in (("roots", made.roots_taken), ("classes", made.classes_taken)):
        if wrong := confusions(taken):
            lines += ["", f"{name} most often taken for others, gold -> coded"]
            lines += [f"{right} -> {coded}: {n}" for right, coded, n in wrong]
    return "\n".join(lines)


def _write(path: Path, made: dict[str, Any]) -> None:
    """Write the figures; the file is whole or not there."""
    beside = path.with_name(f".{path.name}.partial")
    try:
        beside.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def evaluate(
    gold: Annotated[
        Path, typer.Argument(help="Texts of which it is known what is right, .jsonl or .csv: text and one of code, root and events.")
    ],
    given_actors: Annotated[
        bool, typer.Option("--given-actors", help="Code exactly the pairs that are marked, one report each, instead of the whole texts.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write all figures and the whole tables of confusions, as .json.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How figures are printed.")] = Format.text,
) -> None:
    """Measure the coder on texts of which it is known what is right: shares with 95 % intervals, classes, confusions.

    A row says what is right by a CAMEO `code`, by a PLOVER class in `root`, or by `events`, a list of all events in the text.

    Exit code 0: measured. 2: a file could not be read.

    \b
    eventcode evaluate gold.jsonl
    eventcode evaluate gold.csv --output figures.json
    eventcode evaluate gold.jsonl --given-actors --format json
    """
    from eventcode import evaluation
    from eventcode.coder import code as coder

    if output is not None and output.suffix != ".json":
        raise InputError(f"cannot write {output.suffix or 'a file without an ending'}", where=str(output), expected="an ending .json")
    if output is not None and not output.parent.is_dir():
        raise InputError("no such folder", where=str(output.parent), expected="a folder that is there", fix=f"mkdir -p {output.parent}")
    rows = evaluation.read(gold)
    golds = evaluation.pairs(rows) if given_actors else rows
    coded = _progress(coder.code((one.article for one in golds), given_actors=given_actors), len(golds))
    made = evaluation.evaluate(golds, [each.reports for each in coded])
    if output is not None:
        _write(output, made.as_dict())
    if form is Format.json:
        typer.echo(json.dumps(made.as_dict(), indent=1))
    else:
        typer.echo(_text(made, str(gold)))
    if left_out := len(rows) - made.rows:
        typer.echo(f"{left_out} of {len(rows)} rows left out: no pair in them has exactly one code", err=True)
    if given_actors and (whole := sum(not evaluation.is_marked(one) for one in golds)):
        typer.echo(f"{whole} of {len(rows)} rows mark no pair: their whole texts were coded", err=True)
