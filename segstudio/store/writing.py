"""Writing masks and entropy as files that other programs open, piece by piece."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet, Task
from segstudio.domain.tiles import Ids
from segstudio.store import codecs
from segstudio.store.files import atomic, not_written
from segstudio.store.formats import Georef
from segstudio.store.png import IndexedPng

_ROWS = 256
_BLOCK = 256
_SPARSE = 1 << 26
"""Pixels from which on blocks without any label are left out of a TIFF: not every program
reads that, but few that do not could open so large a file."""


def write_mask(
    path: Path,
    height: int,
    width: int,
    rows: Callable[[Box], Ids],
    classes: Sequence[LabelClass],
    georef: Georef | None = None,
    task: Task | None = None,
) -> None:
    """Write a mask whose ids ``rows`` gives for boxes as wide as the image, top to bottom.

    The name decides: ``.png`` becomes an indexed PNG in which 255 is transparent, ``.tif`` a
    tiled GeoTIFF with a colour table in which 255 is nodata. Nothing is left of a file that
    was not finished; raises `UserError` where it cannot be written.
    """
    palette = _palette(classes)
    if path.suffix.lower() in (".tif", ".tiff"):
        with _raster(path, height, width, "uint8", UNLABELLED, georef) as dataset:
            dataset.write_colormap(1, {id: (*rgb, 255) for id, rgb in enumerate(palette.tolist())})
            _fill(dataset, height, width, rows, path.name, task or Quiet())
        return
    alpha = np.full(256, 255, np.uint8)
    alpha[UNLABELLED] = 0
    with (
        atomic(path) as temporary,
        temporary.open("wb") as file,
        IndexedPng(file, width, height, palette, alpha) as png,
    ):
        for box in _bands(height, width, path.name, task or Quiet()):
            png.write(rows(box))


def write_entropy(
    path: Path,
    height: int,
    width: int,
    rows: Callable[[Box], NDArray[np.float32]],
    georef: Georef | None = None,
    task: Task | None = None,
) -> None:
    """Write entropy (0…1, NaN where there is none) as a tiled float32 TIFF, as `write_mask`."""
    with _raster(path, height, width, "float32", float("nan"), georef) as dataset:
        _fill(dataset, height, width, rows, path.name, task or Quiet())


def _fill(
    dataset: Any,
    height: int,
    width: int,
    rows: Callable[[Box], NDArray[Any]],
    name: str,
    task: Task,
) -> None:
    from rasterio.windows import Window

    for box in _bands(height, width, name, task):
        dataset.write(rows(box), 1, window=Window(0, box.top, box.width, box.height))


def _bands(height: int, width: int, name: str, task: Task) -> Iterator[Box]:
    for top in range(0, height, _ROWS):
        task.report(top, height, f"Writing {name}")
        yield Box(top, 0, min(top + _ROWS, height), width)
    task.report(height, height, f"Writing {name}")


@contextmanager
def _raster(
    path: Path, height: int, width: int, dtype: str, nodata: float, georef: Georef | None
) -> Iterator[Any]:
    """Give a one-band tiled TIFF to fill, which takes its place when it is whole."""
    rasterio = codecs.rasterio()
    from rasterio.errors import RasterioError

    options: dict[str, Any] = {"nodata": nodata, "predictor": 3 if dtype == "float32" else 1}
    if georef:
        options["transform"] = rasterio.Affine(*georef["transform"])
        if georef["wkt"]:
            options["crs"] = rasterio.crs.CRS.from_wkt(georef["wkt"])
    with atomic(path) as temporary:
        try:
            with rasterio.open(
                temporary,
                "w",
                driver="GTiff",
                width=width,
                height=height,
                count=1,
                dtype=dtype,
                tiled=True,
                blockxsize=_BLOCK,
                blockysize=_BLOCK,
                compress="deflate",
                BIGTIFF="IF_SAFER",
                SPARSE_OK=height * width > _SPARSE,
                **options,
            ) as dataset:
                yield dataset
            _check_written(temporary)
        except RasterioError as error:
            raise not_written(path, OSError("the disk may be full")) from error


def _check_written(path: Path) -> None:
    """Raise `OSError` where blocks are missing: GDAL says nothing of a disk that was full."""
    from segstudio.store import rasters

    length = path.stat().st_size
    with rasters.opened(path) as dataset:
        for at, long in rasters.blocks(dataset):
            if at + long > length:
                raise OSError("the disk may be full")


def _palette(classes: Sequence[LabelClass]) -> NDArray[np.uint8]:
    palette = np.zeros((256, 3), np.uint8)
    for label in classes:
        palette[label.id] = label.colour
    return palette
