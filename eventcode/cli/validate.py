"""`eventcode validate` and `eventcode rule`: the gate."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eventcode.errors import InputError

if TYPE_CHECKING:
    from eventcode.contribute.gate import Checked
    from eventcode.errors import Problem


_EMPTY = "(empty)"


class Format(StrEnum):
    """Forms in which problems are printed."""

    text = "text"
    json = "json"
    github = "github"


def _place(problem: Problem) -> str:
    row = f"row {problem.row}" if problem.row else "the file"
    return f"{problem.file}: {row}{f', column {problem.column}' if problem.column else ''}"


def _text(problem: Problem) -> str:
    from eventcode.contribute.rules import rule

    head = f"{_place(problem)}: {problem.code} {problem.severity}: {rule(problem.code).title}"
    return f"{head}\n    found     {problem.found or _EMPTY}\n    expected  {problem.expected}\n    fix       {problem.fix}"


def _github(problem: Problem) -> str:
    level = "error" if problem.severity == "error" else "warning"
    text = f"{_place(problem)}: found {problem.found or _EMPTY}; expected {problem.expected}; {problem.fix}".replace("%", "%25").replace(
        "\n", "%0A"
    )
    header = not problem.file.endswith((".jsonl", ".ndjson"))
    line = problem.row + header if problem.row else 1
    return f"::{level} file={problem.file},line={line},title={problem.code}::{text}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _summary(checked: Checked) -> str:
    rows = f"{checked.file}: {_count(checked.rows, 'row')}"
    if not checked.problems:
        return f"{rows}, no problems"
    found = f"{_count(checked.errors, 'error')}, {_count(len(checked.problems) - checked.errors, 'warning')}"
    return f"{rows}, {found}; explain a rule with: eventcode rule {checked.problems[0].code}"


def _contributions(name: str) -> list[str]:
    from eventcode.contribute.read import contributions_in

    return [str(p) for p in contributions_in(Path(name))] if Path(name).is_dir() else [name]


def validate(
    files: Annotated[
        list[str], typer.Argument(help="Contributions (.csv, .jsonl, .parquet), folders of them, or - for JSON lines on standard input.")
    ],
    form: Annotated[Format, typer.Option("--format", help="How problems are printed.")] = Format.text,
    articles: Annotated[Path | None, typer.Option("--articles", help="Folder of the articles that rows may name as their source.")] = None,
) -> None:
    """Check contributions: every problem with its row, what was found, what was expected and the fix.

    Exit code 0: clean. 1: problems found. 2: a file could not be read.

    \b
    eventcode validate my-events.csv
    eventcode code - < articles.jsonl | eventcode validate -
    eventcode validate dataset/contributions/ --articles seeds/
    """
    from eventcode.coder import articles as reading
    from eventcode.contribute import gate

    known = [article.id for article in reading.read([articles])] if articles else None
    checked, unread = [], 0
    for file in (p for name in files for p in _contributions(name)):
        try:
            checked.append(gate.validate(file, articles=known))
        except InputError as error:
            typer.echo(f"eventcode: {error}", err=True)
            unread += 1
    if form is Format.json:
        typer.echo(json.dumps([p.as_dict() for c in checked for p in c.problems], indent=1, ensure_ascii=False))
    else:
        for each in checked:
            for problem in each.problems:
                typer.echo(_github(problem) if form is Format.github else _text(problem))
    for each in checked:
        typer.echo(_summary(each), err=form is not Format.text)
    raise typer.Exit(2 if unread else int(any(c.errors for c in checked)))


def rule(code: Annotated[str, typer.Argument(help="Code of a rule, such as EC203.")]) -> None:
    """Explain a rule of the gate.

    \b
    eventcode rule EC204
    """
    from eventcode.contribute import rules

    found = rules.rule(code)
    typer.echo(f"{found.code}  {found.title} ({found.severity})\n\n{found.what}\n{found.why}\n\nwrong  {found.wrong}\nright  {found.right}")
