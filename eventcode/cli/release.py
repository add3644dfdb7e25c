"""`eventcode release` and `eventcode cite`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eventcode import resources

app = typer.Typer(no_args_is_help=True, help="Build, verify and list releases.")


Dataset = Annotated[Path, typer.Option("--dataset", help="Folder of the releases; the package's own where not given.")]


class Style(StrEnum):
    """Forms of a citation."""

    apa = "apa"
    bibtex = "bibtex"
    cff = "cff"
    csl_json = "csl-json"
    ris = "ris"


@app.command("build")
def build(
    version: Annotated[str, typer.Argument(help="Version of the release, such as 0.2.0.")],
    date: Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="Day of publication; never taken from the clock.")],
    contributions: Annotated[Path, typer.Option(help="Folder of the contributions.", exists=True, file_okay=False)] = Path(
        "dataset/contributions"
    ),
    articles: Annotated[Path, typer.Option(help="Folder of the articles that they name.", exists=True, file_okay=False)] = Path("seeds"),
    out: Annotated[Path, typer.Option("--out", help="Folder of the releases.")] = Path("dataset"),
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
def verify(folder: Annotated[Path, typer.Argument(help="Folder of the release.")]) -> None:
    """Check a release: every byte, every table against the contract, keys and references.

    \b
    eventcode release verify dataset/0.1.0
    """
    from eventcode.publish import release

    faults = release.verify(folder)
    for fault in faults:
        typer.echo(f"{folder}: {fault}")
    typer.echo(f"{folder}: {len(faults)} faults" if faults else f"{folder}: whole, as published")
    raise typer.Exit(int(bool(faults)))


@app.command("list")
def list_(dataset: Dataset = resources.DATASET) -> None:
    """List the releases, oldest first.

    \b
    eventcode release list --dataset mine/dataset
    """
    resources.release_folder(dataset=dataset)  # where there is none, say so as `cite` does
    for version in resources.releases(dataset):
        typer.echo(version)


def cite(
    version: Annotated[str | None, typer.Argument(help="Version of the release; the newest where not given.")] = None,
    style: Annotated[Style, typer.Option("--format", help="Form of the citation.")] = Style.apa,
    dataset: Dataset = resources.DATASET,
) -> None:
    """Print the citation of a release.

    \b
    eventcode cite
    eventcode cite 0.1.0 --format bibtex
    eventcode cite --dataset mine/dataset
    """
    from eventcode.publish.cite import cite as make

    typer.echo(make(version, style=style.value, dataset=dataset), nl=False)
