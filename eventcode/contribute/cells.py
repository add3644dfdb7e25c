"""From cells as they were sent to values of the contract's types; what cannot be read is noted and becomes null."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandera.errors
import polars as pl

from eventcode.contract.frames import pandera_schema, polars_schema
from eventcode.contribute.columns import COLUMNS
from eventcode.contribute.judge import dates, numbers, texts
from eventcode.contribute.judge.numbers import plain_number
from eventcode.contribute.letters import letters
from eventcode.contribute.notes import Notes, Verdict
from eventcode.model.column import Column
from eventcode.model.tables import Contribution

MISSING_WORDS = ("NA", "NaN", "nan", "NULL", "null", "None", "N/A", "n/a", "#N/A", "<NA>", "NaT")
AS_WRITTEN = frozenset({"trigger", "actor_text", "target_text"})
"""Columns that quote an article: every blank of theirs belongs to it."""
_BLANKS = r"\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_UNSEEN = r"\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_JOINERS = r"\u200c\u200d"
"""They belong to the writing of Persian and Hindi, and to no code."""
_MIDNIGHT = r"^\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?(Z|\+00:00)?)?$"
Says = dict[str, pl.Expr | str | None]
"""What a problem says: found, expected, fix, and where it is certain what the cell becomes."""
_CONSTRAINTS = {"minimum": "EC303", "maximum": "EC303", "finite": "EC303", "not_nullable": "EC201"}


def as_sent(kind: pl.DataType, column: Column, given: str) -> pl.Expr:
    """A column's cells in its own type where they have it, else as text.

    Args:
        kind: The type that they have.
        column: The column of the contract.
        given: Its name in the frame.
    """
    value = pl.col(given)
    if kind == polars_schema(Contribution, [column.name])[column.name]:
        return value.fill_nan(None) if kind.is_float() else value
    if kind.is_float():  # a program that knows no missing whole number writes 42.0
        whole = (value == value.floor()) & (value.abs() < 2**53)
        return (
            pl.when(value.is_nan())
            .then(None)
            .when(whole)
            .then(value.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(value.cast(pl.String))
        )
    return value.cast(pl.String)


def _cleaned(frame: pl.DataFrame, notes: Notes, name: str) -> pl.DataFrame:
    """The frame with a column of text without blanks around its values, invisible characters, and words for what is missing; all are noted."""
    value, held = pl.col(name), letters(frame[name])
    unseen = _UNSEEN if _is_free(name) else _UNSEEN + _JOINERS
    seen = value.str.replace_all(f"[{unseen}]", "").str.replace_all(f"[{_BLANKS}]", " ") if held.foreign else value
    stripped = seen.str.strip_chars() if held.foreign or held.blanks or held.controls else value
    missing = (stripped.is_in(MISSING_WORDS)).fill_null(value=False)
    odd = (stripped.str.len_bytes() != value.str.len_bytes()).fill_null(value=False)
    empty = (stripped == "").fill_null(value=False)
    masks = frame.select(odd=odd, missing=missing, empty=empty)
    if not masks.select(pl.any_horizontal(pl.all().any())).item():
        return frame
    invisible = frame[name].str.contains(f"[{unseen}{_BLANKS}]").fill_null(value=False) if held.foreign else notes.none()
    blank: Says = {
        "found": pl.format("'{}'", value),
        "expected": pl.format("'{}'", stripped),
        "fix": "remove the blanks",
        "becomes": stripped,
    }
    notes.note("EC210", name, masks["odd"] & ~masks["missing"] & ~invisible, frame, blank)
    notes.note("EC224", name, invisible & ~masks["missing"], frame, {**blank, "fix": "write plain blanks, and leave out what is not seen"})
    place = pl.lit(COLUMNS[name].codelist == "countries") & (stripped == "NA")  # Namibia's code of two letters
    fix = pl.when(place).then(pl.lit("leave the cell empty, or write NAM if Namibia is meant")).otherwise(pl.lit("leave the cell empty"))
    word: Says = {"found": value, "expected": "an empty cell", "fix": fix, "becomes": pl.when(~place).then(pl.lit(""))}
    notes.note("EC211", name, masks["missing"], frame, word)
    return frame.with_columns(pl.when(masks["missing"] | masks["empty"]).then(None).otherwise(stripped).alias(name))


def _is_free(name: str) -> bool:
    """True for a column of words, which may be in any writing."""
    column = COLUMNS[name]
    return column.kind == "text" and not (column.codelist or column.enum or column.pattern)


def _judged(frame: pl.DataFrame, notes: Notes, column: Column, unread: pl.Series, judge: Callable[[Column, str], Verdict]) -> None:
    """Note the cells of a mask, each different text judged once."""
    if unread.any():
        values = frame[column.name].cast(pl.String)
        wrong = values.filter(unread).unique(maintain_order=True)
        notes.judged(column.name, pl.select(pl.when(unread).then(values)).to_series(), {text: judge(column, text) for text in wrong})
        notes.spoil(column.name, unread)


def _date(column: Column, found: str) -> Verdict:  # noqa: ARG001 - all judges are called alike
    return dates.judge(found)


def _typed(frame: pl.DataFrame, notes: Notes, column: Column) -> pl.Series:
    """A column with its own type; what cannot be read is noted and null."""
    value = frame[column.name]
    if column.kind == "text" or value.dtype != pl.String:
        return value
    if column.kind == "date":
        read = value.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
        read = pl.select(pl.when(value.str.contains(_MIDNIGHT) & ~value.str.starts_with("0000")).then(read)).to_series()
        judge = _date
    else:
        kind = pl.Int64 if column.kind == "integer" else pl.Float64
        read = (value.str.replace(r"\.0+$", "") if column.kind == "integer" else value).cast(kind, strict=False)
        judge = numbers.judge
    _judged(frame, notes, column, value.is_not_null() & read.is_null(), judge)
    return read.alias(column.name)


def _linked(frame: pl.DataFrame, notes: Notes, links: Mapping[str, str]) -> pl.DataFrame:
    """The frame with articles' ids where `source` is a link or a DOI: that of a known article, else a new one made from the link."""
    source = frame["source"]
    maybe = source.str.contains(r"(?i)^https?:|^doi:|^10\.\d{4,9}(/|$)|^(dx\.)?doi\.org").fill_null(value=False)
    if not maybe.any():
        return frame
    links_of = {text: texts.link_of(text) for text in source.filter(maybe).unique(maintain_order=True)}
    found = {text: link for text, link in links_of.items() if link}
    ids = {text: links.get(link) or texts.id_of(link) for text, link in found.items()}
    verdicts = {text: texts.formed(COLUMNS["source"], text) for text, link in links_of.items() if not link}
    verdicts |= {
        text: Verdict("EC507", f"the article's id, {ids[text]}", f"write {ids[text]}", ids[text])
        if link in links
        else Verdict("EC506", "an article's id", f"nothing, where it is a new article: its id is {ids[text]}")
        for text, link in found.items()
    }
    notes.judged("source", source, verdicts)
    notes.links.update({ids[text]: link for text, link in found.items() if link not in links})
    return frame.with_columns(source.replace(ids).alias("source"))


