"""What an event says when its reports differ: the firmest and best placed count, figures are kept as a range."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from eventcode.codebook.actions import action
from eventcode.codebook.actors import name
from eventcode.contract.frames import polars_schema
from eventcode.linking.figures import figures
from eventcode.linking.picks import filled, least, of_article
from eventcode.model import grammar
from eventcode.model.tables import Event

_WHEN = ("date", "date_end", "date_precision", "date_basis")
_WHERE = ("place", "country", "latitude", "longitude", "place_precision")
_SIDES = ("actor", "target")
_WEIGHED = ("n", "group", *_SIDES, "action", "source", "place", "country", "place_precision", *_WHEN, "status", "coder", "confidence")
"""What is weighed against what other reports of the event say."""
FIRMNESS = ("asserted", "claimed", "historical", "denied", "planned", "hypothetical")
"""Statuses, the firmest first."""
_COARSE = {"day": 0, "week": 1, "month": 2, "year": 3}


def _coded(many: pl.DataFrame) -> pl.DataFrame:
    """The reports of each event that its codes are taken from: those with the firmest status, and of one coder, people before models and programs."""
    firmness = pl.col("status").replace_strict(FIRMNESS, range(len(FIRMNESS)), return_dtype=pl.Int8)
    coder = pl.col("coder")
    first = least(many, firmness, ~coder.str.starts_with("person:"), ~coder.str.starts_with("model:"), coder)
    chosen = first.join(many.select("n", "status", "coder"), on="n")
    return many.join(chosen, on=["group", "status", "coder"], how="semi", maintain_order="left")


def _most(reports: pl.DataFrame, column: str) -> pl.DataFrame:
    """The report that gives the value which most reports give; of two given as often that which says more, then the first."""
    values = reports.filter(pl.col(column).is_not_null()).group_by("group", column).agg(times=pl.len(), n=pl.col("n").min())
    detail = pl.col(column).str.strip_chars_end("0").str.len_chars()
    return (
        values.sort(["group", "times", detail, "n"], descending=[False, True, True, False])
        .unique("group", keep="first")
        .select("group", "n")
    )


def _side(coded: pl.DataFrame, many: pl.DataFrame, side: str) -> pl.DataFrame:
    """The report that gives the actor or target which most of those coded alike give, else most of all."""
    return pl.concat([_most(coded, side), _most(many, side)]).unique("group", keep="first", maintain_order=True)


def _dated(many: pl.DataFrame, coded: pl.DataFrame) -> pl.DataFrame:
    """The report that says best when it was: a day before a month, what the text says before the publication; of those coded alike where one has a date."""
    columns = (
        pl.col("date").is_null(),
        (pl.col("date_basis") == "publication").fill_null(value=False),
        pl.col("date_precision").replace_strict(_COARSE, default=0, return_dtype=pl.Int64),
        pl.col("status") == "denied",
    )
    return filled(least(many, *columns), least(coded.filter(pl.col("date").is_not_null()), *columns))


def _located(many: pl.DataFrame) -> pl.DataFrame:
    """The report that says best where it was."""
    nameless = pl.col("place").is_null()
    return least(many, nameless & pl.col("country").is_null(), nameless, pl.col("place_precision").fill_null(8))


def _sharpened(many: pl.DataFrame, when: pl.DataFrame) -> pl.DataFrame:
    """Precision of a date that comes without one: of the first report that gives one for the same date."""
    day = when.select("group", day="date")
    same = many.filter(pl.col("date_precision").is_not_null()).join(day, on="group").filter(pl.col("date").eq_missing(pl.col("day")))
    first = least(same).join(same.select("n", precision="date_precision"), on="n").select("group", "precision")
    return (
        when.join(first, on="group", how="left", maintain_order="left")
        .with_columns(pl.coalesce("date_precision", "precision").alias("date_precision"))
        .select(_WHEN)
    )


def _of_codes(events: pl.DataFrame) -> pl.DataFrame:
    """Events with what is known of their codes."""
    acts = [action(code) for code in events["action"].unique()]
    named = {"action": [a.code for a in acts], "root": [a.root for a in acts], "plover": [a.plover or None for a in acts]}
    scores = {"quad_class": [a.quad_class for a in acts], "goldstein": [a.goldstein for a in acts]}
    schema = polars_schema(Event, ["action", "root", "plover", "quad_class", "goldstein"])
    found = events.join(pl.DataFrame(named | scores, schema=schema), on="action", how="left", maintain_order="left")
    for side in _SIDES:
        codes = events[side].drop_nulls().unique().to_list()
        known = {side: codes, f"{side}_name": [name(code) for code in codes], f"{side}_country": [grammar.country(code) for code in codes]}
        found = found.join(pl.DataFrame(known, schema=polars_schema(Event, known)), on=side, how="left", maintain_order="left")
    return found


def _deniers(reports: pl.DataFrame) -> pl.DataFrame:
    """Who denies each event: whose word the first report is that denies it."""
    first = least(reports.filter(pl.col("status") == "denied"))
    return first.select("group", denied_by=reports["attributed_to"].gather(first["n"]))


def _outlets(many: pl.DataFrame, publishers: Mapping[str, str | None]) -> pl.DataFrame:
    """How many publishers stand behind each event; an article whose publisher is not known counts for itself."""
    known = of_article(many, publishers, pl.String)
    outlets = many.select("group", outlet=pl.when(known != "").then(known).otherwise("source")).unique()
    return outlets.group_by("group").agg(n_sources=pl.len().cast(pl.Int64))


def events_of(
    reports: pl.DataFrame, publishers: Mapping[str, str | None], published: Mapping[str, date | None], denials: pl.DataFrame
) -> pl.DataFrame:
    """The events, in the order of their groups.

    An event's status is the firmest of its reports'; its codes are those that most reports with this status give, people's before models' and programs'.

    Args:
        reports: Reports in order of day, article and place, numbered (`n`), with their `group` and `event_id`.
        publishers: Publisher of each article.
        published: Day of publication of each article.
        denials: Events and those that they are the denying of (`denies`).
    """
    groups = reports.group_by("group").agg(pl.col("n").min(), n_reports=pl.len().cast(pl.Int64)).sort("group")
    first, several = groups.select("group", "n"), groups.filter(pl.col("n_reports") > 1).select("group")
    many = reports.select(_WEIGHED).join(several, on="group", how="semi", maintain_order="left")
    coded = _coded(many)

    def told(picked: pl.DataFrame, *columns: str) -> pl.DataFrame:
        """Columns of the report that is picked for each event; of its first where none is, which is the only one where there was no choice."""
        return reports.select(pl.col(columns).gather(filled(first, picked)["n"]))

    parts = [
        groups.select("group", "n_reports"),
        told(first, "event_id", "source"),
        told(least(coded), "status", "coder", "attributed_to"),
        told(_most(coded, "action"), "action"),
        *(told(_side(coded, many, side), side) for side in _SIDES),
        told(_located(many), *_WHERE),
        _sharpened(many, groups.select("group").hstack(told(_dated(many, coded), *_WHEN))),
        figures(groups, reports, published),
    ]
    made = pl.concat(parts, how="horizontal")
    alone = reports.select("group", "confidence").join(several, on="group", how="anti")
    for part in (_deniers(reports), _outlets(many, publishers), pl.concat([coded.select(alone.columns), alone]).group_by("group").max()):
        made = made.join(part, on="group", how="left", maintain_order="left")
    made = _of_codes(made).join(denials, on="event_id", how="left", maintain_order="left")
    return made.with_columns(pl.col("n_sources").fill_null(1), revision=pl.lit(0, pl.Int64)).select(polars_schema(Event).names())
