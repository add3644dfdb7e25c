"""The action model: which words of a sentence report an event and which, who did it and to whom. `training/` says how it was made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from eventcode.coder.marking import MARKS, Marked, marked_ids, sentence_ids

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from threadpoolctl import ThreadpoolController
    from tokenizers import Tokenizer

    Floats = NDArray[np.float32]

FOLDER = Path(__file__).parent / "weights"
NONE = "none"
_PAIRS = 2048
"""Pairs of words that are asked for at once, so that a long sentence does not fill the memory."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the model is made of.

    Attributes:
        codes: Names of the codes: "none", then CAMEO codes.
        statuses: Names of the statuses.
        word_features: Number of each feature of a word that may report an event.
        side_features: Number of each feature of a word beside a trigger.
        temperature: Divisor of the logits with which the chances hold on held-out sentences.
        pair_temperature: The same for marked pairs.
        corpus_sha256: Digest of the instances that it was trained on.
        least: From which probability on an event and a side are reported, and how much of its root a code must hold (`training/calibrate.py`).
        confidence: Slope and shift that make the product of the probabilities of root, source and target the probability that a report holds.
    """

    codes: tuple[str, ...]
    statuses: tuple[str, ...]
    word_features: dict[str, int]
    side_features: dict[str, int]
    temperature: float
    pair_temperature: float
    corpus_sha256: str
    least: dict[str, float]
    confidence: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scores:
    """How likely each code and each status is at a word, or between a marked pair.

    Attributes:
        chances: Probability of each code, that of no event under "none".
        status: Probability of each status, were it an event.
    """

    chances: Floats
    status: Floats

    @property
    def event(self) -> float:
        """Probability of any event."""
        return 1.0 - float(self.chances[0])

    def best(self, most: int = 3) -> list[tuple[str, float]]:
        """The likeliest codes with their probabilities."""
        codes = card().codes
        return [(codes[i], float(self.chances[i])) for i in (-self.chances).argsort()[:most]]


@cache
def card() -> Card:
    """The model's card."""
    made = json.loads((FOLDER / "actions.json").read_text(encoding="utf-8"))
    return Card(
        tuple(made["codes"]),
        tuple(made["statuses"]),
        {name: n for n, name in enumerate(made["word_features"])},
        {name: n for n, name in enumerate(made["side_features"])},
        made["temperature"],
        made["pair_temperature"],
        made["corpus_sha256"],
        made["least"],
        tuple(made["confidence"]),
    )


@cache
def _session() -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    slow = ["SkipLayerNormFusion"]  # one of its two forms takes longer than the parts that it joins
    return onnxruntime.InferenceSession(str(FOLDER / "encoder.onnx"), options, providers=["CPUExecutionProvider"], disabled_optimizers=slow)


@cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    made.no_truncation()
    made.no_padding()
    return made


class _OneCore:
    """The limit of the whole process to one core, as long as any thread asks for it."""

    def __init__(self) -> None:
        self.lock, self.inside = Lock(), 0
        self.limit: Any = None

    def enter(self) -> None:
        with self.lock:
            if not self.inside:
                self.limit = _controller().limit(limits=1, user_api="blas")
            self.inside += 1

    def leave(self) -> None:
        with self.lock:
            self.inside -= 1
            if not self.inside:
                self.limit.restore_original_limits()


_ONE_CORE = _OneCore()


@contextmanager
def one_core() -> Iterator[None]:
    """Within it, products of matrices take one core: they are small, and more cores would only wait for each other."""
    _ONE_CORE.enter()
    try:
        yield
    finally:
        _ONE_CORE.leave()


@cache
def _controller() -> ThreadpoolController:
    import numpy as np
    from threadpoolctl import ThreadpoolController

    np.ones((2, 2)) @ np.ones((2, 2))  # so that the library that multiplies is there to be found
    return ThreadpoolController()


@cache
def _heads() -> dict[str, Floats]:
    """What is read off the encoder's states, as matrices; those that multiply from the right stand transposed."""
    import numpy as np

    with np.load(FOLDER / "heads.npz") as file:
        made = {name: file[name].astype(np.float32) for name in file.files}
    return {n: np.ascontiguousarray(a.T) if n.endswith(".weight") and "features" not in n else a for n, a in made.items()}


def _linear(name: str, x: Floats) -> Floats:
    heads = _heads()
    made: Floats = x @ heads[f"{name}.weight"] + heads[f"{name}.bias"]
    return made


def _features(table: str, known: dict[str, int], features: Sequence[Iterable[str]]) -> Floats:
    """Sum of the vectors of the known features of each word; the first vector, of no feature, is nought."""
    import numpy as np

    places: list[int] = []
    starts: list[int] = []
    for each in features:
        starts.append(len(places))
        places.append(0)
        places += [known[f] for f in each if f in known]
    made: Floats = np.add.reduceat(_heads()[f"{table}.weight"][places], starts, axis=0)
    return made


