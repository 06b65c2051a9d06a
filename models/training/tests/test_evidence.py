"""Evidence adds up, and what predicts a fall is found again."""

import numpy as np
import torch
from nystrom_training import deletions, evidence
from nystrom_training.data import Rows
from nystrom_training.evaluate import logits
from nystrom_training.stream import Stream
from nystrom_training.train import averaged
from small import SHAPE, model, rows
from stages import trained

ENDS = {7}


def test_evidence_and_bias_are_the_logit():
    network, texts = model(), rows(6)
    torch.nn.init.normal_(network.pooling.weight)
    v = np.random.default_rng(1).normal(size=32)
    for ids, logit in zip(texts.ids, logits(network, texts), strict=True):
        reading = evidence.read(network, ids)
        parts = evidence.evidence(reading, v, 0.3)
        assert abs(reading.logit - logit) < 1e-4 and abs(parts.sum() + 0.3 - logit) < 1e-4


def test_a_deletion_takes_whole_sentences_or_runs():
    ids = np.array([2, 5, 5, 7, 6, 7, 8, 8, 8, 7, 3])
    assert deletions.sentence_numbers(ids, ENDS).tolist() == [0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 3]
    for seed in range(50):
        gone = deletions.deletion(ids, ENDS, np.random.default_rng(seed))
        assert not gone[0] and not gone[-1] and gone.any()


def test_a_fall_that_is_linear_is_found():
    rng = np.random.default_rng(2)
    x, v = rng.normal(size=(500, 32)), rng.normal(size=32)
    assert np.abs(evidence.ridge(x, x @ v, 1e-9) - v).max() < 1e-6


def test_what_is_fitted_predicts_better_than_nothing():
    network, texts = model(), rows(40)
    torch.nn.init.normal_(network.classifier.weight)
    v = evidence.fit(network, texts, ENDS, sets=20, strength=1e-3, seed=1)
    rng, bias = np.random.default_rng(9), network.classifier.bias.item()
    owners = np.repeat(np.arange(len(texts)), 5)
    drawn = [deletions.deletion(texts.ids[text], ENDS, rng) for text in owners]
    fallen = evidence.falls(network, texts, drawn, owners, logits(network, texts))
    parts = [evidence.evidence(evidence.read(network, ids), v, bias) for ids in texts.ids]
    predicted = [parts[text][gone].sum() for text, gone in zip(owners, drawn, strict=True)]
    assert np.corrcoef(predicted, fallen)[0, 1] > 0.5


def test_a_pair_is_a_text_and_what_a_deletion_leaves(monkeypatch):
    monkeypatch.setattr("nystrom_training.stream.PAIRED_SHARE", 1.0)
    stream = Stream(rows(), 300, seed=1, ends=ENDS)
    for step in range(20):
        batch = stream.next(np.random.default_rng(step), SHAPE, 0.1)
        pairs = len(batch.gone)
        assert batch.dropout is None and len(batch.ids) == 2 * pairs
        assert torch.equal(batch.targets[:pairs], batch.targets[pairs:])
        for whole, rest, gone, length in zip(batch.ids, batch.ids[pairs:], batch.gone, batch.lengths, strict=False):
            left = whole[:length][gone[:length] == 0]
            assert gone.any() and torch.equal(rest[: len(left)], left) and not rest[len(left) :].any()


def test_a_share_of_the_batches_has_pairs():
    stream = Stream(rows(), 600, seed=1, ends=ENDS)
    batches = [stream.next(np.random.default_rng(step), SHAPE, 0.1) for step in range(100)]
    paired = [batch for batch in batches if batch.gone is not None]
    assert 0.35 < len(paired) / len(batches) < 0.65
    for batch in paired:
        # A run that reaches the wanted share may go on for seven tokens.
        assert (batch.gone.sum(-1) <= deletions.MOST_SHARE * batch.lengths[: len(batch.gone)] + 7).all()
    assert all(batch.dropout is not None for batch in batches if batch.gone is None)


def test_training_teaches_what_goes_with_tokens(tmp_path, monkeypatch):
    monkeypatch.setattr("nystrom_training.stream.PAIRED_SHARE", 1.0)
    rng = np.random.default_rng(3)
    ids = [rng.integers(1, 99, rng.integers(20, 60)).astype(np.int32) for _ in range(200)]
    texts = Rows(ids, np.array([(own > 49).mean() > 0.5 for own in ids], np.float32))
    batch = Stream(texts, 6000, seed=2, ends=ENDS).next(np.random.default_rng(4), SHAPE, 0.0)
    network = averaged(model(), trained(model(), Stream(texts, 600, seed=1, ends=ENDS), tmp_path, 400000).checkpoint)
    with torch.no_grad():
        pooled = network.pool(batch)
        learnt = network.evidence_loss(pooled, batch)
        network.evidence.weight.zero_()
        assert learnt < 0.7 * network.evidence_loss(pooled, batch)
