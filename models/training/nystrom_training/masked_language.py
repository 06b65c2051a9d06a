"""Adapting the encoder to Nyström attention and to reviews: it guesses words that are masked (arXiv 1810.04805)."""

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn.functional import cross_entropy, gelu, linear

from nystrom_training.data import Rows, Stream, encode
from nystrom_training.model import Batch, Encoder, Shape

MASKED_SHARE = 0.2
KEPT_SHARE, RANDOM_SHARE = 0.1, 0.1
NOT_MASKED = -100


class MaskedLanguage(nn.Module):
    """The encoder, and a head whose decoder is the word table."""

    def __init__(self, nystromformer: Encoder):
        super().__init__()
        shape = nystromformer.shape
        self.nystromformer = nystromformer
        self.head = nn.ModuleDict(
            {
                "dense": nn.Linear(shape.hidden_size, shape.hidden_size),
                "LayerNorm": nn.LayerNorm(shape.hidden_size, shape.layer_norm_eps),
            }
        )
        self.head.bias = nn.Parameter(torch.zeros(shape.vocab_size))

    @property
    def shape(self) -> Shape:
        return self.nystromformer.shape

    def loss(self, batch: Batch) -> torch.Tensor:
        """Mean cross-entropy of the masked tokens; batch.targets (texts, tokens) is NOT_MASKED elsewhere."""
        masked = batch.targets != NOT_MASKED
        states = self.nystromformer(batch)[masked]
        states = self.head["LayerNorm"](gelu(self.head["dense"](states)))
        words = self.nystromformer.embeddings.word_embeddings.weight
        return cross_entropy(linear(states, words, self.head.bias).float(), batch.targets[masked])


class MaskedStream(Stream):
    """Texts of which whole words are masked: most become [MASK], some another word, some stay."""

    def __init__(self, rows: Rows, tokens: int, seed: int, tokenizer: Tokenizer):
        super().__init__(rows, tokens, seed)
        pieces = [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]
        self.continues = np.array([piece.startswith("##") for piece in pieces])
        self.ordinary = np.array([i for i, piece in enumerate(pieces) if not piece.startswith("[")])
        self.mask = tokenizer.token_to_id("[MASK]")

    def next(self, rng: np.random.Generator, shape: Shape, dropout: float) -> Batch:
        batch = super().next(rng, shape, dropout)
        ids = batch.ids.numpy()
        chosen = masked_words(self.continues[ids], rng) & self.inner(batch)
        batch.targets = torch.from_numpy(np.where(chosen, ids, NOT_MASKED))
        fate = rng.random(ids.shape)
        guessed = np.where(fate < RANDOM_SHARE, rng.choice(self.ordinary, ids.shape), self.mask)
        batch.ids = torch.from_numpy(np.where(chosen & (fate < 1 - KEPT_SHARE), guessed, ids))
        return batch

    def inner(self, batch: Batch) -> np.ndarray:
        """Tokens between [CLS] and [SEP]."""
        place = np.arange(batch.ids.shape[1])
        return (place > 0) & (place < batch.lengths.numpy()[:, None] - 1)


def masked_words(continues: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A share of the words, each with all of its pieces; (texts, tokens)."""
    words = np.cumsum(~continues, 1)
    drawn = rng.random((len(words), words.max() + 1)) < MASKED_SHARE
    return np.take_along_axis(drawn, words, 1)


def masked_texts(texts: list[str], tokenizer: Tokenizer) -> Rows:
    return encode(tokenizer, texts, [0.0] * len(texts))
