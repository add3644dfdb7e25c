"""The figures of an event, from those of its reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from eventcode.linking.picks import least, of_article
from eventcode.model.tables import BOUNDS, FIGURES


def _latest(given: pl.DataFrame, what: str) -> pl.DataFrame:
    """The report of each event that gives the best figure of one kind: the last published, of those the last in order."""
    return least(given.filter(pl.col(f"{what}_best").is_not_null()), -pl.col("day"), -pl.col("n").cast(pl.Int64))


def _ranges(given: pl.DataFrame, what: str) -> pl.DataFrame:
    """Lowest and highest figure of one kind, where a report gives one or the best figures differ."""
    low, best, high = columns = [f"{what}_{bound}" for bound in BOUNDS]
    differ = pl.col(best).min() != pl.col(best).max()
    some = given.filter(pl.any_horizontal(pl.col(columns).is_not_null())).group_by("group")
    return some.agg(
        pl.when(differ | pl.col(low).is_not_null().any()).then(pl.min_horizontal(columns).min()).alias(low),
        pl.when(differ | pl.col(high).is_not_null().any()).then(pl.max_horizontal(columns).max()).alias(high),
    )


def _givers(reports: pl.DataFrame, bests: list[pl.DataFrame]) -> pl.DataFrame:
    """Who gives the figures: of the first kind that has a best one, else of the first report that names somebody."""
    best = pl.concat(bests).unique("group", keep="first", maintain_order=True)
    named = least(reports.filter(pl.col("figures_by").is_not_null())).join(best, on="group", how="anti")
    givers = pl.concat([best, named])
    return givers.select("group", reports["figures_by"].gather(givers["n"]))


def figures(groups: pl.DataFrame, reports: pl.DataFrame, published: Mapping[str, date | None]) -> pl.DataFrame:
    """For each kind the lowest and highest figure of all reports, and the best of the last that gives one: tolls are corrected as time goes by.

    Args:
        groups: The events (`group`).
        reports: Reports in order of day, article and place, numbered (`n`), with their `group`.
        published: Day of publication of each article.

    Returns:
        The columns of the figures and `figures_by`, in the order of `groups`.
    """
    columns = [f"{what}_{bound}" for what in FIGURES for bound in BOUNDS]
    given = reports.filter(pl.any_horizontal(pl.col(columns).is_not_null())).select("group", "n", "source", *columns)
    given = given.with_columns(day=of_article(given, published, pl.Date).fill_null(date.min).to_physical())
    bests = [_latest(given, what) for what in FIGURES]
    found = groups.select("group")
    for what, latest in zip(FIGURES, bests, strict=True):
        best = latest.select("group", reports[f"{what}_best"].gather(latest["n"]))
        for part in (_ranges(given, what), best):
            found = found.join(part, on="group", how="left", maintain_order="left")
    found = found.join(_givers(reports, bests), on="group", how="left", maintain_order="left")
    return found.select(*columns, "figures_by")
