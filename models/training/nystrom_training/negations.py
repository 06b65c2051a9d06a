"""Sentences written for training in which a negation turns the verdict round: neither data set has enough of them."""

import json
from pathlib import Path

COUNT = 108
WORDS = Path(__file__).with_suffix(".json")


def rows() -> list[dict]:
    """COUNT rows with `text` and `label`, as many of each.

    Frames, words and subjects go round in steps that share no factor, so that each meets many of the others.
    """
    lists = json.loads(WORDS.read_text(encoding="utf-8"))
    frames, subjects, good, bad = lists["turned"] + lists["kept"], lists["subjects"], lists["good"], lists["bad"]
    result = []
    for i in range(COUNT):
        pair, label = divmod(i, 2)
        frame = frames[pair % len(frames)]
        words = good if label else bad
        word = words[(7 * pair + pair // len(words)) % len(words)]
        subject = subjects[(11 * i + i // len(subjects)) % len(subjects)]
        turned = frame in lists["turned"]
        result.append({"text": frame.format(subject=subject, word=word), "label": 1 - label if turned else label})
    return result
