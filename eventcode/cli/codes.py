"""`eventcode codes` and `eventcode schema`: the codebook and the generated contract."""

from __future__ import annotations

from typing import Annotated

import typer

from eventcode import resources
from eventcode.errors import UnknownCodeError


def _action(code: str) -> str:
    from eventcode.codebook.actions import action

    found = action(code)
    scores = ", ".join(
        f"{name} {'none' if score is None else score}"
        for name, score in (("GDELT", found.goldstein), ("ICEWS", found.goldstein_icews), ("KEDS", found.goldstein_keds))
    )
    return "\n".join([
        f"{found.code}  {found.name}",
        f"  parent {found.parent or 'none'}, root {found.root}, quad class {found.quad_class} (GDELT) {found.quad_class_phoenix} (Phoenix), PLOVER {found.plover or 'none'}",
        f"  Goldstein: {scores}",
        f"  {found.definition}",
        f"  Use when: {found.use_when}",
        f"  Example: {found.example}",
        f"  Not this: {found.decoy} ({'no event' if found.decoy_code == 'none' else found.decoy_code})",
    ])  # fmt: skip


def _row(codelist: str, row: dict[str, str]) -> str:
    details = [f"  {key}: {value}" for key, value in row.items() if value and key not in {"code", "name"}]
    return "\n".join([f"{row['code']}  {row['name']} ({codelist})", *details])


def _exact(code: str) -> list[str]:
    found = [_action(code)] if code in resources.codes("actions") else []
    for codelist in ("countries", "regions", "roles", "groups"):
        found += [_row(codelist, row) for row in resources.rows(codelist) if row["code"] == code]
    return found


def codes(words: Annotated[list[str], typer.Argument(help="A code, or words to search for.")]) -> None:
    """Look up a code, or search actions, countries, roles and groups.

    \b
    eventcode codes 190
    eventcode codes AZEMIL
    eventcode codes cease fire
    """
    from eventcode.codebook import actors
    from eventcode.model import grammar

    wanted = " ".join(words)
    found = _exact(wanted)
    if not found and len(wanted) > 3 and grammar.is_actor(wanted):
        found = [f"{wanted}  {actors.name(wanted)}", *(text for part in dict.fromkeys(grammar.chunks(wanted)) for text in _exact(part))]
    if not found:
        found = [f"{code:<6} {name}  ({codelist})" for codelist, code, name in actors.search(wanted)]
    if not found:
        raise UnknownCodeError(f"nothing found for {wanted!r}", expected="a code, or words of a name or definition", fix="try fewer words")
    typer.echo("\n".join(found))


def _stale() -> dict[str, str]:
    """The generated files of `schema/` that are not up to date, by their path below it, with the text that they should have."""
    from eventcode.contract.describe import contract_files
    from eventcode.contribute import rules

    files = {**contract_files(), "RULES.md": rules.page()}
    return {
        name: text for name, text in files.items() if not (p := resources.SCHEMA / name).is_file() or p.read_text(encoding="utf-8") != text
    }


def schema(check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where a file is not up to date.")] = False) -> None:
    """Write the generated files of schema/: JSON Schema, table schema, CODEBOOK.md, CODEBOOK.html and RULES.md."""
    from eventcode.contract.describe import export

    stale = _stale()
    if check and stale:
        typer.echo(f"schema/: not up to date: {', '.join(stale)}; run: eventcode schema", err=True)
        raise typer.Exit(1)
    if not check:
        export(resources.SCHEMA)
        if "RULES.md" in stale:
            (resources.SCHEMA / "RULES.md").write_text(stale["RULES.md"], encoding="utf-8", newline="\n")
    written = "\n".join(f"written: {resources.SCHEMA.name}/{name}" for name in stale)
    typer.echo(written or "schema/ is up to date")
