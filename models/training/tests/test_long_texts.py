"""Reviews and neutral texts put together."""

import numpy as np
import torch
from nystrom_training.long_texts import FEWEST_TOKENS, MOST_TOKENS, buried, drawn, joined
from nystrom_training.stream import SHARPNESS, SUREST, aim, pad
from small import SHAPE, rows


def test_a_buried_review_is_whole_and_keeps_its_label():
    texts = rows(30)
    texts.targets[10:] = 0.5
    for seed in range(20):
        text = buried(texts, 3, np.arange(10, 30), np.random.default_rng(seed))
        ids, parts, review = text.ids[0], text.parts[0], texts.ids[3][1:-1]
        assert (text.targets[0] > 0.5) == (texts.targets[3] > 0.5) and len(ids) > 1024
        starts, ends, targets = parts[:, 0].astype(int), parts[:, 1].astype(int), parts[:, 2]
        assert starts[0] == 1 and ends[-1] == len(ids) - 1 and (starts[1:] == ends[:-1]).all()
        (place,) = np.flatnonzero(targets != 0.5)
        assert np.array_equal(ids[starts[place] : ends[place]], review) and targets[place] == text.targets[0]


def test_long_texts_are_of_every_length_up_to_the_longest():
    texts, rng = rows(30), np.random.default_rng(2)
    lengths = [sum(len(texts.ids[row]) for row in drawn(texts, np.arange(30), rng)) for _ in range(400)]
    doublings = np.log2(np.array(lengths) / FEWEST_TOKENS)
    shares = np.histogram(doublings, np.log2(MOST_TOKENS / FEWEST_TOKENS) * np.arange(5) / 4)[0] / 400
    assert min(lengths) >= FEWEST_TOKENS and max(lengths) < MOST_TOKENS + 70
    assert shares.min() > 0.18 and shares.max() < 0.33


def test_a_run_of_reviews_has_their_mean_log_odds():
    texts = rows(30)
    text = joined(texts, np.arange(30), np.random.default_rng(1))
    lengths, targets = np.diff(text.parts[0][:, :2])[:, 0], text.parts[0][:, 2]
    log_odds = np.log(targets / (1 - targets))
    assert np.allclose(np.abs(log_odds), SUREST, atol=1e-3) and len(np.unique(targets)) == 2
    assert abs(np.log(text.targets[0] / (1 - text.targets[0])) - log_odds @ lengths / lengths.sum()) < 1e-3
    batch = pad([text.ids[0], np.arange(9)], SHAPE)
    aim(batch, text + texts.take([0]))
    assert batch.spans[0].tolist() == [0, 0, len(text.ids[0])] and batch.spans[-1].tolist() == [1, 0, 9]
    assert torch.allclose(batch.targets[1:-1], torch.from_numpy(targets))
    assert np.allclose([batch.shares[0], batch.shares[1:-1].sum(), batch.shares[-1]], [0.25, 0.25, 0.5])
    assert batch.squared.tolist() == [False, *[True] * len(targets), False]
    assert batch.sharpness.tolist() == [SHARPNESS, *[1] * len(targets), 1]
