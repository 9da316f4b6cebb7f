"""What a TIFF's header says: how its bands become those of a picture, and where it lies."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.tiling import Pixels
from segstudio.errors import UserError
from segstudio.store import codecs
from segstudio.store.datasets import opened
from segstudio.store.decoding import damage
from segstudio.store.formats import Georef, PictureInfo, misnamed, noted
from segstudio.store.wholeness import tiff_lists_all

_MAX_SIDE = 1 << 20
_MAX_BANDS = 512
_MAX_BLOCK = 1 << 30
_LOOKED_AT = 4
_SAMPLE = 256


@dataclass(frozen=True)
class Layout:
    """How the bands of a raster become those of a picture."""

    bands: tuple[int, ...]
    """Numbers, from 1, of the bands that are read."""
    masked: bool
    """Some pixels may not be valid."""
    table: NDArray[np.uint8] | None = None
    """Colours or greys of a palette, looked up by value; of several bands, greys of each."""
    inks: bool = False
    """The bands are cyan, magenta, yellow and black."""
    overviews: tuple[int, ...] = ()
    """How much smaller than the raster each of its own overviews is."""
    block: tuple[int, int] = (1, 1 << 30)
    """Rows and columns of the blocks in which it is stored, each decoded as a whole."""

    @property
    def picked(self) -> bool:
        """Reduced by picking pixels: the mean of two entries of a palette means nothing."""
        return self.table is not None

    def coloured(self, data: Pixels) -> Pixels:
        """Return the picture's bands, made from those of the file; both rows × columns × bands."""
        if self.table is not None:
            if len(self.bands) > 1:
                greys: Pixels = self.table[:, 0][data]
                return greys
            colours: Pixels = self.table[data[:, :, 0]]
            return colours
        if self.inks:
            most = np.iinfo(data.dtype).max if data.dtype.kind in "iu" else 1
            light = (most - data[:, :, :3].astype(np.float64)) * (most - data[:, :, 3:]) / most
            mixed: Pixels = light.astype(data.dtype)
            return mixed
        return np.ascontiguousarray(data)


def describe(path: Path) -> tuple[PictureInfo, Layout]:
    """Return what a TIFF's header says; raise `UserError` for what cannot be read."""
    with damage(), opened(path) as dataset:
        _check_bounds(dataset)
        if not tiff_lists_all(path):
            raise lies(dataset)
        layout = _layout(dataset)
        bands = len(layout.bands)
        if layout.table is not None and bands == 1:
            bands = layout.table.shape[1]
        elif layout.inks:
            bands = 3
        pages = len(dataset.subdatasets)
        georef = georef_of(dataset)
        orientation = 1 if georef else _orientation(path)
        turned = orientation >= 5
        width, height = dataset.width, dataset.height
        return PictureInfo(
            height if turned else width,
            width if turned else height,
            bands,
            "uint8" if layout.table is not None else dataset.dtypes[layout.bands[0] - 1],
            "TIFF",
            georef,
            dataset.nodata,
            noted(
                misnamed(path, "TIFF"),
                f"the first of {pages} pages is used" if pages else "",
                _lies(dataset, georef),
                _emptiness(dataset, layout),
            ),
            orientation,
        ), layout


def lies(dataset: Any) -> UserError:
    """Return what to tell where a header promises more than there is."""
    return UserError(
        f"its header promises {dataset.width} × {dataset.height} pixels, more than the file holds",
        "copy it again from where it came",
    )


def georef_of(dataset: Any) -> Georef | None:
    """Return where a raster lies on the earth, None where it does not say."""
    from rasterio.errors import CRSError

    try:
        wkt = "" if dataset.crs is None else dataset.crs.to_wkt()
    except CRSError:
        wkt = ""
    if not wkt and dataset.transform.is_identity:
        return None
    epsg = _epsg(wkt) if wkt else None
    return {"wkt": wkt, "epsg": epsg, "transform": list(dataset.transform)[:6]}


@lru_cache(maxsize=64)
def _epsg(wkt: str) -> int | None:
    """Return a coordinate system's EPSG number; searching for one takes up to 0.3 s."""
    codecs.rasterio()
    from rasterio.crs import CRS
    from rasterio.errors import CRSError

    try:
        number: int | None = CRS.from_wkt(wkt).to_epsg()
    except CRSError:
        return None
    return number


def _lies(dataset: Any, georef: Georef | None) -> str:
    """Say where a picture does not lie on the map as it lies on the screen."""
    if georef is None:
        return "its control points are not used" if dataset.gcps[0] else ""
    _, b, _, d, e, _ = georef["transform"]
    if b or d:
        return "it is rotated on the map: shown as its pixels lie"
    if e > 0 and georef["wkt"] and not dataset.transform.is_identity:
        return "south is up on the map: shown as its pixels lie"
    return ""


