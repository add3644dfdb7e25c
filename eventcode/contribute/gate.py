"""The gate: one contribution in, its problems and its typed rows out."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl
import polars.selectors as cs

from eventcode.contract.frames import polars_schema
from eventcode.contribute import cells
from eventcode.contribute.checks import articles as about_articles
from eventcode.contribute.checks import columns as about_columns
from eventcode.contribute.checks import duplicates, oddities, rows, texts
from eventcode.contribute.columns import Named, match, missing
from eventcode.contribute.notes import CASES, Notes, Verdict
from eventcode.contribute.read import Raw, Unreadable, batches
from eventcode.contribute.rules import rules
from eventcode.errors import Problem
from eventcode.model.tables import Contribution

_ESCAPED = ("CSV", "TSV", "Excel")
LIMIT = 10_000
"""Problems of a rule that are kept one by one; all are counted."""
BATCH = 1_000_000
_AT_ONCE = 2
"""Batches that are examined at the same time: much of it runs in one thread."""


@dataclass(frozen=True, slots=True)
class Against:
    """What a contribution is checked against.

    Attributes:
        articles: The articles that rows may name; None where any may be.
        published: Reports of a release, which may not be offered again; None where that is not asked.
        today: The day after which nothing has happened yet; None where that is not asked.
        active: The rules that are asked for.
    """

    articles: about_articles.Library | None = None
    published: pl.DataFrame | None = None
    today: date | None = None
    active: Collection[str] = field(default_factory=lambda: frozenset(rules()))


@dataclass(frozen=True, slots=True)
class Checked:
    """What the gate says of a contribution.

    Attributes:
        file: Its name.
        form: How it was read.
        mapping: For each column of the contract that it has, its name in the file.
        rows: Number of rows, those that could not be read among them.
        refused_rows: Numbers of the rows with an error.
        counts: How often each rule is broken.
        problems: What is wrong, in the order of the rows; of each rule no more than the limit.
        repairable: Number of problems of which the repair is certain.
        readable: False where the file as a whole could not be read.
        frame: The rows with the contract's columns and types; cells that could not be read are null. Empty where rows were not kept.
        numbers: Number of each row of the frame in the file.
        links: Articles that are known by their links alone: link by the id that was made of it.
    """

    file: str
    form: str
    mapping: Mapping[str, str]
    rows: int
    refused_rows: pl.Series
    counts: Mapping[str, int]
    problems: tuple[Problem, ...]
    repairable: int
    readable: bool
    frame: pl.DataFrame
    numbers: pl.Series
    links: Mapping[str, str]

    def _number(self, severity: str) -> int:
        return sum(number for code, number in self.counts.items() if rules()[code].severity == severity)

    @property
    def refused(self) -> int:
        """Number of rows with an error."""
        return len(self.refused_rows)

    @property
    def errors(self) -> int:
        """Number of problems that keep rows out."""
        return self._number("error")

    @property
    def warnings(self) -> int:
        """Number of problems that do not."""
        return self._number("warning")


@dataclass(frozen=True, slots=True)
class Examined:
    """A batch that went through the gate.

    Attributes:
        raw: As it was read.
        named: Its columns' names, matched.
        frame: Its rows with the contract's types; the columns that it has.
        notes: What is wrong with them.
        keys: What makes each row a row of its own (see `duplicates.keys`).
        tally: What the batch holds, counted.
    """

    raw: Raw
    named: Named
    frame: pl.DataFrame
    notes: Notes
    keys: pl.DataFrame
    tally: oddities.Tally


def unescaped(raw: Raw) -> pl.DataFrame:
    """The rows as they were meant: tables for people are written with an apostrophe before what a spreadsheet would take for a formula."""
    if not raw.form.startswith(_ESCAPED):
        return raw.frame
    return raw.frame.with_columns(cs.string().str.replace(r"^'('*[=+\-@\t\r\n＝＋－＠])", "$1"))


def _renamed(raw: Raw, named: Named) -> pl.DataFrame:
    """The frame with the contract's names; a column that must be there and is not is empty."""
    frame = unescaped(raw).select(pl.col(given).alias(name) for name, given in named.mapping.items())
    absent = {name: kind for name, kind in polars_schema(Contribution, Contribution.must_have).items() if name not in frame.columns}
    nothing = pl.DataFrame({name: pl.Series([None], dtype=kind).new_from_index(0, len(raw.rows)) for name, kind in absent.items()})
    return pl.concat([part for part in (frame, nothing) if part.width], how="horizontal")


