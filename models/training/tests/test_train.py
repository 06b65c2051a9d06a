"""A run learns, and one that was stopped is the same run."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from nystrom_training.evaluate import logits
from nystrom_training.model import Classifier
from nystrom_training.stream import Stream
from nystrom_training.train import Settings, Training, averaged
from small import model, rows


def settings(budget: int, **others) -> Settings:
    return Settings(
        budget=budget,
        review_tokens=400,
        sentence_tokens=200,
        top_rate=1e-3,
        average=0.99,
        threads=1,
        log_steps=1,
        **others,
    )


def train(folder, budgets: list[int]) -> Classifier:
    pool = ThreadPoolExecutor(1)
    for budget in budgets:
        streams = [Stream(rows(), 400, 1), Stream(rows(), 200, 1)]
        run = Training(model(), streams, folder, settings(3000))
        while run.tokens < budget:
            run.advance(pool)
        run.save()
    return averaged(model(), folder / "checkpoint.pt")


def test_a_resumed_run_is_the_same_run(tmp_path):
    whole, parts = train(tmp_path / "whole", [3000]), train(tmp_path / "parts", [1000, 3000])
    for a, b in zip(whole.parameters(), parts.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize("as_stored", [False, True])
def test_it_learns(tmp_path, as_stored):
    streams = [Stream(rows(), 400, 1), Stream(rows(), 200, 1)]
    Training(model(), streams, tmp_path, settings(60000, rounded=as_stored)).run()
    learned, texts = averaged(model(), tmp_path / "checkpoint.pt"), rows()
    assert np.mean((logits(learned, texts) > 0) == (texts.targets > 0.5)) > 0.95
