"""The bank of filters: which numbers describe a pixel."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from segstudio.methods.features.colour import hue_saturation, lab
from segstudio.methods.features.plane import UNIT, Plane, band

LUMA = (77, 150, 29)
"""Weights of red, green and blue in 256ths (ITU-R BT.601)."""

EDGE = 63.75
"""Steeper differences count as so steep for the structure tensor: its products stay exact."""

LEVELS = 8
"""Of how many shades of grey the entropy is taken."""

SURROUNDINGS = 3.0
"""The surroundings of a pixel reach so many times as far as the largest scale."""

LARGEST_RADIUS = 120
"""Sums over larger squares would not be exact."""

STILL = 2.0
"""Shades by which an even surface varies anyway."""

BAND_NAMES = {1: ("grey",), 3: ("red", "green", "blue")}


@dataclass(frozen=True)
class Bank:
    """Which features are computed, and at which scales (standard deviations in pixels).

    The bands themselves are always among them.
    """

    scales: tuple[float, ...]
    gaussian: bool = True
    laplacian: bool = True
    gradient: bool = True
    structure: bool = True
    hessian: bool = True
    entropy: bool = False
    colour: bool = True
    surroundings: bool = True

    def reach(self, bands: int, scale: float = 1.0) -> int:
        """Return how many pixels around a pixel its features depend on."""
        return _reach(self, bands, scale)

    def planes(self, bands: int, scale: float = 1.0) -> dict[str, Plane]:
        """Return the features by name, for pictures reduced by ``scale``."""
        return _planes(self, bands, scale)


@lru_cache(maxsize=16)
def _planes(bank: Bank, bands: int, scale: float) -> dict[str, Plane]:
    return dict(_features(bank, bands, scale))


@lru_cache(maxsize=64)
def _reach(bank: Bank, bands: int, scale: float) -> int:
    return max(plane.reach for plane in bank.planes(bands, scale).values())


def _features(bank: Bank, bands: int, scale: float) -> Iterator[tuple[str, Plane]]:
    names = BAND_NAMES.get(bands, tuple(f"band {n + 1}" for n in range(bands)))
    sources = [band(n) for n in range(bands)]
    grey = _grey(sources)
    yield from zip(names, sources, strict=True)
    if bank.colour and bands == 3:
        yield from zip(("hue", "saturation"), hue_saturation(*sources), strict=True)
        # From here on in colours whose differences are those that people see.
        names = ("lightness", "a", "b")
        sources = [plane.rounded(UNIT) for plane in lab(*sources)]
        yield from zip(names, sources, strict=True)
    for deviation in bank.scales:
        yield from _at(bank, names, sources, grey, deviation, scale)
    if bank.surroundings:
        yield from _around(grey, SURROUNDINGS * max(bank.scales), scale)


def _grey(sources: list[Plane]) -> Plane:
    if len(sources) == 1:
        return sources[0]
    if len(sources) == 3:
        red, green, blue = (s * (w / 256) for s, w in zip(sources, LUMA, strict=True))
        return red + green + blue
    total = sources[0]
    for other in sources[1:]:
        total = total + other
    return (total * (1 / len(sources))).rounded(256)


def _at(
    bank: Bank, names: tuple[str, ...], sources: list[Plane], grey: Plane, size: float, scale: float
) -> Iterator[tuple[str, Plane]]:
    """Yield the features of one scale.

    Derivatives are differences over a step of the scale, so that they are about as large at
    every scale.
    """
    deviation = size / scale
    step = max(round(deviation), 1)
    if bank.gaussian:
        for name, source in zip(names, sources, strict=True):
            yield f"{name}, Gaussian {size:g}", source.smooth(deviation)
    smooth = grey.smooth(deviation)
    xx, yy, xy = _second(smooth, step)
    if bank.laplacian:
        yield f"Laplacian {size:g}", xx + yy
    if bank.gradient:
        x, y = _first(smooth, step)
        yield f"gradient {size:g}", (x * x + y * y).root()
    if bank.hessian:
        large, small = _eigenvalues(xx, yy, xy)
        yield f"Hessian {size:g}, larger", large
        yield f"Hessian {size:g}, smaller", small
    if bank.structure:
        large, small = _structure(grey, deviation)
        yield f"structure {size:g}, larger", large
        yield f"structure {size:g}, smaller", small
    if bank.entropy:
        yield f"entropy {size:g}", _entropy(grey, max(round(2 * deviation), 1))


def _first(plane: Plane, step: int) -> tuple[Plane, Plane]:
    x = plane.moved(0, step) - plane.moved(0, -step)
    y = plane.moved(step, 0) - plane.moved(-step, 0)
    return x * 0.5, y * 0.5


def _second(plane: Plane, step: int) -> tuple[Plane, Plane, Plane]:
    twice = plane * 2.0
    xx = plane.moved(0, step) + plane.moved(0, -step) - twice
    yy = plane.moved(step, 0) + plane.moved(-step, 0) - twice
    falling = plane.moved(step, step) + plane.moved(-step, -step)
    rising = plane.moved(step, -step) + plane.moved(-step, step)
    return xx, yy, (falling - rising) * 0.25


def _eigenvalues(xx: Plane, yy: Plane, xy: Plane) -> tuple[Plane, Plane]:
    """Return the larger and the smaller eigenvalue of symmetric 2 × 2 matrices."""
    middle = (xx + yy) * 0.5
    half = (xx - yy) * 0.5
    apart = (half * half + xy * xy).root()
    return middle + apart, middle - apart


def _structure(grey: Plane, deviation: float) -> tuple[Plane, Plane]:
    """Return the roots of the eigenvalues of the structure tensor (Förstner 1987).

    Gradients are taken at half the scale.
    """
    inner = grey.smooth(deviation / 2)
    x, y = _first(inner, max(round(deviation / 2), 1))
    # Multiples of a quarter up to EDGE: products are multiples of 1/16 up to 4064; divided
    # by 16 they are what can be smoothed exactly.
    x, y = (g.rounded(4).within(-EDGE, EDGE) for g in (x, y))
    xx, yy, xy = (
        (one * other * (1 / 16)).smooth(deviation) for one, other in ((x, x), (y, y), (x, y))
    )
    large, small = _eigenvalues(xx, yy, xy)
    return (large * 16.0).at_least(0.0).root(), (small * 16.0).at_least(0.0).root()


def _around(grey: Plane, size: float, scale: float) -> Iterator[tuple[str, Plane]]:
    """Yield how a pixel differs from a square around it, and how much that varies in itself.

    A cell that is lighter than its surroundings is so under any lamp.
    """
    radius = min(max(round(size / scale), 1), LARGEST_RADIUS)
    whole = grey.rounded()
    count = (whole * 0.0 + 1.0).total(radius).at_least(1.0)
    apart = whole - whole.total(radius) / count
    spread = apart.at_least(apart * -1.0).rounded().total(radius) / count
    yield f"contrast {size:g}", apart
    yield f"relative contrast {size:g}", apart / (spread + STILL)
    yield f"variation {size:g}", spread


def _entropy(grey: Plane, radius: int) -> Plane:
    """Return the entropy of the shades in a square, 0…1, by a table of whole counts."""
    shade = (grey * (LEVELS / 256) - 0.5).rounded().within(0, LEVELS - 1)
    pixels = (2 * radius + 1) ** 2
    # −n log n in whole steps, so that the order of adding them does not matter.
    counts = np.arange(pixels + 1)
    table = np.rint(counts / pixels * -np.log2(np.maximum(counts, 1) / pixels) * 65536)
    total = None
    for level in range(LEVELS):
        part = shade.equals(float(level)).total(radius).looked_up(table.astype(np.float32))
        total = part if total is None else total + part
    assert total is not None
    return total * float(1 / (65536 * np.log2(LEVELS)))
