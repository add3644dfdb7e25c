"""`eventcode demo`: the whole way of the data, on the articles in seeds/."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from eventcode.errors import InputError

_DAY = date(2000, 1, 1)
"""Day of a demonstration of articles without a day."""
_MADE = {"contributions": {"demo.jsonl"}, "coverage": {"demo.csv"}, "dataset": {"0.0.0", "index.json", "index.json.sha256"}}
"""What a demonstration leaves behind, and may replace."""
_SHOWN = ("date", "actor", "action", "target", "status", "trigger")


def _show(folder: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    from eventcode.codebook.actions import action
    from eventcode.publish.load import load

    events, reports = load(folder.name, dataset=folder.parent), load(folder.name, "reports", dataset=folder.parent)
    events["trigger"] = events["event_id"].map(reports.drop_duplicates("event_id").set_index("event_id")["trigger"])
    table = Table(
        title=f"{len(events)} events from {events['source'].nunique()} articles, loaded back with eventcode.load(); the 25 surest"
    )
    for name in (*_SHOWN, "what"):
        table.add_column(name, no_wrap=name != "what")
    surest = (
        events.sort_values(["confidence", "date", "event_id"], ascending=[False, True, True]).head(25).sort_values(["date", "event_id"])
    )
    for row in surest.to_dict("records"):
        cells = [str(row["date"].date()), *(str(row[name]) if row[name] == row[name] else "" for name in _SHOWN[1:])]
        table.add_row(*cells, action(row["action"]).name)
    Console(width=140).print(table)


def _is_ours(into: Path) -> bool:
    """True where a folder holds nothing but what an earlier demonstration left, so that it can be replaced."""
    if not into.is_dir():
        return not into.exists()
    return all(p.name in _MADE and p.is_dir() and {c.name for c in p.iterdir()} <= _MADE[p.name] for p in into.iterdir())


def _day(articles: Path) -> date:
    """A day for the release: it is no publication, and hangs on the articles alone, so that it gives the same bytes each time."""
    from eventcode.coder.articles import read

    return max((article.published for article in read([articles]) if article.published), default=_DAY) + timedelta(days=366)


def demo(
    articles: Annotated[Path, typer.Argument(help="Folder of articles.")] = Path("seeds"),
    into: Annotated[Path, typer.Option("--into", help="Folder for the results; its former contents are replaced.")] = Path("build/demo"),
) -> None:
    """Code the articles, check the reports, build a release, verify it and load it back.

    \b
    eventcode demo
    eventcode demo my-articles/ --into results/
    """
    from eventcode import resources
    from eventcode.cli.code import code
    from eventcode.contribute import gate
    from eventcode.publish import metadata, release

    if not articles.is_dir():
        raise InputError("no such folder", where=str(articles), expected="a folder of articles", fix="name one: eventcode demo FOLDER")
    if not _is_ours(into):
        raise InputError("the folder holds something else", where=str(into), expected="an empty folder, or one of an earlier demo")
    shutil.rmtree(into, ignore_errors=True)
    reports = into / "contributions" / "demo.jsonl"
    coverage = release.coverage_file(reports)
    for folder in (reports.parent, coverage.parent):
        folder.mkdir(parents=True)
    typer.echo(f"1. code      {articles} -> {reports}")
    code([str(articles)], output=reports, coverage=coverage)
    checked = gate.validate(reports)
    typer.echo(f"2. validate  {checked.rows} rows, {checked.errors} errors")
    folder = release.build(
        "0.0.0",
        day=_day(articles),
        contributions=reports.parent,
        articles=articles,
        out=into / "dataset",
        about=metadata.About.read(resources.DATASET),
    )
    typer.echo(f"3. build     {folder}")
    faults = release.verify(folder)
    typer.echo(f"4. verify    {'; '.join(faults) or 'whole'}")
    if faults:
        raise typer.Exit(1)
    _show(folder)