def _emptied(raw: Raw, named: Named) -> dict[str, pl.Series]:
    """For each column the rows whose cell the reader could not read, and left empty: they are not missing."""
    names = {given: name for name, given in named.mapping.items()}
    rows_of: dict[str, list[int]] = {}
    for fault in raw.faults:
        if fault.row is not None and fault.column in names:
            rows_of.setdefault(names[fault.column], []).append(fault.row)
    return {name: raw.rows.is_in(rows) for name, rows in rows_of.items()}


def _examined(raw: Raw, named: Named, against: Against, limit: int | None) -> Examined:
    """One batch through all rules, those first that say most plainly what is wrong."""
    renamed = _renamed(raw, named)
    notes = Notes(renamed.height, against.active, None if limit is None else dict.fromkeys(rules(), limit))
    for name in Contribution.must_have:
        if name not in named.mapping:
            notes.spoil(name, ~notes.none())
    for name, emptied in _emptied(raw, named).items():
        notes.spoil(name, emptied)
    library = against.articles
    frame, sent = cells.typed(renamed, notes, library.links if library else {})
    if "action" in named.mapping:
        about_columns.zeros(frame, notes, numeric=renamed.schema["action"].is_numeric())
    rows.swapped(frame, notes)
    cells.constrained(frame, notes)
    given = frame.select(name for name in frame.columns if name in named.mapping)
    rows.check(given, notes)
    if "date" in named.mapping:
        rows.to_come(given, notes, against.today)
    if library and "source" in named.mapping:
        about_articles.check(frame, notes, library)
    texts.garbled(given, notes)
    texts.elsewhere(given, notes)
    duplicates.nearly(frame, notes, raw.rows)
    duplicates.both_ways(given, notes, raw.rows)
    duplicates.events(frame, notes)
    duplicates.places(given, notes)
    if against.published is not None:
        duplicates.published(frame, notes, against.published)
    oddities.copied(given, notes, raw.rows)
    oddities.filled(given, notes)
    tally = oddities.Tally()
    tally.add(given, sent)
    rest = raw.frame.drop(list(named.mapping.values()))
    faulty = raw.rows.is_in([fault.row for fault in raw.faults if fault.row is not None])
    return Examined(raw, named, frame, notes, duplicates.keys(frame, sent, rest, faulty), tally)


