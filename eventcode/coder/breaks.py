"""Where a sentence begins though the page has lost the full stop before it: "... in the oil sector The minister said ...".

Some words show it by themselves ("FILE -", "He" behind a small letter); elsewhere a small model, trained on sentences whose full stops were taken away, tells it from
the words around (`training/breaks.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from spacy.tokens import Doc, Token

    Floats = NDArray[np.float32]

FILE = Path(__file__).parent / "weights" / "breaks.npz"
SURE = 0.95
"""Probability from which a sentence begins, in a text that loses its full stops."""
_SEVERAL, _CERTAIN = 3, 0.98
"""A text loses its full stops where so many sentences begin that surely; one alone may be "will release Prime Minister ..."."""
_BEFORE, _AFTER = 3, 3
"""Words before a place, and from it on, that tell whether a sentence begins there."""
_ENDS = frozenset((".", "!", "?", "…", ":", ";", "(", "[", "-", "–", "—", "--"))
"""What stands before the first word of a sentence, or shows that the sentence goes on; the parser sees both."""


_OPENERS = frozenset("The He She They It But In On At A An This That We His Her Their Its As After Before When While Since For According "
                     "Meanwhile However Also Some Many If There These Those I You Although Though And So Yet Despite During Under With From By "
                     "Most Several Another Both More Nearly Earlier Last Now Still Officials Authorities Police Analysts Critics Experts Residents".split())  # fmt: skip
_ALONE = frozenset("He She They But According Meanwhile However Although Though Despite We".split())
"""Words that begin a sentence also behind a name, where the next word may be one too."""
_LINKS = frozenset("a an and as at but by for from in is of on or than that the to was were when which who with".split())
_BEFORE_QUOTES = _LINKS | frozenset(
    "said says say saying told tells adding added called calls calling asked titled entitled named dubbed reads read wrote film movie book song".split()
)
_QUOTES = frozenset(("“", "``", '"'))
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


def _may_begin(before: Token, token: Token) -> bool:
    """True for a capital letter or an opening quotation mark behind what is no end of a sentence."""
    if before.text in _ENDS or before.is_space:
        return False
    return token.text[:1].isupper() or (token.text in {'"', "“", "``"} and bool(before.whitespace_) and not token.whitespace_)


def candidates(doc: Doc) -> list[int]:
    """Words at which a sentence may begin that shows it by nothing but a capital letter or a quotation mark."""
    return [token.i for before, token in pairwise(doc) if _may_begin(before, token)]


def around(doc: Doc, places: Sequence[int]) -> Floats:
    """What the pipeline's first layer says of the words around some places: place x (6 x 96)."""
    import numpy as np

    padded = np.concatenate([np.zeros((_BEFORE, doc.tensor.shape[1])), doc.tensor, np.zeros((_AFTER, doc.tensor.shape[1]))])
    made: Floats = padded[np.array(places)[:, None] + np.arange(_BEFORE + _AFTER)].reshape(len(places), -1).astype(np.float32)
    return made


@cache
def weights() -> Mapping[str, Floats]:
    """The trained numbers (`training/breaks.py`)."""
    import numpy as np

    with np.load(FILE) as file:
        return {name: file[name] for name in file.files}


def likelihood(x: Floats, w: Mapping[str, Floats]) -> Floats:
    """How likely a sentence begins at each place."""
    import numpy as np

    said = np.maximum(x @ w["first"] + w["shift"], 0) @ w["second"] + w["last"]
    made: Floats = 1 / (1 + np.exp(-np.clip(said, -50, 50)))
    return made


def break_sentences(doc: Doc) -> Doc:
    """Begin a sentence where a page has lost the full stop before it, and where the words under a picture stand in a text."""
    for n, text in enumerate([token.text for token in doc[:-1]]):
        if not n or not (text[0].isupper() or text in _QUOTES):
            continue
        before, token, after = doc[n - 1], doc[n], doc[n + 1]
        if (
            (text == "FILE" and after.text == "-")
            or _opens(before, token, after)
            or _follows_caption(before, token)
            or _quotes(before, token, after)
        ):
            token.is_sent_start = True
    if len(places := candidates(doc)) >= _SEVERAL:
        likely = likelihood(around(doc, places), weights())
        if (likely >= _CERTAIN).sum() >= _SEVERAL:
            for place, chance in zip(places, likely, strict=True):
                if chance >= SURE:
                    doc[place].is_sent_start = True
    return doc
