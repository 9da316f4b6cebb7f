"""SLIC superpixels: small pieces of a picture that keep to its edges."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Part, Task
from segstudio.imaging.lab import Rgb, lab_codes
from segstudio.imaging.tidying import tidied

Labels = NDArray[np.int32]
"""Height × width, the number of the superpixel of each pixel."""

Floats = NDArray[np.float32]
Choice = NDArray[np.uint8]
Grid = tuple[int, int]

SMALLEST, COARSE = 6, 8
"""Smallest side of a superpixel, and the side it has in the reduced picture, in pixels."""

ROUNDS = 5
"""How often the centres move; more changes little (Achanta et al. 2012 use 10)."""

STRIP = 1 << 20
"""Pixels that choose at once, so that Cancel is heard in between."""

BLURRED = 2
"""How far the smoothing looks beyond a pixel."""

AROUND = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]
"""The cells from which a pixel may choose its centre, relative to its own."""

BEYOND = 1e12
"""Squared distance of what lies beyond the picture; infinity would make NaN times 0."""


def superpixels(rgb: Rgb, size: int, compactness: float, task: Task) -> Labels:
    """Cut a picture into superpixels of about ``size`` × ``size`` pixels, numbered from 0.

    Each is connected by its 4 neighbours, and none is a speck. ``compactness`` weighs how
    square they are against how alike in colour: 10 is usual, 40 nearly a grid, 1 ragged.
    The same picture gives the same superpixels.

    Source: SLIC (Achanta et al. 2012). The centres are found in a reduced picture; at full
    size each pixel then chooses between the nine centres around it, once.
    """
    height, width = rgb.shape[:2]
    if not height or not width:
        return np.zeros((height, width), np.int32)
    size = max(size, SMALLEST)
    grid = (max(round(height / size), 1), max(round(width / size), 1))
    steps = ROUNDS + 3
    task.report(0, steps, "Superpixels")
    cells = _Cells.of(_reduced(rgb, grid, min(size // 2, COARSE)), grid, compactness)
    centres = cells.means()
    for done in range(ROUNDS):
        task.report(done + 1, steps, "Superpixels")
        centres = cells.moved(centres, cells.nearest(_factors(centres, compactness)))
    labels = _labelled(rgb, grid, _factors(centres, compactness), compactness,
                       Part(task, ROUNDS + 1, steps))  # fmt: skip
    labels = tidied(labels, max(size * size // 8, 1), Part(task, ROUNDS + 2, steps))
    task.report(steps, steps, "Superpixels")
    return labels


def _reduced(rgb: Rgb, grid: Grid, side: int) -> Floats:
    """Return CIELAB of a picture of ``side`` pixels a cell."""
    import cv2

    shape = (grid[1] * side, grid[0] * side)
    smaller = shape[0] * shape[1] < rgb.shape[0] * rgb.shape[1]
    way = cv2.INTER_AREA if smaller else cv2.INTER_NEAREST_EXACT
    return np.asarray(cv2.resize(_lab(rgb), shape, interpolation=way))


def _labelled(rgb: Rgb, grid: Grid, factors: Floats, compactness: float, task: Task) -> Labels:
    """Let each pixel choose between the centres around its cell; see `_factors`.

    Cells are made equal by leaving out or repeating some rows and columns.
    """
    height, width = rgb.shape[:2]
    rows, columns = grid
    side = max(-(-height // rows), -(-width // columns))
    from_rows, from_columns = _places(rows * side, height), _places(columns * side, width)
    to_rows, to_columns = _places(height, rows * side), _places(width, columns * side)
    found = np.empty((height, width), np.int32)
    step = max(STRIP // (columns * side * side), 1)
    for top in range(0, rows, step):
        task.report(top, rows, "Superpixels")
        bottom = min(top + step, rows)
        taken = from_rows[top * side : bottom * side]
        first, last = max(int(taken[0]) - BLURRED, 0), int(taken[-1]) + 1 + BLURRED
        lab = _lab(rgb[first:last])[np.ix_(taken - first, from_columns)]
        cells = _Cells.of(lab, (bottom - top, columns), compactness)
        labels = cells.labels(cells.nearest(factors[top:bottom]), top)
        ends = np.searchsorted(to_rows, (top * side, bottom * side))
        inside = to_rows[slice(*ends)] - top * side
        found[slice(*ends)] = labels[np.ix_(inside, to_columns)]
    return found


def _places(wanted: int, given: int) -> NDArray[np.intp]:
    """Return which of ``given`` rows the ``wanted`` ones are, spread evenly."""
    places = ((np.arange(wanted) + 0.5) * (given / wanted)).astype(np.intp)
    return np.minimum(places, given - 1)


def _lab(rgb: Rgb) -> Floats:
    """Return CIELAB, smoothed a little so that noise makes no ragged borders."""
    import cv2

    lab = lab_codes(cv2.GaussianBlur(np.ascontiguousarray(rgb), (0, 0), 0.8))
    scaled = lab.astype(np.float32)
    scaled[..., 0] *= np.float32(100 / 255)
    return scaled


@dataclass(frozen=True)
class _Cells:
    """A picture cut into a grid of equal square cells, one for each superpixel to be.

    ``points`` is rows × columns × (L, a, b, y, x, 1) × pixels of a cell; y and x are measured
    from the middle of the cell, in units that make them comparable with colours. Centres have
    the same six numbers, rows × columns × 6, measured from the middle of their own cell.
    """

    points: Floats
    side: int
    pitch: float
    """How far the middles of neighbouring cells are apart, in those units."""

    @classmethod
    def of(cls, lab: Floats, grid: Grid, compactness: float) -> "_Cells":
        """Cut a picture that is as many times as large as the grid."""
        rows, columns = grid
        side = lab.shape[0] // rows
        points = np.empty((rows, columns, 6, side, side), np.float32)
        for n in range(3):
            points[:, :, n] = lab[..., n].reshape(rows, side, columns, side).swapaxes(1, 2)
        places = ((np.arange(side) + 0.5) / side - 0.5) * compactness
        points[:, :, 3] = places[:, None]
        points[:, :, 4] = places
        points[:, :, 5] = 1
        return cls(points.reshape(rows, columns, 6, side * side), side, compactness)

    def means(self) -> Floats:
        """Return the middle of each cell, with its mean colour."""
        return np.asarray(self.points.mean(3))

    def nearest(self, factors: Floats) -> Choice:
        """Return which of the nine centres `AROUND` its cell each pixel is nearest to."""
        rows, columns, _, pixels = self.points.shape
        best = np.zeros((rows, columns, pixels), np.uint8)
        for row, own in enumerate(factors):
            # |p − c|² without |p|², which is the same for all centres.
            distances = np.matmul(own, self.points[row])
            least = distances[:, 0]
            for n in range(1, len(AROUND)):
                nearer = (distances[:, n] < least).view(np.uint8)
                np.maximum(best[row], nearer * np.uint8(n), out=best[row])
                least = np.minimum(least, distances[:, n])
        return best

    def moved(self, centres: Floats, best: Choice) -> Floats:
        """Return the mean of the pixels that chose each centre."""
        rows, columns = centres.shape[:2]
        chosen = np.equal(best[..., None], np.arange(9, dtype=np.uint8)).astype(np.float32)
        parts = np.matmul(self.points, chosen)
        sums = np.zeros((rows + 2, columns + 2, 6), np.float32)
        for n, (down, right) in enumerate(AROUND):
            part = parts[..., n]
            part[..., 3] -= part[..., 5] * np.float32(down * self.pitch)
            part[..., 4] -= part[..., 5] * np.float32(right * self.pitch)
            sums[1 + down : 1 + down + rows, 1 + right : 1 + right + columns] += part
        inner = sums[1:-1, 1:-1]
        counts = inner[..., 5:]
        return np.where(counts > 0, inner / np.maximum(counts, 1), centres)

    def labels(self, best: Choice, first: int) -> Labels:
        """Return the number of the cell that each pixel chose.

        ``first`` is the row of the whole grid in which these cells begin.
        """
        rows, columns, _ = best.shape
        steps = np.array([down * columns + right for down, right in AROUND], np.int32)
        own = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns, 1)
        flat = own + np.int32(first * columns) + steps[best]
        whole = flat.reshape(rows, columns, self.side, self.side).swapaxes(1, 2)
        return whole.reshape(rows * self.side, columns * self.side)


def _factors(centres: Floats, pitch: float) -> Floats:
    """Return rows × columns × 9 × 6: times a point's numbers they give |p − c|² − |p|².

    ``pitch`` is how far the middles of neighbouring cells are apart.
    """
    rows, columns = centres.shape[:2]
    framed = np.zeros((rows + 2, columns + 2, 6), np.float32)
    framed[..., 5] = BEYOND  # there is no centre
    framed[1:-1, 1:-1] = centres
    framed[1:-1, 1:-1, 5] = 0
    factors = np.empty((rows, columns, 9, 6), np.float32)
    for n, (down, right) in enumerate(AROUND):
        part = framed[1 + down : 1 + down + rows, 1 + right : 1 + right + columns].copy()
        part[..., 3] += down * pitch
        part[..., 4] += right * pitch
        factors[:, :, n, 5] = part[..., 5] + (part[..., :5] ** 2).sum(-1)
        factors[:, :, n, :5] = -2 * part[..., :5]
    return factors
