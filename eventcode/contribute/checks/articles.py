"""Rules that need the article: whether it is known, whether its text holds what the row says, and when it was published."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from eventcode.coder import articles as reading
from eventcode.contribute.checks.row_rules import NOT_YET
from eventcode.contribute.judge.texts import link_of
from eventcode.contribute.notes import Notes, Verdict
from eventcode.contribute.rules import rules

_LONGEST_DAYS = {"week": 6, "month": 30, "year": 365}
"""Days after the first one of a week, a month, a year."""


@dataclass(frozen=True, slots=True)
class Library:
    """The articles that rows may name.

    Attributes:
        ids: Their ids.
        texts: Their texts by id, where known.
        published: Their days of publication by id, where known.
        links: Their ids by link, where known.
    """

    ids: frozenset[str]
    texts: Mapping[str, str] = field(default_factory=dict)
    published: Mapping[str, date] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


def library(articles: Path | Collection[str] | None) -> Library | None:
    """The articles of a folder, or those of which only the ids are known; None where any may be named."""
    if articles is None:
        return None
    if not isinstance(articles, Path):
        return Library(frozenset(articles))
    found = list(reading.read([articles]))
    return Library(
        frozenset(article.id for article in found),
        {article.id: article.text for article in found},
        {article.id: article.published for article in found if article.published},
        {link_of(link) or link: article.id for article in found if (link := article.details.get("link"))},
    )


def check(frame: pl.DataFrame, notes: Notes, known: Library) -> None:
    """Note rows whose article is not known, or does not say what they say."""
    new = pl.col("source").str.contains(r"^link-[0-9a-f]{16}$")
    wrong = ~pl.col("source").is_in(sorted(known.ids)) & ~new
    mask = frame.select(wrong.fill_null(value=False)).to_series()
    good = notes.good(["source"])
    expected = "the id of a known article, a link or a DOI"
    say: dict[str, pl.Expr | str | None] = {"found": pl.col("source"), "expected": expected, "fix": "add the article, or mend the id"}
    notes.note("EC502", "source", mask & good if good is not None else mask, frame, say)
    if known.texts:
        _triggers(frame, notes, known.texts)
        _words(frame, notes, known.texts)
    if known.published:
        _days(frame, notes, known.published)


def _place(text: str, start: int, end: int, trigger: str | None) -> Verdict | None:
    """What is wrong with a place in an article's text, and with the trigger that is said to stand there."""
    if end > len(text):
        fix = "look the place up: offsets count the characters of the article's text as eventcode reads it"
        return Verdict("EC402", f"at most {len(text)}, the article's length", fix)
    if trigger is None or text[start:end] == trigger:
        return None
    at = text.find(trigger)
    if at < 0:
        return Verdict("EC401", trigger, "copy the trigger from the text, to the letter")
    if text.find(trigger, at + 1) >= 0:
        return Verdict("EC401", trigger, "the text has it more than once: look the place up")
    return Verdict("EC401", trigger, f"write start {at} and end {at + len(trigger)}", f"{at}")


def _triggers(frame: pl.DataFrame, notes: Notes, texts: Mapping[str, str]) -> None:
    """Note places that do not hold the trigger, or lie beyond the text."""
    names = ("source", "start", "end")
    if not set(names) <= set(frame.columns):
        return
    good = notes.good([*names, "trigger"])
    asked = frame.select(pl.all_horizontal(pl.col(*names).is_not_null()) & pl.col("source").is_in(list(texts))).to_series()
    asked = asked & good if good is not None else asked
    triggers = frame["trigger"] if "trigger" in frame.columns else [None] * frame.height
    verdicts = [
        _place(texts[source], start, end, trigger) if wanted else None
        for wanted, source, start, end, trigger in zip(asked, *(frame[n] for n in names), triggers, strict=True)
    ]
    for code in ("EC401", "EC402"):
        mask = pl.Series([verdict is not None and verdict.code == code for verdict in verdicts], dtype=pl.Boolean)
        if mask.any():
            _note_places(frame, notes, code, mask, verdicts, texts)


