"""Soft labels for unlabelled reviews and for single sentences of them: what trained runs read in them."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from nystrom_training.data import MAX_TOKENS, Rows, beginning, clean, encode, trainable
from nystrom_training.evaluate import logits
from nystrom_training.model import Classifier
from nystrom_training.teacher import Teacher

Reader = tuple[Classifier | Teacher, Tokenizer]
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
FEWEST_SPACES, MOST_SPACES = 3, 45


def reviews(folder: Path) -> list[str]:
    """The unlabelled reviews."""
    return [clean(row["text"]) for row in trainable(folder, ("imdb-unsup",))]


def sentences(folder: Path) -> list[str]:
    """The unlabelled reviews' sentences of a few words to some dozens."""
    pieces = [piece.strip() for text in reviews(folder) for piece in SENTENCE_END.split(text)]
    return [piece for piece in pieces if FEWEST_SPACES <= piece.count(" ") <= MOST_SPACES]


def draw(texts: list[str], count: int, seed: int) -> list[str]:
    chosen = np.random.default_rng([seed, 4]).permutation(len(texts))[:count]
    return [texts[i] for i in chosen]


def soften(readers: list[Reader], texts: list[str]) -> np.ndarray:
    """Targets of the readers' mean log-odds."""
    log_odds = np.mean([read(model, tokenizer, texts) for model, tokenizer in readers], 0)
    return (1 / (1 + np.exp(-log_odds))).astype(np.float32)


def read(model: Classifier | Teacher, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    """Log-odds of texts, of their first MAX_TOKENS tokens."""
    rows = encode(tokenizer, texts, [0.0] * len(texts))
    return logits(model, replace(rows, ids=[beginning(ids, MAX_TOKENS) for ids in rows.ids]))


def write(rows: Rows, path: Path) -> None:
    np.savez(path, ids=np.concatenate(rows.ids), lengths=[len(ids) for ids in rows.ids], targets=rows.targets)


def load(path: Path) -> Rows:
    stored = np.load(path)
    return Rows(np.split(stored["ids"], np.cumsum(stored["lengths"])[:-1]), stored["targets"])
