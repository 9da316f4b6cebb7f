"""Rivers and ponds, with their shores."""

import numpy as np

from segstudio.scenes.land.ground import BARE, SOILS, WATER, WATERS, Ground, frame, picked
from segstudio.scenes.noise import Field, Rng, fractal, white


def flood(rng: Rng, ground: Ground) -> None:
    """Let a river, a pond, or both lie in the country; now and then there is no water."""
    height, width = ground.shape
    kind = rng.random()
    depths = []
    if kind < 0.62:
        depths.append(_river(rng, height, width))
    if kind > 0.5 and kind < 0.93:
        depths += [_pond(rng, height, width) for _ in range(int(rng.integers(1, 3)))]
    for depth in depths:
        _fill(rng, ground, depth)


def _river(rng: Rng, height: int, width: int) -> Field:
    """Return how deep each pixel lies under a winding river, in pixels from its shore."""
    _, across = frame(rng, height, width, rng.uniform(0, np.pi), 34)
    across = across - rng.uniform(-0.35, 0.35) * min(height, width)
    breadth = rng.uniform(9, 32) * (1 + 0.2 * fractal(rng, height, width, 120, 3))
    return np.asarray(breadth - np.abs(across), np.float32)


def _pond(rng: Rng, height: int, width: int) -> Field:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    size = rng.uniform(28, 70)
    aspect = rng.uniform(0.6, 1.5)
    y = (y - rng.uniform(0.1, 0.9) * height) * aspect
    x = (x - rng.uniform(0.1, 0.9) * width) / aspect
    return np.asarray(size - np.hypot(x, y) + 9 * fractal(rng, height, width, 50, 4), np.float32)


def _fill(rng: Rng, ground: Ground, depth: Field) -> None:
    height, width = ground.shape
    shore = (depth > -rng.uniform(1.5, 7)) & (depth <= 0)
    soil = picked(rng, SOILS) * (1 + 0.12 * white(rng, height, width))[:, :, None]
    ground.colour[shore] = soil[shore]
    ground.ids[shore] = BARE
    wet = depth > 0
    ripples = 1 + 0.05 * white(rng, height, width) + 0.1 * fractal(rng, height, width, 70, 4)
    body: Field = picked(rng, WATERS) * ripples[:, :, None]
    shallow = np.exp(-np.clip(depth, 0, None) / 5)[:, :, None] * np.float32(0.5)
    body += (soil * np.float32(0.45) - body) * shallow
    glint = np.clip(fractal(rng, height, width, 160, 3) - rng.uniform(0.6, 2.4), 0, 1) * 0.22
    body += (glint * (1 + 0.5 * white(rng, height, width)))[:, :, None]
    ground.colour[wet] = np.clip(body, 0.005, 1)[wet]
    ground.ids[wet] = WATER
    ground.relief[wet | shore] = 0
