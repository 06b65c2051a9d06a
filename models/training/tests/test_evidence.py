"""Evidence adds up, and what predicts a fall is found again."""

import numpy as np
import torch
from nystrom_training import deletions, evidence
from nystrom_training.evaluate import logits
from test_training import model, rows

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
