"""Comparing ways of doing a thing that were tried on the same seeds: pair by pair, exactly."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

EXACT = 20
"""Pairs up to which all signs are tried: a million patterns."""

DRAWN = 100_000
"""Patterns of signs that are drawn where there are more pairs."""

PART = 1 << 14

LEVEL = 0.05


def sign_flip(differences: Sequence[float], seed: int = 0) -> float:
    """Return the two-sided p of paired differences: how often chance does as much as they do.

    Were there no difference between the two of a pair, each sign could as well be the other
    (Fisher's randomisation test). All patterns of signs are tried; of more than 20 pairs as many
    as 100,000 are drawn. 1 without any pair.
    """
    values = np.asarray(differences, np.float64)
    if not np.isfinite(values).all():
        raise ValueError("a difference is no number")
    count = len(values)
    if not count:
        return 1.0
    # Sums that are equal but for rounding count as equal.
    least = abs(values.sum()) - 1e-9 * max(1e-300, float(np.abs(values).sum()))
    if count > EXACT:
        signs = np.random.default_rng(seed).choice((-1.0, 1.0), (DRAWN, count))
        return float(((np.abs(signs @ values) >= least).sum() + 1) / (DRAWN + 1))
    reached, total = 0, 1 << count
    bits = np.arange(count)
    for first in range(0, total, PART):
        patterns = np.arange(first, min(first + PART, total))[:, None] >> bits & 1
        reached += int((np.abs((1 - 2 * patterns) @ values) >= least).sum())
    return reached / total


def holm(ps: Mapping[str, float]) -> dict[str, float]:
    """Return the p of several tests, corrected for there being several (Holm 1979)."""
    corrected: dict[str, float] = {}
    highest = 0.0
    for done, name in enumerate(sorted(ps, key=lambda name: ps[name])):
        highest = max(highest, min(1.0, ps[name] * (len(ps) - done)))
        corrected[name] = highest
    return {name: corrected[name] for name in ps}


def area(along: Sequence[float], values: Sequence[float], low: float, high: float) -> float:
    """Return the mean height of a curve between two places: the area below it over its length.

    The curve goes straight from point to point, ``along`` rising, and level beyond its ends.
    Where two points are at one place it goes straight up or down.
    """
    x, y = np.asarray(along, np.float64), np.asarray(values, np.float64)
    if high <= low:
        return float(np.interp(low, x, y))
    inside = (x > low) & (x < high)
    before = np.searchsorted(x, high) + 1  # of several points at the end the first counts
    ends = np.interp(low, x, y), np.interp(high, x[:before], y[:before])
    places: NDArray[np.float64] = np.concatenate([[low], x[inside], [high]])
    heights: NDArray[np.float64] = np.concatenate([ends[:1], y[inside], ends[1:]])
    return float(np.trapezoid(heights, places) / (high - low))


Table = Mapping[str, Mapping[int, Sequence[float]]]
"""For each arm and seed one figure a round."""


def penalties(tables: Sequence[Table], arms: Sequence[str]) -> NDArray[np.float64]:
    """Return how often the arm of a row beats that of a column (Ash et al., ICLR 2020).

    ``tables`` is one for each set of pictures, and gives 1 in all, in equal parts a round. An
    arm beats another where the two differ with p < 0.05 over the seeds that both have. The mean
    of a column is what an arm is penalised with: the lower the better.
    """
    found = np.zeros((len(arms), len(arms)))
    for table in tables:
        rounds = max((len(c) for seeds in table.values() for c in seeds.values()), default=0)
        for row, winner in enumerate(arms):
            for column, loser in enumerate(arms):
                if row != column and winner in table and loser in table:
                    beaten = _rounds_won(table[winner], table[loser])
                    found[row, column] += beaten / max(1, rounds)
    return found


def _rounds_won(winner: Mapping[int, Sequence[float]], loser: Mapping[int, Sequence[float]]) -> int:
    """Return in how many rounds the first has significantly more than the second."""
    seeds = sorted(set(winner) & set(loser))
    rounds = min((len(curve[s]) for curve in (winner, loser) for s in seeds), default=0)
    won = 0
    for place in range(rounds):
        each = [winner[seed][place] - loser[seed][place] for seed in seeds]
        won += sum(each) > 0 and sign_flip(each) < LEVEL
    return won
