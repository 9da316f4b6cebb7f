"""A wide country of fields, woods, water and towns, made block by block in little memory."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.scenes.noise import Field, Rng, fractal
from segstudio.scenes.scene import Georeference

BLOCK = 512
"""Side of the blocks that are made, in pixels."""

BANDS = 4
NODATA = 0

CELL = 16
"""Pixels of a cell of the map that says what lies where."""

_MARGIN = 8
"""Cells that the map reaches over every side, so that its borders can be frayed."""

_TURNS = 2
"""Blocks after which a texture repeats itself, down and across."""

WATER, WOOD, TOWN, BARE, FIELDS = 0, 1, 2, 3, 4

_REFLECTANCE = np.array(
    [
        # red, green, blue, near infrared; × 10000
        (310, 420, 480, 240),  # water
        (420, 560, 400, 2400),  # wood
        (1500, 1420, 1350, 1900),  # town
        (2200, 1900, 1600, 2500),  # bare ground
        (700, 900, 520, 3300),
        (820, 1010, 560, 3050),
        (560, 800, 450, 3700),
        (1250, 1180, 760, 2500),
        (1600, 1320, 900, 2200),
        (980, 1120, 620, 2800),
        (1900, 1600, 1050, 2350),
        (640, 860, 480, 3500),
    ],
    np.uint16,
)

Relief = NDArray[np.int16]


class Country:
    """What a square raster of ``size`` pixels shows: four bands of reflectance × 10000.

    The same seed and size give the same pixels. A corner was not photographed: it is `NODATA`.
    """

    place = Georeference(left=399960.0, top=5700000.0, pixel_size=0.5, epsg=32633)

    def __init__(self, size: int, seed: int = 0) -> None:
        rng = np.random.default_rng((seed, *b"country"))
        self.size = size
        self._map = _land(rng, -(-size // CELL) + 2 * _MARGIN)
        self._frayed = _frayed(rng)
        self._relief = {
            WATER: _mottled(rng, 300, 4),
            WOOD: _mottled(rng, 12, 150),
            TOWN: _roofs(rng),
            BARE: _mottled(rng, 60, 120),
            FIELDS: _rows(rng),
        }
        self._grain = rng.integers(-2, 3, (BANDS, _TURNS * BLOCK, _TURNS * BLOCK), np.int16)

    def blocks(self) -> Iterator[Box]:
        """Yield where the blocks lie, row by row."""
        return Box(0, 0, self.size, self.size).tiles(BLOCK)

    def block(self, box: Box) -> NDArray[np.uint16]:
        """Return the pixels of one of `blocks`, bands × height × width."""
        import cv2

        lying = self._lying(box)
        row, column = box.top % (_TURNS * BLOCK), box.left % (_TURNS * BLOCK)
        inside = slice(row, row + box.height), slice(column, column + box.width)
        relief = np.ascontiguousarray(self._relief[FIELDS][inside])
        for kind in (WATER, WOOD, TOWN, BARE):
            where = cv2.compare(lying, kind, cv2.CMP_EQ)
            cv2.copyTo(self._relief[kind][inside], where, relief)
        out = np.empty((BANDS, *box.shape), np.uint16)
        for band in range(BANDS):
            plain = cv2.LUT(lying, _table(band))
            uneven = cv2.add(relief, np.ascontiguousarray(self._grain[band][inside]))
            cv2.add(plain, uneven, dst=out[band], dtype=cv2.CV_16U)
        self._cut_corner(out, box)
        return out

    def _lying(self, box: Box) -> NDArray[np.uint8]:
        """Return what lies at each pixel of a block; the borders of the map's cells are frayed."""
        import cv2

        top, left = box.top // CELL, box.left // CELL
        side = BLOCK // CELL + 2 * _MARGIN
        cells = np.ascontiguousarray(self._map[top : top + side, left : left + side])
        turn = box.top // BLOCK % _TURNS, box.left // BLOCK % _TURNS
        found = cv2.remap(
            cells, self._frayed[turn], None, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE
        )
        return np.ascontiguousarray(found[: box.height, : box.width], np.uint8)

    def _cut_corner(self, out: NDArray[np.uint16], box: Box) -> None:
        """Blank what lies behind the slanting edge of the flight."""
        reach = self.size // 6
        if box.left + 3 * box.top >= reach:
            return
        rows = np.arange(box.top, box.bottom)[:, None]
        columns = np.arange(box.left, box.right)[None]
        out[:, columns + 3 * rows < reach] = NODATA


