"""Looking at a few pictures between evaluations, so that people see what is being learned."""

import time
from typing import Any

import torch
from torch import nn

from segstudio.domain.task import Task
from segstudio.learning.checkpoint import Rhythm
from segstudio.learning.evaluation import Evaluation


class Glances(Rhythm):
    """Predicts the samples of an evaluation anew after every epoch, if it takes next to no time."""

    SHARE = 0.02

    def __init__(self, evaluation: Evaluation, epoch: int) -> None:
        super().__init__(epoch)
        self._evaluation = evaluation

    def look(
        self, step: int, module: nn.Module, device: torch.device, task: Task
    ) -> dict[str, Any]:
        """Return ``samples`` as an evaluation does, and nothing where there are none."""
        began = time.monotonic()
        samples = self._evaluation.look(module, device, task)
        self.written(step, time.monotonic() - began)
        return {"samples": samples} if samples else {}
