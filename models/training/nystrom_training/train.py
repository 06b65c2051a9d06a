"""Training of any kind: AdamW with layer-wise rates, an average of the weights, and checkpoints that resume."""

import json
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from nystrom_training.imitation import Imitation
from nystrom_training.model import Batch, Classifier
from nystrom_training.rounding import rounded
from nystrom_training.stream import Stream
from nystrom_training.teacher import Teacher
from nystrom_training.whole_file import whole_file

Model = Classifier | Imitation | Teacher


@dataclass(frozen=True)
class Settings:
    """budget and the micro-batches' sizes are in tokens; rates are AdamW's, at their peak."""

    budget: int
    seed: int = 1
    review_tokens: int = 8192
    sentence_tokens: int = 2048
    long_tokens: int = 0
    top_rate: float = 2e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.85
    conv_factor: float = 3.0
    weight_decay: float = 0.01
    warm_up: float = 0.06
    decay: float = 0.5
    clip: float = 10.0
    dropout: float = 0.1
    average: float = 0.998
    threads: int = 2
    bfloat16: bool = False
    rounded: bool = False
    checkpoint_seconds: float = 240.0
    log_steps: int = 20


def rate(name: str, layers: int, settings: Settings) -> float:
    """A parameter's peak rate: the head's, or the top layer's times layer_decay for each layer below the top."""
    if name.startswith(("classifier.", "pooling.", "evidence.", "head.")):
        return settings.head_rate
    parts = name.split(".")
    depth = layers - 1 - int(parts[3]) if parts[1:3] == ["encoder", "layer"] else layers
    factor = settings.conv_factor if ".conv." in name else 1.0
    return settings.top_rate * settings.layer_decay**depth * factor


def optimiser(model: Model, settings: Settings) -> torch.optim.AdamW:
    layers = model.shape.num_hidden_layers
    groups = [
        {
            "params": [parameter],
            "peak": rate(name, layers, settings),
            "weight_decay": settings.weight_decay if parameter.ndim > 1 else 0.0,
        }
        for name, parameter in model.named_parameters()
    ]
    return torch.optim.AdamW(groups, lr=0.0, fused=True)


def schedule(progress: float, settings: Settings) -> float:
    """0 to 1 over the share warm_up of the budget, then 1, then down to 0 over its last share decay.

    The level middle lets a run be resumed with another budget without a jump of the rate.
    """
    return max(0.0, min(progress / settings.warm_up, 1.0, (1 - progress) / settings.decay))


def tokens_of(batch: Batch) -> int:
    return int(batch.lengths.sum())


