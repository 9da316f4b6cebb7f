"""Random walkers: from a few seeds to areas (Grady 2006, 2005 with priors)."""

import math
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Part, Task
from segstudio.imaging.border import Labels, sharpened
from segstudio.imaging.gradients import Values
from segstudio.imaging.lab import Rgb
from segstudio.imaging.lattice import Lattice, Solver, colours

Array = TypeVar("Array", bound=NDArray[np.generic])

UNKNOWNS = 120_000
"""Pixels of the reduced picture for two labels; with more labels fewer."""
FEWEST = 30_000
SEED = 1e3
"""How strongly a seed pulls, in weights of a neighbour of the same colour."""
TRUST = 0.02
"""How strongly the prior pulls, in the same."""


def random_walker(
    rgb: Rgb, seeds: Labels, prior: Values | None, task: Task, trust: float = TRUST
) -> tuple[Labels, NDArray[np.float32]]:
    """Return the label whose seeds a random walker from each pixel most probably meets first.

    ``rgb`` is height × width × 3, ``seeds`` has −1 where nothing is known, else a label. With
    ``prior`` (labels × height × width, probabilities) walkers also end anywhere, the sooner
    the larger ``trust``. The second answer is the probability of the label.

    Solved on a reduced picture, then drawn at full size along the borders. Without seeds and
    prior every label is −1 and its probability 0; with seeds of one label only, and no prior,
    that label is everywhere; on a picture of one colour, without prior, the nearest seed's.
    """
    shape = (rgb.shape[0], rgb.shape[1])
    labels = np.unique(seeds[seeds >= 0]) if prior is None else np.arange(len(prior))
    if not labels.size or not seeds.size:
        return np.full(shape, -1, np.int8), np.zeros(shape, np.float32)
    if labels.size == 1:
        return np.full(shape, labels[0], np.int8), np.ones(shape, np.float32)
    if prior is None and (rgb == rgb[0, 0]).all():
        return _nearest(seeds)
    small = _reduced_shape(shape, labels.size)
    found = _walked(rgb, seeds, prior, labels, small, trust, Part(task, 0, 2))
    winner, probability = _largest(found, labels, shape)
    fixed = seeds >= 0
    winner[fixed], probability[fixed] = seeds[fixed], 1
    scale = max(shape[0] / small[0], shape[1] / small[1])
    if scale > 1:
        radius = math.ceil(scale) + 1
        winner, places, sure = sharpened(rgb, winner, radius, fixed, Part(task, 1, 2))
        probability.reshape(-1)[places] = sure
    return winner, np.clip(probability, 0, 1)


def _reduced_shape(shape: tuple[int, int], labels: int) -> tuple[int, int]:
    most = max(2 * UNKNOWNS // max(labels - 1, 2), FEWEST)
    scale = min(1.0, math.sqrt(most / (shape[0] * shape[1])))
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


def _walked(
    rgb: Rgb,
    seeds: Labels,
    prior: Values | None,
    labels: NDArray[np.integer],
    small: tuple[int, int],
    trust: float,
    task: Task,
) -> list[Values]:
    """Return each label's probability on the reduced picture; they add up to 1."""
    shares = [reduced((seeds == label).astype(np.float32), small) for label in labels]
    pulls = [np.float32(SEED) * share for share in shares]
    if prior is not None:
        parts = [reduced(np.asarray(one, np.float32), small) for one in prior]
        pulls = [pull + np.float32(trust) * part for pull, part in zip(pulls, parts, strict=True)]
    total = np.asarray(sum(pulls), np.float32)
    solver = Solver(Lattice.of(colours(reduced(rgb, small)), total))
    found: list[Values] = []
    for done, pull in enumerate(pulls[:-1]):
        wanted = pull / np.maximum(total, 1e-12)
        found.append(solver.solved(wanted, Part(task, done, len(pulls) - 1)))
    return [*found, np.asarray(1 - sum(found), np.float32)]


def reduced(values: Array, shape: tuple[int, int]) -> Array:
    """Return values averaged to a smaller shape."""
    import cv2

    if values.shape[:2] == shape:
        return values
    return cast(Array, cv2.resize(values, shape[::-1], interpolation=cv2.INTER_AREA))


def _largest(
    found: list[Values], labels: NDArray[np.integer], shape: tuple[int, int]
) -> tuple[Labels, NDArray[np.float32]]:
    """Return the label of the largest probability at full size, and that probability."""
    import cv2

    best = np.full(shape, -1, np.float32)
    winner = np.zeros(shape, np.int8)
    for label, values in zip(labels, found, strict=True):
        full = np.asarray(cv2.resize(values, shape[::-1], interpolation=cv2.INTER_LINEAR))
        better = full > best
        np.copyto(best, full, where=better)
        winner[better] = label
    return winner, best


def _nearest(seeds: Labels) -> tuple[Labels, NDArray[np.float32]]:
    import cv2

    free = (seeds < 0).astype(np.uint8)
    _, nearest = cv2.distanceTransformWithLabels(
        free, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    table = np.zeros(int(nearest.max()) + 1, np.int8)
    known = seeds >= 0
    table[nearest[known]] = seeds[known]
    return table[nearest], np.ones(seeds.shape, np.float32)
