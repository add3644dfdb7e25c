"""Which reports may speak of one happening: pairs that share sides, kind of act and days, each with a score that can be explained.

Pairs are looked for only within blocks (one country doing one kind of act to another around the same days), so that a million reports need no comparison of all
with all. What is scored, and how high, stands in `POINTS`; the rules are those of docs/coding-rules.md, "One event".
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from eventcode.model import grammar

Row = Mapping[str, Any]

POINTS = {
    "action": {"same code": 2.0, "same to the third digit": 1.7, "one of no kind": 1.3, "kindred": 0.7, "other kind": -0.2},
    "actor": {"same": 2.0, "one names less": 1.5, "one body, two arms": 1.0, "kindred people": 0.8, "one not known": 0.0, "neither known": 0.0},
    "target": {"same": 1.5, "one names less": 1.2, "one body, two arms": 0.8, "kindred people": 0.6, "one not known": 0.3, "neither known": 0.3, "one country": -0.3},
    "days": {"same day": 2.0, "within the week": 1.2, "within the month": 0.8, "within the year": 0.3, "dated a day later": 1.0, "dated some days later": 0.5, "not known": 0.0},
    "place": {"same": 1.5, "one inside the other": 0.7, "one not known": 0.2, "neither known": 0.2},
    "deaths": {"same": 0.7, "far apart": -0.7, "": 0.0},
    "status": {"": 0.0, "done and to come": -0.3, "done and only thought of": -2.5},
    "label": {"same": 9.0, "": 0.0},
    "text": {"one sentence": -2.5, "one article": 0.2, "": 0.0},
}  # fmt: skip
LEAST = 5.0
"""A pair that scores less is not taken for one event."""
_KINDRED = ({"163", "172"}, {"173", "181"}, {"057", "087"}, {"046", "057"}, {"037", "057"}, {"170", "190"}, {"170", "191"}, {"040", "057"})
"""Acts of two roots, to the third digit, under which one act is told now and then."""
_VIOLENT, _ANY_VIOLENCE = {"18", "19", "20"}, {"180", "190", "200"}
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
_STATE = {"GOV", "MIL", "COP", "SPY", "JUD", "LEG", "BUS"}
_PEOPLE = {"CVL", "OPP", "PTY", "LAB", "EDU", "STU", "YTH", "REF", "RAD", "NGO", "ELI", "MED", "SEP"}
_ARMED = {"REB", "INS", "SEP", "UAF"}
_AGAINST = _ARMED | {"OPP"}
"""Roles of those who are not the state, nor people at large."""
_APART = {"041", "042", "043", "045", "181", "192"}
"""Acts that are no other act of their root: a call is no visit, a capture no shelling."""
_AT_ALL = {"040", "190"}
"""Codes under which they are told where the text says no more."""
_NO_KIND = {"", "0"}
"""Third digit of a code that says nothing of the kind of act."""
_DONE = {"asserted": 0, "claimed": 0, "denied": 0, "historical": 0, "planned": 1, "hypothetical": 2}
_BUCKET = 4
_LONGEST = 370
"""Days of a window beyond which a report is only looked for at its beginning."""
_LATER = 3
"""Days by which a report that is dated by its publication may come after the act."""
_NEAR = 25.0
_INSIDE = 300.0


def _sides(one: str | None, other: str | None) -> str:
    """How the codes of two reports for one side agree; "" where they exclude each other."""
    if one == other:
        return "same" if one else "neither known"
    if not one or not other:
        return "one not known"
    if one[:3] != other[:3]:
        return ""
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and (len(short) > 3 or not set(grammar.chunks(long)[1:]) & _AGAINST):
        return "one names less"
    a, b = (set(grammar.chunks(code)[1:]) for code in (one, other))
    if a <= _STATE and b <= _STATE:
        return "one body, two arms"
    if a & _ARMED and b & _ARMED and len(a - _ARMED) * len(b - _ARMED) == 0:
        return "one names less"
    if a and b and a <= _PEOPLE and b <= _PEOPLE:
        return "kindred people"
    return "one country"


def _acts(one: str, other: str) -> str:
    """How the codes of two reports for the act agree; "" where they exclude each other."""
    if one == other:
        return "same code"
    if one[:2] == other[:2]:
        if one[:3] == other[:3] and not (one[:2] == "08" and len(one) == len(other)):
            return "same to the third digit"
        if {one[:3], other[:3]} & _APART:
            return "other kind" if {one[:3], other[:3]} & _AT_ALL else ""
        return "one of no kind" if one[2:3] in _NO_KIND or other[2:3] in _NO_KIND else "" if one[:2] == "08" else "other kind"
    violent = {one[:2], other[:2]} <= _VIOLENT and bool({one[:3].ljust(3, "0"), other[:3].ljust(3, "0")} & _ANY_VIOLENCE)
    return "kindred" if violent or {one[:3], other[:3]} in _KINDRED else ""


def _table(values: Iterable[str | None], other: Iterable[str | None], compare: Any) -> pl.DataFrame:  # noqa: ANN401 - a function of two codes
    """How every two codes that occur together compare."""
    pairs = sorted(set(zip(values, other, strict=True)), key=str)
    return pl.DataFrame(
        {"a": [a for a, _ in pairs], "b": [b for _, b in pairs], "how": [compare(a, b) for a, b in pairs]},
        schema={"a": pl.String, "b": pl.String, "how": pl.String},
    )


def _compared(pairs: pl.DataFrame, column: str, compare: Any) -> pl.DataFrame:  # noqa: ANN401
    table = _table(pairs[column], pairs[f"{column}_b"], compare).rename({"a": column, "b": f"{column}_b", "how": f"how_{column}"})
    return pairs.join(table, on=[column, f"{column}_b"], how="left", nulls_equal=True, maintain_order="left")


def _end(day: date, precision: str) -> date:
    """Last day of the month or year that a day lies in."""
    return day.replace(month=12, day=31) if precision == "year" else day.replace(day=monthrange(day.year, day.month)[1])


def _window(row: Row) -> tuple[int, int, int] | None:
    """First and last day on which the act may have been, as numbers, and how many of the first are only because the report came later."""
    first = row["date"]
    if first is None:
        return None
    last = row["date_end"] or first
    precision = row["date_precision"] or "day"
    if row["date_end"] is None and precision != "day":
        last = first + timedelta(days=6) if precision == "week" else _end(first, precision)
    later = _LATER if row["date_basis"] == "publication" else 0
    return first.toordinal() - later, last.toordinal(), later


def frame(rows: Sequence[Row]) -> pl.DataFrame:
    """What is compared of each report."""
    windows = [_window(row) for row in rows]
    return pl.DataFrame(
        {
            "n": range(len(rows)),
            "actor": [row["actor"] for row in rows],
            "target": [row["target"] for row in rows],
            "action": [row["action"] for row in rows],
            "article": [row["source"] for row in rows],
            "sentence": [row["sentence"] for row in rows],
            "start": [row["start"] for row in rows],
            "first": [w[0] if w else None for w in windows],
            "last": [w[1] if w else None for w in windows],
            "later": [w[2] if w else None for w in windows],
            "precision": [row["date_precision"] or "day" for row in rows],
            "place": [row["place"].casefold() if row["place"] else None for row in rows],
            "country": [row["country"] for row in rows],
            "latitude": [row["latitude"] for row in rows],
            "longitude": [row["longitude"] for row in rows],
            "exact": [row["place_precision"] for row in rows],
            "done": [_DONE[row["status"]] for row in rows],
            "label": [f"{row['coder']} {row['event']}" if row.get("event") else None for row in rows],
            "coder": [row["coder"] for row in rows],
            "deaths": [row["deaths_best"] if row["deaths_best"] is not None else row["deaths_low"] for row in rows],
        },
        schema={
            "n": pl.UInt32, "actor": pl.String, "target": pl.String, "action": pl.String, "article": pl.String, "sentence": pl.Int64, "start": pl.Int64,
            "first": pl.Int32, "last": pl.Int32, "later": pl.Int8, "precision": pl.String, "place": pl.String, "country": pl.String, "latitude": pl.Float64,
            "longitude": pl.Float64, "exact": pl.Int64, "done": pl.Int8, "label": pl.String, "coder": pl.String, "deaths": pl.Int64,
        },
    )  # fmt: skip


def _blocks(reports: pl.DataFrame) -> pl.DataFrame:
    """Each report in the blocks that it belongs to: by its sides' countries, its family of acts, and stretches of days that its window touches."""
    root = pl.col("action").str.slice(0, 2)
    dated = reports.filter(pl.col("first").is_not_null()).select(
        "n",
        who=pl.col("actor").str.slice(0, 3).fill_null(""),
        whom=pl.col("target").str.slice(0, 3).fill_null(""),
        family=root.replace(_FAMILY),
        bucket=pl.int_ranges(pl.col("first") // _BUCKET, pl.col("last").clip(upper_bound=pl.col("first") + _LONGEST) // _BUCKET + 1),
    )
    return dated.explode("bucket")


def _candidates(reports: pl.DataFrame) -> pl.DataFrame:
    """Pairs of reports that share a block; one that names only one side shares it with those that name both."""
    blocks = _blocks(reports)
    whole = blocks.filter((pl.col("who") != "") & (pl.col("whom") != ""))
    found = []
    for one, other, on in (
        (whole, whole, ["who", "whom"]),
        (blocks.filter(pl.col("whom") == ""), blocks, ["who"]),
        (blocks.filter(pl.col("who") == ""), blocks, ["whom"]),
    ):
        joined = one.join(other.select("n", *on, "family", "bucket"), on=[*on, "family", "bucket"], suffix="_b").filter(
            pl.col("n") != pl.col("n_b")
        )
        found.append(joined.select(n=pl.min_horizontal("n", "n_b"), n_b=pl.max_horizontal("n", "n_b")))
    undated = reports.filter(pl.col("first").is_null()).select("n", "article", "actor", "target", "action")
    same = undated.join(undated, on=["article", "actor", "target", "action"], suffix="_b", nulls_equal=True).filter(
        pl.col("n") < pl.col("n_b")
    )
    labelled = reports.filter(pl.col("label").is_not_null()).select("n", "label")
    told = labelled.join(labelled, on="label", suffix="_b").filter(pl.col("n") < pl.col("n_b"))
    return pl.concat([*found, same.select("n", "n_b"), told.select("n", "n_b")]).unique().sort("n", "n_b")


def _days() -> pl.Expr:
    """How the days of two reports agree; "" where they exclude each other."""
    first, last, first_b, last_b = (pl.col(c) for c in ("first", "last", "first_b", "last_b"))
    day, day_b = first + pl.col("later"), first_b + pl.col("later_b")
    apart = (day - day_b).abs()
    dated = {"day", "week", "month", "year"}
    coarse = pl.max_horizontal(
        *(pl.col(c).replace_strict({"day": 0, "week": 1, "month": 2, "year": 3}) for c in ("precision", "precision_b"))
    )
    assert dated
    return (
        pl.when(first.is_null() | first_b.is_null()).then(pl.lit("not known"))
        .when((first > last_b) | (first_b > last)).then(pl.lit(""))
        .when((coarse == 0) & (apart == 0)).then(pl.lit("same day"))
        .when(coarse == 1).then(pl.lit("within the week"))
        .when(coarse == 2).then(pl.lit("within the month"))
        .when(coarse == 3).then(pl.lit("within the year"))
        .when((day <= pl.min_horizontal("last", "last_b")) & (day_b <= pl.min_horizontal("last", "last_b"))).then(pl.lit("within the week"))
        .when(apart == 1).then(pl.lit("dated a day later"))
        .otherwise(pl.lit("dated some days later"))
    )  # fmt: skip


def _place() -> pl.Expr:
    """How the places of two reports agree; "" where they exclude each other."""
    around = (pl.col("longitude") - pl.col("longitude_b")).abs()
    east = pl.min_horizontal(around, 360 - around)
    km = (((pl.col("latitude") - pl.col("latitude_b")) * 111) ** 2 + (east * 85) ** 2).sqrt()
    known, known_b = pl.col("place").is_not_null(), pl.col("place_b").is_not_null()
    exact, exact_b = pl.col("exact").fill_null(1) <= 3, pl.col("exact_b").fill_null(1) <= 3
    return (
        pl.when(pl.col("country").is_not_null() & pl.col("country_b").is_not_null() & (pl.col("country") != pl.col("country_b"))).then(pl.lit(""))
        .when(exact & exact_b & (km > _INSIDE)).then(pl.lit(""))
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


def _label() -> pl.Expr:
    """Whether one coder takes two reports for one event ("same"), for two ("other"), or does not say."""
    named = pl.col("label").is_not_null() & pl.col("label_b").is_not_null() & (pl.col("coder") == pl.col("coder_b"))
    return (
        pl.when(named & (pl.col("label") == pl.col("label_b"))).then(pl.lit("same")).when(named).then(pl.lit("other")).otherwise(pl.lit(""))
    )


def _text() -> pl.Expr:
    article = pl.col("article") == pl.col("article_b")
    here = (
        article
        & (pl.col("sentence") == pl.col("sentence_b")).fill_null(value=False)
        & (pl.col("start") != pl.col("start_b")).fill_null(value=True)
    )
    return pl.when(here).then(pl.lit("one sentence")).when(article).then(pl.lit("one article")).otherwise(pl.lit(""))


def scored(reports: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs with what was compared (`how_…`) and the score; without those that exclude each other."""
    both = pairs.join(reports, on="n").join(reports, left_on="n_b", right_on="n", suffix="_b")
    both = both.with_columns(
        how_days=_days(), how_place=_place(), how_label=_label(), how_deaths=_deaths(), how_status=_status(), how_text=_text()
    )
    both = _compared(both, "action", _acts)
    for side in ("actor", "target"):
        both = _compared(both, side, _sides)
    told = pl.col("how_label") == "same"
    apart = (pl.col("how_label") == "other") | (
        ~told & pl.any_horizontal(pl.col(f"how_{c}") == "" for c in ("days", "place", "action", "actor", "target"))
    )
    both = both.filter(~apart & pl.col("how_actor").is_in(list(POINTS["actor"])) | told)
    points = [pl.col(f"how_{name}").replace_strict(table, default=0.0, return_dtype=pl.Float64) for name, table in POINTS.items()]
    return both.select("n", "n_b", *(f"how_{name}" for name in POINTS), score=pl.sum_horizontal(points))


def pairs(reports: pl.DataFrame) -> pl.DataFrame:
    """Pairs of reports that may be one event: numbers `n` and `n_b`, `score`, what was compared; the surest first."""
    found = scored(reports, _candidates(reports))
    return found.filter(pl.col("score") >= LEAST).sort(["score", "n", "n_b"], descending=[True, False, False])
