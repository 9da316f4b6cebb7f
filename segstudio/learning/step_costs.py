"""What one training step of a network takes: work and memory, counted on shapes alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from segstudio.learning.costs import SIDE
from segstudio.learning.networks.network import Network

COPIES = {"adam": 3, "adamw": 3, "sgd": 2}
"""Numbers that a step holds for each that it learns: its gradient and the optimiser's own."""


@dataclass(frozen=True)
class StepCost:
    """What learning takes, whatever the machine.

    ``trained`` of the ``parameters`` learn, the others are frozen. ``macs`` are those of one
    picture of `SIDE` × `SIDE` without the heads that serve training only. ``bytes`` are what a
    step holds at once: the weights and their average, gradients, the optimiser's numbers, and
    all that the backward pass needs of the forward pass.
    """

    parameters: int
    trained: int
    macs: int
    bytes: int


@cache
def macs(network: Network, bands: int, classes: int) -> int:
    """Count the multiplications on a picture of `SIDE` × `SIDE`, without training's heads."""
    with torch.device("meta"), torch.no_grad(), FlopCounterMode(display=False) as counter:
        network.build(bands, classes).eval()(torch.zeros(1, bands, SIDE, SIDE))
    return int(counter.get_total_flops()) // 2


@cache
def step_cost(
    network: Network, bands: int, classes: int, batch: int, side: int, optimiser: str
) -> StepCost:
    """Count a network that learns from ``batch`` crops of ``side`` pixels at a time."""
    with torch.device("meta"):
        module = network.build(bands, classes)
        state = 2 * _bytes(module.state_dict().values())
        learned = [p for p in module.parameters() if p.requires_grad]
        kept = _kept(module.train(), torch.zeros(batch, bands, side, side))
    return StepCost(
        sum(p.numel() for p in module.parameters()),
        sum(p.numel() for p in learned),
        macs(network, bands, classes),
        state + COPIES[optimiser] * _bytes(learned) + kept,
    )


def _kept(module: nn.Module, pictures: Tensor) -> int:
    """Return the bytes that autograd keeps for the backward pass, each storage once."""
    # A storage that is freed gives its number to another one: hold all until they are counted.
    held: dict[int, Any] = {p.untyped_storage()._cdata: p for p in module.parameters()}
    own = set(held)

    def note(tensor: Tensor) -> Tensor:
        held.setdefault(tensor.untyped_storage()._cdata, tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        module(pictures)
    return sum(t.untyped_storage().nbytes() for key, t in held.items() if key not in own)


def _bytes(tensors: Iterable[Tensor]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)
