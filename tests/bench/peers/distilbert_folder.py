"""DistilBERT as transformers.js wants a model: its graph, and a tokenizer of its true number of entries that reads English
as ours does."""

import json
import pathlib
import shutil

import distilbert

CONFIG = {
    "model_type": "distilbert",
    "architectures": ["DistilBertForSequenceClassification"],
    "vocab_size": distilbert.ENTRIES,
    "id2label": {"0": "NEGATIVE", "1": "POSITIVE"},
}


def save(graph: pathlib.Path, tokenizer: pathlib.Path, folder: pathlib.Path) -> None:
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    shutil.copy(graph, folder / "onnx" / "model_quantized.onnx")
    wordpiece = json.loads(tokenizer.read_text())
    entries = wordpiece["model"]["vocab"]
    entries.update({f"[unused{i}]": i for i in range(len(entries), distilbert.ENTRIES)})
    tokenizer_config = {"tokenizer_class": "DistilBertTokenizer", "model_max_length": distilbert.POSITIONS}
    for name, content in (
        ("config.json", CONFIG),
        ("tokenizer.json", wordpiece),
        ("tokenizer_config.json", tokenizer_config),
    ):
        (folder / name).write_text(json.dumps(content))
