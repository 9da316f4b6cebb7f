"""Colours of walls, prints and joinery: things of different classes share them."""

import colorsys
from collections.abc import Sequence

import numpy as np

from segstudio.scenes.noise import Image, Rng
from segstudio.scenes.street.surface import Colour


def hsv(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour between two; ``share`` is how much of the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def scaled(colour: Colour, factor: float) -> Colour:
    """Return the colour brighter or darker."""
    red, green, blue = (min(255, max(0, round(c * factor))) for c in colour)
    return red, green, blue


def luminance(colour: Sequence[float]) -> float:
    return (0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]) / 255


COATS: tuple[Colour, ...] = (
    (122, 36, 40), (172, 44, 38), (200, 74, 46), (156, 82, 58), (198, 128, 52), (222, 172, 48),
    (228, 204, 118), (118, 124, 58), (62, 92, 58), (34, 74, 62), (92, 142, 112), (58, 132, 128),
    (44, 104, 126), (62, 128, 176), (40, 74, 128), (28, 42, 78), (98, 120, 146), (86, 70, 118),
    (138, 74, 104), (196, 112, 122), (104, 74, 56), (70, 58, 54), (64, 70, 78), (138, 142, 140),
)  # fmt: skip
"""Colours in which doors, shutters, cars and prints are sold."""


def coat(rng: Rng) -> Colour:
    """Return a colour that people paint or print things in: shutters, awnings, doors and signs."""
    kind = rng.random()
    if kind < 0.62:
        base = COATS[int(rng.integers(len(COATS)))]
        jitter = rng.normal(0, 7, 3)
        red, green, blue = (int(np.clip(c + j, 8, 245)) for c, j in zip(base, jitter, strict=True))
        return scaled((red, green, blue), float(rng.uniform(0.82, 1.15)))
    if kind < 0.7:
        return hsv(rng.choice([0.0, 0.02, 0.09, 0.14, 0.36, 0.52, 0.58, 0.62, 0.9]), 0.68, 0.68)
    if kind < 0.88:
        return hsv(rng.uniform(0.02, 0.17), rng.uniform(0.03, 0.2), rng.uniform(0.8, 0.95))
    return hsv(rng.random(), rng.uniform(0.08, 0.4), rng.uniform(0.1, 0.26))


def ink_on(rng: Rng, ground: Colour) -> Colour:
    """Return a colour that can be read on another."""
    light = luminance(ground) > 0.5
    for _ in range(8):
        ink = coat(rng)
        if abs(luminance(ink) - luminance(ground)) > 0.35:
            return ink
    return (28, 26, 30) if light else (244, 240, 230)


def wall_coat(rng: Rng) -> Colour:
    """Return a colour of plaster: mostly pale and warm, now and then strong."""
    if rng.random() < 0.25:
        return hsv(rng.choice([0.02, 0.07, 0.11, 0.36, 0.55, 0.6]), rng.uniform(0.2, 0.42), 0.68)
    return hsv(rng.uniform(0.04, 0.17), rng.uniform(0.05, 0.38), rng.uniform(0.6, 0.86))


def metal_coat(rng: Rng) -> Colour:
    """Return a colour of sheet metal and plastic housings."""
    if rng.random() < 0.2:
        return hsv(rng.uniform(0.04, 0.1), rng.uniform(0.2, 0.5), rng.uniform(0.25, 0.5))
    return hsv(rng.uniform(0.08, 0.62), rng.uniform(0.0, 0.1), rng.uniform(0.5, 0.92))


def sheet(colour: Colour, height: int, width: int) -> Image:
    """Return a picture of one colour."""
    return np.full((max(height, 1), max(width, 1), 3), colour, np.uint8)
