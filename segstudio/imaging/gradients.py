"""Solving a symmetric system by conjugate gradients."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task

Values = NDArray[np.float32]

NOTHING = 1e-20
"""Energy below which there is nothing left to solve."""


def descended(
    flow: Callable[[Values], Values],
    nearly: Callable[[Values], Values],
    goal: Values,
    values: Values,
    exact: float,
    most: int,
    task: Task,
) -> Values:
    """Return values nearer to those whose ``flow`` is the ``goal``, in ``most`` steps or fewer.

    ``nearly`` roughly undoes ``flow`` (the preconditioner). A step that moves no value by
    ``exact`` is the last.
    """
    left = goal - flow(values)
    way = towards = nearly(left)
    energy = float(np.vdot(left, towards))
    for step in range(most):
        task.report(step, most, "Walking")
        out = flow(way)
        slope = float(np.vdot(way, out))
        if slope <= NOTHING or energy <= NOTHING:
            break
        size = np.float32(energy / slope)
        values = values + size * way
        if float(np.abs(way).max()) * float(size) < exact:
            break
        left = left - size * out
        towards = nearly(left)
        before, energy = energy, float(np.vdot(left, towards))
        way = towards + np.float32(energy / before) * way
    return np.asarray(values, np.float32)
