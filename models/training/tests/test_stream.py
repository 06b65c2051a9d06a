"""Every row is read, in order, and aimed at what it says."""

import numpy as np
import torch
from nystrom_training.stream import SUREST, Stream, aim, pad, window
from small import SHAPE, rows


def test_an_epoch_reads_every_row_once():
    stream = Stream(rows(), 200, seed=1)
    assert sorted(np.concatenate(stream.batches)) == list(range(60))
    assert all(stream.lengths[chosen].max() * len(chosen) <= 200 for chosen in stream.batches)


def test_a_window_keeps_the_frame():
    ids = np.arange(1000)
    cuts = [list(window(ids, 100, np.random.default_rng(seed))) for seed in range(20)]
    beginning, end = [*range(99), 999], [0, *range(901, 1000)]
    assert beginning in cuts and end in cuts and all(cut in (beginning, end) for cut in cuts)


def test_no_target_is_surer_than_the_surest():
    texts = rows(5)
    texts.targets[:] = [0, 1, 0.5, 0.3, 0.999]
    batch = pad(texts.ids, SHAPE)
    aim(batch, texts)
    assert torch.allclose(batch.targets.logit(), torch.tensor([-SUREST, SUREST, 0, float(np.log(3 / 7)), SUREST]))
