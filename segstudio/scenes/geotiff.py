"""Sample scenes as georeferenced rasters."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet, Task
from segstudio.scenes.country import BANDS, BLOCK, NODATA, Country
from segstudio.scenes.scene import Georeference, Rendered

Packing = Literal["deflate", "zstd", "none"]

_BAND_NAMES = ("red", "green", "blue", "near infrared")

_CACHE = 64
"""MB of blocks that GDAL may hold back; its own choice is a share of all memory."""


def write_geotiff(rendered: Rendered, path: Path) -> None:
    """Write the pixels as a tiled, deflated GeoTIFF; it appears under its name once complete.

    Raise ValueError for a picture without a place.
    """
    if rendered.georeference is None:
        raise ValueError(f"{rendered.name} has no georeference")
    with _part(path) as part:
        options = {
            "tiled": True,
            "blockxsize": 256,
            "blockysize": 256,
            "compress": "deflate",
            "predictor": 2,
        }
        shape, kind = rendered.pixels.shape, rendered.pixels.dtype
        with _created(part, shape, kind, rendered.georeference, options) as file:
            file.write(rendered.pixels.transpose(2, 0, 1))


def write_country(
    country: Country,
    path: Path,
    task: Task | None = None,
    striped: bool = False,
    overviews: bool = False,
    packing: Packing = "deflate",
) -> None:
    """Write a country as a GeoTIFF, in tiles of 512 pixels or in strips.

    It appears under its name once it is complete. Holds less than 300 MB whatever its size.
    """
    import rasterio

    task = task or Quiet()
    options: dict[str, Any] = {"BIGTIFF": "IF_SAFER", "nodata": NODATA}
    if packing != "none":
        options |= {"compress": packing, "predictor": 2}
        options["zstd_level" if packing == "zstd" else "zlevel"] = 1
    if not striped:
        options |= {"tiled": True, "blockxsize": BLOCK, "blockysize": BLOCK}
    shape = (country.size, country.size, BANDS)
    with rasterio.Env(GDAL_CACHEMAX=_CACHE), _part(path) as part:
        with _created(part, shape, np.dtype(np.uint16), country.place, options) as file:
            _fill(file, country, task, path.name)
        if overviews:
            _shrink(part, country.size, packing, task, path.name)


def _fill(file: Any, country: Country, task: Task, name: str) -> None:
    """Write row after row of blocks, so that strips are written whole."""
    from rasterio.windows import Window

    size = country.size
    for top in range(0, size, BLOCK):
        task.report(top, size, f"Writing {name}")
        row = Box(top, 0, min(top + BLOCK, size), size)
        pixels = np.empty((BANDS, *row.shape), np.uint16)
        for box in row.tiles(BLOCK):
            pixels[(slice(None), *box.within(row))] = country.block(box)
        file.write(pixels, window=Window(0, top, size, row.height))
    task.report(size, size, f"Writing {name}")


def _shrink(path: Path, size: int, packing: Packing, task: Task, name: str) -> None:
    """Write averages of 2 × 2, 4 × 4 … pixels into a raster, down to one block."""
    import rasterio
    from rasterio.enums import Resampling

    factors = [2]
    while size > BLOCK * factors[-1]:
        factors.append(2 * factors[-1])
    options = {"COMPRESS_OVERVIEW": packing.upper(), "GDAL_NUM_THREADS": "ALL_CPUS"}
    if packing != "none":
        level = "ZSTD_LEVEL_OVERVIEW" if packing == "zstd" else "ZLEVEL_OVERVIEW"
        options |= {"PREDICTOR_OVERVIEW": "2", level: "1"}
    task.report(0, 1, f"Building overviews of {name}")
    with rasterio.Env(**options), rasterio.open(path, "r+") as file:
        file.build_overviews(factors, Resampling.average)


@contextmanager
def _part(path: Path) -> Iterator[Path]:
    """Give a place beside a file to write to, which takes the file's name on success."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _created(
    path: Path,
    shape: tuple[int, ...],
    kind: "np.dtype[Any]",
    place: Georeference,
    options: Mapping[str, Any],
) -> Iterator[Any]:
    """Give a new raster to fill, of height × width × bands, with its place and its bands' names."""
    import rasterio
    from rasterio.enums import ColorInterp
    from rasterio.transform import Affine

    height, width, bands = shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=height,
        width=width,
        count=bands,
        dtype=kind,
        crs=f"EPSG:{place.epsg}",
        transform=Affine(place.pixel_size, 0, place.left, 0, -place.pixel_size, place.top),
        photometric="RGB",
        **options,
    ) as file:
        file.colorinterp = (
            *(ColorInterp.red, ColorInterp.green, ColorInterp.blue),
            *[ColorInterp.undefined] * (bands - 3),
        )
        for band, name in enumerate(_BAND_NAMES[:bands], 1):
            file.set_band_description(band, name)
        yield file
