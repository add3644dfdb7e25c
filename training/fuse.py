"""Join what the encoder does in each layer's attention into one operation, which takes less time and gives the same.

    python training/fuse.py ENCODER.onnx     rewrites the quantized encoder in place

A sentence is read alone (`eventcode.coder.action_model`), so nothing has to be masked.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
from bert import HEADS
from onnx import ModelProto, NodeProto, helper, numpy_helper

_PARTS = ("query", "key", "value")


def _needed(nodes: list[NodeProto], outputs: set[str]) -> list[NodeProto]:
    """The nodes on which the outputs hang, in their order."""
    kept = []
    for node in reversed(nodes):
        if outputs & set(node.output):
            outputs |= set(node.input)
            kept.append(node)
    return kept[::-1]


def fused(model: ModelProto) -> ModelProto:
    """The quantized encoder with one operation for each attention."""
    graph = model.graph
    arrays = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    made_by = {name: node for node in graph.node for name in node.output}
    first = {f"/layers.{n}/query/MatMul_output_0_output_quantized": n for n in range(99)}
    nodes: list[NodeProto] = []
    for node in graph.node:
        layer = next((first[name] for name in node.output if name in first), None)
        if layer is not None:
            products = [made_by[f"/layers.{layer}/{part}/MatMul_output_0_output_quantized"] for part in _PARTS]
            read, zero = node.input[0], node.input[2]
            names = [product.input[1].removesuffix("_quantized") for product in products]
            joined = {
                "weight": np.concatenate([arrays[f"{name}_quantized"] for name in names], axis=1),
                "bias": np.concatenate([arrays[f"layers.{layer}.{part}.bias"] for part in _PARTS]),
                "scale": np.concatenate([arrays[f"{name}_scale"] for name in names]),
                "zero": np.zeros(sum(arrays[f"{name}_scale"].size for name in names), dtype=np.int8),
            }
            own = {part: f"layers.{layer}.attention.{part}" for part in joined}
            graph.initializer.extend(numpy_helper.from_array(array, own[part]) for part, array in joined.items())
            scale = read.removesuffix("_quantized") + "_scale"
            inputs = [read, own["weight"], own["bias"], scale, own["scale"], "", zero, own["zero"]]
            outputs = [f"/layers.{layer}/Reshape_3_output_0"]
            nodes.append(helper.make_node("QAttention", inputs, outputs, f"attention.{layer}", domain="com.microsoft", num_heads=HEADS))
        elif not any(name.startswith("/layers.") and name.endswith("/Reshape_3_output_0") for name in node.output):
            nodes.append(node)
    kept = _needed(nodes, {each.name for each in graph.output})
    used = {name for node in kept for name in node.input}
    del graph.node[:]
    graph.node.extend(kept)
    weights = [each for each in graph.initializer if each.name in used]
    del graph.initializer[:]
    graph.initializer.extend(weights)
    if not any(node.op_type == "QAttention" for node in kept):
        raise ValueError("no attention was found to join: the exporter names its parts otherwise")
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return model


def fuse(file: Path) -> None:
    """Rewrite a quantized encoder in place."""
    onnx.save(fused(onnx.load(file)), file)


if __name__ == "__main__":
    fuse(Path(sys.argv[1]))
