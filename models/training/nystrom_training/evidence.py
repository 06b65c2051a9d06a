"""A second head on the final token states whose sums over deleted tokens predict how the logit falls.

With a_t the weights of pooling, e_t = a_t (v . h_t) + r, where the rest r = (logit - b - sum_t a_t (v . h_t)) / n makes
b + sum_t e_t = logit exact. v is fitted by ridge regression: the fall is linear in it.
"""

from dataclasses import dataclass

import numpy as np
import torch

from nystrom_training.data import Rows
from nystrom_training.deletions import deletion, most, sentence_numbers
from nystrom_training.evaluate import logits
from nystrom_training.model import Classifier
from nystrom_training.stream import pad


@dataclass
class Reading:
    """Of one text: a_t h_t (tokens x hidden), and the logit."""

    states: np.ndarray
    logit: float


@torch.inference_mode()
def read(model: Classifier, ids: np.ndarray) -> Reading:
    pooled = model.pool(pad([ids], model.shape))
    weighted = torch.softmax(pooled.scores[0], 0)[:, None] * pooled.states[0]
    return Reading(weighted.numpy(), float(pooled.logits[0]))


def falls(
    model: Classifier, rows: Rows, deletions: list[np.ndarray], owners: np.ndarray, whole: np.ndarray
) -> np.ndarray:
    """By how much the logit of the text `owners[i]`, `whole` before, falls under deletion i."""
    rest = [rows.ids[text][~gone] for text, gone in zip(owners, deletions, strict=True)]
    return whole[owners] - logits(model, Rows(rest))


def features(reading: Reading, gone: np.ndarray) -> np.ndarray:
    """What v is multiplied by: the fall is features . v + gone.mean() * (logit - b)."""
    return reading.states[gone].sum(0) - gone.mean() * reading.states.sum(0)


def ridge(x: np.ndarray, y: np.ndarray, strength: float) -> np.ndarray:
    """The v that minimises |x v - y|^2 + strength * trace(x'x) / columns * |v|^2."""
    gram = x.T.astype(np.float64) @ x
    penalty = strength * np.trace(gram) / len(gram)
    return np.linalg.solve(gram + penalty * np.eye(len(gram)), x.T @ y)


def fit(model: Classifier, rows: Rows, ends: set[int], sets: int, strength: float, seed: int) -> np.ndarray:
    """v from `sets` deletions of each text."""
    rng = np.random.default_rng([seed, 6])
    readings = [read(model, ids) for ids in rows.ids]
    owners = np.repeat(np.arange(len(rows)), sets)
    deletions = [deletion(rows.ids[text], ends, rng) for text in owners]
    whole = np.array([reading.logit for reading in readings])
    fallen = falls(model, rows, deletions, owners, whole)
    x = np.array([features(readings[text], gone) for text, gone in zip(owners, deletions, strict=True)])
    share = np.array([gone.mean() for gone in deletions])
    return ridge(x, fallen - share * (whole[owners] - model.classifier.bias.item()), strength)


def evidence(reading: Reading, v: np.ndarray, bias: float) -> np.ndarray:
    """e_t of each token; with `bias` they add up to the logit."""
    own = reading.states @ v
    return own + (reading.logit - bias - own.sum()) / len(own)


@dataclass(frozen=True)
class Report:
    """Means over texts; falls are of the logit of the text's own verdict when a fifth of its tokens goes."""

    texts: int
    correlation: float  # within a text, of predicted and true falls over random deletions
    top: float  # sentences with most evidence for the verdict deleted
    bottom: float  # with least
    leave_one_out: float  # those whose own deletion costs most


def report(model: Classifier, rows: Rows, v: np.ndarray, ends: set[int], sets: int, seed: int) -> Report:
    rng = np.random.default_rng([seed, 7])
    bias = model.classifier.bias.item()
    measured = [report_of(model, ids, v, bias, ends, sets, rng) for ids in rows.ids]
    return Report(len(rows), *np.mean(measured, 0))


def report_of(
    model: Classifier, ids: np.ndarray, v: np.ndarray, bias: float, ends: set[int], sets: int, rng: np.random.Generator
) -> tuple[float, float, float, float]:
    reading = read(model, ids)
    side = 1 if reading.logit > 0 else -1
    parts = side * evidence(reading, v, bias)
    units = sentence_numbers(ids, ends)
    single = [units == unit for unit in range(units[-1] + 1)]
    random = [deletion(ids, ends, rng) for _ in range(sets)]
    fallen = side * fall(model, ids, single + random, reading.logit)
    a_token = np.array([parts[gone].mean() for gone in single])
    lost = fallen[: len(single)] / [gone.sum() for gone in single]
    orders = (np.argsort(-a_token), np.argsort(a_token), np.argsort(-lost))
    top, bottom, best = side * fall(model, ids, [most(order, units, 0.2) for order in orders], reading.logit)
    predicted = [parts[gone].sum() for gone in random]
    return np.corrcoef(predicted, fallen[len(single) :])[0, 1], top, bottom, best


def fall(model: Classifier, ids: np.ndarray, deletions: list[np.ndarray], logit: float) -> np.ndarray:
    return falls(model, Rows([ids]), deletions, np.zeros(len(deletions), int), np.array([logit]))
