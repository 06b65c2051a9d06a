"""The same as tests/bench/kernels/network_times.cpp for onnxruntime: python network_times.py GRAPHS MODEL_FOLDER"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime


def means(tokens: int, landmarks: int) -> np.ndarray:
    """The matrix that averages the rows of each of the even segments."""
    size = tokens // landmarks
    lengths = np.where(np.arange(landmarks) < (size + 1) * landmarks - tokens, size, size + 1)
    segment = np.repeat(np.arange(landmarks), lengths)
    return (segment == np.arange(landmarks)[:, None]).astype(np.float32) / lengths[:, None].astype(np.float32)


def session(path: pathlib.Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def main() -> None:
    graphs, model = map(pathlib.Path, sys.argv[1:])
    config = json.loads((model / "config.json").read_text("utf-8"))
    exact, landmarks = (session(graphs / f"{name}.int8.onnx") for name in ("exact", "landmarks"))
    for line in sys.stdin:
        tokens = int(line)
        place = np.arange(tokens)
        inputs = {"ids": 1000 + place, "positions": place % config["max_position_embeddings"]}
        if tokens > config["exact_up_to"]:
            inputs["means"] = means(tokens, config["num_landmarks"])
        (logit,) = (landmarks if "means" in inputs else exact).run(None, inputs)
        print(*logit, flush=True)


if __name__ == "__main__":
    main()
