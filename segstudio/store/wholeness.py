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


_HEIGHT, _WIDTH, _BANDS, _STRIP_ROWS, _PLANES, _TILE_WIDTH, _TILE_HEIGHT = (
    257, 256, 277, 278, 284, 322, 323,
)  # fmt: skip
_STRIPS, _TILES = 273, 324
_SEPARATE = 2


def tiff_lists_all(path: Path) -> bool:
    """Tell whether a TIFF names a place for each block that its size needs.

    GDAL takes blocks that are not named for empty ones, as sparse files have; those name
    all of them, with places of 0.
    """
    with path.open("rb") as file:
        tags = _tags(file)
    height, width = tags.get(_HEIGHT, (1, 1))[1], tags.get(_WIDTH, (1, 1))[1]
    if _TILES in tags:
        high = tags.get(_TILE_HEIGHT, (1, height))[1]
        wide = tags.get(_TILE_WIDTH, (1, width))[1]
        named = tags[_TILES][0]
    elif _STRIPS in tags:
        high, wide, named = tags.get(_STRIP_ROWS, (1, height))[1], width, tags[_STRIPS][0]
    else:
        return True
    needed = -(-height // max(high, 1)) * -(-width // max(wide, 1))
    if tags.get(_PLANES, (1, 1))[1] == _SEPARATE:
        needed *= tags.get(_BANDS, (1, 1))[1]
    return named >= needed


def _tags(file: BinaryIO) -> dict[int, tuple[int, int]]:
    """Return count and first value of the numbers in a TIFF's first directory; a value that
    does not fit in there is where it stands."""
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    big = struct.unpack_from(order + "H", head, 2)[0] == 43
    place, entry, place_at = ("Q", "HHQ", 8) if big else ("I", "HHI", 4)
    (start,) = struct.unpack_from(order + place, head, place_at)
    file.seek(start)
    number = "Q" if big else "H"
    (entries,) = struct.unpack(order + number, file.read(struct.calcsize(number)))
    size = struct.calcsize("=" + entry + place)
    found = {}
    for _ in range(min(entries, 4096)):
        data = file.read(size)
        tag, kind, count = struct.unpack_from(order + entry, data)
        form = {3: "H", 4: "I", 16: "Q"}.get(kind)
        if form and (form != "Q" or big):
            value = struct.unpack_from(order + form, data, struct.calcsize("=" + entry))[0]
            found[tag] = (count, value)
    return found
