"""The action model: how likely each CAMEO code is for a marked sentence. `training/` says how it was made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from eventcode.coder.marking import Marked, encode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

FOLDER = Path(__file__).parent / "weights"
NONE = "none"
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Card:
    """What the model is made of.

    Attributes:
        codes: Names of the outputs: "none", then CAMEO codes.
        statuses: Names of the statuses.
        temperature: Divisor of the logits with which the chances hold on held-out sentences.
        corpus_sha256: Digest of the instances that it was trained on.
        mix: How much the lexicon counts beside the model, and from which probability on an event is reported (`training/calibrate.py`).
    """

    codes: tuple[str, ...]
    statuses: tuple[str, ...]
    temperature: float
    corpus_sha256: str
    mix: dict[str, float]


@dataclass(frozen=True, slots=True)
class Scores:
    """How likely each code and each status is for one marked sentence.

    Attributes:
        chances: Probability of each code, that of no event under "none".
        status: Probability of each status, were it an event.
    """

    chances: NDArray[np.float32]
    status: NDArray[np.float32]

    def best(self, most: int = 3) -> list[tuple[str, float]]:
        """The likeliest codes with their probabilities."""
        codes = card().codes
        return [(codes[i], float(self.chances[i])) for i in (-self.chances).argsort()[:most]]


@cache
def card() -> Card:
    """The model's card."""
    made = json.loads((FOLDER / "actions.json").read_text(encoding="utf-8"))
    return Card(tuple(made["codes"]), tuple(made["statuses"]), made["temperature"], made["corpus_sha256"], made["mix"])


@cache
def _session() -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(FOLDER / "actions.onnx"), options, providers=["CPUExecutionProvider"])


@cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    made.no_truncation()
    made.no_padding()
    return made


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    chances: NDArray[np.float32] = (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32)
    return chances


def score(sentences: Sequence[Marked]) -> list[Scores]:
    """How likely each code is for each marked sentence, in their order.

    >>> (scores,) = score([Marked("Russia accused Ukraine of lying.", source=(0, 6), target=(15, 22), trigger=(7, 14))])
    >>> scores.best(1)[0][0][:2]
    '11'
    """
    import numpy as np

    rows = encode(_tokenizer(), sentences)
    order = sorted(range(len(rows)), key=lambda n: len(rows[n]))
    made: dict[int, Scores] = {}
    for first in range(0, len(order), _BATCH):
        part = order[first : first + _BATCH]
        block = np.zeros((len(part), len(rows[part[-1]])), dtype=np.int64)
        for n, row in enumerate(part):
            block[n, : len(rows[row])] = rows[row]
        code, status = _session().run(["code", "status"], {"ids": block})
        chances, statuses = _softmax(code / card().temperature), _softmax(status)
        made |= {row: Scores(chances[n], statuses[n]) for n, row in enumerate(part)}
    return [made[n] for n in range(len(rows))]
