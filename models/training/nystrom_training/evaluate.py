"""Logits of whole texts and accuracy on validation rows."""

from dataclasses import dataclass

import numpy as np
import torch

from nystrom_training.data import Rows
from nystrom_training.model import Classifier
from nystrom_training.stream import pad

BATCH_TOKENS = 4096


def batches(rows: Rows, exact_up_to: int) -> list[np.ndarray]:
    """Row numbers by length: at most BATCH_TOKENS padded tokens unless one text has more; one attention path each."""
    lengths = np.array([len(ids) for ids in rows.ids])
    order = np.argsort(lengths, kind="stable")
    result, start = [], 0
    for end in range(1, len(order) + 1):
        full = end == len(order) or (end + 1 - start) * lengths[order[end]] > BATCH_TOKENS
        if full or lengths[order[start]] <= exact_up_to < lengths[order[end]]:
            result.append(order[start:end])
            start = end
    return result


@torch.inference_mode()
def logits(model: Classifier, rows: Rows) -> np.ndarray:
    result = np.zeros(len(rows))
    shape = model.shape
    for chosen in batches(rows, shape.exact_up_to):
        result[chosen] = model(pad([rows.ids[i] for i in chosen], shape)).numpy()
    return result


@dataclass(frozen=True)
class Accuracy:
    right: int
    n: int

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        z, share = 1.96, self.right / self.n
        middle = share + z * z / (2 * self.n)
        reach = z * np.sqrt(share * (1 - share) / self.n + z * z / (4 * self.n * self.n))
        return (middle - reach) / (1 + z * z / self.n), (middle + reach) / (1 + z * z / self.n)

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{self.right / self.n:.2%} of {self.n} (95 %: {low:.1%} to {high:.1%})"


def accuracy(scores: np.ndarray, rows: Rows) -> Accuracy:
    return Accuracy(int(((scores > 0) == (rows.targets > 0.5)).sum()), len(rows))
