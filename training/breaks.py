"""Train what finds the sentence whose end a web page has lost.

    python training/breaks.py     (in .venv, with numpy alone; a minute or two)

Sentences of `sentences/` are set behind each other, half of them without the full stop. At each word that may begin a sentence (see
`eventcode.coder.breaks`) the numbers that the pipeline's first layer gives the words around it tell whether one does. One item in twelve is held out and measured.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from eventcode.coder.breaks import FILE, SURE, around, candidates, likelihood
from eventcode.coder.nlp import pipeline

HERE = Path(__file__).parent
HIDDEN, EPOCHS, BATCH, RATE = 48, 12, 256, 2e-3


def texts() -> Iterator[tuple[str, set[int]]]:
    """Texts of three sentences with the characters at which their second and third begin."""
    chance = random.Random(20261122)  # noqa: S311 - training data, no secret
    for file in sorted((HERE / "sentences").glob("*.jsonl")):
        lines = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
        if not file.name.startswith("news"):
            chance.shuffle(lines)
        for n in range(0, len(lines) - 2, 3):
            text, starts = "", set()
            for line in lines[n : n + 3]:
                if text:
                    if chance.random() < 0.5:
                        text = text.rstrip(".!?")
                    text += " "
                    starts.add(len(text))
                text += line.strip()
            yield text, starts


def examples() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers around each word that may begin a sentence, whether it does, and whether its text is held out."""
    rows, labels, held = [], [], []
    made = list(texts())
    nlp = pipeline()
    with nlp.select_pipes(enable=["tok2vec"]):
        docs = list(nlp.pipe(text for text, _ in made))
    for doc, (text, starts) in zip(docs, made, strict=True):
        places = candidates(doc)
        if places:
            rows.append(around(doc, places))
            labels += [doc[i].idx in starts for i in places]
            held += [int(hashlib.sha256(text.encode()).hexdigest(), 16) % 12 == 0] * len(places)
    return np.concatenate(rows), np.array(labels), np.array(held)


def main() -> None:
    """Train, measure, write."""
    x, y, held = examples()
    chance = np.random.default_rng(1)
    mean, spread = x[~held].mean(0), x[~held].std(0) + 1e-3
    z = (x - mean) / spread
    first = chance.normal(0, x.shape[1] ** -0.5, (x.shape[1], HIDDEN)).astype(np.float32)
    weights = [first, np.zeros(HIDDEN, np.float32), chance.normal(0, HIDDEN**-0.5, HIDDEN).astype(np.float32), np.zeros(1, np.float32)]
    moments = [[np.zeros_like(w) for w in weights] for _ in range(2)]
    train = np.flatnonzero(~held)
    steps = 0
    for epoch in range(EPOCHS):
        order = chance.permutation(train)
        for n in range(0, len(order) - BATCH, BATCH):
            part = order[n : n + BATCH]
            inside = np.maximum(z[part] @ weights[0] + weights[1], 0)
            wrong = (1 / (1 + np.exp(-(inside @ weights[2] + weights[3]))) - y[part]) / BATCH
            back = wrong[:, None] * weights[2] * (inside > 0)
            slopes = [z[part].T @ back, back.sum(0), inside.T @ wrong, wrong.sum(keepdims=True)]
            steps += 1
            rate = RATE * (1 - epoch / EPOCHS)
            for weight, slope, mean_slope, mean_square in zip(weights, slopes, *moments, strict=True):
                mean_slope += 0.1 * (slope - mean_slope)  # noqa: PLW2901 - in place
                mean_square += 0.001 * (slope**2 - mean_square)  # noqa: PLW2901
                size = np.sqrt(mean_square / (1 - 0.999**steps)) + 1e-8
                weight -= rate * (mean_slope / (1 - 0.9**steps) / size + 0.01 * weight)  # noqa: PLW2901
    made = {
        "first": weights[0] / spread[:, None],
        "shift": weights[1] - (mean / spread) @ weights[0],
        "second": weights[2],
        "last": weights[3],
    }
    made = {name: array.astype(np.float32) for name, array in made.items()}
    np.savez(FILE, **made)
    found = likelihood(x[held], made) >= SURE
    right = (found & y[held]).sum()
    sys.stdout.write(
        f"{len(y)} places, {y.sum()} begin a sentence; held out: precision {right / found.sum():.3f}, recall {right / y[held].sum():.3f}\n"
    )


if __name__ == "__main__":
    main()
