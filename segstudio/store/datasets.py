"""TIFF files as GDAL opens them, on a short leash; and handles that threads share in turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from segstudio.errors import UserError
from segstudio.store import codecs
from segstudio.store.formats import kind_of

_BLOCKS = 4096
_KEPT = 4

GONE = UserError("the file is not there any more", "connect the drive again, or find the file")

OVERVIEWS = ".ovr"
"""What is added to a raster's name to make that of its external overviews."""

_COMPANIONS = (OVERVIEWS, ".msk")


def open_dataset(path: Path, level: int | None = None) -> Any:
    """Return a read-only dataset, as GDAL's TIFF driver opens it and no other.

    ``level`` opens that overview in place of the picture. Companions (.ovr, .msk) are used
    where they are TIFF too; overviews only where they are not older than the picture.
    """
    rasterio = codecs.rasterio()
    # An absolute path of a file that is there cannot be taken for a /vsi… or URL.
    absolute = path.resolve()
    absolute.stat()
    options: dict[str, Any] = {}
    if level is not None or stale(absolute):
        options["OVERVIEW_LEVEL"] = "NONE" if level is None else level
    if all(_is_tiff(companion(absolute, ending)) for ending in _COMPANIONS):
        return rasterio.open(absolute, driver="GTiff", **options)
    # GDAL opens companions with any driver: one that holds a VRT would read other files.
    with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"):
        return rasterio.open(absolute, driver="GTiff", **options)


def companion(path: Path, ending: str = OVERVIEWS) -> Path:
    """Return the path of a file that belongs to a raster."""
    return path.with_name(path.name + ending)


def stale(path: Path) -> bool:
    """Tell whether a raster has external overviews that were made before it was changed."""
    try:
        return companion(path).stat().st_mtime_ns < path.stat().st_mtime_ns
    except OSError:
        return False


def _is_tiff(path: Path) -> bool:
    """Tell whether GDAL may open a companion: what is not there does no harm."""
    if not path.exists():
        return True
    try:
        return kind_of(path) == "TIFF"
    except UserError:
        return False


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Give a read-only dataset, as `open_dataset` does, for the length of a block."""
    dataset = open_dataset(path)
    try:
        yield dataset
    finally:
        dataset.close()


class Handles:
    """Open datasets of one file, each lent to one thread at a time as GDAL wants it.

    A file that is gone is said to be gone, and one that comes back, or is written anew, is
    opened again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._free: list[tuple[int | None, Any]] = []
        self._state: object = None
        self._closed = False
        self._lock = Lock()

    @contextmanager
    def lend(self, level: int | None = None) -> Iterator[Any]:
        """Give a dataset, or one of its overviews; closed afterwards if anything failed."""
        state, handle = self._take(level)
        if handle is None:
            handle = open_dataset(self.path, level)
        failed = True
        try:
            yield handle
            failed = False
        finally:
            self._back(state, level, handle, failed)

    def close(self) -> None:
        """Close the files; a read that is under way ends well and closes its own."""
        with self._lock:
            self._closed = True
            self._drop()

    def _take(self, level: int | None) -> tuple[object, Any]:
        state = self._look()
        with self._lock:
            if self._closed:
                raise UserError("the picture was closed")
            if state != self._state:
                self._drop()
                self._state = state
            for at, (known, handle) in enumerate(self._free):
                if known == level:
                    del self._free[at]
                    return state, handle
        return state, None

    def _look(self) -> object:
        try:
            found = self.path.stat()
        except OSError as error:
            with self._lock:
                self._drop()
            raise UserError(GONE.message, GONE.hint) from error
        return found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev

    def _back(self, state: object, level: int | None, handle: Any, failed: bool) -> None:
        with self._lock:
            keep = not self._closed and not failed and state == self._state
            if keep:
                self._free.append((level, handle))
                if len(self._free) > _KEPT:
                    _, handle = self._free.pop(0)
                    keep = False
        if not keep:
            handle.close()

    def _drop(self) -> None:
        handles, self._free = self._free, []
        for _, handle in handles:
            handle.close()


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
