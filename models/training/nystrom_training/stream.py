"""The order in which training reads rows, and the batches that it makes of them."""

import numpy as np
import torch
from scipy.special import expit

from nystrom_training import deletions
from nystrom_training.data import MAX_TOKENS, Rows
from nystrom_training.model import Batch, Dropout, Shape

SHORT_TOKENS = 256
SHORT_SHARE = 0.3
POOL_BATCHES = 16
SHIFTED_SHARE = 0.2
PAIRED_SHARE = 0.5
EXACT_ALWAYS, LANDMARKS_ALWAYS = 64, 256
SHARPNESS = 4.0  # of the verdict on a text with parts
SUREST = 3.0  # log-odds that a text may be trained to have


class Stream:
    """Micro-batches of rows of like length, each row once an epoch, in an order that (seed, epoch) settles.

    Its whole state is `epoch` and `index`. Texts with parts are never cut, which would move these. `ends`, the ids of full
    stops and their like, says that a share of the batches has texts in pairs, whole and with sentences or words left out:
    from these evidence, which is a sum over tokens, learns what deleting does.
    """

    def __init__(
        self,
        rows: Rows,
        tokens: int,
        seed: int,
        longest: int = MAX_TOKENS,
        short_share: float = SHORT_SHARE,
        ends: set[int] | None = None,
    ):
        self.rows, self.tokens, self.seed = rows, tokens, seed
        self.longest, self.short_share, self.ends = longest, short_share, ends
        self.restore({"epoch": 0, "index": 0})

    def state(self) -> dict:
        return {"epoch": self.epoch, "index": self.index}

    def restore(self, state: dict) -> None:
        self.epoch, self.index = state["epoch"], state["index"]
        self.batches = self.order()

    def order(self) -> list[np.ndarray]:
        """Micro-batches of row numbers. A short_share of the texts is read to SHORT_TOKENS, the others to `longest`."""
        rng = np.random.default_rng([self.seed, self.epoch])
        limits = np.where(rng.random(len(self.rows)) < self.short_share, SHORT_TOKENS, self.longest)
        whole = np.array([len(ids) for ids in self.rows.ids])
        limits = np.where([len(parts) > 0 for parts in self.rows.parts], whole, limits)
        self.lengths = np.minimum(whole, limits)
        shuffled = rng.permutation(len(self.rows))
        pool = max(1, int(POOL_BATCHES * self.tokens / self.lengths.mean()))
        batches = []
        for start in range(0, len(shuffled), pool):
            rows = shuffled[start : start + pool]
            batches += self.cut(rows[np.argsort(self.lengths[rows], kind="stable")])
        return [batches[i] for i in rng.permutation(len(batches))]

    def cut(self, rows: np.ndarray) -> list[np.ndarray]:
        """Runs of rows, ascending in length, that take at most `tokens` once padded."""
        batches, start = [], 0
        for end in range(1, len(rows) + 1):
            if end == len(rows) or (end + 1 - start) * self.lengths[rows[end]] > self.tokens:
                batches.append(rows[start:end])
                start = end
        return batches

    def next(self, rng: np.random.Generator, shape: Shape, dropout: float) -> Batch:
        rows = self.advance()
        ids = [window(self.rows.ids[row], int(self.lengths[row]), rng) for row in rows]
        if self.ends is not None and rng.random() < PAIRED_SHARE:
            return self.pairs(rows, ids, rng, shape)
        return self.batch(rows, ids, rng, shape, dropout)

    def advance(self) -> np.ndarray:
        """The next micro-batch's row numbers."""
        if self.index == len(self.batches):
            self.restore({"epoch": self.epoch + 1, "index": 0})
        rows = self.batches[self.index]
        self.index += 1
        return rows

    def batch(
        self, rows: np.ndarray, ids: list[np.ndarray], rng: np.random.Generator, shape: Shape, dropout: float
    ) -> Batch:
        """The rows, of which `ids` are to be read."""
        batch = pad(ids, shape)
        batch.landmarks = draw_path(batch.lengths, rng)
        aim(batch, self.rows.take(rows))
        if rng.random() < SHIFTED_SHARE:
            batch.positions = (batch.positions + int(rng.integers(MAX_TOKENS))) % shape.max_position_embeddings
        if dropout:
            batch.dropout = Dropout(dropout, int(rng.integers(1 << 62)))
        return batch

    def pairs(self, rows: np.ndarray, ids: list[np.ndarray], rng: np.random.Generator, shape: Shape) -> Batch:
        """Half of the texts, each whole and shortened; without dropout, which would hide what the difference is."""
        half = (len(ids) + 1) // 2
        gone = [deletions.deletion(own, self.ends, rng) for own in ids[:half]]
        shortened = [own[~without] for own, without in zip(ids, gone, strict=False)]
        batch = self.batch(np.tile(rows[:half], 2), ids[:half] + shortened, rng, shape, 0.0)
        batch.gone = torch.zeros(half, batch.ids.shape[1])
        for row, without in zip(batch.gone, gone, strict=True):
            row[: len(without)] = torch.from_numpy(without)
        return batch


