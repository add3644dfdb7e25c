"""How actor codes are composed: three-letter chunks in the order that `schema/roles.csv` declares.

A code begins with a country or region, or with a kind of international actor and where it is at home, and may go on with known groups,
an ethnic group, a religion and up to three roles: `AZEMIL`, `IGOEUREEC`, `NKRREB`. Where only that much is known it is a religion or
roles alone: `REB`.
"""

from __future__ import annotations

import re
from functools import cache

from eventcode.resources import codes, rows


def chunks(code: str) -> list[str]:
    """The three-letter parts of an actor code.

    >>> chunks("USAGOVMIL")
    ['USA', 'GOV', 'MIL']
    """
    return [code[i : i + 3] for i in range(0, len(code), 3)]


@cache
def _of_kind(codelist: str, *kinds: str) -> frozenset[str]:
    return frozenset(row["code"] for row in rows(codelist) if row["kind"] in kinds)


def international() -> frozenset[str]:
    """Codes that begin the code of an actor that belongs to no one country (IGO, NGO, MNC ...)."""
    return _of_kind("roles", "international")


def roles() -> frozenset[str]:
    """Codes that say what an actor is: government, military, rebels ..."""
    return codes("roles") - international()


def _one_of(options: frozenset[str]) -> str:
    return f"(?:{'|'.join(sorted(options))})"


@cache
def actor_pattern() -> str:
    """Regular expression that matches exactly the well-formed actor codes (Python and Rust syntax)."""
    group, ethnic, religion = (_one_of(_of_kind("groups", kind)) for kind in ("group", "ethnic", "religion"))
    place, role = _one_of(codes("countries") | codes("regions")), _one_of(roles())
    within = f"(?:{place}|{group}){{0,2}}"
    return f"^(?:{place}{group}{{0,2}}{ethnic}?{religion}?{role}{{0,3}}|{_one_of(international())}{within}{ethnic}?{religion}?{role}{{0,3}}|{religion}{role}{{0,3}}|{role}{{1,3}})$"


@cache
def _compiled() -> re.Pattern[str]:
    return re.compile(actor_pattern())


def is_actor(code: str) -> bool:
    r"""True where `code` is a well-formed actor code.

    >>> [is_actor(c) for c in ("AZEMIL", "IGOUNO", "GOV", "AZ", "azemil", "AZEXXX", "AZE\n")]
    [True, True, True, False, False, False, False]
    """
    return _compiled().fullmatch(code) is not None


def is_role_only(code: str) -> bool:
    """True for the code of an actor of whom only the role is known.

    >>> is_role_only("REB"), is_role_only("NKRREB")
    (True, False)
    """
    return code[:3] in roles() and code[:3] not in codes("countries")


def country(code: str | None) -> str | None:
    """The country an actor code begins with; None where it begins with none.

    >>> country("NKRREB"), country("IGOUNO"), country(None)
    ('NKR', None, None)
    """
    base = (code or "")[:3]
    return base if base in codes("countries") else None
