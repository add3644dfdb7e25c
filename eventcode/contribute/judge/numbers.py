"""Numbers that cannot be read as such: what they most likely say."""

from __future__ import annotations

import re
from decimal import Decimal

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
_FRACTION = re.compile(r"[+-]?\d+[.,]\d+", re.ASCII)
_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_WHOLE_COMMA = re.compile(r"([+-]?\d+),0{1,2}", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:[,.  '’]\d{3})+(?:[.,]\d+)?", re.ASCII)
_PER_CENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|per ?cent)", re.ASCII | re.IGNORECASE)
_LONG = re.compile(r"[+-]?\d{16,}", re.ASCII)


def plain_number(value: object) -> str:
    """A bound as people write it.

    >>> plain_number(90.0), plain_number(0.5), plain_number(2147483647)
    ('90', '0.5', '2147483647')
    """
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _range(column: Column) -> str:
    return f"{'a whole number' if column.kind == 'integer' else 'a number'} from {plain_number(column.minimum)} to {plain_number(column.maximum)}"


def _in_range(column: Column, value: float) -> bool:
    low, high = column.minimum, column.maximum
    return not isinstance(low, float) or not isinstance(high, float) or low <= value <= high


def _share(found: str) -> Verdict:
    """The verdict on a per cent; of less than one nobody can tell whether it was divided already."""
    value = Decimal(found.replace(",", ".")) / 100
    text = f"{value.normalize():f}"
    if value > 1:
        return Verdict("EC223", "a share from 0 to 1", "write the share, or leave the cell empty")
    if 0 < value < Decimal("0.01"):
        return Verdict("EC223", "a share from 0 to 1", f"write {text}, if it was not divided by 100 already")
    return Verdict("EC223", "a share from 0 to 1", f"write {text}", text)


def _of_number(column: Column, found: str) -> Verdict | None:
    """What holds of numbers that may have a fraction."""
    if (share := _PER_CENT.fullmatch(found)) and column.unit == "1":
        return _share(share[1])
    if not _COMMA.fullmatch(found):
        return None
    value = found.replace(",", ".")
    if _in_range(column, float(value)):
        return Verdict("EC220", "a number with a decimal point", f"write {value}", value)
    return None if _THOUSANDS.fullmatch(found) else Verdict("EC220", f"{_range(column)}, with a decimal point", "mend the value")


def _of_whole_number(found: str) -> Verdict | None:
    """What holds of numbers that have no fraction."""
    if whole := _WHOLE_COMMA.fullmatch(found):
        return Verdict("EC220", "a whole number", f"write {whole[1]}", whole[1])
    if _FRACTION.fullmatch(found) and not _THOUSANDS.fullmatch(found):
        return Verdict("EC231", "a whole number", "write the whole number that the article gives, or leave the cell empty")
    return None


def _in_words(found: str, what: str) -> Verdict | None:
    words = re.findall("[a-z]+", found.casefold())
    if re.search(r"\d", found) or not set(words) & {*_WORDS, *_VAGUE}:
        return None
    if len(words) == 1 and words[0] in _WORDS:
        return Verdict("EC222", what, f"write {_WORDS[words[0]]}")
    return Verdict("EC222", what, "docs/coding-rules.md says which figures such words give")


def judge(column: Column, found: str) -> Verdict:
    """Why a text is no number of the column.

    >>> from eventcode.contribute.columns import COLUMNS
    >>> judge(COLUMNS["confidence"], "0,8").becomes, judge(COLUMNS["confidence"], "85%").becomes
    ('0.8', '0.85')
    >>> judge(COLUMNS["deaths_best"], "about 60").code, judge(COLUMNS["deaths_best"], "five").fix
    ('EC202', 'write 5')
    """
    what = "a whole number" if column.kind == "integer" else "a number"
    if verdict := _of_whole_number(found) if column.kind == "integer" else _of_number(column, found):
        return verdict
    if _THOUSANDS.fullmatch(found):
        return Verdict("EC221", what, "write the digits alone; where the mark begins a fraction, write the number that the article gives")
    if _LONG.fullmatch(found):
        return Verdict("EC303", _range(column), "mend the value")
    return _in_words(found, what) or Verdict("EC202", what, f"write {what}, or leave the cell empty")
