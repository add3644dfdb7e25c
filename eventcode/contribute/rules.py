"""The catalogue of rules: `schema/rules.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from eventcode import resources
from eventcode.errors import UnknownCodeError


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the gate.

    Attributes:
        code: Stable code.
        title: What is wrong, in a few words.
        severity: "error" or "warning".
        what: What the rule looks for.
        why: Why it matters.
        wrong: An example that breaks it.
        right: The example mended.
    """

    code: str
    title: str
    severity: str
    what: str
    why: str
    wrong: str
    right: str


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by code.

    >>> rules()["EC204"].title
    'lost leading zero'
    """
    raw = tomllib.loads((resources.SCHEMA / "rules.toml").read_text(encoding="utf-8"))
    return {code: Rule(code, **fields) for code, fields in raw.items()}


def rule(code: str) -> Rule:
    """One rule.

    Raises:
        UnknownCodeError: There is no such rule.
    """
    found = rules().get(code.upper())
    if found is None:
        raise UnknownCodeError(f"no such rule: {code}", expected=f"one of {', '.join(rules())}")
    return found
