"""TIFF pictures of any size, read window by window; and the threads that read."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Pixels, Tile, Valid
from segstudio.errors import UserError
from segstudio.store import codecs
from segstudio.store.decoding import damage
from segstudio.store.formats import Georef, PictureInfo, misnamed, noted

P = ParamSpec("P")
R = TypeVar("R")

_MAX_SIDE = 1 << 20
_MAX_BANDS = 512
_MAX_BLOCK = 1 << 30
_SMALL = 64 << 20
_BLOCKS = 4096


@dataclass(frozen=True)
class Layout:
    """How the bands of a raster become those of a picture."""

    bands: tuple[int, ...]
    """Numbers, from 1, of the bands that are read."""
    masked: bool
    """Some pixels may not be valid."""
    table: NDArray[np.uint8] | None = None
    """Colours or greys of a palette, looked up by value."""
    inks: bool = False
    """The bands are cyan, magenta, yellow and black."""


def describe(path: Path) -> tuple[PictureInfo, Layout]:
    """Return what a TIFF's header says; raise `UserError` for what cannot be read."""
    with damage(), opened(path) as dataset:
        _check_bounds(dataset)
        layout = _layout(dataset)
        bands = len(layout.bands)
        if layout.table is not None:
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
            noted(misnamed(path, "TIFF"), f"the first of {pages} pages is used" if pages else ""),
            orientation,
        ), layout


class RasterPicture:
    """A TIFF of any size, read in windows by as many handles as threads read at a time.

    GDAL allows one thread at a time on a handle. GDAL's own cache, bounded for all rasters
    together, is not counted as this picture's memory.
    """

    def __init__(self, path: Path, info: PictureInfo, layout: Layout) -> None:
        self._path, self._info, self._layout = path, info, layout
        self._free: list[Any] = []
        self._closed = False
        self._lock = Lock()

    @property
    def info(self) -> PictureInfo:
        return self._info

    @property
    def nbytes(self) -> int:
        return 0

    def read(self, box: Box, stride: int = 1) -> Tile:
        """Return a box; with a stride, from the nearest overview where there is one."""
        box = box.clipped(Box(0, 0, self._info.height, self._info.width))
        with damage(), self._handle() as dataset:
            pixels, valid = read_window(dataset, self._layout, box, stride)
        return Tile(pixels, box, valid)

    def close(self) -> None:
        """Close the files; a read that is under way ends well and closes its own."""
        with self._lock:
            self._closed = True
            handles, self._free = self._free, []
        for handle in handles:
            handle.close()

    @contextmanager
    def _handle(self) -> Iterator[Any]:
        with self._lock:
            if self._closed:
                raise UserError("the picture was closed")
            handle = self._free.pop() if self._free else None
        if handle is None:
            handle = _open(self._path)
        try:
            yield handle
        finally:
            with self._lock:
                if keep := not self._closed:
                    self._free.append(handle)
            if not keep:
                handle.close()


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


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Give a read-only dataset, as GDAL's TIFF driver opens it and no other."""
    dataset = _open(path)
    try:
        yield dataset
    finally:
        dataset.close()


def read_window(dataset: Any, layout: Layout, box: Box, stride: int) -> tuple[Pixels, Valid | None]:
    """Return the pixels of a box, height × width × bands, and their validity (None: all)."""
    from rasterio.enums import Resampling
    from rasterio.windows import Window

    window = Window(box.left, box.top, box.width, box.height)
    shape = (-(-box.height // stride), -(-box.width // stride))
    data = dataset.read(
        list(layout.bands),
        window=window,
        out_shape=(len(layout.bands), *shape),
        resampling=Resampling.nearest if layout.table is not None else Resampling.average,
    )
    valid = None
    if layout.masked:
        valid = dataset.dataset_mask(window=window, out_shape=shape) > 0
    if data.dtype.kind == "f":
        numbers = np.isfinite(data).all(axis=0)
        valid = numbers if valid is None else valid & numbers
    if valid is not None and valid.all():
        valid = None
    return _coloured(np.moveaxis(data, 0, -1), layout), valid


def check(path: Path, info: PictureInfo, layout: Layout) -> None:
    """Raise `UserError` where pixels are missing: small rasters are read, of large ones the
    places of the blocks are compared with the size of the file."""
    size = info.width * info.height * len(layout.bands) * np.dtype(info.dtype).itemsize
    with damage(), opened(path) as dataset:
        if size <= _SMALL:
            read_window(dataset, layout, Box(0, 0, dataset.height, dataset.width), 1)
            return
        length = path.stat().st_size
        if any(at + long > length for at, long in blocks(dataset)):
            raise UserError("the file ends too early", "copy it again from where it came")


def blocks(dataset: Any) -> Iterator[tuple[int, int]]:
    """Yield offset and length of the first band's blocks; of very many, some thousand spread
    over all and the last. Blocks that the file leaves out, as it may, are passed over."""
    height, width = dataset.block_shapes[0]
    columns, rows = -(-dataset.width // width), -(-dataset.height // height)
    step = max(columns * rows // _BLOCKS, 1)
    for number in [*range(0, columns * rows, step), columns * rows - 1]:
        place = f"{number % columns}_{number // columns}"
        at = dataset.get_tag_item(f"BLOCK_OFFSET_{place}", "TIFF", bidx=1)
        long = dataset.get_tag_item(f"BLOCK_SIZE_{place}", "TIFF", bidx=1)
        if at and long:
            yield int(at), int(long)


def georef_of(dataset: Any) -> Georef | None:
    """Return where a raster lies on the earth, None where it does not say."""
    if dataset.crs is None and dataset.transform.is_identity:
        return None
    wkt = "" if dataset.crs is None else dataset.crs.to_wkt()
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


def _open(path: Path) -> Any:
    # An absolute path of a file that is there cannot be taken for a /vsi… or URL.
    absolute = path.resolve()
    absolute.stat()
    return codecs.rasterio().open(absolute, driver="GTiff")


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
    if len(bands) == 1 and dataset.dtypes[0] in ("uint8", "uint16"):
        table = _table(dataset, kinds[0] == ColorInterp.palette)
    return Layout(bands[:4] if inks else bands, masked, table, inks)


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


def _coloured(data: NDArray[Any], layout: Layout) -> Pixels:
    if layout.table is not None:
        coloured: Pixels = layout.table[data[:, :, 0]]
        return coloured
    if layout.inks:
        most = np.iinfo(data.dtype).max if data.dtype.kind in "iu" else 1
        light = (most - data[:, :, :3].astype(np.float64)) * (most - data[:, :, 3:]) / most
        mixed: Pixels = light.astype(data.dtype)
        return mixed
    return np.ascontiguousarray(data)


def _orientation(path: Path) -> int:
    """Return the orientation that a TIFF's tags give; GDAL passes over it."""
    try:
        with codecs.pillow().open(path, formats=["TIFF"]) as image:
            value = image.tag_v2.get(0x0112, 1)
    except Exception:  # Pillow knows fewer kinds of TIFF than GDAL
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
