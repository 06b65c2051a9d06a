"""Imitating a teacher: the encoder learns to give each word the state that the teacher gives it (arXiv 1909.10351).

Teacher and student cut a text into the same words, though not into the same pieces. A folder holds what the teacher gave:
basis.npz, and a file for every CHUNK texts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer
from torch import nn

from nystrom_training.data import MAX_TOKENS, Rows, Stream, beginning, pad
from nystrom_training.evaluate import batches
from nystrom_training.model import Batch, Encoder, Shape
from nystrom_training.quantised_teacher import QuantisedTeacher

DIMENSIONS = 192
CHUNK = 1000
STEPS = 127
LARGEST = 4.5  # standard deviations
NO_WORD = -1


@dataclass
class Basis:
    """Directions in which the teacher's states vary most, and how they are rounded to int8.

    mean: (hidden,); directions: (hidden, DIMENSIONS); steps: (DIMENSIONS,), the size of one in int8.
    """

    mean: np.ndarray
    directions: np.ndarray
    steps: np.ndarray

    @classmethod
    def of(cls, states: np.ndarray) -> "Basis":
        mean = states.mean(0)
        variances, directions = np.linalg.eigh(np.cov(states, rowvar=False))
        variances, directions = variances[: -DIMENSIONS - 1 : -1], directions[:, : -DIMENSIONS - 1 : -1]
        return cls(mean, directions, (LARGEST * np.sqrt(variances) / STEPS).astype(np.float32))

    def rounded(self, states: np.ndarray) -> np.ndarray:
        told = (states - self.mean) @ self.directions / self.steps
        return np.clip(np.rint(told), -STEPS, STEPS).astype(np.int8)


@dataclass
class Seen:
    """Texts as the student's tokens, and what the teacher saw.

    words: of each text the number of each token's word, among those of all texts; NO_WORD for marks and for words that the
    teacher did not read. states: (words, DIMENSIONS) int8; scales: (DIMENSIONS,), what these are multiplied by.
    """

    rows: Rows
    words: list[np.ndarray]
    states: np.ndarray
    scales: np.ndarray


def word_numbers(encoding: Encoding) -> np.ndarray:
    return np.array([NO_WORD if word is None else word for word in encoding.word_ids], np.int32)


def word_states(teacher: QuantisedTeacher, encodings: list[Encoding]) -> list[np.ndarray]:
    """Of each text (words, hidden): means over a word's tokens, of its first MAX_TOKENS tokens."""
    ids = [beginning(np.array(encoding.ids, np.int32), MAX_TOKENS) for encoding in encodings]
    result: list[np.ndarray] = [np.zeros(0)] * len(ids)
    for chosen in batches(Rows(ids, np.zeros(len(ids), np.float32)), teacher.shape.exact_up_to):
        states = teacher.states(pad([ids[i] for i in chosen], teacher.shape))
        for i, own in zip(chosen, states, strict=True):
            # Marks stand at both ends; what is cut goes before the last one.
            words = word_numbers(encodings[i])[1 : len(ids[i]) - 1]
            starts = np.flatnonzero(np.diff(words, prepend=NO_WORD))
            sums = np.add.reduceat(own[1 : len(ids[i]) - 1], starts) if len(starts) else own[:0]
            result[i] = sums / np.diff(starts, append=len(words))[:, None]
    return result


def write(
    teacher: QuantisedTeacher, read_by: Tokenizer, student: Tokenizer, texts: list[str], folder: Path
) -> Iterator[Path]:
    """Lets the teacher read the texts, CHUNK at a time, but for those that the folder has already."""
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(texts), CHUNK):
        path = folder / f"{start:06}.npz"
        if not path.exists():
            chunk = texts[start : start + CHUNK]
            states = word_states(teacher, read_by.encode_batch(chunk))
            write_chunk(path, student.encode_batch(chunk), states, basis_of(folder, states))
        yield path


def basis_of(folder: Path, states: list[np.ndarray]) -> Basis:
    """The folder's basis, made of the first states."""
    path = folder / "basis.npz"
    if not path.exists():
        basis = Basis.of(np.concatenate(states))
        np.savez(path, mean=basis.mean, directions=basis.directions, steps=basis.steps)
    return Basis(**np.load(path))


def write_chunk(path: Path, encodings: list[Encoding], states: list[np.ndarray], basis: Basis) -> None:
    partial = path.with_suffix(".partial.npz")
    np.savez(
        partial,
        lengths=[len(encoding.ids) for encoding in encodings],
        ids=np.concatenate([encoding.ids for encoding in encodings]).astype(np.int32),
        words=np.concatenate([word_numbers(encoding) for encoding in encodings]),
        known=[len(own) for own in states],
        states=basis.rounded(np.concatenate(states)),
    )
    partial.rename(path)


def load(folder: Path) -> Seen:
    ids: list[np.ndarray] = []
    words: list[np.ndarray] = []
    states: list[np.ndarray] = []
    before = 0
    for path in sorted(folder.glob("[0-9]*[0-9].npz")):
        chunk = np.load(path)
        borders = np.cumsum(chunk["lengths"])[:-1]
        ids += np.split(chunk["ids"], borders)
        for own, known in zip(np.split(chunk["words"], borders), chunk["known"], strict=True):
            words.append(np.where((own != NO_WORD) & (own < known), own + before, NO_WORD))
            before += known
        states.append(chunk["states"])
    rows = Rows(ids, np.zeros(len(ids), np.float32))
    return Seen(rows, words, np.concatenate(states), scales_of(np.load(folder / "basis.npz")["steps"]))


def scales_of(steps: np.ndarray) -> np.ndarray:
    """Scales after which all directions have variance 1 together, each in proportion to its standard deviation.

    By their variances the verdict's direction alone would have four fifths of the loss.
    """
    return LARGEST / STEPS * np.sqrt(steps / steps.sum())


class ImitationStream(Stream):
    """Texts from their beginning; targets are (texts, tokens, DIMENSIONS), NaN where the teacher saw nothing."""

    def __init__(self, seen: Seen, tokens: int, seed: int):
        super().__init__(seen.rows, tokens, seed)
        self.seen = seen

    def next(self, rng: np.random.Generator, shape: Shape, dropout: float) -> Batch:
        rows = self.advance()
        lengths = self.lengths[rows]
        batch = self.batch(
            rows, [beginning(self.rows.ids[row], n) for row, n in zip(rows, lengths, strict=True)], rng, shape, dropout
        )
        words = np.full(batch.ids.shape, NO_WORD)
        for own, row, n in zip(words, rows, lengths, strict=True):
            own[: n - 1] = self.seen.words[row][: n - 1]
        states = self.seen.states[words] * self.seen.scales
        batch.targets = torch.from_numpy(np.where((words == NO_WORD)[..., None], np.nan, states).astype(np.float32))
        return batch


class Imitation(nn.Module):
    """The encoder, and a linear map from its states to the teacher's."""

    def __init__(self, nystromformer: Encoder):
        super().__init__()
        self.nystromformer = nystromformer
        self.head = nn.Linear(nystromformer.shape.hidden_size, DIMENSIONS)
        # Else its first guesses are worse than none.
        nn.init.zeros_(self.head.weight)

    @property
    def shape(self) -> Shape:
        return self.nystromformer.shape

    def loss(self, batch: Batch) -> torch.Tensor:
        """Squared error, as a share of the variance of the teacher's states."""
        known = ~batch.targets[..., 0].isnan()
        told = self.head(self.nystromformer(batch)[known]).float()
        return (told - batch.targets[known]).square().sum(-1).mean()
