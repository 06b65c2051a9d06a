"""Imitating a teacher: the encoder learns to give each word the state that the teacher gives it (arXiv 1909.10351).

Teacher and student cut a text into the same words, though not into the same pieces. A folder holds what the teacher gave:
basis.npz, and files of at most CHUNK texts, each named by their kind and the number of its first.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer
from torch import nn

from nystrom_training.data import MAX_TOKENS, Rows
from nystrom_training.evaluate import batches
from nystrom_training.model import Batch, Encoder, Shape
from nystrom_training.quantised_teacher import QuantisedTeacher
from nystrom_training.stream import Stream, beginning, pad
from nystrom_training.whole_file import whole_file

DIMENSIONS = 192
CHUNK = 1000
LEVELS = 127
LARGEST = 4.5  # standard deviations
NO_WORD = -1


@dataclass
class Basis:
    """Directions in which the teacher's states vary most, and how they are rounded to int8.

    mean: (hidden,); directions: (hidden, DIMENSIONS); scales: (DIMENSIONS,), of one in int8.
    """

    mean: np.ndarray
    directions: np.ndarray
    scales: np.ndarray

    @classmethod
    def of(cls, states: np.ndarray) -> "Basis":
        mean = states.mean(0)
        variances, directions = np.linalg.eigh(np.cov(states, rowvar=False))
        variances, directions = variances[: -DIMENSIONS - 1 : -1], directions[:, : -DIMENSIONS - 1 : -1]
        return cls(mean, directions, (LARGEST * np.sqrt(variances) / LEVELS).astype(np.float32))

    def rounded(self, states: np.ndarray) -> np.ndarray:
        projected = (states - self.mean) @ self.directions / self.scales
        return np.clip(np.rint(projected), -LEVELS, LEVELS).astype(np.int8)


@dataclass
class TeacherStates:
    """Texts as the student's tokens, and the teacher's states of their words.

    words: of each text the number of each token's word, among those of all texts; NO_WORD for marks and for words that the
    teacher did not read. states: (words, DIMENSIONS) int8; weights: (DIMENSIONS,), what these are multiplied by.
    """

    rows: Rows
    words: list[np.ndarray]
    states: np.ndarray
    weights: np.ndarray


def word_numbers(encoding: Encoding) -> np.ndarray:
    return np.array([NO_WORD if word is None else word for word in encoding.word_ids], np.int32)


def word_states(teacher: QuantisedTeacher, encodings: list[Encoding]) -> list[np.ndarray]:
    """Of each text (words, hidden): means over a word's tokens, of its first MAX_TOKENS tokens."""
    ids = [beginning(np.array(encoding.ids, np.int32), MAX_TOKENS) for encoding in encodings]
    result: list[np.ndarray] = [np.zeros(0)] * len(ids)
    for chosen in batches(Rows(ids), teacher.shape.exact_up_to):
        states = teacher.states(pad([ids[i] for i in chosen], teacher.shape))
        for i, own in zip(chosen, states, strict=True):
            # Marks stand at both ends; what is cut goes before the last one.
            words = word_numbers(encodings[i])[1 : len(ids[i]) - 1]
            starts = np.flatnonzero(np.diff(words, prepend=NO_WORD))
            sums = np.add.reduceat(own[1 : len(ids[i]) - 1], starts) if len(starts) else own[:0]
            result[i] = sums / np.diff(starts, append=len(words))[:, None]
    return result


def write(
    teacher: QuantisedTeacher, read_by: Tokenizer, student: Tokenizer, texts: list[str], folder: Path, kind: str
) -> Iterator[Path]:
    """Lets the teacher read the texts after those of this kind that the folder has already, CHUNK at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    done = sum(len(np.load(path)["lengths"]) for path in chunks(folder, kind))
    for start in range(done, len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]
        read, own = read_by.encode_batch(chunk), student.encode_batch(chunk)
        if any(word_numbers(a).max() != word_numbers(b).max() for a, b in zip(read, own, strict=True)):
            raise ValueError("teacher and student cut a text into different words")
        states = word_states(teacher, read)
        path = folder / f"{kind}-{start:06}.npz"
        write_chunk(path, own, states, basis_of(folder, states))
        yield path


def chunks(folder: Path, kind: str = "*") -> list[Path]:
    return sorted(folder.glob(f"{kind}-*.npz"))


def basis_of(folder: Path, states: list[np.ndarray]) -> Basis:
    """The folder's basis, made of the first states."""
    path = folder / "basis.npz"
    if not path.exists():
        with whole_file(path) as file:
            np.savez(file, **asdict(Basis.of(np.concatenate(states))))
    return Basis(**np.load(path))


def write_chunk(path: Path, encodings: list[Encoding], states: list[np.ndarray], basis: Basis) -> None:
    with whole_file(path) as file:
        np.savez(
            file,
            lengths=[len(encoding.ids) for encoding in encodings],
            ids=np.concatenate([encoding.ids for encoding in encodings]).astype(np.int32),
            words=np.concatenate([word_numbers(encoding) for encoding in encodings]),
            known=[len(own) for own in states],
            states=basis.rounded(np.concatenate(states)),
        )


def load(folder: Path) -> TeacherStates:
    ids: list[np.ndarray] = []
    words: list[np.ndarray] = []
    states: list[np.ndarray] = []
    before = 0
    for path in chunks(folder):
        chunk = np.load(path)
        borders = np.cumsum(chunk["lengths"])[:-1]
        ids += np.split(chunk["ids"], borders)
        for own, known in zip(np.split(chunk["words"], borders), chunk["known"], strict=True):
            words.append(np.where((own != NO_WORD) & (own < known), own + before, NO_WORD))
            before += known
        states.append(chunk["states"])
    rows = Rows(ids)
    return TeacherStates(rows, words, np.concatenate(states), loss_weights(np.load(folder / "basis.npz")["scales"]))


def loss_weights(scales: np.ndarray) -> np.ndarray:
    """Factors after which all directions have variance 1 together, each in proportion to its standard deviation.

    By their variances the verdict's direction alone would have four fifths of the loss.
    """
    return LARGEST / LEVELS * np.sqrt(scales / scales.sum())


class ImitationStream(Stream):
    """Texts from their beginning; targets are (texts, tokens, DIMENSIONS), NaN where the teacher has none."""

    def __init__(self, teacher: TeacherStates, tokens: int, seed: int):
        super().__init__(teacher.rows, tokens, seed)
        self.teacher = teacher

    def next(self, rng: np.random.Generator, shape: Shape, dropout: float) -> Batch:
        rows = self.advance()
        lengths = self.lengths[rows]
        batch = self.batch(
            rows, [beginning(self.rows.ids[row], n) for row, n in zip(rows, lengths, strict=True)], rng, shape, dropout
        )
        words = np.full(batch.ids.shape, NO_WORD)
        for own, row, n in zip(words, rows, lengths, strict=True):
            own[: n - 1] = self.teacher.words[row][: n - 1]
        states = self.teacher.states[words] * self.teacher.weights
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
        nn.init.zeros_(self.head.bias)

    @property
    def shape(self) -> Shape:
        return self.nystromformer.shape

    def loss(self, batch: Batch) -> torch.Tensor:
        """Squared error, as a share of the variance of the teacher's states."""
        known = ~batch.targets[..., 0].isnan()
        predicted = self.head(self.nystromformer(batch)[known]).float()
        return (predicted - batch.targets[known]).square().sum(-1).mean()
