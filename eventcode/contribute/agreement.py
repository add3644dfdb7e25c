"""How far coders agree who coded the same articles: their reports paired, and Krippendorff's alpha of each column."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from eventcode.codebook.actions import actions
from eventcode.codebook.actors import roles
from eventcode.contribute.alpha import estimate, tally
from eventcode.contribute.confusion import Confusion, confusions
from eventcode.contribute.gate import validate
from eventcode.errors import InputError
from eventcode.model.column import columns
from eventcode.model.grammar import country
from eventcode.model.tables import Contribution

NONE = "none"
"""What an empty cell says: two coders who both name no target agree."""

COLUMNS = (
    "actor", "actor_country", "actor_roles", "target", "target_country", "root", "action_3_digits", "action", "quad_class", "status",
    "attributed_to", "date", "date_precision", "date_basis", "place", "country", "deaths_best",
)  # fmt: skip
"""The columns that are compared: those of a contribution, and parts of its codes."""
_PARTS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "actor_country": ("actor", country),
    "actor_roles": ("actor", lambda code: " ".join(roles(code))),
    "target_country": ("target", country),
    "root": ("action", lambda code: code[:2]),
    "action_3_digits": ("action", lambda code: code[:3]),
    "quad_class": ("action", lambda code: actions()[code].quad_class),
}
_NUMBERS = ("date", "deaths_best")

Row = Mapping[str, Any]
Unit = tuple[Row | None, ...]
"""One report as each coder has it; None where a coder has not found it."""


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How many reports both of two coders found and how many either; share of the two, and F1. None where there are no reports."""

    coders: tuple[str, str]
    both: int
    either: int
    share: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class ColumnAgreement:
    """Krippendorff's alpha of a column with its 95 % interval, all None where nothing varies; the share of the units in which all say the same.

    Units are reports of which two coders or more say something in the column; of a date or figure, an empty cell says nothing.
    """

    name: str
    alpha: float | None
    low: float | None
    high: float | None
    share: float | None
    units: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far coders agree: reports by file, different reports (`units`), articles, and those of which one coder alone has reports.

    A disagreement holds source, sentence, start, end, trigger and column, and by each file's name what its coder says, empty where nothing;
    in the column `found` that is the actor, action and target of a report that not all have. Confusions are those of the columns asked for.
    """

    reports: Mapping[str, int]
    units: int
    articles: int
    articles_of_one: int
    pairs: tuple[PairAgreement, ...]
    columns: tuple[ColumnAgreement, ...]
    confusions: tuple[Confusion, ...]
    disagreements: tuple[Mapping[str, Any], ...]


def _sent(file: Path, articles: Path | None) -> list[Row]:
    """The rows of a contribution; a column that the file does not have is in none of them."""
    checked = validate(file, articles=articles)
    if first := next((problem for problem in checked.problems if problem.severity == "error"), None):
        place = ", ".join([f"row {first.row}" if first.row else "the file", *([f"column {first.column}"] if first.column else [])])
        what = f"the gate finds {checked.errors} error{'s' * (checked.errors > 1)}, first {first.code} in {place}: {first.found}"
        raise InputError(what, where=str(file), expected=first.expected, fix=f"see them all with: eventcode validate {file}")
    return [*checked.frame.select(name for name in checked.frame.columns if name in checked.mapping).rows(named=True)]


def _in_order(rows: Sequence[Row]) -> list[Row]:
    """Rows in an order that does not hang on the file's."""
    names = dict.fromkeys((*Contribution.key, *(column.name for column in columns(Contribution))))
    return sorted(rows, key=lambda row: [repr(row.get(name)) for name in names])


def _likeness(one: Row, other: Row) -> tuple[int, ...]:
    """How alike two reports of one article are, more being greater; empty where they may not be a pair."""
    (a, b), (c, d) = spans = [(row.get("start"), row.get("end")) for row in (one, other)]
    overlap = None not in (a, b, c, d) and (spans[0] == spans[1] or (a < d and c < b))  # type: ignore[operator]
    rooted = one["action"][:2] == other["action"][:2]
    if not overlap and not (rooted and one.get("sentence") is not None and one["sentence"] == other.get("sentence")):
        return ()
    alike = rooted + sum(country(one[side]) == country(other[side]) for side in ("actor", "target"))
    return overlap, alike, spans[0] == spans[1], sum(one[name] == other[name] for name in ("actor", "action", "target", "date"))