def _emptiness(dataset: Any, layout: Layout) -> str:
    """Say that no pixel holds data, as far as a few small reads show it."""
    from rasterio.windows import Window

    kind = np.dtype(dataset.dtypes[0]).kind
    if not layout.masked and kind != "f":
        return ""
    height, width = dataset.block_shapes[0]
    if height * width * len(layout.bands) > _MAX_BLOCK >> 6:
        return ""  # one block more would be slow to read
    rows = _places(dataset.height)
    columns = _places(dataset.width)
    for top in rows:
        for left in columns:
            window = Window(
                left, top, min(_SAMPLE, dataset.width - left), min(_SAMPLE, dataset.height - top)
            )
            if layout.masked and not dataset.dataset_mask(window=window).any():
                continue
            if kind != "f" or np.isfinite(dataset.read(layout.bands[0], window=window)).any():
                return ""
    seen = len(rows) * len(columns) * _SAMPLE**2
    if max(dataset.height, dataset.width) <= _SAMPLE or seen >= dataset.height * dataset.width:
        return "none of its pixels holds data"
    return "no data were found where it was looked at"


def _places(length: int) -> list[int]:
    """Return where samples begin that are spread over a side, the middle first."""
    if length <= _SAMPLE * _LOOKED_AT:
        return list(range(0, length, _SAMPLE))
    places = [(length - _SAMPLE) * n // (_LOOKED_AT - 1) for n in range(_LOOKED_AT)]
    return sorted(places, key=lambda at: abs(at - length // 2))


def _check_bounds(dataset: Any) -> None:
    if max(dataset.width, dataset.height) > _MAX_SIDE:
        raise UserError(f"its {dataset.width} × {dataset.height} pixels are too many")
    if dataset.count > _MAX_BANDS:
        raise UserError(f"its {dataset.count} bands are too many", f"keep at most {_MAX_BANDS}")
    if any("complex" in dtype for dtype in dataset.dtypes):
        raise UserError("its pixels are complex numbers", "save magnitude or phase instead")
    if len(set(dataset.dtypes)) > 1:
        raise UserError("its bands differ in kind of number", "save them with one kind")
    height, width = dataset.block_shapes[0]
    packed = dataset.compression is not None
    block = height * width * np.dtype(dataset.dtypes[0]).itemsize
    if packed and block > _MAX_BLOCK:
        raise UserError("it is compressed in one huge piece", "save it as a tiled TIFF")


def _layout(dataset: Any) -> Layout:
    from rasterio.enums import ColorInterp, MaskFlags

    kinds = list(dataset.colorinterp)
    bands = tuple(n for n, kind in enumerate(kinds, 1) if kind != ColorInterp.alpha) or (1,)
    masked = any(flags != [MaskFlags.all_valid] for flags in dataset.mask_flag_enums)
    if dataset.tags(ns="IMAGE_STRUCTURE").get("SOURCE_COLOR_SPACE") == "CMYK":
        masked = False  # GDAL's own conversion adds an opaque band
    inks = kinds[:4] == [
        ColorInterp.cyan,
        ColorInterp.magenta,
        ColorInterp.yellow,
        ColorInterp.black,
    ]
    table = None
    if dataset.dtypes[0] in ("uint8", "uint16"):
        table = _table(dataset, len(bands) == 1 and kinds[0] == ColorInterp.palette)
    return Layout(
        bands[:4] if inks else bands,
        masked,
        table,
        inks,
        tuple(dataset.overviews(1)),
        dataset.block_shapes[0],
    )


def _table(dataset: Any, palette: bool) -> NDArray[np.uint8] | None:
    """Return the colours of a palette, or the greys of pictures with fewer than 8 bits."""
    if palette:
        table = np.zeros((np.iinfo(dataset.dtypes[0]).max + 1, 3), np.uint8)
        for value, colour in dataset.colormap(1).items():
            table[value] = colour[:3]
        grey = (table == table[:, :1]).all()
        return table[:, :1].copy() if grey else table
    bits = int(dataset.tags(1, ns="IMAGE_STRUCTURE").get("NBITS", 8))
    if dataset.dtypes[0] == "uint8" and bits < 8:
        most = (1 << bits) - 1
        greys = np.minimum(np.arange(256), most) * 255 // most
        return greys.astype(np.uint8)[:, None]
    return None


def _orientation(path: Path) -> int:
    """Return the orientation that a TIFF's tags give; GDAL passes over it."""
    try:
        with codecs.pillow().open(path, formats=["TIFF"]) as image:
            value = image.tag_v2.get(0x0112, 1)
    except Exception:  # Pillow knows fewer kinds of TIFF than GDAL
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
