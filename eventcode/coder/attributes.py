"""Parts of speech and lemmas of a text, found once for each word with its tag and its relation.

The pipeline's rules for them look at one word, its tag and its relation, a few also at the word beside it. Asked anew for every word of every text they take a
fifth of the time of the whole pipeline; news repeats its words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_KEPT = 200_000
"""Words that are remembered; then all are forgotten, so that memory does not grow with the texts."""
_FIRSTS = ("ai", "gon", "got", "let", "c'm", "y", "y'")
"""First words of the rules that look at two, as "gon na"; beside them there is that of "there is"."""
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
        self._asked = [attrs.ORTH, attrs.TAG, attrs.DEP]
        self._set = [attrs.TAG, attrs.POS, attrs.MORPH, attrs.LEMMA]
        self._firsts = {nlp.vocab.strings.add(form) for word in _FIRSTS for form in (word, word.title(), word.upper())}
        self._there = nlp.vocab.strings.add("expl")
        self._known: dict[tuple[_Word, ...], list[_Set]] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set tag, part of speech, form and lemma of each word."""
        import numpy as np

        if len(self._known) > _KEPT:
            self._known.clear()
        words = [(orth, tag, dep) for orth, tag, dep in doc.to_array(self._asked).tolist()]
        opens = [orth in self._firsts or dep == self._there for orth, _, dep in words]
        made: list[_Set] = []
        for n, word in enumerate(words):
            if n and opens[n - 1]:
                made.append(self._read(words[n - 1], word)[1])
            elif opens[n] and n + 1 < len(words):
                made.append(self._read(word, words[n + 1])[0])
            else:
                made.append(self._read(word)[0])
        doc.from_array(self._set, np.array(made, dtype=np.uint64).reshape(-1, len(self._set)))
        for token in doc:
            if token.is_space:
                token.dep_ = "dep"
        return doc

    def _read(self, *words: _Word) -> list[_Set]:
        found = self._known.get(words)
        if found is None:
            found = self._known[words] = self._ask(*words)
        return found

    def _ask(self, *words: _Word) -> list[_Set]:
        """What the two parts of the pipeline set, asked with a text of these words alone."""
        from spacy.tokens import Doc

        strings = self._vocab.strings
        forms, tags, relations = ([strings[number] for number in numbers] for numbers in zip(*words, strict=True))
        doc = Doc(self._vocab, forms, tags=tags, deps=relations, heads=[0] * len(words))
        for part in self._parts:
            doc = part(doc)
        return [(tag, pos, form, lemma) for tag, pos, form, lemma in doc.to_array(self._set).tolist()]
