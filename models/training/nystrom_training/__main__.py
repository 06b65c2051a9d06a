"""Commands of the training project, one a stage. `python -m nystrom_training --help` lists them."""

import argparse
import json
import time
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from nystrom_training import (
    calibration,
    command_line,
    compensated,
    data,
    deletions,
    evidence,
    export,
    imitation,
    long_texts,
    minilm,
    soft_labels,
    teacher,
    vocabulary,
)
from nystrom_training.evaluate import accuracy, logits
from nystrom_training.model import Classifier, Shape
from nystrom_training.quantised_teacher import QuantisedTeacher
from nystrom_training.runs import from_minilm, reader_of, started, tokenizer_of, trained
from nystrom_training.stream import Stream
from nystrom_training.teacher import Teacher
from nystrom_training.train import Model, Settings, Training, with_encoder_of

TEXTS = ["imdb-train", "amazon-books", "amazon-electronics", "sst2-train", "neutral"]
INPUTS = [f"{name}.jsonl.xz" for name in TEXTS] + ["splits.json"]
SENTENCES_TO_ROUND_BY, REVIEWS_TO_ROUND_BY = 1500, 150


def train(arguments: argparse.Namespace) -> None:
    settings = Settings(
        budget=arguments.tokens,
        seed=arguments.seed,
        review_tokens=arguments.review_tokens,
        sentence_tokens=arguments.sentence_tokens,
        top_rate=arguments.rate,
        long_tokens=arguments.long,
        bfloat16=arguments.bfloat16,
        rounded=arguments.rounded,
    )
    source = arguments.imitated or arguments.start or arguments.vocabulary
    for path in inputs(arguments, source):
        print(data.sha256(path), path.name, flush=True)
    tokenizer = tokenizer_of(source)
    streams = training_streams(arguments, settings, tokenizer)
    for name, stream in streams.items():
        print(f"{name}: {len(stream.rows)} rows, {stream.lengths.sum()} tokens an epoch", flush=True)
    if arguments.imitated:
        model = with_encoder_of(source, Classifier(Shape(vocab_size=tokenizer.get_vocab_size())))
    elif arguments.start:
        model = started(source)
    else:
        model = from_minilm(source, settings.seed)
    run(model, list(streams.values()), tokenizer, arguments.run, settings)


