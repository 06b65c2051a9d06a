"""What the folder of a run holds: its network, its tokenizer."""

import json
from pathlib import Path

from tokenizers import Tokenizer

from nystrom_training import export, minilm, soft_labels, teacher
from nystrom_training.model import Classifier, Shape
from nystrom_training.quantised_teacher import QuantisedTeacher
from nystrom_training.teacher import Teacher
from nystrom_training.train import averaged


def trained(run: Path) -> Classifier | Teacher:
    made = run / teacher.NAME
    if made.exists():
        return averaged(Teacher.untrained(made), run / "checkpoint.pt")
    shape = Shape(vocab_size=tokenizer_of(run).get_vocab_size())
    return averaged(Classifier(shape), run / "checkpoint.pt")


def started(source: Path) -> Classifier:
    """A run's averaged weights, or a model folder's."""
    return trained(source) if (source / "checkpoint.pt").exists() else export.read(source)[0]


def reader_of(run: Path) -> soft_labels.Reading:
    model = trained(run)
    return QuantisedTeacher(model, run) if isinstance(model, Teacher) else model


def tokenizer_of(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def from_minilm(vocabulary: Path, seed: int) -> Classifier:
    return minilm.classifier(seed, json.loads((vocabulary / "kept.json").read_text(encoding="utf-8")))
