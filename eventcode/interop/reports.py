"""Reports for export: from a contribution that the gate accepts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from eventcode.errors import InputError


def given(path: Path, articles: Collection[str]) -> tuple[dict[str, list[dict[str, Any]]], int]:
    """Reports of a contribution by article, and how many are of other articles.

    Args:
        path: A contribution, as `eventcode code -o` writes it.
        articles: Ids of the articles whose reports are wanted.

    Raises:
        InputError: The file cannot be read, or the gate refuses rows of it.
    """
    from eventcode.contribute import gate

    checked = gate.validate(path)
    if checked.errors:
        raise InputError(
            f"the gate finds {checked.errors} errors", where=str(path), expected="reports without errors", fix=f"eventcode validate {path}"
        )
    found: dict[str, list[dict[str, Any]]] = {identifier: [] for identifier in articles}
    others = 0
    for each in checked.frame.iter_rows(named=True):
        row = {name: value.isoformat() if isinstance(value, date) else value for name, value in each.items()}
        if row["source"] in found:
            found[row["source"]].append(row)
        else:
            others += 1
    return found, others
