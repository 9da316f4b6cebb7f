"""Round numbers for the axes of a chart."""

import math

import numpy as np


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most ``most`` round numbers within low…high (steps of 1, 2 or 5 × 10ⁿ)."""
    if not high > low or most < 1:
        return [low]
    rough = (high - low) / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1, 2, 5, 10, 20):
        step = factor * power
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            break
    return [round(number * step, 12) for number in range(first, last + 1)]


def rounded_range(low: float, high: float, most: int) -> tuple[float, float]:
    """Return a range around low…high that ends at round numbers."""
    if not high > low:
        pad = abs(low) / 10 or 1.0
        low, high = low - pad, high + pad
    marks = ticks(low, high, most)
    step = marks[1] - marks[0] if len(marks) > 1 else high - low
    return (
        float(np.floor(low / step + 1e-9) * step),
        float(np.ceil(high / step - 1e-9) * step),
    )


def written(number: float) -> str:
    """Return a tick as a short text: 15000 as 15k, 0.30 as 0.3."""
    if abs(number) >= 10_000:
        return f"{number / 1000:g}k"
    return f"{number:g}"
