"""DistilBERT at its true shapes with random weights: 6 layers, 768 wide, 12 heads, 30,522 entries, 512 positions."""

import math

import numpy as np
from onnx import TensorProto
from onnx_graph import Graph

LAYERS, HIDDEN, HEADS, INNER, ENTRIES, POSITIONS = 6, 768, 12, 3072, 30522, 512


def save(path) -> None:
    rng = np.random.default_rng(1)
    graph = Graph("distilbert")
    op = graph.op

    def random(*shape: int) -> np.ndarray:
        return rng.normal(0, 0.02, shape).astype(np.float32)

    def linear(x: str, outputs: int, inputs: int) -> str:
        return graph.linear(x, random(outputs, inputs), random(outputs))

    def norm(x: str) -> str:
        return graph.layer_norm(x, np.ones(HIDDEN, np.float32), np.zeros(HIDDEN, np.float32), 1e-12)

    def attention(x: str) -> str:
        q, k, v = (graph.heads(linear(x, HIDDEN, HIDDEN), HEADS, HIDDEN // HEADS) for _ in range(3))
        scores = op("MatMul", q, op("Transpose", k, perm=[0, 2, 1]))
        weights = op("Softmax", op("Mul", scores, np.float32(1 / math.sqrt(HIDDEN // HEADS))), axis=-1)
        joined = op("Transpose", op("MatMul", weights, v), perm=[1, 0, 2])
        return linear(op("Reshape", joined, np.array([-1, HIDDEN])), HIDDEN, HIDDEN)

    ids = op("Reshape", graph.input("input_ids", TensorProto.INT64, [1, "n"]), np.array([-1]))
    positions = op("Slice", random(POSITIONS, HIDDEN), np.array([0]), op("Shape", ids), np.array([0]))
    x = norm(op("Add", op("Gather", random(ENTRIES, HIDDEN), ids), positions))
    for _ in range(LAYERS):
        x = norm(op("Add", x, attention(x)))
        x = norm(op("Add", x, linear(op("Gelu", linear(x, INNER, HIDDEN)), HIDDEN, INNER)))
    first = op("Gather", x, np.array([0]), axis=0)
    graph.save(path, linear(op("Relu", linear(first, HIDDEN, HIDDEN)), 2, HIDDEN), [1, 2])