def _table(band: int) -> NDArray[np.uint16]:
    table = np.zeros(256, np.uint16)
    table[: len(_REFLECTANCE)] = _REFLECTANCE[:, band]
    return table


def _land(rng: Rng, side: int) -> NDArray[np.uint8]:
    """Return the map: fields along bent lines, and over them woods, towns, bare ground, water."""
    down, across = np.indices((side, side), np.float32)
    down += 18 * fractal(rng, side, side, 400, 3)
    across += 18 * fractal(rng, side, side, 400, 3)
    strips = np.floor((down + 0.3 * across) / 14).astype(np.int64)
    pieces = np.floor((across - 0.3 * down + 9 * (strips % 3)) / 22).astype(np.int64)
    mixed = (strips * 73856093) ^ (pieces * 19349663)
    land = (FIELDS + (mixed >> 3) % (len(_REFLECTANCE) - FIELDS)).astype(np.uint8)
    for kind, cell, least in ((BARE, 40, 1.9), (WOOD, 160, 0.9), (TOWN, 220, 1.25)):
        land[fractal(rng, side, side, cell) > least] = kind
    rivers, lakes = fractal(rng, side, side, 500, 5), fractal(rng, side, side, 120)
    land[(np.abs(rivers) < 0.018) | (lakes > 2.1)] = WATER
    return land


def _frayed(rng: Rng) -> dict[tuple[int, int], Any]:
    """Return for each place in a texture which cell a pixel of a block belongs to."""
    import cv2

    side = _TURNS * BLOCK
    steps = (np.arange(BLOCK, dtype=np.float32) + 0.5) / CELL - 0.5 + _MARGIN
    down = _endless(0.45 * fractal(rng, side, side, 24, 3))
    across = _endless(0.45 * fractal(rng, side, side, 24, 3))
    found = {}
    for row in range(_TURNS):
        for column in range(_TURNS):
            part = Box(row * BLOCK, column * BLOCK, (row + 1) * BLOCK, (column + 1) * BLOCK)
            x = steps[None] + across[part.slices]
            y = steps[:, None] + down[part.slices]
            found[row, column] = cv2.convertMaps(x, y, cv2.CV_16SC2, nninterpolation=True)[0]
    return found


def _endless(field: Field) -> Field:
    """Blend the ends of a texture into its beginnings, so that it can be repeated."""
    for axis in (0, 1):
        turned = np.roll(field, field.shape[axis] // 2, axis)
        ramp = np.abs(np.linspace(-1, 1, field.shape[axis], dtype=np.float32))
        weight = np.expand_dims(ramp, 1 - axis)
        field = field * (1 - weight) + turned * weight
    return field


def _mottled(rng: Rng, cell: float, strength: float) -> Relief:
    side = _TURNS * BLOCK
    lumps: Relief = np.rint(strength * _endless(fractal(rng, side, side, cell))).astype(np.int16)
    return lumps


def _rows(rng: Rng) -> Relief:
    """Return the rows of tractors over uneven soil."""
    side = _TURNS * BLOCK
    rows = 25 * np.sin(np.arange(side) * (2 * np.pi * 64 / side))[:, None]
    uneven: Relief = (_mottled(rng, 90, 60) + rows).astype(np.int16)
    return uneven


def _roofs(rng: Rng) -> Relief:
    """Return roofs in the sun and in the shade between streets."""
    import cv2

    side = _TURNS * BLOCK
    relief = np.full((side, side), -350, np.int16)
    for top in range(4, side, 48):
        for left in range(4, side, 40):
            height, width = (int(v) for v in rng.integers(14, 36, 2))
            light = int(rng.integers(-200, 900))
            cv2.rectangle(relief, (left, top), (left + width, top + height // 2), light, -1)
            corner = (left + width, top + height)
            cv2.rectangle(relief, (left, top + height // 2), corner, light - 250, -1)
    return relief
