"""Headers: names of columns, told from rows of data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from eventcode.contribute.read.cells import CONTROLS, control
from eventcode.contribute.read.raw import Fault, Source, excerpt
from eventcode.model.column import columns
from eventcode.model.tables import Contribution

_CONTROL = re.compile(CONTROLS)
_FIGURE = re.compile(r"[+-]?\d[\d.,:/ T-]*(?:[eE][+-]?\d+)?Z?|https?://\S+|www\.\S+")
_WIDEST = 16_384
_ACTOR = re.compile(r"(?:[A-Z]{3})+")


@cache
def _names() -> frozenset[str]:
    return frozenset(_plain(name) for column in columns(Contribution) for name in (column.name, *column.aliases))


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def known(names: Sequence[str]) -> int:
    """How many of the names are columns of a contribution.

    >>> known(["Actor", "event date", "colour"])
    2
    """
    return sum(_plain(name) in _names() for name in names)


def looks_like_data(cells: Sequence[str]) -> bool:
    """True where a first line holds values rather than names.

    >>> looks_like_data(["564111644", "20060731", "USA", "", "1", "010"]), looks_like_data(["id", "date", "USA"])
    (True, False)
    """
    figures = sum(bool(_FIGURE.fullmatch(cell.strip())) for cell in cells)
    like = figures + sum(not cell.strip() or bool(_ACTOR.fullmatch(cell.strip())) for cell in cells)
    return len(cells) > 1 and figures > 0 and like * 2 > len(cells) and not known(cells)


def named(cells: Sequence[str], source: Source, line: int) -> tuple[list[str], list[Fault]]:
    """Names of the columns, all different, and what is wrong with them.

    Raises:
        Unreadable: There is no header (EC015), or a name stands twice (EC019).
    """
    if looks_like_data(cells):
        raise source.refused(
            "EC015",
            f"the first line looks like data: {excerpt(', '.join(cells))}",
            line=line,
            expected="a first line that names the columns",
            fix="put the names of the columns first (GDELT publishes them in a file of their own)",
        )
    if len(cells) > _WIDEST:
        raise source.refused(
            "EC014",
            f"the header has {len(cells):,} columns",
            line=line,
            expected=f"at most {_WIDEST:,} columns, as in a spreadsheet",
            fix="save the table as CSV, one row a line",
        )
    faults = [control(None, line, _CONTROL.sub("", cell), cell) for cell in cells if _CONTROL.search(cell)]
    names: dict[str, None] = {}
    blank = ""
    for cell in cells:
        name = _CONTROL.sub("", cell)
        if not name.strip():
            name, blank = blank, f"{blank} "
        elif name in names:
            raise twice(source, name, line)
        names[name] = None
    return list(names), faults


def twice(source: Source, name: str, line: int | None = None) -> Exception:
    """The exception of a name that stands twice in a header."""
    return source.refused(
        "EC019",
        f"the header has {excerpt(name)!r} twice",
        line=line,
        expected="each column once",
        fix="leave one of the two out, or rename it",
    )
