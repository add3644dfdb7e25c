"""Offsets counted in UTF-16 code units, as JavaScript counts, turned into offsets counted in characters, as Python does."""

from __future__ import annotations

_BASIC = "\uffff"


def from_utf16(text: str, offset: int) -> int | None:
    """The character that stands at an offset of UTF-16 code units; None within a character or beyond the text.

    >>> [from_utf16("a🙂b", n) for n in range(6)]
    [0, 1, None, 2, 3, None]
    """
    units = 0
    for place, character in enumerate(text):
        if units >= offset:
            return place if units == offset else None
        units += 1 + (character > _BASIC)
    return len(text) if units == offset else None