def teach(arguments: argparse.Namespace) -> None:
    settings = Settings(
        budget=arguments.tokens,
        seed=arguments.seed,
        review_tokens=arguments.review_tokens,
        sentence_tokens=arguments.sentence_tokens,
        top_rate=4e-5,
        layer_decay=0.9,
        decay=0.95,
        clip=1.0,
        bfloat16=arguments.bfloat16,
    )
    made = teacher.unpack(arguments.run)
    print(data.sha256(made / "model.safetensors"), teacher.NAME, flush=True)
    tokenizer = data.whole_text_tokenizer(made)
    sentences = data.training_sentences(arguments.data, tokenizer)
    streams = [Stream(sentences, settings.sentence_tokens // settings.threads, settings.seed)]
    if settings.review_tokens:
        reviews = data.training_reviews(arguments.data, tokenizer, settings.seed)
        streams.append(Stream(reviews, settings.review_tokens // settings.threads, settings.seed))
    run(Teacher.pretrained(made, settings.seed), streams, tokenizer, arguments.run, settings)


def imitate(arguments: argparse.Namespace) -> None:
    settings = Settings(
        budget=arguments.tokens,
        seed=arguments.seed,
        top_rate=arguments.rate,
        layer_decay=1.0,
        bfloat16=arguments.bfloat16,
    )
    states = imitation.load(arguments.states)
    print(f"{len(states.rows)} texts, {len(states.states)} words", flush=True)
    stream = imitation.ImitationStream(states, settings.review_tokens // settings.threads, settings.seed)
    model = imitation.Imitation(started(arguments.start).nystromformer)
    run(model, [stream], tokenizer_of(arguments.start), arguments.run, settings)


def texts_of(arguments: argparse.Namespace) -> list[str]:
    """So many of the wanted kind, in an order that the seed settles."""
    source = getattr(soft_labels, arguments.kind)
    return soft_labels.draw(source(arguments.data), arguments.count, arguments.seed)


def teacher_states(arguments: argparse.Namespace) -> None:
    texts = texts_of(arguments)
    reader = QuantisedTeacher(trained(arguments.teacher), arguments.teacher)
    read_by, student = tokenizer_of(arguments.teacher), tokenizer_of(arguments.vocabulary)
    for path in imitation.write(reader, read_by, student, texts, arguments.out, arguments.kind):
        print(path, path.stat().st_size, flush=True)


def run(
    model: Model,
    streams: list[Stream],
    tokenizer: Tokenizer,
    folder: Path,
    settings: Settings,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    Training(model, streams, folder, settings).run()


def inputs(arguments: argparse.Namespace, source: Path) -> list[Path]:
    """Every file that the run depends on."""
    paths = [arguments.data / name for name in INPUTS]
    paths += [path for path in sorted(source.iterdir()) if path.suffix in (".json", ".pt", ".safetensors")]
    if arguments.vocabulary:
        paths.append(minilm.folder() / "model.safetensors")
    return paths + arguments.sentences + ([arguments.reviews] if arguments.reviews else [])


def training_streams(arguments: argparse.Namespace, settings: Settings, tokenizer: Tokenizer) -> dict[str, Stream]:
    ends = sentence_ends(tokenizer)
    labelled = data.training_reviews(arguments.data, tokenizer, settings.seed)
    # Of sentences with a negation three in four say something bad: what "not bad" means would be lost on training.
    taught = [soft_labels.load(path).balanced() for path in arguments.sentences]
    sentences = sum(taught, start=data.training_sentences(arguments.data, tokenizer))
    reviews = {"reviews": labelled}
    if arguments.reviews:
        reviews["unlabelled reviews"] = soft_labels.load(arguments.reviews)
    share = settings.review_tokens // settings.threads
    streams = {name: Stream(rows, share, settings.seed, ends=ends) for name, rows in reviews.items()}
    streams["sentences"] = Stream(sentences, settings.sentence_tokens // settings.threads, settings.seed)
    if settings.long_tokens:
        streams["long texts"] = Stream(
            long_texts.long_texts(reduce(add, reviews.values()), settings.seed),
            settings.long_tokens // settings.threads,
            settings.seed,
            longest=long_texts.MOST_TOKENS,
            short_share=0.0,
        )
    return streams


def label(arguments: argparse.Namespace) -> None:
    texts = texts_of(arguments)
    readers = [(reader_of(run), tokenizer_of(run)) for run in arguments.runs]
    with torch.autocast("cpu", torch.bfloat16, enabled=arguments.bfloat16):
        for rows in soft_labels.labelled(readers, tokenizer_of(arguments.vocabulary), texts, arguments.out):
            sure = np.mean(np.abs(rows.targets - 0.5) > 0.4)
            tokens = sum(map(len, rows.ids))
            print(f"{len(rows)} {arguments.kind}, {tokens} tokens; {sure:.1%} beyond 0.1 and 0.9", flush=True)


def scale_pooling(arguments: argparse.Namespace) -> None:
    model, _ = export.read(arguments.model)
    with torch.no_grad():
        model.pooling.weight *= arguments.scale
    export.write_floats(model, arguments.model)


def fit_evidence(arguments: argparse.Namespace) -> None:
    model, tokenizer = export.read(arguments.model)
    ends = sentence_ends(tokenizer)
    reviews = data.training_reviews(arguments.data, tokenizer, arguments.seed)
    texts = reviews.take(np.flatnonzero(reviews.targets != 0.5)).sample(arguments.texts)
    with torch.autocast("cpu", torch.bfloat16, enabled=arguments.bfloat16):
        v = evidence.fit(model, texts, ends, arguments.sets, arguments.strength, arguments.seed)
        rows = data.validation(arguments.data, tokenizer, "imdb")
        long = [i for i, ids in enumerate(rows.ids) if deletions.sentence_numbers(ids, ends)[-1] >= 10]
        print(evidence.report(model, rows.take(np.array(long)).sample(arguments.rows), v, ends, 12, arguments.seed))
    with torch.no_grad():
        model.evidence.weight[0] = torch.tensor(v)
    export.write_floats(model, arguments.model)


def reduce_vocabulary(arguments: argparse.Namespace) -> None:
    tokenizer = minilm.tokenizer()
    counts = vocabulary.count(tokenizer, data.all_text(arguments.data))
    smaller, kept = vocabulary.reduce(tokenizer, counts, arguments.size)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "tokenizer.json").write_text(smaller.to_str(), encoding="utf-8")
    (arguments.out / "kept.json").write_text(json.dumps(kept), encoding="utf-8")
    print(f"{len(kept)} entries, {sum(counts[i] for i in kept) / counts.total():.2%} of {counts.total()} tokens")


def sentence_ends(tokenizer: Tokenizer) -> set[int]:
    return {tokenizer.token_to_id(end) for end in deletions.ENDS}


def average(arguments: argparse.Namespace) -> None:
    """A run whose weights are those of several, averaged by their shares (Wortsman et al. 2022, arXiv 2203.05482)."""
    arguments.out.mkdir(parents=True, exist_ok=True)
    models = [started(run) for run in arguments.runs]
    with torch.no_grad():
        parts = zip(*(model.parameters() for model in models), strict=True)
        mean = [sum(share * part for share, part in zip(arguments.shares, group, strict=True)) for group in parts]
    torch.save({"model": models[0].state_dict(), "average": mean}, arguments.out / "checkpoint.pt")
    tokenizer_of(arguments.runs[0]).save(str(arguments.out / "tokenizer.json"))


def write_folder(arguments: argparse.Namespace) -> None:
    model, tokenizer = trained(arguments.run), tokenizer_of(arguments.run)
    sentences = data.training_sentences(arguments.data, tokenizer).sample(SENTENCES_TO_ROUND_BY)
    reviews = data.training_reviews(arguments.data, tokenizer, seed=1).sample(REVIEWS_TO_ROUND_BY)
    grams = compensated.gram_matrices(model, sentences + reviews)
    export.write(model, tokenizer, arguments.model, grams)
    for path in sorted(arguments.model.iterdir()):
        print(data.sha256(path), path.stat().st_size, path.name)


def calibrate(arguments: argparse.Namespace) -> None:
    model, tokenizer = export.read(arguments.model)
    rows = data.validation(arguments.data, tokenizer, "imdb") + data.validation(arguments.data, tokenizer, "sst2")
    scores, positive = logits(model, rows), rows.targets > 0.5
    fitted = round(calibration.temperature(scores, positive), 3)
    export.write_config(export.read_config(arguments.model) | {"temperature": fitted}, arguments.model)
    before = calibration.error(scores, positive)
    after = calibration.error(calibration.cross_fitted(scores, positive, arguments.seed), positive)
    print(f"temperature {fitted} from {len(rows)} rows; calibration error {before:.4f}, cross-fitted {after:.4f}")


def evaluate(arguments: argparse.Namespace) -> None:
    model, tokenizer = export.read(arguments.model)
    print(data.sha256(arguments.model / "model.safetensors"), "model.safetensors")
    original = trained(arguments.run) if arguments.run else None
    for name in ("sst2", "imdb"):
        rows = data.validation(arguments.data, tokenizer, name).sample(arguments.rows)
        start = time.monotonic()
        scores = logits(model, rows)
        print(f"{name}: {accuracy(scores, rows)}, {time.monotonic() - start:.0f} s", flush=True)
        for few, many in ((0, data.MAX_TOKENS), (data.MAX_TOKENS, None)) if name == "imdb" else ():
            chosen = rows.between(few, many)
            print(f"  of over {few} to {many or 'any'} tokens: {accuracy(scores[chosen], rows.take(chosen))}")
        if original:
            before = logits(original, rows)
            same = np.mean((before > 0) == (scores > 0))
            print(f"  unrounded: {accuracy(before, rows)}; same labels {same:.2%}", flush=True)


COMMANDS = {
    "vocabulary": reduce_vocabulary,
    "train": train,
    "average": average,
    "pooling": scale_pooling,
    "evidence": fit_evidence,
    "export": write_folder,
    "calibrate": calibrate,
    "evaluate": evaluate,
    "teach": teach,
    "label": label,
    "states": teacher_states,
    "imitate": imitate,
}

if __name__ == "__main__":
    arguments = command_line.parser(COMMANDS).parse_args()
    arguments.command(arguments)
