"""What all segmenters have in common that spread the strokes on a picture over all of it."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Part, Task, track
from segstudio.domain.tiles import TILE, Ids, LayerBuilder, SparseLayer, keys_of, tile_box
from segstudio.domain.tiling import Tile, Valid
from segstudio.errors import UserError
from segstudio.imaging.lab import Rgb
from segstudio.imaging.snapping import snapped
from segstudio.methods.colours import count_colours, encoding_of
from segstudio.methods.greys import usable
from segstudio.methods.samples import QUIET, Samples, Strokes, nothing_valid
from segstudio.methods.segmenter import Family, Seeds
from segstudio.methods.showing import Showing

Labels = NDArray[np.int8]
"""Which class a pixel has, by its place among those painted; −1 where that is not known."""

MOST_CLASSES = 127


@dataclass(frozen=True, eq=False)
class Spread:
    """The state: the classes of a reduced picture, and the strokes that they come from."""

    showing: Showing
    ids: Ids
    stride: int
    strokes: SparseLayer


@dataclass(frozen=True)
class Spreading(ABC):
    """Base of the segmenters that go by the strokes on a picture: they differ in `spread`.

    Large pictures are reduced for that, and the borders drawn at full size afterwards, along
    the edges of the picture. What is painted keeps its class.
    """

    family: ClassVar[Family] = "From strokes"
    seeds: ClassVar[Seeds] = "picture"
    learns: ClassVar[bool] = True
    whole: ClassVar[bool] = True
    halo: ClassVar[int] = 32

    most: ClassVar[int] = 500_000
    """Pixels at which strokes are spread."""

    @abstractmethod
    def spread(self, rgb: Rgb, seeds: Labels, valid: Valid, scale: float, task: Task) -> Labels:
        """Return a label for every pixel, given those of some; there are two or more.

        A pixel stands for ``scale`` of the picture along a side: lengths follow it.
        """

    def fit(self, samples: Samples, task: Task) -> Spread:
        if not any(next(iter(strokes), None) for strokes in samples.strokes):
            raise UserError(
                "there is no stroke on this picture", "paint a little of each class, then try again"
            )
        picture, strokes = samples.pictures[0], samples.strokes[0]
        task.report(0, 10, "Looking at the strokes")
        tile = samples.reduced(picture, self.most)
        stride = _step(tile)
        valid = usable(tile)
        if valid is not None and not valid.any():
            raise nothing_valid()
        image = Box(0, 0, picture.height, picture.width)
        kept = _kept(strokes, image, Part(task, 1, 10))
        ids = _reduced(kept, image, stride, Part(task, 2, 10))
        if valid is not None:
            ids[~valid] = UNLABELLED
        classes, seeds = _labels(ids)
        showing = _showing(tile)
        rgb = showing.rgb(showing.codes(tile), valid, Part(task, 3, 10))
        everywhere = np.ones(ids.shape, bool) if valid is None else valid
        found = self.spread(rgb, seeds, everywhere, float(stride), Part(task, 1, 2))
        return Spread(showing, classes[found], stride, kept)

    def apply(self, tile: Tile, state: Spread, task: Task = QUIET) -> Ids:
        step = _step(tile)
        valid = usable(tile)
        ids = _placed(state, tile.box, step, tile.pixels.shape[:2])
        if step < state.stride:
            rgb = state.showing.rgb(state.showing.codes(tile), valid, Part(task, 0, 2))
            rough = -(-tile.box.height // state.stride), -(-tile.box.width // state.stride)
            small = _placed(state, tile.box, state.stride, rough).astype(np.int32)
            ids = snapped(rgb, small, Part(task, 1, 2)).astype(np.uint8)
        _pin(ids, state.strokes, tile.box, step)
        if valid is not None:
            ids[~valid] = UNLABELLED
        return ids

    def regions(self, state: Spread) -> int:
        return int(np.flatnonzero(state.strokes.counts())[-1]) + 1


def _step(tile: Tile) -> int:
    """Return the power of two by which a tile is reduced, however thin it is."""
    sides = zip(tile.box.shape, tile.pixels.shape, strict=False)
    return 1 << math.ceil(math.log2(max(whole / reduced for whole, reduced in sides)))


def _showing(tile: Tile) -> Showing:
    """Return how a picture is shown, by a reduction of it."""
    area = int(np.prod(tile.pixels.shape[:2]))
    encoding = encoding_of(iter([tile]), area)
    if encoding.bands in (1, 3):
        return Showing(encoding)
    return Showing.of(count_colours(iter([tile]), encoding, area))


def _labels(ids: Ids) -> tuple[Ids, Labels]:
    """Return the classes that occur, and for each pixel which of them it is."""
    classes = np.flatnonzero(np.bincount(ids.ravel(), minlength=256)[:UNLABELLED])
    if not len(classes):
        raise UserError(
            "all strokes lie where the picture holds no pixels", "paint on what is to be seen"
        )
    if len(classes) == 1:
        raise UserError(
            "all strokes are of one class", "paint a little of another class too, then try again"
        )
    if len(classes) > MOST_CLASSES:
        raise UserError(
            f"the strokes are of {len(classes)} classes", f"up to {MOST_CLASSES} can be told apart"
        )
    table = np.full(256, -1, np.int8)
    table[classes] = np.arange(len(classes))
    return classes.astype(np.uint8), table[ids]


def _kept(strokes: Strokes, image: Box, task: Task) -> SparseLayer:
    """Return a copy of strokes, which may change later."""
    builder = LayerBuilder(image.height, image.width)
    for key in track(task, list(strokes), "Looking at the strokes"):
        box = tile_box(key).clipped(image)
        builder.write(box, strokes.read(box))
    return SparseLayer(image.height, image.width, builder.finish())


def _reduced(strokes: SparseLayer, image: Box, stride: int, task: Task) -> Ids:
    """Return the strokes on a reduced picture: of each pixel the class that has most of it."""
    shape = -(-image.height // stride), -(-image.width // stride)
    out = np.full(shape, UNLABELLED, np.uint8)
    side = TILE // stride
    for key in track(task, list(strokes), "Looking at the strokes"):
        box = tile_box(key)
        packed = strokes.get(key)
        assert packed is not None
        blocks = packed.array.reshape(side, stride, side, stride)
        ids, most = np.full((side, side), UNLABELLED, np.uint8), np.zeros((side, side), np.intp)
        for id in np.flatnonzero(np.bincount(blocks.ravel(), minlength=256)[:UNLABELLED]):
            number = (blocks == id).sum((1, 3))
            np.copyto(ids, np.uint8(id), where=number > most)
            np.maximum(most, number, out=most)
        part = out[box.top // stride : box.bottom // stride, box.left // stride :][:, :side]
        part[...] = ids[: part.shape[0], : part.shape[1]]
    return out


def _placed(state: Spread, box: Box, step: int, shape: tuple[int, ...]) -> Ids:
    """Return the ids of the pixels of a box, each of which stands for ``step`` along a side."""
    rows, columns = (
        np.minimum(((start + (np.arange(n) + 0.5) * step) / state.stride).astype(np.intp), m - 1)
        for start, n, m in zip((box.top, box.left), shape, state.ids.shape, strict=True)
    )
    return np.asarray(state.ids[np.ix_(rows, columns)])


def _pin(ids: Ids, strokes: SparseLayer, box: Box, step: int) -> None:
    """Give pixels that are painted what was painted there."""
    for key in keys_of(box):
        if key in strokes:
            part = tile_box(key).clipped(box)
            top, left = -(-(part.top - box.top) // step), -(-(part.left - box.left) // step)
            first = Box(box.top + top * step, box.left + left * step, part.bottom, part.right)
            said = strokes.read(first)[::step, ::step]
            target = ids[top : top + said.shape[0], left : left + said.shape[1]]
            np.copyto(target, said[: target.shape[0], : target.shape[1]], where=said != UNLABELLED)
