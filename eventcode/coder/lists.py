"""Lists of actors as files: how they are read, and what can be wrong with them. `docs/actors.md` says how to write one."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from eventcode import resources
from eventcode.coder import petrarch
from eventcode.coder.actor_rows import ActorFile, Agent, Fault, Row
from eventcode.errors import InputError
from eventcode.model import grammar

LISTS = ("persons", "organizations", "groups", "bodies", "peoples", "places")
AGENT_KINDS = ("person", "body", "force", "people", "modifier", "object")
OF_ENTITIES = {
    "PERSON": "persons", "ORG": "organizations", "NORP": "groups", "GPE": "places", "LOC": "places", "FAC": "places",
}  # fmt: skip
"""Kinds of named entities, as `--unknown-actors` writes them, and the list that each belongs to."""
_COLUMNS = "code, name and, where wanted, aliases, valid_from, valid_to, kind, ambiguous; or noun, role, kind"
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORD = re.compile(r"\w+|[^\w\s]")
_MOST_SHOWN = 50


def words(name: str) -> str:
    """The words and marks of a name, a space between: what is compared, so that "St.Petersburg" and "St. Petersburg" are one.

    >>> words("St.Petersburg") == words("St. Petersburg")
    True
    """
    return " ".join(_WORD.findall(name))


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()] if text else []


@cache
def _wrong(code: str) -> str:
    """What an actor code should have been; empty where it is well formed."""
    if grammar.is_actor(code):
        return ""
    known = resources.codes("countries") | resources.codes("regions") | resources.codes("roles") | resources.codes("groups")
    if not re.fullmatch(r"([A-Z]{3})+", code):
        return "capital letters in chunks of three, as in AZEGOV"
    strange = [part for part in grammar.chunks(code) if part not in known]
    if strange:
        return f"codes of the codelists, {strange[0]} is in none; search them with: eventcode codes WORDS"
    return "country or kind, then groups, then religion, then roles (docs/actor-codes.md)"


@cache
def _day(text: str) -> date | None:
    """A day from YYYY-MM-DD; None where empty.

    Raises:
        ValueError: It is no day.
    """
    if text and not _ISO.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text) if text else None


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError("no such file" if not path.exists() else "cannot be read", where=str(path), expected="a list of actors") from error
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start} is not UTF-8", where=str(path), expected="text in UTF-8") from error


class _Csv:
    """A file in our own columns on its way in."""

    def __init__(self, file: str, stem: str, columns: Sequence[str]) -> None:
        self.out = ActorFile(file)
        self.stem = stem
        self.columns = columns
        self.open = 0

    def fault(self, line: int, found: str, expected: str) -> None:
        self.out.faults.append(Fault(self.out.file, line, found, expected))

    def row(self, line: int, row: Mapping[str, str]) -> None:
        """Take in a row of names."""
        code = row["code"].strip()
        if not code and "count" in self.columns:
            self.open += 1  # of a file that --unknown-actors wrote, nobody has said yet who this is
            return
        if expected := _wrong(code):
            self.fault(line, f"code {code!r}", expected)
        name = row["name"].strip()
        if not _WORD.search(name):
            self.fault(line, f"name {name!r}", "the name as it is written in texts")
        days = [self.day(line, column, row.get(column) or "") for column in ("valid_from", "valid_to")]
        if days[0] and days[1] and days[0] > days[1]:
            self.fault(line, f"valid_from {days[0]} is after valid_to {days[1]}", "the earlier day first")
        kind = self.kind(line, row.get("kind") or "", code)
        ambiguous = (row.get("ambiguous") or "").strip()
        if ambiguous not in {"", "yes"}:
            self.fault(line, f"ambiguous {ambiguous!r}", "yes or nothing")
        for each in (name, *_split(row.get("aliases"))):
            self.out.rows.append(Row(each, code, kind, days[0], days[1], self.out.file, line, ambiguous == "yes"))

    def day(self, line: int, column: str, text: str) -> date | None:
        """A day; None where it is empty or wrong."""
        try:
            return _day(text.strip())
        except ValueError:
            self.fault(line, f"{column} {text!r}", "a day as YYYY-MM-DD, or nothing where the term is open")
            return None

    def kind(self, line: int, kind: str, code: str) -> str:
        """What a name is: as its row says, else as the file is called, else a place where the code is a bare country."""
        if kind and kind not in LISTS and "count" not in self.columns and kind not in OF_ENTITIES:
            self.fault(line, f"kind {kind!r}", f"one of {', '.join(LISTS)}, or nothing")
        if kind:
            return kind if kind in LISTS else OF_ENTITIES.get(kind, "organizations")
        if self.stem in LISTS:
            return self.stem
        return "places" if len(code) == 3 and grammar.country(code) else "organizations"

    def agent(self, line: int, row: Mapping[str, str]) -> None:
        """Take in a row of agent nouns."""
        noun, role, kind = row["noun"].strip(), row["role"].strip(), row["kind"].strip()
        if not noun:
            self.fault(line, "no noun", "the noun in small letters, as in 'minister'")
        if role and not grammar.is_actor(role if role[:3] in grammar.international() else f"USA{role}"):
            self.fault(line, f"role {role!r}", "up to three roles of roles.csv in their order, as in GOVMIL")
        if kind not in AGENT_KINDS:
            self.fault(line, f"kind {kind!r}", f"one of {', '.join(AGENT_KINDS)}")
        if not role and kind != "modifier":
            self.fault(line, f"no role for {noun!r}", "a role; only a modifier has none")
        self.out.agents.append(Agent(noun, role, kind, self.out.file, line))


def _from_csv(text: str, file: str, stem: str) -> ActorFile:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = next(lines, [])
        agents = {"noun", "role", "kind"} <= set(columns)
        if not agents and not {"code", "name"} <= set(columns):
            raise InputError(f"the columns are {', '.join(columns) or 'none'}", where=f"{file}:1", expected=_COLUMNS)
        reader = _Csv(file, stem, columns)
        take = reader.agent if agents else reader.row
        for cells in lines:
            if len(cells) == len(columns):
                take(lines.line_num, dict(zip(columns, cells, strict=True)))
            elif cells:
                reader.fault(lines.line_num, f"{len(cells)} cells", f"{len(columns)}, as the header has; quote a cell that holds a comma")
    except csv.Error as error:
        raise InputError(f"not CSV ({error})", where=f"{file}:{lines.line_num}", expected=_COLUMNS) from error
    if reader.open:
        reader.out.warnings.append(f"{file}: {reader.open} rows left out, their code is empty")
    return reader.out


def read(path: Path, file: str | None = None) -> ActorFile:
    """Read a list of actors or of agent nouns: CSV in our columns, or a PETRARCH dictionary; its content says which.

    Args:
        path: The file.
        file: How faults name it; its path where not given.

    Returns:
        What it holds, with all its faults; clashes are found by `check`.

    Raises:
        InputError: It cannot be read at all.
    """
    text, file = _text(path), file or str(path)
    return petrarch.read(text, file) if petrarch.is_petrarch(text) else _from_csv(text, file, path.stem)


def _table(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    yield from enumerate(resources.rows(name), start=2)


def countries() -> ActorFile:
    """The names of countries, their people, capitals and regions; former states first, so that they count in their own days."""
    found = ActorFile("countries.csv")
    for line, row in sorted(_table("countries"), key=lambda numbered: numbered[1]["kind"] == "iso"):
        days = _day(row["valid_from"]) if row["kind"] != "iso" else None, _day(row["valid_to"])
        names = {"country": [row["name"], *_split(row["aliases"])], "adjective": _split(row["adjectives"])}
        names["capital"] = [*_split(row["capital"]), *_split(row["capital_aliases"])]
        names["metonym"] = _split(row["metonyms"])
        for kind, written in names.items():
            code = row["code"] + ("GOV" if kind == "metonym" else "")  # the seat of a government speaks for the government
            found.rows += [Row(name, code, kind, *days, "countries.csv", line) for name in written if not name.startswith("~")]
    for line, row in _table("regions"):
        written = [row["name"], *_split(row["aliases"]), *_split(row["adjectives"])]
        found.rows += [Row(name, row["code"], "region", None, None, "regions.csv", line) for name in written]
    return found


@cache
def shipped() -> tuple[ActorFile, ...]:
    """The project's own lists; the order decides nothing, `clashes` does."""
    folder = resources.SCHEMA / "actors"
    return (countries(), *(read(folder / f"{name}.csv", f"{name}.csv") for name in (*LISTS, "agents")))


