"""Text that a spreadsheet shows as it stands, for the tables that people open in one."""

from __future__ import annotations

import re

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
"""How a formula begins, full-width signs too; after apostrophes, so that what was escaped can be told from what was not."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def cell(value: object) -> str:
    """A value as text that no spreadsheet takes for a formula: an apostrophe goes before what begins like one; plain numbers stay.

    >>> cell("=1+1"), cell("shelled"), cell(None), cell(-1.5)
    ("'=1+1", 'shelled', '', '-1.5')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unescape(text: str) -> str:
    """The text that `cell` was given.

    >>> unescape("'=1+1"), unescape("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text
