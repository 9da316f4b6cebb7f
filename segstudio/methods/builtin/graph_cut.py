"""A graph cut from strokes."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Part, Task
from segstudio.domain.tiling import Valid
from segstudio.imaging.adjacency import Borders
from segstudio.imaging.cuts import cut
from segstudio.imaging.lab import Rgb
from segstudio.imaging.lattice import colours
from segstudio.imaging.mixtures import of_seeds
from segstudio.imaging.slic import superpixels
from segstudio.methods.segmenter import segmenters
from segstudio.methods.spreading import Labels, Spreading

COMPACTNESS = 10.0
FLAT = 0.05
"""What a border costs where colours differ very much, in parts of what it costs where they do not.
"""


@segmenters.add
@dataclass(frozen=True)
class GraphCut(Spreading):
    """Weighs the colours of the strokes against the length of the borders, by graph cuts.

    The nodes are superpixels, so that it takes a moment only (Boykov and Jolly 2001; Li, Sun,
    Tang and Shum, Lazy snapping, 2004; several classes by expansion).
    """

    title: ClassVar[str] = "Graph cut"

    smoothness: float = field(
        default=50.0,
        metadata={"label": "Smoothness", "range": (0, 200), "step": 1,
                  "help": "what a pixel of a border costs: the larger, the shorter the borders"},
    )  # fmt: skip
    pieces: int = field(
        default=4000,
        metadata={"label": "Superpixels", "range": (100, 20000), "step": 100,
                  "help": "how many the picture is cut into first"},
    )  # fmt: skip

    def spread(self, rgb: Rgb, seeds: Labels, valid: Valid, scale: float, task: Task) -> Labels:
        side = round((seeds.size / self.pieces) ** 0.5)
        nodes = _parted(superpixels(rgb, side, COMPACTNESS, Part(task, 0, 3)), seeds)
        count = int(nodes.max()) + 1
        areas = np.bincount(nodes[valid], minlength=count).astype(np.float64)
        means = _means(rgb, nodes, count)
        odds = of_seeds(rgb, seeds, Part(task, 1, 3))(means)
        costs = -np.log(odds.T.astype(np.float64)) * areas[:, None]
        borders = Borders.of(nodes)
        first, second = borders.pairs.T
        lab = colours(means)
        apart = ((lab[first] - lab[second]) ** 2).sum(1)
        alike = np.exp(-apart / max(2 * float(apart.mean()) if len(apart) else 1.0, 1e-6))
        weights = self.smoothness * borders.lengths * (FLAT + (1 - FLAT) * alike)
        _fix(costs, nodes, seeds, borders.pairs, weights)
        found = cut(costs, borders.pairs, weights.astype(np.float64), Part(task, 2, 3))
        return found.astype(np.int8)[nodes]


def _parted(nodes: NDArray[np.int32], seeds: Labels) -> NDArray[np.int32]:
    """Return superpixels of which none holds strokes of two classes: these are cut off."""
    count, number = int(nodes.max()) + 1, int(seeds.max()) + 1
    held = np.zeros((count, number), bool)
    painted = seeds >= 0
    held[nodes[painted], seeds[painted]] = True
    several = (held.sum(1) > 1)[nodes] & painted
    keys = nodes.astype(np.int64) * (number + 1)
    keys[several] += seeds[several] + 1
    found = np.unique(keys, return_inverse=True)[1]
    return found.reshape(nodes.shape).astype(np.int32)


def _means(rgb: Rgb, nodes: NDArray[np.int32], count: int) -> Rgb:
    """Return the mean colour of each superpixel, nodes × 3."""
    flat = nodes.ravel()
    areas = np.bincount(flat, minlength=count)
    sums = [np.bincount(flat, rgb[..., band].ravel(), count) for band in range(3)]
    return np.rint(np.stack(sums, 1) / areas[:, None]).astype(np.uint8)


def _fix(
    costs: NDArray[np.float64],
    nodes: NDArray[np.int32],
    seeds: Labels,
    pairs: NDArray[np.int32],
    weights: NDArray[np.float64],
) -> None:
    """Make every other label dearer for a painted node than all that it could save."""
    around = np.bincount(pairs.ravel(), np.repeat(weights, 2), len(costs))
    painted = seeds >= 0
    label = np.full(len(costs), -1, np.intp)
    label[nodes[painted]] = seeds[painted]
    fixed = np.flatnonzero(label >= 0)
    dear = costs.max(1) + around + 1
    costs[fixed] = dear[fixed, None]
    costs[fixed, label[fixed]] = 0
