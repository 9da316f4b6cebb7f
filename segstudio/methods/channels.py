"""One number a pixel: a band, a part of its colour, or an index of two bands.

| name | what it is |
|---|---|
| ``grey`` | luma of three bands, the mean of others, see `greys.grey` |
| ``band1``, ``band2`` … | a band as it is; ``red``, ``green``, ``blue`` are the first three |
| ``hue`` | 0…360 degrees; 0 where there is no colour |
| ``saturation`` | 0…100 per cent |
| ``value`` | the greatest of red, green, blue, as it is |
| ``lightness``, ``a``, ``b`` | CIELAB (sRGB, D65): 0…100, about −128…127 |
| ``nd(N,M)`` | (band N − band M) / (band N + band M), −1…1; 0 where that is 0 / 0 |
| ``ndvi``, ``gndvi``, ``ndwi`` | ``nd(4,1)``, ``nd(4,2)``, ``nd(2,4)``: bands as R, G, B, NIR |

Vegetation: J. Rouse et al. 1974, A. Gitelson et al. 1996; water: S. McFeeters 1996.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from segstudio.domain.tiling import Pixels
from segstudio.errors import UserError
from segstudio.methods.greys import FILL, Numbers, grey, plain

ROWS = 32
"""Rows whose colours are worked out at once, so that they stay in the processor's cache."""

Make = Callable[[Pixels], Numbers]


@dataclass(frozen=True)
class Channel:
    """How a channel is made of pixels, and how many bands they need for it."""

    label: str
    bands: int
    make: Make


def channel_values(pixels: Pixels, name: str) -> Numbers:
    """Return height × width numbers of a channel; see the module for names and units.

    Greys and bands of 8 and 16 bits stay whole numbers. Raises `UserError` where there is no
    such channel, or the pixels lack its bands. What pixels without numbers become is arbitrary.
    """
    if name == "grey":
        return grey(pixels)
    channel = channel_of(name)
    number = pixels.shape[2]
    if number < channel.bands:
        have = "one band" if number == 1 else f"{number} bands"
        raise UserError(
            f"there is no channel {name!r} in a picture of {have}",
            f"take one of: {', '.join(other for other, _ in channels_of(number))}",
        )
    return channel.make(pixels)


def channels_of(bands: int) -> list[tuple[str, str]]:
    """Return names and labels of the channels to offer for a picture of so many bands."""
    single = [f"band{number}" for number in range(4 if bands > 2 else 1, bands + 1)]
    names = ["grey", *(_COLOUR if bands > 2 else ()), *(single if bands > 1 else ())]
    names += [name for name in _INDICES if bands >= channel_of(name).bands]
    if bands == 2:
        names.append("nd(1,2)")
    return [(name, channel_of(name).label) for name in names]


def check_channel(name: str) -> None:
    """Raise `UserError` where no picture can have such a channel."""
    channel_of(name)


def channel_of(name: str) -> Channel:
    """Return the channel of a name; capitals and spaces do not matter."""
    known = re.sub(r"\s", "", name).lower()
    known = _INDICES.get(known, known)
    label = _LABELS.get(known)
    if known in _COLOUR:
        return Channel(label or known, 3, _COLOUR[known])
    if known == "grey":
        return Channel("Grey", 1, grey)
    if (found := re.fullmatch(r"band([1-9]\d{0,3})", known)) is not None:
        band = int(found[1])
        return Channel(f"Band {band}", band, _band(band))
    if (found := re.fullmatch(r"nd\(([1-9]\d{0,3}),([1-9]\d{0,3})\)", known)) is not None:
        one, other = int(found[1]), int(found[2])
        text = label or f"Difference of bands {one} and {other}, normalised"
        return Channel(text, max(one, other), _difference(one, other))
    raise UserError(
        f"there is no channel called {name!r}",
        f"there are: grey, {', '.join(_COLOUR)}, band1 …, {', '.join(_INDICES)}, nd(4,1) …",
    )


def _band(number: int) -> Make:
    return lambda pixels: plain(pixels[..., number - 1 : number])[..., 0]


def _difference(one: int, other: int) -> Make:
    def make(pixels: Pixels) -> Numbers:
        bands = plain(pixels[..., [one - 1, other - 1]])
        kind: Any = np.float64 if bands.dtype == np.float64 else np.float32
        first, second = bands[..., 0].astype(kind), bands[..., 1].astype(kind)
        with np.errstate(all="ignore"):
            total = first + second
            first -= second
            first /= total
        np.copyto(first, kind(0), where=total == 0)
        return np.clip(first, -1, 1, out=first)

    return make


