"""What a network costs before anybody has trained it: parameters, work, bytes and time."""

import itertools
import time
from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from segstudio.domain.task import Quiet, Task
from segstudio.learning.networks.network import Network
from segstudio.learning.threads import lent

SIDE = 256
"""Of the picture that is asked for, in pixels."""

BANDS, CLASSES = 3, 8
"""What a network is built for, unless it names the ``classes`` of its paper's pictures."""

RUNS = 5
ENOUGH = 0.25
"""Seconds: a network that has run for so long is not run again."""


@dataclass(frozen=True)
class Cost:
    """What a network takes; heads that serve training only count as weights, not as work.

    ``macs`` are multiplications with an addition for one picture of `SIDE` × `SIDE`, ``bytes``
    those of its weights in a file. ``milliseconds`` are what one core of this machine works on
    such a picture: time that other programs take is not in it.
    """

    classes: int
    parameters: int
    macs: int
    bytes: int
    milliseconds: float


def measure(network: Network, task: Task | None = None) -> Cost:
    """Count a network with its settings, then run it on this machine's processor."""
    classes: int = getattr(network, "classes", CLASSES)
    with torch.device("meta"):
        module = network.build(BANDS, classes).eval()
        state = module.state_dict().values()
        return Cost(
            classes,
            sum(p.numel() for p in module.parameters()),
            _macs(module),
            sum(tensor.numel() * tensor.element_size() for tensor in state),
            _milliseconds(module, task or Quiet()),
        )


def _macs(module: nn.Module) -> int:
    """Count on shapes alone: the module must lie on the meta device."""
    picture = torch.zeros(1, BANDS, SIDE, SIDE, device="meta")
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module(picture)
    operations: int = counter.get_total_flops()
    return operations // 2


def _milliseconds(module: nn.Module, task: Task) -> float:
    module = module.to_empty(device="cpu")
    with torch.device("cpu"), torch.inference_mode(), lent(1):
        for tensor in itertools.chain(module.parameters(), module.buffers()):
            tensor.zero_()  # time does not depend on the weights, drawing them takes long
        picture = torch.zeros(1, BANDS, SIDE, SIDE)
        times: list[float] = []
        while not times or (len(times) < RUNS and sum(times) < ENOUGH):
            task.report(len(times), RUNS, "Measuring")
            begin = time.thread_time()
            module(picture)
            times.append(time.thread_time() - begin)
    return min(times) * 1000
