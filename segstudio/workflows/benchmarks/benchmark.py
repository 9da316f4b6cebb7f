"""The one thing that every benchmark can do: measure, and hold the figure against a goal."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import Field, dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np

from segstudio.domain.task import Task
from segstudio.registry import Registry

RUNS = 7


@dataclass(frozen=True)
class Comparison:
    """What the figure is compared with: the same done by others, in the same unit."""

    name: str
    value: float


@dataclass
class Row:
    """One figure: its samples, the goal for their ``statistic``, and a comparison."""

    name: str
    unit: str
    goal: float | None = None
    statistic: str = "median"
    samples: list[float] = field(default_factory=list)
    compared_with: Comparison | None = None

    @property
    def median(self) -> float:
        return float(np.median(self.samples)) if self.samples else math.nan

    @property
    def p95(self) -> float:
        return float(np.percentile(self.samples, 95)) if self.samples else math.nan

    @property
    def figure(self) -> float:
        """The number that the goal is about."""
        known = {"median": self.median, "p95": self.p95}
        if self.statistic in known:
            return known[self.statistic]
        return max(self.samples, default=math.nan)

    @property
    def met(self) -> bool | None:
        return None if self.goal is None else self.figure <= self.goal

    def values(self) -> dict[str, Any]:
        """Return the keys of ``bench --json``; ``ratio`` is below 1 where we need less.

        ``figure`` is what ``statistic`` says, and what goal and comparison are about.
        """
        other = self.compared_with
        return {
            "name": self.name,
            "median": self.median,
            "p95": self.p95,
            "statistic": self.statistic,
            "figure": self.figure,
            "unit": self.unit,
            "goal": self.goal,
            "met": self.met,
            "compared_with": f"{other.name}: {other.value:.4g} {self.unit}" if other else None,
            "ratio": self.figure / other.value if other else None,
        }


class Benchmark(Protocol):
    """A frozen dataclass of settings that measures some rows."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    title: ClassVar[str]

    def measure(self, task: Task) -> Iterator[Row]:
        """Yield the rows one after another."""


benchmarks: Registry[type[Benchmark]] = Registry(
    "segstudio.workflows.benchmarks.builtin", "benchmark"
)


def timed(do: Callable[[], object], task: Task, text: str, runs: int = RUNS) -> list[float]:
    """Return the seconds of several runs, after one that is not counted."""
    samples = []
    for run in range(-1, runs):
        task.report(run + 1, runs + 1, text)
        began = time.perf_counter()
        do()
        if run >= 0:
            samples.append(time.perf_counter() - began)
    return samples
