"""Sentences with source, target and trigger marked, as the action model reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LONGEST = 56
"""Pieces of words that the model reads at most; of a longer sentence those around what is marked."""
BEFORE, AFTER = 8, 12
"""Pieces before the first mark and behind the last one that are read where the trigger is known."""
_START, _END = 101, 102


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence in which somebody may have done something to somebody.

    Attributes:
        text: The sentence.
        source: First and last character (exclusive) of the words that name who did it; None where nobody is named.
        target: The same of whom it was done to.
        trigger: The same of the words that report it; None where they are not known.
    """

    text: str
    source: tuple[int, int] | None = None
    target: tuple[int, int] | None = None
    trigger: tuple[int, int] | None = None


def ids(marked: Marked, offsets: Sequence[tuple[int, int]], pieces: Sequence[int]) -> list[int]:
    """Ids of a sentence's pieces with those of the marks between; what is not there is marked empty at the end.

    Args:
        marked: The sentence and what is marked in it.
        offsets: First and last character of each piece.
        pieces: Id of each piece.
    """
    spans = [marked.source, marked.target, marked.trigger]
    first = [next((n for n, (_, end) in enumerate(offsets) if end > span[0]), len(offsets)) if span else len(offsets) for span in spans]
    last = [next((n for n, (start, _) in enumerate(offsets) if start >= span[1]), len(offsets)) if span else len(offsets) for span in spans]
    begin, stop = 0, len(pieces)
    inside = [n for span, a, b in zip(spans, first, last, strict=True) if span for n in (a, b)]
    if inside:
        left, right = (BEFORE, AFTER) if marked.trigger else (LONGEST, LONGEST)
        begin, stop = max(0, min(inside) - left), min(stop, max(inside) + right)
    if stop - begin > LONGEST:
        middle = (min(inside, default=0) + max(inside, default=0)) // 2
        begin = max(begin, min(middle - LONGEST // 2, stop - LONGEST))
        stop = begin + LONGEST
    opened: dict[int, list[int]] = {}
    closed: dict[int, list[int]] = {}
    for n, (a, b) in enumerate(zip(first, last, strict=True)):
        opened.setdefault(min(max(a, begin), stop), []).append(1 + 2 * n)
        closed.setdefault(min(max(b, begin), stop), []).append(2 + 2 * n)
    made = [_START]
    for n in range(begin, stop + 1):
        here = opened.get(n, [])
        ends = closed.get(n, [])
        made += [mark for mark in ends if mark - 1 not in here]
        for mark in here:
            made += [mark, mark + 1] if mark + 1 in ends else [mark]
        if n < stop:
            made.append(pieces[n])
    return [*made, _END]


def encode(tokenizer: Tokenizer, sentences: Sequence[Marked]) -> list[list[int]]:
    """Ids of each marked sentence; a text that comes several times in a row is cut into pieces once."""
    found: list[list[int]] = []
    seen, encoded = None, None
    for each in sentences:
        if each.text != seen:
            seen, encoded = each.text, tokenizer.encode(each.text, add_special_tokens=False)
        assert encoded is not None
        found.append(ids(each, encoded.offsets, encoded.ids))
    return found
