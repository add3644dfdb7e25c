"""Which reports may speak of one happening: pairs that share sides, kind of act and days, each with a score that can be explained.

What is scored, and how high, stands in `POINTS`; the rules are those of docs/coding-rules.md, "One event".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from eventcode.linking import alike
from eventcode.linking.blocks import candidates

POINTS = {
    "action": {"same code": 2.0, "same to the third digit": 1.7, "one of no kind": 1.3, "kindred": 0.7, "other kind": -0.2},
    "actor": {"same": 2.0, "one names less": 1.5, "one body, two arms": 1.0, "kindred people": 0.8, "one not known": 0.0, "neither known": 0.0},
    "target": {"same": 1.5, "one names less": 1.2, "one body, two arms": 0.8, "kindred people": 0.6, "one not known": 0.3, "neither known": 0.3, "one country": -0.3},
    "days": {"same day": 2.0, "within the week": 1.2, "within the month": 0.8, "within the year": 0.3, "dated a day later": 1.0, "dated some days later": 0.5, "not known": 0.0},
    "place": {"same": 1.5, "one inside the other": 0.7, "one not known": 0.2, "neither known": 0.2},
    "deaths": {"same": 0.7, "far apart": -0.7, "": 0.0},
    "status": {"": 0.0, "done and to come": -0.3, "done and only thought of": -2.5},
    "text": {"one sentence": -2.5, "one article": 0.2, "": 0.0},
}  # fmt: skip
"""What each likeness counts; a pair whose likeness in one of them is not listed is not taken for one event."""
LEAST = 5.0
"""A pair that scores less is not taken for one event."""
_DONE = {"asserted": 0, "claimed": 0, "denied": 0, "historical": 0, "planned": 1, "hypothetical": 2}
_COARSE = {"day": 0, "week": 1, "month": 2, "year": 3}
_LATER = 3
"""Days by which a report that is dated by its publication may come after the act."""
_NEAR = 25.0
_INSIDE = 300.0
_FIRST_YEAR = 719_163
"""Number of 1 January 1970, where 1 January of the year 1 is 1."""
_EXCLUDING = ("action", "actor", "target", "first", "last", "country", "coder", "label")
"""What is looked at first, since it excludes most pairs."""


def _windows() -> dict[str, pl.Expr]:
    """First and last day on which the act may have been, as numbers, and how many of the first are only because the report came later."""
    day, precision = pl.col("date"), pl.col("date_precision").fill_null("day")
    ends = (
        pl.when(precision == "day").then(day)
        .when(precision == "week").then(day.dt.offset_by("6d"))
        .when(precision == "month").then(day.dt.month_end())
        .otherwise(day.dt.replace(month=12, day=31))
    )  # fmt: skip
    later = pl.when(day.is_not_null()).then((pl.col("date_basis") == "publication").fill_null(value=False) * _LATER)
    first, last = (end.to_physical() + _FIRST_YEAR for end in (day, pl.when(day.is_not_null()).then(pl.col("date_end").fill_null(ends))))
    return {"first": first - later, "last": last, "later": later.cast(pl.Int8)}


def _folded(places: pl.Series) -> pl.Series:
    """Names of places without regard to case."""
    known = places.drop_nulls().unique()
    return places.replace_strict(known, [name.casefold() for name in known], default=None, return_dtype=pl.String)


def compared(rows: pl.DataFrame) -> pl.DataFrame:
    """What is compared of each report, and its number `n`; codes and names as categories.

    Args:
        rows: Rows of contributions.
    """
    named = pl.col("event").is_not_null()
    texts: dict[str, pl.Expr | pl.Series] = {
        **{column: pl.col(column) for column in ("actor", "target", "action", "country", "coder")},
        "article": pl.col("source"),
        "place": _folded(rows["place"]),
        "label": pl.when(named).then(pl.concat_str("coder", pl.lit(" "), "event")),
    }
    return rows.select(
        **{column: value.cast(pl.Categorical) for column, value in texts.items()},
        **_windows(),
        sentence="sentence",
        start="start",
        coarse=pl.col("date_precision").replace_strict(_COARSE, default=0, return_dtype=pl.Int8),
        latitude="latitude",
        longitude="longitude",
        exact=pl.col("place_precision"),
        done=pl.col("status").replace_strict(_DONE, return_dtype=pl.Int8),
        deaths=pl.coalesce("deaths_best", "deaths_low"),
    ).with_row_index("n")


def _days() -> pl.Expr:
    """How the days of two reports agree; windows that do not meet were left out before."""
    day, day_b = pl.col("first") + pl.col("later"), pl.col("first_b") + pl.col("later_b")
    apart, ends = (day - day_b).abs(), pl.min_horizontal("last", "last_b")
    coarse = pl.max_horizontal("coarse", "coarse_b")
    return (
        pl.when(day.is_null() | day_b.is_null()).then(pl.lit("not known"))
        .when((coarse == 0) & (apart == 0)).then(pl.lit("same day"))
        .when(coarse == 1).then(pl.lit("within the week"))
        .when(coarse == 2).then(pl.lit("within the month"))
        .when(coarse == 3).then(pl.lit("within the year"))
        .when((day <= ends) & (day_b <= ends)).then(pl.lit("within the week"))
        .when(apart == 1).then(pl.lit("dated a day later"))
        .otherwise(pl.lit("dated some days later"))
    )  # fmt: skip


def _place() -> pl.Expr:
    """How the places of two reports agree; "" where they exclude each other; other countries were left out before."""
    around = (pl.col("longitude") - pl.col("longitude_b")).abs()
    east = pl.min_horizontal(around, 360 - around)
    km = (((pl.col("latitude") - pl.col("latitude_b")) * 111) ** 2 + (east * 85) ** 2).sqrt()
    known, known_b = pl.col("place").is_not_null(), pl.col("place_b").is_not_null()
    exact, exact_b = pl.col("exact").fill_null(1) <= 3, pl.col("exact_b").fill_null(1) <= 3
    return (
        pl.when(exact & exact_b & (km > _INSIDE)).then(pl.lit(""))
        .when(~known & ~known_b).then(pl.lit("neither known"))
        .when(~known | ~known_b).then(pl.lit("one not known"))
        .when((pl.col("place") == pl.col("place_b")) | ((km <= _NEAR) & exact & exact_b)).then(pl.lit("same"))
        .when(exact & exact_b).then(pl.lit(""))
        .when((pl.col("exact") >= 6) | (pl.col("exact_b") >= 6)).then(pl.lit("one inside the other"))
        .when(km.fill_null(0) <= _INSIDE).then(pl.lit("one inside the other"))
        .otherwise(pl.lit(""))
    )  # fmt: skip


def _deaths() -> pl.Expr:
    a, b = pl.col("deaths"), pl.col("deaths_b")
    far = (pl.max_horizontal("deaths", "deaths_b") > 3 * pl.min_horizontal("deaths", "deaths_b")) & ((a - b).abs() > 5)
    return pl.when(a.is_null() | b.is_null()).then(pl.lit("")).when((a == b) & (a > 0)).then(pl.lit("same")).when(far).then(pl.lit("far apart")).otherwise(pl.lit(""))  # fmt: skip


def _status() -> pl.Expr:
    apart = (pl.col("done") - pl.col("done_b")).abs()
    return (
        pl.when(apart == 0).then(pl.lit("")).when(apart == 1).then(pl.lit("done and to come")).otherwise(pl.lit("done and only thought of"))
    )


def _text() -> pl.Expr:
    article = pl.col("article") == pl.col("article_b")
    here = (
        article
        & (pl.col("sentence") == pl.col("sentence_b")).fill_null(value=False)
        & (pl.col("start") != pl.col("start_b")).fill_null(value=True)
    )
    return pl.when(here).then(pl.lit("one sentence")).when(article).then(pl.lit("one article")).otherwise(pl.lit(""))


def _both(reports: pl.DataFrame, pairs: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Pairs with columns of both reports, those of the second with `_b` behind their names."""
    ours = reports.select(pl.col(columns).gather(pairs["n"]))
    theirs = reports.select(pl.col(columns).gather(pairs["n_b"]).name.suffix("_b"))
    return pl.concat([pairs, ours, theirs], how="horizontal")


