"""Trees: woods, hedges, rows along roads and gardens, crown by crown."""

import numpy as np
from numpy.typing import NDArray

from segstudio.scenes.land.ground import BUILDING, FIELD, LEAVES, ROAD, TREE, WATER, Ground, tinted
from segstudio.scenes.noise import Rng, fractal, white

Mask = NDArray[np.bool_]


def plant(rng: Rng, ground: Ground, wood: Mask, garden: Mask, hedge: Mask) -> None:
    """Grow trees: close in woods, scattered in gardens, in rows along hedges, few in fields."""
    import cv2

    height, width = ground.shape
    seeds = np.zeros((height, width), np.uint8)
    gap = 9
    rows, columns = np.mgrid[gap // 2 : height : gap, gap // 2 : width : gap]
    rows = np.clip(rows + rng.integers(-4, 5, rows.shape), 0, height - 1)
    columns = np.clip(columns + rng.integers(-4, 5, columns.shape), 0, width - 1)
    clearing = fractal(rng, height, width, 110, 3)[rows, columns]
    chance = np.full(rows.shape, 0.0015)
    chance[garden[rows, columns]] = rng.uniform(0.04, 0.14)
    chance[hedge[rows, columns]] = rng.uniform(0.1, 0.8)
    inside = wood[rows, columns]
    chance[inside] = np.where(clearing[inside] > rng.uniform(0.9, 2.0), 0.08, 0.97)
    chance[np.isin(ground.ids[rows, columns], (ROAD, WATER, BUILDING))] = 0
    grown = rng.random(rows.shape) < chance
    seeds[rows[grown], columns[grown]] = 1
    if not grown.any():
        return
    away, nearest = cv2.distanceTransformWithLabels(
        1 - seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    crown = np.zeros(int(nearest.max()) + 1, np.int32)
    crown[nearest[seeds > 0]] = np.arange(int(seeds.sum()))
    _grow(rng, ground, away, crown[nearest], int(seeds.sum()))


def _grow(
    rng: Rng, ground: Ground, away: NDArray[np.float32], crown: NDArray[np.int32], count: int
) -> None:
    """Raise a rounded, ragged crown around every seed."""
    height, width = ground.shape
    size = rng.uniform(4.5, 9.5, count).astype(np.float32)
    kind = rng.choice(len(LEAVES), count, p=_mixture(rng))
    tints = np.stack([tinted(rng, spectrum, 0.1) for spectrum in LEAVES])
    colours = tints[kind] * rng.normal(1, 0.13, (count, 1)).astype(np.float32)
    ragged = 1 + 0.22 * fractal(rng, height, width, 6, 2)
    share = away / (size[crown] * ragged)
    leafy = share < 1
    dome = np.sqrt(np.clip(1 - share**2, 0, 1))
    tall = (size * rng.uniform(5, 11))[crown] * dome * (0.85 + 0.1 * white(rng, height, width))
    raised = np.clip(tall + 14, 0, 180).astype(np.uint8)
    blocked = ground.ids == BUILDING
    leafy &= ~blocked | (raised > ground.relief)
    ground.colour[leafy] = (colours[crown] * (0.72 + 0.32 * dome)[:, :, None])[leafy]
    ground.relief[leafy] = raised[leafy]
    ground.ids[leafy] = TREE


def _mixture(rng: Rng) -> NDArray[np.float64]:
    """Which kinds of tree grow here: usually one or two."""
    return np.asarray(rng.dirichlet(np.array([0.9, 0.9, 0.5, 0.15, 0.4])))


def hedges(ground: Ground, labels: NDArray[np.int16], rows: NDArray[np.bool_]) -> Mask:
    """Return the rims of the parcels that have a hedge; ``rows`` says which have."""
    import cv2

    inner = cv2.erode((labels + 3).astype(np.uint16), np.ones((9, 9), np.uint8))
    outer = cv2.dilate((labels + 3).astype(np.uint16), np.ones((9, 9), np.uint8))
    rim = (inner != outer) & (labels >= 0)
    return np.asarray(rim & rows[np.maximum(labels, 0)] & (ground.ids == FIELD))
