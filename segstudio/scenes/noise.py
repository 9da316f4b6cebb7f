"""Random fields: the raw material of every texture."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Field = NDArray[np.float32]
Rng = np.random.Generator

_TILE = 1024


@lru_cache(maxsize=1)
def _tile() -> Field:
    """A block of white noise from which pieces are cut: drawing it anew each time is too slow."""
    tile = np.random.default_rng(20231).standard_normal((_TILE, _TILE), dtype=np.float32)
    tile.flags.writeable = False
    return tile


def white(rng: Rng, height: int, width: int) -> Field:
    """Return white noise of mean 0 and deviation 1, H×W."""
    tile = _tile()
    top, left = (int(i) for i in rng.integers(0, _TILE, 2))
    if top + height <= _TILE and left + width <= _TILE:
        return tile[top : top + height, left : left + width]
    rows = np.arange(top, top + height) % _TILE
    columns = np.arange(left, left + width) % _TILE
    return np.asarray(tile[rows[:, None], columns[None, :]])


def fractal(
    rng: Rng,
    height: int,
    width: int,
    cell: float,
    octaves: int = 4,
    gain: float = 0.55,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> Field:
    """Return smooth noise, H×W, of mean about 0 and deviation about 1.

    ``cell`` is the size in pixels of the largest lumps and ``stretch`` what it is multiplied by
    down and across; each octave halves it and adds ``gain`` times as much.
    """
    import cv2

    down, across = max(cell * stretch[0], 1.0), max(cell * stretch[1], 1.0)
    field: Field | None = None
    power = 0.0
    for octave in range(octaves):
        rows = min(math.ceil(height / down) + 3, height)
        columns = min(math.ceil(width / across) + 3, width)
        layer = white(rng, rows, columns) * np.float32(gain**octave)
        power += gain ** (2 * octave)
        if field is not None:
            layer += cv2.resize(field, (columns, rows), interpolation=cv2.INTER_LINEAR)
        field = layer
        if rows == height and columns == width:
            break
        down, across = max(down / 2, 1.0), max(across / 2, 1.0)
    assert field is not None
    full = cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(full / np.float32(math.sqrt(power)), np.float32)


def multiply(image: Image, factor: Field) -> None:
    """Multiply an image, in place, by a field of the same height and width."""
    import cv2

    layers = factor if image.ndim == 2 else cv2.merge([factor] * image.shape[2])
    cv2.multiply(image, layers, dst=image, dtype=cv2.CV_8U)


def blend(image: Image, colour: tuple[int, int, int], amount: Field) -> None:
    """Mix a colour into an image, in place; ``amount`` is 0…1, H×W."""
    keep = amount[:, :, None]
    mixed = image * (1 - keep) + np.array(colour, np.float32) * keep
    image[:] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
