"""Sentences as pieces of words that the encoder reads: whole ones, and ones in which source and target are marked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LONGEST = 120
"""Pieces of words that are read at most; of a longer sentence the first ones, or those around what is marked."""
MARKS = (1, 2, 3, 4)
"""Ids of the words that open and close source and target."""
_START, _END = 101, 102


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence in which somebody did something to somebody.

    Attributes:
        text: The sentence.
        source: First and last character (exclusive) of the words that name who did it; None where nobody is named.
        target: The same of whom it was done to.
    """

    text: str
    source: tuple[int, int] | None = None
    target: tuple[int, int] | None = None


def _pieces(offsets: Sequence[tuple[int, int]], span: Sequence[int]) -> tuple[int, int]:
    """First piece that a span of characters meets and the piece behind its last."""
    first = next((n for n, (_, end) in enumerate(offsets) if end > span[0]), len(offsets))
    return first, next((n for n, (start, _) in enumerate(offsets) if start >= span[1]), len(offsets))


def sentence_ids(tokenizer: Tokenizer, text: str, words: Sequence[Sequence[int]]) -> tuple[list[int], list[tuple[int, int]]]:
    """Ids of a sentence's pieces, and for each word the places of its first and last piece in them.

    Args:
        tokenizer: That of the encoder.
        text: The sentence.
        words: First and last character (exclusive) of each word.
    """
    encoded = tokenizer.encode(text, add_special_tokens=False)
    pieces = encoded.ids[:LONGEST]
    places = []
    last = len(pieces)
    starts = [start for start, _ in encoded.offsets]
    for a, b in words:
        first = min(max(0, bisect_right(starts, a) - 1), last - 1)
        behind = min(max(first + 1, bisect_right(starts, b - 1)), last)
        places.append((1 + first, behind))
    return [_START, *pieces, _END], places


def marked_ids(tokenizer: Tokenizer, marked: Marked) -> list[int]:
    """Ids of a sentence's pieces with those of the marks between; what is not there is marked empty at the end."""
    encoded = tokenizer.encode(marked.text, add_special_tokens=False)
    spans = [_pieces(encoded.offsets, span) if span else (len(encoded.ids), len(encoded.ids)) for span in (marked.source, marked.target)]
    begin, stop = 0, len(encoded.ids)
    if stop > LONGEST:
        known = [n for span, places in zip((marked.source, marked.target), spans, strict=True) if span for n in places]
        middle = (min(known, default=0) + max(known, default=0)) // 2
        begin = max(0, min(middle - LONGEST // 2, stop - LONGEST))
        stop = begin + LONGEST
    opened: dict[int, list[int]] = {}
    closed: dict[int, list[int]] = {}
    for n, (a, b) in enumerate(spans):
        opened.setdefault(min(max(a, begin), stop), []).append(MARKS[2 * n])
        closed.setdefault(min(max(b, begin), stop), []).append(MARKS[2 * n + 1])
    made = [_START]
    for n in range(begin, stop + 1):
        here, ends = opened.get(n, []), closed.get(n, [])
        made += [mark for mark in ends if mark - 1 not in here]
        for mark in here:
            made += [mark, mark + 1] if mark + 1 in ends else [mark]
        if n < stop:
            made.append(encoded.ids[n])
    return [*made, _END]
