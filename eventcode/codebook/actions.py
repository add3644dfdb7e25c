"""What is known of each CAMEO action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from eventcode import resources
from eventcode.errors import UnknownCodeError


@dataclass(frozen=True, slots=True)
class Action:
    """One CAMEO 1.1b3 code. Scores are None where no credible value exists.

    Attributes:
        code: The code, as text.
        name: Its name in CAMEO 1.1b3.
        level: 1 (root), 2 (three digits) or 3 (four digits).
        root: Code of its root.
        parent: Code above it; empty for a root.
        quad_class: GDELT's quad class, 1 to 4.
        quad_class_phoenix: Phoenix's quad class, 0 to 4.
        goldstein: Goldstein score as in GDELT.
        goldstein_icews: Goldstein score as in ICEWS.
        goldstein_keds: Goldstein score of the older KEDS scale, as in Phoenix.
        plover: PLOVER class; empty for statements.
        definition: What the code means.
        use_when: When to use it rather than its neighbours.
        example: A sentence that reports it.
        decoy: A sentence that looks like it and is not.
        decoy_code: Code that is right for the decoy, or "none".
    """

    code: str
    name: str
    level: int
    root: str
    parent: str
    quad_class: int
    quad_class_phoenix: int
    goldstein: float | None
    goldstein_icews: float | None
    goldstein_keds: float | None
    plover: str
    definition: str
    use_when: str
    example: str
    decoy: str
    decoy_code: str


def _score(text: str) -> float | None:
    return float(text) if text else None


@cache
def actions() -> Mapping[str, Action]:
    """All 316 actions by code.

    >>> actions()["0811"].parent, len(actions())
    ('081', 316)
    """
    found = {}
    for row in resources.rows("actions"):
        numbers = {key: int(row[key]) for key in ("level", "quad_class", "quad_class_phoenix")}
        scores = {key: _score(row[key]) for key in ("goldstein", "goldstein_icews", "goldstein_keds")}
        found[row["code"]] = Action(**{**row, **numbers, **scores})  # type: ignore[arg-type]
    return found


@cache
def _intents() -> Mapping[str, str]:
    return {row["act"]: row["intent"] for row in resources.rows("intent")}


def intent(code: str) -> str:
    """The code of announcing an act: of cooperation root 03, of conflict root 13; the act's own code where CAMEO has none for announcing it.

    >>> intent("1723"), intent("042"), intent("111")
    ('1323', '036', '111')
    """
    return next((_intents()[code[:n]] for n in (4, 3, 2) if code[:n] in _intents()), code)


def action(code: str) -> Action:
    """One action.

    Raises:
        UnknownCodeError: There is no such code.

    >>> action("190").name
    'Use conventional military force, not specified below'
    """
    if code not in actions():
        hint = f"0{code}" if f"0{code}" in actions() else ""
        raise UnknownCodeError(f"no such action: {code!r}", expected="a CAMEO 1.1b3 code", fix=f"did you mean {hint}?" if hint else "")
    return actions()[code]
