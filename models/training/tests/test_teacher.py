import numpy as np
import pytest
import torch
from nystrom_training.data import Rows
from nystrom_training.evaluate import accuracy, logits
from nystrom_training.quantised_teacher import QuantisedTeacher
from nystrom_training.stream import Stream, pad
from nystrom_training.teacher import NO_DROPOUT, Teacher, mask_of
from nystrom_training.train import Settings, Training, averaged
from transformers import MPNetConfig, MPNetModel

SHAPE = dict(vocab_size=99, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48)


@pytest.fixture
def teacher() -> Teacher:
    torch.manual_seed(1)
    return Teacher(MPNetModel(MPNetConfig(**SHAPE, **NO_DROPOUT), add_pooling_layer=False))


@pytest.fixture
def rows() -> Rows:
    rng = np.random.default_rng(7)
    targets = rng.integers(0, 2, 60)
    ids = [rng.integers(4 + 45 * y, 49 + 45 * y, rng.integers(3, 70)).astype(np.int32) for y in targets]
    return Rows(ids, targets.astype(np.float32))


def test_padding_changes_nothing(teacher, rows):
    together = logits(teacher.eval(), rows)
    apart = [logits(teacher, rows.take(np.array([i])))[0] for i in range(len(rows))]
    assert np.abs(together - apart).max() < 1e-5


def test_it_learns_as_the_student_does(teacher, rows, tmp_path):
    settings = Settings(budget=60_000, top_rate=1e-3, average=0.9)
    Training(teacher, [Stream(rows, 600, seed=1)], tmp_path, settings).run()
    learned = averaged(teacher, tmp_path / "checkpoint.pt").eval()
    assert accuracy(logits(learned, rows), rows).right == len(rows)


def test_in_integers_it_says_nearly_the_same(teacher, rows, tmp_path):
    torch.nn.init.normal_(teacher.classifier.weight)
    expected = logits(teacher.eval(), rows)
    for _ in range(2):  # the second time from the graph that is there
        quantised = QuantisedTeacher(teacher, tmp_path)
        read = logits(quantised, rows)
        assert np.abs(read - expected).max() < 0.1 * np.abs(expected).max()
    batch = pad(rows.ids[:2], teacher.shape)
    with torch.no_grad():
        states = teacher.states(batch.ids, mask_of(batch)).numpy()
    assert quantised.states(batch).shape == states.shape
    valid = mask_of(batch).bool().numpy()
    assert np.abs(quantised.states(batch) - states)[valid].max() < 0.1 * np.abs(states[valid]).max()
    assert [path.name for path in tmp_path.iterdir()] == ["teacher.int8.onnx"]
