"""Regions: the pieces in which pictures are labelled, and what is known of them."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.looks import LOOK, planes_of
from segstudio.domain.metrics import entropy
from segstudio.domain.tiles import SparseLayer, tile_box
from segstudio.domain.tiling import Pixels, Valid

Floats = NDArray[np.float32]
Boxes = NDArray[np.int32]
"""n × 4: top, left, bottom, right in pixels of the picture."""

CELLS = 4
"""A region is at least so many pixels of the reduced picture wide: fewer say too little."""

TENTH = 0.1

_OF_CLASSES = ("share", "area", "doubt")
_HEAD, _KIND = struct.Struct("<III"), 1
"""What stands before a stored table: its kind, the number of regions, and of classes."""

_SINGLE = ("entropy", "margin", "confidence", "top", "disagreement", "valid")


def edges_of(length: int, side: int) -> NDArray[np.int32]:
    """Return where a length is cut: every ``side`` pixels; 0 leaves it whole.

    A last piece of less than half a side belongs to the one before it.
    """
    count = max(1, (2 * length + side) // (2 * side)) if side else 1
    return np.array([*(side * n for n in range(count)), length], np.int32)


def boxes_of(height: int, width: int, side: int) -> Boxes:
    """Return the regions of a picture, row by row; together they cover it exactly."""
    rows, columns = edges_of(height, side), edges_of(width, side)
    top, left = (grid.ravel() for grid in np.meshgrid(rows[:-1], columns[:-1], indexing="ij"))
    bottom, right = (grid.ravel() for grid in np.meshgrid(rows[1:], columns[1:], indexing="ij"))
    return np.stack([top, left, bottom, right], 1).astype(np.int32)


def labelled_shares(mask: SparseLayer, side: int) -> Floats:
    """Return the share of labelled pixels of each region of a picture, in the order of `boxes_of`.

    Only tiles that hold anything are read, one after another.
    """
    whole = mask.box
    rows, columns = edges_of(whole.height, side), edges_of(whole.width, side)
    counts = np.zeros((len(rows) - 1, len(columns) - 1))
    for key in mask:
        tile = mask.get(key)
        assert tile is not None
        box = tile_box(key).clipped(whole)
        labelled = tile.array[: box.height, : box.width] != UNLABELLED
        across, at_column = _pieces(columns, box.left, box.right)
        down, at_row = _pieces(rows, box.top, box.bottom)
        sums = np.add.reduceat(labelled.astype(np.int64), across, 1)
        sums = np.add.reduceat(sums, down, 0)
        counts[at_row : at_row + len(down), at_column : at_column + len(across)] += sums
    areas = np.outer(np.diff(rows), np.diff(columns))
    return np.asarray((counts / areas).ravel(), np.float32)


def _pieces(edges: NDArray[np.int32], start: int, stop: int) -> tuple[NDArray[np.intp], int]:
    """Return where the pieces of a stretch begin, from its start, and which piece is the first."""
    first = int(np.searchsorted(edges, start, "right")) - 1
    inside = edges[(edges > start) & (edges < stop)]
    return np.concatenate(([0], inside - start)).astype(np.intp), first


def side_for(side: int, stride: int) -> int:
    """Return the side of the regions of a picture that is looked at reduced by ``stride``."""
    return max(side, CELLS * stride) if side else 0


@dataclass(frozen=True, eq=False)
class RegionTable:
    """What is known of n regions of one picture, or of several, for a model of C classes.

    Figures are means over the valid pixels of a region. Without a model C is 0, and what a
    model would say is 0.
    """

    boxes: Boxes
    share: Floats
    """n × C: mean probability of each class."""
    area: Floats
    """n × C: share of the pixels whose likeliest class it is."""
    doubt: Floats
    """n × C: mean of entropy × probability of the class; entropy is divided by log C."""
    entropy: Floats
    margin: Floats
    """Mean of 1 − (p1 − p2), the two highest probabilities of a pixel."""
    confidence: Floats
    """Mean of 1 − p1."""
    top: Floats
    """Mean of the highest tenth of the entropies."""
    disagreement: Floats
    """Mean mutual information between several models; 0 where there was one."""
    valid: Floats
    """Share of the region's pixels that hold data."""
    look: Floats
    """n × 7: means and spreads of three colours, mean gradient; see `looks`."""

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def classes(self) -> int:
        return int(self.share.shape[1])

    def box(self, place: int) -> Box:
        return Box(*(int(side) for side in self.boxes[place]))

    def taken(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> "RegionTable":
        """Return the table of some of the regions."""
        return RegionTable(**{f.name: getattr(self, f.name)[which] for f in fields(self)})

    @classmethod
    def joined(cls, tables: Sequence["RegionTable"]) -> "RegionTable":
        """Return one table of all regions; the tables must be of models of the same classes."""
        if not tables:
            return blank_table(np.zeros((0, 4), np.int32))
        names = [f.name for f in fields(cls)]
        return cls(**{name: np.concatenate([getattr(t, name) for t in tables]) for name in names})

    def to_bytes(self) -> bytes:
        """Return the table as it is stored, figures of classes and looks in half precision."""
        single = np.stack([getattr(self, name) for name in _SINGLE], 1)
        figures = np.concatenate([getattr(self, name) for name in (*_OF_CLASSES, "look")], 1)
        parts = self.boxes.astype("<i4"), single.astype("<f4"), figures.astype("<f2")
        head = _HEAD.pack(_KIND, len(self), self.classes)
        return head + b"".join(part.tobytes() for part in parts)

    @classmethod
    def from_bytes(cls, data: bytes) -> "RegionTable":
        """Read what `to_bytes` made; raise `ValueError` for anything else."""
        kind, count, classes = _HEAD.unpack_from(data) if len(data) >= _HEAD.size else (0, 0, 0)
        width = classes * len(_OF_CLASSES) + LOOK
        sizes = [4 * count * 4, 4 * count * len(_SINGLE), 2 * count * width]
        if kind != _KIND or len(data) != _HEAD.size + sum(sizes):
            raise ValueError("no table of regions, or a damaged one")
        first, second = _HEAD.size + sizes[0], _HEAD.size + sizes[0] + sizes[1]
        boxes = np.frombuffer(data[_HEAD.size : first], "<i4").reshape(count, 4)
        single = np.frombuffer(data[first:second], "<f4").reshape(count, len(_SINGLE))
        figures = np.frombuffer(data[second:], "<f2").reshape(count, width).astype(np.float32)
        values = {n: single[:, place].astype(np.float32) for place, n in enumerate(_SINGLE)}
        for place, name in enumerate(_OF_CLASSES):
            values[name] = figures[:, place * classes : (place + 1) * classes].copy()
        return cls(boxes=boxes.astype(np.int32), look=figures[:, width - LOOK :].copy(), **values)


def blank_table(boxes: Boxes, classes: int = 0) -> RegionTable:
    """Return a table of regions of which nothing is known."""
    count = len(boxes)
    zeros = {name: np.zeros(count, np.float32) for name in _SINGLE}
    of_classes = {name: np.zeros((count, classes), np.float32) for name in _OF_CLASSES}
    return RegionTable(boxes=boxes, look=np.zeros((count, LOOK), np.float32), **zeros, **of_classes)


def table_of(
    probabilities: Floats | None,
    pixels: Pixels,
    valid: Valid | None,
    stride: int,
    side: int,
    size: tuple[int, int],
    disagreement: Floats | None = None,
) -> RegionTable:
    """Return what is known of the regions of a picture of ``size`` (height, width).

    ``probabilities`` (C × h × w; None without a model), ``pixels`` (h × w × bands), ``valid``
    and ``disagreement`` (h × w) are the picture reduced by ``stride``. Where a region would be
    less than 4 reduced pixels wide, regions are larger than ``side``. Figures of regions
    without data are 0; NaN in the probabilities of a region makes its figures NaN.
    """
    side = side_for(side, stride)
    boxes = boxes_of(*size, side)
    height, width = pixels.shape[:2]
    sums = _Sums(
        _cuts(edges_of(size[0], side), stride, height),
        _cuts(edges_of(size[1], side), stride, width),
        np.ones((height, width), np.float32) if valid is None else valid.astype(np.float32),
    )
    colours = planes_of(pixels)
    means = sums.means(colours)
    spreads = np.sqrt(np.maximum(sums.means(colours[:3] ** 2) - means[:, :3] ** 2, 0))
    look = np.concatenate([means[:, :3], spreads, means[:, 3:]], 1)
    known = {"look": look, "valid": sums.share}
    if probabilities is not None:
        known |= _of_model(probabilities, sums, disagreement)
    table = blank_table(boxes, 0 if probabilities is None else len(probabilities))
    return RegionTable(**{f.name: known.get(f.name, getattr(table, f.name)) for f in fields(table)})


def _of_model(p: Floats, sums: "_Sums", disagreement: Floats | None) -> dict[str, Floats]:
    doubt = entropy(p)
    likeliest = p.argmax(0)[None]
    first = np.take_along_axis(p, likeliest, 0)[0]
    others = p.copy()
    np.put_along_axis(others, likeliest, 0, 0)
    second = others.max(0)
    single = [doubt, 1 - (first - second), 1 - first]
    if disagreement is not None:
        single.append(disagreement)
    means = sums.means(np.stack(single))
    names = ("entropy", "margin", "confidence", "disagreement")
    known = {name: means[:, place] for place, name in enumerate(names[: len(single)])}
    return known | {
        "share": sums.means(p),
        "area": sums.counted(likeliest[0], len(p)),
        "doubt": sums.means(p * doubt),
        "top": sums.highest(doubt),
    }


def _cuts(edges: NDArray[np.int32], stride: int, length: int) -> NDArray[np.intp]:
    """Return the edges in the reduced picture, the end among them."""
    cuts = np.minimum(np.round(edges / stride).astype(np.intp), length)
    cuts[-1] = length
    return cuts


class _Sums:
    """Takes means over the cells of a grid, of the pixels that hold data."""

    def __init__(self, rows: NDArray[np.intp], columns: NDArray[np.intp], weight: Floats) -> None:
        self._rows, self._columns, self._weight = rows, columns, weight
        self._full = bool(weight.all())
        self._count = np.outer(np.diff(rows), np.diff(columns)).ravel().astype(np.float32)
        self._held = self._sum(weight[None])[0]
        self.share = (self._held / self._count).astype(np.float32)
        """Share of each cell that holds data."""

    def _sum(self, planes: Floats) -> Floats:
        down = np.add.reduceat(planes, self._rows[:-1], 1)
        both = np.add.reduceat(down, self._columns[:-1], 2)
        return np.asarray(both.reshape(len(planes), -1), np.float32)

    def means(self, planes: Floats) -> Floats:
        """Return cells × planes."""
        if not self._full:
            planes = np.where(self._weight > 0, planes, np.float32(0))
        return np.asarray((self._sum(planes) / np.maximum(self._held, 1)).T, np.float32)

    def counted(self, ids: NDArray[np.intp], classes: int) -> Floats:
        """Return, cells × classes, the share of the pixels that each class has."""
        rows = np.repeat(np.arange(len(self._rows) - 1), np.diff(self._rows))
        columns = np.repeat(np.arange(len(self._columns) - 1), np.diff(self._columns))
        cell = rows[:, None] * (len(self._columns) - 1) + columns
        found = np.bincount(
            (cell * classes + ids).ravel(), self._weight.ravel(), len(self._count) * classes
        )
        shares = found.reshape(-1, classes) / np.maximum(self._held, 1)[:, None]
        return np.asarray(shares, np.float32)

    def highest(self, plane: Floats) -> Floats:
        """Return the mean of the highest tenth in each cell."""
        out = np.zeros(len(self._count), np.float32)
        place = 0
        for top, bottom in zip(self._rows[:-1], self._rows[1:], strict=True):
            for left, right in zip(self._columns[:-1], self._columns[1:], strict=True):
                values = plane[top:bottom, left:right]
                if not self._full:
                    values = values[self._weight[top:bottom, left:right] > 0]
                if values.size:
                    keep = max(1, round(values.size * TENTH))
                    out[place] = np.partition(values, values.size - keep, None)[-keep:].mean()
                place += 1
        return out
