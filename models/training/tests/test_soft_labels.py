"""What teachers say of texts without a label."""

import numpy as np
import torch
from nystrom_training import soft_labels
from nystrom_training.evaluate import logits
from small import model, rows, words_of_ids


def test_labelling_goes_on_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(soft_labels, "CHUNK", 3)
    words, texts = words_of_ids(), [" ".join(map(str, ids)) for ids in rows(8).ids]
    reader = model()
    torch.nn.init.normal_(reader.classifier.weight)
    whole = list(soft_labels.labelled([(reader, words)], words, texts, tmp_path / "whole.npz"))[-1]
    next(soft_labels.labelled([(reader, words)], words, texts, tmp_path / "parts.npz"))
    assert len(soft_labels.load(tmp_path / "parts.npz")) == 3
    rest = list(soft_labels.labelled([(reader, words)], words, texts, tmp_path / "parts.npz"))
    assert [len(part) for part in rest] == [6, 8] and list(tmp_path.glob("*.partial*")) == []
    assert [list(ids) for ids in rest[-1].ids] == [list(ids) for ids in whole.ids]
    assert np.abs(rest[-1].targets - whole.targets).max() < 1e-6


def test_readers_give_their_mean_log_odds():
    words = words_of_ids()
    readers, texts = [model(), model()], [" ".join(map(str, ids)) for ids in rows(8).ids]
    torch.nn.init.normal_(readers[1].classifier.weight)
    targets = soft_labels.soften([(reader, words) for reader in readers], texts)
    apart = [logits(reader, rows(8)) for reader in readers]
    assert np.abs(np.log(targets / (1 - targets)) - np.mean(apart, 0)).max() < 1e-4


def test_soft_labels_are_read_along(tmp_path):
    texts = rows(8)
    soft_labels.write(texts, tmp_path / "sentences.npz")
    read = texts + soft_labels.load(tmp_path / "sentences.npz")
    assert [list(ids) for ids in read.ids] == [list(ids) for ids in texts.ids * 2]
    assert np.array_equal(read.targets[8:], texts.targets)


def test_negations_are_sentences_with_a_word_of_it_of_films_and_of_goods(tmp_path, monkeypatch):
    given = {
        "imdb-unsup": ["The cast isn't at its best. The notes of the cello carry it.<br />NOT for me, at all."],
        "amazon-books": ["Hardly a page drags here! No."],
        "amazon-electronics": ["It charged without any trouble. Nothingness is a fine name."],
    }
    monkeypatch.setattr(
        soft_labels,
        "trainable",
        lambda folder, files, *held: [{"text": text} for file in files for text in given[file]],
    )
    assert soft_labels.negations(tmp_path) == [
        "The cast isn't at its best.",
        "NOT for me, at all.",
        "Hardly a page drags here!",
        "It charged without any trouble.",
    ]
