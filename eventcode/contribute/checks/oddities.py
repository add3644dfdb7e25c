"""Rules over a file as a whole: what no single row shows, and people do not code."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from eventcode.contribute.letters import repeated
from eventcode.contribute.notes import Notes, Verdict, tell
from eventcode.contribute.rules import rules
from eventcode.model.tables import FIGURES, Contribution

_TOLD = {"actor", "action", "source", "coder"}
"""Columns whose empty cells have rules of their own."""
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
        claims: Number of rows with the status claimed that name a claimant, and of those that do not.
        days: Number of dates that are said to the day and are the first of a month, and of those that are not.
        empty: For each column the number of rows without a value.
    """

    rows: int = 0
    values: dict[str, Counter[object]] = field(default_factory=lambda: defaultdict(Counter))
    claims: Counter[bool] = field(default_factory=Counter)
    days: Counter[bool] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)

    def add(self, frame: pl.DataFrame, sent: pl.DataFrame) -> None:
        """Take a batch in: its typed rows, and its cells as they were sent, of which those that cannot be read are not empty."""
        self.rows += frame.height
        for name in frame.columns:
            self.empty[name] += sent[name].null_count()
        for name in ("action", "date", "coder", *(f"{what}_best" for what in FIGURES)):
            if name in frame.columns and len(self.values[name]) < _MANY:
                counts = frame[name].drop_nulls().value_counts()
                self.values[name].update(dict(zip(counts[name], counts["count"], strict=True)))
        if "confidence" in frame.columns:  # only whether it varies is asked
            low, high = frame["confidence"].min(), frame["confidence"].max()
            if low is not None:
                self.values["confidence"].update(
                    {low: frame.height - frame["confidence"].null_count()} if low == high else {low: 1, high: 1}
                )
        if "status" in frame.columns:
            claimed = frame.filter(pl.col("status") == "claimed")
            given = claimed.height - claimed["attributed_to"].null_count() if "attributed_to" in claimed.columns else 0
            self.claims.update({True: given, False: claimed.height - given})
        if "date" in frame.columns:
            self.days.update(_exact(frame))

    def merge(self, other: Tally) -> None:
        """Take in what another part of the file holds."""
        self.rows += other.rows
        for name, counts in other.values.items():
            if len(self.values[name]) < _MANY:
                self.values[name].update(counts)
        for ours, theirs in ((self.claims, other.claims), (self.days, other.days)):
            ours.update(theirs)
        self.empty.update(other.empty)


def _exact(frame: pl.DataFrame) -> dict[bool, int]:
    """How many of the dates that are said to the day are the first of a month, and how many are not."""
    day = pl.col("date").is_not_null()
    if "date_precision" in frame.columns:
        day &= pl.col("date_precision").fill_null("day") == "day"
    if "date_end" in frame.columns:
        day &= pl.col("date_end").is_null() | (pl.col("date_end") == pl.col("date"))
    first = frame.filter(day).select(pl.col("date").dt.day() == 1)["date"]
    return {True: int(first.sum()), False: int((~first).sum())}


def whole(tally: Tally) -> Iterator[tuple[str, str, Verdict]]:
    """Column, what was found, and the verdict, for each thing that is odd about a file as a whole."""
    empty = [name for name, number in tally.empty.items() if number == tally.rows > 0 and name not in {*_TOLD, *Contribution.must_have}]
    if empty:
        fix = "leave the column out, or see whether it was lost"
        yield (
            empty[0] if len(empty) == 1 else "",
            f"no value in {', '.join(empty)}",
            Verdict("EC105", "values in some row, or no such column", fix),
        )
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
            found = f"{next(iter(said))} in all {tally.rows} rows"
            yield (
                name,
                found,
                Verdict(code, "values that differ", "compare some rows with their articles: the column may have been filled down"),
            )


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
        fix = "take the code of what was said: praise 051, accusation 112, demand 10, threat 13"
        yield "action", f"010 in {default} of {rows} rows", Verdict("EC607", "the action that the text tells", fix)
    empty = tally.empty["target"]
    if rows >= _limit("EC608", "rows") and rows > empty >= rows * _limit("EC608", "share"):
        yield (
            "target",
            f"empty in {empty} of {rows} rows",
            Verdict("EC608", "a target where the text names one", "see whether the column was lost in part"),
        )
    days, first = tally.days.total(), tally.days[True]
    if len(tally.values["date"]) > 1 and days >= _limit("EC606", "rows") and first >= days * _limit("EC606", "share"):
        fix = "say month in date_precision where only the month is known"
        yield "date", f"the first of a month in {first} of {days} rows with a day", Verdict("EC606", "the day, where it is known", fix)
    for what in FIGURES:
        said = tally.values[f"{what}_best"]
        high = {n: times for n, times in said.items() if isinstance(n, int) and n >= _limit("EC609", "least")}
        number, round_ = sum(high.values()), sum(times for n, times in high.items() if n % 10 == 0)
        if number >= _limit("EC609", "rows") and round_ >= number * _limit("EC609", "share"):
            found = f"round in {round_} of {number} rows"
            fix = "leave the best figure empty where the text gives none, and write bounds in low and high"
            yield f"{what}_best", found, Verdict("EC609", "the figures that the texts give", fix)


