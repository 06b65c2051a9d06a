"""Writes the graphs that the peers run: python tests/bench/peers/make.py MODEL_FOLDER OUT_FOLDER

The shipped network, exact and through landmarks, and DistilBERT with random weights; each in float32 and with int8 weights
as onnxruntime makes them for processors (dynamic quantisation by channel, of matrices alone: left to itself it rounds the
depthwise convolution too, for which it has no fast kernel, and takes twice as long). And the shipped network as a model
folder of float32 weights, `float`, for our own core; and DistilBERT's folder for transformers.js, `distilbert`.
"""

import pathlib
import shutil
import sys

import distilbert
import distilbert_folder
from onnxruntime.quantization import QuantType, quantize_dynamic

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "fixtures"))

import tiny_model  # noqa: E402
import twin  # noqa: E402
from nystromformer import Network  # noqa: E402


def save_floats(source: pathlib.Path, model: twin.Model, folder: pathlib.Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(source / name, folder)
    (folder / "model.safetensors").write_bytes(tiny_model.safetensors(model.tensors, lambda name: "F32"))


def main() -> None:
    source, out = map(pathlib.Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    model = twin.load_model(source)
    Network(model.config, model.tensors, landmarks=False).save(out / "exact.onnx")
    Network(model.config, model.tensors, landmarks=True).save(out / "landmarks.onnx")
    save_floats(source, model, out / "float")
    distilbert.save(out / "distilbert.onnx")
    for name in ("exact", "landmarks", "distilbert"):
        quantize_dynamic(
            out / f"{name}.onnx",
            out / f"{name}.int8.onnx",
            op_types_to_quantize=["MatMul", "Gather"],
            weight_type=QuantType.QInt8,
            per_channel=True,
        )
        for path in (out / f"{name}.onnx", out / f"{name}.int8.onnx"):
            print(path.name, path.stat().st_size)
    distilbert_folder.save(out / "distilbert.int8.onnx", source / "tokenizer.json", out / "distilbert")


if __name__ == "__main__":
    main()
