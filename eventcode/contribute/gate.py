"""The gate: one contribution in, its problems and its typed rows out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandera.errors
import polars as pl

from eventcode.contract.frames import pandera_schema, polars_schema
from eventcode.contribute.read import Raw, read
from eventcode.contribute.rules import rules
from eventcode.errors import Problem
from eventcode.model import grammar
from eventcode.model.column import Column, columns
from eventcode.model.tables import Contribution
from eventcode.resources import codes

_MISSING_WORDS = ("NA", "NaN", "nan", "NULL", "null", "None", "N/A", "n/a")
_COLUMNS: Mapping[str, Column] = {column.name: column for column in columns(Contribution)}
_BY_CHECK = {
    "pattern": "EC207",
    "length": "EC207",
    "enum": "EC208",
    "minimum": "EC303",
    "maximum": "EC303",
    "finite": "EC303",
    "not_nullable": "EC201",
    "either": "EC305",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What the gate says of a contribution.

    Attributes:
        file: Its name.
        rows: Number of rows read.
        problems: All that is wrong, in the order of the rows.
        frame: The rows with the contract's columns and types; cells that could not be read are null.
    """

    file: str
    rows: int
    problems: tuple[Problem, ...]
    frame: pl.DataFrame

    @property
    def errors(self) -> int:
        """Number of problems that keep rows out."""
        return sum(problem.severity == "error" for problem in self.problems)


def _mend_actor(found: str) -> str:
    """What to do about an actor code that is not well formed."""
    if not re.fullmatch("(?:[A-Z]{3})+", found):
        return f"look it up: eventcode codes {found if found.replace(' ', '').isalpha() else 'WORDS'}"
    unknown = [part for part in grammar.chunks(found) if not grammar.is_actor(part) and not grammar.is_actor(f"USA{part}")]
    if unknown:
        return f"{', '.join(unknown)} is not known; look it up: eventcode codes WORDS"
    return "put the parts in the grammar's order: country, group, ethnic group, religion, roles"


