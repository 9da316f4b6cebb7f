"""What a segmenter learns from: pieces of one or several pictures, and their histograms."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet, Task
from segstudio.domain.tiles import Ids, Key
from segstudio.domain.tiling import Pixels, Tile, Valid
from segstudio.errors import UserError
from segstudio.methods import histogram as histograms
from segstudio.methods.channels import channel_values
from segstudio.methods.colours import (
    ColourHistogram,
    PlacedColours,
    count_colours,
    encoding_of,
    place_colours,
)
from segstudio.methods.greys import usable
from segstudio.methods.histogram import Histogram

PIXELS = 16_000_000
"""How many pixels a segmenter looks at, at most, before it knows enough."""

WINDOW = 1024
PIECE = 256
"""Side of the windows that are read: all of them, or scattered pieces of more pixels."""

QUIET = Quiet()

T = TypeVar("T")


class Picture(Protocol):
    """A picture of any size that is read piece by piece."""

    @property
    def height(self) -> int: ...

    @property
    def width(self) -> int: ...

    def read(self, box: Box, stride: int = 1) -> Tile:
        """Return the pixels (height × width × bands) of a box inside the picture.

        With ``stride``, a power of two, about every so-manieth along each side.
        """


class Strokes(Protocol):
    """What a person has said of a picture's pixels: a class id, 255 where nothing."""

    def __iter__(self) -> Iterator[Key]:
        """Yield the tiles in which anything is said."""

    def read(self, box: Box) -> Ids:
        """Return the ids of a box of the picture."""


@dataclass(frozen=True, eq=False)
class ArrayPicture:
    """A picture that is wholly in memory."""

    pixels: Pixels
    valid: Valid | None = None

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    def read(self, box: Box, stride: int = 1) -> Tile:
        valid = None if self.valid is None else self.valid[box.slices][::stride, ::stride]
        return Tile(self.pixels[box.slices][::stride, ::stride], box, valid)


