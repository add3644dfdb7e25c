"""Rules over a column: what its values show of it as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from eventcode.contribute.columns import COLUMNS
from eventcode.contribute.judge.codes import actor
from eventcode.contribute.notes import Notes, Verdict
from eventcode.contribute.rules import rules
from eventcode.model import grammar
from eventcode.resources import codes

_SAMPLE = 10_000
_LETTERS = re.compile(r"[^\W\d_]{3}")
_CODE = re.compile(r"(?:[A-Z]{3}){1,8}")


def _share(values: pl.Series, holds: Callable[[str], bool], least: int) -> tuple[float, str]:
    """Share of the values, of the first thousands, that something holds of, and the first of these; 0 of fewer values than the least."""
    some = values.drop_nulls().head(_SAMPLE)
    counts = some.value_counts(sort=True)
    held = {text: number for text, number in counts.iter_rows() if holds(text)}
    if len(some) < least or not held:
        return 0.0, ""
    return sum(held.values()) / len(some), next(iter(held))


def _is_name(text: str) -> bool:
    """True for words where an actor's code belongs: no code in any spelling."""
    return (
        not grammar.is_actor(text) and bool(_LETTERS.search(text)) and not _CODE.fullmatch(text) and actor(text).code in {"EC205", "EC215"}
    )


def shown(frame: pl.DataFrame) -> list[tuple[str, str, Verdict]]:
    """Columns that do not hold what their name says: the column, what was found, the verdict."""
    found = []
    about = {name: rules()[name].limits for name in ("EC106", "EC107")}
    if "source" in frame.columns:
        share, first = _share(frame["source"], grammar.is_actor, about["EC106"]["rows"])
        if share >= about["EC106"]["share"]:
            fix = "give the articles' ids in source, and who did it in actor"
            found.append(("source", f"{first} and the like", Verdict("EC106", "ids of articles, links or DOIs", fix)))
    for name in ("actor", "target"):
        if name in frame.columns:
            share, first = _share(frame[name], _is_name, about["EC107"]["rows"])
            if share >= about["EC107"]["share"]:
                fix = f"look the codes up: eventcode codes WORDS; keep the words in {name}_text"
                found.append((name, f"{first} and the like", Verdict("EC107", f"codes, such as {COLUMNS[name].example}", fix)))
    return found


def zeros(frame: pl.DataFrame, notes: Notes, *, numeric: bool) -> None:
    """Note actions that may be another code without its zero, in a column in which zeros were lost.

    Args:
        frame: The batch.
        notes: Takes what is found.
        numeric: True where the column came as numbers, in which every leading zero is lost.
    """
    action = pl.col("action")
    lost = numeric or bool(
        frame.select(
            (action.is_in([code[1:] for code in codes("actions") if code[0] == "0"]) & ~action.is_in(sorted(codes("actions")))).any()
        ).item()
    )
    if not lost or bool(frame.select(action.str.starts_with("0").any()).item()):
        return
    two = sorted(code for code in codes("actions") if "0" + code in codes("actions"))
    mask = frame.select(action.is_in(two).fill_null(value=False)).to_series()
    expected = pl.format("{} or 0{}", action, action)
    say: dict[str, pl.Expr | str | None] = {
        "found": action,
        "expected": expected,
        "fix": "look it up where it was written first: which of the two it was cannot be told",
    }
    notes.note("EC228", "action", mask, frame, say)