class Training:
    """One run in one folder: log.jsonl, checkpoint.pt.

    Each step takes a micro-batch of every stream, halved between the threads; a stream's loss weighs as the square root
    of its tokens, so that short sentences count without outvoting the reviews.
    """

    def __init__(self, model: Model, streams: list[Stream], folder: Path, settings: Settings):
        self.model, self.streams, self.folder, self.settings = model, streams, folder, settings
        self.parameters = list(model.parameters())
        self.average = [p.detach().clone() for p in self.parameters]
        self.optimiser = optimiser(model, settings)
        self.step = self.tokens = 0
        self.seconds = 0.0
        folder.mkdir(parents=True, exist_ok=True)
        if self.checkpoint.exists():
            self.restore()
        self.log(event="start", step=self.step, tokens=self.tokens, settings=asdict(settings))

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def log(self, **entry) -> None:
        line = json.dumps({"time": time.strftime("%H:%M:%S"), **entry})
        print(line, flush=True)
        with open(self.folder / "log.jsonl", "a", encoding="utf-8") as log:
            log.write(line + "\n")

    def save(self) -> None:
        state = {
            "model": self.model.state_dict(),
            "average": self.average,
            "optimiser": self.optimiser.state_dict(),
            "streams": [stream.state() for stream in self.streams],
            "step": self.step,
            "tokens": self.tokens,
            "seconds": self.seconds,
        }
        with whole_file(self.checkpoint) as file:
            torch.save(state, file)

    def restore(self) -> None:
        state = torch.load(self.checkpoint)
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        peaks = [group["peak"] for group in self.optimiser.param_groups]
        self.optimiser.load_state_dict(state["optimiser"])
        for group, peak in zip(self.optimiser.param_groups, peaks, strict=True):
            group["peak"] = peak
        for stream, saved in zip(self.streams, state["streams"], strict=True):
            stream.restore(saved)
        self.step, self.tokens, self.seconds = state["step"], state["tokens"], state["seconds"]

    def gradients(self, batches: list[Batch], weights: np.ndarray) -> tuple[list[float], tuple[torch.Tensor, ...]]:
        """One thread's share of a step: the loss of each batch, and the gradient of their weighted sum."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self.settings.bfloat16):
            losses = [self.model.loss(batch) for batch in batches]
        total = sum(float(weight) * loss for weight, loss in zip(weights, losses, strict=True))
        # Not every batch has something for the evidence head.
        gradients = torch.autograd.grad(total, self.parameters, materialize_grads=True)
        return [loss.item() for loss in losses], gradients

    def draw(self) -> tuple[list[list[Batch]], np.ndarray]:
        """For each thread a micro-batch of each stream, and their weights; (seed, step) settles the random numbers."""
        rng = np.random.default_rng([self.settings.seed, 2, self.step])
        shape, threads = self.model.shape, self.settings.threads
        batches = [[s.next(rng, shape, self.settings.dropout) for s in self.streams] for _ in range(threads)]
        roots = np.sqrt([[tokens_of(batch) for batch in share] for share in batches])
        return batches, roots / roots.sum()

    def advance(self, pool: ThreadPoolExecutor) -> list[float]:
        """One optimiser step; the loss of each stream."""
        batches, weights = self.draw()
        with rounded(self.model) if self.settings.rounded else nullcontext():
            results = list(pool.map(self.gradients, batches, weights))
        for parameter, *parts in zip(self.parameters, *(gradients for _, gradients in results), strict=True):
            parameter.grad = sum(parts, start=torch.zeros_like(parameter))
        torch.nn.utils.clip_grad_norm_(self.parameters, self.settings.clip)
        factor = schedule(self.tokens / self.settings.budget, self.settings)
        for group in self.optimiser.param_groups:
            group["lr"] = factor * group["peak"]
        self.optimiser.step()
        self.step += 1
        self.tokens += sum(tokens_of(batch) for share in batches for batch in share)
        decay = min(self.settings.average, (1 + self.step) / (10 + self.step))
        torch._foreach_lerp_(self.average, [p.detach() for p in self.parameters], 1 - decay)
        return list(np.mean([losses for losses, _ in results], 0))

    def run(self) -> None:
        torch.set_num_threads(1)
        saved = last = time.monotonic()
        recent: list[list[float]] = []
        seen = self.tokens
        with ThreadPoolExecutor(self.settings.threads) as pool:
            while self.tokens < self.settings.budget:
                recent.append(self.advance(pool))
                if self.step % self.settings.log_steps == 0:
                    now = time.monotonic()
                    self.seconds += now - last
                    losses = [round(float(x), 4) for x in np.mean(recent, 0)]
                    self.log(
                        step=self.step,
                        tokens=self.tokens,
                        losses=losses,
                        minutes=round(self.seconds / 60, 2),
                        tokens_per_second=round((self.tokens - seen) / (now - last)),
                    )
                    recent, seen, last = [], self.tokens, now
                if time.monotonic() - saved > self.settings.checkpoint_seconds:
                    self.save()
                    saved = time.monotonic()
        self.save()
        self.log(event="end", step=self.step, tokens=self.tokens, minutes=round(self.seconds / 60, 2))


def averaged(model: Model, checkpoint: Path) -> Model:
    """The model, with a checkpoint's averaged weights put into it."""
    state = torch.load(checkpoint)
    model.load_state_dict(state["model"])
    put(state["average"], model)
    return model


@torch.no_grad()
def put(values: Iterable[torch.Tensor], model: nn.Module) -> None:
    """Gives a model's parameters these values."""
    for parameter, value in zip(model.parameters(), values, strict=True):
        parameter.copy_(value)


def with_encoder_of(run: Path, model: Classifier) -> Classifier:
    """The model with the averaged encoder of a run of `imitate`; its head stays as it is."""
    encoder = model.nystromformer
    # In a run the encoder comes before the head.
    put(torch.load(run / "checkpoint.pt")["average"][: len(list(encoder.parameters()))], encoder)
    return model
