"""What goes wrong, said so that a reader can mend it: what was found, where, what was expected, how to fix it."""

from __future__ import annotations

from dataclasses import asdict, dataclass


class EventcodeError(Exception):
    """A command or function could not run; nothing was written.

    Args:
        what: One sentence that says what was found.
        where: File, row or column, where known.
        expected: What would have been right.
        fix: What the reader can do about it.

    >>> print(EventcodeError("no such release: 9.9.9", expected="one of 0.1.0", fix="leave out the version for the newest"))
    no such release: 9.9.9; expected one of 0.1.0; leave out the version for the newest
    """

    def __init__(self, what: str, *, where: str = "", expected: str = "", fix: str = "") -> None:
        self.what, self.where, self.expected, self.fix = what, where, expected, fix
        super().__init__(what)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        expected = f"; expected {self.expected}" if self.expected else ""
        return f"{place}{self.what}{expected}{'; ' + self.fix if self.fix else ''}"


class InputError(EventcodeError):
    """A file that was given cannot be read as what it should be."""


class UnknownCodeError(EventcodeError):
    """One or more codes are in no codelist."""


class ReleaseError(EventcodeError):
    """A release is missing, incomplete, or would be overwritten."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one cell, row or column of a contribution.

    Attributes:
        code: Stable code of the rule, for example `EC203`; `eventcode rule EC203` explains it.
        severity: "error" (the row is refused) or "warning".
        file: The file as it was named by the caller.
        row: Number of the data row, counted from 1 without the header (JSON lines: the line); None for a whole column or file.
        line: Line of a text file, row of a spreadsheet; None elsewhere.
        column: Name of the column as the contract has it; empty for a whole row.
        found: What stands there.
        expected: What would be right.
        fix: What to do.
    """

    code: str
    severity: str
    file: str
    row: int | None
    line: int | None
    column: str
    found: str
    expected: str
    fix: str

    def as_dict(self) -> dict[str, object]:
        """The problem as plain values, for JSON."""
        return asdict(self)
