"""`eventcode release` and `eventcode cite`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eventcode import resources
from eventcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventcode.publish.diff import Diff
    from eventcode.publish.plan import Plan
    from eventcode.publish.release import Planned

app = typer.Typer(no_args_is_help=True, help="Plan, build, verify, compare and list releases.")


Dataset = Annotated[Path, typer.Option("--dataset", help="Folder of the releases; the package's own where not given.")]
Contributions = Annotated[Path, typer.Option("--contributions", help="Folder of the contributions.", exists=True, file_okay=False)]
Articles = Annotated[Path, typer.Option("--articles", help="Folder of the articles that they name.", exists=True, file_okay=False)]
Out = Annotated[Path, typer.Option("--out", help="Folder of the releases.")]
Day = Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="Day of publication; never taken from the clock.")]


class Form(StrEnum):
    """Forms of what differs between two releases."""

    text = "text"
    md = "md"
    json = "json"


class Style(StrEnum):
    """Forms of a citation."""

    apa = "apa"
    bibtex = "bibtex"
    cff = "cff"
    csl_json = "csl-json"
    ris = "ris"
    text = "text"


def _planned(version: str, date: datetime, contributions: Path, articles: Path, out: Path) -> Planned:
    from eventcode.publish import release

    return release.plan(version, day=date.date(), contributions=contributions, articles=articles, out=out)


def _next(date: datetime, contributions: Path, articles: Path, out: Path) -> Planned:
    """The next release with the lowest version that its changes allow: which contributions count in it hangs on the version."""
    from eventcode.publish.plan import lowest

    known = resources.releases(out)
    made = _planned(lowest(known[-1] if known else "", "patch"), date, contributions, articles, out)
    for _ in range(3):
        if made.version == made.plan.version:
            break
        made = _planned(made.plan.version, date, contributions, articles, out)
    return made


def _print_plan(plan: Plan) -> None:
    """Print what would change."""
    from eventcode.publish.diff import counted

    typer.echo(f"since     {plan.last or 'nothing: this is the first release'}")
    typer.echo(f"change    {plan.level}: {'; '.join(plan.why)}")
    typer.echo(f"version   {plan.version} or higher")
    for table, (before, now) in plan.rows.items():
        typer.echo(f"{table:13} {before:>10,} -> {now:,} rows")
    typer.echo("events    " + ", ".join(f"{number:,} {kind}" for kind, number in plan.diff.numbers().items()))
    for line in counted(plan.diff):
        typer.echo(line)


@app.command("plan")
def plan(
    date: Day,
    version: Annotated[str | None, typer.Argument(help="Version that is meant; the lowest that the rules allow is told anyway.")] = None,
    contributions: Contributions = Path("dataset/contributions"),
    articles: Articles = Path("seeds"),
    out: Out = Path("dataset"),
) -> None:
    """Tell what a release would change, and which version that demands: nothing is written.

    Versions: patch where the rows are equal, minor where rows were added, revised or retracted or a table is new, major where columns are others.

    \b
    eventcode release plan --date 2026-12-01
    eventcode release plan 1.1.0 --date 2026-12-01
    """
    made = _planned(version, date, contributions, articles, out) if version else _next(date, contributions, articles, out)
    typer.echo(f"planned   {made.version}")
    _print_plan(made.plan)
    if version:
        made.plan.refuse(version)


@app.command("build")
def build(
    version: Annotated[str, typer.Argument(help="Version of the release, such as 0.2.0.")],
    date: Day,
    contributions: Contributions = Path("dataset/contributions"),
    articles: Articles = Path("seeds"),
    out: Out = Path("dataset"),
) -> None:
    """Build a release from the contributions: all of it, or nothing. A release that is there is never changed.

    \b
    eventcode release build 0.2.0 --date 2026-12-01
    """
    from eventcode.publish import metadata, release

    about = metadata.About.read(out if (out / "about.toml").is_file() else resources.DATASET)
    folder = release.build(version, day=date.date(), contributions=contributions, articles=articles, out=out, about=about)
    typer.echo(f"built {folder}")


@app.command("verify")
def verify(
    folder: Annotated[Path, typer.Argument(help="Folder of the release.")],
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make it again from its contributions too, and compare.")] = False,
    contributions: Annotated[Path, typer.Option("--contributions", help="With --rebuild: folder of the contributions.")] = Path(
        "dataset/contributions"
    ),
    articles: Annotated[Path, typer.Option("--articles", help="With --rebuild: folder of the articles.")] = Path("seeds"),
) -> None:
    """Check a release: every byte, every table against the contract, keys and references; with --rebuild that its contributions give the same again.

    \b
    eventcode release verify dataset/0.1.0
    eventcode release verify dataset/1.0.0 --rebuild
    """
    from eventcode.publish.verify import verify as check

    faults = check(folder)
    if rebuild and not faults:
        faults = _rebuilt(folder, contributions, articles)
    for fault in faults:
        typer.echo(f"{folder}: {fault}")
    typer.echo(f"{folder}: {len(faults)} faults" if faults else f"{folder}: whole, as published")
    raise typer.Exit(int(bool(faults)))


def _rebuilt(folder: Path, contributions: Path, articles: Path) -> list[str]:
    """What is other where a release is made again."""
    from eventcode.publish.describe import descriptor
    from eventcode.publish.rebuild import rebuild

    for path in (contributions, articles):
        if not path.is_dir():
            raise InputError(
                "no such folder",
                where=str(path),
                expected="that from which the release was built",
                fix="name it with --contributions and --articles",
            )
    made = rebuild(folder, contributions=contributions, articles=articles)
    if made.same:
        typer.echo(f"{folder}: made again with the same bytes: {', '.join(made.same)}")
    if made.equal:
        typer.echo(f"{folder}: made again with the same content, in other bytes: {', '.join(made.equal)}")
    if made.skipped:
        typer.echo(f"{folder}: not compared, since {descriptor(folder).get('builtWith')} wrote them: {', '.join(made.skipped)}")
    return list(made.other)


@app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(help="Version of the earlier release.")],
    new: Annotated[str, typer.Argument(help="Version of the later release.")],
    form: Annotated[Form, typer.Option("--format", help="How it is printed.")] = Form.text,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the changes as .parquet, .md, .json or .txt.")] = None,
    dataset: Dataset = resources.DATASET,
) -> None:
    """Tell what differs between two releases: events and their values with reasons, and the counts that are others.

    \b
    eventcode release diff 0.1.0 1.0.0
    eventcode release diff 0.1.0 1.0.0 --format md
    eventcode release diff 0.1.0 1.0.0 -o changes.parquet
    """
    from eventcode.publish import diff as differing

    made = differing.diff(old, new, dataset)
    if output is None:
        typer.echo(_texts()[form.value](made), nl=False)
    else:
        _write(made, output)


def _texts() -> dict[str, Callable[[Diff], str]]:
    from eventcode.publish import diff as differing

    return {"text": differing.text, "txt": differing.text, "md": differing.changes_md, "json": differing.as_json}


def _write(made: Diff, output: Path) -> None:
    """Write what differs, whole or not at all."""
    from eventcode.contract.arrow import arrow_frame
    from eventcode.model.tables import Change
    from eventcode.publish.write import parquet

    ending = output.suffix.removeprefix(".")
    if ending != "parquet" and ending not in _texts():
        raise InputError(
            f"cannot write {output.suffix or 'a file without an ending'}", where=str(output), expected=".parquet, .md, .json or .txt"
        )
    beside = output.with_name(f".{output.name}.partial")
    try:
        if ending == "parquet":
            parquet(arrow_frame(Change, made.changes), beside)
        else:
            beside.write_text(_texts()[ending](made), encoding="utf-8", newline="\n")
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)
    typer.echo(f"wrote {output}", err=True)


@app.command("list")
def list_(dataset: Dataset = resources.DATASET) -> None:
    """List the releases, oldest first, from the index that lies beside them.

    \b
    eventcode release list --dataset mine/dataset
    """
    from eventcode.publish.index import INDEX, read

    resources.release_folder(dataset=dataset)  # where there is none, say so as `cite` does
    path = dataset / INDEX
    for version in read(path).versions() if path.is_file() else resources.releases(dataset):
        typer.echo(version)


def cite(
    version: Annotated[str | None, typer.Argument(help="Version of the release; the newest where not given.")] = None,
    style: Annotated[Style, typer.Option("--format", help="Form of the citation.")] = Style.apa,
    of: Annotated[
        Path | None, typer.Option("--of", help="A .parquet file that pandas wrote of loaded rows: they are cited.", exists=True)
    ] = None,
    filters: Annotated[str | None, typer.Option("--filters", help="With --of: how the rows were chosen, in words.")] = None,
    dataset: Dataset = resources.DATASET,
) -> None:
    """Print the citation of a release, or of rows of one.

    \b
    eventcode cite
    eventcode cite 0.1.0 --format bibtex
    eventcode cite --of fights.parquet --filters "root == '19'"
    eventcode cite --dataset mine/dataset
    """
    from eventcode.publish.cite import cite as make

    if of is None:
        typer.echo(make(version, style=style.value, dataset=dataset), nl=False)
        return
    if version is not None:
        raise InputError("a version and a file", where=str(of), expected="one of the two: the file says which release its rows are of")
    import pandas as pd

    typer.echo(make(pd.read_parquet(of), style=style.value, dataset=dataset, filters=filters), nl=False)
