"""TIFF pictures of any size, read window by window; and the threads that read."""

import math
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Pixels, Tile, Valid
from segstudio.errors import UserError
from segstudio.store.datasets import Handles, blocks, opened
from segstudio.store.decoding import damage
from segstudio.store.formats import Picture, PictureInfo
from segstudio.store.layouts import Layout, describe, georef_of, lies
from segstudio.store.reduced import Reduced, reduced_by

__all__ = [
    "Layout",
    "RasterPicture",
    "Readers",
    "blocks",
    "check",
    "describe",
    "georef_of",
    "opened",
    "read_window",
    "strips",
]

P = ParamSpec("P")
R = TypeVar("R")

_SMALL = 64 << 20
_STRIP = 64 << 20
_PIECE = 16 << 20


class RasterPicture:
    """A TIFF of any size, read in windows by as many handles as threads read at a time.

    Reduced versions come from a file that this program made (``reduced``), from the raster's
    own overviews, or by averaging its pixels. GDAL's own cache, bounded for all rasters
    together, is not counted as this picture's memory.
    """

    def __init__(
        self, path: Path, info: PictureInfo, layout: Layout, reduced: Reduced | None = None
    ) -> None:
        self._info, self._layout, self._reduced = info, layout, reduced
        self._handles = Handles(path)

    @property
    def info(self) -> PictureInfo:
        return self._info

    @property
    def nbytes(self) -> int:
        return 0

    @property
    def coarsest(self) -> int:
        """The largest stride at which a read is cheap: that of the smallest overview, or 1."""
        own = self._reduced.levels if self._reduced else 0
        return max(1 << own, *self._layout.overviews, 1)

    @property
    def block(self) -> tuple[int, int]:
        """Rows and columns of the blocks in which the raster is stored."""
        return self._layout.block

    def read(self, box: Box, stride: int = 1) -> Tile:
        """Return a box; with a stride, from the nearest overview where there is one."""
        box = box.clipped(Box(0, 0, self._info.height, self._info.width))
        with damage():
            found = self._from_reduced(box, stride)
            if found is None:
                with self._handles.lend() as dataset:
                    self._check_same(dataset)
                    found = read_window(dataset, self._layout, box, stride)
        return Tile(found[0], box, found[1])

    def _from_reduced(self, box: Box, stride: int) -> tuple[Pixels, Valid | None] | None:
        if self._reduced is None or stride == 1:
            return None
        with self._handles.lend() as dataset:  # says so where the picture is gone
            self._check_same(dataset)
        return self._reduced.read(self._layout, box, stride)

    def _check_same(self, dataset: Any) -> None:
        size = (self._info.height, self._info.width)
        if dataset.shape != size or max(self._layout.bands) > dataset.count:
            raise UserError("the file has been changed meanwhile", "open the picture again")

    def close(self) -> None:
        """Close the files; a read that is under way ends well and closes its own."""
        self._handles.close()
        if self._reduced is not None:
            self._reduced.close()


