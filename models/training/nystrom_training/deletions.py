"""Tokens to leave out of a text: whole sentences, or runs of a few words; never [CLS] and [SEP]."""

import numpy as np

LEAST_SHARE, MOST_SHARE = 0.05, 0.4
ENDS = ".!?"


def sentence_numbers(ids: np.ndarray, ends: set[int]) -> np.ndarray:
    """Which sentence each token belongs to; `ends` are the ids of full stops and their like."""
    closes = np.isin(ids, list(ends))
    return np.concatenate([[0], np.cumsum(closes[:-1] & ~closes[1:])])


def most(order: np.ndarray, units: np.ndarray, share: float) -> np.ndarray:
    """Tokens of the first units in this order, until they are a share of the text; never [CLS] and [SEP]."""
    gone = np.zeros(len(units), bool)
    for unit in order:
        gone |= units == unit
        gone[[0, -1]] = False
        if gone.mean() >= share:
            break
    return gone


def deletion(ids: np.ndarray, ends: set[int], rng: np.random.Generator) -> np.ndarray:
    """Tokens to delete: whole sentences, or runs of a few words, as they also are where sentences are too long."""
    share = rng.uniform(LEAST_SHARE, MOST_SHARE)
    words = np.arange(len(ids)) // rng.integers(1, 9)
    units = sentence_numbers(ids, ends) if rng.random() < 0.5 else words
    gone = most(rng.permutation(units[-1] + 1), units, share)
    return gone if gone.mean() <= MOST_SHARE else most(rng.permutation(words[-1] + 1), words, share)