def copied(frame: pl.DataFrame, notes: Notes, rows: pl.Series) -> None:
    """Note stretches of rows of one source that repeat an earlier stretch of another."""
    names = [n for n in ("actor", "action", "target", "date") if n in frame.columns]
    length = int(_limit("EC604", "rows"))
    if frame.height < 2 * length or "source" not in frame.columns or not names:
        return
    table = frame.select("source").with_columns(frame.select(names).hash_rows(1).alias("hash"), rows.alias("row")).with_row_index("at")
    after = range(1, length)
    # The hash of a block is that of its rows in their order.
    block = pl.struct(*(pl.col("hash").shift(-k).alias(str(k)) for k in range(length))).hash()
    blocks = table.select(block.alias("block"))["block"]
    again = repeated(blocks)
    if not again.any():
        return
    varied = pl.any_horizontal(pl.col("hash").shift(-k) != pl.col("hash") for k in after)
    of_one = pl.all_horizontal(pl.col("source").shift(-k) == pl.col("source") for k in after)
    told = table.with_columns(blocks, (varied & of_one).fill_null(value=False).alias("told")).filter(again & pl.col("told"))
    told = told.with_columns(pl.col("row").first().over("block").alias("other"), pl.col("source").first().over("block").alias("from"))
    found = told.filter(pl.col("source") != pl.col("from"))
    # Of a long block only its beginning is told.
    found = found.filter((pl.col("at").diff() != 1).fill_null(value=True))
    say = pl.format("the same as from row {} on, of {}", "other", "from")
    tell(frame, notes, "EC604", found, say, "rows coded from their own article", "see whether they were pasted")


def filled(frame: pl.DataFrame, notes: Notes) -> None:
    """Note runs of rows in which a code or a day counts on by one while all else stays the same, as a fill handle makes them."""
    length = int(_limit("EC605", "rows"))
    alike = [n for n in ("source", "actor", "target", "trigger", "start") if n in frame.columns]
    if frame.height < length or not {"action", "source"} <= set(frame.columns):
        return
    same = frame.select(pl.all_horizontal(pl.col(n).eq_missing(pl.col(n).shift(1)) for n in alike)).to_series()
    if not same.any():
        return
    dates = ["date"] if "date" in frame.columns else []
    # Only rows that are like the one before them, and those before.
    some = (
        frame.select("action", *dates)
        .with_row_index("at")
        .with_columns(same.alias("like"))
        .filter(same | same.shift(-1).fill_null(value=False))
    )
    action = pl.col("action")
    number = action.str.zfill(4).cast(pl.Int32, strict=False)
    counted = {"action": (number.diff() == 1) & (action.str.len_chars() == action.str.len_chars().shift(1))}
    if dates:
        counted["date"] = (pl.col("date").cast(pl.Int32).diff() == 1) & action.eq_missing(action.shift(1))
    for column, on in counted.items():
        runs = some.with_columns((pl.col("like") & (pl.col("at").diff() == 1) & on).fill_null(value=False).alias("on"))
        runs = runs.with_columns((~pl.col("on")).cum_sum().alias("run")).with_columns(pl.len().over("run").alias("size"))
        long = runs.filter((pl.col("size") >= length) & ~pl.col("on"))
        found = pl.format("{}, and up by one in each of {} rows", pl.col(column).cast(pl.String), "size")
        fix = "see whether a spreadsheet has filled the column in"
        tell(frame, notes, "EC605", long, found, "values coded from the text", fix, column)
