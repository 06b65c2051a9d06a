"""One temperature for all logits, so that a score is as often right as it says (Guo et al. 2017).

Logits are divided by it. It minimises the mean of log(1 + exp(-m / T)), m being a logit times its label's sign.
"""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit

FOLDS = 5
BINS = 15


def temperature(logits: np.ndarray, positive: np.ndarray) -> float:
    margins = np.where(positive, logits, -logits)
    fitted = minimize_scalar(lambda log_t: np.logaddexp(0, -margins / np.exp(log_t)).mean(), bounds=(-3, 3))
    return float(np.exp(fitted.x))


def cross_fitted(logits: np.ndarray, positive: np.ndarray, seed: int) -> np.ndarray:
    """Each logit over the temperature that the other folds' rows ask for."""
    fold = np.random.default_rng([seed, 8]).integers(FOLDS, size=len(logits))
    result = np.zeros(len(logits))
    for i in range(FOLDS):
        result[fold == i] = logits[fold == i] / temperature(logits[fold != i], positive[fold != i])
    return result


def error(logits: np.ndarray, positive: np.ndarray) -> float:
    """Expected calibration error over bins of equal mass."""
    scores = expit(logits)
    bins = np.array_split(np.argsort(scores, kind="stable"), BINS)
    return sum(abs((scores[rows] - positive[rows]).sum()) for rows in bins) / len(scores)
