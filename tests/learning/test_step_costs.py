import pytest
import torch

from segstudio.learning.costs import measure
from segstudio.learning.networks.network import networks
from segstudio.learning.step_costs import macs, step_cost
from segstudio.settings import build


def cost(name, settings=None, **changed):
    given = {"batch": 2, "side": 64, "optimiser": "adam"} | changed
    return step_cost(build(networks[name], settings or {}), 3, 8, **given)


def test_work_and_parameters_are_those_of_the_list_of_networks():
    network = build(networks["fast_scnn"], {"width": 0.25})
    listed = measure(network)
    assert macs(network, 3, 8) == listed.macs
    assert cost("fast_scnn", {"width": 0.25}).parameters == listed.parameters


def test_memory_grows_with_what_the_backward_pass_keeps():
    small = cost("unet_8")
    double, large = cost("unet_8", batch=4), cost("unet_8", side=128)
    own = small.parameters * 4 * 5
    assert double.bytes - own == pytest.approx(2 * (small.bytes - own), rel=0.02)
    assert large.bytes - own == pytest.approx(4 * (small.bytes - own), rel=0.05)
    assert cost("unet_8", optimiser="sgd").bytes == small.bytes - 4 * small.parameters


def test_it_is_what_torch_keeps_on_a_processor():
    """Count the bytes again with real tensors: each storage that autograd holds, once."""
    network = build(networks["unet_8"], {})
    module = network.build(3, 8).train()
    own = {p.data_ptr() for p in module.parameters()}
    held = {}

    def note(tensor):
        if tensor.untyped_storage().data_ptr() not in own:
            held[tensor.untyped_storage().data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        outputs = module(torch.rand(2, 3, 64, 64))
    kept = sum(tensor.untyped_storage().nbytes() for tensor in held.values())
    state = sum(t.numel() * t.element_size() for t in module.state_dict().values())
    counted = cost("unet_8")
    assert counted.bytes - 2 * state - 3 * 4 * counted.trained == pytest.approx(kept, rel=0.02)
    del outputs


def test_a_frozen_encoder_learns_nothing_and_holds_less():
    settings = {"width": 0.125}
    free = cost("unet_resnet50", settings)
    frozen = cost("unet_resnet50", settings | {"frozen": True})
    assert free.trained == free.parameters == frozen.parameters
    assert frozen.trained < 0.6 * frozen.parameters
    assert frozen.bytes < free.bytes
    assert frozen.macs == free.macs
