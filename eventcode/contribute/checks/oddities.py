"""Rules over a file as a whole: what no single row shows, and people do not code."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from eventcode.contribute.letters import repeated
from eventcode.contribute.notes import Notes, Verdict, tell
from eventcode.contribute.rules import rules
from eventcode.model.tables import FIGURES

_MANY = 1_000_000
"""Different values of a column that are counted; a file with more is not odd in it."""


def _limit(code: str, name: str) -> float:
    return float(rules()[code].limits[name])


@dataclass(slots=True)
class Tally:
    """What a file holds so far, counted.

    Attributes:
        rows: Number of rows.
        values: For each column how often each value stands in it.
        targets: Number of rows with a target.
        claims: Number of rows with the status claimed, and of those with a claimant.
    """

    rows: int = 0
    values: dict[str, Counter[object]] = field(default_factory=lambda: defaultdict(Counter))
    claims: Counter[bool] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)

    def add(self, frame: pl.DataFrame) -> None:
        """Take a batch in."""
        self.rows += frame.height
        for name in frame.columns:
            self.empty[name] += frame[name].null_count()
        for name in ("action", "date", "coder", *(f"{what}_best" for what in FIGURES)):
            if name in frame.columns and len(self.values[name]) < _MANY:
                counts = frame[name].drop_nulls().value_counts()
                self.values[name].update(dict(zip(counts[name], counts["count"], strict=True)))
        if "confidence" in frame.columns:  # only whether it varies is asked
            low, high = frame["confidence"].min(), frame["confidence"].max()
            self.values["confidence"].update({low: frame.height - frame["confidence"].null_count()} if low == high else {low: 1, high: 1})
        if "status" in frame.columns:
            by = pl.col("attributed_to") if "attributed_to" in frame.columns else pl.lit(None)
            claimed = frame.filter(pl.col("status") == "claimed").select(by.is_not_null().alias("by"))["by"]
            self.claims.update(claimed.to_list() if claimed.any() else {False: len(claimed)})


def whole(tally: Tally) -> Iterator[tuple[str, str, Verdict]]:
    """Column, what was found, and the verdict, for each thing that is odd about a file as a whole."""
    empty = [name for name, number in tally.empty.items() if number == tally.rows > 0 and name not in {"actor", "action", "source"}]
    if empty:
        fix = "leave the column out, or see whether it was lost"
        yield empty[0] if len(empty) == 1 else "", f"no value in {', '.join(empty)}", Verdict("EC105", "values in some row, or no such column", fix)
    yield from _constant(tally)
    yield from _coders(tally)
    yield from _shares(tally)
    if sum(tally.claims.values()) >= _limit("EC409", "rows") and not tally.claims[True]:
        found = f"{tally.claims[False]} claimed, none with a claimant"
        yield "attributed_to", found, Verdict("EC409", "whose word it is, where the text says so", "fill in attributed_to")


def _constant(tally: Tally) -> Iterator[tuple[str, str, Verdict]]:
    """Columns in which all rows say the same."""
    for code, name in (("EC601", "action"), ("EC602", "date"), ("EC603", "confidence")):
        said = tally.values[name]
        if len(said) == 1 and said.total() == tally.rows >= _limit(code, "rows"):
            yield name, f"{next(iter(said))} in all {tally.rows} rows", Verdict(code, "values that differ", "see whether it was filled in by a program")


def _coders(tally: Tally) -> Iterator[tuple[str, str, Verdict]]:
    spelt: dict[str, list[str]] = defaultdict(list)
    for coder in tally.values["coder"]:
        spelt[str(coder).casefold().translate(str.maketrans("_.", "--"))].append(str(coder))
    for names in spelt.values():
        if len(names) > 1:
            yield "coder", ", ".join(sorted(names)), Verdict("EC425", "one name for one coder", "write it in one way")


def _shares(tally: Tally) -> Iterator[tuple[str, str, Verdict]]:
    """Columns in which a value stands too often to be coded one by one."""
    rows = tally.rows
    default = tally.values["action"]["010"]
    if rows >= _limit("EC607", "rows") and default >= rows * _limit("EC607", "share"):
        yield "action", f"010 in {default} of {rows} rows", Verdict("EC607", "the action that the text tells", "leave out rows that report no act")
    empty = tally.empty["target"]
    if rows >= _limit("EC608", "rows") and rows > empty >= rows * _limit("EC608", "share"):
        yield "target", f"empty in {empty} of {rows} rows", Verdict("EC608", "a target where the text names one", "see whether the column was lost in part")
    days = tally.values["date"]
    first = sum(n for day, n in days.items() if getattr(day, "day", 0) == 1)
    if len(days) > 1 and days.total() >= _limit("EC606", "rows") and first >= days.total() * _limit("EC606", "share"):
        yield "date", f"the first of a month in {first} of {days.total()} rows", Verdict("EC606", "the day, where it is known", "say month in date_precision where only the month is known")
    for what in FIGURES:
        said = tally.values[f"{what}_best"]
        high = {n: times for n, times in said.items() if isinstance(n, int) and n >= _limit("EC609", "least")}
        round_ = sum(times for n, times in high.items() if n % 10 == 0)
        if sum(high.values()) >= _limit("EC609", "rows") and round_ >= sum(high.values()) * _limit("EC609", "share"):
            yield f"{what}_best", f"round in {round_} of {sum(high.values())} rows", Verdict("EC609", "the figures that the texts give", "leave the best figure empty where the text gives none")


def copied(frame: pl.DataFrame, notes: Notes, rows: pl.Series) -> None:
    """Note blocks of rows that repeat the block before them in all but the source."""
    names = [n for n in ("actor", "action", "target", "date") if n in frame.columns]
    length = int(_limit("EC604", "rows"))
    if frame.height < 2 * length or "source" not in frame.columns:
        return
    table = pl.DataFrame({"h": frame.select(names).hash_rows(1), "row": rows}).with_row_index("at")
    # The hash of a block is that of its rows in their order.
    block = pl.struct(*(pl.col("h").shift(-k).alias(str(k)) for k in range(length))).hash()
    blocks = table.select(block.alias("block"))["block"]
    again = repeated(blocks)
    if not again.any():
        return
    varied = pl.any_horizontal(pl.col("h").shift(-k) != pl.col("h") for k in range(1, length)) & pl.col("h").shift(1 - length).is_not_null()
    told = table.with_columns(blocks, frame["source"], varied.fill_null(value=False).alias("told")).filter(again & pl.col("told"))
    told = told.with_columns(pl.col("row").first().over("block").alias("other"), pl.col("source").first().over("block").alias("from"))
    found = told.filter((pl.col("row") - pl.col("other") >= length) & pl.col("source").ne_missing(pl.col("from")))
    # Of a long block only its beginning is told.
    found = found.filter((pl.col("at").diff() != 1).fill_null(value=True))
    tell(frame, notes, "EC604", found, pl.format("the same as from row {} on, of another source", "other"), "rows coded from the article", "see whether they were pasted")


def filled(frame: pl.DataFrame, notes: Notes) -> None:
    """Note runs of rows in which a code or a day counts on by one while all else stays the same, as a fill handle makes them."""
    length = int(_limit("EC605", "rows"))
    said = [n for n in ("actor", "action", "target", "source", "trigger", "date") if n in frame.columns]
    alike = [n for n in ("source", "actor", "target", "trigger") if n in said]
    same = frame.select(pl.all_horizontal(pl.col(n).eq_missing(pl.col(n).shift(1)) for n in alike)).to_series() if alike else notes.none()
    if frame.height < length or not same.any():
        return
    # Only rows that are like the one before them, and those before.
    some = frame.select(said).with_row_index("at").with_columns(same.alias("on")).filter(same | same.shift(-1).fill_null(value=False))
    code = pl.col("action").str.zfill(4).cast(pl.Int32, strict=False)
    levels = pl.col("action").str.len_chars() == pl.col("action").str.len_chars().shift(1)
    for column, step, still in (("action", code, levels), ("date", pl.col("date").cast(pl.Int32), pl.col("action").eq_missing(pl.col("action").shift(1)))):
        if not {column, "action"} <= set(said):
            continue
        on = (pl.col("on") & (pl.col("at").diff() == 1) & (step.diff() == 1) & still).fill_null(value=False)
        runs = some.with_columns(on.alias("counts")).with_columns((~pl.col("counts")).cum_sum().alias("run"))
        long = runs.with_columns((pl.col("counts").sum().over("run") + 1).alias("size")).filter((pl.col("size") >= length) & ~pl.col("counts"))
        found = pl.format("{}, and on by one in {} rows", pl.col(column).cast(pl.String), "size")
        tell(frame, notes, "EC605", long, found, "values coded from the text", "see whether a spreadsheet has filled the column in", column)
