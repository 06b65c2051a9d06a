"""The verdict's own three parts, fitted once more behind an encoder that stays as it is stored.

Training steps leave what they leave, and a preference too small to notice in a review decides on one of fifty in a row. w, b
and u (model.Classifier) are few enough for L-BFGS to find where long texts are read best while short ones are read as before.
"""

from dataclasses import dataclass

import numpy as np
import torch

from nystrom_training.data import Rows
from nystrom_training.model import Batch, Classifier, verdict_loss
from nystrom_training.stream import aim, pad

SHARES = {"reviews": 0.4, "sentences": 0.2, "long texts": 0.4}  # of the loss
RIDGE = 3e-3  # of the squared distance from where w and u were
STEPS = 60


@dataclass
class Read:
    """One text: its last states (1, tokens, hidden) in float16, and what it is to say."""

    states: torch.Tensor
    batch: Batch


@torch.no_grad()
def read(model: Classifier, rows: Rows) -> list[Read]:
    texts = []
    for i in range(len(rows)):
        one = rows.take(np.array([i]))
        batch = pad(one.ids, model.shape)
        aim(batch, one)
        texts.append(Read(model.nystromformer(batch).half(), batch))
    return texts


@torch.no_grad()
def keep_verdicts(model: Classifier, texts: list[Read]) -> None:
    """Makes what the model says of these texts what they are to say."""
    for text in texts:
        text.batch.targets = model.pool_states(text.states.float(), text.batch).logits.sigmoid()


def loss_of(model: Classifier, text: Read) -> torch.Tensor:
    return verdict_loss(model.pool_states(text.states.float(), text.batch), text.batch)


@torch.no_grad()
def mean_losses(model: Classifier, groups: dict[str, list[Read]]) -> dict[str, float]:
    return {name: float(np.mean([loss_of(model, text) for text in texts])) for name, texts in groups.items()}


def fit(model: Classifier, groups: dict[str, list[Read]]) -> None:
    """Gives the model the w, b and u of the least loss; groups are named as SHARES are, and "long texts" ask for a change."""
    parameters = [model.classifier.weight, model.classifier.bias, model.pooling.weight]
    before = [parameter.detach().clone() for parameter in parameters]
    optimiser = torch.optim.LBFGS(parameters, max_iter=STEPS, history_size=20, line_search_fn="strong_wolfe")

    def closure() -> float:
        optimiser.zero_grad()
        total = RIDGE * sum((new - old).square().sum() for new, old in zip(parameters, before, strict=True))
        total.backward()
        for name, texts in groups.items():
            for text in texts:
                # One at a time: the graph of all tokens would not fit into memory.
                share = SHARES[name] / len(texts) * loss_of(model, text)
                share.backward()
                total = total.detach() + share.detach()
        return float(total)

    optimiser.step(closure)
