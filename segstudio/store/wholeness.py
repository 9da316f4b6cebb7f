"""Whether a picture's file is all there, without decoding it."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_TAIL = 1 << 16
_CHUNK = 1 << 20
_PNG_START = 8


def jpeg_ends(path: Path) -> bool:
    """Tell whether the end marker stands in the last 64 kB; cameras write some more after it."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(2, size - _TAIL))
        return b"\xff\xd9" in file.read()


def png_ends(path: Path) -> bool:
    """Tell whether all chunks of a PNG up to its end are there and carry the right checksums."""
    with path.open("rb") as file:
        for name, length in _chunks(file):
            checksum = zlib.crc32(name)
            left = length
            while left and (piece := file.read(min(left, _CHUNK))):
                checksum = zlib.crc32(piece, checksum)
                left -= len(piece)
            stored = file.read(4)
            if left or len(stored) < 4 or int.from_bytes(stored) != checksum:
                return False
            if name == b"IEND":
                return True
    return False


def png_exif(path: Path) -> bytes:
    """Return the EXIF data of a PNG, which may stand after the pixels; empty where none."""
    with path.open("rb") as file:
        for name, length in _chunks(file):
            if name == b"eXIf":
                return file.read(min(length, _CHUNK))
            file.seek(length + 4, 1)
    return b""


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Yield name and length of each chunk; the file stands at its data, and must be moved on."""
    file.seek(_PNG_START)
    while len(head := file.read(8)) == 8:
        length, name = struct.unpack(">I4s", head)
        yield name, length
