"""Colours of walls, prints and joinery: things of different classes share them."""

import colorsys

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


def luminance(colour: Colour) -> float:
    return (0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]) / 255


def coat(rng: Rng) -> Colour:
    """Return a colour that people paint or print things in: shutters, awnings, doors and signs."""
    kind = rng.random()
    if kind < 0.5:
        return hsv(rng.random(), rng.uniform(0.45, 0.9), rng.uniform(0.35, 0.88))
    if kind < 0.72:
        return hsv(rng.uniform(0.02, 0.2), rng.uniform(0.03, 0.25), rng.uniform(0.78, 0.96))
    if kind < 0.87:
        return hsv(rng.random(), rng.uniform(0.1, 0.5), rng.uniform(0.1, 0.3))
    return hsv(rng.random(), rng.uniform(0.1, 0.35), rng.uniform(0.45, 0.7))


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
        return hsv(rng.choice([0.02, 0.07, 0.11, 0.3, 0.55, 0.6]), rng.uniform(0.25, 0.5), 0.72)
    return hsv(rng.uniform(0.04, 0.17), rng.uniform(0.05, 0.38), rng.uniform(0.6, 0.86))


def metal_coat(rng: Rng) -> Colour:
    """Return a colour of sheet metal and plastic housings."""
    if rng.random() < 0.2:
        return hsv(rng.uniform(0.04, 0.1), rng.uniform(0.2, 0.5), rng.uniform(0.25, 0.5))
    return hsv(rng.uniform(0.08, 0.62), rng.uniform(0.0, 0.1), rng.uniform(0.5, 0.92))


def sheet(colour: Colour, height: int, width: int) -> Image:
    """Return a picture of one colour."""
    return np.full((max(height, 1), max(width, 1), 3), colour, np.uint8)