def typed(frame: pl.DataFrame, notes: Notes, links: Mapping[str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A batch with the contract's types, and its cells as they were sent, without blanks.

    Args:
        frame: The batch, its columns named as in the contract; text, or already of the contract's type.
        notes: Takes what cannot be read.
        links: Ids of known articles by their links.
    """
    sent = frame.select(as_sent(frame.schema[name], COLUMNS[name], name).alias(name) for name in frame.columns)
    for name in sent.columns:
        if sent.schema[name] == pl.String and name not in AS_WRITTEN:
            sent = _cleaned(sent, notes, name)
        elif sent.schema[name] == pl.String:
            sent = sent.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name))
    if "source" in sent.columns:
        sent = _linked(sent, notes, links)
    return sent.select(_typed(sent, notes, COLUMNS[name]) for name in sent.columns), sent


def _said(column: Column, check: str) -> tuple[str, str]:
    """What is expected where a bound is broken or a value is missing, and the fix."""
    expected = {
        "not_nullable": column.description,
        "minimum": f"at least {plain_number(column.minimum)}",
        "maximum": f"at most {plain_number(column.maximum)}",
        "finite": "a finite number",
    }
    return expected[check], "fill the cell in" if check == "not_nullable" else "mend the value"


def constrained(frame: pl.DataFrame, notes: Notes) -> None:
    """Note every failure that pandera finds in a typed batch; cells that are known to be wrong are not told again."""
    try:
        pandera_schema(Contribution, tuple(frame.columns)).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as failed:
        cases = failed.failure_cases.filter(pl.col("index").is_not_null())
        for (name, check), found in cases.group_by("column", "check", maintain_order=True):
            mask = pl.Series([False]).new_from_index(0, frame.height).scatter(found["index"], values=True)
            _failed(frame, notes, str(name or ""), str(check), mask)


def _failed(frame: pl.DataFrame, notes: Notes, name: str, check: str, mask: pl.Series) -> None:
    """Note one constraint that some rows break."""
    good = notes.good(check.split(":")[1:] if check.startswith("order:") else Contribution.either if check == "either" else [name])
    mask = mask & good if good is not None else mask
    if check.startswith("order:"):
        _, low, high = check.split(":")
        best = low.replace("_low", "_best")
        if high.endswith("_high") and best != low and best in frame.columns:  # told of the best figure already
            mask = mask & frame[best].is_null()
        expected = pl.format("at least {}, which is {}", pl.lit(low), pl.col(low))
        notes.note("EC304", high, mask, frame, {"found": pl.col(high), "expected": expected, "fix": f"mend {low} or {high}"})
    elif check == "either":
        say: Says = {"found": "actor and target are empty", "expected": "at least one of the two", "fix": "name who did it, or to whom"}
        notes.note("EC305", "actor", mask, frame, say)
    elif check in _CONSTRAINTS:
        bound, fix = _said(COLUMNS[name], check)
        found = pl.col(name).cast(pl.String).str.replace(r"\.0$", "").fill_null("")
        notes.note(_CONSTRAINTS[check], name, mask, frame, {"found": found, "expected": bound, "fix": fix})
    else:
        _judged(frame, notes, COLUMNS[name], mask, texts.judge)