def _note_places(
    frame: pl.DataFrame, notes: Notes, code: str, mask: pl.Series, verdicts: list[Verdict | None], texts: Mapping[str, str]
) -> None:
    """Note the places of one rule; where the trigger occurs once, `start` is repaired, and with it `end`."""
    lines = [(v.expected, v.fix, v.becomes) if v else ("", "", None) for v in verdicts]
    held = [
        texts[source][start:end] if wrong and code == "EC401" else f"{start} to {end}" if wrong else ""
        for wrong, source, start, end in zip(mask, frame["source"], frame["start"], frame["end"], strict=True)
    ]
    told = pl.DataFrame(
        {"found": held, "expected": [e for e, _, _ in lines], "fix": [f for _, f, _ in lines], "becomes": [b for _, _, b in lines]},
        schema=dict.fromkeys(("found", "expected", "fix", "becomes"), pl.String),
    )
    notes.note(code, "start" if code == "EC401" else "end", mask, told, {name: pl.col(name) for name in told.columns})


def _words(frame: pl.DataFrame, notes: Notes, texts: Mapping[str, str]) -> None:
    """Note names of actors that do not stand in the article."""
    plain = {name: " ".join(text.split()).casefold() for name, text in texts.items()}
    for code, name in (("EC405", "actor_text"), ("EC406", "target_text")):
        if name in frame.columns and "source" in frame.columns:
            pairs = zip(frame["source"], frame[name], strict=True)
            mask = pl.Series(
                [source in plain and bool(words) and " ".join(words.split()).casefold() not in plain[source] for source, words in pairs],
                dtype=pl.Boolean,
            )
            notes.note(
                code, name, mask, frame, {"found": pl.col(name), "expected": "words of the article", "fix": "copy them from the text"}
            )


def _swapped(day: str) -> pl.Expr:
    """The date with day and month in each other's place; null where that is no day."""
    date_ = pl.col(day)
    return pl.format("{}-{}-{}", date_.dt.year(), date_.dt.day(), date_.dt.month()).str.to_date("%Y-%m-%d", strict=False)


def _latest() -> pl.Expr:
    """The last day on which it can have been: of a year that stands as its first day, the last."""
    days = pl.col("date_precision").replace_strict(_LONGEST_DAYS, default=0, return_dtype=pl.Int64)
    return pl.coalesce("date_end", pl.col("date") + pl.duration(days=days))


def _days(frame: pl.DataFrame, notes: Notes, published: Mapping[str, date]) -> None:
    """Note dates that do not go with the day on which the article was published."""
    absent = {"date_end": pl.Date, "date_precision": pl.String, "date_basis": pl.String, "status": pl.String}
    day = pl.Series("day", list(published.values()), dtype=pl.Date)
    told = frame.with_columns(
        pl.col("source").replace_strict(list(published), day, default=None, return_dtype=pl.Date).alias("_published"),
        *(pl.lit(None, dtype=kind).alias(name) for name, kind in absent.items() if name not in frame.columns),
    ).with_columns(pl.col("status").fill_null("asserted"))
    date_, out = pl.col("date"), pl.col("_published")
    far, near, recent = (rules()[code].limits["days"] for code in ("EC317", "EC318", "EC412"))
    ahead, historical = pl.col("status").is_in(NOT_YET), pl.col("status") == "historical"
    late, early = (date_ > out) & ~ahead, ((out - _latest()).dt.total_days() > far) & ~historical & ~ahead
    other = _swapped("date")
    likely = (late | early) & (date_.dt.day() != date_.dt.month()) & (other <= out) & ((out - other).dt.total_days() <= near)
    likely = likely.fill_null(value=False)
    undated = pl.col("date_basis").eq_missing(pl.lit("publication"))
    found = date_.cast(pl.String)
    swap = pl.format("write {} if day and month were swapped", other)
    up_to = pl.format("a day up to {}, the day of its article", out)
    from_ = pl.format("a day from {} on, the day of its article", out)
    within = pl.format("a day at most {} days before its article of {}", pl.lit(far), out)
    earlier = pl.format("a day at least {} days before its article of {}", pl.lit(recent), out)
    good = notes.good(["source", "date", *absent])
    for code, column, wrong, held, expected, fix in (
        ("EC318", "date", likely, found, pl.when(late).then(up_to).otherwise(within), swap),
        ("EC316", "date", late & ~likely, found, up_to, "mend the date, or say that it is planned"),
        ("EC317", "date", early & ~likely, found, within, "mend the date, or say that it is historical"),
        ("EC411", "date", (pl.col("status") == "planned") & (_latest() < out), found, from_, "mend the date, or the status"),
        (
            "EC412",
            "status",
            historical & ~undated & ((out - date_).dt.total_days() < recent),
            pl.format("historical, {}", found),
            earlier,
            "mend the date, or give the status that the sentence gives",
        ),
    ):
        mask = told.select(wrong.fill_null(value=False)).to_series()
        notes.note(code, column, mask & good if good is not None else mask, told, {"found": held, "expected": expected, "fix": fix})