@dataclass(slots=True)
class _File:
    """What is known of a file so far."""

    name: str
    against: Against
    room: dict[str, int] | None
    form: str = ""
    rows: int = 0
    repairable: int = 0
    readable: bool = True
    names: dict[str, None] = field(default_factory=dict)
    mapping: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    refused: list[pl.Series] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    faulty: set[int] = field(default_factory=set)
    seen: duplicates.Seen = field(default_factory=duplicates.Seen)
    tally: oddities.Tally = field(default_factory=oddities.Tally)

    def say(self, code: str, row: int | None, line: int | None, column: str, found: str, verdict: tuple[str, str]) -> None:
        """Note one problem that lies outside the rows of a batch."""
        if code not in self.against.active:
            return
        severity = rules()[code].severity
        if row is not None and severity == "error":
            self.faulty.add(row)
        self.counts[code] += 1
        if self.room is not None:
            if self.room[code] <= 0:
                return
            self.room[code] -= 1
        self.problems.append(Problem(code, severity, self.name, row, line, column, found, *verdict))

    def faults(self, raw: Raw, named: Named) -> None:
        """Note what the reader found: rows that it left out count, and a cell that it emptied was not empty."""
        names = {given: name for name, given in named.mapping.items()}
        there = set(raw.rows.filter(raw.rows.is_in([fault.row for fault in raw.faults if fault.row is not None])))
        for fault in raw.faults:
            column = names.get(fault.column, fault.column)
            self.say(fault.code, fault.row, fault.line, column, fault.found, (fault.expected, fault.fix))
            if fault.row in there and column in named.mapping:
                self.tally.empty[column] -= 1
        self.rows += len({fault.row for fault in raw.faults if fault.row is not None} - there)

    def column(self, column: str, found: str, verdict: Verdict) -> None:
        """Note what is wrong with a column."""
        self.say(verdict.code, None, None, column, found, (verdict.expected, verdict.fix))

    def take(self, batch: Examined) -> None:
        """Take in what is wrong with a batch."""
        raw, notes = batch.raw, batch.notes
        self.form = self.form or raw.form
        self.rows += len(raw.rows)
        self.mapping.update({name: given for name, given in batch.named.mapping.items() if name not in self.mapping})
        self.counts.update(notes.counts)
        self.repairable += notes.repairable
        self.links.update(notes.links)
        self.refused.append(raw.rows.filter(notes.refused))
        self.seen.add(batch.keys, raw.rows, raw.lines)
        self.tally.merge(batch.tally)
        for each in notes.cases:
            case = self.kept(each)
            lines = raw.lines.gather(case["index"]) if raw.lines is not None else [None] * case.height
            numbers = raw.rows.gather(case["index"])
            severity = rules()[each["code"][0]].severity
            self.problems += [
                Problem(code, severity, self.name, number, line, column, found or "", expected, fix)
                for number, line, (_, code, column, found, expected, fix, _) in zip(numbers, lines, case.iter_rows(), strict=True)
            ]

    def kept(self, cases: pl.DataFrame) -> pl.DataFrame:
        """As many cases of a rule as there is room for."""
        if self.room is None:
            return cases
        code = cases["code"][0]
        kept = cases.head(max(0, self.room[code]))
        self.room[code] -= kept.height
        return kept

    def checked(self, kept: Sequence[tuple[pl.DataFrame, pl.Series]]) -> Checked:
        """All that the gate says of the file."""
        schema = polars_schema(Contribution)
        frames = [_whole(frame, schema) for frame, _ in kept]
        numbers = pl.concat([pl.Series(dtype=pl.UInt32), *(rows for _, rows in kept)])
        order = sorted(self.problems, key=lambda p: (p.row or 0, p.code, p.column))
        refused = pl.concat([*self.refused, pl.Series(sorted(self.faulty), dtype=pl.UInt32)]).unique().sort()
        frame = pl.concat(frames) if frames else pl.DataFrame(schema=schema)
        counts = dict(sorted(self.counts.items()))
        return Checked(
            self.name, self.form, self.mapping, self.rows, refused, counts, tuple(order), self.repairable, self.readable, frame,
            numbers, self.links,
        )  # fmt: skip


