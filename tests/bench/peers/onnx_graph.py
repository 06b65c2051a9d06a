"""An ONNX graph written down node by node: what the peers of the benchmark run."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
IR_VERSION = 9


class Graph:
    def __init__(self, name: str):
        self.name = name
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.inputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, kind: int, shape: list) -> str:
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def constant(self, value) -> str:
        array = np.asarray(value)
        if array.dtype == np.float64:
            array = array.astype(np.float32)
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def op(self, kind: str, *inputs, **attributes) -> str:
        """Adds a node and names its output. Arrays and numbers among the inputs become constants."""
        names = [value if isinstance(value, str) else self.constant(value) for value in inputs]
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, names, [output], name=output, **attributes))
        return output

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        return self.op("Add", self.op("MatMul", x, weight.T), bias)

    def layer_norm(self, x: str, gamma: np.ndarray, beta: np.ndarray, epsilon: float) -> str:
        return self.op("LayerNormalization", x, gamma, beta, epsilon=epsilon)

    def heads(self, x: str, count: int, size: int) -> str:
        """(tokens, hidden) to (heads, tokens, size)."""
        return self.op("Transpose", self.op("Reshape", x, np.array([-1, count, size])), perm=[1, 0, 2])

    def save(self, path, output: str, shape: list[int]) -> None:
        """`output` leaves the graph as `logits`."""
        self.nodes.append(helper.make_node("Identity", [output], ["logits"]))
        result = helper.make_tensor_value_info("logits", TensorProto.FLOAT, shape)
        graph = helper.make_graph(self.nodes, self.name, self.inputs, [result], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        onnx.save(model, path)
