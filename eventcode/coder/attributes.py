"""Parts of speech and lemmas of a text, found once for each word with its tag and its relation.

The pipeline's rules for them look at one word, its tag and its relation, a few also at the word beside it. Asked anew for every word of every text they take a
fifth of the time of the whole pipeline; news repeats its words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_KEPT = 200_000
"""Words that are remembered; then all are forgotten, so that memory does not grow with the texts."""
_FIRSTS = ("ai", "gon", "got", "let", "c'm", "y", "y'")
"""First words of the rules that look at two, as "gon na"; beside them there is that of "there is"."""
_OPEN = ("NN", "NNS", "NNP", "NNPS", "JJ", "JJR", "JJS", "RB", "CD")
"""Tags whose words the rules judge without their relation, unless that is one of `_TELLING` or the word one of `_RELATED`."""
_TELLING = ("aux", "auxpass", "expl")
_RELATED = ("i", "you", "it", "do", "does", "did", "'d", "have", "has", "had", "but")
"""Words that the rules judge by their relation whatever their tag."""
_Word = tuple[int, int, int]
_Set = tuple[int, int, int, int]


class Attributes:
    """What the pipeline's `attribute_ruler` and `lemmatizer` set, in one component.

    Args:
        nlp: A pipeline with both.
    """

    def __init__(self, nlp: Language) -> None:
        from spacy import attrs

        self._vocab = nlp.vocab
        self._parts: list[Any] = [nlp.get_pipe("attribute_ruler"), nlp.get_pipe("lemmatizer")]
        self._asked = [attrs.ORTH, attrs.LOWER, attrs.TAG, attrs.DEP]
        self._set = [attrs.TAG, attrs.POS, attrs.MORPH, attrs.LEMMA]
        number = nlp.vocab.strings.add
        self._firsts = {number(word) for word in _FIRSTS}
        self._related = {number(word) for word in _RELATED}
        self._open = {number(tag) for tag in _OPEN}
        self._telling = {number(relation) for relation in _TELLING}
        self._there, self._any = number("expl"), number("dep")
        self._comma: _Word = (number(","), number(","), number("punct"))
        self._known: dict[tuple[_Word, ...], list[_Set]] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set tag, part of speech, form and lemma of each word."""
        import numpy as np

        if len(self._known) > _KEPT:
            self._known = {}
        known = self._known
        rows = doc.to_array(self._asked).tolist()
        words = [self._word(*row) for row in rows]
        opens = [lower in self._firsts or dep == self._there for _, lower, _, dep in rows]
        keys: list[tuple[tuple[_Word, ...], int]] = []
        for n, word in enumerate(words):
            if n and opens[n - 1]:
                keys.append(((words[n - 1], word), 1))
            elif opens[n] and n + 1 < len(words):
                keys.append(((word, words[n + 1]), 0))
            else:
                keys.append(((word,), 0))
        self._learn({key for key, _ in keys if key not in known}, known)
        made = [known[key][n] for key, n in keys]
        doc.from_array(self._set, np.array(made, dtype=np.uint64).reshape(-1, len(self._set)))  # type: ignore[arg-type] # spaCy names another width of number
        for token in doc:
            if token.is_space:
                token.dep_ = "dep"
        return doc

    def _word(self, orth: int, lower: int, tag: int, dep: int) -> _Word:
        """A word, its tag and its relation, where that can matter."""
        is_loose = tag in self._open and dep not in self._telling and lower not in self._related
        return orth, tag, self._any if is_loose else dep

    def _learn(self, unknown: Iterable[tuple[_Word, ...]], known: dict[tuple[_Word, ...], list[_Set]]) -> None:
        """What the two parts of the pipeline set at some words: they are asked with a text of these words alone, commas between pairs."""
        from spacy.tokens import Doc

        keys = sorted(unknown)
        strings = self._vocab.strings
        if not keys:
            return
        rows, places = [], []
        for key in keys:
            apart = len(key) > 1 or self._vocab[key[0][0]].lower in self._firsts or key[0][2] == self._there
            rows += [[strings[n] for n in word] for word in ((self._comma, *key, self._comma) if apart else key)]
            places.append(len(rows) - len(key) - apart)
        forms, tags, relations = zip(*rows, strict=True)
        doc = Doc(self._vocab, list(forms), tags=list(tags), deps=list(relations), heads=list(range(len(rows))))
        for part in self._parts:
            doc = part(doc)
        made: list[_Set] = [(tag, pos, form, lemma) for tag, pos, form, lemma in doc.to_array(self._set).tolist()]
        for key, place in zip(keys, places, strict=True):
            known[key] = made[place : place + len(key)]
