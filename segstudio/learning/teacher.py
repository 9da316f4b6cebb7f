"""Learning from pictures without labels: a teacher names what they show.

The teacher is the average of the student's own weights (Mean Teacher, Tarvainen and Valpola
2017, arXiv:1703.01780). It looks at an easy view of a crop; where it is sure, the student has to
say the same of a harder view (FixMatch, Sohn et al. 2020, arXiv:2001.07685; for masks UniMatch,
Yang et al. 2023, arXiv:2208.09910).
"""

import math
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from segstudio.learning.losses.loss import IGNORED
from segstudio.learning.prefetch import Drawn
from segstudio.learning.preparation import Prepared
from segstudio.learning.settings import TrainSettings
from segstudio.learning.supervision import compared, drawn_phase
from segstudio.learning.unlabelled import Views

STEEPNESS = 5.0
"""Of the rise of the weight: e⁻⁵ at the first step, as Mean Teacher has it."""

FEWEST = 2
"""Crops at a time, for batch normalisation."""


@dataclass(frozen=True)
class Lesson:
    """A part of a step: its share of the step's loss, to be taken backward, and of the pixels
    of which the teacher was sure; ``part`` are those of the step's crops that it is about."""

    loss: Tensor
    sure: float
    part: slice


@dataclass
class Teacher:
    """Gives the student lessons on crops without labels.

    ``weights`` is one factor a class, as for labels; ``precision`` the type to compute in where
    it is not float32.
    """

    settings: TrainSettings
    crops: Drawn[Views]
    weights: Tensor
    precision: torch.dtype | None

    @classmethod
    def of(cls, prepared: Prepared) -> "Teacher | None":
        """Return the teacher of a training, None where it learns from labels alone."""
        if prepared.unlabelled is None:
            return None
        return cls(prepared.settings, prepared.unlabelled, prepared.weights, prepared.precision)

    def size(self, labelled: int) -> int:
        """Return how many crops without labels come to so many with labels."""
        return max(FEWEST, round(labelled * self.settings.unlabelled))

    def weight(self, step: int) -> float:
        """Return how much the lessons of a step count; it rises while the teacher is young."""
        rising = self.settings.ramp * self.settings.steps
        left = max(0.0, 1 - step / rising) if rising else 0.0
        return self.settings.unlabelled_weight * math.exp(-STEEPNESS * left * left)

    def lessons(
        self, student: nn.Module, average: nn.Module, step: int, labelled: int, parts: int
    ) -> Iterator[Lesson]:
        """Yield the lessons of a step, of which there are ``parts`` where the crops suffice.

        ``average`` is in eval mode, ``student`` in training mode; random numbers are drawn.
        """
        size, device = self.size(labelled), self.weights.device
        views = self.crops.batch(step, size)
        pieces = _pieces(size, parts)
        named = torch.cat([self._named(average, _on(views.easy[each], device)) for each in pieces])
        targets = _moved(named, torch.from_numpy(views.places).to(device))
        shown = torch.from_numpy(views.places >= 0).to(device)
        for each in pieces:
            hard = _on(views.hard[each], device)
            loss, sure = self._loss(student, hard, targets[each], shown[each])
            share = len(hard) / size
            yield Lesson(loss * (self.weight(step) * share), sure * share, each)

    def _named(self, average: nn.Module, easy: Tensor) -> Tensor:
        """Return the class of each pixel, N × H × W, or `IGNORED` where it is not sure enough."""
        with torch.no_grad(), self._computing(easy):
            chances = average(easy).float().softmax(1)
            sure, named = chances.max(1)
        return torch.where(sure >= self.settings.confidence, named, IGNORED)

    def _loss(
        self, student: nn.Module, hard: Tensor, targets: Tensor, shown: Tensor
    ) -> tuple[Tensor, float]:
        """Return the mean cross-entropy over all pixels, zero where the teacher was not sure.

        A mean over the sure ones alone would let a few pixels count as much as many.
        """
        with self._computing(hard):
            outputs = student(hard)
        phase = drawn_phase()
        (logits,), labels = compared((outputs[0].float(),), targets, phase)
        _, pixels = compared((), shown, phase)
        each = F.cross_entropy(logits, labels, self.weights, ignore_index=IGNORED, reduction="none")
        count = pixels.sum().clamp(min=1)
        return each.sum() / count, float((labels != IGNORED).sum() / count)

    def _computing(self, inputs: Tensor) -> Any:
        half = self.precision
        return torch.autocast(inputs.device.type, half) if half else nullcontext()


def _pieces(size: int, parts: int) -> list[slice]:
    """Cut a batch into so many parts, or fewer where one would have too few crops."""
    found = np.array_split(np.arange(size), max(1, min(parts, size // FEWEST)))
    return [slice(int(part[0]), int(part[-1]) + 1) for part in found]


def _on(inputs: Any, device: torch.device) -> Tensor:
    return torch.from_numpy(inputs).to(device, memory_format=torch.channels_last)


def _moved(named: Tensor, places: Tensor) -> Tensor:
    """Return the classes of pixels where they are in another view; `IGNORED` outside."""
    found = named.flatten()[places.clamp(min=0).flatten()].reshape(places.shape)
    return torch.where(places >= 0, found, IGNORED)
