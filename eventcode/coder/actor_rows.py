"""What a list of actors holds, whichever form its file has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class Row(NamedTuple):
    """One name in a list.

    Attributes:
        name: The name as it is written.
        code: Actor code.
        kind: "country", "adjective", "capital", "metonym", "region", "persons", "organizations", "groups", "bodies", "peoples" or "places".
        valid_from: First day on which the name has this code; None where open.
        valid_to: Last day; None where open.
        file: The file, as it was given.
        line: Its line.
        ambiguous: True where the row says that the name stands for others too.
        any_case: True where the list does not say how the name is written: PETRARCH's are all capitals.
    """

    name: str
    code: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    file: str
    line: int
    ambiguous: bool = False
    any_case: bool = False


class Agent(NamedTuple):
    """One agent noun: "minister", with the roles that it stands for and its kind (person, body, force, people, modifier)."""

    noun: str
    role: str
    kind: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a list.

    Attributes:
        file: The file, as it was given.
        line: The line, counted from 1 with the header.
        found: What stands there.
        expected: What would be right.

    >>> print(Fault("own.csv", 3, "code 'AZ'", "three-letter chunks"))
    own.csv:3: code 'AZ'; expected three-letter chunks
    """

    file: str
    line: int
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.found}; expected {self.expected}"


@dataclass(slots=True)
class ActorFile:
    """What was read of one file: its names or agent nouns, its faults, and what was left out and why.

    `first_counts` is True where a name or noun may stand twice, the first then counts: PETRARCH's may.
    """

    file: str
    first_counts: bool = False
    rows: list[Row] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
