"""Named entities as the pipeline's own recogniser finds them, for many words at a time.

The recogniser goes from word to word: it opens an entity there, leaves it open, closes it, or passes by. Before an entity is open the choice looks at that one word,
afterwards at the entity's first word and at the last two. So all words are asked at once what they would open, and all entities that may be open step by step together;
the outcome is that of the recogniser itself, in an eighth of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from spacy.language import Language
    from spacy.tokens import Doc

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

_BEGIN, _INSIDE, _OUTSIDE = 3, 1, 2
"""How spaCy numbers the places in an entity."""
_TOGETHER = 64
"""Texts that are read together."""


class Entities:
    """The entities that the pipeline's `ner` finds, in its stead.

    Args:
        nlp: A pipeline with it.
    """

    def __init__(self, nlp: Language) -> None:
        import numpy as np
        from spacy import attrs

        recogniser: Any = nlp.get_pipe("ner")
        model = recogniser.model
        self.model = model.get_ref("tok2vec")
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        weights = lower.get_param("W")
        features, hidden, pieces, width = weights.shape
        if features != 3:  # pragma: no cover - another version of the pipeline
            raise ValueError("the pipeline's ner looks at more words than its first, its last and the next")
        self._shape = hidden, pieces
        self._lower = np.ascontiguousarray(weights.reshape(-1, width).T)
        self._none = lower.get_param("pad")[0].reshape(features, -1)
        self._bias = lower.get_param("b").reshape(-1)
        self._upper = np.ascontiguousarray(upper.get_param("W").T)
        self._last = upper.get_param("b")
        moves = [recogniser.moves.get_class_name(n).partition("-") for n in range(recogniser.moves.n_moves)]
        at = {(move, label): n for n, (move, _, label) in enumerate(moves)}
        self._labels = sorted({label for _, _, label in moves if label})
        self._kinds = np.array([nlp.vocab.strings.add(label) for label in self._labels], dtype=np.uint64)
        self._begin, self._in, self._close, self._unit = (np.array([at[move, label] for label in self._labels]) for move in "BILU")
        self._out = at["O", ""]
        self._set = [attrs.ENT_IOB, attrs.ENT_TYPE]

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of a text."""
        return self._find([doc])[0]

    def pipe(self, docs: Iterable[Doc], **_: object) -> Iterator[Doc]:
        """Set the entities of texts."""
        from spacy.util import minibatch

        for batch in minibatch(docs, size=_TOGETHER):  # type: ignore[no-untyped-call]
            yield from self._find(list(batch))

    def _find(self, docs: Sequence[Doc]) -> Sequence[Doc]:
        import numpy as np

        words = [token for doc in docs for token in doc]
        if not words:
            return docs
        cached = (self.model.predict(docs) @ self._lower).reshape(len(words), 3, -1)
        last = np.array([t.i + 1 == len(t.doc) or bool(t.nbor().is_sent_start) for t in words])
        space = np.array([t.is_space for t in words])
        length, kind = self._read(cached, last, space)
        placed = np.full((len(words), 2), (_OUTSIDE, 0), dtype=np.uint64)
        at = 0
        for start in np.flatnonzero(length).tolist():
            if start >= at:
                at = start + int(length[start])
                placed[start:at] = _INSIDE, self._kinds[kind[start]]
                placed[start, 0] = _BEGIN
        begin = 0
        for doc in docs:
            doc.from_array(self._set, placed[begin : begin + len(doc)])  # type: ignore[arg-type] # spaCy names another width of number
            begin += len(doc)
        return docs

    def _read(self, cached: Floats, last: NDArray[np.bool_], space: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        """For each word, how long the entity is that would begin there (none: nought), and of which kind."""
        import numpy as np

        closed = self._scores(cached[:, 0] + (self._none[1] + self._none[2]))
        begin, unit = closed[:, self._begin], closed[:, self._unit]
        best_begin, best_unit = begin.max(1), unit.max(1)
        best_begin[last] = -np.inf
        outside = (closed[:, self._out] >= np.maximum(best_begin, best_unit)) | space
        longer = best_begin > best_unit
        kind = np.where(longer, begin.argmax(1), unit.argmax(1))
        length = np.where(outside, 0, 1)
        starts = np.flatnonzero(~outside & longer)
        step = 1
        while len(starts):
            here = starts + step
            scores = self._scores(cached[here, 0] + cached[starts, 1] + cached[here - 1, 2])
            kinds, rows = kind[starts], np.arange(len(starts))
            goes_on = (scores[rows, self._in[kinds]] > scores[rows, self._close[kinds]]) & ~last[here]
            length[starts[~goes_on]] = step + 1
            starts, step = starts[goes_on], step + 1
        return length, kind

    def _scores(self, read: Floats) -> Floats:
        made: Floats = (read + self._bias).reshape(-1, *self._shape).max(-1) @ self._upper + self._last
        return made
