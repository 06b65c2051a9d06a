"""What each stage is told on the command line."""

import argparse
from collections.abc import Callable
from pathlib import Path

from nystrom_training.train import Settings

Command = Callable[[argparse.Namespace], None]


def add_vocabulary(stage: argparse.ArgumentParser) -> None:
    stage.add_argument("--size", type=int, required=True, help="entries to keep")
    stage.add_argument("--out", type=Path, required=True, help="folder for tokenizer.json and the entries' old ids")


def add_train(stage: argparse.ArgumentParser) -> None:
    stage.add_argument(
        "--run", type=Path, required=True, help="folder for the log and the checkpoint; one there is resumed"
    )
    source = stage.add_mutually_exclusive_group(required=True)
    source.add_argument("--vocabulary", type=Path, help="folder that `vocabulary` wrote; starts from all-MiniLM-L6-v2")
    source.add_argument("--imitated", type=Path, help="run of `imitate` whose averaged encoder to start from")
    source.add_argument("--start", type=Path, help="run (its averaged weights) or model folder to go on from")
    stage.add_argument(
        "--sentences",
        type=Path,
        nargs="+",
        default=[],
        help="files of `label sentences` or `label negations`, to be read along with SST-2's",
    )
    stage.add_argument("--reviews", type=Path, help="file of `label reviews`, of which a step reads as much")
    stage.add_argument("--tokens", type=int, required=True, help="tokens to read before the rate reaches 0")
    stage.add_argument("--rate", type=float, default=Settings.top_rate, help="the top layer's rate, at its peak")
    stage.add_argument("--review-tokens", type=int, default=Settings.review_tokens, help="tokens of reviews a step")
    stage.add_argument("--sentence-tokens", type=int, default=Settings.sentence_tokens, help="of sentences")
    stage.add_argument("--long", type=int, default=0, help="tokens a step of texts of more than 512 tokens")
    stage.add_argument("--rounded", action="store_true", help="compute with the weights as `export` will store them")


def add_average(stage: argparse.ArgumentParser) -> None:
    stage.add_argument(
        "--runs", type=Path, nargs="+", required=True, help="runs, or model folders, with the same tokenizer"
    )
    stage.add_argument("--shares", type=float, nargs="+", required=True, help="of each, adding up to 1")
    stage.add_argument("--out", type=Path, required=True, help="folder of the run that is made")


def add_pooling(stage: argparse.ArgumentParser) -> None:
    stage.add_argument("--model", type=Path, required=True, help="model folder")
    stage.add_argument("--scale", type=float, required=True, help="factor on u as it is stored")


def add_evidence(stage: argparse.ArgumentParser) -> None:
    stage.add_argument("--model", type=Path, required=True, help="model folder, whose evidence head it becomes")
    stage.add_argument("--texts", type=int, default=3000, help="training reviews")
    stage.add_argument("--sets", type=int, default=10, help="deletions of each")
    stage.add_argument("--strength", type=float, default=1e-2, help="of the ridge penalty")
    stage.add_argument("--rows", type=int, default=150, help="validation reviews of ten sentences or more")


def add_export(stage: argparse.ArgumentParser) -> None:
    stage.add_argument("--run", type=Path, required=True, help="folder of the run")
    stage.add_argument("--model", type=Path, required=True, help="model folder to write")


def add_calibrate(stage: argparse.ArgumentParser) -> None:
    stage.add_argument("--model", type=Path, required=True, help="model folder")
    stage.add_argument("--seed", type=int, default=1, help="of the folds that the error is measured on")


def add_evaluate(stage: argparse.ArgumentParser) -> None:
    stage.add_argument("--model", type=Path, required=True, help="model folder")
    stage.add_argument("--run", type=Path, help="the run it came from, to compare with unrounded weights")
    stage.add_argument("--rows", type=int, help="only so many rows of each set, evenly spaced")


def add_teach(stage: argparse.ArgumentParser) -> None:
    stage.add_argument("--run", type=Path, required=True, help="folder for the log and the checkpoint")
    stage.add_argument("--tokens", type=int, required=True, help="tokens to read before the rate reaches 0")
    stage.add_argument("--sentence-tokens", type=int, default=1800, help="tokens of sentences a step")
    stage.add_argument("--review-tokens", type=int, default=0, help="tokens of reviews a step")


