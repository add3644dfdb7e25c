"""Rules over a column: what its values show of it as a whole."""

from __future__ import annotations

import polars as pl

from eventcode.contribute.columns import COLUMNS
from eventcode.contribute.notes import Notes, Verdict
from eventcode.contribute.rules import rules
from eventcode.model import grammar
from eventcode.resources import codes

_SAMPLE = 10_000
_CODE = r"^[A-Z]{3}(?:[A-Z]{3}){0,7}$"


def _share(values: pl.Series, holds: pl.Expr) -> float:
    """Share of the values, of the first thousands, that an expression holds of."""
    some = values.drop_nulls().head(_SAMPLE)
    return float(some.to_frame("value").select(holds.mean()).item() or 0.0) if len(some) else 0.0


def shown(frame: pl.DataFrame, sent: pl.DataFrame) -> list[tuple[str, str, Verdict]]:
    """Columns that do not hold what their name says: the column, what was found, the verdict."""
    found = []
    value = pl.col("value").cast(pl.String)
    if "source" in frame.columns and frame["source"].n_unique() > 0:
        actors = _share(frame["source"], value.str.contains(grammar.actor_pattern()))
        if actors >= rules()["EC106"].limits["share"]:
            first = frame["source"].drop_nulls()[0]
            fix = "give the articles' ids in source, and who did it in actor"
            found.append(("source", f"{first} and the like", Verdict("EC106", "ids of articles, links or DOIs", fix)))
    for name in ("actor", "target"):
        if name in sent.columns:
            names = _share(sent[name], ~value.str.strip_chars().str.contains(rf"(?i){_CODE}"))
            if names >= rules()["EC107"].limits["share"]:
                first = sent[name].drop_nulls()[0]
                fix = "look the codes up: eventcode codes WORDS; keep the words in " + f"{name}_text"
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
    lost = numeric or bool(frame.select((action.is_in([code[1:] for code in codes("actions") if code[0] == "0"]) & ~action.is_in(sorted(codes("actions")))).any()).item())
    if not lost or bool(frame.select(action.str.starts_with("0").any()).item()):
        return
    two = sorted(code for code in codes("actions") if "0" + code in codes("actions"))
    mask = frame.select(action.is_in(two).fill_null(value=False)).to_series()
    expected = pl.format("{} or 0{}", action, action)
    say = {"found": action, "expected": expected, "fix": "look at the first file: which of the two it was cannot be told"}
    notes.note("EC228", "action", mask, frame, say)
