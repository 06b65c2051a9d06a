"""The network in PyTorch: a BERT-shaped encoder whose attention is Nyström attention.

Parameter names are those of Hugging Face's Nystromformer, so a state dict is a checkpoint as it stands. Mathematics:
Xiong et al., "Nyströmformer" (AAAI 2021, arXiv 2102.03902), with even segments and a pseudo-inverse scaled per matrix.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, softmax

EVIDENCE = "evidence.weight"  # the parameter's name
PSEUDO_INVERSE_STEPS = 6
DROPOUT_POOL = 1 << 23
EVIDENCE_SHARE = 1.0  # of its squared error in the loss


@dataclass(frozen=True)
class Shape:
    """Sizes of the network; the defaults are those of all-MiniLM-L6-v2 with our attention."""

    vocab_size: int = 30522
    hidden_size: int = 384
    num_hidden_layers: int = 6
    num_attention_heads: int = 12
    intermediate_size: int = 1536
    max_position_embeddings: int = 512
    type_vocab_size: int = 2
    num_landmarks: int = 32
    conv_kernel_size: int = 33
    layer_norm_eps: float = 1e-12
    exact_up_to: int = 128


@cache
def dropout_pool(rate: float) -> torch.Tensor:
    """DROPOUT_POOL times whether to keep a number: true with probability 1 - rate."""
    return torch.from_numpy(np.random.default_rng(5).random(DROPOUT_POOL, np.float32) >= rate)


class Dropout:
    """Dropout whose masks are cut at random places from one pool: drawing each anew takes a sixth of a step."""

    def __init__(self, rate: float, seed: int):
        self.pool, self.scale, self.rng = dropout_pool(rate), 1 / (1 - rate), np.random.default_rng(seed)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        start = int(self.rng.integers(DROPOUT_POOL - x.numel()))
        return x * self.scale * self.pool[start : start + x.numel()].view(x.shape)


@dataclass
class Batch:
    """Texts padded to the longest. Every text of a batch takes the same attention path.

    ids, positions: (texts, tokens); lengths: (texts,); spans: (spans, 3) of text, first token and end, each to be given a
    logit; landmarks: Nyström attention if true, exact if false; targets, shares, squared, sharpness, weights: (spans,), of
    the loss; dropout: on the embeddings, every layer's two outputs and the pooled vectors, or None. gone: (pairs, tokens),
    if the batch's first half comes once more without some tokens, which these are.
    """

    ids: torch.Tensor
    positions: torch.Tensor
    lengths: torch.Tensor
    spans: torch.Tensor
    landmarks: bool
    targets: torch.Tensor | None = None
    shares: torch.Tensor | None = None
    squared: torch.Tensor | None = None
    sharpness: torch.Tensor | None = None
    weights: torch.Tensor | None = None
    dropout: Dropout | None = None
    gone: torch.Tensor | None = None


def segment_means(lengths: torch.Tensor, tokens: int, landmarks: int) -> torch.Tensor:
    """(texts, landmarks, tokens) matrices that average each segment's rows.

    With s = n // m the first (s + 1) * m - n segments have s tokens, the others s + 1; a text needs n >= m tokens.
    """
    size = lengths // landmarks
    short = (size + 1) * landmarks - lengths
    index = torch.arange(landmarks + 1)
    border = index * size[:, None] + (index - short[:, None]).clamp(min=0)
    start, end = border[:, :-1, None], border[:, 1:, None]
    token = torch.arange(tokens)
    inside = (token >= start) & (token < end)
    return inside / (end - start)


def pseudo_inverse(a: torch.Tensor) -> torch.Tensor:
    """Approximate Moore-Penrose inverse of each (m, m) matrix A, started from A^T / (|A|_1 |A|_inf) of A alone."""
    scale = a.abs().sum(-2).amax(-1) * a.abs().sum(-1).amax(-1)
    z = a.transpose(-1, -2) / scale[..., None, None]
    eye = torch.eye(a.shape[-1], dtype=a.dtype)
    for _ in range(PSEUDO_INVERSE_STEPS):
        az = a @ z
        z = 0.25 * z @ (13 * eye - az @ (15 * eye - az @ (7 * eye - az)))
    return z


def attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
    """softmax(q . k / sqrt(d)) . v, keys outside `mask` left out. PyTorch's fused kernel was slower on a CPU."""
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return softmax(scores, -1) @ v