class Samples:
    """A stream of tiles, and what several segmenters derive from it, computed once.

    Pictures of more than ``limit`` pixels together are sampled: pieces scattered evenly over
    them, the same ones each time.
    """

    def __init__(
        self,
        pictures: Sequence[Picture],
        limit: int = PIXELS,
        strokes: Sequence[Strokes] = (),
    ) -> None:
        """``strokes`` are those of each picture, in the same order; empty where there are none."""
        self.pictures, self.strokes = pictures, strokes
        self._limit = limit
        self._cache: dict[str, Any] = {}

    @classmethod
    def of(cls, pixels: Pixels, valid: Valid | None = None) -> "Samples":
        """Make samples of one picture in memory."""
        return cls([ArrayPicture(pixels, valid)])

    @property
    def area(self) -> int:
        """How many pixels the pictures have together."""
        return sum(picture.height * picture.width for picture in self.pictures)

    def reduced(self, picture: Picture, most: int) -> Tile:
        """Return a whole picture, smaller by the least power of two that leaves ``most`` pixels."""
        stride = 1
        while picture.height * picture.width > most * stride * stride:
            stride *= 2
        return picture.read(Box(0, 0, picture.height, picture.width), stride)

    def tiles(self, task: Task = QUIET, text: str = "Looking at the pixels") -> Iterator[Tile]:
        """Yield the tiles that hold any valid pixel, reporting before each."""
        plan = self._everything() if self.area <= self._limit else self._scattered()
        for done, (picture, box) in enumerate(plan):
            task.report(done, len(plan), text)
            tile = picture.read(box)
            if tile.any_valid:
                yield tile

    def _everything(self) -> list[tuple[Picture, Box]]:
        return [
            (picture, box)
            for picture in self.pictures
            for box in Box(0, 0, picture.height, picture.width).tiles(WINDOW)
        ]

    def _scattered(self) -> list[tuple[Picture, Box]]:
        grids = [(-(-p.height // PIECE), -(-p.width // PIECE)) for p in self.pictures]
        ends = np.cumsum([rows * columns for rows, columns in grids])
        number = max(self._limit // PIECE**2, 1)
        strata = np.linspace(0, ends[-1], number + 1)
        # A place at random in each stratum: equal steps could follow one column of the grid.
        places = strata[:-1] + np.random.default_rng(0).random(number) * np.diff(strata)
        plan = []
        for place in np.unique(places.astype(np.int64)):
            index = int(np.searchsorted(ends, place, side="right"))
            picture, (rows, columns) = self.pictures[index], grids[index]
            row, column = divmod(int(place - ends[index]) + rows * columns, columns)
            corner = Box(row * PIECE, column * PIECE, (row + 1) * PIECE, (column + 1) * PIECE)
            plan.append((picture, corner.clipped(Box(0, 0, picture.height, picture.width))))
        return plan

    def histogram(self, task: Task = QUIET, channel: str = "grey") -> Histogram:
        """Count the values of a channel: 256 bins, of 8 bits one a value, else over their range.

        Raises `UserError` where no pixel is valid, or where the pictures lack that channel.
        """
        return self.once(f"histogram of {channel}", lambda: self._count_values(channel, task))

    def colours(self, task: Task = QUIET) -> ColourHistogram:
        """Count the colours, as 8 bits a band; see `count_colours`."""
        return self.once("colours", lambda: self._count_colours(task))

    def placed_colours(self, task: Task = QUIET) -> PlacedColours:
        """Take the colours of single pixels with their places; see `place_colours`."""
        return self.once("places", lambda: self._place_colours(task))

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what was made under a name; make it where that was not yet done."""
        if name not in self._cache:
            self._cache[name] = make()
        made: T = self._cache[name]
        return made

    def _count_colours(self, task: Task) -> ColourHistogram:
        visited = min(self.area, self._limit)
        encoding = encoding_of(self.tiles(task), visited)
        return count_colours(self.tiles(task), encoding, visited)

    def _place_colours(self, task: Task) -> PlacedColours:
        visited = min(self.area, self._limit)
        encoding = encoding_of(self.tiles(task), visited)
        return place_colours(self.tiles(task), encoding, visited)

    def _count_values(self, channel: str, task: Task) -> Histogram:
        counts: NDArray[np.int64] | None = None
        low, high = np.inf, -np.inf
        kind: np.dtype[Any] | None = None
        for tile in self.tiles(task):
            values, valid = channel_values(tile.pixels, channel), usable(tile)
            if kind is not None and values.dtype != kind:
                raise UserError(
                    f"the pictures hold different kinds of numbers, {kind} and {values.dtype}",
                    "segment those of each kind by themselves",
                )
            kind = values.dtype
            if kind.kind == "u":
                fresh = _count(values, valid)
                counts = fresh if counts is None else counts + fresh
            elif valid is None or valid.any():
                seen = values if valid is None else values[valid]
                low, high = min(low, float(seen.min())), max(high, float(seen.max()))
        if counts is not None and counts.any():
            return histograms.of_whole_numbers(counts)
        if low > high:
            raise nothing_valid()
        return self._count_floats(channel, low, high, task)

    def _count_floats(self, channel: str, low: float, high: float, task: Task) -> Histogram:
        edges = histograms.float_edges(low, high)
        counts = np.zeros(histograms.BINS, np.int64)
        for tile in self.tiles(task):
            values, valid = channel_values(tile.pixels, channel), usable(tile)
            seen = (values if valid is None else values[valid]).astype(np.float64)
            counts += np.histogram(seen, histograms.BINS, (edges[0], edges[-1]))[0]
        return Histogram(counts, edges, False)


def _count(values: NDArray[Any], valid: Valid | None) -> NDArray[np.int64]:
    """Count each value 0, 1, 2 … of 8 or 16 bits."""
    import cv2

    size = 1 << (8 * values.dtype.itemsize)
    mask = None if valid is None else np.ascontiguousarray(valid).view(np.uint8)
    counts = cv2.calcHist([values], [0], mask, [size], [0, size])
    return np.asarray(counts).ravel().astype(np.int64)


def nothing_valid() -> UserError:
    return UserError(
        "the picture holds no valid pixel", "all of it is marked as missing, or not a number"
    )
