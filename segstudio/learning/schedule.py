"""How the learning rate goes over a run."""

import math
from collections.abc import Callable, Mapping

POWER = 0.9
"""Of the polynomial, as DeepLab and PSPNet have it."""

RISE, FIRST, LAST = 0.3, 1 / 25, 1 / 250_000
"""One cycle (Smith and Topin 2017), with torch's numbers: the share of the steps in which the
rate rises, and the rates at both ends as shares of the highest."""


def learning_rate(
    step: int, steps: int, highest: float, schedule: str = "cosine", warm_up: float = 0.1
) -> float:
    """Return the rate of a step, which counts from 0.

    ``cosine`` and ``poly`` rise in a line over the share ``warm_up`` of the steps and then go
    down to zero; ``one_cycle`` has a rise of its own, ``constant`` has none.
    """
    if schedule == "one_cycle":
        return highest * _one_cycle(step, steps)
    if schedule == "constant":
        return highest
    rise = max(1, round(steps * warm_up))
    if step < rise:
        return highest * (step + 1) / rise
    return highest * DOWN[schedule]((step - rise) / max(1, steps - rise))


def _half_cosine(share: float) -> float:
    return 0.5 * (1 + math.cos(math.pi * share))


def _polynomial(share: float) -> float:
    return float((1 - share) ** POWER)


DOWN: Mapping[str, Callable[[float], float]] = {"cosine": _half_cosine, "poly": _polynomial}


def _one_cycle(step: int, steps: int) -> float:
    top = RISE * steps - 1
    if step <= top:
        return FIRST + (1 - FIRST) * (1 - _half_cosine(step / top))
    return LAST + (1 - LAST) * _half_cosine(min(1.0, (step - top) / max(1.0, steps - 1 - top)))