class SelfAttention(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.heads = shape.num_attention_heads
        self.query = nn.Linear(shape.hidden_size, shape.hidden_size)
        self.key = nn.Linear(shape.hidden_size, shape.hidden_size)
        self.value = nn.Linear(shape.hidden_size, shape.hidden_size)
        kernel = shape.conv_kernel_size
        self.conv = nn.Conv2d(
            self.heads, self.heads, (kernel, 1), padding=(kernel // 2, 0), bias=False, groups=self.heads
        )

    def split(self, x: torch.Tensor) -> torch.Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def forward(self, x: torch.Tensor, valid: torch.Tensor | None, means: torch.Tensor | None) -> torch.Tensor:
        """x: (texts, tokens, hidden). valid: (texts, tokens), None without padding. means: None for exact attention."""
        q, k, v = self.query(x), self.key(x), self.value(x)
        if valid is not None:
            v = v * valid[..., None]
        mask = None if valid is None else valid[:, None, None, :]
        q_heads, k_heads, v_heads = self.split(q), self.split(k), self.split(v)
        if means is None:
            context = attend(q_heads, k_heads, v_heads, mask)
        else:
            q_landmarks, k_landmarks = self.split(means @ q), self.split(means @ k)
            scale = q_heads.shape[-1] ** -0.5
            with torch.autocast("cpu", enabled=False):
                scores = q_landmarks.float() @ k_landmarks.float().transpose(-1, -2) * scale
                inverse = pseudo_inverse(softmax(scores, -1))
            gathered = attend(q_landmarks, k_heads, v_heads, mask)
            context = attend(q_heads, k_landmarks, inverse @ gathered, None)
        return (context + self.conv(v_heads)).transpose(1, 2).flatten(2)


class AddAndNorm(nn.Module):
    """LayerNorm(residual + dropout(dense(x)))."""

    def __init__(self, inputs: int, shape: Shape):
        super().__init__()
        self.dense = nn.Linear(inputs, shape.hidden_size)
        self.LayerNorm = nn.LayerNorm(shape.hidden_size, shape.layer_norm_eps)

    def forward(self, x: torch.Tensor, residual: torch.Tensor, dropout: Dropout | None) -> torch.Tensor:
        x = self.dense(x)
        return self.LayerNorm((x if dropout is None else dropout(x)) + residual)


class Layer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.attention = nn.ModuleDict({"self": SelfAttention(shape), "output": AddAndNorm(shape.hidden_size, shape)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(shape.hidden_size, shape.intermediate_size)})
        self.output = AddAndNorm(shape.intermediate_size, shape)

    def forward(
        self,
        x: torch.Tensor,
        valid: torch.Tensor | None,
        means: torch.Tensor | None,
        dropout: Dropout | None,
    ) -> torch.Tensor:
        x = self.attention["output"](self.attention["self"](x, valid, means), x, dropout)
        return self.output(nn.functional.gelu(self.intermediate["dense"](x)), x, dropout)


class Embeddings(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.word_embeddings = nn.Embedding(shape.vocab_size, shape.hidden_size, sparse=True)
        self.position_embeddings = nn.Embedding(shape.max_position_embeddings, shape.hidden_size)
        self.token_type_embeddings = nn.Embedding(shape.type_vocab_size, shape.hidden_size)
        self.LayerNorm = nn.LayerNorm(shape.hidden_size, shape.layer_norm_eps)

    def forward(self, ids: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        words = self.word_embeddings(ids) + self.position_embeddings(positions)
        return self.LayerNorm(words + self.token_type_embeddings.weight[0])


class Encoder(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embeddings = Embeddings(shape)
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(Layer(shape) for _ in range(shape.num_hidden_layers))})

    def forward(self, batch: Batch) -> torch.Tensor:
        """Final token states (texts, tokens, hidden); rows of padding hold nothing of use."""
        tokens = batch.ids.shape[1]
        valid = None
        if int(batch.lengths.min()) < tokens:
            valid = torch.arange(tokens) < batch.lengths[:, None]
        means = segment_means(batch.lengths, tokens, self.shape.num_landmarks) if batch.landmarks else None
        x = self.embeddings(batch.ids, batch.positions)
        if batch.dropout is not None:
            x = batch.dropout(x)
        for layer in self.encoder["layer"]:
            x = layer(x, valid, means, batch.dropout)
        return x


@dataclass
class Pooled:
    """states: (texts, tokens, hidden); logits: (spans,); scores: (spans, tokens), u . h_t, minus infinity outside a span."""

    states: torch.Tensor
    logits: torch.Tensor
    scores: torch.Tensor


class Classifier(nn.Module):
    """A span's logit = w . sum over its tokens of a_t h_t + b with a = softmax_t(u . h_t): the mean, as long as u is 0.

    The evidence head v predicts how much of the logit goes with some tokens (see evidence.py).
    """

    def __init__(self, shape: Shape):
        super().__init__()
        self.nystromformer = Encoder(shape)
        self.classifier = nn.Linear(shape.hidden_size, 1)
        self.pooling = nn.Linear(shape.hidden_size, 1, bias=False)
        self.evidence = nn.Linear(shape.hidden_size, 1, bias=False)
        nn.init.zeros_(self.pooling.weight)
        nn.init.zeros_(self.evidence.weight)

    @property
    def shape(self) -> Shape:
        return self.nystromformer.shape

    def forward(self, batch: Batch) -> torch.Tensor:
        """One logit a span."""
        return self.pool(batch).logits

    def pool(self, batch: Batch) -> Pooled:
        states = self.nystromformer(batch).float()
        text, start, end = batch.spans[:, :, None].unbind(1)
        kept = states
        if batch.dropout is not None:
            # The same channels of every token: dropout of the weighted mean.
            kept = states * batch.dropout(torch.ones(len(states), 1, states.shape[2]))
        with torch.autocast("cpu", enabled=False):
            scores = self.pooling(states)[..., 0]
            verdicts = self.classifier(kept)[..., 0]
        token = torch.arange(states.shape[1])
        outside = (token < start) | (token >= end)
        scores = scores[text[:, 0]].masked_fill(outside, -torch.inf)
        return Pooled(states, (softmax(scores, -1) * verdicts[text[:, 0]]).sum(-1), scores)

    def loss(self, batch: Batch) -> torch.Tensor:
        pooled = self.pool(batch)
        loss = span_loss(pooled, batch) + pooling_loss(pooled, batch)
        return loss if batch.gone is None else loss + EVIDENCE_SHARE * self.evidence_loss(pooled, batch)

    def evidence_loss(self, pooled: Pooled, batch: Batch) -> torch.Tensor:
        """Mean squared error of what the evidence of the tokens that are gone says of the logit's fall.

        Its gradient also makes the logits themselves such that evidence can tell their difference.
        """
        pairs = len(batch.gone)
        whole, rest = pooled.logits[: 2 * pairs].split(pairs)
        with torch.autocast("cpu", enabled=False):
            own = softmax(pooled.scores[:pairs], -1) * self.evidence(pooled.states[:pairs])[..., 0]
        spread = whole - self.classifier.bias - own.sum(-1)
        share = batch.gone.sum(-1) / batch.lengths[:pairs]
        predicted = (own * batch.gone).sum(-1) + share * spread
        return (predicted - (whole - rest)).square().mean()


def span_loss(pooled: Pooled, batch: Batch) -> torch.Tensor:
    """By the spans' shares, cross-entropy or, near 0 the same but for a constant, the squared error of log-odds.

    Cross-entropy is of log-odds times the sharpness, on both sides: what a sharp one asks most is the right side of 0.
    """
    log_odds = batch.targets.logit()
    sharp = (batch.sharpness * log_odds).sigmoid()
    entropy = binary_cross_entropy_with_logits(batch.sharpness * pooled.logits, sharp, reduction="none")
    error = (pooled.logits - log_odds).square() / 8
    return (batch.shares * torch.where(batch.squared, error, entropy)).sum()


def pooling_loss(pooled: Pooled, batch: Batch) -> torch.Tensor:
    """Cross-entropy of each text's pooling weights, summed over its parts, with the weights that these should have."""
    sums = pooled.scores.logsumexp(-1)
    whole = sums[batch.spans[:, 1] == 0]
    return (batch.weights * (whole[batch.spans[:, 0]] - sums)).sum()
