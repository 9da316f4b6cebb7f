"""Numbers of any kind made into colours that a screen can show."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from segstudio.domain.tiling import Pixels, Tile, Valid
from segstudio.store.formats import PictureInfo

PERCENTILES = (2.0, 98.0)
"""What is shown black and white of pictures that are not 8-bit, unless it is chosen."""

_SAMPLE = 1 << 16
_STEPS = 65535
_STEEPEST = 1e4

Limits = tuple[tuple[float, ...], tuple[float, ...]]
"""For each band of a picture the value that is shown black, and the one shown white."""

Stretch = Literal["none", "percentiles", "range"]
"""All numbers of the kind; those between two percentiles; from the smallest to the largest."""


@dataclass(frozen=True)
class Display:
    """How a picture's numbers become colours.

    ``bands`` (three, or one for grey, counted from 0) are shown; ``low`` and ``high`` are for
    each band of the picture the value that is shown black, and the one shown white.
    ``brightness`` and ``contrast`` go from -1 to 1, ``gamma`` from 0.1 to 10; above 1 it
    brightens what lies between black and white.
    """

    bands: tuple[int, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    brightness: float = 0.0
    contrast: float = 0.0
    gamma: float = 1.0

    @property
    def is_plain(self) -> bool:
        """Whether 8-bit numbers are shown as they are."""
        toned = (self.brightness, self.contrast, self.gamma) != (0, 0, 1)
        return not (toned or any(self.low) or any(high != 255 for high in self.high))


@dataclass(frozen=True)
class Look:
    """How a person wants pictures of one kind shown; `limits` makes of it what one needs."""

    bands: tuple[int, ...]
    stretch: Stretch = "percentiles"
    percentiles: tuple[float, float] = PERCENTILES
    brightness: float = 0.0
    contrast: float = 0.0
    gamma: float = 1.0

    def limits(self, sample: Pixels, info: PictureInfo, valid: Valid | None) -> Limits:
        """Return the limits of a picture, from a sample of it."""
        if self.stretch == "none":
            return full_range(info.dtype, info.bands)
        ends = (0.0, 100.0) if self.stretch == "range" else self.percentiles
        return spread_of(sample, valid, ends)

    def within(self, limits: Limits) -> Display:
        """Return the display of a picture whose limits are known."""
        return Display(self.bands, *limits, self.brightness, self.contrast, self.gamma)


def usual_look(info: PictureInfo) -> Look:
    """Return how a picture is shown of which nothing else is known.

    8-bit pictures are shown as they are, others stretched.
    """
    return Look(usual_bands(info.bands), "none" if info.dtype == "uint8" else "percentiles")


def usual_bands(count: int) -> tuple[int, ...]:
    """Return the bands to show of a picture of which nothing else is known."""
    return (0, 1, 2) if count >= 3 else (0,)


def display_of(
    sample: Pixels,
    info: PictureInfo,
    valid: Valid | None = None,
    percentiles: tuple[float, float] = PERCENTILES,
) -> Display:
    """Choose how a picture is shown from a sample of it, such as a reduced version of all.

    8-bit pictures are shown as they are; of others the values between two percentiles of the
    valid pixels of each band are spread from black to white.
    """
    look = replace(usual_look(info), percentiles=percentiles)
    return look.within(look.limits(sample, info, valid))


def full_range(dtype: DTypeLike, bands: int) -> Limits:
    """Return the limits that show every number of a kind: 0…1 for floating point."""
    kind = np.dtype(dtype)
    high = float(np.iinfo(kind).max) if kind.kind in "iu" else 1.0
    return (0.0,) * bands, (high,) * bands


def spread_of(sample: Pixels, valid: Valid | None, percentiles: tuple[float, float]) -> Limits:
    """Return the two percentiles (0…100) of the valid numbers of each band."""
    step = max(1, math.isqrt(sample.shape[0] * sample.shape[1] // _SAMPLE))
    sample, valid = sample[::step, ::step], None if valid is None else valid[::step, ::step]
    found = [_limits(sample[:, :, band], valid, percentiles) for band in range(sample.shape[2])]
    return tuple(low for low, _ in found), tuple(high for _, high in found)


def to_rgb(pixels: Pixels, display: Display, valid: Valid | None = None) -> NDArray[np.uint8]:
    """Return height × width × 3 colours; black where a pixel is not valid or not a number."""
    rgb = np.empty((*pixels.shape[:2], 3), np.uint8)
    _fill(rgb, pixels, display)
    if valid is not None:
        rgb[~valid] = 0
    return rgb


def to_rgba(pixels: Pixels, display: Display, valid: Valid | None = None) -> NDArray[np.uint8]:
    """Return height × width × 4 colours, premultiplied; all 0 where a pixel is not valid."""
    rgba = np.empty((*pixels.shape[:2], 4), np.uint8)
    _fill(rgba[:, :, :3], pixels, display)
    rgba[:, :, 3] = 255
    if valid is not None:
        rgba[~valid] = 0
    return rgba


def colours_of(tile: Tile, display: Display) -> NDArray[np.uint8]:
    """Return a tile as it is seen: with a fourth, transparent channel only where it needs one."""
    if tile.valid is None:
        return to_rgb(tile.pixels, display)
    return to_rgba(tile.pixels, display, tile.valid)


def _fill(rgb: NDArray[np.uint8], pixels: Pixels, display: Display) -> None:
    count = pixels.shape[2]
    shown = [band for band in display.bands if band < count]
    if len(shown) != 3:
        shown = shown[:1] or [0]
    if pixels.dtype == np.uint8 and display.is_plain:
        rgb[:] = pixels if shown == [0, 1, 2] and count == 3 else pixels[:, :, shown]
    elif len(shown) == 1:
        rgb[:] = _shown(pixels, display, shown[0])[:, :, None]
    else:
        for place, band in enumerate(shown):
            rgb[:, :, place] = _shown(pixels, display, band)


def _shown(pixels: Pixels, display: Display, band: int) -> NDArray[np.uint8]:
    """Return the brightness at which one band is seen."""
    low, high = display.low[band], display.high[band]
    tones = display.brightness, display.contrast, display.gamma
    values = pixels[:, :, band]
    if values.dtype.kind in "iu" and values.dtype.itemsize <= 2:
        unsigned = np.dtype(f"u{values.dtype.itemsize}")
        table = _table(values.dtype.str, low, high, *tones)
        return table.take(values.view(unsigned), mode="wrap")
    return _tones(*tones).take(_steps(values, low, high))


def _steps(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint16]:
    """Return where values lie between two limits, 0…65535; what is not a number is 0."""
    precise = np.float64 if values.dtype.kind in "iu" else np.result_type(values, np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        steps = (values.astype(precise) - low) * (_STEPS / (high - low))
    steps = np.clip(np.nan_to_num(steps, copy=False, nan=0.0), 0, _STEPS, out=steps)
    return np.rint(steps, out=steps).astype(np.uint16)


@lru_cache(maxsize=64)
def _table(
    dtype: str, low: float, high: float, brightness: float, contrast: float, gamma: float
) -> NDArray[np.uint8]:
    """Return what each number of a small kind looks like, in the order of its bits."""
    kind = np.dtype(dtype)
    bits = np.arange(1 << 8 * kind.itemsize, dtype=f"u{kind.itemsize}")
    return _tones(brightness, contrast, gamma).take(_steps(bits.view(kind), low, high))


@lru_cache(maxsize=16)
def _tones(brightness: float, contrast: float, gamma: float) -> NDArray[np.uint8]:
    """Return what each of 65,536 steps from black to white looks like."""
    light = np.linspace(0.0, 1.0, _STEPS + 1)
    if gamma != 1:
        light **= 1 / gamma
    if contrast:
        # Contrast turns the straight line about its middle: flat at -1, upright at 1.
        steepness = min(math.tan((contrast + 1) * math.pi / 4), _STEEPEST)
        light = (light - 0.5) * steepness + 0.5
    light += brightness
    return np.rint(np.clip(light, 0, 1) * 255).astype(np.uint8)


def _limits(
    values: Pixels, valid: Valid | None, percentiles: tuple[float, float]
) -> tuple[float, float]:
    numbers = values.ravel() if valid is None else values[valid]
    numbers = numbers[np.isfinite(numbers)]
    if not numbers.size:
        return 0.0, 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = (float(limit) for limit in np.percentile(numbers, percentiles))
    if not high > low:
        # Nearly all is one value: what differs from it is what there is to see.
        low, high = float(numbers.min()), float(numbers.max())
    if not math.isfinite(high - low):
        return 0.0, 1.0
    reach = 0.5 * max(1.0, abs(low) * 1e-6)  # all is one value: a middle grey
    return (low, high) if high > low else (low - reach, low + reach)
