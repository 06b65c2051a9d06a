"""The model folder: config.json, tokenizer.json and model.safetensors, written and read back."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from nystrom_training.data import MAX_TOKENS
from nystrom_training.model import Classifier, Shape

NAME = "nystromformer-sentiment"


def is_stored_in_int8(name: str) -> bool:
    """Word embeddings and the six matrices of a layer."""
    return name.endswith((".word_embeddings.weight", "dense.weight", "query.weight", "key.weight", "value.weight"))


def quantise(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Int8 values in [-127, 127] and one float scale a row: weight ~ value * scale[row]."""
    largest = weight.abs().amax(1)
    scale = torch.where(largest > 0, largest / 127, 1.0)
    return (weight / scale[:, None]).round().to(torch.int8), scale


def stored(model: Classifier) -> dict[str, torch.Tensor]:
    tensors = {}
    for name, weight in model.state_dict().items():
        if is_stored_in_int8(name):
            tensors[name], tensors[f"{name}_scale"] = quantise(weight)
        else:
            tensors[name] = weight.contiguous()
    return tensors


def config(shape: Shape) -> dict:
    """Hugging Face's Nystromformer keys and those of this project (core/include/nystrom/config.hpp)."""
    return {
        "model_type": "nystromformer",
        "architectures": ["NystromformerForSequenceClassification"],
        "model_name": NAME,
        "vocab_size": shape.vocab_size,
        "hidden_size": shape.hidden_size,
        "num_hidden_layers": shape.num_hidden_layers,
        "num_attention_heads": shape.num_attention_heads,
        "intermediate_size": shape.intermediate_size,
        "hidden_act": "gelu",
        "max_position_embeddings": shape.max_position_embeddings,
        "type_vocab_size": shape.type_vocab_size,
        "num_landmarks": shape.num_landmarks,
        "conv_kernel_size": shape.conv_kernel_size,
        "layer_norm_eps": shape.layer_norm_eps,
        "pad_token_id": 0,
        "id2label": {"0": "negative", "1": "positive"},
        "exact_up_to": shape.exact_up_to,
        "segment_rule": "even",
        "position_offset": 0,
        "position_rule": "repeat",
        "pooling": "mean",
        "temperature": 1.0,
        "training_lengths": [1, MAX_TOKENS],
    }


def write(model: Classifier, tokenizer: Tokenizer, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(config(model.nystromformer.shape), indent=2)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    save_file(stored(model), folder / "model.safetensors")


def read(folder: Path) -> tuple[Classifier, Tokenizer]:
    """The classifier that a folder holds, its int8 matrices as floats again, and its tokenizer."""
    values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    model = Classifier(Shape(**{name: values[name] for name in Shape.__dataclass_fields__}))
    tensors = load_file(folder / "model.safetensors")
    for name in [name for name in tensors if name.endswith("_scale")]:
        scaled = name.removesuffix("_scale")
        tensors[scaled] = tensors[scaled] * tensors.pop(name)[:, None]
    model.load_state_dict(tensors)
    return model, Tokenizer.from_file(str(folder / "tokenizer.json"))
