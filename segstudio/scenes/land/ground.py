"""A piece of country in the making: reflectance, height and class of every pixel."""

from dataclasses import dataclass

import numpy as np

from segstudio.scenes.noise import Field, Image, Rng, fractal

Spectrum = tuple[float, float, float, float]
"""Reflectance, 0…1, in red, green, blue and near infrared."""

FIELD, ROAD, BUILDING, TREE, WATER, BARE = range(6)

PIXEL = 0.5
"""Metres a pixel."""

CROPS: tuple[Spectrum, ...] = (
    (0.055, 0.095, 0.045, 0.46),  # young cereals
    (0.30, 0.25, 0.14, 0.38),  # ripe cereals
    (0.33, 0.32, 0.07, 0.50),  # rape in flower
    (0.20, 0.155, 0.115, 0.26),  # ploughed
    (0.27, 0.23, 0.165, 0.34),  # stubble
    (0.04, 0.072, 0.034, 0.42),  # maize
    (0.085, 0.125, 0.055, 0.40),  # meadow
    (0.12, 0.14, 0.07, 0.36),  # dry grass
    (0.19, 0.155, 0.20, 0.40),  # lavender
    (0.07, 0.115, 0.075, 0.38),  # cabbage
)
SOILS: tuple[Spectrum, ...] = (
    (0.26, 0.20, 0.14, 0.32),
    (0.33, 0.31, 0.275, 0.36),
    (0.40, 0.345, 0.26, 0.46),
    (0.19, 0.15, 0.12, 0.24),
    (0.22, 0.21, 0.195, 0.25),
)
WATERS: tuple[Spectrum, ...] = (
    (0.03, 0.052, 0.055, 0.02),
    (0.115, 0.115, 0.085, 0.05),
    (0.045, 0.085, 0.05, 0.04),
    (0.06, 0.10, 0.12, 0.03),
)
LEAVES: tuple[Spectrum, ...] = (
    (0.035, 0.06, 0.028, 0.36),
    (0.055, 0.085, 0.034, 0.42),
    (0.025, 0.042, 0.026, 0.25),
    (0.13, 0.10, 0.04, 0.36),
    (0.08, 0.095, 0.035, 0.40),
)


@dataclass
class Ground:
    """``colour`` is H×W×4 reflectance, ``relief`` H×W decimetres, ``ids`` H×W class ids."""

    colour: Field
    relief: Image
    ids: Image

    @property
    def shape(self) -> tuple[int, int]:
        height, width = self.ids.shape
        return height, width


def tinted(rng: Rng, spectrum: Spectrum, spread: float = 0.12) -> Field:
    """Return a spectrum lighter or darker, and of slightly other hue, by chance."""
    factor = rng.normal(1, spread) * rng.normal(1, spread / 3, 4)
    return np.asarray(np.array(spectrum) * np.clip(factor, 0.4, 1.8), np.float32)


def picked(rng: Rng, choices: tuple[Spectrum, ...]) -> Field:
    """Return one of the spectra, tinted."""
    return tinted(rng, choices[int(rng.integers(len(choices)))])


def frame(rng: Rng, height: int, width: int, angle: float, bend: float) -> tuple[Field, Field]:
    """Return coordinates along and across the grain of the country, in pixels, gently bent."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    y -= height / 2
    x -= width / 2
    cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    along = x * cosine + y * sine + bend * fractal(rng, height, width, 260, 2, 0.3)
    across = -x * sine + y * cosine + bend * fractal(rng, height, width, 260, 2, 0.3)
    return along, across
