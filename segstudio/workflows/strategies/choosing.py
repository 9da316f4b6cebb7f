"""Choosing among regions: numbers in, places out. Nothing here knows pictures or projects.

Scores that are no number (NaN, infinite) are never chosen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating]
Places = NDArray[np.intp]

LEAST = 1e-60
"""Stands for a score of 0 where its logarithm is taken; less than any product of two figures."""

OVERLAP = 0.25
"""A region of which more than this share lies in a chosen one is passed over."""


def by_score(scores: Numbers) -> Places:
    """Return the places by score, highest first; equal ones keep their order."""
    order = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    return np.asarray(order[np.isfinite(scores)[order]], np.intp)


def sharpness(round: int, rounds: int, last: float) -> float:
    """Return β of a round: it grows from 1 in the first by the same factor each to ``last``."""
    return float(last ** min(1.0, max(0, round - 1) / max(1, rounds - 1)))


def noisy(scores: Numbers, beta: float, random: np.random.Generator) -> NDArray[np.float64]:
    """Return log(score) + Gumbel noise of scale 1/β: ordering by it draws without replacement.

    A region's chance to be first is its score to the power of β, over the sum of all. (Power
    acquisition, Kirsch et al. 2021; ClaSP PE, arXiv 2601.13677.)
    """
    values = np.asarray(scores, np.float64)
    made = np.log(np.maximum(values, LEAST)) + random.gumbel(size=len(values)) / beta
    return np.where(np.isfinite(values), made, -np.inf)


def rarest_first(pixels: Sequence[int]) -> list[int]:
    """Return the places of classes by their labelled pixels, those with the fewest first."""
    return sorted(range(len(pixels)), key=lambda place: pixels[place])


@dataclass
class Batch:
    """The regions that are chosen, in order, and which others these still allow.

    ``owner`` is the picture of each region, ``boxes`` its place there (n × 4), ``most`` how many
    regions one picture may give; 0: any number.
    """

    owner: NDArray[np.int64]
    boxes: NDArray[np.int32]
    most: int = 0
    chosen: list[int] = field(default_factory=list)
    _given: dict[int, list[int]] = field(default_factory=dict, init=False)

    def allows(self, place: int) -> bool:
        """Tell whether a region may still be chosen."""
        given = self._given.get(int(self.owner[place]), [])
        if self.most and len(given) >= self.most:
            return False
        return not any(_overlap(self.boxes[place], self.boxes[other]) for other in given)

    def take(self, place: int) -> bool:
        """Choose a region if it is allowed; tell whether it was."""
        if not self.allows(place):
            return False
        self.chosen.append(place)
        self._given.setdefault(int(self.owner[place]), []).append(place)
        return True

    def fill(self, order: Iterable[int], count: int) -> list[int]:
        """Choose the first ``count`` of an order that are allowed; return them."""
        taken: list[int] = []
        for place in order:
            if len(taken) >= count:
                break
            if self.take(int(place)):
                taken.append(int(place))
        return taken


def _overlap(box: NDArray[np.int32], other: NDArray[np.int32]) -> bool:
    """Tell whether two boxes share too much of the smaller one; equal ones always do."""
    top, left = np.maximum(box[:2], other[:2])
    bottom, right = np.minimum(box[2:], other[2:])
    if bottom <= top or right <= left:
        return False
    areas = [int(b[2] - b[0]) * int(b[3] - b[1]) for b in (box, other)]
    return bool(int(bottom - top) * int(right - left) > OVERLAP * min(areas))


def in_turn(batch: Batch, orders: Sequence[Places], count: int) -> list[tuple[int, int]]:
    """Let each order choose its first allowed region in turn; return (place, order) pairs.

    With the orders of classes, those with the fewest labels first, a batch is spread over them.
    """
    left = [iter(order) for order in orders]
    taken: list[tuple[int, int]] = []
    alive = list(range(len(orders)))
    while alive and len(taken) < count:
        for number in list(alive):
            if len(taken) >= count:
                break
            place = next((int(p) for p in left[number] if batch.take(int(p))), None)
            if place is None:
                alive.remove(number)
            else:
                taken.append((place, number))
    return taken


def drawn(weights: Numbers, random: np.random.Generator) -> Places:
    """Return all places with a weight above 0 in an order drawn by lot, likelier ones sooner."""
    values = np.nan_to_num(np.asarray(weights, np.float64), nan=0, posinf=0, neginf=0)
    keys = np.full(len(values), -np.inf)
    some = values > 0
    keys[some] = np.log(values[some]) + random.gumbel(size=int(some.sum()))
    return by_score(keys)


def one_class_each(
    batch: Batch, areas: Numbers, count: int, random: np.random.Generator
) -> list[tuple[int, int]]:
    """Draw a class uniformly, then a region by how much of that class lies in it; again.

    ``areas`` is regions × classes. Returns (place, class) pairs.
    """
    orders = [iter(drawn(areas[:, c], random)) for c in range(areas.shape[1])]
    alive = [c for c in range(areas.shape[1]) if np.nansum(areas[:, c]) > 0]
    taken: list[tuple[int, int]] = []
    while alive and len(taken) < count:
        label = int(alive[int(random.integers(len(alive)))])
        place = next((int(p) for p in orders[label] if batch.take(int(p))), None)
        if place is None:
            alive.remove(label)
        else:
            taken.append((place, label))
    return taken


def woven(*lists: Sequence[int]) -> list[int]:
    """Return the members of several lists as one, each list spread evenly over it."""
    marked = [
        ((number + 0.5) / len(members), turn, place)
        for turn, members in enumerate(lists)
        for number, place in enumerate(members)
    ]
    return [place for _, _, place in sorted(marked, key=lambda each: each[:2])]


@dataclass(frozen=True)
class Mix:
    """How a batch of the recommended recipe is put together; places of the regions.

    ``spread`` are (place, class) pairs: regions for the sake of a class.
    """

    lot: list[int]
    spread: list[tuple[int, int]]
    unsure: list[int]

    @property
    def order(self) -> list[int]:
        """All of them, in the order in which to label them."""
        return woven([place for place, _ in self.spread], self.unsure, self.lot)


@dataclass(frozen=True)
class Recipe:
    """The shares and noise of the recommended choice; each part can be switched off."""

    lot: float = 0.15
    """Share of a batch that is drawn by lot."""
    classes: float = 0.67
    """Share of the rest that is spread over the predicted classes."""
    beta: float = 1.0
    """See `noisy`; infinite: no noise."""
    most: int = 2
    """Regions that a picture gives at most."""


def mixed(
    owner: NDArray[np.int64],
    boxes: NDArray[np.int32],
    doubt: Numbers,
    entropy: Numbers,
    labelled: Sequence[int],
    count: int,
    recipe: Recipe,
    random: np.random.Generator,
) -> Mix:
    """Choose a batch: some by lot, most spread over classes, the rest where a model is unsure.

    ``doubt`` is regions × classes, ``entropy`` a number a region, ``labelled`` the labelled
    pixels of each class. Where pictures would give more regions than ``recipe.most``, that bound
    holds as long as there are others.
    """
    batch = Batch(owner, boxes, recipe.most)
    count = min(count, len(owner))
    by_lot = batch.fill(random.permutation(np.flatnonzero(np.isfinite(entropy))),
                        round(recipe.lot * count))  # fmt: skip
    wanted = round(recipe.classes * (count - len(by_lot)))
    orders = [by_score(noisy(doubt[:, c], recipe.beta, random)) for c in rarest_first(labelled)]
    pairs = in_turn(batch, orders, wanted)
    names = rarest_first(labelled)
    spread = [(place, names[number]) for place, number in pairs]
    unsure_first = by_score(noisy(entropy, recipe.beta, random))
    unsure = batch.fill(unsure_first, count - len(by_lot) - len(spread))
    batch.most = 0
    unsure += batch.fill(unsure_first, count - len(batch.chosen))
    return Mix(by_lot, spread, unsure)
