"""`eventcode adjudicate`: one contribution from those of several coders, with what they differ on decided by a person."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from eventcode.errors import InputError

if TYPE_CHECKING:
    from eventcode.contribute.adjudicate import Adjudicated


def _lines(made: Adjudicated) -> bytes:
    """The rows as JSON lines; empty cells are left out, but for the columns that every contribution has."""
    from eventcode.model.tables import Contribution

    kept = ({name: value for name, value in row.items() if value is not None or name in Contribution.must_have} for row in made.rows)
    return "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in kept).encode()


def _gate(made: Adjudicated, lines: bytes, articles: Path | None) -> None:
    """Refuse rows that the gate refuses, and name the decision that made them so."""
    from eventcode.contribute.gate import validate

    if not made.rows:
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / "settled.jsonl"
        file.write_bytes(lines)
        problem = next((each for each in validate(file, articles=articles).problems if each.severity == "error"), None)
    if problem is None:
        return
    at = (problem.row or 1) - 1
    decided = [each for each in made.log if each.question.unit == made.units[at]]
    behind = next((each for each in decided if each.question.column == problem.column), decided[0] if decided else None)
    what = f"the gate refuses what {made.units[at]} comes to: {problem.code}, {problem.column or 'row'} {problem.found}".rstrip()
    raise InputError(what, where=behind.decision.where if behind else made.rows[at]["source"], expected=problem.expected, fix=problem.fix)


def _write(contents: Mapping[Path, bytes]) -> None:
    """Write files, each whole or not at all, and none where one cannot be written."""
    beside = {path: path.with_name(f".{path.name}.partial") for path in contents}
    try:
        for path, content in contents.items():
            beside[path].write_bytes(content)
        for path in contents:
            beside[path].replace(path)
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)


def _refuse(inputs: Sequence[Path], output: Path, log: Path, to_decide: Path | None) -> None:
    """Refuse paths to which nothing can be written."""
    given = {path.resolve() for path in inputs}
    outputs = [(output, (".jsonl",)), (log, (".csv",)), *([(to_decide, (".csv", ".xlsx"))] if to_decide else [])]
    for n, (path, endings) in enumerate(outputs):
        if path.suffix not in endings:
            ending = path.suffix or "a file without an ending"
            raise InputError(f"cannot write {ending}", where=str(path), expected=f"an ending {' or '.join(endings)}")
        if not path.parent.is_dir():
            folder = path.parent
            raise InputError("no such folder", where=str(folder), expected="a folder that is there", fix=f"mkdir -p {folder}")
        if path.resolve() in given:
            raise InputError("this is a file that is read", where=str(path), expected="another file to be written")
        if path == to_decide and path.exists():
            raise InputError(
                "this file is there already", where=str(path), expected="a new name: it may hold decisions", fix="read it with --decisions"
            )
        if path.resolve() in {other.resolve() for other, _ in outputs[:n]}:
            raise InputError("two tables would be written here", where=str(path), expected="a file of its own for each")


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def adjudicate(
    files: Annotated[list[Path], typer.Argument(help="A contribution of each coder, two or more; the first is A, the second B.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The reports that all agree on and those decided, as .jsonl.")],
    decisions: Annotated[
        list[Path] | None, typer.Option("--decisions", help="A list of what was to be decided, its column decision filled in. Repeatable.")
    ] = None,
    to_decide: Annotated[
        Path | None, typer.Option("--to-decide", help="Write what is still to be decided, a row a column of a report, as .csv or .xlsx.")
    ] = None,
    coder: Annotated[str | None, typer.Option("--coder", help="Who decided: person:NAME, or model:NAME.")] = None,
    articles: Annotated[
        Path | None, typer.Option("--articles", help="Folder of the articles; the text around each trigger stands in the list.")
    ] = None,
    partial: Annotated[bool, typer.Option("--partial", help="Write the reports that are settled, although others are not.")] = False,
) -> None:
    """Make one contribution of several coders': what all found and agree on passes, the rest is listed to be decided.

    Decide by a letter (A, B, ... in the order of the files), a value of your own, none for an empty cell, or drop to leave the report out;
    in a row whose column is found, by keep or drop. All decisions are logged beside the output, in OUTPUT.decisions.csv.

    Exit code 0: nothing is left to decide. 1: something is. 2: a file could not be read, or a decision does not fit.

    \b
    eventcode adjudicate anna.csv ben.csv -o settled.jsonl --to-decide todo.csv --articles seeds/
    eventcode adjudicate anna.csv ben.csv -o settled.jsonl --decisions todo.csv --coder person:carla
    """
    from eventcode.coder import articles as reading
    from eventcode.contribute.adjudicate import LETTERS
    from eventcode.contribute.adjudicate import adjudicate as settle
    from eventcode.contribute.agreement import aligned
    from eventcode.contribute.decisions import csv_bytes, decisions_in, listed, logged, xlsx_bytes
    from eventcode.model.tables import CODER

    if coder is not None and (not re.fullmatch(CODER, coder) or coder.startswith("program:")):
        raise InputError(
            "this is no coder who decides", where=coder, expected="person:NAME or model:NAME, letters a to z, digits and . _ -"
        )
    if len(files) > len(LETTERS):
        raise InputError(f"{len(files)} files are given", expected=f"at most {len(LETTERS)}")
    log = output.with_name(f"{output.stem}.decisions.csv")
    _refuse([*files, *(decisions or [])], output, log, to_decide)
    texts = {article.id: article.text for article in reading.read([articles])} if articles else {}
    made = settle(aligned(files, articles=articles), decisions_in(decisions or []), coder=coder)

    lines = _lines(made)
    _gate(made, lines, articles)
    whole = not made.open
    contents = {output: lines, log: csv_bytes(logged(made, files))} if whole or partial else {}
    if to_decide is not None:
        table = listed(made.open, files, texts)
        contents[to_decide] = xlsx_bytes(table) if to_decide.suffix == ".xlsx" else csv_bytes(table)
    _write(contents)
    open_ = f"{_number(len(made.open), 'disagreement')} in {_number(len({q.unit for q in made.open}), 'report')} to be decided"
    typer.echo(f"{_number(len(made.rows), 'report')} settled, {_number(len(made.log), 'decision')} applied, {open_}", err=True)
    if not whole:
        hint = "" if to_decide else "; list what is to be decided with --to-decide"
        typer.echo(f"{output} {'holds a part only' if partial else 'is not written, for it would hold a part only'}{hint}", err=True)
        raise typer.Exit(1)
