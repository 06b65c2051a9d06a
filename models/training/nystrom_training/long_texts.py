"""Long texts for training, put together from reviews and neutral texts, each part with its own target."""

import numpy as np
from scipy.special import expit

from nystrom_training.data import MAX_TOKENS, Rows
from nystrom_training.stream import SUREST

FEWEST_TOKENS, MOST_TOKENS = 1024, 16384
ALONE = 2000
JOINS = 6000
BURIED = 2000


def long_texts(reviews: Rows, seed: int) -> Rows:
    """Reviews of more than MAX_TOKENS, reviews joined to long runs, and single ones in neutral text.

    In a run a review has log-odds of SUREST at most, and the run has the mean of these by tokens. A third of the runs
    have reviews of one label. A buried review gives the text its target.
    """
    rng = np.random.default_rng([seed, 3])
    by_label = [np.flatnonzero(reviews.targets < 0.5), np.flatnonzero(reviews.targets > 0.5)]
    either, neutral = np.concatenate(by_label), np.flatnonzero(reviews.targets == 0.5)
    long = reviews.take(either[[len(reviews.ids[i]) > MAX_TOKENS for i in either]]).sample(ALONE)
    joins = [joined(reviews, either if i % 3 else by_label[i // 3 % 2], rng) for i in range(JOINS)]
    lone = [buried(reviews, rng.choice(either), neutral, rng) for _ in range(BURIED)]
    return sum(joins + lone, start=long)


def joined(reviews: Rows, among: np.ndarray, rng: np.random.Generator) -> Rows:
    chosen = drawn(reviews, among, rng)
    tokens = np.array([len(reviews.ids[row]) - 2 for row in chosen])
    return laid_out(reviews, chosen, (2 * reviews.targets[chosen] - 1) @ tokens / tokens.sum())


def buried(reviews: Rows, row: int, neutral: np.ndarray, rng: np.random.Generator) -> Rows:
    chosen = drawn(reviews, neutral, rng)
    chosen.insert(rng.integers(len(chosen) + 1), row)
    return laid_out(reviews, chosen, 2 * reviews.targets[row] - 1)


def drawn(reviews: Rows, among: np.ndarray, rng: np.random.Generator) -> list[int]:
    """Numbers of rows that have FEWEST to MOST_TOKENS together, every doubling as often, and what the last one has too many."""
    wanted, chosen = np.exp(rng.uniform(np.log(FEWEST_TOKENS), np.log(MOST_TOKENS))), []
    while wanted > 0:
        chosen.append(int(rng.choice(among)))
        wanted -= len(reviews.ids[chosen[-1]])
    return chosen


def laid_out(reviews: Rows, chosen: list[int], verdict: float) -> Rows:
    """One text of these rows, end to end, [CLS] and [SEP] at its ends alone, that says -1 to 1."""
    inner = [reviews.ids[row][1:-1] for row in chosen]
    ends = 1 + np.cumsum([len(ids) for ids in inner])
    starts, targets = np.concatenate([[1], ends[:-1]]), expit(SUREST * (2 * reviews.targets[chosen] - 1))
    parts = np.column_stack([starts, ends, targets])
    frame = reviews.ids[chosen[0]]
    ids = np.concatenate([frame[:1], *inner, frame[-1:]])
    return Rows([ids], np.array([expit(SUREST * verdict)], np.float32), [parts.astype(np.float32)])
