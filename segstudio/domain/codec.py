"""How a stored tile is compressed: its runs of equal ids, row after row.

Masks are mostly runs, so this is several times quicker than a general compressor, both
ways, and counting the ids needs no unpacking. Tiles of noise fall back to zlib.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

_PIXELS, _RUNS, _PACKED_RUNS = 0, 1, 2
"""First byte of the data: pixels by zlib, runs as they are, runs by zlib."""

FEW = 1024
"""Runs up to which zlib is not worth its time."""

MANY = 16384
"""Runs from which on the pixels themselves compress better."""


def pack(tile: NDArray[np.uint8]) -> bytes:
    """Compress a square tile of ids."""
    flat = tile.ravel()
    starts = np.flatnonzero(flat[1:] != flat[:-1])
    starts += 1
    if len(starts) > MANY:
        return bytes([_PIXELS]) + zlib.compress(flat.tobytes(), 1)
    values = np.empty(len(starts) + 1, np.uint8)
    values[0] = flat[0]
    values[1:] = flat[starts]
    return _of_runs(values, starts)


def _of_runs(values: NDArray[np.uint8], starts: NDArray[np.int64]) -> bytes:
    runs = values.tobytes() + starts.astype("<u2").tobytes()
    if len(starts) > FEW:
        return bytes([_PACKED_RUNS]) + zlib.compress(runs, 1)
    return bytes([_RUNS]) + runs


def unpack(data: bytes, side: int) -> NDArray[np.uint8]:
    """Return the tile, read-only; raise `ValueError` for data that `pack` has not made."""
    if data[:1] == bytes([_PIXELS]):
        flat = np.frombuffer(_inflated(data, side * side), np.uint8)
    else:
        values, lengths = _runs(data, side * side)
        flat = np.repeat(values, lengths)
        flat.flags.writeable = False
    return flat.reshape(side, side)


def counts(data: bytes | None, side: int) -> NDArray[np.int64]:
    """Return how many pixels each id 0…255 has; none at all for None."""
    if data is None:
        return np.zeros(256, np.int64)
    if data[:1] == bytes([_PIXELS]):
        return np.bincount(unpack(data, side).ravel(), minlength=256).astype(np.int64)
    values, lengths = _runs(data, side * side)
    return np.bincount(values, lengths, 256).astype(np.int64)


def ids_in(data: bytes | None, side: int) -> frozenset[int]:
    """Return the ids that a tile holds, 255 among them; none for None."""
    return frozenset(int(id) for id in np.flatnonzero(counts(data, side)))


def remapped(data: bytes, table: NDArray[np.uint8], side: int) -> bytes | None:
    """Return a tile in which each id is the one that ``table`` (256 entries) has for it.

    The same as unpacking, looking up and packing, but runs stay runs. None where all of it
    is 255 then; the data itself where nothing changes.
    """
    if data[:1] == bytes([_PIXELS]):
        old = unpack(data, side)
        new = table[old]
        if np.array_equal(old, new):
            return data
        return None if new.min() == 255 else pack(new)
    values, lengths = _runs(data, side * side)
    mapped = table[values]
    if np.array_equal(values, mapped):
        return data
    if mapped.min() == 255:
        return None
    first = np.flatnonzero(mapped[1:] != mapped[:-1]) + 1
    starts = np.cumsum(lengths)[first - 1]
    return _of_runs(mapped[np.concatenate(([0], first))], starts)


def _runs(data: bytes, pixels: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    kind = data[0] if data else -1
    if kind not in (_RUNS, _PACKED_RUNS):
        raise ValueError("a tile is of a kind that this program does not know")
    runs = data[1:] if kind == _RUNS else _inflated(data, 3 * (MANY + 1))
    count = (len(runs) + 2) // 3
    if len(runs) != 3 * count - 2:
        raise ValueError(f"a tile's runs are cut off after {len(runs)} bytes")
    values = np.frombuffer(runs, np.uint8, count)
    edges = np.empty(count + 1, np.int64)
    edges[0], edges[-1] = 0, pixels
    edges[1:-1] = np.frombuffer(runs, "<u2", count - 1, count)
    lengths = np.diff(edges)
    if (lengths <= 0).any():
        raise ValueError("a tile's runs are out of order")
    return values, lengths


def _inflated(data: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data[1:], most)
    except zlib.error as error:
        raise ValueError(f"a tile cannot be unpacked: {error}") from None
