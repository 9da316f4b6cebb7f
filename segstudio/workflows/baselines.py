"""What simple methods reach on the same pictures: the measure of what a network is worth."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from segstudio.domain import assignment
from segstudio.domain.geometry import Box
from segstudio.domain.metrics import Confusion
from segstudio.domain.task import Part, Task, track
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels, Tile
from segstudio.methods.builtin.kmeans import KMeans
from segstudio.methods.builtin.multi_otsu import MultiOtsu
from segstudio.methods.forest import ForestBaseline
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import Segmenter


@dataclass(frozen=True)
class Labelled:
    """A picture with its mask, both read when they are asked for."""

    pixels: Callable[[], Pixels]
    mask: Callable[[], Ids]

    @property
    def tile(self) -> Tile:
        pixels = self.pixels()
        return Tile(pixels, Box(0, 0, *pixels.shape[:2]))


@dataclass(frozen=True)
class Baseline:
    """How good a simple method is; ``seconds`` are those of learning and measuring."""

    confusion: Confusion
    seconds: float


class _Picture:
    """A labelled picture as segmenters read it: its pixels are held only while it is read."""

    def __init__(self, labelled: Labelled) -> None:
        self._labelled = labelled
        self.height, self.width = labelled.mask().shape

    def read(self, box: Box, stride: int = 1) -> Tile:
        return Tile(self._labelled.pixels()[box.slices][::stride, ::stride], box)


def baselines(
    train: Sequence[Labelled],
    test: Sequence[Labelled],
    ids: tuple[int, ...],
    task: Task,
    seed: int = 0,
) -> dict[str, Baseline]:
    """Measure the simple methods on ``test`` after they have learned from ``train``.

    Returns by name: a random forest on colour and position, k-means of 16 colours in CIELAB
    and multi-Otsu of four greys.
    """
    methods: dict[str, Callable[[Task], Confusion]] = {
        "forest": lambda part: forest(train, test, ids, part, seed),
        "kmeans": lambda part: clusters(KMeans(16, "lab", seed), train, test, ids, part),
        "multi_otsu": lambda part: clusters(MultiOtsu(4), train, test, ids, part),
    }
    found = {}
    for done, (name, method) in enumerate(methods.items()):
        began = time.monotonic()
        confusion = method(Part(task, done, len(methods)))
        found[name] = Baseline(confusion, time.monotonic() - began)
    return found


def forest(
    train: Sequence[Labelled],
    test: Sequence[Labelled],
    ids: tuple[int, ...],
    task: Task,
    seed: int = 0,
) -> Confusion:
    """Measure a random forest on colour and position."""
    growing, predicting = Part(task, 0, 2), Part(task, 1, 2)
    images = ((one.pixels(), _only(one.mask(), ids)) for one in train)
    grown = ForestBaseline(seed=seed).fit(images, len(train), growing)
    confusion = Confusion(ids)
    for done, one in enumerate(test):
        tile = one.tile
        step = Part(predicting, done, len(test))
        confusion.add(one.mask(), grown.predict(tile, *tile.box.shape, step))
    return confusion


def _only(mask: Ids, ids: tuple[int, ...]) -> Ids:
    """Return the mask with every other class unlabelled."""
    return assignment.apply(mask, {id: id for id in ids})


def clusters(
    segmenter: Segmenter,
    train: Sequence[Labelled],
    test: Sequence[Labelled],
    ids: tuple[int, ...],
    task: Task,
) -> Confusion:
    """Measure an unsupervised segmenter.

    It is fitted on all of the training pictures together, and gets its assignment of clusters
    to classes there.
    """
    fitting, learning, measuring = (Part(task, done, 3) for done in range(3))
    state = segmenter.fit(Samples([_Picture(one) for one in train]), fitting)
    regions = segmenter.regions(state)
    counts = np.zeros((regions, len(ids)), np.int64)
    for one in track(learning, train, f"Learning what {segmenter.title} finds"):
        counts += assignment.overlap(segmenter.apply(one.tile, state), one.mask(), regions, ids)
    classes = assignment.learn(counts, ids)
    confusion = Confusion(ids)
    for one in track(measuring, test, f"Measuring {segmenter.title}"):
        confusion.add(one.mask(), assignment.apply(segmenter.apply(one.tile, state), classes))
    return confusion
