"""Labelled rows for training and validation.

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
from tokenizers import Tokenizer

from nystrom_training import negations, orders

# How often an epoch reads each row: there are few of Amazon's.
LABELLED_REVIEWS = {"imdb-train": 1, "amazon-books": 3, "amazon-electronics": 3}
ORDERED_EVERY = 12
MAX_TOKENS = 512
NEUTRAL_SHARE = 0.1
FACTS_SHARE = 0.3
FACTS = Path(__file__).with_name("facts.json")
NEGATIONS_WEIGHT = 10
WRITTEN_GRADE = re.compile(r"\b\d+(?:\.\d+)?\s*(?:/|out of)\s*(?:5|10|ten|five)\b", re.IGNORECASE)
TREEBANK_SPACE = re.compile(r" (?=n't\b|'(?:s|re|ve|ll|d|m)\b|[.,;:!?])")
NO_PARTS = np.zeros((0, 3), np.float32)


@dataclass
class Rows:
    """Token ids of each text, [CLS] and [SEP] included, and its target in [0, 1] (0 if it has none).

    parts: of each text those that have a target of their own, (parts, 3) of first token, end and target; mostly none.
    """

    ids: list[np.ndarray]
    targets: np.ndarray | None = None
    parts: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.targets is None:
            self.targets = np.zeros(len(self.ids), np.float32)
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

    def balanced(self) -> "Rows":
        """As many rows with a target of at most a half as above it: the first ones, in their order."""
        positive = self.targets > 0.5
        sides = [np.flatnonzero(positive), np.flatnonzero(~positive)]
        fewer = min(map(len, sides))
        return self.take(np.sort(np.concatenate([side[:fewer] for side in sides])))

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


def encode(tokenizer: Tokenizer, texts: list[str], targets: list[float] | None = None) -> Rows:
    encodings = tokenizer.encode_batch_fast([clean(text) for text in texts])
    ids = [np.array(e.ids, np.int32) for e in encodings]
    return Rows(ids, None if targets is None else np.array(targets, np.float32))


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
    """Neutral texts, one to six joined: descriptions of packages, every tenth of which is left for validation, or, in
    FACTS_SHARE of the runs, facts of our own."""
    descriptions, own = [row["text"] for i, row in enumerate(read(folder, "neutral")) if i % 10], facts()
    rng = np.random.default_rng([seed, 1])
    kinds = [own if rng.random() < FACTS_SHARE else descriptions for _ in range(count)]
    return ["\n".join(rng.choice(texts, rng.integers(1, 7))) for texts in kinds]


def facts() -> list[str]:
    """Texts of our own that say nothing for or against anything."""
    return json.loads(FACTS.read_text(encoding="utf-8"))


def training_sentences(folder: Path, tokenizer: Tokenizer) -> Rows:
    """SST-2's rows outside validation, each as published ("do n't ,") and as people write ("don't,"), and negations."""
    rows = trainable(folder, ("sst2-train",), "sst2")
    written = [row | {"text": TREEBANK_SPACE.sub("", row["text"])} for row in rows]
    return labelled(rows + written + NEGATIONS_WEIGHT * negations.rows(), tokenizer)


def validation(folder: Path, tokenizer: Tokenizer, name: str) -> Rows:
    """The V1 rows of `imdb` or `sst2`, whole."""
    chosen = set(splits(folder)[name]["V1"])
    return labelled([row for row in read(folder, f"{name}-train") if row["id"] in chosen], tokenizer)


def all_text(folder: Path) -> list[str]:
    """Every text that may be trained on without a label."""
    rows = trainable(folder, ("imdb-train", "imdb-unsup", "sst2-train"), "imdb", "sst2")
    return [clean(row["text"]) for row in rows]
