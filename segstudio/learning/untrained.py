"""A look at a network before its first step (S4): could it learn at all?"""

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.losses.loss import IGNORED
from segstudio.learning.supervision import compared

CROPS = 2
"""As many as batch normalisation needs: the look shall cost less than a step."""

FLAT = 1e-6
"""Spread of an output, as a share of its size, below which it is called constant."""

EXTREME = 50.0
"""Standard deviations from the mean beyond which an input value is called extreme."""


@dataclass(frozen=True)
class Untrained:
    """What the look has shown: the loss, that of chance (log C), and what is wrong, in words."""

    loss: float
    chance: float
    warnings: tuple[str, ...]


def look_at(
    module: nn.Module, inputs: Tensor, targets: Tensor, names: Sequence[str], given: bool = False
) -> Untrained:
    """Put a first batch through a copy of the network; the network itself stays as it is.

    A network that knows nothing has a loss near log C, an output for each class that differs
    from pixel to pixel, and a gradient from each of them back to its first layer. ``names`` are
    those of the classes; ``given`` says that the weights come from a file, so that knowing
    something is no fault.
    """
    tried = copy.deepcopy(module).train()
    inputs, targets = inputs[:CROPS], targets[:CROPS]
    outputs = tried(inputs)
    heads, labels = compared(outputs, targets, (0, 0))
    heads[0].retain_grad()
    each = [F.cross_entropy(h.float(), labels, ignore_index=IGNORED) for h in heads]
    torch.autograd.backward(sum(each[1:], each[0]))
    loss, chance = float(each[0].detach()), math.log(len(names))
    found = _wrong(tried, inputs, heads[0], names, loss, chance, given)
    return Untrained(loss, chance, tuple(found))


def _wrong(
    module: nn.Module,
    inputs: Tensor,
    logits: Tensor,
    names: Sequence[str],
    loss: float,
    chance: float,
    given: bool,
) -> Iterator[str]:
    if not bool((inputs.amax((2, 3)) - inputs.amin((2, 3))).any()):
        yield "the first pictures have one colour all over, so there is nothing to learn from"
        return
    extreme = float(inputs.abs().max()) > EXTREME
    if not math.isfinite(loss):
        cause = "the pictures hold extreme values" if extreme else "its weights are no numbers"
        yield f"the network's output is no number before the first step: {cause}"
        return
    if loss > 2 * chance + 1:
        cause = "the pictures hold extreme values" if extreme else "its weights start too large"
        yield f"the untrained network's loss is {loss:.1f} where chance gives {chance:.1f}: {cause}"
    if loss < chance / 2 and not given:
        yield (
            f"the untrained network's loss is {loss:.2f} where chance gives {chance:.2f}: "
            "its output favours a class from the start"
        )
    yield from _unreachable(logits, names)
    first = next((p for p in module.parameters() if p.requires_grad), None)
    if first is not None and (first.grad is None or not bool(first.grad.any())):
        yield "no gradient reaches the network's first layer: a layer after it passes nothing on"


def _unreachable(logits: Tensor, names: Sequence[str]) -> Iterator[str]:
    values = logits.detach().movedim(1, 0).flatten(1).float()
    flat = values.std(1) <= FLAT * values.abs().amax().clamp(min=1e-12)
    if bool(flat.any()):
        yield (
            f"the network's output for {_listed(names, flat)} is the same everywhere: "
            "a layer before it passes nothing on"
        )
    if logits.grad is not None:
        deaf = ~logits.grad.movedim(1, 0).flatten(1).any(1)
        if bool(deaf.any()):
            yield (
                f"no gradient reaches the network's output for {_listed(names, deaf)}: "
                "its weights start too large"
            )


def _listed(names: Sequence[str], chosen: Tensor) -> str:
    return ", ".join(name for name, there in zip(names, chosen.tolist(), strict=True) if there)


def without_pixels(counts: Sequence[int], names: Sequence[str]) -> str | None:
    """Say which classes have no labelled pixel to be learned from; None where all have."""
    absent = [name for name, count in zip(names, counts, strict=True) if not count]
    if not absent:
        return None
    return f"nothing to learn from is labelled {' or '.join(absent)}: the model will not know it"
