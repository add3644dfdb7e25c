"""One report picked for each event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl


def least(reports: pl.DataFrame, *by: pl.Expr) -> pl.DataFrame:
    """The first of the reports of each event that are least in `by`: `group` and `n`.

    >>> reports = pl.DataFrame({"group": [0, 0, 1], "n": [0, 1, 2], "figure": [7, 3, 5]})
    >>> least(reports, pl.col("figure")).sort("group").rows()
    [(0, 1), (1, 2)]
    """
    keys = [key.alias(f"by_{number}") for number, key in enumerate(by)]
    picked = reports.select("group", *keys, "n").sort("group", *(f"by_{number}" for number in range(len(keys))), "n")
    return picked.unique("group", keep="first").select("group", "n")


def filled(picked: pl.DataFrame, rather: pl.DataFrame) -> pl.DataFrame:
    """What is picked in `rather`, and elsewhere what is picked in `picked`, in the order of that.

    >>> filled(pl.DataFrame({"group": [0, 1], "n": [0, 2]}), pl.DataFrame({"group": [0], "n": [1]})).rows()
    [(0, 1), (1, 2)]
    """
    both = picked.join(rather, on="group", how="left", maintain_order="left", suffix="_rather")
    return both.select("group", pl.coalesce("n_rather", "n").alias("n"))


def of_article(reports: pl.DataFrame, values: Mapping[str, Any], kind: pl.DataType | type[pl.DataType]) -> pl.Series:
    """What is known of the article that each report stands in.

    >>> of_article(pl.DataFrame({"source": ["b", "a"]}), {"a": "Post", "b": None}, pl.String).to_list()
    [None, 'Post']
    """
    known = pl.DataFrame({"source": [*values], "value": [*values.values()]}, schema={"source": pl.String, "value": kind})
    return reports.select("source").join(known, on="source", how="left", maintain_order="left")["value"]
