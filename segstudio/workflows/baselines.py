"""What simple methods reach on the same pictures: the measure of what a network is worth."""

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


class _Picture:
    """A labelled picture as segmenters read it: its pixels are held only while it is read."""

    def __init__(self, labelled: Labelled) -> None:
        self._labelled = labelled
        self.height, self.width = labelled.mask().shape

    def read(self, box: Box) -> Tile:
        return Tile(self._labelled.pixels()[box.slices], box)


def baselines(
    train: Sequence[Labelled],
    test: Sequence[Labelled],
    ids: tuple[int, ...],
    task: Task,
    seed: int = 0,
) -> dict[str, Confusion]:
    """Measure the simple methods on ``test`` after they have learned from ``train``.

    Returns the confusions by name: a random forest on colour and position, k-means of 16
    colours in CIELAB and multi-Otsu of four greys. The last two are fitted on all of the
    training pictures together, and get their assignment of clusters to classes there.
    """
    unsupervised: dict[str, Segmenter] = {
        "kmeans": KMeans(16, "lab", seed),
        "multi_otsu": MultiOtsu(4),
    }
    parts = len(unsupervised) + 2
    found = {"forest": _forest(train, test, ids, Part(task, 0, parts), Part(task, 1, parts), seed)}
    for done, (name, segmenter) in enumerate(unsupervised.items()):
        found[name] = _unsupervised(segmenter, train, test, ids, Part(task, done + 2, parts))
    return found


def _forest(
    train: Sequence[Labelled],
    test: Sequence[Labelled],
    ids: tuple[int, ...],
    growing: Task,
    predicting: Task,
    seed: int,
) -> Confusion:
    images = ((one.pixels(), _only(one.mask(), ids)) for one in train)
    forest = ForestBaseline(seed=seed).fit(images, len(train), growing)
    confusion = Confusion(ids)
    for done, one in enumerate(test):
        tile = one.tile
        step = Part(predicting, done, len(test))
        confusion.add(one.mask(), forest.predict(tile, *tile.box.shape, step))
    return confusion


def _only(mask: Ids, ids: tuple[int, ...]) -> Ids:
    """Return the mask with every other class unlabelled."""
    return assignment.apply(mask, {id: id for id in ids})


def _unsupervised(
    segmenter: Segmenter,
    train: Sequence[Labelled],
    test: Sequence[Labelled],
    ids: tuple[int, ...],
    task: Task,
) -> Confusion:
    state = segmenter.fit(Samples([_Picture(one) for one in train]), task)
    regions = segmenter.regions(state)
    counts = np.zeros((regions, len(ids)), np.int64)
    for one in track(task, train, f"Learning what {segmenter.title} finds"):
        counts += assignment.overlap(segmenter.apply(one.tile, state), one.mask(), regions, ids)
    classes = assignment.learn(counts, ids)
    confusion = Confusion(ids)
    for one in track(task, test, f"Measuring {segmenter.title}"):
        confusion.add(one.mask(), assignment.apply(segmenter.apply(one.tile, state), classes))
    return confusion
