"""Soft labels for unlabelled reviews and for single sentences of them: what trained runs read in them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.special import expit
from tokenizers import Tokenizer

from nystrom_training.data import MAX_TOKENS, WRITTEN_GRADE, Rows, clean, encode, trainable
from nystrom_training.evaluate import logits
from nystrom_training.model import Classifier
from nystrom_training.quantised_teacher import QuantisedTeacher
from nystrom_training.stream import beginning
from nystrom_training.whole_file import whole_file

Reading = Classifier | QuantisedTeacher
Reader = tuple[Reading, Tokenizer]
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
NEGATION = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|neither|nor|hardly|without|cannot)\b|n't\b", re.IGNORECASE
)
FEWEST_SPACES, MOST_SPACES = 3, 45
CHUNK = 1000


def unlabelled(folder: Path) -> list[str]:
    return [clean(row["text"]) for row in trainable(folder, ("imdb-unsup",))]


def reviews(folder: Path) -> list[str]:
    """The unlabelled reviews, without written grades ("8/10"), so that neither teacher nor student goes by them."""
    return [WRITTEN_GRADE.sub("", text) for text in unlabelled(folder)]


def phrases(folder: Path) -> list[str]:
    """SST-2's, as published."""
    return [row["text"] for row in trainable(folder, ("sst2-train",), "sst2")]


def sentences(folder: Path) -> list[str]:
    """The unlabelled reviews' sentences of a few words to some dozens."""
    return cut(unlabelled(folder))


def negations(folder: Path) -> list[str]:
    """Those of them, and of Amazon's reviews, that hold a word of negation: what a teacher reads better than its students."""
    rows = trainable(folder, ("imdb-unsup", "amazon-books", "amazon-electronics"), "amazon")
    return [piece for piece in cut([clean(row["text"]) for row in rows]) if NEGATION.search(piece)]


def cut(texts: list[str]) -> list[str]:
    pieces = [piece.strip() for text in texts for piece in SENTENCE_END.split(text)]
    return [piece for piece in pieces if FEWEST_SPACES <= piece.count(" ") <= MOST_SPACES]


def draw(texts: list[str], count: int, seed: int) -> list[str]:
    chosen = np.random.default_rng([seed, 4]).permutation(len(texts))[:count]
    return [texts[i] for i in chosen]


def labelled(readers: list[Reader], tokenizer: Tokenizer, texts: list[str], path: Path) -> Iterator[Rows]:
    """Labels the texts, CHUNK at a time, after those that `path` has already; what is there is written after each."""
    rows = load(path) if path.exists() else Rows([])
    for start in range(len(rows), len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]
        rows = rows + encode(tokenizer, chunk, soften(readers, chunk).tolist())
        write(rows, path)
        yield rows


def soften(readers: list[Reader], texts: list[str]) -> np.ndarray:
    """Targets of the readers' mean log-odds."""
    log_odds = np.mean([read(model, tokenizer, texts) for model, tokenizer in readers], 0)
    return expit(log_odds).astype(np.float32)


def read(model: Reading, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    """Log-odds of texts, of their first MAX_TOKENS tokens."""
    rows = encode(tokenizer, texts)
    return logits(model, replace(rows, ids=[beginning(ids, MAX_TOKENS) for ids in rows.ids]))


def write(rows: Rows, path: Path) -> None:
    with whole_file(path) as file:
        np.savez(file, ids=np.concatenate(rows.ids), lengths=[len(ids) for ids in rows.ids], targets=rows.targets)


def load(path: Path) -> Rows:
    stored = np.load(path)
    return Rows(np.split(stored["ids"], np.cumsum(stored["lengths"])[:-1]), stored["targets"])
