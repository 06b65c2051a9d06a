"""Two minutes of training on sentences made here; the exported folder then says the same in C++.

NYSTROM_COMMAND is the native command, with what it takes to start it.
"""

import json
import os
import shlex
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
import twin
from nystrom_training import export
from nystrom_training.data import Rows, encode
from nystrom_training.evaluate import accuracy, logits
from nystrom_training.model import Classifier, Shape
from nystrom_training.rounding import rounded
from nystrom_training.stream import Stream
from nystrom_training.train import Settings, Training, averaged
from safetensors.torch import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

COMMAND = os.environ.get("NYSTROM_COMMAND")
pytestmark = pytest.mark.skipif(COMMAND is None, reason="NYSTROM_COMMAND does not name the native command")

NOUNS = ["kettle", "lamp", "garden", "concert", "soup", "bridge", "novel", "teacher", "ferry", "engine"]
PRAISE = ["lovely", "sturdy", "brilliant", "charming", "honest", "delicious"]
BLAME = ["broken", "dull", "bitter", "clumsy", "rotten", "tedious"]
PLAIN = [
    "the",
    "a",
    "and",
    "it",
    "was",
    "very",
    "not",
    "but",
    "today",
    "we",
    "saw",
    "stood",
    "by",
    "with",
    "old",
    "red",
    "small",
    ".",
]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def sentence(rng: np.random.Generator, positive: bool) -> str:
    """Half of them say their opinion by negating the other one."""
    negated = rng.random() < 0.5
    opinion = rng.choice(PRAISE if positive != negated else BLAME)
    filler = "" if rng.random() < 0.5 else f" , and we saw the {rng.choice(NOUNS)} today"
    return f"the {rng.choice(NOUNS)} was {'not ' if negated else ''}{opinion}{filler} ."


def texts(seed: int, count: int, most: int) -> tuple[list[str], list[float]]:
    """Of one to `most` sentences of one label."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count)
    written = [" ".join(sentence(rng, bool(y)) for _ in range(rng.integers(1, most + 1))) for y in labels]
    return written, [float(y) for y in labels]


def tokenizer() -> Tokenizer:
    words = [*SPECIAL, *PLAIN, ",", *NOUNS, *PRAISE, *BLAME]
    made = Tokenizer(WordPiece({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    made.normalizer = BertNormalizer(lowercase=True)
    made.pre_tokenizer = BertPreTokenizer()
    made.post_processor = TemplateProcessing("[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    made.add_special_tokens(SPECIAL)
    return made


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> tuple[Classifier, Tokenizer, list[dict]]:
    run, words = tmp_path_factory.mktemp("run"), tokenizer()
    shape = Shape(
        vocab_size=words.get_vocab_size(),
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=128,
        max_position_embeddings=64,
        num_landmarks=8,
        conv_kernel_size=9,
        exact_up_to=40,
    )
    torch.manual_seed(5)
    settings = Settings(budget=1_500_000, review_tokens=4096, sentence_tokens=1024, top_rate=2e-3, average=0.98)
    streams = [
        Stream(encode(words, *texts(seed, 2000, most)), tokens // settings.threads, seed=seed)
        for seed, most, tokens in ((1, 30, settings.review_tokens), (2, 2, settings.sentence_tokens))
    ]
    Training(Classifier(shape), streams, run, settings).run()
    log = [json.loads(line) for line in (run / "log.jsonl").read_text("utf-8").splitlines()]
    return averaged(Classifier(shape), run / "checkpoint.pt"), words, [entry for entry in log if "losses" in entry]


@pytest.fixture(scope="module")
def held_out(trained) -> tuple[list[str], Rows]:
    written, labels = texts(9, 120, 30)
    return written, encode(trained[1], written, labels)


def native(folder: Path, written: list[str]) -> np.ndarray:
    """Logits of the native command."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in written)
    command = [*shlex.split(COMMAND), "classify", "--jsonl", "--text-field", "text", "--model", str(folder)]
    answer = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=True).stdout
    return np.array([json.loads(line)["logit"] for line in answer.splitlines()])


def test_the_loss_falls(trained):
    losses = [entry["losses"] for entry in trained[2]]
    assert all(last < 0.3 * first for first, last in zip(losses[0], losses[-1], strict=True))


def test_new_texts_are_read_rightly(trained, held_out):
    result = accuracy(logits(trained[0], held_out[1]), held_out[1])
    assert result.right >= 0.97 * result.n


def test_weights_in_floats_have_the_same_logits_in_cpp(trained, held_out, tmp_path):
    model, words, _ = trained
    export.write(model, words, tmp_path, {})
    save_file(model.state_dict(), tmp_path / "model.safetensors")
    assert np.abs(native(tmp_path, held_out[0]) - logits(model, held_out[1])).max() <= 1e-4


def test_weights_in_integers_have_the_twins_logits_in_cpp(trained, held_out, tmp_path):
    """A value that falls on the other side of a border of the 7-bit activations is a step off, and few do."""
    model, words, _ = trained
    export.write(model, words, tmp_path, {})
    got, reference = native(tmp_path, held_out[0]), twin.load_model(tmp_path)
    expected = np.array([twin.logit(reference, ids.tolist()) for ids in held_out[1].ids])
    assert (np.abs(got - expected) <= 1e-4).mean() >= 0.67
    with rounded(model), torch.no_grad():
        seen = logits(model, held_out[1])
    assert np.median(np.abs(got - seen)) <= 1e-3
    assert np.abs(got - seen).max() <= 0.05
