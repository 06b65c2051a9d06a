"""The network against plain NumPy, and what training may not lose: rows, order, weights."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
import twin
from nystrom_training import data, export, negations, orders, soft_labels
from nystrom_training.compensated import compensate
from nystrom_training.data import TREEBANK_SPACE, WRITTEN_GRADE, Rows
from nystrom_training.evaluate import batches, logits
from nystrom_training.long_texts import buried, joined, laid_out
from nystrom_training.model import Classifier, Dropout, Pooled, SelfAttention, Shape, segment_means, span_loss
from nystrom_training.rounding import Form, dequantise, pack, quantise, rounded, unpack
from nystrom_training.stream import SHARPNESS, SUREST, Stream, aim, pad, window
from nystrom_training.train import Settings, Training, averaged
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

SHAPE = Shape(
    vocab_size=99,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=48,
    max_position_embeddings=64,
    num_landmarks=8,
    conv_kernel_size=5,
    exact_up_to=20,
)


def model() -> Classifier:
    torch.manual_seed(3)
    return Classifier(SHAPE)


def rows(count: int = 60) -> Rows:
    rng = np.random.default_rng(7)
    targets = rng.integers(0, 2, count)
    ids = [rng.integers(1 + 49 * y, 50 + 49 * y, rng.integers(3, 70)).astype(np.int32) for y in targets]
    return Rows(ids, targets.astype(np.float32))


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


def test_an_epoch_reads_every_row_once():
    stream = Stream(rows(), 200, seed=1)
    assert sorted(np.concatenate(stream.batches)) == list(range(60))
    assert all(stream.lengths[chosen].max() * len(chosen) <= 200 for chosen in stream.batches)


def test_a_window_keeps_the_frame():
    ids = np.arange(1000)
    cuts = [list(window(ids, 100, np.random.default_rng(seed))) for seed in range(20)]
    beginning, end = [*range(99), 999], [0, *range(901, 1000)]
    assert beginning in cuts and end in cuts and all(cut in (beginning, end) for cut in cuts)


@pytest.mark.parametrize(
    "published, written",
    [
        ("it 's a film that does n't work , at all .", "it's a film that doesn't work, at all."),
        ("you ' d -- well ... see", "you ' d -- well... see"),
    ],
)
def test_a_phrase_is_put_back_as_people_write(published, written):
    assert TREEBANK_SPACE.sub("", published) == written


def test_a_buried_review_is_whole_and_keeps_its_label():
    texts = rows(30)
    texts.targets[10:] = 0.5
    for seed in range(20):
        text = buried(texts, 3, np.arange(10, 30), np.random.default_rng(seed))
        ids, parts, review = text.ids[0], text.parts[0], texts.ids[3][1:-1]
        assert (text.targets[0] > 0.5) == (texts.targets[3] > 0.5) and len(ids) > 1024
        starts, ends, targets = parts[:, 0].astype(int), parts[:, 1].astype(int), parts[:, 2]
        assert starts[0] == 1 and ends[-1] == len(ids) - 1 and (starts[1:] == ends[:-1]).all()
        (place,) = np.flatnonzero(targets != 0.5)
        assert np.array_equal(ids[starts[place] : ends[place]], review) and targets[place] == text.targets[0]


def test_a_run_of_reviews_has_their_mean_log_odds():
    texts = rows(30)
    text = joined(texts, np.arange(30), np.random.default_rng(1))
    lengths, targets = np.diff(text.parts[0][:, :2])[:, 0], text.parts[0][:, 2]
    log_odds = np.log(targets / (1 - targets))
    assert np.allclose(np.abs(log_odds), SUREST, atol=1e-3) and len(np.unique(targets)) == 2
    assert abs(np.log(text.targets[0] / (1 - text.targets[0])) - log_odds @ lengths / lengths.sum()) < 1e-3
    batch = pad([text.ids[0], np.arange(9)], SHAPE)
    aim(batch, text + texts.take([0]))
    assert batch.spans[0].tolist() == [0, 0, len(text.ids[0])] and batch.spans[-1].tolist() == [1, 0, 9]
    assert torch.allclose(batch.targets[1:-1], torch.from_numpy(targets))
    assert np.allclose([batch.shares[0], batch.shares[1:-1].sum(), batch.shares[-1]], [0.25, 0.25, 0.5])
    assert batch.squared.tolist() == [False, *[True] * len(targets), False]
    assert batch.sharpness.tolist() == [SHARPNESS, *[1] * len(targets), 1]


def test_no_target_is_surer_than_the_surest():
    texts = rows(5)
    texts.targets[:] = [0, 1, 0.5, 0.3, 0.999]
    batch = pad(texts.ids, SHAPE)
    aim(batch, texts)
    assert torch.allclose(batch.targets.logit(), torch.tensor([-SUREST, SUREST, 0, float(np.log(3 / 7)), SUREST]))


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


def test_written_grades_are_found():
    text = "A 7.5/10 from me, 3 out of 5 from her, 9 / 10 once; 24/7 and 10/12/2001 stay."
    assert WRITTEN_GRADE.findall(text) == ["7.5/10", "3 out of 5", "9 / 10"]


def test_dropout_keeps_the_mean():
    dropout, x = Dropout(0.25, seed=1), torch.ones(400, 400)
    dropped = dropout(x)
    assert abs(float((dropped == 0).float().mean()) - 0.25) < 0.01 and abs(float(dropped.mean()) - 1) < 0.01
    assert not torch.equal(dropped, dropout(x))


def settings(budget: int, **others) -> Settings:
    return Settings(
        budget=budget,
        review_tokens=400,
        sentence_tokens=200,
        top_rate=1e-3,
        average=0.99,
        threads=1,
        log_steps=1,
        **others,
    )


def train(folder, budgets: list[int]) -> Classifier:
    pool = ThreadPoolExecutor(1)
    for budget in budgets:
        streams = [Stream(rows(), 400, 1), Stream(rows(), 200, 1)]
        run = Training(model(), streams, folder, settings(3000))
        while run.tokens < budget:
            run.advance(pool)
        run.save()
    return averaged(model(), folder / "checkpoint.pt")


def test_a_resumed_run_is_the_same_run(tmp_path):
    whole, parts = train(tmp_path / "whole", [3000]), train(tmp_path / "parts", [1000, 3000])
    for a, b in zip(whole.parameters(), parts.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize("as_stored", [False, True])
def test_it_learns(tmp_path, as_stored):
    streams = [Stream(rows(), 400, 1), Stream(rows(), 200, 1)]
    Training(model(), streams, tmp_path, settings(60000, rounded=as_stored)).run()
    learned, texts = averaged(model(), tmp_path / "checkpoint.pt"), rows()
    assert np.mean((logits(learned, texts) > 0) == (texts.targets > 0.5)) > 0.95


@pytest.mark.parametrize("form", [Form(bits=6), Form(bits=5, group=8), Form(bits=4, group=8)])
def test_integers_are_within_half_a_step(form):
    weight = torch.cat([torch.randn(5, 40), torch.zeros(1, 40)])
    values, scale = quantise(weight, form)
    assert values.abs().max() == 2 ** (form.bits - 1) - 1
    step = scale.repeat_interleave(form.group or 40, 1)
    assert ((dequantise(values, scale) - weight).abs() <= step * 0.51).all()
    assert torch.equal(unpack(pack(values, form.bits), 40), values)


def test_the_first_number_lies_in_the_lowest_bits():
    assert pack(torch.tensor([[-8, 7]]), 4).tolist() == [[0xF0]]
    assert pack(torch.tensor([[-16, 15, 0, 1, 2, 3, 4, 5]]), 5).tolist() == [[0xE0, 0xC3, 0x28, 0x27, 0xAD]]
    assert pack(torch.tensor([[-32, 31, 0, 1]]), 6).tolist() == [[0xC0, 0x0F, 0x86]]


def test_compensated_rounding_changes_products_less():
    torch.manual_seed(5)
    inputs, weight = torch.randn(500, 8) @ torch.randn(8, 40), torch.randn(7, 40)
    inputs += 0.1 * torch.randn(500, 40)
    values, scale = compensate(weight, Form(bits=4), inputs.T @ inputs)
    nearest = (dequantise(*quantise(weight, Form(bits=4))) - weight) @ inputs.T
    chosen = (dequantise(values, scale) - weight) @ inputs.T
    assert chosen.norm() < 0.7 * nearest.norm()


def test_inputs_that_have_nothing_in_common_ask_for_the_nearest_integers():
    torch.manual_seed(6)
    weight = torch.randn(7, 40)
    values, scale = compensate(weight, Form(bits=4), torch.diag(torch.rand(40) + 1))
    assert torch.equal(values, quantise(weight, Form(bits=4))[0])


def test_an_exported_folder_holds_what_rounded_training_saw(tmp_path):
    network, tokenizer = model(), Tokenizer(WordLevel({str(i): i for i in range(SHAPE.vocab_size)}))
    torch.nn.init.normal_(network.evidence.weight)
    export.write(network, tokenizer, tmp_path, {})
    read, _ = export.read(tmp_path)
    before = {name: parameter.clone() for name, parameter in network.named_parameters()}
    with rounded(network):
        for name, parameter in network.named_parameters():
            as_stored = parameter.half().float() if "position" in name else parameter
            assert torch.equal(as_stored, read.state_dict()[name])
    assert all(torch.equal(parameter, before[name]) for name, parameter in network.named_parameters())


def test_rounded_training_sees_the_inputs_of_layers_in_seven_bits():
    network = model()
    layer = network.nystromformer.encoder["layer"][0].intermediate["dense"]
    x = torch.randn(5, SHAPE.hidden_size, generator=torch.Generator().manual_seed(7)).requires_grad_()
    with rounded(network):
        got = layer(x)
        expected = twin.to_7_bits(x.detach().double().numpy()) @ layer.weight.detach().T.double().numpy()
        gradient = torch.autograd.grad(got.sum(), x)[0]
        assert torch.allclose(gradient, layer.weight.sum(0).expand_as(x), atol=1e-5)
    assert np.abs(got.detach().numpy() - expected - layer.bias.detach().numpy()).max() <= 1e-5
    assert not torch.allclose(layer(x), got, atol=1e-3)


def words_of_ids() -> Tokenizer:
    words = Tokenizer(WordLevel({str(i): i for i in range(SHAPE.vocab_size)}, unk_token="0"))
    words.pre_tokenizer = Whitespace()
    return words


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


def test_a_negation_turns_the_label():
    labels = {row["text"]: row["label"] for row in negations.rows()}
    assert len(labels) == negations.COUNT and 2 * sum(labels.values()) == negations.COUNT
    assert labels["the book was hardly sluggish."] == 1 and labels["the keyboard is far from perfect."] == 0
    assert labels["i found the book really stirring."] == 1


def test_we_write_few_rows_ourselves():
    # The data's terms allow 500, and the weights that training goes on from have read 300.
    assert negations.COUNT + 2 * len(orders.ORDERS) + len(set(data.facts())) <= 200


def test_orders_ask_for_either_label_and_are_not_what_evaluation_appends():
    asked = orders.orders(4000, seed=1)
    assert len(set(asked)) == 2 * len(orders.ORDERS)
    assert 0.45 < np.mean(["positive" in order for order in asked]) < 0.55
    assert not any("ignore the above" in order.lower() for order in asked)
