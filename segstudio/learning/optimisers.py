"""What turns gradients into steps."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from segstudio.learning.settings import TrainSettings

BETAS = (0.9, 0.999)


def optimiser_of(module: nn.Module, settings: TrainSettings) -> torch.optim.Optimizer:
    """Return the optimiser that the settings name, for what the module lets be trained.

    Only weights of convolutions decay, not norms and biases. Adam adds the decay to the
    gradient, AdamW takes it off the weights.
    """
    groups = _groups(module.parameters(), settings.weight_decay)
    rate = settings.learning_rate
    if settings.optimiser == "sgd":
        # Nesterov's step looks ahead along the momentum: without any there is nothing to see.
        nesterov = settings.nesterov and settings.momentum > 0
        return torch.optim.SGD(
            groups, lr=rate, momentum=settings.momentum, nesterov=nesterov, fused=True
        )
    kind = torch.optim.Adam if settings.optimiser == "adam" else torch.optim.AdamW
    return kind(groups, lr=rate, betas=BETAS, fused=True)


def _groups(parameters: Iterable[nn.Parameter], decay: float) -> list[dict[str, Any]]:
    trained = [p for p in parameters if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": decay},
        {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
    ]
