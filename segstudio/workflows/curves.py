"""What a run has told so far: its curves, and what was to be said on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from segstudio.workflows.runs import RunFolder, lines_of

Point = tuple[int, float]


@dataclass
class Curves:
    """Points over steps, taken from the entries of a log; see `segstudio.learning.training.train`.

    ``classes`` holds the points of each class by its name; ``worst``, for each evaluation by its
    step, the pictures with the lowest mIoU, as ``{image, miou}``.
    """

    steps: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    evaluated: list[int] = field(default_factory=list)
    mious: list[float] = field(default_factory=list)
    classes: dict[str, list[Point]] = field(default_factory=dict)
    iou: Mapping[str, float | None] = field(default_factory=dict)
    interval: tuple[float, float] | None = None
    worst: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    total: int = 0

    def add(self, entry: Mapping[str, Any]) -> None:
        """Take over one entry of the log."""
        if "loss" in entry:
            self.steps.append(entry["step"])
            self.losses.append(entry["loss"])
        if "iou" in entry:
            self._add_evaluation(entry)
        if "warning" in entry:
            self.warnings.append(entry["warning"])

    def _add_evaluation(self, entry: Mapping[str, Any]) -> None:
        step = entry["step"]
        self.evaluated.append(step)
        self.mious.append(entry.get("miou") or 0.0)
        self.iou = entry["iou"]
        for name, value in self.iou.items():
            if value is not None:
                self.classes.setdefault(name, []).append((step, value))
        interval = entry.get("interval")
        self.interval = None if interval is None else (interval[0], interval[1])
        self.worst[step] = list(entry.get("worst", []))


def curves_from(entries: Iterable[Mapping[str, Any]]) -> Curves:
    """Return the curves of a whole log."""
    curves = Curves()
    for entry in entries:
        curves.add(entry)
    return curves


def curves_of(folder: RunFolder) -> Curves:
    """Read the curves of a run; they are empty where it kept no log."""
    return curves_from(lines_of(folder.path / "log.jsonl"))
