"""Rounding that looks at what a matrix multiplies: what one column's rounding changes, the columns after it take back.

Frantar et al. 2022, "GPTQ", arXiv 2210.17323, equations 2 and 3, with its fixed order of columns: by how large their
inputs are.
"""

import torch

from nystrom_training.data import Rows
from nystrom_training.evaluate import logits
from nystrom_training.model import Classifier
from nystrom_training.rounding import LINEAR, Form, form_of, quantise

DAMPING = 0.01  # of the mean of a Gram matrix's diagonal


def gram_matrices(model: Classifier, rows: Rows) -> dict[str, torch.Tensor]:
    """XᵀX over all tokens' inputs X of each linear layer whose matrix is stored as integers, by the matrix's name."""
    sums: dict[str, torch.Tensor] = {}

    def listen(name: str):
        def add(_module, inputs, _output):
            with torch.autocast("cpu", enabled=False):
                x = inputs[0].flatten(0, -2).float()
                sums[name] = sums.get(name, 0) + x.T @ x

        return add

    linear = {f"{name}.weight": module for name, module in model.named_modules()}
    hooks = [module.register_forward_hook(listen(name)) for name, module in linear.items() if form_of(name) == LINEAR]
    logits(model, rows)
    for hook in hooks:
        hook.remove()
    return sums


def compensate(weight: torch.Tensor, form: Form, gram: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """As rounding.quantise for a matrix with one scale a row, but for the integers, which `gram` chooses."""
    _, scale = quantise(weight, form)
    order = torch.argsort(gram.diag(), descending=True)
    left = weight[:, order].double()
    values = torch.empty_like(left)
    factor = inverse_factor(gram[order][:, order].double())
    for column in range(left.shape[1]):
        values[:, column] = (left[:, column] / scale[:, 0]).round().clamp(-form.limit, form.limit)
        wrong = (left[:, column] - values[:, column] * scale[:, 0]) / factor[column, column]
        left[:, column + 1 :] -= wrong[:, None] * factor[column, column + 1 :]
    return values[:, order.argsort()].to(torch.int8), scale


def inverse_factor(gram: torch.Tensor) -> torch.Tensor:
    """The upper Cholesky factor of the inverse of a Gram matrix, damped so that it has one."""
    damped = gram + DAMPING * gram.diag().mean() * torch.eye(len(gram), dtype=gram.dtype)
    return torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(damped)), upper=True)
