"""The network in PyTorch: a BERT-shaped encoder whose attention is Nyström attention.

Parameter names are those of Hugging Face's Nystromformer, so a state dict is a checkpoint as it stands. Mathematics:
Xiong et al., "Nyströmformer" (AAAI 2021, arXiv 2102.03902), with even segments and a pseudo-inverse scaled per matrix.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention, softmax

PSEUDO_INVERSE_STEPS = 6


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


@dataclass
class Batch:
    """Texts padded to the longest. Every text of a batch takes the same attention path.

    ids, positions: (texts, tokens); lengths, targets: (texts,); landmarks: Nyström attention if true, exact if false;
    pooled_mask: (texts, hidden) factors on the pooled vector (dropout), or None.
    """

    ids: torch.Tensor
    positions: torch.Tensor
    lengths: torch.Tensor
    landmarks: bool
    targets: torch.Tensor | None = None
    pooled_mask: torch.Tensor | None = None


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
            context = scaled_dot_product_attention(q_heads, k_heads, v_heads, mask)
        else:
            q_landmarks, k_landmarks = self.split(means @ q), self.split(means @ k)
            scale = q_heads.shape[-1] ** -0.5
            inverse = pseudo_inverse(softmax(q_landmarks @ k_landmarks.transpose(-1, -2) * scale, -1))
            gathered = scaled_dot_product_attention(q_landmarks, k_heads, v_heads, mask)
            context = scaled_dot_product_attention(q_heads, k_landmarks, inverse @ gathered)
        return (context + self.conv(v_heads)).transpose(1, 2).flatten(2)


class AddAndNorm(nn.Module):
    """LayerNorm(residual + dense(x))."""

    def __init__(self, inputs: int, shape: Shape):
        super().__init__()
        self.dense = nn.Linear(inputs, shape.hidden_size)
        self.LayerNorm = nn.LayerNorm(shape.hidden_size, shape.layer_norm_eps)

    def forward(self, x: torch.Tensor, residual: torch.Tensor) -> torch.Tensor:
        return self.LayerNorm(self.dense(x) + residual)


class Layer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.attention = nn.ModuleDict({"self": SelfAttention(shape), "output": AddAndNorm(shape.hidden_size, shape)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(shape.hidden_size, shape.intermediate_size)})
        self.output = AddAndNorm(shape.intermediate_size, shape)

    def forward(self, x: torch.Tensor, valid: torch.Tensor | None, means: torch.Tensor | None) -> torch.Tensor:
        x = self.attention["output"](self.attention["self"](x, valid, means), x)
        return self.output(nn.functional.gelu(self.intermediate["dense"](x)), x)


class Embeddings(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.word_embeddings = nn.Embedding(shape.vocab_size, shape.hidden_size)
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
        for layer in self.encoder["layer"]:
            x = layer(x, valid, means)
        return x


class Classifier(nn.Module):
    """logit = w . mean over a text's tokens of h + b."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.nystromformer = Encoder(shape)
        self.classifier = nn.Linear(shape.hidden_size, 1)

    def forward(self, batch: Batch) -> torch.Tensor:
        states = self.nystromformer(batch)
        valid = torch.arange(states.shape[1]) < batch.lengths[:, None]
        weights = valid / batch.lengths[:, None]
        pooled = (weights[:, None, :] @ states)[:, 0]
        if batch.pooled_mask is not None:
            pooled = pooled * batch.pooled_mask
        return self.classifier(pooled)[:, 0]
