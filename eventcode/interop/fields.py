"""Codes of a report in one line, as notes and comment lines hold them: `action=190 actor=AZEMIL target=NKR`."""

from __future__ import annotations

from collections.abc import Mapping

from eventcode.interop.marks import CODED


def written(codes: Mapping[str, str], *, without: tuple[str, ...] = ()) -> str:
    """Codes as `name=value` pairs, those without a value left out.

    >>> written({"actor": "AZEMIL", "action": "190"})
    'action=190 actor=AZEMIL'
    """
    return " ".join(f"{name}={codes[name]}" for name in CODED if name in codes and name not in without)


def parsed(line: str) -> dict[str, str] | str:
    """Codes from a line of `name=value` pairs, or what is wrong with it.

    >>> parsed("action=190 actor=AZEMIL target="), parsed("action 190")
    ({'action': '190', 'actor': 'AZEMIL'}, "'action' is no name=value")
    """
    found: dict[str, str] = {}
    for part in line.split():
        name, sign, value = part.partition("=")
        if not sign:
            return f"{part!a:.40} is no name=value"
        if name not in CODED:
            return f"{name!a:.40} is none of {', '.join(CODED)}"
        if name in found:
            return f"{name} is given twice"
        found[name] = value
    return {name: value for name, value in found.items() if value}
