"""Matrices as few-bit integers with scales: how a model is stored, and what training sees of that.

The last columns of a matrix are read in groups; a group's values are its integers times its scale.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch


@dataclass(frozen=True)
class Form:
    """Integers of `bits` bits, symmetric about 0; `group` neighbours of a row share a scale, or all of a row that has no more."""

    bits: int
    group: int | None = None

    @property
    def limit(self) -> int:
        """The largest integer; the smallest is its negative."""
        return 2 ** (self.bits - 1) - 1


LINEAR = Form(bits=6)
WORDS = Form(bits=5, group=64)


def form_of(name: str) -> Form | None:
    """How a parameter is stored: word embeddings and the six matrices of a layer as integers, others as floats."""
    if name.endswith(".word_embeddings.weight"):
        return WORDS
    if name.endswith(("dense.weight", "query.weight", "key.weight", "value.weight")):
        return LINEAR
    return None


def quantise(weight: torch.Tensor, form: Form) -> tuple[torch.Tensor, torch.Tensor]:
    """Int8 integers (rows x columns) and their scales (rows x groups), which float16 holds."""
    columns = weight.shape[1]
    groups = weight.reshape(len(weight), -1, min(form.group or columns, columns))
    scale = (groups.abs().amax(2) / form.limit).half().float()
    scale = torch.where(scale > 0, scale, 1.0)
    values = (groups / scale[..., None]).round_().clamp_(-form.limit, form.limit)
    return values.reshape(weight.shape).to(torch.int8), scale


def dequantise(values: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    groups = values.reshape(*scale.shape, -1)
    return (groups * scale[..., None]).reshape(values.shape)


def pack(values: torch.Tensor, bits: int) -> torch.Tensor:
    """Bytes (rows x columns * bits / 8) of values + 2^(bits-1), the first in the lowest bits."""
    shifted = (values.numpy() + 2 ** (bits - 1)).astype(np.uint8)
    single = np.unpackbits(shifted[..., None], axis=2, count=bits, bitorder="little")
    return torch.from_numpy(np.packbits(single.reshape(len(shifted), -1), axis=1, bitorder="little"))


def unpack(packed: torch.Tensor, columns: int) -> torch.Tensor:
    bits = 8 * packed.shape[1] // columns
    single = np.unpackbits(packed.numpy(), axis=1, bitorder="little").reshape(len(packed), columns, bits)
    values = np.packbits(single, axis=2, bitorder="little")[..., 0].astype(np.int8)
    return torch.from_numpy(values - np.int8(2 ** (bits - 1)))


class SevenBits(torch.autograd.Function):
    """Each row as the core's integers have it: scale · (q − zero), q in 0 … 127 of its range, widened to hold 0.

    Its gradient is that of the identity (the straight-through estimator, arXiv 1308.3432).
    """

    @staticmethod
    def forward(_context, x: torch.Tensor) -> torch.Tensor:
        low, high = x.float().aminmax(dim=-1, keepdim=True)
        low, high = low.clamp(max=0), high.clamp(min=0)
        scale = torch.where(high > low, (high - low) / 127, 1)
        zero = (-low / scale).round_()
        return (x / scale).round_().add_(zero).clamp_(0, 127).sub_(zero).mul_(scale).to(x.dtype)

    @staticmethod
    def backward(_context, gradient: torch.Tensor) -> torch.Tensor:
        return gradient


@contextmanager
def rounded(model: torch.nn.Module) -> Iterator[None]:
    """Within, matrices have the values that will be stored, and layers' inputs 7 bits; after it their own again.

    A gradient taken within is applied to the unrounded matrices, straight through as well.
    """
    originals = {name: parameter.data for name, parameter in model.named_parameters() if form_of(name)}
    parameters = dict(model.named_parameters())
    for name, original in originals.items():
        parameters[name].data = dequantise(*quantise(original, form_of(name)))
    layers = [module for name, module in model.named_modules() if form_of(f"{name}.weight") == LINEAR]
    hooks = [layer.register_forward_pre_hook(lambda _, inputs: SevenBits.apply(*inputs)) for layer in layers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
        for name, original in originals.items():
            parameters[name].data = original
