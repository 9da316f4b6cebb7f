"""Colours as 8 bits a band, and how often each occurs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.tiling import Pixels, Tile, Valid
from segstudio.errors import UserError
from segstudio.methods.greys import FILL, plain, usable

BITS = {1: 8, 2: 8, 3: 6}
"""Bits of each band that make the number of a colour's bin, by number of bands."""

COUNTED = 2_000_000
SAMPLE = 250_000
"""How many pixels are about enough: to count in bins, and to look at one by one."""

PLACED = 60_000
"""How many pixels are about enough where also their places count."""

CUT = 0.1
"""Per cent of the pixels beyond each end of a stretch."""

LEAST_RANGE = 1e-30
"""Bands that vary less are constant."""

Codes = NDArray[np.uint8]
"""Height × width × bands, 8 bits each."""


@dataclass(frozen=True)
class Encoding:
    """How a picture's bands become 8 bits: as they are (``low`` is None), or stretched each.

    A stretch maps low…high of a band to 0…255 and cuts what lies beyond.
    """

    bands: int
    low: tuple[float, ...] | None = None
    high: tuple[float, ...] | None = None

    def encode(self, pixels: Pixels) -> Codes:
        """Return the codes; those of pixels without numbers are arbitrary."""
        if pixels.shape[2] != self.bands:
            raise UserError(
                f"the picture has {pixels.shape[2]} bands instead of {self.bands}",
                "use the segmenter on pictures of one kind",
            )
        pixels = plain(pixels)
        if self.low is None or self.high is None:
            if pixels.dtype != np.uint8:
                raise _mixed()
            return pixels
        kind = np.float64 if pixels.dtype == np.float64 else np.float32
        codes = np.empty(pixels.shape, np.uint8)
        for band, (low, high) in enumerate(zip(self.low, self.high, strict=True)):
            values: NDArray[Any] = pixels[..., band].astype(kind)
            np.copyto(values, kind(low), where=~(np.abs(values) < FILL))
            np.clip(values, kind(low), kind(high), out=values)
            codes[..., band] = np.rint((values - kind(low)) * kind(255 / (high - low)))
        return codes

    def decode(self, codes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return colours (n × bands) in the picture's own numbers."""
        if self.low is None or self.high is None:
            return codes
        low, high = np.array(self.low), np.array(self.high)
        return np.asarray(low + codes / 255 * (high - low))


@dataclass(frozen=True, eq=False)
class ColourHistogram:
    """The colours that occur: how often, and the mean of those that share a bin.

    With more bands than `BITS` knows there are no bins: ``bins`` is None, and the colours are
    those of single pixels.
    """

    bins: NDArray[np.intp] | None
    counts: NDArray[np.float64]
    colours: NDArray[np.float64]
    encoding: Encoding


def encoding_of(tiles: Iterator[Tile], visited: int) -> Encoding:
    """Find the encoding of pictures from tiles of ``visited`` pixels together.

    8 bits stay as they are, so that one tile is enough.
    """
    seen: list[NDArray[Any]] = []
    bands = 0
    for tile in tiles:
        pixels = plain(tile.pixels)
        if bands not in (0, pixels.shape[2]):
            raise _mixed()
        bands = pixels.shape[2]
        if pixels.dtype == np.uint8:
            return Encoding(bands)
        seen.append(_some(pixels, usable(tile), visited // SAMPLE))
    values = np.concatenate(seen).astype(np.float64) if seen else np.empty((0, bands))
    if not len(values):
        return Encoding(bands)
    low, high = np.percentile(values, (CUT, 100 - CUT), axis=0)
    # Where nearly all of a band is one value the percentiles meet: take its whole range.
    flat = high - low < LEAST_RANGE
    low, high = np.where(flat, values.min(0), low), np.where(flat, values.max(0), high)
    high = np.where(high - low < LEAST_RANGE, low + 1, high)
    return Encoding(bands, tuple(map(float, low)), tuple(map(float, high)))


def _some(pixels: Pixels, valid: Valid | None, step: int) -> NDArray[Any]:
    """Return about every ``step``-th valid pixel, n × bands."""
    flat = pixels.reshape(-1, pixels.shape[2]) if valid is None else pixels[valid]
    return flat[:: step | 1]  # odd, so that it does not follow columns


def count_colours(tiles: Iterator[Tile], encoding: Encoding, visited: int) -> ColourHistogram:
    """Count the colours of the valid pixels in tiles of ``visited`` pixels together.

    Up to three bands are counted in bins of 6 (8 for one or two bands) bits a band, of which
    the true mean colour is kept; of more bands, single pixels are taken. Of large pictures a
    part of the pixels is enough, spread evenly.
    """
    if encoding.bands not in BITS:
        step = visited // SAMPLE
        some = [_some(encoding.encode(t.pixels), usable(t), step) for t in tiles]
        colours = np.concatenate(some).astype(np.float64) if some else np.empty((0, 1))
        return ColourHistogram(None, np.ones(len(colours)), colours, encoding)
    size = 1 << (BITS[encoding.bands] * encoding.bands)
    counts = np.zeros(size, np.float64)
    sums = np.zeros((encoding.bands, size), np.float64)
    for tile in tiles:
        flat = _some(encoding.encode(tile.pixels), usable(tile), visited // COUNTED)
        bins = bins_of(flat)
        counts += np.bincount(bins, minlength=size)
        for band in range(encoding.bands):
            sums[band] += np.bincount(bins, flat[:, band], minlength=size)
    filled = np.flatnonzero(counts)
    return ColourHistogram(filled, counts[filled], (sums[:, filled] / counts[filled]).T, encoding)


@dataclass(frozen=True, eq=False)
class PlacedColours:
    """Colours of single pixels, and where each lies: x and y, in pixels of its picture."""

    found: ColourHistogram
    places: NDArray[np.float64]


def place_colours(tiles: Iterator[Tile], encoding: Encoding, visited: int) -> PlacedColours:
    """Take single valid pixels out of tiles of ``visited`` pixels together, spread evenly."""
    step = visited // PLACED | 1  # odd, so that it does not follow columns
    colours, places = [np.empty((0, encoding.bands))], [np.empty((0, 2))]
    for tile in tiles:
        valid, width = usable(tile), tile.pixels.shape[1]
        flat = np.arange(tile.pixels.shape[0] * width) if valid is None else np.flatnonzero(valid)
        rows, columns = np.divmod(flat[::step], width)
        codes = encoding.encode(tile.pixels[rows, columns][None])[0]
        colours.append(codes.astype(np.float64))
        places.append(np.stack([columns + tile.box.left, rows + tile.box.top], 1) + 0.5)
    seen = np.concatenate(colours)
    found = ColourHistogram(None, np.ones(len(seen)), seen, encoding)
    return PlacedColours(found, np.concatenate(places))


def bins_of(codes: Codes) -> NDArray[np.intp]:
    """Return the bin of each colour (… × bands, one to three bands)."""
    bands = codes.shape[-1]
    if bands == 1:
        return codes[..., 0].astype(np.intp)
    if bands == 2:
        return (codes[..., 0].astype(np.intp) << 8) | codes[..., 1]
    return _bins_of_three(codes)


def _bins_of_three(codes: Codes) -> NDArray[np.intp]:
    """Pack the upper six bits of three bands, four bytes at a time."""
    import cv2

    plane = np.ascontiguousarray(codes).reshape(1, -1, 3)
    packed = np.asarray(cv2.cvtColor(plane, cv2.COLOR_RGB2RGBA)).view("<u4")
    bins = packed & np.uint32(0xFC)
    bins <<= np.uint32(10)
    middle = packed & np.uint32(0xFC00)
    middle >>= np.uint32(4)
    bins |= middle
    packed >>= np.uint32(18)
    packed &= np.uint32(0x3F)
    bins |= packed
    return bins.reshape(codes.shape[:-1]).astype(np.intp)


def middle_of(bins: int, bands: int) -> NDArray[np.float64]:
    """Return the colours in the middle of the bins 0 … bins - 1, bins × bands."""
    bits = BITS[bands]
    numbers = np.arange(bins)
    parts = [numbers >> (bits * (bands - 1 - band)) & ((1 << bits) - 1) for band in range(bands)]
    width = 1 << (8 - bits)
    return np.stack(parts, 1) * float(width) + (width - 1) / 2


def as_lab(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return n × 3 colours (0…255) in CIELAB: lightness 0…100, a, b."""
    import cv2

    plane = (colours / 255).astype(np.float32).reshape(1, -1, 3)
    return np.asarray(cv2.cvtColor(plane, cv2.COLOR_RGB2Lab), np.float64).reshape(-1, 3)


def from_lab(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return n × 3 colours of CIELAB as red, green and blue (0…255): `as_lab` backwards."""
    import cv2

    plane = lab.astype(np.float32).reshape(1, -1, 3)
    rgb = np.asarray(cv2.cvtColor(plane, cv2.COLOR_Lab2RGB), np.float64).reshape(-1, 3)
    return np.clip(rgb * 255, 0, 255)


def _mixed() -> UserError:
    return UserError(
        "the pictures differ in their number of bands or their kind of numbers",
        "segment those of each kind by themselves",
    )
