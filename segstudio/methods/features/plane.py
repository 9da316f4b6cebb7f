"""Planes of numbers over a picture, and what one is made from: a graph, not yet worked out.

What is computed for a pixel must not depend on where a tile begins, nor on who computes it, or
trees would decide otherwise at a seam and in an exported model. Sums over a neighbourhood are
the only thing that could: they are added up in different orders. So what is smoothed are
multiples of 1/256 below 256, weighted by multiples of 1/256: every sum is exact in float32.
All the rest is single operations on single numbers, which IEEE 754 rounds in one way only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Union

import numpy as np
from numpy.typing import NDArray

UNIT = 256
"""Smoothed planes hold multiples of 1/UNIT, and so do the weights of a kernel."""

LARGEST = 255.0
"""What is smoothed lies between -LARGEST and LARGEST."""

REACH = 2.5
"""Kernels are cut off so many standard deviations from their middle."""

SHARPEST = 0.4
"""Smoothing by less would leave invalid pixels as they are, which derivatives would see."""

Value = Union["Plane", float]


@dataclass(frozen=True, eq=False)
class Plane:
    """A number for every pixel: an operation on other planes.

    ``value`` is what the operation needs besides: a band's place, a kernel, a shift, a table.
    """

    op: str
    of: tuple["Plane", ...] = ()
    value: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    @property
    def reach(self) -> int:
        """How many pixels around a pixel its number depends on."""
        own = {
            "smooth": len(self.value) // 2,
            "moved": int(np.abs(self.value).max(initial=0)),
            "total": int(self.value[0]) if self.op == "total" else 0,
        }
        return own.get(self.op, 0) + max((plane.reach for plane in self.of), default=0)

    def __add__(self, other: Value) -> "Plane":
        return _binary("add", self, other)

    def __sub__(self, other: Value) -> "Plane":
        return _binary("subtract", self, other)

    def __mul__(self, other: Value) -> "Plane":
        return _binary("multiply", self, other)

    def __truediv__(self, other: Value) -> "Plane":
        return _binary("divide", self, other)

    def equals(self, other: Value) -> "Plane":
        """1 where both are equal, else 0."""
        return _binary("equal", self, other)

    def at_least(self, other: Value) -> "Plane":
        return _binary("maximum", self, other)

    def at_most(self, other: Value) -> "Plane":
        return _binary("minimum", self, other)

    def within(self, low: float, high: float) -> "Plane":
        return self.at_least(low).at_most(high)

    def rounded(self, parts: int = 1) -> "Plane":
        """Round to multiples of 1/parts, halves to even."""
        if parts == 1:
            return Plane("round", (self,))
        return Plane("round", (self * float(parts),)) * (1 / parts)

    def root(self) -> "Plane":
        return Plane("root", (self,))

    def moved(self, down: int, right: int) -> "Plane":
        """The plane as seen from that many pixels further; its edge goes on beyond it."""
        return Plane("moved", (self,), np.array([down, right], np.float32))

    def smooth(self, deviation: float) -> "Plane":
        """Smooth by a Gaussian; the plane holds multiples of 1/UNIT up to LARGEST.

        Only valid pixels count.
        """
        return Plane("smooth", (self,), gaussian(deviation))

    def total(self, radius: int) -> "Plane":
        """Add up whole numbers over the valid pixels of a square around each pixel."""
        return Plane("total", (self,), np.array([radius], np.float32))

    def looked_up(self, table: NDArray[np.float32]) -> "Plane":
        """Return the table's entries at these whole numbers."""
        return Plane("take", (self,), np.asarray(table, np.float32))


def band(place: int) -> Plane:
    """A band of the picture as whole numbers 0…255."""
    return Plane("band", (), np.array([place], np.float32))


def constant(value: float) -> Plane:
    return Plane("constant", (), np.array([value], np.float32))


def _binary(op: str, one: Plane, other: Value) -> Plane:
    return Plane(op, (one, other if isinstance(other, Plane) else constant(other)))


@lru_cache(maxsize=64)
def gaussian(deviation: float) -> NDArray[np.float32]:
    """Return the kernel of a Gaussian: multiples of 1/UNIT with the sum 1."""
    deviation = max(deviation, SHARPEST)
    radius = int(REACH * deviation + 0.5)
    half = np.exp(-0.5 * (np.arange(radius + 1) / deviation) ** 2)
    exact = half / (2 * half.sum() - half[0]) * UNIT
    weights = np.floor(exact)
    # What rounding down has left over goes to the pairs that lost most, and to the middle.
    left = int(UNIT - (2 * weights.sum() - weights[0]))
    pairs = 1 + np.argsort(weights[1:] - exact[1:], kind="stable")[: left // 2]
    weights[pairs] += 1
    weights[0] += UNIT - (2 * weights.sum() - weights[0])
    # Rounding may have turned the order of two neighbours around.
    weights[1:] = -np.sort(-weights[1:])
    while weights[0] < weights[1]:
        weights[np.flatnonzero(weights[1:] == weights[1])[-1] + 1] -= 1
        weights[0] += 2
    weights = weights[: np.flatnonzero(weights)[-1] + 1] / UNIT
    return np.concatenate([weights[:0:-1], weights]).astype(np.float32)


def order_of(planes: Sequence[Plane]) -> list[Plane]:
    """Return all the planes that are needed, each after those that it is made from."""
    order: dict[int, Plane] = {}

    def visit(plane: Plane) -> None:
        if id(plane) not in order:
            for part in plane.of:
                visit(part)
            order[id(plane)] = plane

    for plane in planes:
        visit(plane)
    return list(order.values())