def _by_rows(make: Make) -> Make:
    def some_at_once(pixels: Pixels) -> Numbers:
        tops = range(0, max(len(pixels), 1), ROWS)
        return np.concatenate([make(pixels[top : top + ROWS]) for top in tops])

    return some_at_once


def _spread(pixels: Pixels) -> tuple[list[Numbers], Numbers, Numbers]:
    """Return red, green and blue, the greatest of them, and how far they lie apart."""
    pixels = plain(pixels[..., :3])
    kind = np.float64 if pixels.dtype == np.float64 else np.float32
    bands: list[Numbers] = [pixels[..., band].astype(kind) for band in range(3)]
    high = np.maximum(np.maximum(bands[0], bands[1]), bands[2])
    with np.errstate(invalid="ignore", over="ignore"):
        apart = high - np.minimum(np.minimum(bands[0], bands[1]), bands[2])
    return bands, high, apart


@_by_rows
def _hue(pixels: Pixels) -> Numbers:
    (red, green, blue), high, apart = _spread(pixels)
    with np.errstate(all="ignore"):
        sextant = np.where(
            high == red,
            (green - blue) / apart,
            np.where(high == green, (blue - red) / apart + 2, (red - green) / apart + 4),
        )
        degrees = np.where(sextant < 0, sextant + 6, sextant) * high.dtype.type(60)
    return np.asarray(np.where(apart > 0, degrees, high.dtype.type(0)))


@_by_rows
def _saturation(pixels: Pixels) -> Numbers:
    _, high, apart = _spread(pixels)
    with np.errstate(all="ignore"):
        per_cent = apart / high * high.dtype.type(100)
    return np.asarray(np.clip(np.where(high > 0, per_cent, high.dtype.type(0)), 0, 100))


def _value(pixels: Pixels) -> Numbers:
    bands = plain(pixels[..., :3])
    return np.maximum(np.maximum(bands[..., 0], bands[..., 1]), bands[..., 2])


def _lab(part: int) -> Make:
    return lambda pixels: lab(pixels)[..., part]


@_by_rows
def lab(pixels: Pixels) -> Numbers:
    """Return the first three bands in CIELAB, height × width × 3 of float32.

    More than full light counts as full, less than none as none; see `full_light`.
    """
    import cv2

    if pixels.dtype == np.uint8:
        steps = (np.arange(256) / 255).astype(np.float32)
        light: Numbers = np.asarray(cv2.LUT(np.ascontiguousarray(pixels[..., :3]), steps))
        return np.asarray(cv2.cvtColor(light, cv2.COLOR_RGB2Lab))
    plainly = plain(pixels[..., :3])
    light = plainly.astype(np.float64 if plainly.dtype == np.float64 else np.float32)
    if plainly.dtype.kind == "f":
        np.copyto(light, 0, where=~(np.abs(light) < FILL))  # OpenCV looks up a table
    light /= full_light(pixels)
    light = np.clip(light, 0, 1).astype(np.float32, copy=False)
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(light), cv2.COLOR_RGB2Lab))


def full_light(pixels: Pixels) -> int:
    """Return the number of full light: the greatest of a kind of whole numbers, 1 of others."""
    return int(np.iinfo(pixels.dtype).max) if pixels.dtype.kind in "iu" else 1


_COLOUR: dict[str, Make] = {
    "red": _band(1),
    "green": _band(2),
    "blue": _band(3),
    "hue": _hue,
    "saturation": _saturation,
    "value": _value,
    "lightness": _lab(0),
    "a": _lab(1),
    "b": _lab(2),
}
_INDICES = {"ndvi": "nd(4,1)", "gndvi": "nd(4,2)", "ndwi": "nd(2,4)"}
_LABELS = {
    "red": "Red",
    "green": "Green",
    "blue": "Blue",
    "hue": "Hue",
    "saturation": "Saturation",
    "value": "Value (the brightest of three)",
    "lightness": "Lightness (CIELAB)",
    "a": "a: green to red (CIELAB)",
    "b": "b: blue to yellow (CIELAB)",
    "nd(4,1)": "NDVI: vegetation",
    "nd(4,2)": "GNDVI: vegetation, by green",
    "nd(2,4)": "NDWI: water",
}
