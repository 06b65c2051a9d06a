"""A smaller WordPiece vocabulary: the entries that training text uses most.

Every special token, every single character and every ## character stays, and so does an entry that they cannot spell:
a word whose entry goes is split into smaller pieces again and never becomes [UNK].
"""

import json
from collections import Counter

import numpy as np
from tokenizers import Tokenizer

CHUNK = 1000


def count(tokenizer: Tokenizer, texts: list[str]) -> Counter:
    """How often each id occurs in the texts."""
    totals = np.zeros(tokenizer.get_vocab_size(), np.int64)
    for start in range(0, len(texts), CHUNK):
        for encoding in tokenizer.encode_batch_fast(texts[start : start + CHUNK], add_special_tokens=False):
            totals += np.bincount(encoding.ids, minlength=len(totals))
    return Counter({i: int(n) for i, n in enumerate(totals)})


def is_spelled(token: str, vocabulary: dict[str, int], prefix: str) -> bool:
    """Whether single characters of the vocabulary make up a longer entry."""
    inside = token.startswith(prefix)
    characters = token.removeprefix(prefix)
    pieces = [prefix + c if inside or i else c for i, c in enumerate(characters)]
    return len(pieces) > 1 and all(piece in vocabulary for piece in pieces)


def reduce(tokenizer: Tokenizer, counts: Counter, size: int) -> tuple[Tokenizer, list[int]]:
    """A tokenizer of `size` entries, and the old id of each of its entries, in the old order."""
    document = json.loads(tokenizer.to_str())
    vocabulary, prefix = document["model"]["vocab"], document["model"]["continuing_subword_prefix"]
    special = {token["content"] for token in document["added_tokens"]}
    needed = {i for token, i in vocabulary.items() if token in special or not is_spelled(token, vocabulary, prefix)}
    if len(needed) > size:
        raise ValueError(f"a vocabulary needs at least {len(needed)} entries to spell every word, not {size}")
    by_count = sorted((i for i in vocabulary.values() if i not in needed), key=lambda i: (-counts[i], i))
    kept = sorted(needed.union(by_count[: size - len(needed)]))
    new = {old: i for i, old in enumerate(kept)}
    entries = {token: new[i] for token, i in vocabulary.items() if i in new}
    document["model"]["vocab"] = dict(sorted(entries.items(), key=lambda entry: entry[1]))
    for token in document["added_tokens"]:
        token["id"] = new[token["id"]]
    for name, token in document["post_processor"].get("special_tokens", {}).items():
        token["ids"] = [entries[name]]
    return Tokenizer.from_str(json.dumps(document)), kept
