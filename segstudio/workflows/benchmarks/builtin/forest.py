"""A random forest that learns from strokes, as a person waits for it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet, Task
from segstudio.domain.tiles import LayerBuilder, SparseLayer
from segstudio.domain.tiling import Pixels
from segstudio.workflows.benchmarks.benchmark import Comparison, Row, benchmarks
from segstudio.workflows.benchmarks.pictures import photograph

if TYPE_CHECKING:
    from segstudio.methods.builtin.pixel_forest import PixelForest
    from segstudio.methods.samples import ArrayPicture, Samples

VIEW = Box(600, 1000, 1680, 2920)
"""What a screen of 1920 × 1080 shows of the photograph."""

RUNS = 5

STROKES = (
    (0, ((90, 300), (120, 1500), (240, 2800))),
    (1, ((1250, 700), (1500, 1800), (1400, 2600))),
    (2, ((2300, 500), (2500, 2200), (2700, 3500))),
    (3, ((700, 1900), (1000, 1200), (1900, 3000))),
)
"""Classes, and where they are painted, top and left; each is 30 × 120 pixels."""


@benchmarks.add
@dataclass(frozen=True)
class Forest:
    """Learning after a stroke and labelling what is in sight; a whole picture; a saved model."""

    title: ClassVar[str] = "Forest from strokes"

    def measure(self, task: Task) -> Iterator[Row]:
        from segstudio.methods.builtin.pixel_forest import PixelForest
        from segstudio.methods.live import Live
        from segstudio.methods.run import segment
        from segstudio.methods.samples import ArrayPicture, Samples

        picture = ArrayPicture(photograph())
        forest = PixelForest()
        samples = [Samples([picture], strokes=[painted(picture.pixels, count)]) for count in (2, 3)]
        forest.fit(samples[0], Quiet())  # the libraries are loaded once

        def stroke(stride: int, seen: bool) -> Callable[[], float]:
            def do() -> float:
                live = Live(picture)
                state = live.learn(forest, samples[0], Quiet())
                if seen:
                    live.label(forest, state, VIEW, stride, Quiet())
                began = time.perf_counter()
                state = live.learn(forest, samples[1], Quiet())
                live.label(forest, state, VIEW, stride, Quiet())
                return time.perf_counter() - began

            return do

        for name, stride, seen, goal in (
            ("half-size view of 1920 × 1080 after a stroke, seen first", 2, False, 1.0),
            ("half-size view of 1920 × 1080 after a stroke, seen before", 2, True, 1.0),
            ("view of 1920 × 1080 after a stroke, seen first", 1, False, 5.0),
            ("view of 1920 × 1080 after a stroke, seen before", 1, True, 5.0),
        ):
            yield _row(name, goal, stroke(stride, seen), task)
        state = forest.fit(samples[1], Quiet())

        def whole() -> float:
            began = time.perf_counter()
            for _ in segment(forest, state, picture, Quiet()):
                pass
            return time.perf_counter() - began

        row = _row("whole picture of 4000 × 3000", 40.0, whole, task, runs=1)
        plain = _plain(samples[1], forest, picture, task)
        row.compared_with = Comparison("scikit-learn's forest, features given", plain)
        yield row


def _plain(samples: "Samples", forest: "PixelForest", picture: "ArrayPicture", task: Task) -> float:
    """Return the seconds that scikit-learn needs for as many pixels, from a twelfth of them."""
    from sklearn.ensemble import ExtraTreesClassifier

    from segstudio.methods.pixels import stacked

    encoding = forest.encoding(samples, Quiet())
    seen = forest.seen(samples, encoding, Quiet())
    trees = ExtraTreesClassifier(forest.trees, max_depth=forest.depth, n_jobs=-1)
    trees.fit(seen.features, seen.ids)
    part = picture.read(Box(1000, 1000, 2000, 2000))
    features = stacked(forest.features_of(part, encoding, task))
    task.report(0, 1, "scikit-learn's forest")
    began = time.perf_counter()
    trees.predict(features)
    return (time.perf_counter() - began) * picture.height * picture.width / len(features)


def _row(name: str, goal: float, do: Callable[[], float], task: Task, runs: int = RUNS) -> Row:
    row = Row(name, "s", goal)
    for run in range(runs):
        task.report(run, runs, name)
        row.samples.append(do())
    return row


def painted(pixels: Pixels, count: int) -> SparseLayer:
    """Return the first ``count`` strokes of every class."""
    height, width = pixels.shape[:2]
    ids = np.full((height, width), UNLABELLED, np.uint8)
    for id, places in STROKES:
        for top, left in places[:count]:
            ids[top : top + 30, left : left + 120] = id
    builder = LayerBuilder(height, width)
    builder.write(Box(0, 0, height, width), ids)
    return SparseLayer(height, width, builder.finish())
