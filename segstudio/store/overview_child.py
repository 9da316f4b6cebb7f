"""Writes a raster's overviews: a program of its own, at low priority.

    python -m segstudio.store.overview_child RASTER FILE

Says ``progress DONE TOTAL``, and what went wrong as ``error: …`` and ``hint: …``, in lines.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Valid
from segstudio.errors import UserError
from segstudio.store import codecs
from segstudio.store.datasets import blocks, opened
from segstudio.store.decoding import damage
from segstudio.store.layouts import Layout, describe
from segstudio.store.reduced import TAG, read_level, reduced_by, sizes_of, tag_of

_CACHE = "64"
_PIECE = 8 << 20
_TILE_ROW = 48 << 20
_SIDES = (512, 256, 128)


class Orphaned(BaseException):
    """The program that started this one is no more; no error of the raster."""


class Progress:
    """Says how far it is, a few times a second; stops when nobody listens any more."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0
        self._said = 0.0
        self._parent = os.getppid()

    def add(self, done: int) -> None:
        self._done += done
        if os.getppid() != self._parent:
            raise Orphaned
        if time.monotonic() - self._said > 0.1 or self._done >= self._total:
            self._said = time.monotonic()
            print("progress", self._done, self._total, flush=True)


def write(raster: Path, file: Path) -> None:
    """Write the overviews of a raster into a new file, each level halved from the one before."""
    _, layout = describe(raster)
    with opened(raster) as dataset:
        sizes = sizes_of(*dataset.shape)
        masked = layout.masked
        _prepare(file, dataset, masked, sizes)
        progress = Progress(sum(rows * columns for rows, columns in [dataset.shape, *sizes[:-1]]))
        bands = tuple(range(1, dataset.count + 1))
        with codecs.rasterio().open(file, "r+", driver="GTiff") as target:
            fill = dataset.nodatavals if masked else ()
            for box in _pieces(dataset, target):
                data, valid = _read(dataset, layout, box, bands)
                _put(target, box, _halved(data, valid, layout), fill, masked)
                progress.add(box.area)
    for level in range(len(sizes) - 1):
        _halve(file, level, bands, masked, layout, fill, progress)
    _check_written(file)


def _prepare(file: Path, dataset: Any, masked: bool, sizes: list[tuple[int, int]]) -> None:
    """Make the file with all its levels, empty."""
    rasterio = codecs.rasterio()
    height, width = sizes[0]
    kind = np.dtype(dataset.dtypes[0])
    count = dataset.count + masked
    row = width * kind.itemsize * count
    side = next((side for side in _SIDES if row * side <= _TILE_ROW), _SIDES[-1])
    # LZW: of a file opened again GDAL forgets the level of deflate, and 6 takes 5 times as long.
    options = {"compress": "lzw", "predictor": 1}
    if kind.itemsize <= 4:
        options["predictor"] = 3 if kind.kind == "f" else 2
    with rasterio.open(
        file,
        "w",
        driver="GTiff",
        width=width,
        height=height,
        count=count,
        dtype=kind,
        nodata=dataset.nodata,
        tiled=True,
        blockxsize=side,
        blockysize=side,
        interleave="pixel" if count <= 16 else "band",
        photometric="minisblack",
        alpha="no",
        SPARSE_OK=True,
        BIGTIFF="IF_SAFER",
        **options,
    ) as made:
        made.update_tags(**{TAG: tag_of(dataset, masked)})
    if len(sizes) == 1:
        return
    told = {
        "SPARSE_OK_OVERVIEW": "YES",
        "COMPRESS_OVERVIEW": "LZW",
        "PREDICTOR_OVERVIEW": str(options["predictor"]),
        "INTERLEAVE_OVERVIEW": "PIXEL" if count <= 16 else "BAND",
        "GDAL_TIFF_OVR_BLOCKSIZE": str(side),
        "BIGTIFF_OVERVIEW": "IF_SAFER",
    }
    with rasterio.Env(**told), rasterio.open(file, "r+", driver="GTiff") as made:
        made.build_overviews(
            [2 << n for n in range(len(sizes) - 1)], rasterio.enums.Resampling.nearest
        )


