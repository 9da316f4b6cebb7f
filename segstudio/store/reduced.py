"""Overview files that this program made: half, quarter … versions of one raster.

Such a file is a GeoTIFF of half the raster's size, with the smaller sizes as its own
overviews; named like the raster with ``.ovr`` it serves GDAL as external overviews. Where
pixels of the raster may lack data, one band more than the raster has tells which do: GDAL
passes over it, and would read the mask of the whole raster instead.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Pixels, Valid
from segstudio.store.datasets import Handles, open_dataset
from segstudio.store.layouts import Layout
from segstudio.store.pyramid import shrink

TAG = "SEGSTUDIO_OVERVIEWS"
"""Metadata of the file: width, height and bands of the raster, and whether one band more
tells which pixels hold data."""


_SMALLEST = 512


def sizes_of(height: int, width: int) -> list[tuple[int, int]]:
    """Return rows and columns of the half, the quarter … until one is small enough to show."""
    sizes: list[tuple[int, int]] = []
    while not sizes or max(height, width) > _SMALLEST:
        height, width = -(-height // 2), -(-width // 2)
        sizes.append((height, width))
    return sizes


def tag_of(dataset: Any, masked: bool) -> str:
    """Return what the file says of the raster that it belongs to."""
    return f"{dataset.width} {dataset.height} {dataset.count} {dataset.dtypes[0]} {masked:d}"


class Reduced:
    """The smaller versions of a raster, read exactly, in cells that begin at its corner."""

    def __init__(self, path: Path, levels: int, masked: bool) -> None:
        self._handles = Handles(path)
        self.levels = levels
        """How often the raster was halved."""
        self._masked = masked

    @property
    def path(self) -> Path:
        return self._handles.path

    def read(self, layout: Layout, box: Box, stride: int) -> tuple[Pixels, Valid | None] | None:
        """Return a box of the raster as `RasterPicture.read` does; None where no level serves."""
        level = min(_halvings(stride | box.top | box.left), self.levels)
        if level == 0:
            return None
        by = 1 << level
        part = Box(box.top // by, box.left // by, -(-box.bottom // by), -(-box.right // by))
        with self._handles.lend(level - 2 if level > 1 else None) as dataset:
            data, valid = read_level(dataset, layout.bands, self._masked, part)
        data, valid = reduced_by(stride // by, data, valid, layout.picked)
        if valid is not None and valid.all():
            valid = None
        return layout.coloured(data), valid

    def close(self) -> None:
        self._handles.close()


def reduced_of(path: Path, raster: Path) -> Reduced | None:
    """Return the overviews in a file where they are ours, of this raster and not too old."""
    try:
        if path.stat().st_mtime_ns < raster.stat().st_mtime_ns:
            return None
        with open_dataset(path) as small:
            tag = small.tags().get(TAG)
            if not tag:
                return None
            masked = tag.endswith("1")
            with open_dataset(raster) as dataset:
                sizes = sizes_of(*dataset.shape)
                if tag != tag_of(dataset, masked) or small.shape != sizes[0]:
                    return None
            if len(small.overviews(1)) != len(sizes) - 1:
                return None
    except Exception:  # whatever is wrong with it: the raster itself is there
        return None
    return Reduced(path, len(sizes), masked)


def read_level(
    dataset: Any, bands: tuple[int, ...], masked: bool, box: Box
) -> tuple[NDArray[Any], Valid | None]:
    """Return the numbers in a box, rows × columns × bands, and which of the pixels hold data."""
    from rasterio.windows import Window

    window = Window(box.left, box.top, box.width, box.height)
    data = dataset.read([*bands, dataset.count] if masked else list(bands), window=window)
    valid = None
    if masked:
        data, valid = data[:-1], data[-1] > 0
    if data.dtype.kind == "f":
        numbers = np.isfinite(data).all(axis=0)
        valid = numbers if valid is None else valid & numbers
    return np.moveaxis(data, 0, -1), valid


def reduced_by(
    by: int, pixels: NDArray[Any], valid: Valid | None, picked: bool
) -> tuple[NDArray[Any], Valid | None]:
    """Return one pixel for each ``by`` × ``by``: their average, or the first where ``picked``."""
    if not picked:
        return shrink(pixels, valid, by)
    return pixels[::by, ::by], None if valid is None else valid[::by, ::by]


def _halvings(number: int) -> int:
    """Return how often a number can be halved."""
    return (number & -number).bit_length() - 1
