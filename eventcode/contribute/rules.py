"""The catalogue of rules: `schema/rules.toml`, and `schema/RULES.md`, which is made from it."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from eventcode import resources
from eventcode.errors import UnknownCodeError

FAMILIES: Mapping[str, str] = {
    "EC0": "The file",
    "EC1": "Columns",
    "EC2": "Cells",
    "EC3": "Dates and order",
    "EC4": "Sense",
    "EC5": "Duplicates and references",
    "EC6": "Oddities of the whole",
}
"""What the rules of each hundred are about."""
_ALL = "EC"
_SOURCE = resources.SCHEMA / "rules.toml"


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
        fix: What to do about it.
        repaired: True where `eventcode validate --fix` mends it.
        whole: True where it hits the file as a whole: nothing of it is checked further.
        limits: The numbers, days and lists of codes that the rule counts with, by name.
    """

    code: str
    title: str
    severity: str
    what: str
    why: str
    wrong: str
    right: str
    fix: str
    repaired: bool = False
    whole: bool = False
    limits: Mapping[str, Any] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """The rule's hundred, such as "EC2"."""
        return self.code[:3]


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by code.

    >>> rules()["EC204"].title
    'lost leading zero'
    >>> rules()["EC317"].limits["days"]
    366
    """
    raw = tomllib.loads(_SOURCE.read_text(encoding="utf-8"))
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


def select(codes: Collection[str] = (), ignore: Collection[str] = ()) -> frozenset[str]:
    """The codes of the rules that are wanted; where a rule is both selected and ignored, the longer prefix counts.

    Args:
        codes: Codes or beginnings of codes, in any case: "EC203", "ec2"; all rules where empty.
        ignore: Codes or beginnings of codes that are not wanted.

    Raises:
        UnknownCodeError: Some of them begin no rule's code; all of these are named.

    >>> sorted(select(["EC20"], ["ec203", "EC208"]))
    ['EC201', 'EC202', 'EC204', 'EC205', 'EC206', 'EC207', 'EC209']
    >>> sorted(select(["EC203"], ["EC2"]))
    ['EC203']
    """
    wanted, unwanted = _prefixes(codes) or [_ALL], _prefixes(ignore)
    _refuse_unknown([*wanted, *unwanted])
    return frozenset(code for code in rules() if _longest(code, wanted) > _longest(code, unwanted))


def _prefixes(given: Iterable[str]) -> list[str]:
    return [prefix.strip().upper() for prefix in given]


def _longest(code: str, prefixes: Iterable[str]) -> int:
    """Length of the longest of `prefixes` that begins `code`; 0 where none does."""
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=0)


def _refuse_unknown(prefixes: Iterable[str]) -> None:
    known = [_ALL, *FAMILIES, *rules()]
    unknown = [p for p in dict.fromkeys(prefixes) if len(p) < len(_ALL) or not any(code.startswith(p) for code in rules())]
    if unknown:
        nearest = dict.fromkeys(near for p in unknown for near in difflib.get_close_matches(p, known, n=1))
        raise UnknownCodeError(
            f"no such {'rule' if len(unknown) == 1 else 'rules'}: {', '.join(p or '(empty)' for p in unknown)}",
            expected="codes of rules, or beginnings of codes, such as EC203 or EC2",
            fix=f"did you mean {', '.join(nearest)}?" if nearest else "see schema/RULES.md",
        )


# -- schema/RULES.md --------------------------------------------------------------------------------------------------


def page() -> str:
    """Markdown of `schema/RULES.md`: every rule, by family."""
    families = {name: [r for r in rules().values() if r.family == name] for name in FAMILIES}
    head = [
        "# The rules of the gate",
        "",
        "Generated from `schema/rules.toml`. `eventcode validate` checks them, `eventcode rule EC203` explains one. An error keeps the row out, a warning does not.",
        "A code is never given to another rule.",
        "",
        "Files are read a million rows at a time. Duplicates (EC501) and EC6 but for EC604 and EC605 look at the whole file; EC228, EC404, EC503, EC505, EC508 to EC510, EC604 and EC605",
        "compare rows within one such stretch.",
        "",
        f"{_counts(list(rules().values()))}.",
        "",
        *(f"- [{name}: {FAMILIES[name]}](#{name.lower()}), {_counts(found)}" for name, found in families.items()),
    ]
    return "\n".join([*head, *(line for name, found in families.items() for line in _family(name, found)), ""])


def _counts(found: Collection[Rule]) -> str:
    errors = sum(r.severity == "error" for r in found)
    mended = sum(r.repaired for r in found)
    return f"{len(found)} rules: {errors} errors, {len(found) - errors} warnings; `--fix` mends {mended or 'none'}"


def _family(name: str, found: Iterable[Rule]) -> list[str]:
    head = ["", f'<a id="{name.lower()}"></a>', "", f"## {name}: {FAMILIES[name]}"]
    return [*head, *(line for each in found for line in _entry(each))]


def _entry(found: Rule) -> list[str]:
    notes = [found.severity, *["the file is not checked further"] * found.whole, *["mended by `--fix`"] * found.repaired]
    limits = [f"- limit: `{name}` {_value(value)}" for name, value in found.limits.items()]
    return [
        "",
        f'<a id="{found.code.lower()}"></a>',
        "",
        f"### {found.code} {found.title}",
        "",
        f"*{', '.join(notes)}*",
        "",
        f"{found.what} {found.why}",
        "",
        f"- wrong: `{found.wrong}`",
        f"- right: `{found.right}`",
        f"- what to do: {found.fix}",
        *limits,
    ]


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_value(each) for each in value)
    return f"{value:,}" if isinstance(value, int) else f"`{value}`" if isinstance(value, str) else str(value)