def add_label(stage: argparse.ArgumentParser) -> None:
    stage.add_argument("kind", choices=["reviews", "sentences", "negations"])
    stage.add_argument("--runs", type=Path, nargs="+", required=True, help="runs whose averaged weights read them")
    stage.add_argument("--vocabulary", type=Path, required=True, help="folder that `vocabulary` wrote, for the student")
    stage.add_argument("--count", type=int, required=True, help="how many to draw; more go on where --out ends")
    stage.add_argument("--out", type=Path, required=True, help="file to write (.npz)")


def add_states(stage: argparse.ArgumentParser) -> None:
    stage.add_argument("kind", choices=["reviews", "sentences", "phrases"])
    stage.add_argument("--teacher", type=Path, required=True, help="run of `teach` that reads them")
    stage.add_argument("--vocabulary", type=Path, required=True, help="folder that `vocabulary` wrote, for the student")
    stage.add_argument("--count", type=int, required=True, help="how many to draw; more go on where --out ends")
    stage.add_argument("--out", type=Path, required=True, help="folder to write")


def add_imitate(stage: argparse.ArgumentParser) -> None:
    stage.add_argument("--run", type=Path, required=True, help="folder for the log and the checkpoint")
    stage.add_argument("--start", type=Path, required=True, help="run, or model folder, whose encoder goes on")
    stage.add_argument("--states", type=Path, required=True, help="folder that `states` wrote")
    stage.add_argument("--tokens", type=int, required=True, help="tokens to read before the rate reaches 0")
    stage.add_argument("--rate", type=float, default=Settings.top_rate, help="every layer's rate, at its peak")


def parser(commands: dict[str, Command]) -> argparse.ArgumentParser:
    """One subcommand for each stage, which it leaves in `command`."""
    reads = argparse.ArgumentParser(add_help=False)
    reads.add_argument("--data", type=Path, required=True, help="folder with the training text and splits.json")
    draws = argparse.ArgumentParser(add_help=False)
    draws.add_argument("--seed", type=int, default=1)
    multiplies = argparse.ArgumentParser(add_help=False)
    multiplies.add_argument("--bfloat16", action="store_true", help="multiply in bfloat16 (a CPU with avx512_bf16)")
    computes = argparse.ArgumentParser(add_help=False, parents=[reads, draws, multiplies])
    result = argparse.ArgumentParser(
        prog="nystrom_training", description="Commands of the training project, one a stage."
    )
    stages = result.add_subparsers(required=True, metavar="STAGE")
    for name, parents, add, what in (
        ("vocabulary", [reads], add_vocabulary, "reduce the tokenizer to the entries that the text uses most"),
        ("train", [computes], add_train, "fine-tune all-MiniLM-L6-v2 with Nyström attention on labelled rows"),
        ("average", [], add_average, "average the weights of several runs"),
        ("pooling", [], add_pooling, "change how sharply a model folder's pooling chooses among tokens"),
        (
            "evidence",
            [computes],
            add_evidence,
            "fit the evidence head of a model folder to deletions, and measure it on V1",
        ),
        ("export", [reads], add_export, "write a run's averaged weights as a model folder"),
        ("calibrate", [reads], add_calibrate, "fit a model folder's temperature to V1 and write it into config.json"),
        ("evaluate", [reads], add_evaluate, "accuracy of a model folder on the validation rows V1"),
        ("teach", [computes], add_teach, "fine-tune all-mpnet-base-v2 on the same rows, to give soft labels"),
        ("label", [computes], add_label, "give unlabelled reviews, or sentences of them, soft labels for `train`"),
        ("states", [reads, draws], add_states, "keep the states that a teacher gives each word of some texts"),
        (
            "imitate",
            [draws, multiplies],
            add_imitate,
            "let the encoder learn to give the same, before `train --imitated`",
        ),
    ):
        stage = stages.add_parser(name, parents=parents, help=what)
        add(stage)
        stage.set_defaults(command=commands[name])
    return result
