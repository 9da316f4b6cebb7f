"""Values on a grid of pixels that flow between neighbours: a multigrid solver.

A pixel is joined with its 4 neighbours by weights and pulled towards a value of its own. The
values that minimise Σ w (u − u')² + Σ p (u − v)² are those of random walkers on the grid
(Grady, "Random walks for image segmentation", 2006), solved by conjugate gradients with a
V-cycle over grids of half the side as preconditioner: 2 × 2 pixels together are one of the
next grid, which is again a grid with 4 neighbours, so that all of it is array arithmetic.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from segstudio.domain.task import Task
from segstudio.imaging.gradients import Values, descended
from segstudio.imaging.lab import Rgb, lab_codes

SHARPNESS = 5.0
"""How fast a weight falls with the squared difference of colours, in means of the picture."""
LEAST_WEIGHT = 1e-4
"""The weight that is left between any two neighbours, so that walkers get everywhere."""
DAMPING = 0.7
OVERSHOOT = 1.5  # what a piecewise constant correction falls short of, by and large
SMALLEST = 130  # pixels of the grid that is solved directly
COARSE_STARTS = 3  # grids from which the solution is handed down as the first guess
MOST_STEPS = 60


def colours(rgb: Rgb) -> Values:
    """Return 8-bit colours in CIELAB, one unit a just noticeable difference (ΔE 1976)."""
    codes = lab_codes(rgb.reshape(1, -1, 3)).reshape(rgb.shape)
    return codes.astype(np.float32) * np.array([100 / 255, 1, 1], np.float32)


def weight_of(squared: Values, mean: float) -> Values:
    """Return how strongly two neighbours are joined whose colours lie so far apart."""
    falling = np.exp(squared * np.float32(-SHARPNESS / max(mean, 1.0)))
    return np.asarray(falling + np.float32(LEAST_WEIGHT))


@dataclass(frozen=True, eq=False)
class Lattice:
    """Weights to the pixels right of and below each (0 in the last column, row), and pulls."""

    right: Values
    down: Values
    pull: Values

    @classmethod
    def of(cls, lab: Values, pull: Values) -> "Lattice":
        """Join the pixels of a picture (height × width × bands), near colours strongly."""
        across = ((lab[:, 1:] - lab[:, :-1]) ** 2).sum(2)
        along = ((lab[1:] - lab[:-1]) ** 2).sum(2)
        mean = float(across.sum() + along.sum()) / max(across.size + along.size, 1)
        right, down = np.zeros_like(pull), np.zeros_like(pull)
        right[:, :-1], down[:-1] = weight_of(across, mean), weight_of(along, mean)
        return cls(right, down, pull)

    @cached_property
    def diagonal(self) -> Values:
        total = self.pull + self.right + self.down
        total[:, 1:] += self.right[:, :-1]
        total[1:] += self.down[:-1]
        return np.asarray(np.maximum(total, 1e-20))

    @cached_property
    def relaxation(self) -> Values:
        return np.asarray(np.float32(DAMPING) / self.diagonal)

    def residual(self, goal: Values, values: Values) -> Values:
        """Return by how much the values miss what flows in from outside."""
        return goal - self.flow(values)

    def flow(self, values: Values) -> Values:
        """Return what flows out of each pixel at these values."""
        right, down = self.right[:, :-1], self.down[:-1]
        out = self.diagonal * values
        out[:, :-1] -= right * values[:, 1:]
        out[:, 1:] -= right * values[:, :-1]
        out[:-1] -= down * values[1:]
        out[1:] -= down * values[:-1]
        return np.asarray(out)

    def halved(self) -> "Lattice":
        """Return the grid whose pixels are 2 × 2 of this one."""
        right, down = _even(self.right), _even(self.down)
        return Lattice(
            right[0::2, 1::2] + right[1::2, 1::2],
            down[1::2, 0::2] + down[1::2, 1::2],
            summed(self.pull),
        )

    def inverse(self) -> Values:
        """Return the inverse of the whole system, for grids of a few pixels."""
        count = self.pull.size
        place = np.arange(count).reshape(self.pull.shape)
        matrix = np.zeros((count, count))
        matrix[place, place] = self.diagonal
        for one, other, weight in (
            (place[:, :-1], place[:, 1:], self.right[:, :-1]),
            (place[:-1], place[1:], self.down[:-1]),
        ):
            matrix[one, other] = matrix[other, one] = -weight
        # Where nothing pulls the system has no unique solution; any will do.
        matrix[place, place] += 1e-9 * self.diagonal.max()
        return np.asarray(np.linalg.inv(matrix), np.float32)


def summed(values: Values) -> Values:
    """Return the sums of 2 × 2 pixels each."""
    even = _even(values)
    return np.asarray(even[0::2, 0::2] + even[1::2, 0::2] + even[0::2, 1::2] + even[1::2, 1::2])


def _even(values: Values) -> Values:
    height, width = values.shape
    if not height % 2 and not width % 2:
        return values
    return np.pad(values, ((0, height % 2), (0, width % 2)))


def _doubled(values: Values, shape: tuple[int, int]) -> Values:
    return np.asarray(values.repeat(2, 0).repeat(2, 1)[: shape[0], : shape[1]])


class Solver:
    """Solves one lattice for any number of values that pull."""

    def __init__(self, lattice: Lattice) -> None:
        self._grids = [lattice]
        while self._grids[-1].pull.size > SMALLEST:
            self._grids.append(self._grids[-1].halved())
        self._inverse = self._grids[-1].inverse()

    def solved(self, wanted: Values, task: Task, exact: float = 2e-3) -> Values:
        """Return the value of each pixel, given the value towards which each is pulled.

        ``exact`` is the size of the last step, about a tenth of the error that is left.
        """
        goals = [self._grids[0].pull * wanted]
        for _ in self._grids[1:]:
            goals.append(summed(goals[-1]))
        level = min(COARSE_STARTS, len(self._grids) - 1)
        values = np.zeros_like(goals[level])
        while True:
            values = self._descended(level, goals[level], values, exact, task)
            if level == 0:
                return values
            level -= 1
            values = _doubled(values, self._grids[level].pull.shape)

    def _descended(
        self, level: int, goal: Values, values: Values, exact: float, task: Task
    ) -> Values:
        """Return better values by conjugate gradients."""
        return descended(
            self._grids[level].flow, lambda left: self._cycle(level, left),
            goal, values, exact, MOST_STEPS, task,
        )  # fmt: skip

    def _cycle(self, level: int, goal: Values) -> Values:
        """Return roughly what flows in as the goal says: one V-cycle, two sweeps each way."""
        grid = self._grids[level]
        if level == len(self._grids) - 1:
            return np.asarray((self._inverse @ goal.ravel()).reshape(goal.shape))
        values = grid.relaxation * goal
        values += grid.relaxation * grid.residual(goal, values)
        coarse = self._cycle(level + 1, summed(grid.residual(goal, values)))
        values += np.float32(OVERSHOOT) * _doubled(coarse, goal.shape)
        for _ in range(2):
            values += grid.relaxation * grid.residual(goal, values)
        return np.asarray(values)