def _read(
    dataset: Any, layout: Layout, box: Box, bands: tuple[int, ...]
) -> tuple[NDArray[Any], Valid | None]:
    """Return the numbers of all bands of the raster, and which pixels hold data."""
    from rasterio.windows import Window

    data, valid = read_level(dataset, bands, False, box)
    if layout.masked:
        window = Window(box.left, box.top, box.width, box.height)
        given = dataset.dataset_mask(window=window) > 0
        valid = given if valid is None else valid & given
    if valid is not None and valid.all():
        valid = None  # much quicker to average
    return data, valid


def _halve(
    file: Path,
    level: int,
    bands: tuple[int, ...],
    masked: bool,
    layout: Layout,
    fill: tuple[float | None, ...],
    progress: Progress,
) -> None:
    """Write one level from the one before; both lie in the same file."""
    open = codecs.rasterio().open
    before = {} if level == 0 else {"OVERVIEW_LEVEL": level - 1}
    with (
        open(file, driver="GTiff", **before) as source,
        open(file, "r+", driver="GTiff", OVERVIEW_LEVEL=level) as target,
    ):
        for box in _pieces(source, target):
            data, valid = read_level(source, bands, masked, box)
            _put(target, box, _halved(data, valid, layout), fill, masked)
            progress.add(box.area)


def _pieces(source: Any, target: Any) -> Iterator[Box]:
    """Yield boxes of the source that fill tiles of the target, few MB each.

    Rows of tiles one after another where the source is tiled; its whole width where it is
    not, because each strip would be decoded again for each piece of it.
    """
    pixel = source.count * np.dtype(source.dtypes[0]).itemsize
    high, wide = source.block_shapes[0]
    side = 2 * target.block_shapes[0][0]
    width = source.width if wide >= source.width else max(side, wide)
    height = side
    while height > max(high, 2) and height * width * pixel > _PIECE:
        height //= 2
    for top in range(0, source.height, height):
        for left in range(0, source.width, width):
            yield Box(top, left, min(top + height, source.height), min(left + width, source.width))


def _halved(
    data: NDArray[Any], valid: Valid | None, layout: Layout
) -> tuple[NDArray[Any], Valid | None]:
    return reduced_by(2, data, valid, layout.picked)


def _put(
    target: Any,
    box: Box,
    halved: tuple[NDArray[Any], Valid | None],
    fill: tuple[float | None, ...],
    masked: bool,
) -> None:
    """Write a piece where it belongs; pixels without data get the raster's own sign for that."""
    from rasterio.windows import Window

    data, valid = halved
    if valid is not None and not valid.all():
        lacking = ~valid
        for band in range(data.shape[2]):
            empty = fill[band] if fill else np.nan
            if empty is not None:
                data[lacking, band] = empty
    if masked:
        given = np.ones(data.shape[:2], bool) if valid is None else valid
        data = np.concatenate([data, given[:, :, None].astype(data.dtype)], axis=2)
    window = Window(box.left // 2, box.top // 2, data.shape[1], data.shape[0])
    target.write(np.moveaxis(data, -1, 0), window=window)


def _check_written(file: Path) -> None:
    """Raise `UserError` where pixels are missing: GDAL says nothing of a disk that was full."""
    length = file.stat().st_size
    with opened(file) as dataset:
        whole = all(at + long <= length for at, long in blocks(dataset))
    if not whole:
        raise UserError("the disk is full: no overviews were made", "make room on the disk")


def main(raster: Path, file: Path) -> int:
    """Write the overviews; return 0, or 2 after saying what went wrong."""
    with suppress(AttributeError, OSError):  # Windows was told by the parent
        os.nice(15)
    try:
        with damage():
            write(raster, file)
    except UserError as error:
        print("error:", error.message)
        print("hint:", error.hint, flush=True)
        return 2
    except Orphaned:
        file.unlink(missing_ok=True)
        return 3
    return 0


if __name__ == "__main__":
    os.environ["GDAL_CACHEMAX"] = _CACHE
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
