"""Histograms of grey values, and thresholds found on them. Pure functions on counts.

Otsu and its extension to several thresholds are solved exactly; source: N. Otsu, A threshold
selection method from gray-level histograms, 1979; P.-S. Liao et al., A fast algorithm for
multilevel thresholding, 2001. The valley is S4's: the local minimum between two peaks. Triangle:
G. Zack et al., Automatic measurement of sister chromatid exchange frequency, 1977; Li: C. Li and
P. Tam, An iterative algorithm for minimum cross entropy thresholding, 1998; Yen: J.-C. Yen et al.,
A new criterion for automatic multilevel thresholding, 1995.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 256

ROUNDS = 1000
"""Steps after which Li's iteration ends in any case; a dozen are usual."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many pixels lie in each of the bins between ``edges`` (one more than counts).

    ``whole`` says that the numbers are whole ones, so that thresholds are too.
    """

    counts: Counts
    edges: NDArray[np.float64]
    whole: bool

    def above(self, bin: int) -> float:
        """Return the threshold that parts the bins up to this one from those behind it.

        A pixel lies behind a threshold when it is greater.
        """
        edge = float(self.edges[bin + 1])
        return float(np.floor(edge)) if self.whole else edge

    def thresholds(self, bins: tuple[int, ...]) -> tuple[float, ...]:
        return tuple(self.above(bin) for bin in bins)

    @property
    def width(self) -> float:
        """How much of the range one bin holds."""
        return float(self.edges[1] - self.edges[0])

    @property
    def middles(self) -> NDArray[np.float64]:
        """The grey value in the middle of each bin."""
        return (self.edges[:-1] + self.edges[1:]) / 2


def of_whole_numbers(counts: NDArray[np.int64]) -> Histogram:
    """Gather the counts of the values 0, 1, 2 … into 256 bins of equal, whole width.

    Up to 256 values are one bin each; more are cut to the range that occurs.
    """
    if len(counts) <= BINS:
        low, width = 0, 1
    else:
        seen = np.flatnonzero(counts)
        low, high = (int(seen[0]), int(seen[-1])) if len(seen) else (0, 0)
        # Whole widths: otherwise bins would hold unequally many values and look like a comb.
        width = -(-(high - low + 1) // BINS)
    padded = np.zeros(BINS * width, np.int64)
    part = counts[low : low + len(padded)]
    padded[: len(part)] = part
    edges = low - 0.5 + np.arange(BINS + 1, dtype=np.float64) * width
    return Histogram(padded.reshape(BINS, width).sum(1), edges, True)


def float_edges(low: float, high: float) -> NDArray[np.float64]:
    """Return the edges of 256 bins over a range, which may be a single value."""
    if not (high - low) / BINS > 0:
        high = low + max(1.0, abs(low) * 1e-6)
    return np.linspace(low, high, BINS + 1, dtype=np.float64)


def otsu(counts: Counts) -> int:
    """Return the last bin of the lower of two classes, so that they differ most.

    Where one class would be empty, the last bin that holds anything.
    """
    found = multi_otsu(counts, 2)
    return found[0] if found else int(np.flatnonzero(counts)[-1])


def multi_otsu(counts: Counts, classes: int) -> tuple[int, ...]:
    """Return the last bin of every class but the highest: the exact optimum.

    The variance between classes is a sum over classes of S²/P (their sum and their number), so
    the best cut of a histogram's rest does not depend on what lies before: a dynamic programme
    of O(classes · bins²). With fewer filled bins than classes, each filled bin is a class.
    Of equal optima the first in lexicographic order is taken.
    """
    filled = np.flatnonzero(counts)
    if len(filled) <= classes:
        return tuple(int(bin) for bin in filled[:-1])
    gain = _gains(counts)
    bins = len(counts)
    rest = gain[:bins, bins - 1].copy()  # best of one class from each bin to the end
    choices: list[NDArray[np.intp]] = []
    for _ in range(classes - 1):
        after = np.append(rest[1:], -np.inf)
        total = gain + after  # row: first bin; column: last bin of its class
        choice = total.argmax(1)
        rest = total[np.arange(bins), choice]
        choices.append(choice)
    first, cuts = 0, []
    for choice in reversed(choices):
        cuts.append(int(choice[first]))
        first = cuts[-1] + 1
    return tuple(cuts)


def _gains(counts: Counts) -> NDArray[np.float64]:
    """Return S²/P of the class from bin i (row) to bin j (column); −∞ where it is empty."""
    bins = np.arange(len(counts), dtype=np.float64)
    # Measured from about the mean, so that the squares are small; whole, so that sums are exact.
    centred = bins - np.rint(np.average(bins, weights=counts))
    number = np.concatenate([[0.0], np.cumsum(counts, dtype=np.float64)])
    total = np.concatenate([[0.0], np.cumsum(counts * centred)])
    numbers = number[None, 1:] - number[:-1, None]
    totals = total[None, 1:] - total[:-1, None]
    gain = np.full(numbers.shape, -np.inf)
    np.divide(totals**2, numbers, out=gain, where=numbers > 0)
    return gain


def triangle(counts: Counts) -> int:
    """Return the bin that lies furthest below the line from the peak to the longer tail's end.

    It is the last bin of the lower class. Where that would leave nothing above (all the
    histogram lies over the line), the highest filled bin is the upper class.
    """
    peak = int(counts.argmax())
    filled = np.flatnonzero(counts)
    low, high = int(filled[0]), int(filled[-1])
    if low == high:
        return low
    if peak - low >= high - peak:
        return _furthest(counts, low, peak)
    last = len(counts) - 1
    return min(last - _furthest(counts[::-1], last - high, last - peak), int(filled[-2]))


def _furthest(counts: Counts, end: int, peak: int) -> int:
    """Return the first bin from ``end`` to ``peak`` that is furthest below the line to it."""
    steps = np.arange(peak - end)
    below = counts[peak] * steps - (peak - end) * counts[end:peak]
    return end + int(below.argmax())


def yen(counts: Counts) -> int:
    """Return the last bin of the lower of two classes, so that their correlation is greatest."""
    first, last = (int(bin) for bin in np.flatnonzero(counts)[[0, -1]])
    if first == last:
        return first
    share = counts[first : last + 1] / counts.sum()
    below = np.cumsum(share)[:-1]
    squares = np.cumsum(share**2)[:-1] * np.cumsum(share[::-1] ** 2)[::-1][1:]
    return first + int(((below * (1 - below)) ** 2 / squares).argmax())


def li(found: Histogram) -> int:
    """Return the last bin of the lower of two classes, whose cross entropy is least.

    Values are measured from the lowest that occurs. The iteration ends where scikit-image's
    does: when the threshold moves by no more than half a whole number.
    """
    filled = np.flatnonzero(found.counts)
    if len(filled) == 1:
        return int(filled[0])
    number = found.counts[filled].astype(np.float64)
    lowest = 0.5 / found.width if found.whole else 0.0
    values = filled - filled[0] + 0.5 - lowest
    exact = 0.5 / found.width if found.whole else 1e-6
    threshold, before = float(np.average(values, weights=number)), -np.inf
    for _ in range(ROUNDS):
        if abs(threshold - before) <= exact:
            break
        before = threshold
        above = values > threshold
        high = float(np.average(values[above], weights=number[above]))
        low = float(np.average(values[~above], weights=number[~above]))
        if low == 0:
            break
        threshold = (low - high) / float(np.log(low / high))
    return int(filled[0]) + int(threshold)


def smoothed(counts: Counts, sigma: float) -> NDArray[np.float64]:
    """Return the counts after a Gaussian of ``sigma`` bins; nothing is lost at the ends."""
    if sigma <= 0:
        return counts.astype(np.float64)
    reach = max(int(np.ceil(4 * sigma)), 1)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(counts.astype(np.float64), reach, mode="symmetric")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")


def valley(counts: Counts, sigma: float, prominence: float = 0.02) -> int | None:
    """Return the lowest bin between the two highest peaks of the smoothed counts.

    A peak counts when one must descend from it by ``prominence`` of the highest to reach a
    higher one; ripples do not. None where there are not two such peaks.
    """
    curve = smoothed(counts, sigma)
    tops = _peaks(curve, prominence * float(curve.max()))
    if len(tops) < 2:
        return None
    left, right = sorted(sorted(tops, key=lambda bin: -curve[bin])[:2])
    between = curve[left : right + 1]
    lowest = np.flatnonzero(between == between.min())
    return left + int(lowest[len(lowest) // 2])


def _peaks(curve: NDArray[np.float64], least: float) -> list[int]:
    """Return the tops of the curve that stand out by at least ``least``, from left to right.

    Walking along it, a top is sure once the curve has fallen by ``least`` below it, a valley
    once it has risen as much above it.
    """
    tops: list[int] = []
    top, low, rising = 0, 0.0, True
    for bin, value in enumerate(curve):
        if rising:
            if value > curve[top]:
                top = bin
            elif value <= curve[top] - least and curve[top] > 0:
                tops.append(top)
                low, rising = value, False
        else:
            low = min(low, value)
            if value >= low + least:
                top, rising = bin, True
    if rising and curve[top] - low >= least:
        tops.append(top)
    return tops
