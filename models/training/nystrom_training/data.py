"""Labelled rows for training and validation, and the order in which training reads them.

The data folder holds one JSON object a line in xz files and splits.json, which names the rows to validate on.
"""

import hashlib
import json
import lzma
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from scipy.special import expit
from tokenizers import Tokenizer

from nystrom_training import deletions, negations, orders
from nystrom_training.model import Batch, Dropout, Shape

# How often an epoch reads each row: there are few of Amazon's.
LABELLED_REVIEWS = {"imdb-train": 1, "amazon-books": 3, "amazon-electronics": 3}
ORDERED_EVERY = 12
MAX_TOKENS = 512
SHORT_TOKENS = 256
SHORT_SHARE = 0.3
NEUTRAL_SHARE = 0.1
WRITTEN_GRADE = re.compile(r"\b\d+(?:\.\d+)?\s*(?:/|out of)\s*(?:5|10|ten|five)\b", re.IGNORECASE)
TREEBANK_SPACE = re.compile(r" (?=n't\b|'(?:s|re|ve|ll|d|m)\b|[.,;:!?])")
POOL_BATCHES = 16
SHIFTED_SHARE = 0.2
PAIRED_SHARE = 0.5
EXACT_ALWAYS, LANDMARKS_ALWAYS = 64, 256
SHARPNESS = 4.0  # of the verdict on a text with parts
SUREST = 3.0  # log-odds that a text may be trained to have
NO_PARTS = np.zeros((0, 3), np.float32)


@dataclass
class Rows:
    """Token ids of each text, [CLS] and [SEP] included, and its target in [0, 1].

    parts: of each text those that have a target of their own, (parts, 3) of first token, end and target; mostly none.
    """

    ids: list[np.ndarray]
    targets: np.ndarray
    parts: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts = self.parts or [NO_PARTS] * len(self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, chosen: np.ndarray) -> "Rows":
        return Rows([self.ids[i] for i in chosen], self.targets[chosen], [self.parts[i] for i in chosen])

    def __add__(self, others: "Rows") -> "Rows":
        targets = np.concatenate([self.targets, others.targets])
        return Rows(self.ids + others.ids, targets, self.parts + others.parts)

    def sample(self, count: int | None) -> "Rows":
        """`count` rows, evenly spaced, or all of them."""
        count = min(count or len(self), len(self))
        return self.take(np.arange(count) * len(self) // max(count, 1))

    def between(self, few: int, many: int | None) -> np.ndarray:
        """Numbers of the rows with more than `few` and at most `many` tokens."""
        return np.array([i for i, ids in enumerate(self.ids) if few < len(ids) <= (many or len(ids))], int)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(folder: Path, name: str) -> list[dict]:
    with lzma.open(folder / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def splits(folder: Path) -> dict:
    return json.loads((folder / "splits.json").read_text(encoding="utf-8"))


def clean(text: str) -> str:
    return text.replace("<br />", "\n")


def whole_text_tokenizer(folder: Path) -> Tokenizer:
    """A folder's tokenizer, which never cuts nor pads a text."""
    result = Tokenizer.from_file(str(folder / "tokenizer.json"))
    result.no_truncation()
    result.no_padding()
    return result


def encode(tokenizer: Tokenizer, texts: list[str], targets: list[float]) -> Rows:
    encodings = tokenizer.encode_batch_fast([clean(text) for text in texts])
    return Rows([np.array(e.ids, np.int32) for e in encodings], np.array(targets, np.float32))


def held_back(folder: Path, *names: str) -> set[str]:
    """Ids that are never trained on: validation rows of these sets and their neighbours, and copies of any."""
    split = splits(folder)
    return set(split["copies"]).union(*(ids for name in names for ids in split[name].values()))


def trainable(folder: Path, files: Iterable[str], *names: str) -> list[dict]:
    """The files' rows but for those that are held back of these sets."""
    held = held_back(folder, *names)
    return [row for file in files for row in read(folder, file) if row["id"] not in held]


def labelled(rows: list[dict], tokenizer: Tokenizer) -> Rows:
    return encode(tokenizer, [row["text"] for row in rows], [float(row["label"]) for row in rows])


def training_reviews(folder: Path, tokenizer: Tokenizer, seed: int) -> Rows:
    """IMDB's and Amazon's rows outside validation, and runs of neutral texts with target 0.5.

    Every other review loses its written grades ("8/10"), so that they don't stand in for reading; some end in an order to
    read them one way or the other, which their label does not follow.
    """
    rows = [
        dict(row)
        for file, times in LABELLED_REVIEWS.items()
        for row in times * trainable(folder, (file,), "imdb", "amazon")
    ]
    for row in rows[::2]:
        row["text"] = WRITTEN_GRADE.sub("", row["text"])
    ordered = rows[1::ORDERED_EVERY]
    for row, order in zip(ordered, orders.orders(len(ordered), seed)):
        row["text"] += f"\n{order}"
    reviews = labelled(rows, tokenizer)
    texts = neutral_runs(folder, round(NEUTRAL_SHARE * len(rows)), seed)
    neutral = encode(tokenizer, texts, [0.5] * len(texts))
    return reviews + neutral


def neutral_runs(folder: Path, count: int, seed: int) -> list[str]:
    """Neutral texts, one to six joined; every tenth row of the file is left for validation."""
    texts = [row["text"] for i, row in enumerate(read(folder, "neutral")) if i % 10]
    rng = np.random.default_rng([seed, 1])
    return ["\n".join(rng.choice(texts, rng.integers(1, 7))) for _ in range(count)]


def training_sentences(folder: Path, tokenizer: Tokenizer) -> Rows:
    """SST-2's rows outside validation, each as published ("do n't ,") and as people write ("don't,"), and negations."""
    rows = trainable(folder, ("sst2-train",), "sst2")
    written = [row | {"text": TREEBANK_SPACE.sub("", row["text"])} for row in rows]
    return labelled(rows + written + negations.rows(), tokenizer)


def validation(folder: Path, tokenizer: Tokenizer, name: str) -> Rows:
    """The V1 rows of `imdb` or `sst2`, whole."""
    chosen = set(splits(folder)[name]["V1"])
    return labelled([row for row in read(folder, f"{name}-train") if row["id"] in chosen], tokenizer)


def all_text(folder: Path) -> list[str]:
    """Every text that may be trained on without a label."""
    rows = trainable(folder, ("imdb-train", "imdb-unsup", "sst2-train"), "imdb", "sst2")
    return [clean(row["text"]) for row in rows]


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
