"""The best weights that a run has come to."""

from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

NOISE = 0.005
"""Differences of mIoU that are taken for chance: later weights have seen more."""


@dataclass
class Best:
    """The weights to keep, what they reached, and when.

    ``miou`` is the highest so far, ``waited`` the number of evaluations since it rose.
    """

    step: int = 0
    miou: float = -1.0
    state: dict[str, Tensor] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    waited: int = 0

    def consider(self, step: int, metrics: dict[str, Any], module: nn.Module) -> None:
        """Keep the module's weights unless those from before are better than by chance.

        Where nothing could be measured, the latest are kept.
        """
        miou = metrics["miou"]
        self.waited = 0 if miou is None or miou > self.miou else self.waited + 1
        if miou is not None and miou < self.miou - NOISE:
            return
        self.step, self.metrics = step, metrics
        self.miou = max(self.miou, miou or 0.0)
        self.state = {k: v.detach().cpu().clone() for k, v in module.state_dict().items()}
