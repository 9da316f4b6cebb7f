"""A slow copy of a module that follows it: steadier than the weights of any one step."""

import copy

import torch
from torch import nn


class Average:
    """The exponential moving average of a module's weights and running statistics.

    Right after the start it follows fast, so that the random first weights are soon forgotten.
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.module = copy.deepcopy(module).eval().requires_grad_(False)
        self._decay = decay

    def update(self, module: nn.Module, step: int) -> None:
        """Move towards the module; ``step`` counts from 0."""
        decay = min(self._decay, (1 + step) / (10 + step))
        source = module.state_dict()
        with torch.no_grad():
            for name, value in self.module.state_dict().items():
                if value.is_floating_point():
                    value.lerp_(source[name], 1 - decay)
                else:
                    value.copy_(source[name])
