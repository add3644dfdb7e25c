"""What the gate notes of one batch of rows: which cells are wrong, how often each rule is broken, the first cases of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from eventcode.contribute.rules import rules

CASES = {
    "index": pl.UInt32,
    "code": pl.String,
    "column": pl.String,
    "found": pl.String,
    "expected": pl.String,
    "fix": pl.String,
    "becomes": pl.String,
}
"""Columns of the table of cases; `index` counts the rows of the batch from 0, `becomes` is the repaired value, null where none is certain."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a value is not accepted.

    Attributes:
        code: Rule that it breaks.
        expected: What would be right.
        fix: What to do.
        becomes: The repaired value where only one is possible.
    """

    code: str
    expected: str
    fix: str
    becomes: str | None = None


def as_text(value: pl.Expr) -> pl.Expr:
    """A value of any type as text, empty where missing."""
    return value.cast(pl.String).fill_null("")


@dataclass(slots=True)
class Notes:
    """What is wrong in a batch of `height` rows.

    Attributes:
        height: Number of rows.
        active: Rules that are asked for; others are not noted.
        room: For each rule how many more cases are kept; None keeps all. It is shared by the batches of a file.
        counts: How often each rule is broken.
        cases: The cases that are kept, as tables with the columns of `CASES`.
        bad: For each column the rows whose cell is wrong: later rules that use the cell pass the row over.
        refused: The rows with an error.
        repairable: Number of problems of which the repair is certain.
        links: Articles that are known by their links alone: link by the id that was made of it.
    """

    height: int
    active: Collection[str]
    room: dict[str, int] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    cases: list[pl.DataFrame] = field(default_factory=list)
    bad: dict[str, pl.Series] = field(default_factory=dict)
    repairable: int = 0
    links: dict[str, str] = field(default_factory=dict)
    refused: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.Boolean))

    def __post_init__(self) -> None:
        """Nothing is wrong at first."""
        self.refused = self.none()

    def none(self) -> pl.Series:
        """A mask of no row."""
        return pl.repeat(value=False, n=self.height, dtype=pl.Boolean, eager=True)

    def spoil(self, column: str, mask: pl.Series) -> None:
        """Remember wrong cells of a column."""
        self.bad[column] = self.bad[column] | mask if column in self.bad else mask

    def good(self, columns: Collection[str]) -> pl.Series | None:
        """Mask of the rows in which none of the columns' cells is wrong; None where that is every row."""
        masks = [self.bad[name] for name in columns if name in self.bad]
        return ~pl.select(pl.any_horizontal(*masks)).to_series() if masks else None

    def note(self, code: str, column: str, mask: pl.Series, frame: pl.DataFrame, say: Mapping[str, pl.Expr | str | None]) -> None:
        """Note a rule that some rows break.

        Args:
            code: The rule.
            column: The column whose cell is wrong; empty for the row as a whole.
            mask: The rows.
            frame: The batch, of which `say` tells.
            say: found, expected and fix as text or as expressions over the frame; `becomes` where a repair is certain.
        """
        number = int(mask.sum())
        if not number:
            return
        error = rules()[code].severity == "error"
        if error and column:
            self.spoil(column, mask)
        if code not in self.active:
            return
        self.counts[code] += number
        if error:
            self.refused = self.refused | mask
        told = {name: value if isinstance(value, pl.Expr) else pl.lit(value, dtype=pl.String) for name, value in say.items()}
        if "becomes" in told:
            self.repairable += int(frame.filter(mask).with_columns(told["becomes"].alias("_becomes"))["_becomes"].is_not_null().sum())
        told.setdefault("becomes", pl.lit(None, dtype=pl.String))
        kept = number if self.room is None else min(number, self.room.setdefault(code, 0))
        if kept == 0:
            return
        if self.room is not None:
            self.room[code] -= kept
        at = mask.arg_true().head(kept)
        said = [told[name].alias(name) for name in list(CASES)[3:]]
        made = frame[at].with_columns(at.alias("index"), pl.lit(code).alias("code"), pl.lit(column).alias("column"), *said)
        self.cases.append(made.select(pl.col(name).cast(kind) for name, kind in CASES.items()))

    def judged(self, column: str, values: pl.Series, verdicts: Mapping[str, Verdict]) -> None:
        """Note the cells of a column whose text has a verdict.

        Args:
            column: The column.
            values: Its cells as text.
            verdicts: For each text that is wrong, why.
        """
        if not verdicts:
            return
        numbers = list(range(len(verdicts)))
        which = values.replace_strict(list(verdicts), numbers, default=None, return_dtype=pl.UInt32)
        told = pl.DataFrame({"value": values, "which": which})

        def said(name: str) -> pl.Expr:
            given = pl.Series([getattr(verdict, name) for verdict in verdicts.values()], dtype=pl.String)
            return pl.col("which").replace_strict(numbers, given, default=None, return_dtype=pl.String)

        say = {"found": pl.col("value"), **{name: said(name) for name in ("expected", "fix", "becomes")}}
        for code in sorted({verdict.code for verdict in verdicts.values()}):
            of_code = [number for number, verdict in zip(numbers, verdicts.values(), strict=True) if verdict.code == code]
            self.note(code, column, which.is_in(of_code).fill_null(value=False), told, say)


def tell(
    frame: pl.DataFrame, notes: Notes, code: str, found: pl.DataFrame, say: pl.Expr, expected: str, fix: str, column: str = ""
) -> None:
    """Note rows of a batch that a table tells of.

    Args:
        frame: The batch.
        notes: Takes the notes.
        code: The rule.
        found: The rows that break it: `at` is their place in the batch, counted from 0.
        say: What was found, as an expression over `found`.
        expected: What would be right.
        fix: What to do.
        column: The column that is told of; empty for the row as a whole.
    """
    if found.height:
        once = found.unique("at", keep="first", maintain_order=True).select(pl.col("at").cast(pl.UInt32), say.alias("found"))
        places = pl.DataFrame({"at": range(frame.height)}, schema={"at": pl.UInt32})
        told = places.join(once, on="at", how="left", maintain_order="left")
        notes.note(code, column, told["found"].is_not_null(), told, {"found": pl.col("found"), "expected": expected, "fix": fix})