def _softmax(logits: Floats) -> Floats:
    import numpy as np

    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    chances: Floats = (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32)
    return chances


def _scores(read: Floats, features: Sequence[Iterable[str]], divisor: float) -> list[Scores]:
    import numpy as np

    hidden = np.maximum(read + _features("word_features", card().word_features, features), 0)
    chances, statuses = _softmax(_linear("code", hidden) / divisor), _softmax(_linear("status", hidden))
    return [Scores(c, s) for c, s in zip(chances, statuses, strict=True)]


@dataclass(frozen=True)
class Reading:
    """Sentences as the encoder read them, one after the other; their words are numbered through.

    Attributes:
        states: State of each word, its first and its last piece behind each other: word x 768.
    """

    states: Floats

    def _told(self, words: Sequence[int]) -> Floats:
        """What the bare sentences tell of events at some of the words."""
        return _linear("event", self.states[list(words)])

    def likely(self, words: Sequence[int]) -> Floats:
        """Probability of any event at some of the words, as the bare sentence tells it, without features."""
        import numpy as np

        chances = _softmax(_linear("code", np.maximum(self._told(words), 0)) / card().temperature)
        made: Floats = 1 - chances[:, 0]
        return made

    def events(self, words: Sequence[int], features: Sequence[Iterable[str]]) -> list[Scores]:
        """How likely each code is at some of the words.

        Args:
            words: Numbers of the words.
            features: Features of each (`eventcode.coder.words.Word.features`).
        """
        return _scores(self._told(words), features, card().temperature) if words else []

    def sides(self, pairs: Sequence[tuple[int, int]], features: Sequence[Iterable[str]]) -> Floats:
        """For triggers and other words: how likely each such word names the source of what the trigger reports, the target: pair x 2.

        Args:
            pairs: Number of the trigger and of the word.
            features: Features of each word beside its trigger (`eventcode.coder.words.Sides.features`).
        """
        import numpy as np

        if not pairs:
            return np.zeros((0, 2), dtype=np.float32)
        parts = range(0, len(pairs), _PAIRS)
        return np.concatenate([self._sides(pairs[n : n + _PAIRS], features[n : n + _PAIRS]) for n in parts])

    def _sides(self, pairs: Sequence[tuple[int, int]], features: Sequence[Iterable[str]]) -> Floats:
        import numpy as np

        triggers, others = np.array(pairs).T
        once, which = np.unique(triggers, return_inverse=True)
        read = _linear("trigger", self.states[once])[which]
        once, which = np.unique(others, return_inverse=True)
        read += _linear("other", self.states[once])[which]
        read += _features("side_features", card().side_features, features)
        made: Floats = np.float32(1) / (np.float32(1) + np.exp(-_linear("side", np.maximum(read, 0))))
        return made


def _encoded(ids: list[int]) -> Floats:
    """States of the pieces of a sentence. Each is read alone: its int8 numbers would hang on the widest range of those beside it."""
    import numpy as np

    made: Floats = _session().run(["states"], {"ids": np.array([ids], dtype=np.int64)})[0][0]
    return made


def read(sentences: Sequence[tuple[str, Sequence[tuple[int, int]]]]) -> Reading:
    """Sentences, each with the first and last character (exclusive) of those of its words that matter, as the encoder reads them.

    >>> reading = read([("Russia accused Ukraine of lying.", [(0, 6), (7, 14), (15, 22)])])
    >>> reading.events([1], [[]])[0].best(1)[0][0][:2], reading.sides([(1, 0), (1, 2)], [[], []]).argmax(0).tolist()
    ('11', [0, 1])
    """
    import numpy as np

    made = []
    for text, words in sentences:
        ids, pieces = sentence_ids(_tokenizer(), text, words)
        places = np.array(pieces, dtype=np.int64).reshape(-1, 2)
        states = _encoded(ids)
        made.append(states[places].reshape(len(places), 2 * states.shape[-1]))
    return Reading(np.concatenate(made) if made else np.zeros((0, 0), dtype=np.float32))


def score_pairs(sentences: Sequence[Marked], features: Sequence[Iterable[str]]) -> list[Scores]:
    """How likely each code is between the marked actors of each sentence.

    >>> (scores,) = score_pairs([Marked("Russia accused Ukraine of lying.", source=(0, 6), target=(15, 22))], [[]])
    >>> scores.best(1)[0][0][:2]
    '11'
    """
    import numpy as np

    rows = [marked_ids(_tokenizer(), each) for each in sentences]
    read = np.stack([_encoded(row)[[0, *(row.index(mark) for mark in MARKS)]].reshape(-1) for row in rows])
    return _scores(_linear("pair", read), features, card().pair_temperature)