def _meeting(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose days may be the same, in one country, and of which one coder has not said whether they are one event."""

    def known(column: str) -> pl.Expr:
        return pl.col(column).is_not_null() & pl.col(f"{column}_b").is_not_null()

    return pairs.filter(
        ((pl.col("first") <= pl.col("last_b")) & (pl.col("first_b") <= pl.col("last"))).fill_null(value=True),
        ~(known("country") & (pl.col("country") != pl.col("country_b"))).fill_null(value=False),
        ~(known("label") & (pl.col("coder") == pl.col("coder_b"))).fill_null(value=False),
    ).drop("country", "country_b", "label", "label_b", "coder", "coder_b", "first", "first_b", "last", "last_b")


def _agreeing(pairs: pl.DataFrame, column: str, compare: Callable[[Any, Any], str]) -> pl.DataFrame:
    """Pairs with how two codes compare, without those that exclude each other."""
    codes = [column, f"{column}_b"]
    table = pairs.select(codes).unique()
    how = [compare(a, b) for a, b in table.cast(pl.String).iter_rows()]
    table = table.with_columns(pl.Series(f"how_{column}", how, dtype=pl.String)).filter(pl.col(f"how_{column}").is_in(list(POINTS[column])))
    return pairs.join(table, on=codes, nulls_equal=True).drop(codes)


def scored(reports: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs with what was compared (`how_…`) and the score; without those that exclude each other, and those of which a coder has said what they are.

    Args:
        reports: What is compared of each report.
        pairs: Numbers of reports, `n` and `n_b`.
    """
    found = _meeting(_both(reports, pairs, _EXCLUDING))
    for column, compare in (("action", alike.acts), ("actor", alike.sides), ("target", alike.sides)):
        found = _agreeing(found, column, compare)
    rest = tuple(name for name in reports.columns if name not in {"n", "action", "actor", "target", "country", "coder", "label"})
    both = _both(reports, found, rest).with_columns(
        how_days=_days(), how_place=_place(), how_deaths=_deaths(), how_status=_status(), how_text=_text()
    )
    both = both.filter(pl.col("how_place") != "")
    points = [pl.col(f"how_{name}").replace_strict(table, return_dtype=pl.Float64) for name, table in POINTS.items()]
    return both.select("n", "n_b", *(f"how_{name}" for name in POINTS), score=pl.sum_horizontal(points))


def pairs(reports: pl.DataFrame) -> pl.DataFrame:
    """Pairs of reports that may be one event: numbers `n` and `n_b`, and `score`; the surest first.

    Args:
        reports: What is compared of each report.
    """
    found = [scored(reports, some).select("n", "n_b", "score").filter(pl.col("score") >= LEAST) for some in candidates(reports)]
    return pl.concat(found).unique().sort(["score", "n", "n_b"], descending=[True, False, False])
