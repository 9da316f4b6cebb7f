"""What a study's runs say: means, and how far they may be off, the arms compared in pairs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import mean, median, stdev
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.intervals import LEVEL, ROUNDS
from segstudio.workflows.study_arms import Arm, Plan
from segstudio.workflows.study_results import Finished

Interval = tuple[float, float]

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Figures:
    """What an arm reaches and takes: means over its seeds.

    ``spread`` is the standard deviation of the mIoU over seeds, None for a single one.
    ``interval`` and ``difference`` (to the first arm of the study, with ``difference_interval``)
    come from `compared`. Times are medians over the seeds.
    """

    arm: Arm
    runs: list[Finished] = field(repr=False)
    miou: float | None = None
    spread: float | None = None
    interval: Interval | None = None
    difference: float | None = None
    difference_interval: Interval | None = None

    @property
    def iou(self) -> dict[str, float | None]:
        """The mean IoU of each class."""
        names = self.runs[0].iou if self.runs else {}
        return {name: _mean([run.iou[name] for run in self.runs]) for name in names}

    @property
    def step_seconds(self) -> float | None:
        return _median([run.step_seconds for run in self.runs])

    @property
    def step_cpu_seconds(self) -> float | None:
        return _median([run.step_cpu_seconds for run in self.runs])

    @property
    def training_seconds(self) -> float | None:
        """Time of all steps, without evaluations and pauses."""
        each = self.step_seconds
        return None if each is None else each * self.runs[0].steps

    def to_json(self) -> dict[str, Any]:
        """Return a row of ``study --json``."""
        first = self.runs[0] if self.runs else None
        counted = ("steps", "parameters", "trained", "macs", "bytes", "batch", "crop")
        return {
            "arm": self.arm.name,
            "title": self.arm.title,
            "seeds": [run.seed for run in self.runs],
            "mious": [run.miou for run in self.runs],
            "miou": self.miou,
            "spread": self.spread,
            "interval": self.interval,
            "difference": self.difference,
            "difference_interval": self.difference_interval,
            "iou": self.iou,
            **{name: getattr(first, name, None) for name in counted},
            "step_seconds": self.step_seconds,
            "step_cpu_seconds": self.step_cpu_seconds,
            "training_seconds": self.training_seconds,
            "printed": dict(self.arm.printed),
        }


def figures_of(plan: Plan, runs: dict[str, list[Finished]]) -> dict[str, Figures]:
    """Return the figures of every arm by its name; those without a run have none."""
    seeds = sorted({run.seed for found in runs.values() for run in found})
    drawn = _Drawn(seeds, max((len(r.pictures) for f in runs.values() for r in f), default=0))
    first = runs[plan.arms[0].name]
    found = {}
    for arm in plan.arms:
        own = runs[arm.name]
        mious = [run.miou for run in own if run.miou is not None]
        other = arm is not plan.arms[0]
        found[arm.name] = Figures(
            arm,
            own,
            mean(mious) if mious else None,
            stdev(mious) if len(mious) > 1 else None,
            drawn.interval(own),
            _difference(first, own) if other else None,
            drawn.interval(own, first) if other else None,
        )
    return found


def _difference(first: Sequence[Finished], own: Sequence[Finished]) -> float | None:
    """Return the mean over the seeds that both arms have."""
    base = {run.seed: run.miou for run in first}
    pairs = [(run.miou, base.get(run.seed)) for run in own]
    each = [a - b for a, b in pairs if a is not None and b is not None]
    return mean(each) if each else None


class _Drawn:
    """Draws pictures and seeds anew, the same ones for every arm (paired percentile bootstrap).

    The arms' figures move together where a picture is hard for all of them: their difference is
    known more exactly than each of them.
    """

    def __init__(self, seeds: Sequence[int], pictures: int, seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        self._place = {number: place for place, number in enumerate(seeds)}
        count = max(1, len(seeds))
        self._seeds = random.integers(count, size=(ROUNDS, count))
        chances = np.full(pictures, 1 / pictures) if pictures else np.zeros(0)
        self._times = random.multinomial(pictures, chances, ROUNDS).astype(np.float64)

    def interval(
        self, runs: Sequence[Finished], first: Sequence[Finished] | None = None
    ) -> Interval | None:
        """Return the 95 % interval of an arm's mIoU, or of its difference to the first arm."""
        if self._times.shape[1] < 2:
            return None
        each = self._each(runs)
        if first is not None:
            each = each - self._each(first)
        chosen = np.take_along_axis(each, self._seeds, 1)
        there = np.isfinite(chosen)
        known = there.any(1)
        if not known.any():
            return None
        sums = np.where(there, chosen, 0).sum(1)[known]
        figures = sums / there.sum(1)[known]
        tail = 50 * (1 - LEVEL)
        low, high = np.percentile(figures, [tail, 100 - tail])
        return float(low), float(high)

    def _each(self, runs: Sequence[Finished]) -> Numbers:
        """Return the mIoU of each draw and seed; NaN where an arm lacks a seed."""
        found = np.full((ROUNDS, max(1, len(self._place))), np.nan)
        for run in runs:
            right, reference, either = _counts(run)
            present = self._times @ reference > 0
            iou = self._times @ right / np.maximum(self._times @ either, 1)
            classes = present.sum(1)
            values = (iou * present).sum(1) / np.maximum(classes, 1)
            found[:, self._place[run.seed]] = np.where(classes, values, np.nan)
        return found


def _counts(run: Finished) -> Numbers:
    """Return pictures × classes thrice, the pictures in an order that all runs share."""
    stacked = np.array([run.pictures[name] for name in sorted(run.pictures)], np.float64)
    return stacked.transpose(1, 0, 2)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return mean(known) if known else None


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