def aim(batch: Batch, rows: Rows) -> None:
    """Sets a batch's spans, its texts whole and each followed by its parts, and what they are trained on.

    No target is surer than SUREST: what a network says of itself then saturates, and in a run of reviews the surest ones
    count no more than the others.

    A text with parts gives them half of its share, and as much again to the weights that pooling should give them:
    those of their tokens, nothing for what has no opinion. The parts' errors are squared, since log-odds that add up to
    a text's should say which side a review is on more than how surely; the text's own log-odds are sharpened, since those
    of a text that says both are near 0.
    """
    spans, targets, shares, squared, sharpness, weights = [], [], [], [], [], []
    for text, (length, target, parts) in enumerate(zip(batch.lengths, rows.targets, rows.parts, strict=True)):
        start, end, part_targets = parts.T
        spans += [(text, 0, int(length)), *((text, int(a), int(b)) for a, b in zip(start, end, strict=True))]
        targets += [target, *part_targets]
        shares += [0.5, *[0.5 / len(parts)] * len(parts)] if len(parts) else [1.0]
        squared += [False, *[True] * len(parts)]
        sharpness += [SHARPNESS if len(parts) else 1.0, *[1.0] * len(parts)]
        tokens = (end - start) * (part_targets != 0.5)
        weights += [0.0, *(0.5 * tokens / max(tokens.sum(), 1))]
    all_shares = sum(shares)
    batch.spans = torch.tensor(spans)
    batch.targets = torch.tensor(np.array(targets)).clamp(expit(-SUREST), expit(SUREST))
    batch.shares, batch.squared = torch.tensor(shares) / all_shares, torch.tensor(squared)
    batch.sharpness = torch.tensor(sharpness)
    batch.weights = torch.tensor(weights, dtype=torch.float32) / all_shares


def window(ids: np.ndarray, length: int, rng: np.random.Generator) -> np.ndarray:
    """The beginning or the end of a text, [CLS] and [SEP] kept, or the whole text if it has no more tokens."""
    if len(ids) == length:
        return ids
    if rng.random() < 0.5:
        return beginning(ids, length)
    return np.concatenate([ids[:1], ids[1 - length :]])


def beginning(ids: np.ndarray, length: int) -> np.ndarray:
    """At most `length` tokens of a text, [SEP] kept."""
    return ids if len(ids) <= length else np.concatenate([ids[: length - 1], ids[-1:]])


def draw_path(lengths: torch.Tensor, rng: np.random.Generator) -> bool:
    """Whether a training batch uses landmarks: around the length where the shipped model switches, either."""
    if int(lengths.max()) <= EXACT_ALWAYS:
        return False
    if int(lengths.max()) > LANDMARKS_ALWAYS:
        return True
    return int(lengths.min()) > EXACT_ALWAYS // 2 and bool(rng.random() < 0.5)


def pad(ids: list[np.ndarray], shape: Shape) -> Batch:
    """A batch on the path that its longest text takes when the model is used."""
    lengths = torch.tensor([len(row) for row in ids])
    tokens = int(lengths.max())
    padded = np.zeros((len(ids), tokens), np.int64)
    for row, values in zip(padded, ids, strict=True):
        row[: len(values)] = values
    positions = torch.arange(tokens) % shape.max_position_embeddings
    spans = torch.tensor([(text, 0, len(row)) for text, row in enumerate(ids)])
    return Batch(torch.from_numpy(padded), positions.expand(len(ids), -1), lengths, spans, tokens > shape.exact_up_to)