def _whole(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The frame with all columns of the contract."""
    return frame.select(pl.col(name) if name in frame.columns else pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items())


def _taken(file: _File, batch: Examined) -> Examined:
    """Take a batch in, and what it shows of columns that no batch before it had."""
    raw, named = batch.raw, batch.named
    fresh = [name for name in raw.frame.columns if name not in file.names]
    file.names.update(dict.fromkeys(fresh))
    for column, found, verdict in named.wrong:
        if found in fresh or (fresh and verdict.code == "EC103"):
            file.column(column, found, verdict)
    first = not file.rows
    file.faults(raw, named)
    if first and batch.frame.height:
        for column, found, verdict in about_columns.shown(batch.frame):
            file.column(column, found, verdict)
    file.take(batch)
    return batch


def _through(file: _File, parts: Iterable[Raw], limit: int | None) -> Iterator[Examined]:
    """Each batch through the gate, two at a time; `file` takes in what is found, in the order of the rows.

    Raises:
        Unreadable: The file cannot be read on; what was read before is taken in.
    """
    waiting: deque[Future[Examined]] = deque()
    failed: Unreadable | None = None
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            for raw in parts:
                waiting.append(pool.submit(_examined, raw, match(raw.frame.columns), file.against, limit))
                while len(waiting) > _AT_ONCE:
                    yield _taken(file, waiting.popleft().result())
        except Unreadable as fault:
            failed = fault
        while waiting:
            yield _taken(file, waiting.popleft().result())
    if failed:
        raise failed


def _ended(file: _File) -> None:
    """What can be said when all rows were seen."""
    if file.readable and (file.rows or file.names):
        for column, found, verdict in missing(file.mapping):
            file.column(column, found, verdict)
        for column, found, verdict in oddities.whole(file.tally):
            file.column(column, found, verdict)
    for row, line, first, alike in file.seen.twice().iter_rows():
        file.repairable += alike
        found = f"the same as row {first}" if alike else f"the same report as row {first}; other cells differ"
        fix = "remove one of the two" if alike else "keep the right one, or give start and end where the article tells it twice"
        file.say("EC501", row, line, "", found, ("each row once", fix))


def examine(
    path: str | Path, against: Against, *, limit: int | None = LIMIT, size: int = BATCH, encoding: str | None = None, sheet: str | None = None,
    each: Callable[[Examined], None] | None = None, keep: bool = True,
) -> Checked:  # fmt: skip
    """Check a contribution, batch by batch.

    Args:
        path: A file, or "-" for standard input.
        against: What it is checked against.
        limit: Problems of a rule that are kept one by one; None keeps all.
        size: Rows of a batch.
        encoding: Encoding of a text file, where it is known.
        sheet: The sheet of a spreadsheet that is read.
        each: Called with each batch.
        keep: Whether the rows are kept in the answer.
    """
    room = None if limit is None else dict.fromkeys(rules(), limit)
    name = "standard input" if str(path) == "-" else str(path)
    file = _File(name, against, room)
    kept = []
    try:
        for batch in _through(file, batches(path, size=size, encoding=encoding, sheet=sheet), limit):
            if keep:
                kept.append((batch.frame, batch.raw.rows))
            if each:
                each(batch)
    except Unreadable as fault:
        file.readable = False
        file.say(fault.code, None, None, "", fault.what, (fault.expected, fault.fix))
    _ended(file)
    return file.checked(kept)


def validate(
    path: str | Path,
    *,
    articles: Path | Collection[str] | None = None,
    published: pl.DataFrame | None = None,
    today: date | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Checked:
    r"""Check a contribution.

    Args:
        path: A file (.csv, .tsv, .xlsx, .jsonl, .json, .parquet, .dta), or "-" for standard input.
        articles: Folder of the articles that rows may name as their source, or their ids; None where any may be.
        published: Reports of a release, which may not be offered again, with the columns of its table; None where that is not asked.
        today: The day after which nothing has happened yet; None where that is not asked.
        encoding: Encoding of a text file, where it is known.
        sheet: The sheet of a spreadsheet that is read.

    Returns:
        The problems and the typed rows. A file that cannot be read has one problem that says so, and no rows.

    Raises:
        InputError: There is no such file.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "mine.csv"
    ...     _ = file.write_text("actor,action,target,date,source\nAZE,42,ARM,2020-10-09,article-1\n")
    ...     [(problem.code, problem.found, problem.expected) for problem in validate(file).problems]
    [('EC204', '42', '042')]
    """
    against = Against(about_articles.library(articles), published, today)
    return examine(path, against, encoding=encoding, sheet=sheet)


__all__ = ["BATCH", "CASES", "LIMIT", "Against", "Checked", "Examined", "examine", "validate"]
