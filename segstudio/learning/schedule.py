"""How the learning rate goes over a run."""

import math

WARM_UP = 0.1
"""Share of the steps in which the rate rises."""


def learning_rate(step: int, steps: int, highest: float) -> float:
    """Return the rate of a step: a linear rise, then half a cosine down to zero."""
    rise = max(1, round(steps * WARM_UP))
    if step < rise:
        return highest * (step + 1) / rise
    return highest * 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))
