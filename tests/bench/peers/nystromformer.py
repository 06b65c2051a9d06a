"""The shipped network as an ONNX graph, read from its model folder: one text, exactly or through landmarks."""

import math

import numpy as np
from onnx import TensorProto
from onnx_graph import Graph

ITERATIONS = 6


class Network:
    """Inputs: ids (n), positions (n) and, through landmarks, means (m, n): the matrix that averages each segment's rows.

    Output: the logit, (1).
    """

    def __init__(self, config: dict, tensors: dict[str, np.ndarray], landmarks: bool):
        self.config, self.tensors, self.landmarks = config, tensors, landmarks
        self.graph = Graph("landmarks" if landmarks else "exact")
        self.head_count = config["num_attention_heads"]
        self.head_size = config["hidden_size"] // self.head_count

    def linear(self, x: str, name: str) -> str:
        return self.graph.linear(x, self.tensors[name + ".weight"], self.tensors[name + ".bias"])

    def norm(self, x: str, name: str) -> str:
        gamma, beta = self.tensors[name + ".weight"], self.tensors[name + ".bias"]
        return self.graph.layer_norm(x, gamma, beta, self.config["layer_norm_eps"])

    def split(self, x: str) -> str:
        return self.graph.heads(x, self.head_count, self.head_size)

    def weights(self, queries: str, keys: str) -> str:
        op = self.graph.op
        scores = op("MatMul", queries, op("Transpose", keys, perm=[0, 2, 1]))
        return op("Softmax", op("Mul", scores, np.float32(1 / math.sqrt(self.head_size))), axis=-1)

    def pseudo_inverse(self, a: str) -> str:
        op = self.graph.op
        size = op("Abs", a)
        columns = op("ReduceMax", op("ReduceSum", size, np.array([1])), np.array([2]))
        rows = op("ReduceMax", op("ReduceSum", size, np.array([2])), np.array([1]))
        z = op("Div", op("Transpose", a, perm=[0, 2, 1]), op("Mul", columns, rows))
        identity = np.eye(self.config["num_landmarks"], dtype=np.float32)
        for _ in range(ITERATIONS):
            az = op("MatMul", a, z)
            inner = op("Sub", 15 * identity, op("MatMul", az, op("Sub", 7 * identity, az)))
            outer = op("Sub", 13 * identity, op("MatMul", az, inner))
            z = op("Mul", op("MatMul", z, outer), np.float32(0.25))
        return z

    def convolve(self, values: str, name: str) -> str:
        """Depthwise over the tokens of (n, hidden), one filter a head."""
        op = self.graph.op
        filters = np.repeat(self.tensors[name].reshape(self.head_count, 1, -1), self.head_size, axis=0)
        rows = op("Unsqueeze", op("Transpose", values, perm=[1, 0]), np.array([0]))
        half = filters.shape[2] // 2
        result = op("Conv", rows, filters.astype(np.float32), group=len(filters), pads=[half, half])
        return op("Transpose", op("Squeeze", result, np.array([0])), perm=[1, 0])

    def attention(self, x: str, name: str) -> str:
        op = self.graph.op
        values = self.linear(x, name + "value")
        q, k, v = (
            self.split(self.linear(x, name + "query")),
            self.split(self.linear(x, name + "key")),
            self.split(values),
        )
        if self.landmarks:
            means = op("MatMul", "means", x)
            q_means, k_means = (self.split(self.linear(means, name + part)) for part in ("query", "key"))
            inverse = self.pseudo_inverse(self.weights(q_means, k_means))
            gathered = op("MatMul", inverse, op("MatMul", self.weights(q_means, k), v))
            context = op("MatMul", self.weights(q, k_means), gathered)
        else:
            context = op("MatMul", self.weights(q, k), v)
        joined = op("Reshape", op("Transpose", context, perm=[1, 0, 2]), np.array([-1, self.config["hidden_size"]]))
        return op("Add", joined, self.convolve(values, name + "conv.weight"))

    def layer(self, x: str, name: str) -> str:
        op = self.graph.op
        context = self.attention(x, name + "attention.self.")
        x = self.norm(
            op("Add", x, self.linear(context, name + "attention.output.dense")), name + "attention.output.LayerNorm"
        )
        inner = op("Gelu", self.linear(x, name + "intermediate.dense"))
        return self.norm(op("Add", x, self.linear(inner, name + "output.dense")), name + "output.LayerNorm")

    def shares(self, x: str) -> str:
        """(1, n): the weight of each token in the verdict."""
        op = self.graph.op
        scores = op("MatMul", x, self.tensors["pooling.weight"].T)
        return op("Softmax", op("Transpose", scores, perm=[1, 0]), axis=-1)

    def save(self, path) -> None:
        op = self.graph.op
        ids = self.graph.input("ids", TensorProto.INT64, ["n"])
        positions = self.graph.input("positions", TensorProto.INT64, ["n"])
        if self.landmarks:
            self.graph.input("means", TensorProto.FLOAT, [self.config["num_landmarks"], "n"])
        embeddings = "nystromformer.embeddings."
        table = self.tensors[embeddings + "token_type_embeddings.weight"][0]
        x = op("Gather", self.tensors[embeddings + "word_embeddings.weight"], ids)
        x = op("Add", x, op("Gather", self.tensors[embeddings + "position_embeddings.weight"] + table, positions))
        x = self.norm(x, embeddings + "LayerNorm")
        for i in range(self.config["num_hidden_layers"]):
            x = self.layer(x, f"nystromformer.encoder.layer.{i}.")
        verdict = self.linear(op("MatMul", self.shares(x), x), "classifier")
        logit = op("Reshape", op("Div", verdict, np.float32(self.config["temperature"])), np.array([1]))
        self.graph.save(path, logit, [1])
