"""The sentences of an article, numbered as the coder numbers them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eventcode.interop.marks import Span

Splitter = Callable[[str], Sequence[Span]]


def split(text: str) -> tuple[Span, ...]:
    """Offsets of the sentences that the coder reads; lines that news sites put around an article belong to none.

    >>> split("Troops left. Talks began.")
    ((0, 12), (13, 25))
    """
    from eventcode.coder.nlp import parse
    from eventcode.coder.text import clean, paragraphs

    cleaned = clean(text)
    spans = paragraphs(cleaned.clean)
    docs = parse([cleaned.clean[a:b] for a, b in spans])
    sentences = [(start, s) for (start, _), doc in zip(spans, docs, strict=True) for s in doc.sents if s.text.strip()]
    return tuple(cleaned.span(start + s.start_char, start + s.end_char) for start, s in sentences)


def number(sentences: Sequence[Span], at: int) -> int | None:
    """Number of the sentence in which a character stands, from 1; None where it stands in none.

    >>> number([(0, 12), (13, 25)], 13), number([(0, 12), (13, 25)], 12)
    (2, None)
    """
    return next((n for n, (start, end) in enumerate(sentences, start=1) if start <= at < end), None)