class Readers:
    """The threads that read pictures for the window; the only ones that this floor starts
    besides the writer of the project."""

    def __init__(self, count: int = 2) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="reader")

    def submit(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Run a function on a reader; the future takes its result or its exception."""
        return self._pool.submit(work, *args, **kwargs)

    def close(self, wait: bool = True) -> None:
        """Drop what has not begun; ``wait`` for what has."""
        self._pool.shutdown(wait=wait, cancel_futures=True)


def read_window(dataset: Any, layout: Layout, box: Box, stride: int) -> tuple[Pixels, Valid | None]:
    """Return the pixels of a box, height × width × bands, and their validity (None: all)."""
    if stride == 1:
        data, valid = _read(dataset, layout, box)
    elif layout.overviews:
        data, valid = _read(dataset, layout, box, stride)
    else:
        data, valid = _averaged(dataset, layout, box, stride)
    if valid is not None and valid.all():
        valid = None
    return layout.coloured(data), valid


def _read(
    dataset: Any, layout: Layout, box: Box, stride: int = 1
) -> tuple[NDArray[Any], Valid | None]:
    """Return what GDAL makes of a box, from its overviews where there is a stride."""
    from rasterio.enums import Resampling
    from rasterio.windows import Window

    window = Window(box.left, box.top, box.width, box.height)
    shape = (-(-box.height // stride), -(-box.width // stride))
    data = dataset.read(
        list(layout.bands),
        window=window,
        out_shape=(len(layout.bands), *shape),
        resampling=Resampling.nearest if layout.picked else Resampling.average,
    )
    valid = None
    if layout.masked:
        valid = dataset.dataset_mask(window=window, out_shape=shape) > 0
    if data.dtype.kind == "f":
        numbers = np.isfinite(data).all(axis=0)
        valid = numbers if valid is None else valid & numbers
    return np.moveaxis(data, 0, -1), valid


def _averaged(
    dataset: Any, layout: Layout, box: Box, stride: int
) -> tuple[NDArray[Any], Valid | None]:
    """Return a box reduced from all its pixels, in pieces that take little memory.

    Pieces are whole blocks, which would be decoded again for each other piece of them.
    """
    pixel = len(layout.bands) * np.dtype(dataset.dtypes[0]).itemsize
    high, wide = (_blockwise(stride, side) for side in layout.block)
    across = -(-box.width // stride) * stride
    wide *= max(_PIECE // (high * wide * pixel), 1)
    wide = across if layout.block[1] >= box.width else min(wide, across)
    high *= max(_PIECE // (high * wide * pixel), 1)
    shape = (-(-box.height // stride), -(-box.width // stride))
    pixels = np.empty((*shape, len(layout.bands)), dataset.dtypes[0])
    valid = np.ones(shape, np.bool_)
    for top in range(box.top, box.bottom, high):
        for left in range(box.left, box.right, wide):
            part = Box(top, left, top + high, left + wide).clipped(box)
            data, given = reduced_by(stride, *_read(dataset, layout, part), layout.picked)
            row, column = (top - box.top) // stride, (left - box.left) // stride
            place = slice(row, row + data.shape[0]), slice(column, column + data.shape[1])
            pixels[place] = data
            if given is not None:
                valid[place] = given
    return pixels, valid


def _blockwise(stride: int, side: int) -> int:
    """Return a length that whole cells of a stride fill, and whole blocks where that is small."""
    both = math.lcm(stride, side)
    return both if both <= 4 * max(stride, side) else stride


def strips(picture: Picture, stride: int) -> Iterator[Box]:
    """Yield boxes as wide as the picture, top to bottom, each quick to read at a stride.

    Each takes about 64 MB of pixels to be read, at the size of the overview that serves the
    stride, and ends where a block of the raster and a cell of the stride end; more where
    one row of blocks is larger.
    """
    info = picture.info
    if not isinstance(picture, RasterPicture):
        yield info.box
        return
    by = min(stride, picture.coarsest)
    row = info.width * info.bands * np.dtype(info.dtype).itemsize / by**2
    step = _blockwise(stride, picture.block[0]) if by == 1 else stride
    step *= max(int(_STRIP / (row * step)), 1)
    for top in range(0, info.height, step):
        yield Box(top, 0, min(top + step, info.height), info.width)


def check(path: Path, info: PictureInfo, layout: Layout) -> None:
    """Raise `UserError` where pixels are missing: the places of the blocks are compared with
    the size of the file, then small rasters are read, and the corners of large ones."""
    with damage(), opened(path) as dataset:
        length = path.stat().st_size
        if any(at + long > length for at, long in blocks(dataset)):
            raise UserError("the file ends too early", "copy it again from where it came")
        height, width = dataset.shape
        size = width * height * len(layout.bands) * np.dtype(dataset.dtypes[0]).itemsize
        parts = [Box(0, 0, height, width)]
        if size > _SMALL:
            parts = [Box(y, x, y + 1, x + 1) for y in (0, height - 1) for x in (0, width - 1)]
        try:
            for part in parts:
                read_window(dataset, layout, part, 1)
        except Exception as error:
            if dataset.compression is None and size > length:
                raise lies(dataset) from error
            raise
