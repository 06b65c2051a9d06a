"""Which words are masked, and that the encoder learns to guess them."""

import numpy as np
import torch
from nystrom_training.data import Rows, Stream
from nystrom_training.masked_language import NOT_MASKED, MaskedLanguage, MaskedStream, masked_words
from stages import hands_its_encoder_on, trained, untrained_encoder
from test_training import SHAPE
from tokenizers import Tokenizer
from tokenizers.models import WordPiece

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PIECES = [*SPECIAL, *(f"w{i}" for i in range(70)), *(f"##p{i}" for i in range(24))]
TOKENIZER = Tokenizer(WordPiece({piece: i for i, piece in enumerate(PIECES)}, unk_token="[UNK]"))


def rows() -> Rows:
    """Sentences that say one word of two pieces over and over."""
    words = np.random.default_rng(5).integers(5, 75, 300)
    texts = [np.array([2, *[word, 75 + word % 24] * 8, 3], np.int32) for word in words]
    return Rows(texts, np.zeros(len(texts), np.float32))


def test_a_word_is_masked_with_all_its_pieces():
    continues = np.array([[False, False, True, True, False, True, False]] * 500)
    chosen = masked_words(continues, np.random.default_rng(1))
    assert (chosen[:, 1] == chosen[:, 2]).all() and (chosen[:, 2] == chosen[:, 3]).all()
    assert (chosen[:, 4] == chosen[:, 5]).all() and abs(chosen[:, 6].mean() - 0.2) < 0.05


def test_what_is_asked_for_is_what_was_there():
    plain, stream = Stream(rows(), 300, 1), MaskedStream(rows(), 300, 1, TOKENIZER)
    before = plain.next(np.random.default_rng(2), SHAPE, 0.0)
    batch = stream.next(np.random.default_rng(2), SHAPE, 0.0)
    asked = batch.targets != NOT_MASKED
    assert 0.05 < asked.float().mean() < 0.35
    assert torch.equal(batch.targets[asked], before.ids[asked]) and torch.equal(batch.ids[~asked], before.ids[~asked])
    assert not asked[:, 0].any() and not asked[torch.arange(len(asked)), batch.lengths - 1].any()
    assert (batch.ids[asked] == 4).float().mean() > 0.6


def test_it_learns_and_hands_its_encoder_on(tmp_path):
    network = MaskedLanguage(untrained_encoder())
    training = trained(network, MaskedStream(rows(), 600, 1, TOKENIZER), tmp_path, 250000)
    batch = MaskedStream(rows(), 2000, 2, TOKENIZER).next(np.random.default_rng(3), SHAPE, 0.0)
    with torch.no_grad():
        assert network.loss(batch) < 2.5  # chance: 4.6
    assert hands_its_encoder_on(training, batch)