@cache
def clashes() -> Mapping[str, tuple[str, ...]]:
    """Names that the project's lists give to several actors at a time, by their words: the codes in the order in which they count."""
    found: dict[str, tuple[str, ...]] = {}
    for row in resources.rows("actors/clashes"):
        key = words(row["name"])
        found[key] = (*found.get(key, ()), row["code"])
    return found


@cache
def contexts() -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
    """Names that stand for something else beside certain words: the code, empty for nobody, and the words, one of which is enough."""
    found: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {}
    for row in resources.rows("actors/contexts"):
        found[row["name"]] = (*found.get(row["name"], ()), (row["code"], frozenset(_split(row["words"]))))
    return found


def _context_faults() -> Iterator[Fault]:
    """Rows of `contexts.csv` with a code that is none, or without words."""
    for line, row in _table("actors/contexts"):
        if row["code"] and (expected := _wrong(row["code"])):
            yield Fault("contexts.csv", line, f"code {row['code']!r}", expected)
        if not _split(row["words"]):
            yield Fault("contexts.csv", line, "no words", "the words beside which the name stands for this, with | between them")


def _overlap(a: Row, b: Row) -> bool:
    low, high = date.min, date.max
    return max(a.valid_from or low, b.valid_from or low) <= min(a.valid_to or high, b.valid_to or high)


