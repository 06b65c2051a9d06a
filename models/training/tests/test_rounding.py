"""Matrices and inputs in a few bits."""

from argparse import Namespace

import numpy as np
import pytest
import torch
import twin
from nystrom_training import export
from nystrom_training.__main__ import scale_pooling
from nystrom_training.compensated import compensate
from nystrom_training.rounding import Form, dequantise, pack, quantise, rounded, unpack
from safetensors.torch import load_file
from small import SHAPE, model, words_of_ids

QUERY = "nystromformer.encoder.layer.0.attention.self.query.weight"


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
    network, tokenizer = model(), words_of_ids()
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


def test_floats_are_replaced_beside_integers_that_stay(tmp_path):
    """Integers that are not the nearest, as compensated rounding chooses, are no exception."""
    inputs = torch.rand(SHAPE.hidden_size, SHAPE.hidden_size)
    export.write(model(), words_of_ids(), tmp_path, {QUERY: inputs.T @ inputs})
    before = load_file(tmp_path / "model.safetensors")
    network, _ = export.read(tmp_path)
    with torch.no_grad():
        network.classifier.weight += 1
        network.evidence.weight += 2
    export.write_floats(network, tmp_path)
    after = load_file(tmp_path / "model.safetensors")
    changed = {name for name, value in after.items() if name not in before or not torch.equal(value, before[name])}
    assert changed == {"classifier.weight", "evidence.weight"}
    read, _ = export.read(tmp_path)
    assert all(torch.equal(value, read.state_dict()[name]) for name, value in network.state_dict().items())


def test_a_folders_pooling_is_made_less_sharp_and_nothing_else(tmp_path):
    network = model()
    with torch.no_grad():
        network.pooling.weight += 1
        network.evidence.weight += 1
    export.write(network, words_of_ids(), tmp_path, {})
    before = load_file(tmp_path / "model.safetensors")
    scale_pooling(Namespace(model=tmp_path, scale=0.7))
    after = load_file(tmp_path / "model.safetensors")
    assert torch.allclose(after.pop("pooling.weight"), 0.7 * before.pop("pooling.weight"))
    assert after.keys() == before.keys()
    assert all(torch.equal(value, before[name]) for name, value in after.items())
