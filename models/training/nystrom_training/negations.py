"""Sentences written for training in which a negation turns the verdict round: neither data set has enough of them."""

SUBJECTS = ["the story", "this place", "the second half", "her performance", "the service", "the sound", "our guide"]
GOOD = [
    "good",
    "funny",
    "convincing",
    "comfortable",
    "clever",
    "exciting",
    "reliable",
    "well made",
    "fresh",
    "worth it",
]
BAD = ["bad", "boring", "predictable", "noisy", "ugly", "slow", "disappointing", "cheap", "confusing", "a waste"]
TURNED = [
    "{subject} isn't {word}.",
    "{subject} is not at all {word}.",
    "{subject} was never {word}.",
    "i wouldn't say that {subject} was {word}.",
    "i can't say {subject} is {word}.",
    "at no point was {subject} {word}.",
    "no one could call {subject} {word}.",
    "{subject} is far from {word}.",
    "{subject} was hardly {word}.",
    "i expected {subject} to be {word}, and it was not.",
    "they promised that {subject} would be {word}. it wasn't.",
    "you will not find {subject} {word}.",
]
KEPT = ["{subject} is {word}.", "i found {subject} really {word}.", "{subject} was {word}, no doubt about it."]


def rows() -> list[dict]:
    """300 rows with `text` and `label`: each frame with words of both kinds, subjects in turn."""
    result = []
    for frame in TURNED + KEPT:
        for label, words in enumerate((BAD, GOOD)):
            for word in words:
                subject = SUBJECTS[len(result) % len(SUBJECTS)]
                text = frame.format(subject=subject, word=word)
                result.append({"text": text, "label": 1 - label if frame in TURNED else label})
    return result