class _Gate:
    """One contribution on its way through the gate."""

    def __init__(self, raw: Raw, articles: Collection[str] | None) -> None:
        self.raw = raw
        self.articles = articles
        self.problems: list[Problem] = []
        self.bad: set[tuple[int, str]] = set()

    def say(self, code: str, index: int | None, column: str, found: object, expected: str, fix: str) -> None:
        """Note a problem; `index` counts the frame's rows from 0."""
        row = None if index is None else self.raw.rows[index]
        if index is not None:
            self.bad.add((index, column))
        self.problems.append(Problem(code, rules()[code].severity, self.raw.file, row, column, str(found), expected, fix))

    # -- columns ------------------------------------------------------------------------------------------------

    def renamed(self) -> pl.DataFrame:
        """The frame with the contract's column names; columns that it does not know are left out."""
        known = {alias: column.name for column in _COLUMNS.values() for alias in (*column.aliases, column.name)}
        chosen: dict[str, str] = {}
        for given in self.raw.frame.columns:
            name = known.get(given) or known.get(given.strip().lower().replace(" ", "_").replace("-", "_"))
            if name is None:
                near = difflib.get_close_matches(given.lower(), list(_COLUMNS), n=1)
                self.say(
                    "EC102",
                    None,
                    given,
                    given,
                    "a column of the contract",
                    f"rename it to {near[0]}" if near else "leave it out, or see schema/CODEBOOK.md",
                )
            elif name in chosen:
                self.say("EC103", None, name, f"{chosen[name]} and {given}", f"one column for {name}", "leave one of them out")
            else:
                chosen[name] = given
        for name in Contribution.must_have:
            if name not in chosen and (self.raw.rows or self.raw.frame.columns):  # JSON lines without a line name no columns
                self.say("EC101", None, name, "no such column", f"a column {name}: {_COLUMNS[name].description}", f"add the column {name}")
        return self.raw.frame.select(pl.col(given).alias(name) for name, given in chosen.items())

    # -- cells --------------------------------------------------------------------------------------------------

    def _where(self, frame: pl.DataFrame, wrong: pl.Expr) -> list[int]:
        return frame.select(pl.arg_where(wrong.fill_null(value=False))).to_series().to_list()

    def trimmed(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame without blanks around values and without words for missing values; both are noted."""
        for name in frame.columns:
            if _COLUMNS[name].kind == "text" and name in {"trigger", "actor_text", "target_text"}:
                continue
            value = pl.col(name)
            for i in self._where(frame, value != value.str.strip_chars()):
                self.say("EC210", i, name, repr(frame[name][i]), repr(frame[name][i].strip()), "remove the blanks")
            missing = value.str.strip_chars().is_in(_MISSING_WORDS)
            for i in self._where(frame, missing):
                self.say("EC211", i, name, frame[name][i], "an empty cell", "leave the cell empty")
            stripped = value.str.strip_chars()
            frame = frame.with_columns(pl.when(missing | (stripped == "")).then(None).otherwise(stripped).alias(name))
        self.bad.clear()
        return frame

    def typed(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with the contract's types and all its columns; what cannot be read is noted and null."""
        given = [column for column in _COLUMNS.values() if column.name in frame.columns]
        absent = {name: kind for name, kind in polars_schema(Contribution).items() if name not in frame.columns}
        nothing = pl.DataFrame({name: [None] * len(self.raw.rows) for name in absent}, schema=absent)
        frame = pl.concat([part for part in (frame, nothing) if part.width], how="horizontal")
        for column in given:
            value = pl.col(column.name)
            if column.kind == "date":
                day = value.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
                midnight = value.str.contains(r"^\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?(Z|\+00:00)?)?$")
                for i in self._where(frame, ~midnight):
                    self.say(
                        "EC302",
                        i,
                        column.name,
                        frame[column.name][i],
                        "year-month-day, such as 2020-10-09",
                        "write the date as year-month-day",
                    )
                for i in self._where(frame, midnight & day.is_null()):
                    self.say("EC301", i, column.name, frame[column.name][i], "a day of the calendar", "look the date up in the article")
                frame = frame.with_columns(pl.when(midnight).then(day).alias(column.name))
            elif column.kind in {"integer", "number"}:
                kind = pl.Int64 if column.kind == "integer" else pl.Float64
                whole = value.str.replace(r"\.0+$", "") if column.kind == "integer" else value  # pandas writes 3.0 beside missing values
                number = whole.cast(kind, strict=False)
                what = "a whole number" if column.kind == "integer" else "a number"
                for i in self._where(frame, value.is_not_null() & number.is_null()):
                    self.say("EC202", i, column.name, frame[column.name][i], what, f"write {what}, or leave the cell empty")
                frame = frame.with_columns(number.alias(column.name))
        return frame.select(list(_COLUMNS))

    # -- constraints --------------------------------------------------------------------------------------------

    def constrained(self, frame: pl.DataFrame) -> None:
        """Note every failure that pandera finds in the typed frame."""
        try:
            pandera_schema(Contribution).validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as failed:
            for case in failed.failure_cases.iter_rows(named=True):
                if case["index"] is not None and not (case["column"] and (case["index"], case["column"]) in self.bad):
                    self._failure(frame, case["index"], case["column"] or "", case["check"])

    def _failure(self, frame: pl.DataFrame, i: int, name: str, check: str) -> None:
        if check.startswith("order:"):
            _, low, high = check.split(":")
            if not {(i, low), (i, high)} & self.bad:
                self.say("EC304", i, high, frame[high][i], f"at least {low}, which is {frame[low][i]}", f"mend {low} or {high}")
            return
        if check == "either":
            if not {(i, "actor"), (i, "target")} & self.bad:
                self.say("EC305", i, "actor", "actor and target are empty", "at least one of the two", "name who did it, or to whom")
            return
        column, found = _COLUMNS[name], frame[name][i]
        if column.codelist and check in {"codelist", "pattern", "length"}:
            if (i, name) not in self.bad:
                self._code(column, i, str(found))
            return
        expected = {
            "not_nullable": column.description,
            "enum": f"one of {', '.join(column.enum)}",
            "minimum": f"at least {column.minimum}",
            "maximum": f"at most {column.maximum}",
            "finite": "a finite number",
        }.get(check, f"{column.description} For example {column.example}")
        near = difflib.get_close_matches(str(found), column.enum, n=1)
        self.say(
            _BY_CHECK[check],
            i,
            name,
            "" if found is None else found,
            expected,
            f"did you mean {near[0]}?" if near else "mend the value" if found is not None else "fill the cell in",
        )

    def _code(self, column: Column, i: int, found: str) -> None:
        """A code that is in no codelist: say why, and which is nearest."""
        if column.codelist == "actions":
            if "0" + found in codes("actions"):
                self.say("EC204", i, column.name, found, f"0{found}", f"write 0{found}; read the column as text, not as a number")
                return
            near = difflib.get_close_matches(found, sorted(codes("actions")), n=3, cutoff=0.5)
            self.say(
                "EC203",
                i,
                column.name,
                found,
                "one of the 316 codes of CAMEO 1.1b3",
                f"did you mean {' or '.join(near)}?" if near else "look it up: eventcode codes WORDS",
            )
        elif column.codelist == "countries":
            near = difflib.get_close_matches(found.upper(), sorted(codes("countries")), n=3)
            fix = f"did you mean {' or '.join(near)}?" if near else "look it up: eventcode codes WORDS"
            self.say("EC209", i, column.name, found, "a code of schema/countries.csv", fix)
        elif grammar.is_actor(found.upper()):
            self.say("EC206", i, column.name, found, found.upper(), f"write {found.upper()}")
        else:
            what = "three-letter parts in the grammar's order, such as AZEMIL"
            self.say("EC205", i, column.name, found, what, _mend_actor(found))

    # -- rows ---------------------------------------------------------------------------------------------------

    def rows(self, frame: pl.DataFrame, text: pl.DataFrame) -> None:
        """Note duplicates, offsets that do not fit, and sources that are no known article; `text` is the frame before it was typed."""
        misfit = pl.col("trigger").str.len_chars() != pl.col("end") - pl.col("start")
        for i in self._where(frame, misfit):
            if not {(i, "start"), (i, "end")} & self.bad:
                self.say(
                    "EC306",
                    i,
                    "trigger",
                    frame["trigger"][i],
                    f"{frame['end'][i] - frame['start'][i]} characters",
                    "mend start, end or trigger",
                )
        if self.articles is not None:
            for i in self._where(frame, ~pl.col("source").is_in(sorted(self.articles))):
                self.say("EC502", i, "source", frame["source"][i], "the id of a known article", "add the article, or mend the id")
        # Two dates that cannot be read are both null, and yet not the same.
        as_sent = {name: pl.lit(text[name]) for name in Contribution.key if name in text.columns}
        key = frame.select(pl.coalesce(pl.col(name).cast(pl.String), as_sent.get(name, pl.lit(None))) for name in Contribution.key)
        first = key.with_row_index("row").with_columns(pl.col("row").first().over(Contribution.key).alias("first"))
        known = pl.any_horizontal(pl.col(Contribution.key).is_not_null())
        for i in self._where(first, known & (pl.col("row") != pl.col("first"))):
            self.say("EC501", i, "", f"the same as row {self.raw.rows[first['first'][i]]}", "each row once", "remove one of the two")

    def checked(self) -> Checked:
        """Run the gate."""
        text = self.trimmed(self.renamed())
        frame = self.typed(text)
        absent = {problem.column for problem in self.problems if problem.code == "EC101"}
        self.bad |= {(i, name) for i in range(frame.height) for name in absent}
        self.constrained(frame)
        self.rows(frame, text)
        order = sorted(self.problems, key=lambda p: (p.row or 0, p.code, p.column))
        return Checked(self.raw.file, frame.height, tuple(order), frame)


def validate(path: str | Path, *, articles: Collection[str] | None = None) -> Checked:
    """Check a contribution.

    Args:
        path: A file (.csv, .jsonl, .parquet), or "-" for JSON lines on standard input.
        articles: Ids of the articles that rows may name as their source; None where any may be.

    Returns:
        The problems and the typed rows.

    Raises:
        InputError: The file cannot be read as a table at all.
    """
    return _Gate(read(path), articles).checked()
