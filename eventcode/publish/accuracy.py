"""ACCURACY.md: who coded the events, how far the readers agreed, and how the program's own coding compares with what is published."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from eventcode.codebook.actions import action
from eventcode.contribute.agreement import Row, Unit, aligned, compare
from eventcode.publish.sources import Source, of_role

_COMPARED = ("actor", "action", "target", "status", "attributed_to", "date", "date_precision", "place", "country")
_Z = 1.959964
_ADJUDICATED = (
    " Two readings were made independently by the same language model with the written rules; it then adjudicated where they differed, and wrote the reason into `note`. "
    "Two readings by one model agree more than two people would: the figures below say how clear the rules are, not how right the coding is."
)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson's).

    >>> [round(bound, 3) for bound in wilson(8, 10)]
    [0.49, 0.943]
    """
    if not of:
        return 0.0, 1.0
    share, square = hits / of, _Z**2 / of
    middle, half = share + square / 2, _Z * math.sqrt(share * (1 - share) / of + square / (4 * of))
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))


def _share(hits: int, of: int) -> str:
    if not of:
        return "n/a"
    low, high = wilson(hits, of)
    return f"{hits / of:.2f} ({low:.2f} to {high:.2f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    said = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in said), ""]


def _said(row: Row, name: str) -> object:
    """What a row says in a column; a status that is not given is read as asserted."""
    return row.get(name) or ("asserted" if name == "status" else None)


def _readers(readings: Sequence[Path]) -> list[str]:
    made = compare(readings)
    files = ", ".join(f"`{Path(name).name}` ({number} reports)" for name, number in made.reports.items())
    rows = [
        (
            f"`{c.name}`",
            "n/a" if c.alpha is None else f"{c.alpha:.3f} ({c.low:.3f} to {c.high:.3f})",
            "n/a" if c.share is None else f"{c.share:.3f}",
            c.units,
        )
        for c in made.columns
    ]
    return [
        "## How far the readers agreed",
        "",
        f"{files}.",
        *(
            f"Both {' and '.join(f'`{Path(c).name}`' for c in p.coders)} found {p.both} of {p.either} reports (F1 {p.f1 or 0.0:.3f})."
            for p in made.pairs
        ),
        "Krippendorff's alpha with 95 % intervals, over the reports that both found:",
        "",
        *_table(("column", "alpha", "share agreeing", "reports"), rows),
    ]


def _by_root(units: Sequence[Unit]) -> list[tuple[object, ...]]:
    made, wanted, hits = Counter[str](), Counter[str](), Counter[str]()
    for ours, theirs in units:
        if ours:
            made[ours["action"][:2]] += 1
        if theirs:
            wanted[theirs["action"][:2]] += 1
        if ours and theirs and ours["action"][:2] == theirs["action"][:2]:
            hits[ours["action"][:2]] += 1
    return [
        (f"{root} {action(root).name}", made[root], wanted[root], _share(hits[root], made[root]), _share(hits[root], wanted[root]))
        for root in sorted(made | wanted)
    ]


def _program(program: Path, published: Path) -> list[str]:
    units = aligned([program, published])
    both = [(a, b) for a, b in units if a and b]
    ours, theirs = sum(a is not None for a, _ in units), sum(b is not None for _, b in units)
    whole = sum(
        all((a[c] or "")[:3] == (b[c] or "")[:3] for c in ("actor", "target")) and a["action"][:2] == b["action"][:2] for a, b in both
    )
    columns = [(f"`{name}`", _share(sum(_said(a, name) == _said(b, name) for a, b in both), len(both))) for name in _COMPARED]
    return [
        f"## The program's own coding: `{program.name}`",
        "",
        f"Scored against `{published.name}`. A report of the program is paired with the published one that stands on the same words and is most like it. Shares with 95 % intervals.",
        "",
        *_table(
            ("", "share"),
            [
                ("the program's reports that stand where a published one does", _share(len(both), ours)),
                ("published reports that the program found", _share(len(both), theirs)),
                ("the program's reports with the published root and countries of both sides", _share(whole, ours)),
                ("published reports found with root and countries of both sides", _share(whole, theirs)),
            ],
        ),
        "Where both have a report, the program says the same:",
        "",
        *_table(("column", "share"), columns),
        "By root:",
        "",
        *_table(("root", "program", "published", "precision", "recall"), _by_root(units)),
    ]


def _how(events: pl.DataFrame) -> str:
    by_machine = events.filter(~pl.col("coder").str.starts_with("person:")).height
    if by_machine < events.height:
        return f"{by_machine} of {events.height} events were coded by a program or a language model."
    return "Every event was coded by a program or a language model; no person has checked them."


def _built_from(parts: Sequence[Source]) -> list[str]:
    """The contributions that play a part, with what is noted of them."""
    rows = [(f"`{part.file.name}`", part.role, part.note) for part in sorted(parts, key=lambda each: each.file.name)]
    return ["## What it is built from", "", *_table(("contribution", "part", ""), rows)]


def accuracy_md(version: str, events: pl.DataFrame, parts: Sequence[Source]) -> str:
    """What is known of how right the events are.

    Args:
        version: The release.
        events: Its events.
        parts: Contributions that it is built from; readings whose differences were adjudicated, and a program's own coding, are kept beside.
    """
    published, readings, programs = (of_role(parts, *roles) for roles in (("published", "partly"), ("reading",), ("program",)))
    coders, statuses = (dict(events[name].value_counts().iter_rows()) for name in ("coder", "status"))
    lines = [
        f"# Accuracy of {version}",
        "",
        _how(events) + (_ADJUDICATED if len(readings) > 1 else " How many are right is not known."),
        "",
    ]
    lines += _built_from(parts)
    lines += ["## Coders", "", *(f"- {coder}: {number} events" for coder, number in sorted(coders.items())), ""]
    lines += ["## Status", "", *(f"- {status}: {number} events" for status, number in sorted(statuses.items())), ""]
    if len(readings) > 1:
        lines += _readers(readings)
    for program in programs:
        lines += [line for file in published for line in _program(program, file)]
    lines += ["`confidence` is the probability that a program gives its report; people and language models give none.", ""]
    return "\n".join(lines)
