"""Which pairs of reports are compared at all: those that share a block, so that a million reports need no comparison of all with all.

A block is one country doing one kind of act to another around the same days.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

AT_ONCE = 1_000_000
"""Pairs that are looked at in one go: it bounds the memory."""
_FAMILY = {
    "03": "talk",
    "04": "talk",
    "05": "talk",
    "08": "talk",
    "16": "force",
    "17": "force",
    "18": "force",
    "19": "force",
    "20": "force",
}
_BUCKET = 4
_LONGEST = 370
"""Days of a window beyond which a report is only looked for at its beginning."""


def _number(*columns: str) -> pl.Expr:
    """One number for the values of several columns of whole numbers, none below 0."""
    found = pl.lit(0, pl.Int64)
    for column in columns:
        found = found * (pl.col(column).max() + 1) + pl.col(column)
    return found


def _blocks(reports: pl.DataFrame) -> pl.DataFrame:
    """Each report in the blocks that it belongs to: by its sides' countries, its family of acts, and stretches of days that its window touches."""
    who, whom, action = (pl.col(column).cast(pl.String) for column in ("actor", "target", "action"))
    dated = reports.filter(pl.col("first").is_not_null()).select(
        "n",
        who=who.str.head(3).fill_null("").rank("dense").cast(pl.Int64),
        whom=whom.str.head(3).fill_null("").rank("dense").cast(pl.Int64),
        no_one=pl.col("actor").is_null(),
        nobody=pl.col("target").is_null(),
        family=action.str.head(2).replace(_FAMILY).rank("dense").cast(pl.Int64),
        begins=pl.col("first") // _BUCKET,
        bucket=pl.int_ranges(pl.col("first") // _BUCKET, pl.col("last").clip(upper_bound=pl.col("first") + _LONGEST) // _BUCKET + 1),
    )
    return dated.explode("bucket").select(
        "n",
        "no_one",
        "nobody",
        "begins",
        "bucket",
        both=_number("who", "whom", "family", "bucket"),
        one=_number("who", "family", "bucket"),
        other=_number("whom", "family", "bucket"),
    )


def _sharing(blocks: pl.DataFrame, ours: pl.Expr, theirs: pl.Expr, key: str) -> Iterator[pl.DataFrame]:
    """Pairs of one of our reports and one of theirs that share a block, each pair once: in the first block that both are in."""
    mates = blocks.filter(theirs).sort(key, "n").with_columns(mutual=ours)
    spans = mates.with_row_index("low").group_by(key).agg(pl.col("low").min(), high=pl.col("low").max() + 1)
    some = blocks.filter(ours).join(spans, on=key, maintain_order="left").with_columns(high=pl.col("high").cast(pl.Int64))
    parts = some.select("n", "begins", "bucket", "low", "high", part=(pl.col("high") - pl.col("low")).cum_sum() // AT_ONCE)
    for part in parts.partition_by("part", maintain_order=True):
        pairs = part.select("n", "begins", "bucket", at=pl.int_ranges("low", "high", dtype=pl.UInt32)).explode("at")
        beside = mates.select(
            n_b=pl.col("n").gather(pairs["at"]), begins_b=pl.col("begins").gather(pairs["at"]), mutual=pl.col("mutual").gather(pairs["at"])
        )
        yield (
            pl.concat([pairs, beside], how="horizontal")
            .filter(
                pl.col("bucket") == pl.max_horizontal("begins", "begins_b"),
                (pl.col("n") < pl.col("n_b")) | ~pl.col("mutual"),
            )
            .select(n=pl.min_horizontal("n", "n_b"), n_b=pl.max_horizontal("n", "n_b"))
        )


def candidates(reports: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Pairs of reports that share a block, part by part; one that names only one side shares it with those that name both.

    Reports without a date share a block where they stand in one article and have the same codes.
    """
    blocks = _blocks(reports)
    whole = ~pl.col("no_one") & ~pl.col("nobody")
    yield from _sharing(blocks, whole, whole, "both")
    yield from _sharing(blocks, pl.col("nobody"), pl.lit(value=True), "one")
    yield from _sharing(blocks, pl.col("no_one"), pl.lit(value=True), "other")
    undated = reports.filter(pl.col("first").is_null()).select("n", "article", "actor", "target", "action")
    same = undated.join(undated, on=["article", "actor", "target", "action"], suffix="_b", nulls_equal=True)
    yield same.filter(pl.col("n") < pl.col("n_b")).select("n", "n_b")
