"""A slow copy of a module that follows it: steadier than the weights of any one step."""

import copy

import torch
from torch import Tensor, nn


class Average:
    """The exponential moving average of a module's weights and running statistics.

    Right after the start it follows fast, so that the random first weights are soon forgotten.
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.module = copy.deepcopy(module).eval().requires_grad_(False)
        self._decay = decay
        self._of: nn.Module | None = None
        self._pairs: tuple[list[Tensor], list[Tensor]] = [], []
        self._counts: list[tuple[Tensor, Tensor]] = []

    def update(self, module: nn.Module, step: int) -> None:
        """Move towards the module; ``step`` counts from 0."""
        decay = min(self._decay, (1 + step) / (10 + step))
        if module is not self._of:
            self._follow(module)
        with torch.no_grad():
            # All at once: one by one, the calls take longer than the work.
            torch._foreach_lerp_(*self._pairs, 1 - decay)
            for mine, theirs in self._counts:
                mine.copy_(theirs)

    def _follow(self, module: nn.Module) -> None:
        """Find the tensors that belong together; they stay the same from step to step."""
        self._of, theirs = module, module.state_dict()
        found = [(mine, theirs[name]) for name, mine in self.module.state_dict().items()]
        self._counts = [pair for pair in found if not pair[0].is_floating_point()]
        floats = [pair for pair in found if pair[0].is_floating_point()]
        self._pairs = [mine for mine, _ in floats], [theirs for _, theirs in floats]