def _rivals(rows: Iterable[Row]) -> Iterator[tuple[str, Row, Row]]:
    """Pairs of rows that give a name to two actors on one day, the later row second."""
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_name[words(row.name)].append(row)
    for key, same in by_name.items():
        if len({row.code for row in same}) > 1:
            for n, b in enumerate(same):
                yield from ((key, a, b) for a in same[:n] if a.code != b.code and _overlap(a, b))


def _clashing(rows: Iterable[Row], declared: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    for key, a, b in _rivals(rows):
        if a.ambiguous or b.ambiguous or {a.code, b.code} & set(declared.get(key, ())) or a.file == b.file == "countries.csv":
            continue
        yield Fault(
            b.file, b.line, f"{b.name!r} is {b.code} here and {a.code} in {a.file}:{a.line} on the same days",
            "one code a day; end one term, leave one name out, or write yes in a column ambiguous (the first row then counts)",
        )  # fmt: skip


def _agents_clashing(agents: Iterable[Agent]) -> Iterator[Fault]:
    seen: dict[str, Agent] = {}
    for agent in agents:
        first = seen.setdefault(agent.noun, agent)
        if first.role != agent.role:
            yield Fault(
                agent.file,
                agent.line,
                f"{agent.noun!r} is {agent.role} here and {first.role} in {first.file}:{first.line}",
                "one role a noun",
            )


def _needless(rows: Sequence[Row]) -> Iterator[Fault]:
    """Rows of `clashes.csv` that decide nothing, so that the file cannot rot."""
    rivals: dict[str, set[str]] = defaultdict(set)
    for key, a, b in _rivals(rows):
        rivals[key] |= {a.code, b.code}
    for line, row in _table("actors/clashes"):
        if row["code"] not in rivals.get(words(row["name"]), set()):
            yield Fault("clashes.csv", line, f"{row['name']!r} as {row['code']}", "a name and code that clash; take the row out")


def check_all(files: Sequence[ActorFile]) -> list[Fault]:
    """All faults of the files of one load, clashes among them included."""
    rows = [row for file in files for row in file.rows]
    found = [fault for file in files for fault in file.faults]
    found += _clashing(rows, {})
    found += _agents_clashing(agent for file in files if not file.first_counts for agent in file.agents)
    return sorted(found, key=lambda fault: (fault.file, fault.line))


def check(*paths: Path) -> list[Fault]:
    """All faults of some lists that are to be used together, by file and line; of the project's own where none is given.

    Raises:
        InputError: A file cannot be read at all.
    """
    if paths:
        return check_all([read(path) for path in paths])
    rows = [row for file in shipped() for row in file.rows]
    found = [fault for file in shipped() for fault in file.faults]
    found += [
        *_clashing(rows, clashes()),
        *_context_faults(),
        *_needless(rows),
        *_agents_clashing(agent for file in shipped() for agent in file.agents),
    ]
    return sorted(found, key=lambda fault: (fault.file, fault.line))


def read_all(paths: Iterable[Path]) -> tuple[ActorFile, ...]:
    """The lists that a user gives, checked.

    Raises:
        InputError: A file cannot be read, or something in one is wrong; the message names all faults.
    """
    files = tuple(read(path) for path in paths)
    if faults := check_all(files):
        shown = [str(fault) for fault in faults[:_MOST_SHOWN]]
        more = [f"and {len(faults) - _MOST_SHOWN} more; see them with: eventcode actors check"] if len(faults) > _MOST_SHOWN else []
        raise InputError(
            "\n  ".join([f"{len(faults)} fault{'s' if len(faults) > 1 else ''} in the lists of actors", *shown, *more]),
        )
    return files
