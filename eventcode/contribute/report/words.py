"""What all reports say in the same words: values that are safe to show, places, numbers, and the problems of a file by rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from eventcode.contribute import rules as catalogue

if TYPE_CHECKING:
    from eventcode.contribute.gate import Checked
    from eventcode.contribute.rules import Rule
    from eventcode.errors import Problem

EMPTY = "(empty)"
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True)
class Group:
    """The problems of one rule in one file.

    Attributes:
        rule: The rule.
        count: How many problems there are, also those that are not among `problems`.
        problems: The first ones, in the order of the rows.
    """

    rule: Rule
    count: int
    problems: Sequence[Problem]

    @property
    def extent(self) -> str:
        """How often the rule is broken: in rows where each row breaks it once, else times."""
        rows = {problem.row for problem in self.problems if problem.row is not None}
        if len(rows) == self.count:
            return number(self.count, "row")
        return "once" if self.count == 1 else number(self.count, "time")


def groups(checked: Checked) -> list[Group]:
    """The problems of a file by rule: errors first, then the most frequent."""
    found: dict[str, list[Problem]] = {code: [] for code in checked.counts}
    for problem in checked.problems:
        found[problem.code].append(problem)
    known = catalogue.rules()
    made = [Group(known[code], checked.counts[code], problems) for code, problems in found.items() if checked.counts[code]]
    return sorted(made, key=lambda group: (group.rule.severity != "error", -group.count, group.rule.code))


def number(count: int, what: str) -> str:
    """A number with its noun.

    >>> number(1, "row"), number(12000, "row")
    ('1 row', '12,000 rows')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _seen(char: str, keep: str) -> str:
    if char in keep or char.isprintable():
        return char
    point = ord(char)
    return _SHORT.get(char) or (f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}")


def visible(text: str, *, keep: str = "") -> str:
    r"""Text in which each character can be seen: controls, invisible characters and unusual blanks are written as escapes.

    >>> print(visible("one\ntwo\u200b"))
    one\ntwo\u200b
    """
    return text if text.isprintable() else "".join(_seen(char, keep) for char in text)


def cut(text: str, most: int = 60, *, keep: str = "") -> str:
    """Visible text of at most so many characters, the middle left out; `(empty)` where there is nothing.

    >>> cut("a sentence that is too long to be shown", 20), cut("")
    ('a sentence…be shown', '(empty)')
    """
    head, tail = text[:most], text[max(len(text) - most, 0) :]
    if len(text) <= most and len(whole := visible(text, keep=keep)) <= most:
        return whole or EMPTY
    before, after = [_seen(char, keep) for char in head], [_seen(char, keep) for char in tail]
    while len("".join(before)) > most // 2:
        before.pop()
    while len("".join(after)) > (most - 1) // 2:
        after.pop(0)
    return f"{''.join(before).rstrip(' ')}…{''.join(after).lstrip(' ')}"


def place(problem: Problem) -> str:
    """Where a problem is, in its file."""
    parts = [f"{name} {value}" for name, value in (("row", problem.row), ("line", problem.line)) if value is not None]
    if problem.column:
        parts.append(f"column {cut(problem.column)}")
    return ", ".join(parts) or "the file"


def message(problem: Problem, *, keep: str = "") -> str:
    """What is wrong and what to do, in one sentence."""
    found, expected, fix = (cut(text, 200, keep=keep) for text in (problem.found, problem.expected, problem.fix))
    return f"{place(problem)}: found {found}; expected {expected}; {fix}"


def limits(rule: Rule) -> list[str]:
    """What a rule counts with, an item each: the numbers, days and codes that its sentences name between backticks."""
    return [f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}" for name, value in rule.limits.items()]


def summary(checked: Checked) -> str:
    """How it went with a file, in one line."""
    name = visible(checked.file)
    if not checked.readable:
        return f"{name}: not read; {number(checked.errors, 'error')}"
    rows = f"{name}: {number(checked.rows, 'row')}"
    if not checked.errors + checked.warnings:
        return f"{rows}, no problems"
    broken = sum(group.rule.severity == "error" for group in groups(checked))
    of_rules = f" of {number(broken, 'rule')}" if checked.errors > 1 else ""
    parts = [f"{number(checked.errors, 'error')}{of_rules}"] if checked.errors else []
    parts += [number(checked.warnings, "warning")] if checked.warnings else []
    refused = f"{checked.refused:,}" if checked.refused else "none"
    return f"{rows}, {refused} refused; {', '.join(parts)}"


def is_file(checked: Checked) -> bool:
    """True where a command can name the file again; False of standard input."""
    return checked.file not in {"-", "standard input"}


def posix(file: str) -> str:
    """A file's name with forward slashes."""
    return PurePath(file).as_posix()
