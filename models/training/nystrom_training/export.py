"""The model folder: config.json, tokenizer.json and model.safetensors, written and read back."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from nystrom_training.compensated import compensate
from nystrom_training.long_texts import MOST_TOKENS
from nystrom_training.model import EVIDENCE, Classifier, Shape
from nystrom_training.rounding import dequantise, form_of, pack, quantise, unpack

NAME = "nystromformer-sentiment"


def stored(model: Classifier, grams: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The file's tensors: matrices of integers packed, with scales in float16; positions in float16; others as they are.

    A linear layer's matrix is rounded to the nearest, unless `grams` holds the Gram matrix of its inputs.
    """
    tensors = {}
    for name, weight in model.state_dict().items():
        if form := form_of(name):
            gram = grams.get(name)
            values, scale = quantise(weight, form) if gram is None else compensate(weight, form, gram)
            tensors[name] = pack(values, form.bits)
            tensors[f"{name}_scale"] = (scale if form.group else scale[:, 0]).half()
        else:
            tensors[name] = as_float(name, weight)
    return tensors


def as_float(name: str, weight: torch.Tensor) -> torch.Tensor:
    return weight.half() if name.endswith(".position_embeddings.weight") else weight.contiguous()


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
        "pooling": "softmax",
        "temperature": 1.0,
        "training_lengths": [1, MOST_TOKENS],
    }


def write(model: Classifier, tokenizer: Tokenizer, folder: Path, grams: dict[str, torch.Tensor]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_config(config(model.shape), folder)
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    save(stored(model, grams), folder)


def write_floats(model: Classifier, folder: Path) -> None:
    """Replaces what a folder stores as floats by the model's, whose matrices are the folder's."""
    floats = {name: as_float(name, value) for name, value in model.state_dict().items() if not form_of(name)}
    save(load_file(folder / "model.safetensors") | floats, folder)


def save(tensors: dict[str, torch.Tensor], folder: Path) -> None:
    """An evidence head that was never fitted is left out."""
    if not tensors[EVIDENCE].any():
        del tensors[EVIDENCE]
    save_file(tensors, folder / "model.safetensors")


def read_config(folder: Path) -> dict:
    return json.loads((folder / "config.json").read_text(encoding="utf-8"))


def write_config(values: dict, folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def read(folder: Path) -> tuple[Classifier, Tokenizer]:
    """The classifier that a folder holds, its integers as floats again, and its tokenizer."""
    values = read_config(folder)
    model = Classifier(Shape(**{name: values[name] for name in Shape.__dataclass_fields__}))
    tensors = load_file(folder / "model.safetensors")
    tensors.setdefault(EVIDENCE, model.evidence.weight.detach())
    for name, parameter in model.named_parameters():
        if form_of(name):
            scale = tensors.pop(f"{name}_scale").float().reshape(len(parameter), -1)
            tensors[name] = dequantise(unpack(tensors[name], parameter.shape[1]), scale)
    model.load_state_dict(tensors)
    return model, Tokenizer.from_file(str(folder / "tokenizer.json"))
