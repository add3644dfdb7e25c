"""What coders differ on, as questions for a person to decide, and the rows that the decisions make."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from eventcode.contribute.agreement import NONE, Row, Unit
from eventcode.errors import InputError
from eventcode.model.column import columns
from eventcode.model.tables import Contribution

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KEEP, DROP = "keep", "drop"
_COLUMNS = {column.name: column for column in columns(Contribution)}
_ALWAYS = ("actor", "action", "target", "date", "status")
"""Columns in which coders are compared in any case; others are where each of them fills them at all."""
_PLACE = ("sentence", "start", "end", "trigger")
_CODING = ("coder", "coder_version", "rule", "confidence")
_FOLLOWS = {
    "actor_text": "actor", "actor_named_in": "actor", "target_text": "target", "target_named_in": "target",
    "date_end": "date", "date_precision": "date", "date_basis": "date", "attributed_to": "status",
    "latitude": "place", "longitude": "place", "country": "place", "place_precision": "place",
}  # fmt: skip
"""Columns that, where they are not compared, are taken from a reading that says what was taken in another."""
_SIDES = ("actor_text", "actor_named_in", "target_text", "target_named_in")
_NEVER = {"source", "event", "note", "latitude", "longitude", *_PLACE, *_CODING, *_SIDES}
COMPARED = tuple(name for name in _COLUMNS if name not in _NEVER)
"""The columns in which coders can disagree."""


@dataclass(frozen=True, slots=True)
class Question:
    """A disagreement: what each coder says in a column of a report; None where one says nothing.

    In the column `found`, of a report that not all have, a reading is the whole report.
    """

    unit: str
    source: str
    sentence: int | None
    start: int | None
    end: int | None
    trigger: str | None
    column: str
    readings: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """How a disagreement is decided: by a coder's letter, a value of one's own, `none` for an empty cell, `keep` or `drop`.

    `where` names the place of the decision, for messages.
    """

    unit: str
    column: str
    decision: str
    note: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """A decision with what it was made of, and what it came to: a value, `none`, `keep` or `drop`."""

    question: Question
    decision: Decision
    value: str
    by: str


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """Rows that all agree on or that were decided, the units they come from, what is open, and the decisions; all in the order of the texts."""

    rows: tuple[Row, ...]
    units: tuple[str, ...]
    open: tuple[Question, ...]
    log: tuple[Logged, ...]


def _lead(unit: Unit) -> Row:
    """The reading that says where the report stands: the first that knows its place in the text."""
    return min((row for row in unit if row), key=lambda row: (row.get("start") is None, row.get("sentence") is None))


def _identified(units: Sequence[Unit]) -> list[tuple[str, Unit]]:
    """Units with their ids, made from the readings alone, in the order of the texts."""
    said = set(_COLUMNS) - {*_CODING, "event", "note"}

    def order(each: tuple[str, Unit]) -> tuple[Any, ...]:
        lead = _lead(each[1])
        place = [-1 if lead.get(name) is None else lead[name] for name in ("start", "end", "sentence")]
        return lead["source"], *place, *(lead.get(name) or "" for name in ("actor", "action", "target")), each[0]

    found = []
    for unit in units:
        readings = [None if row is None else {name: row[name] for name in said if row.get(name) is not None} for row in unit]
        plain = json.dumps(readings, sort_keys=True, ensure_ascii=False, default=str)
        found.append((f"U{hashlib.sha256(plain.encode()).hexdigest()[:16]}", unit))
    seen: Counter[str] = Counter()
    ordered = []
    for name, unit in sorted(found, key=order):
        seen[name] += 1
        ordered.append((name if seen[name] == 1 else f"{name}-{seen[name]}", unit))
    return ordered


def _says(row: Row | None, column: str) -> str | None:
    """What a reading says in a column, as text; None where its coder did not code the column."""
    if row is None or column not in row:
        return None
    empty = "asserted" if column == "status" else NONE
    return empty if row[column] is None else str(row[column])


def _questions(name: str, unit: Unit, compared: Iterable[str]) -> list[Question]:
    lead = _lead(unit)
    place = {key: lead.get(key) for key in _PLACE}
    found = Question(unit=name, source=lead["source"], **place, column="found", readings=())
    questions = []
    if None in unit:
        whole = (" ".join(each for key in _ALWAYS if (each := _says(row, key))) for row in unit)
        questions.append(replace(found, readings=tuple(each or None for each in whole)))
    for column in compared:
        said = tuple(_says(row, column) for row in unit)
        if len({each for each in said if each is not None}) > 1:
            questions.append(replace(found, column=column, readings=said))
    return questions


def questions(units: Sequence[Unit]) -> dict[str, tuple[Unit, list[Question]]]:
    """Each unit by its id, with what its coders disagree on; nothing hangs on the order of the units."""
    coders = range(len(units[0]) if units else 0)
    filled = [{name for unit in units for name, cell in (unit[n] or {}).items() if cell is not None} for n in coders]
    compared = [name for name in COMPARED if name in _ALWAYS or all(name in names for names in filled)]
    return {name: (unit, _questions(name, unit, compared)) for name, unit in _identified(units)}


def _cell(column: str, text: str) -> Any:  # noqa: ANN401 - a cell of any type
    """A value in the type of its column; ValueError where it has none."""
    kind = _COLUMNS[column].kind
    if text == NONE:
        return None
    return date.fromisoformat(text) if kind == "date" else int(text) if kind == "integer" else text


def _meant(question: Question, decision: Decision) -> str:
    """What a decision comes to: `keep`, `drop`, or the text of a value."""
    text, letters = decision.decision.strip(), LETTERS[: len(question.readings)]
    said = text.casefold()
    if said == DROP or (said == KEEP and question.column == "found"):
        return said
    if question.column == "found" or said == KEEP:
        expected = f"{KEEP} or {DROP}" if question.column == "found" else f"a letter ({', '.join(letters)}), a value, {NONE} or {DROP}"
        raise InputError(f"the decision on {question.column} is {text!r}", where=decision.where, expected=expected)
    if len(text) == 1 and text.upper() in LETTERS:
        reading = dict(zip(letters, question.readings, strict=True)).get(text.upper())
        if reading is None:
            who = ", ".join(letter for letter, reading in zip(letters, question.readings, strict=True) if reading is not None)
            raise InputError(f"{text} says nothing of {question.column}", where=decision.where, expected=f"one of {who}, or a value")
        return reading
    try:
        _cell(question.column, NONE if said == NONE else text)
    except ValueError as error:
        kind = "a date such as 2020-10-09" if _COLUMNS[question.column].kind == "date" else "a whole number"
        raise InputError(f"{text!r} is no value of {question.column}", where=decision.where, expected=kind) from error
    return NONE if said == NONE else text


def _fitting(asked: Mapping[str, tuple[Unit, list[Question]]], decisions: Iterable[Decision]) -> dict[tuple[str, str], Logged]:
    """Decisions by unit and column, each with its question and what it means; raises where one has no question or two differ."""
    taken: dict[tuple[str, str], Logged] = {}
    for decision in decisions:
        if decision.unit not in asked:
            fix = "its readings have changed, or the files stand in another order: list the disagreements again with --to-decide"
            what = f"no disagreement has the unit {decision.unit!r}"
            raise InputError(what, where=decision.where, expected="a unit that these files have", fix=fix)
        open_ = {question.column: question for question in asked[decision.unit][1]}
        if decision.column not in open_:
            expected = f"one of {', '.join(open_)}" if open_ else "no decision: all agree"
            raise InputError(f"{decision.unit} has no disagreement on {decision.column!r}", where=decision.where, expected=expected)
        question = open_[decision.column]
        logged = Logged(question, decision, _meant(question, decision), "")
        before = taken.setdefault((decision.unit, decision.column), logged)
        if before.value != logged.value:
            what = f"{decision.column} of {decision.unit} is decided as {logged.value!r}, and as {before.value!r}"
            raise InputError(
                what, where=decision.where, expected=f"what stands in {before.decision.where}" if before.decision.where else "one decision"
            )
    return taken


def _value(column: str, rows: Sequence[Row], made: Row, chosen: Mapping[str, str]) -> Any:  # noqa: ANN401 - a cell of any type
    """What the readings of a report come to in a column: what was chosen; else what the first says who says it."""
    if column in chosen:
        same = [row[column] for row in rows if _says(row, column) == chosen[column]]
        return next((cell for cell in same if cell is not None), None) if same else _cell(column, chosen[column])
    among, head = rows, _FOLLOWS.get(column)
    agreed = column in COMPARED and len({_says(row, column) for row in rows}) == 1
    if head and not agreed:
        among = [row for row in rows if _says({head: row.get(head)}, head) == _says(made, head)]
        words = {row.get(column) for row in rows} - {None}
        if not among and column in _SIDES and len(words) == 1:
            among = rows
    return next((row[column] for row in among if row.get(column) is not None), None)


def _row(unit: Unit, chosen: Mapping[str, str], notes: Sequence[str], coder: str | None) -> Row:
    """The row that the readings of a report and the decisions make."""
    rows, lead = [row for row in unit if row], _lead(unit)
    made: dict[str, Any] = {}
    for name in _COLUMNS:
        if name in {*_PLACE, "source"}:
            made[name] = lead.get(name)
        elif name == "event":
            made[name] = unit[0].get(name) if unit[0] else None
        else:
            made[name] = _value(name, rows, made, chosen)
    if made["date"] is None:
        made |= dict.fromkeys(("date_end", "date_precision", "date_basis"))
    if notes:
        made |= {**dict.fromkeys(_CODING), "coder": coder, "note": "; ".join(dict.fromkeys(filter(None, notes))) or None}
    else:
        by = next((row for row in rows if row.get("coder")), {"coder": coder})
        made |= {name: by.get(name) for name in _CODING}
    return made


def adjudicate(units: Sequence[Unit], decisions: Sequence[Decision] = (), *, coder: str | None = None) -> Adjudicated:
    """Put together what coders agree on and what was decided where they do not.

    Args:
        units: Reports as each coder has them, from `aligned`.
        decisions: What was decided, in any order.
        coder: Who decided, such as person:carla; needed where there are decisions.

    Raises:
        InputError: A decision has no disagreement that it fits, is none that can be made there, or contradicts another; `coder` is missing.

    >>> one = {"source": "a", "start": 4, "end": 11, "actor": "AZEMIL", "action": "190", "target": "ARM", "date": None}
    >>> units = [(one, {**one, "action": "194"})]
    >>> (question,) = adjudicate(units).open
    >>> question.column, question.readings
    ('action', ('190', '194'))
    >>> adjudicate(units, [Decision(question.unit, "action", "B", note="by artillery")], coder="person:carla").rows[0]["action"]
    '194'
    """
    asked = questions(units)
    taken = _fitting(asked, decisions)
    if taken and coder is None:
        raise InputError("there are decisions, and nobody who made them", expected="--coder person:NAME, who decided")
    rows: list[Row] = []
    names: list[str] = []
    left: list[Question] = []
    log: list[Logged] = []
    for name, (unit, raised) in asked.items():
        given = {q.column: replace(taken[name, q.column], by=coder or "") for q in raised if (name, q.column) in taken}
        log += given.values()
        dropped = [each.decision.where for each in given.values() if each.value == DROP]
        if dropped and "found" in given and given["found"].value == KEEP:
            raise InputError(f"{name} is kept and dropped", where=dropped[0], expected=f"{KEEP} or {DROP}")
        if dropped:
            continue
        missing = [q for q in raised if q.column not in given]
        left += missing
        if not missing:
            chosen = {column: each.value for column, each in given.items() if column != "found"}
            rows.append(_row(unit, chosen, [each.decision.note for each in given.values()], coder))
            names.append(name)
    return Adjudicated(tuple(rows), tuple(names), tuple(left), tuple(log))
