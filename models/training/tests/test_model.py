"""The network against plain NumPy."""

import numpy as np
import pytest
import torch
from nystrom_training.evaluate import batches
from nystrom_training.long_texts import joined, laid_out
from nystrom_training.model import Dropout, Pooled, SelfAttention, segment_means, span_loss
from nystrom_training.stream import SHARPNESS, SUREST, aim, pad
from small import SHAPE, model, rows


def softmax(scores: np.ndarray) -> np.ndarray:
    e = np.exp(scores - scores.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def plain_attention(layer: SelfAttention, x: np.ndarray, m: int) -> np.ndarray:
    """One text in float64, head by head, tap by tap."""
    linear = [layer.query, layer.key, layer.value]
    q, k, v = (x @ f.weight.detach().double().numpy().T + f.bias.detach().double().numpy() for f in linear)
    n, d = len(x), x.shape[1] // layer.heads
    sizes = sorted(len(part) for part in np.array_split(np.arange(n), m))
    segments = np.split(np.arange(n), np.cumsum(sizes)[:-1])
    result = np.zeros_like(x)
    for head in range(layer.heads):
        columns = slice(head * d, (head + 1) * d)
        qh, kh, vh = q[:, columns] / np.sqrt(d), k[:, columns], v[:, columns]
        q_means, k_means = (np.stack([rows[s].mean(0) for s in segments]) for rows in (qh, kh))
        f, a, b = softmax(qh @ k_means.T), softmax(q_means @ k_means.T), softmax(q_means @ kh.T)
        z = a.T / (np.abs(a).sum(0).max() * np.abs(a).sum(1).max())
        eye = np.eye(m)
        for _ in range(6):
            z = z @ (13 * eye - a @ z @ (15 * eye - a @ z @ (7 * eye - a @ z))) / 4
        taps = layer.conv.weight[head, 0, :, 0].detach().double().numpy()
        padded = np.pad(vh, ((len(taps) // 2,) * 2, (0, 0)))
        result[:, columns] = f @ z @ b @ vh + sum(w * padded[i : i + n] for i, w in enumerate(taps))
    return result


@pytest.mark.parametrize("n", [8, 9, 15, 16, 17, 61])
def test_attention_is_what_the_paper_says(n):
    layer = model().nystromformer.encoder["layer"][0].attention["self"]
    x = torch.randn(1, n, SHAPE.hidden_size)
    with torch.no_grad():
        got = layer(x, None, segment_means(torch.tensor([n]), n, 8))[0].numpy()
    assert np.abs(got - plain_attention(layer, x[0].double().numpy(), 8)).max() < 1e-4


def test_padding_changes_nothing():
    network, texts = model(), rows()
    with torch.no_grad():
        for chosen in batches(texts, SHAPE.exact_up_to):
            together = network(pad([texts.ids[i] for i in chosen], SHAPE))
            alone = torch.cat([network(pad([texts.ids[i]], SHAPE)) for i in chosen])
            assert (together - alone).abs().max() < 1e-5


def test_a_span_is_read_by_its_own_tokens():
    network = model()
    torch.nn.init.normal_(network.pooling.weight)
    batch = pad([row[:40] for row in rows().ids if len(row) >= 40][:2], SHAPE)
    batch.spans = torch.tensor([(1, 5, 12)])
    with torch.no_grad():
        states = network.nystromformer(batch)[1, 5:12]
        shares = torch.softmax(network.pooling(states)[:, 0], 0)
        expected = network.classifier(shares @ states)
        assert torch.allclose(network(batch), expected, atol=1e-5)


def test_what_a_run_is_trained_on():
    """The error of its parts' log-odds is squared; its own are sharpened, and right where they are their mean."""
    texts = rows(30)
    text = joined(texts, np.arange(30), np.random.default_rng(1))
    batch = pad(text.ids, SHAPE)
    aim(batch, text)
    batch.weights = torch.zeros_like(batch.weights)
    of_run = np.log(text.targets[0] / (1 - text.targets[0]))

    def loss(of_text, of_part):
        logits = torch.tensor([of_text] + [of_part] * (len(batch.spans) - 1), dtype=torch.float32)
        return float(span_loss(Pooled(torch.empty(0), logits, torch.empty(0)), batch))

    assert np.isclose(loss(0, 0), np.log(2) / 2 + SUREST**2 / 8 / 2, atol=1e-4)
    assert np.isclose(loss(0, SUREST) + loss(0, -SUREST) - 2 * loss(0, 0), SUREST**2 / 8, atol=1e-4)
    assert loss(of_run, 0) < min(loss(of_run - 0.1, 0), loss(of_run + 0.1, 0))
    steepness = (loss(0.01, 0) - loss(-0.01, 0)) / 0.02
    assert np.isclose(steepness, SHARPNESS * (0.5 - 1 / (1 + np.exp(-SHARPNESS * of_run))) / 2, atol=1e-3)


def test_pooling_learns_to_look_at_opinions_alone_by_their_length():
    texts = rows(30)
    texts.targets[10:] = 0.5
    text = laid_out(texts, [3, 12, 20, 4], 0.0)
    batch = pad(text.ids, SHAPE)
    aim(batch, text)
    lengths = np.diff(text.parts[0][:, :2])[:, 0] * [1, 0, 0, 1]
    network = model()
    network.nystromformer.embeddings.word_embeddings.requires_grad_(False)
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    for _ in range(60):
        optimiser.zero_grad()
        network.loss(batch).backward()
        optimiser.step()
    with torch.no_grad():
        sums = network.pool(batch).scores.logsumexp(-1)
    assert np.allclose(torch.exp(sums[1:] - sums[0]), lengths / lengths.sum(), atol=0.05)


def test_dropout_keeps_the_mean():
    dropout, x = Dropout(0.25, seed=1), torch.ones(400, 400)
    dropped = dropout(x)
    assert abs(float((dropped == 0).float().mean()) - 0.25) < 0.01 and abs(float(dropped.mean()) - 1) < 0.01
    assert not torch.equal(dropped, dropout(x))
