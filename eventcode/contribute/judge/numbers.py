"""Numbers that cannot be read as such: what they most likely say."""

from __future__ import annotations

import re

from eventcode.contribute.notes import Verdict
from eventcode.model.column import Column

_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
        "twenty".split()
    )
}
_VAGUE = "dozen dozens scores hundreds thousands several few some many hundred thousand million".split()
_FRACTION = re.compile(r"[+-]?\d+\.\d+")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[,.  '’]\d{3})+(?:[.,]\d+)?")
_PER_CENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")


def _in_range(column: Column, value: float) -> bool:
    low, high = column.minimum, column.maximum
    return not isinstance(low, float) or not isinstance(high, float) or low <= value <= high


def _of_number(column: Column, found: str) -> Verdict | None:
    """What holds of numbers that may have a fraction."""
    if (share := _PER_CENT.fullmatch(found)) and column.unit == "1":
        value = f"{float(share[1]) / 100:g}"
        return Verdict("EC223", "a share from 0 to 1", f"write {value}", value if float(value) <= 1 else None)
    if _COMMA.fullmatch(found) and _in_range(column, float(found.replace(",", "."))):
        value = found.replace(",", ".")
        return Verdict("EC220", "a number with a decimal point", f"write {value}", value)
    return None


def judge(column: Column, found: str) -> Verdict:
    """Why a text is no number of the column.

    >>> from eventcode.contribute.columns import COLUMNS
    >>> judge(COLUMNS["confidence"], "0,8").becomes, judge(COLUMNS["confidence"], "85%").becomes
    ('0.8', '0.85')
    >>> judge(COLUMNS["deaths_best"], "about 60").code, judge(COLUMNS["deaths_best"], "five").fix
    ('EC202', 'write 5')
    """
    what = "a whole number" if column.kind == "integer" else "a number"
    if column.kind == "number" and (verdict := _of_number(column, found)):
        return verdict
    if column.kind == "integer" and _FRACTION.fullmatch(found):
        return Verdict("EC231", what, "write the whole number that the article gives, or leave the cell empty")
    if _THOUSANDS.fullmatch(found):
        return Verdict("EC221", what, "write the digits alone, without separators")
    words = re.findall("[a-z]+", found.casefold())
    if len(words) == 1 and words[0] in _WORDS and not re.search(r"\d", found):
        return Verdict("EC222", what, f"write {_WORDS[words[0]]}")
    if words and not re.search(r"\d", found) and set(words) & {*_WORDS, *_VAGUE}:
        return Verdict("EC222", what, "docs/coding-rules.md says which figures such words give")
    return Verdict("EC202", what, f"write {what}, or leave the cell empty")
