"""The `eventcode` command."""

from __future__ import annotations

import sys
import warnings
from typing import Annotated

import typer

from eventcode import __version__
from eventcode.cli import actors, adjudicate, agreement, annotate, code, codes, demo, evaluate, release, template, validate
from eventcode.errors import EventcodeError

app = typer.Typer(
    name="eventcode", no_args_is_help=True, add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False, help=__doc__
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"eventcode {__version__}")
        raise typer.Exit


@app.callback()
def main(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False) -> None:
    """Political events from news text: code articles, check contributions, build, verify, load and cite releases.

    The way of the data: `code` articles, `validate` the reports, `release build`, then load and `cite`. Try `eventcode demo`.
    """


app.command("code")(code.code)
app.command("template")(template.template)
app.command("validate")(validate.validate)
app.command("rule")(validate.rule)
app.command("evaluate")(evaluate.evaluate)
app.command("agreement")(agreement.agreement)
app.command("adjudicate")(adjudicate.adjudicate)
app.command("codes")(codes.codes)
app.command("schema")(codes.schema)
app.command("cite")(release.cite)
app.command("demo")(demo.demo)
app.add_typer(release.app, name="release")
app.add_typer(actors.app, name="actors")
app.add_typer(annotate.app, name="annotate")


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    typer.echo(f"eventcode: warning: {message}", err=True)


def run() -> None:
    """Run the command line; what cannot run ends with one clear line and exit code 2."""
    warnings.showwarning = _warn
    try:
        app()
    except EventcodeError as error:
        typer.echo(f"eventcode: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except OSError as error:
        place = f"{error.filename}: " if error.filename is not None else ""
        typer.echo(f"eventcode: {place}{error.strerror or error}", err=True)
        sys.exit(2)
