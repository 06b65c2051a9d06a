"""A network, rows and a tokenizer that are small enough for a test."""

import numpy as np
import torch
from nystrom_training.data import Rows
from nystrom_training.model import Classifier, Shape
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

SHAPE = Shape(
    vocab_size=99,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=48,
    max_position_embeddings=64,
    num_landmarks=8,
    conv_kernel_size=5,
    exact_up_to=20,
)


def model() -> Classifier:
    torch.manual_seed(3)
    return Classifier(SHAPE)


def rows(count: int = 60) -> Rows:
    rng = np.random.default_rng(7)
    targets = rng.integers(0, 2, count)
    ids = [rng.integers(1 + 49 * y, 50 + 49 * y, rng.integers(3, 70)).astype(np.int32) for y in targets]
    return Rows(ids, targets.astype(np.float32))


def words_of_ids() -> Tokenizer:
    words = Tokenizer(WordLevel({str(i): i for i in range(SHAPE.vocab_size)}, unk_token="0"))
    words.pre_tokenizer = Whitespace()
    return words
