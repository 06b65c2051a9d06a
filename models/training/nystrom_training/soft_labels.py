"""Soft labels for unlabelled reviews and for single sentences of them: what trained runs read in them."""

import re
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from nystrom_training.data import Rows, clean, encode, trainable
from nystrom_training.evaluate import logits
from nystrom_training.model import Classifier

SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
FEWEST_TOKENS, MOST_TOKENS = 6, 60
UNKNOWN = 0.5


def reviews(folder: Path, tokenizer: Tokenizer, count: int, seed: int) -> Rows:
    """`count` unlabelled reviews, or all of them."""
    texts = [clean(row["text"]) for row in trainable(folder, ("imdb-unsup",))]
    return unlabelled(texts, tokenizer, count, seed)


def sentences(folder: Path, tokenizer: Tokenizer, count: int, seed: int) -> Rows:
    """`count` sentences of unlabelled reviews, or all of them, of FEWEST_TOKENS to MOST_TOKENS."""
    texts = [clean(row["text"]) for row in trainable(folder, ("imdb-unsup",))]
    pieces = [piece for text in texts for piece in SENTENCE_END.split(text) if piece.count(" ") > 2]
    found = unlabelled(pieces, tokenizer, 2 * count, seed)
    return found.take(found.between(FEWEST_TOKENS - 1, MOST_TOKENS)[:count])


def unlabelled(texts: list[str], tokenizer: Tokenizer, count: int, seed: int) -> Rows:
    chosen = np.random.default_rng([seed, 4]).permutation(len(texts))[:count]
    return encode(tokenizer, [texts[i] for i in chosen], [UNKNOWN] * len(chosen))


def soften(teachers: list[Classifier], rows: Rows) -> Rows:
    """Targets of the teachers' mean log-odds."""
    log_odds = np.mean([logits(teacher, rows) for teacher in teachers], 0)
    return Rows(rows.ids, (1 / (1 + np.exp(-log_odds))).astype(np.float32))


def write(rows: Rows, path: Path) -> None:
    np.savez(path, ids=np.concatenate(rows.ids), lengths=[len(ids) for ids in rows.ids], targets=rows.targets)


def load(path: Path) -> Rows:
    stored = np.load(path)
    return Rows(np.split(stored["ids"], np.cumsum(stored["lengths"])[:-1]), stored["targets"])
