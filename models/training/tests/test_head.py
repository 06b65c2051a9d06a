"""A head that leans is set right where texts are long; short ones are read as before, and nothing before the head moves."""

import numpy as np
import torch
from nystrom_training import head, long_texts
from nystrom_training.data import Rows
from nystrom_training.evaluate import logits
from nystrom_training.model import Classifier
from nystrom_training.stream import Stream
from nystrom_training.train import averaged
from small import model, rows
from stages import trained


def joined(count: int, seed: int) -> Rows:
    """Texts of eight rows each, whose verdict is the mean of these."""
    texts, rng = rows(), np.random.default_rng(seed)
    chosen = [rng.choice(len(texts), 8, replace=False) for _ in range(count)]
    joins = [long_texts.laid_out(texts, list(one), float(np.mean(2 * texts.targets[one] - 1))) for one in chosen]
    return sum(joins[1:], start=joins[0])


def error(network: Classifier, texts: Rows) -> np.ndarray:
    return logits(network, texts) - np.log(texts.targets / (1 - texts.targets))


def test_long_texts_lose_their_lean_short_ones_stay_and_so_does_the_encoder(tmp_path):
    run = trained(model(), Stream(rows(), 600, seed=1), tmp_path, 60000)
    network = averaged(model(), run.checkpoint)
    short, long, held_out = rows(), joined(30, seed=4), joined(60, seed=5)
    before = logits(network, short)
    encoder = [parameter.clone() for parameter in network.nystromformer.parameters()]
    groups = {"reviews": head.read(network, short), "sentences": head.read(network, short.take(np.arange(20)))}
    for texts in groups.values():
        head.keep_verdicts(network, texts)
    groups["long texts"] = head.read(network, long)
    with torch.no_grad():
        network.classifier.bias += 1.5
    leaning = np.abs(error(network, held_out)).mean()
    head.fit(network, groups)
    assert np.abs(error(network, held_out)).mean() < 0.5 * leaning
    assert np.abs(logits(network, short) - before).mean() < 0.3
    assert all(torch.equal(a, b) for a, b in zip(network.nystromformer.parameters(), encoder, strict=True))
