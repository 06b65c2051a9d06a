"""Soft labels for single sentences of labelled reviews: what a trained model reads in them, moved by the review's label."""

import re
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from nystrom_training.data import Rows, clean, encode, trainable
from nystrom_training.evaluate import logits
from nystrom_training.model import Classifier

SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
FEWEST_TOKENS, MOST_TOKENS = 6, 60
TEMPERATURE = 2.0
LABEL_LOG_ODDS = 1.0


def sentences(folder: Path, tokenizer: Tokenizer, seed: int) -> Rows:
    """One sentence of each of IMDB's training reviews; its target here is the review's label."""
    rng = np.random.default_rng([seed, 4])
    rows = trainable(folder, ("imdb-train",), "imdb")
    drawn = [str(rng.choice(SENTENCE_END.split(clean(row["text"])))) for row in rows]
    found = encode(tokenizer, drawn, [float(row["label"]) for row in rows])
    return found.take(found.between(FEWEST_TOKENS, MOST_TOKENS))


def soften(teacher: Classifier, rows: Rows) -> Rows:
    """Targets from the teacher's logit over TEMPERATURE, plus or minus LABEL_LOG_ODDS for the review's label.

    A sentence of a positive review is positive more often than not, and the teacher, who sees the sentence alone, does
    not know that.
    """
    log_odds = logits(teacher, rows) / TEMPERATURE + LABEL_LOG_ODDS * (2 * rows.targets - 1)
    return Rows(rows.ids, (1 / (1 + np.exp(-log_odds))).astype(np.float32))


def write(rows: Rows, path: Path) -> None:
    np.savez(path, ids=np.concatenate(rows.ids), lengths=[len(ids) for ids in rows.ids], targets=rows.targets)


def load(path: Path) -> Rows:
    stored = np.load(path)
    return Rows(np.split(stored["ids"], np.cumsum(stored["lengths"])[:-1]), stored["targets"])
