"""The learning curve of a project: what its trainings reached with how many labels and minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from segstudio.domain.forecast import Forecast, forecast
from segstudio.store.reading import Reading
from segstudio.workflows.effort import EFFORT

BATCH = 20
"""Labels for which is said what they will bring."""

REGION = 128 * 128
"""Pixels that a label has where the queue does not tell."""

NORMAL = 3.92
"""Width of a 95 % interval in standard deviations."""

LITTLE = 0.005
"""A gain that is hardly worth the labels."""

SMALL = 0.01
WORTH = 0.02
"""A gain for which twice as many labels are worth their time."""


@dataclass(frozen=True)
class Point:
    """One training: what it learned from, and what it reached."""

    run: int
    pixels: int
    minutes: float
    miou: float
    interval: tuple[float, float] | None = None
    iou: Mapping[str, float | None] = field(default_factory=dict)
    lot: float | None = None
    """mIoU that the model before had reached on regions drawn by lot, and its interval."""
    lot_interval: tuple[float, float] | None = None
    lot_run: int | None = None
    """The run of that model."""


@dataclass(frozen=True)
class Progress:
    """The points, oldest first; ``label`` is the mean of pixels that a label has.

    ``ahead`` is what the next 20 labels bring to the mIoU, ``double`` as many as there are; None
    where too little is known.
    """

    points: Sequence[Point] = ()
    label: float = REGION
    ahead: Forecast | None = None
    double: Forecast | None = None

    @classmethod
    def of(cls, points: Sequence[Point], label: float = REGION) -> "Progress":
        """Return the curve through some trainings, with what it says of more labels."""
        return cls(points, label, _ahead(points, label), _ahead(points, label, double=True))

    def labels(self, point: Point) -> float:
        """Return the labels of a point, each as large as those of the queue."""
        return point.pixels / self.label

    @property
    def hint(self) -> str:
        """What the curve says, in a sentence or two; empty where nothing was trained."""
        if not self.points:
            return ""
        better = self._clearly_better()
        if better is not None:
            return (
                f"The last training fell short of run {better.run}, which reached "
                f"{better.miou:.2f}: train longer, or look at what was labelled since."
            )
        if self.ahead is None or self.double is None:
            return "After three trainings with more and more labels an estimate stands here."
        near = f"the next {BATCH} labels bring about {_points(self.ahead.gain)}"
        far = f"twice as many as now {_points(self.double.gain)}"
        if self.ahead.high < LITTLE and self.double.gain < SMALL:
            return f"Time to stop: {near}, {far}.{self._weakest()}"
        if self.ahead.gain < SMALL and self.double.gain < WORTH:
            return f"You may stop here: {near}, {far}.{self._weakest()}"
        span = f"{100 * self.ahead.low:+.1f} to {100 * self.ahead.high:+.1f}"
        return f"It pays to go on: {near} ({span}), {far}.{self._weakest()}"

    def _clearly_better(self) -> Point | None:
        """Return the best earlier training if the last one lies below its interval."""
        best, last = max(self.points, key=lambda point: point.miou), self.points[-1]
        least = best.miou - SMALL if best.interval is None else best.interval[0]
        return best if last.miou < least else None

    def _weakest(self) -> str:
        known = [(v, name) for name, v in self.points[-1].iou.items() if v is not None]
        if len(known) < 2:
            return ""
        value, name = min(known)
        return f" Weakest: {name}, {value:.2f}."


def _points(gain: float) -> str:
    """Write a gain of mIoU as it is spoken of: +1.3 points."""
    return f"{100 * gain:+.1f} points"


def progress_of(project: Reading) -> Progress:
    """Read the learning curve of a project from its finished trainings."""
    points: list[Point] = []
    for run in reversed(project.runs()):
        metrics = run.metrics
        effort = metrics.get(EFFORT)
        if (
            run.kind == "train"
            and run.status == "done"
            and effort
            and metrics.get("miou") is not None
        ):
            lot = metrics.get("lot") or {}
            points.append(
                Point(
                    run.id, int(effort["pixels"]), float(effort["minutes"]), float(metrics["miou"]),
                    _pair(metrics.get("interval")), dict(metrics.get("iou") or {}),
                    lot.get("miou"), _pair(lot.get("interval")), lot.get("run"),
                )
            )  # fmt: skip
    return Progress.of(points, _label(project))


def _pair(found: Sequence[float] | None) -> tuple[float, float] | None:
    return None if not found else (float(found[0]), float(found[1]))


def _label(project: Reading) -> float:
    """Return the mean of pixels that an item of the queue has."""
    images = {image.id: image for image in project.images()}
    boxes = [i.box or images[i.image].box for i in project.queue() if i.image in images]
    return sum(box.area for box in boxes) / len(boxes) if boxes else REGION


def _ahead(points: Sequence[Point], label: float, double: bool = False) -> Forecast | None:
    """Estimate from the last training of each number of labels what more of them bring."""
    last = {point.pixels: point for point in points if point.pixels > 0}
    known = [last[pixels] for pixels in sorted(last)]
    deviations = [
        None if point.interval is None else (point.interval[1] - point.interval[0]) / NORMAL
        for point in known
    ]
    labels = [point.pixels / label for point in known]
    more = labels[-1] if double and labels else BATCH
    return forecast(labels, [point.miou for point in known], more, deviations)