def _near(pool: Sequence[Unit], rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Numbers of the units and rows that may be pairs: their spans may meet, or they have one sentence."""
    members = [(u, row) for u, unit in enumerate(pool) for row in unit if row]
    spans = sorted((row["start"], row["end"], u) for u, row in members if None not in (row.get("start"), row.get("end")))
    longest = max((end - start for start, end, _ in spans), default=0)
    sentences: dict[int, list[int]] = defaultdict(list)
    for u, row in members:
        if row.get("sentence") is not None:
            sentences[row["sentence"]].append(u)
    found = {(u, r) for r, row in enumerate(rows) for u in sentences.get(row.get("sentence") or 0, ())}
    for r, row in enumerate(rows):
        start, end = row.get("start"), row.get("end")
        if start is not None and end is not None:
            first, last = bisect_left(spans, (start - longest,)), bisect_left(spans, (max(end, start + 1),))
            found |= {(u, r) for _, _, u in spans[first:last]}
    return sorted(found)


def _paired(coders: Sequence[Sequence[Row]]) -> list[Unit]:
    """The reports of one article, one to one: each coder's with those of the coders before, the most alike first."""
    pool: list[Unit] = []
    for n, rows in enumerate(coders):
        likes = {(u, r): max(_likeness(other, rows[r]) for other in pool[u] if other) for u, r in _near(pool, rows)}
        taken: dict[int, int] = {}
        gone: set[int] = set()
        for u, r in sorted((pair for pair, like in likes.items() if like), key=lambda pair: likes[pair], reverse=True):
            if u not in taken and r not in gone:
                taken[u] = r
                gone.add(r)
        alone = [row for r, row in enumerate(rows) if r not in gone]
        pool = [(*unit, rows[taken[u]] if u in taken else None) for u, unit in enumerate(pool)] + [(*[None] * n, row) for row in alone]
    return pool


def _say(unit: Unit, name: str) -> list[Any]:
    """What each coder says in a column: None without a report or without the column, "none" where the cell is empty."""
    given, part = _PARTS.get(name, (name, None))
    empty = "asserted" if name == "status" else NONE
    cells = [row[given] if row is not None and given in row else ... for row in unit]
    return [None if cell is ... else empty if cell is None else (part(cell) or NONE) if part else cell for cell in cells]


def _column(name: str, said: Sequence[list[Any]]) -> ColumnAgreement:
    if name in _NUMBERS:
        said = [[None if v == NONE else v.toordinal() if isinstance(v, date) else v for v in each] for each in said]
    kinds = tally(said)
    share = sum(n for kind, n in kinds.items() if len(set(kind)) == 1) / kinds.total() if kinds else None
    return ColumnAgreement(name, *estimate(kinds, "interval" if name in _NUMBERS else "nominal"), share, kinds.total())


def _found(names: Sequence[str], units: Sequence[Unit], i: int, j: int) -> PairAgreement:
    has = [(unit[i] is not None, unit[j] is not None) for unit in units]
    both, either, total = sum(a and b for a, b in has), sum(a or b for a, b in has), sum(a + b for a, b in has)
    return PairAgreement((names[i], names[j]), both, either, both / either if either else None, 2 * both / total if total else None)


def _disagreements(names: Sequence[str], unit: Unit) -> Iterator[dict[str, Any]]:
    lead = min((row for row in unit if row), key=lambda row: row.get("start") is None)
    place = {name: lead.get(name) for name in ("source", "sentence", "start", "end", "trigger")}
    if None in unit:
        rows = (" ".join(row[name] or NONE for name in ("actor", "action", "target")) if row else None for row in unit)
        yield {**place, "column": "found", **dict(zip(names, rows, strict=True))}
    for column in COLUMNS:
        said = _say(unit, column)
        if len({str(each) for each in said if each is not None}) > 1:
            yield {**place, "column": column, **dict(zip(names, said, strict=True))}


def aligned(files: Sequence[Path], *, articles: Path | None = None) -> list[Unit]:
    """The reports of two coders or more, one to one: each unit one report as each has it, None where one has it not; article by article.

    Args:
        files: A contribution of each coder.
        articles: Folder of the articles that rows may name as their source; None where any may be.

    Raises:
        InputError: A file cannot be read or does not pass the gate, one is given twice, or there is only one.
    """
    if len(files) < 2 or len(set(files)) < len(files) or Path("-") in files:
        raise InputError("nothing to compare", where=", ".join(map(str, files)), expected="two files or more, each of another coder")
    sources: dict[str, list[list[Row]]] = defaultdict(lambda: [[] for _ in files])
    for n, file in enumerate(files):
        for row in _in_order(_sent(file, articles)):
            sources[row["source"]][n].append(row)
    return [unit for _, coders in sorted(sources.items()) for unit in _paired(coders)]


def compare(files: Sequence[Path], *, articles: Path | None = None, confusion: Sequence[str] = ("root",)) -> Agreement:
    r"""Compare what two coders or more made of the same articles.

    Args:
        files: A contribution of each coder. Where there are more than two, each is paired with the reports of those before it.
        articles: Folder of the articles that rows may name as their source; None where any may be.
        confusion: Compared columns of which to count what one coder says against what another says.

    Raises:
        InputError: A file cannot be read or does not pass the gate, one is given twice, or there is only one; a column is not compared.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     files = [Path(folder) / "anna.csv", Path(folder) / "ben.csv"]
    ...     _ = [file.write_text("source,start,end,actor,action,target,date\na,4,11,AZE,190,ARM,2020-10-09\n") for file in files]
    ...     compare(files).pairs[0].f1
    1.0
    """
    if unknown := next((name for name in confusion if name not in COLUMNS), None):
        raise InputError("this column is not compared", where=unknown, expected=f"one of {', '.join(COLUMNS)}")
    units = aligned(files, articles=articles)
    groups: dict[str, set[int]] = defaultdict(set)
    for unit in units:
        for n, row in enumerate(unit):
            if row is not None:
                groups[row["source"]].add(n)
    names = [str(file) for file in files]
    said = {name: [_say(unit, name) for unit in units] for name in COLUMNS}
    wrong = [each for unit in units for each in _disagreements(names, unit)]
    return Agreement(
        reports={name: sum(unit[n] is not None for unit in units) for n, name in enumerate(names)},
        units=len(units),
        articles=len(groups),
        articles_of_one=sum(len(coders) == 1 for coders in groups.values()),
        pairs=tuple(_found(names, units, i, j) for i, j in combinations(range(len(files)), 2)),
        columns=tuple(_column(name, said[name]) for name in COLUMNS),
        confusions=tuple(each for name in dict.fromkeys(confusion) for each in confusions(name, names, said[name])),
        disagreements=tuple(sorted(wrong, key=lambda each: (each["source"], each["sentence"] or 0, each["start"] or 0))),
    )
