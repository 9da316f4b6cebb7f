"""Roads with a middle line, and tracks."""

import numpy as np
from numpy.typing import NDArray

from segstudio.scenes.land.ground import ROAD, SOILS, WATER, Ground, Spectrum, tinted
from segstudio.scenes.land.parcels import CROSSWISE, LENGTHWISE, TRACK
from segstudio.scenes.noise import Field, Rng, fractal, white

PAVEMENTS: tuple[Spectrum, ...] = (
    (0.115, 0.115, 0.12, 0.135),  # asphalt
    (0.16, 0.16, 0.16, 0.18),  # asphalt, old
    (0.24, 0.24, 0.235, 0.27),  # concrete
)


def pave(rng: Rng, ground: Ground, labels: NDArray[np.int16], along: Field, across: Field) -> None:
    """Lay what ``labels`` calls a road; ``along`` and ``across`` are the country's coordinates."""
    main = (labels == LENGTHWISE) | (labels == CROSSWISE)
    track = (labels == TRACK) & (ground.ids != WATER)
    height, width = ground.shape
    grain = 1 + 0.07 * white(rng, height, width) + 0.06 * fractal(rng, height, width, 30, 4)
    surface = tinted(rng, PAVEMENTS[int(rng.choice(3, p=(0.5, 0.3, 0.2)))])
    earth = tinted(rng, SOILS[int(rng.integers(2))])
    for where, colour in ((main, surface), (track, earth)):
        ground.colour[where] = colour * grain[where][:, None]
        ground.ids[where] = ROAD
        ground.relief[where] = 0
    _mark(ground, main, np.where(labels == LENGTHWISE, along, across))
    _grow_over(ground, track)


def _mark(ground: Ground, main: NDArray[np.bool_], run: Field) -> None:
    """Paint a dashed middle line, and bleach the shoulders; ``run`` counts pixels along a road."""
    import cv2

    depth = cv2.distanceTransform(main.astype(np.uint8), cv2.DIST_L2, 5)
    shoulder = main & (depth < 1.5)
    ground.colour[shoulder] *= 1.2
    crest = depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8))
    dashes = main & crest & (depth > 3.5) & (run % 14 < 7)
    ground.colour[dashes] = ground.colour[dashes] * 0.4 + 0.24


def _grow_over(ground: Ground, track: NDArray[np.bool_]) -> None:
    """Let grass stand between the ruts."""
    import cv2

    depth = cv2.distanceTransform(track.astype(np.uint8), cv2.DIST_L2, 5)
    ground.colour[track & (depth > 2.2)] *= np.array([0.75, 0.95, 0.7, 1.1], np.float32)
