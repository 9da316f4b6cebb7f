"""Neighbouring regions joined one after another, the most alike first."""

import heapq

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.imaging.adjacency import Borders, Unions

OFTEN = 128
"""Merges between two reports."""

Floats = NDArray[np.float64]


def merged(
    colours: Floats, areas: Floats, borders: Borders, regions: int, task: Task
) -> NDArray[np.int32]:
    """Join regions until ``regions`` are left; return the new number of each.

    ``colours`` (regions × bands) are their means. Each time those two are joined that cost
    least: the square error this adds, per pixel of the border that disappears.

    Source: D. Robinson, N. Redding and D. Crisp, Implementation of a fast algorithm for
    segmenting SAR imagery (the full lambda schedule of Mumford and Shah's model), 2002.
    """
    graph = _Graph(colours, areas, borders)
    total = max(len(areas) - regions, 0)
    for done in range(total):
        if done % OFTEN == 0:
            task.report(done, total, "Joining regions")
        if not graph.join_cheapest():
            break  # what is left does not touch
    return graph.unions.numbers()


class _Graph:
    """Regions, their neighbours and what joining them would cost."""

    def __init__(self, colours: Floats, areas: Floats, borders: Borders) -> None:
        self.unions = Unions(len(areas))
        self._colours = [tuple(colour) for colour in colours.tolist()]
        self._areas: list[float] = areas.tolist()
        self._beside: list[dict[int, int]] = [{} for _ in areas]
        for (one, other), length in zip(borders.pairs.tolist(), borders.lengths, strict=True):
            self._beside[one][other] = self._beside[other][one] = int(length)
        self._changes = [0] * len(areas)
        """How often each has grown, −1 once it is part of another: costs from before are void."""
        self._costs = [
            self._entry(one, other)
            for one, others in enumerate(self._beside)
            for other in others
            if one < other
        ]
        heapq.heapify(self._costs)

    def _entry(self, one: int, other: int) -> tuple[float, int, int, int, int]:
        first, second = self._areas[one], self._areas[other]
        pairs = zip(self._colours[one], self._colours[other], strict=True)
        apart = sum((a - b) ** 2 for a, b in pairs)
        cost = first * second / max(first + second, 1.0) * apart / self._beside[one][other]
        return cost, one, other, self._changes[one], self._changes[other]

    def join_cheapest(self) -> bool:
        """Join two regions; return False where none touch any more."""
        while self._costs:
            _, one, other, changes, others = heapq.heappop(self._costs)
            if changes == self._changes[one] and others == self._changes[other]:
                self._join(one, other)
                return True
        return False

    def _join(self, one: int, other: int) -> None:
        if len(self._beside[one]) < len(self._beside[other]):
            one, other = other, one
        first, second = self._areas[one], self._areas[other]
        total = max(first + second, 1.0)
        pairs = zip(self._colours[one], self._colours[other], strict=True)
        self._colours[one] = tuple((a * first + b * second) / total for a, b in pairs)
        self._areas[one] = first + second
        self._changes[one] += 1
        self._changes[other] = -1
        self.unions.unite(one, other)
        mine = self._beside[one]
        for near, length in self._beside[other].items():
            del self._beside[near][other]
            if near != one:
                mine[near] = self._beside[near][one] = mine.get(near, 0) + length
        self._beside[other] = {}
        for near in mine:
            heapq.heappush(self._costs, self._entry(one, near))
