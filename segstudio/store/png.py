"""Writing indexed PNG pictures row by row, so that no mask has to be held whole."""

import struct
import zlib
from types import TracebackType
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

_CHUNK = 1 << 18
_UP = 2


class IndexedPng:
    """An 8-bit PNG with a palette, being written; a context manager, which ends the file.

    Each row is stored as its difference from the one above (filter "Up"): of masks hardly
    anything is left then, a quarter of what the indices alone take. W3C PNG, 3rd edition.
    """

    def __init__(
        self,
        file: BinaryIO,
        width: int,
        height: int,
        palette: NDArray[np.uint8],
        alpha: NDArray[np.uint8],
    ) -> None:
        """``palette`` holds up to 256 colours, n × 3, and ``alpha`` how opaque each is."""
        self._file, self._width, self._left = file, width, height
        self._packer = zlib.compressobj(6)
        self._above = np.zeros(width, np.uint8)
        self._packed = bytearray()
        file.write(b"\x89PNG\r\n\x1a\n")
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        self._chunk(b"PLTE", palette.tobytes())
        self._chunk(b"tRNS", alpha.tobytes())

    def write(self, rows: NDArray[np.uint8]) -> None:
        """Add rows of indices, top to bottom, each as wide as the picture."""
        count, width = rows.shape
        if width != self._width or count > self._left:
            raise ValueError(f"{count} × {width} do not fit {self._left} × {self._width}")
        self._left -= count
        filtered = np.empty((count, width + 1), np.uint8)
        filtered[:, 0] = _UP
        filtered[0, 1:] = rows[0] - self._above
        np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
        self._above = rows[-1].copy()
        self._packed += self._packer.compress(filtered.data)
        while len(self._packed) >= _CHUNK:
            self._chunk(b"IDAT", bytes(self._packed[:_CHUNK]))
            del self._packed[:_CHUNK]

    def __enter__(self) -> "IndexedPng":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            return
        if self._left:
            raise ValueError(f"{self._left} rows are missing")
        self._chunk(b"IDAT", bytes(self._packed + self._packer.flush()))
        self._chunk(b"IEND", b"")

    def _chunk(self, name: bytes, data: bytes) -> None:
        self._file.write(struct.pack(">I", len(data)) + name + data)
        self._file.write(struct.pack(">I", zlib.crc32(data, zlib.crc32(name))))
