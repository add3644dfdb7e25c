"""Which characters a column of text holds at all, asked of its bytes: most columns hold nothing that needs a closer look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl


@dataclass(frozen=True, slots=True)
class Letters:
    """Kinds of characters in a column.

    Attributes:
        foreign: True where some are not ASCII.
        blanks: True where some are blanks.
        controls: True where some are ASCII controls; tabs and line ends are.
    """

    foreign: bool
    blanks: bool
    controls: bool


def letters(cells: pl.Series) -> Letters:
    r"""The kinds of characters in a column of text.

    >>> letters(pl.Series(["AZE", None])), letters(pl.Series(["a b", "ş"])).foreign, letters(pl.Series(["\n"])).controls
    (Letters(foreign=False, blanks=False, controls=False), True, True)
    """
    array = cells.alias("").rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    data = array.buffers()[2] if len(array) else None
    if data is None or not data.size:
        return Letters(foreign=False, blanks=False, controls=False)
    held = np.frombuffer(data, dtype=np.uint8)
    low, high = int(held.min()), int(held.max())
    return Letters(high > 127, low <= 32 and bool((held == 32).any()), low < 32 or (high >= 127 and bool((held == 127).any())))


def repeated(hashes: pl.Series) -> pl.Series:
    """Mask of the values that stand more than once in a column of numbers: sorting is faster than grouping.

    >>> repeated(pl.Series([3, 1, 3])).to_list()
    [True, False, True]
    """
    ordered = hashes.sort()
    twice = ordered.filter((ordered == ordered.shift(1)).fill_null(value=False)).unique()
    if not len(twice):
        return pl.select(pl.repeat(value=False, n=len(hashes), dtype=pl.Boolean)).to_series()
    return hashes.is_in(twice.implode())
