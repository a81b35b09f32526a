"""A tiny classifier in a folder, as an exporter would lay it down: it sums what each of five words is worth."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime")
onnx = pytest.importorskip("onnx")
tokenizers = pytest.importorskip("tokenizers")

WORDS = {"[UNK]": 0, "bien": 1, "mal": 2, "so": 3, "@user": 4}
WORTH = [[0.0, 1.0, 0.0], [0.0, 0.0, 4.0], [4.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
LABELS = ["NEGATIVE", "NEUTRAL", "POSITIVE"]


def made(
    at: Path, labels: list[str] = LABELS, inputs: tuple[str, ...] = ("input_ids", "attention_mask")
) -> Path:
    """The model, its pieces of words, and what its outputs are called."""
    helper, integer = onnx.helper, onnx.TensorProto.INT64
    nodes = [
        helper.make_node("Gather", ["worth", "input_ids"], ["each"]),
        helper.make_node("ReduceSum", ["each", "words"], ["logits"], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "tone",
        [helper.make_tensor_value_info(name, integer, ["texts", "pieces"]) for name in inputs],
        [helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, ["texts", 3])],
        [
            onnx.numpy_helper.from_array(np.array(WORTH, np.float32), "worth"),
            onnx.numpy_helper.from_array(np.array([1], np.int64), "words"),
        ],
    )
    at.mkdir(exist_ok=True)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, at / "model.onnx")
    pieces = tokenizers.Tokenizer(tokenizers.models.WordLevel(WORDS, unk_token="[UNK]"))
    pieces.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    pieces.save(str(at / "tokenizer.json"))
    (at / "config.json").write_text(json.dumps({"id2label": dict(enumerate(labels))}))
    return at


def spoilt(at: Path, what: str) -> None:
    """The same, with something wrong with it."""
    match what:
        case "labels":
            made(at, ["LABEL_0", "LABEL_1", "LABEL_2"])
        case "no neutral":
            made(at, ["negative", "positive"])
        case "outputs":
            made(at, ["1 star", "2 stars", "3 stars", "4 stars"])
        case "inputs":
            made(at, inputs=("input_ids", "pixel_values"))
        case "model":
            (at / "model.onnx").write_bytes(b"no model")
        case "no id2label":
            (at / "config.json").write_text("{}")
        case name:
            (at / name).unlink()
