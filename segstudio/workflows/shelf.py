"""Pictures kept open between reads, so that none is decoded for every window."""

import threading
from collections import OrderedDict
from pathlib import Path

from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Pixels, Tile
from segstudio.store.formats import Picture
from segstudio.store.pictures import open_picture

BUDGET = 256 << 20
"""Bytes of decoded pictures; one larger than that is held alone."""

HANDLES = 32
"""Rasters hold files open, not memory."""


class Shelf:
    """The pictures read last. Threads may share one: they read one after another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[Path, Picture] = OrderedDict()

    def read(self, path: Path, box: Box) -> Pixels:
        """Return the pixels in a box of a picture."""
        return self.tile(path, box).pixels

    def tile(self, path: Path, box: Box, stride: int = 1) -> Tile:
        """Return the pixels in a box of a picture, reduced by ``stride``, and which hold data."""
        with self._lock:
            return self._get(path).read(box, stride)

    def _get(self, path: Path) -> Picture:
        picture = self._open.pop(path, None) or open_picture(path)
        self._open[path] = picture
        while len(self._open) > 1 and self._full():
            self._open.popitem(last=False)[1].close()
        return picture

    def _full(self) -> bool:
        held = sum(picture.nbytes for picture in self._open.values())
        return held > BUDGET or len(self._open) > HANDLES

    def close(self) -> None:
        with self._lock:
            for picture in self._open.values():
                picture.close()
            self._open.clear()
