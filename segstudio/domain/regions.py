"""Regions: the pieces in which pictures are labelled, and what is known of them."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.features import FeatureMap
from segstudio.domain.geometry import Box
from segstudio.domain.looks import LOOK, planes_of
from segstudio.domain.metrics import entropy
from segstudio.domain.sums import Sums, cuts_of
from segstudio.domain.tiles import SparseLayer, tile_box
from segstudio.domain.tiling import Pixels, Valid

Floats = NDArray[np.float32]
Boxes = NDArray[np.int32]
"""n × 4: top, left, bottom, right in pixels of the picture."""

CELLS = 4
"""A region is at least so many pixels of the reduced picture wide: fewer say too little."""

_OF_CLASSES = ("share", "area", "doubt")
_HEAD, _PLAIN, _DEEP = struct.Struct("<III"), 1, 2
"""What stands before a stored table: its kind, the number of regions, and of classes."""

_WIDTH = struct.Struct("<I")
"""What follows where regions have encoder features: how many."""

_LARGEST = float(np.finfo(np.float16).max)

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
    features: Floats
    """n × F: means of what the model's encoder says; F is 0 where nobody asked for them."""

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
        """Return the table as it is stored, all but single figures in half precision.

        Tables without features are what they were before there were any.
        """
        width = self.features.shape[1]
        single = np.stack([getattr(self, name) for name in _SINGLE], 1)
        names = (*_OF_CLASSES, "look")
        features = np.clip(self.features, -_LARGEST, _LARGEST)
        figures = np.concatenate([*(getattr(self, name) for name in names), features], 1)
        parts = self.boxes.astype("<i4"), single.astype("<f4"), figures.astype("<f2")
        head = _HEAD.pack(_DEEP if width else _PLAIN, len(self), self.classes)
        if width:
            head += _WIDTH.pack(width)
        return head + b"".join(part.tobytes() for part in parts)

    @classmethod
    def from_bytes(cls, data: bytes) -> "RegionTable":
        """Read what `to_bytes` made; raise `ValueError` for anything else."""
        kind, count, classes, width, start = _head(data)
        ends = np.cumsum([*[classes] * len(_OF_CLASSES), LOOK, width])
        first = start + 4 * count * 4
        second = first + 4 * count * len(_SINGLE)
        if kind not in (_PLAIN, _DEEP) or len(data) != second + 2 * count * int(ends[-1]):
            raise ValueError("no table of regions, or a damaged one")
        boxes = np.frombuffer(data[start:first], "<i4").reshape(count, 4)
        single = np.frombuffer(data[first:second], "<f4").reshape(count, len(_SINGLE))
        figures = np.frombuffer(data[second:], "<f2").reshape(count, int(ends[-1]))
        values = {n: single[:, place].astype(np.float32) for place, n in enumerate(_SINGLE)}
        names = (*_OF_CLASSES, "look", "features")
        for name, part in zip(names, np.split(figures, ends[:-1], 1), strict=True):
            values[name] = part.astype(np.float32)
        return cls(boxes=boxes.astype(np.int32), **values)


def _head(data: bytes) -> tuple[int, int, int, int, int]:
    """Return kind, regions, classes and features of a stored table, and where it begins."""
    if len(data) < _HEAD.size:
        return 0, 0, 0, 0, 0
    kind, count, classes = _HEAD.unpack_from(data)
    if kind != _DEEP or len(data) < _HEAD.size + _WIDTH.size:
        return kind, count, classes, 0, _HEAD.size
    (width,) = _WIDTH.unpack_from(data, _HEAD.size)
    return kind, count, classes, width, _HEAD.size + _WIDTH.size


def blank_table(boxes: Boxes, classes: int = 0) -> RegionTable:
    """Return a table of regions of which nothing is known."""
    count = len(boxes)
    zeros = {name: np.zeros(count, np.float32) for name in _SINGLE}
    of_classes = {name: np.zeros((count, classes), np.float32) for name in _OF_CLASSES}
    look, features = np.zeros((count, LOOK), np.float32), np.zeros((count, 0), np.float32)
    return RegionTable(boxes=boxes, look=look, features=features, **zeros, **of_classes)


def table_of(
    probabilities: Floats | None,
    pixels: Pixels,
    valid: Valid | None,
    stride: int,
    side: int,
    size: tuple[int, int],
    disagreement: Floats | None = None,
    features: FeatureMap | None = None,
) -> RegionTable:
    """Return what is known of the regions of a picture of ``size`` (height, width).

    ``probabilities`` (C × h × w; None without a model), ``pixels`` (h × w × bands), ``valid``
    and ``disagreement`` (h × w) are the picture reduced by ``stride``, and ``features`` is a
    map of its pixels. Where a region would be
    less than 4 reduced pixels wide, regions are larger than ``side``. Figures of regions
    without data are 0; NaN in the probabilities of a region makes its figures NaN.
    """
    side = side_for(side, stride)
    boxes = boxes_of(*size, side)
    height, width = pixels.shape[:2]
    sums = Sums(
        cuts_of(edges_of(size[0], side), stride, height),
        cuts_of(edges_of(size[1], side), stride, width),
        np.ones((height, width), np.float32) if valid is None else valid.astype(np.float32),
    )
    colours = planes_of(pixels)
    means = sums.means(colours)
    spreads = np.sqrt(np.maximum(sums.means(colours[:3] ** 2) - means[:, :3] ** 2, 0))
    look = np.concatenate([means[:, :3], spreads, means[:, 3:]], 1)
    known = {"look": look, "valid": sums.share}
    if probabilities is not None:
        known |= _of_model(probabilities, sums, disagreement)
    if features is not None:
        known["features"] = features.pooled(sums.rows, sums.columns, sums.weight)
    table = blank_table(boxes, 0 if probabilities is None else len(probabilities))
    return RegionTable(**{f.name: known.get(f.name, getattr(table, f.name)) for f in fields(table)})


def _of_model(p: Floats, sums: Sums, disagreement: Floats | None) -> dict[str, Floats]:
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
    share, area = sums.means(p), sums.counted(likeliest[0], len(p))
    area[np.isnan(share).any(1)] = np.nan  # the likeliest of numbers and none is none
    return known | {
        "share": share,
        "area": area,
        "doubt": sums.means(p * doubt),
        "top": sums.highest(doubt),
    }
