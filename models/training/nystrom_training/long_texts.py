"""Long texts for training, put together from reviews and neutral texts, each part with its own target."""

import numpy as np

from nystrom_training.data import MAX_TOKENS, Rows

FEWEST_TOKENS, MOST_TOKENS = 1024, 4096
JOINS = 3000
BURIED = 2000
JOINED_LOGIT = 4.0


def long_texts(reviews: Rows, seed: int) -> Rows:
    """Reviews of more than MAX_TOKENS, reviews joined to long runs, and single ones in neutral text.

    A run's target is the sigmoid of its reviews' mean log-odds by tokens, JOINED_LOGIT for a positive one. Half of the
    runs have reviews of one label. A buried review gives the text its label.
    """
    rng = np.random.default_rng([seed, 3])
    by_label = [np.flatnonzero(reviews.targets == label) for label in (0, 1)]
    either, neutral = np.concatenate(by_label), np.flatnonzero(reviews.targets == 0.5)
    long = reviews.take(either[[len(reviews.ids[i]) > MAX_TOKENS for i in either]])
    joins = [joined(reviews, by_label[i // 2 % 2] if i % 2 else either, rng) for i in range(JOINS)]
    lone = [buried(reviews, rng.choice(either), neutral, rng) for _ in range(BURIED)]
    return sum(joins + lone, start=long)


def joined(reviews: Rows, among: np.ndarray, rng: np.random.Generator) -> Rows:
    chosen = drawn(reviews, among, rng)
    tokens = np.array([len(reviews.ids[row]) - 2 for row in chosen])
    log_odds = JOINED_LOGIT * (2 * reviews.targets[chosen] - 1) @ tokens / tokens.sum()
    return laid_out(reviews, chosen, 1 / (1 + np.exp(-log_odds)))


def buried(reviews: Rows, row: int, neutral: np.ndarray, rng: np.random.Generator) -> Rows:
    chosen = drawn(reviews, neutral, rng)
    chosen.insert(rng.integers(len(chosen) + 1), row)
    return laid_out(reviews, chosen, reviews.targets[row])


def drawn(reviews: Rows, among: np.ndarray, rng: np.random.Generator) -> list[int]:
    """Numbers of rows that have FEWEST to MOST_TOKENS together, and what the last one has too many."""
    wanted, chosen = rng.integers(FEWEST_TOKENS, MOST_TOKENS), []
    while wanted > 0:
        chosen.append(int(rng.choice(among)))
        wanted -= len(reviews.ids[chosen[-1]])
    return chosen


def laid_out(reviews: Rows, chosen: list[int], target: float) -> Rows:
    """One text of these rows, end to end, [CLS] and [SEP] at its ends alone."""
    inner = [reviews.ids[row][1:-1] for row in chosen]
    ends = 1 + np.cumsum([len(ids) for ids in inner])
    parts = np.column_stack([np.concatenate([[1], ends[:-1]]), ends, reviews.targets[chosen]])
    frame = reviews.ids[chosen[0]]
    ids = np.concatenate([frame[:1], *inner, frame[-1:]])
    return Rows([ids], np.array([target], np.float32), [parts.astype(np.float32)])
