"""What more labels will bring: a curve through the trainings so far, drawn on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST = 3
"""Trainings on different numbers of labels from which on a curve says anything."""

BENDS = np.linspace(0.1, 1.5, 15)
"""Exponents c of y = a − b·x^−c that are tried."""

DRAWS = 400
DOUBT = 0.02
"""Standard deviation of a figure whose interval is not known."""

LEVEL = 0.9


@dataclass(frozen=True)
class Forecast:
    """By how much a figure grows, and between which values it does so in 90 of 100 cases."""

    gain: float
    low: float
    high: float


def forecast(
    labels: Sequence[float],
    figures: Sequence[float],
    more: float,
    deviations: Sequence[float | None] = (),
    seed: int = 0,
) -> Forecast | None:
    """Estimate by how much a figure of 0…1 grows with ``more`` labels than the last had.

    A power law is fitted, y = a − b·x^−c with b ≥ 0 and a ≤ 1, as learning curves are known to
    follow (Figueroa et al. 2012); its doubt comes from drawing the figures anew with their
    standard deviations. None for fewer than three different numbers of labels.
    """
    x, y = np.asarray(labels, np.float64), np.asarray(figures, np.float64)
    if len(np.unique(x)) < LEAST or more <= 0 or x.min() <= 0:
        return None
    given = list(deviations) or [None] * len(y)
    sigma = np.array([DOUBT if d is None else max(d, 1e-4) for d in given])
    drawn = y + np.random.default_rng(seed).normal(0, 1, (DRAWS, len(y))) * sigma
    x, last = x / x.max(), float(x[-1] / x.max())
    ahead = last + more / float(np.max(np.asarray(labels, np.float64)))
    gains = _gains(x, np.vstack([y, drawn]), 1 / sigma**2, last, ahead)
    gains = np.minimum(gains, max(0.0, 1 - float(y[-1])))
    low, high = np.percentile(gains[1:], [50 * (1 - LEVEL), 100 - 50 * (1 - LEVEL)])
    # The draws' middle, since one curve through few figures may be far off.
    return Forecast(float(np.median(gains)), float(low), float(high))


def _gains(
    x: NDArray[np.float64],
    rows: NDArray[np.float64],
    weights: NDArray[np.float64],
    last: float,
    ahead: float,
) -> NDArray[np.float64]:
    """Return, for each row of figures, what the best curve gains from ``last`` to ``ahead``."""
    best = np.full(len(rows), np.inf)
    gains = np.zeros(len(rows))
    w = weights / weights.sum()
    for bend in BENDS:
        t = x**-bend
        middle, means = float(w @ t), rows @ w
        spread = float(w @ (t - middle) ** 2)
        slope = np.minimum((rows - means[:, None]) @ (w * (t - middle)) / max(spread, 1e-12), 0)
        top = means - slope * middle
        over = top > 1  # then the line goes through 1 at the end, and the slope alone is fitted
        through = np.minimum((rows - 1) @ (w * t) / float(w @ t**2), 0)
        slope, top = np.where(over, through, slope), np.where(over, 1.0, top)
        miss = ((rows - top[:, None] - slope[:, None] * t) ** 2) @ w
        better = miss < best
        best = np.where(better, miss, best)
        gains = np.where(better, slope * (ahead**-bend - last**-bend), gains)
    return gains
