"""The tools in a simulated person's hand; each does the same as the tool of the window.

A hand is made for one object. ``act`` is one interaction: a click, a stroke, a box or a point.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from users_person import Case, Error, stroke_along

from segstudio.domain.stroke import Point, Region
from segstudio.domain.task import Quiet
from segstudio.interactive.clicks import Click, clicked
from segstudio.interactive.correction import corrected
from segstudio.interactive.flood import fill_colour
from segstudio.interactive.grabcut import GrabCut
from segstudio.interactive.livewire import LiveWire, Seed, closed
from segstudio.interactive.patch import Patch
from segstudio.interactive.shapes import polygon
from segstudio.interactive.superpixels import Superpixels

SIZE, SMALLEST, COMPACTNESS = 24, 6, 10.0
"""Of superpixels: as the brush begins with, and the finest there are."""
FINER = 4
"""A person makes superpixels finer until so many lie across the object."""
TOLERANCE = 12.0
"""Of the wand, ΔE, as it begins with."""
LOOSE = 2
"""Pixels between an object and the box around it."""


class Hand(Protocol):
    """A tool that works on one object."""

    def start(self) -> Region:
        """Return what is there before the first interaction."""

    def act(self, found: Region, errors: Sequence[Error]) -> Region:
        """Return what is there after one more, given the errors, the largest first."""


@dataclass
class _Empty:
    case: Case

    def start(self) -> Region:
        return np.zeros(self.case.box.shape, bool)


@dataclass
class _Previewed(_Empty):
    """A tool that adds an area or takes it away, and shows it before it does.

    Where it would be worse than before, the person goes on to the next error.
    """

    def area(self, error: Error) -> Region:
        """Return what is shown where an error is pointed at."""
        raise NotImplementedError

    def act(self, found: Region, errors: Sequence[Error]) -> Region:
        for error in errors:
            part = self.area(error)
            after = np.asarray(found | part if error.missing else found & ~part)
            if self.case.iou(after) > self.case.iou(found):
                return after
        return found


@dataclass
class GrabCutHand(_Empty):
    """A box around the object, then strokes, each time with all of them."""

    cut: GrabCut | None = None
    strokes: dict[bool, Region] = field(default_factory=dict)

    def act(self, found: Region, errors: Sequence[Error]) -> Region:
        if self.cut is None:
            self.cut = GrabCut(self.case.rgb)
            self.strokes = {kind: np.zeros(self.case.box.shape, bool) for kind in (True, False)}
            whole = Patch(self.case.box, self.case.reference).tight().box
            self.cut.begin(whole.grown(LOOSE).clipped(self.case.box), Quiet())
            return self.cut.region
        error = errors[0]
        mark = stroke_along(error)
        self.strokes[error.missing] |= mark
        self.strokes[not error.missing] &= ~mark
        self.cut.refine(self.strokes[True], self.strokes[False], Quiet())
        return self.cut.region


@dataclass
class SuperpixelHand(_Previewed):
    """A stroke paints, or erases, all superpixels that it touches."""

    pieces: Superpixels | None = None

    def area(self, error: Error) -> Region:
        if self.pieces is None:
            across = float(np.sqrt(self.case.reference.sum()))
            size = max(SMALLEST, min(SIZE, round(across / FINER)))
            self.pieces = Superpixels.of(self.case.rgb, size, COMPACTNESS, Quiet())
        touched = self.pieces.touched(Patch(self.case.box, stroke_along(error, 1)))
        return self.pieces.united(touched).over(self.case.box)


@dataclass
class WandHand(_Previewed):
    """A click adds, or subtracts, the connected area of similar colour."""

    def area(self, error: Error) -> Region:
        return fill_colour(self.case.rgb, error.middle, TOLERANCE)


@dataclass
class ScissorsHand(_Empty):
    """Points on the outline of the object's largest part, with a live wire between them.

    The first three cut the outline in thirds; each further one is put where the outline is
    farthest from the wire. It counts as the way of a person who knows where the wire would stray.
    """

    wire: LiveWire | None = None
    outline: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    places: list[int] = field(default_factory=list)
    seeds: dict[int, Seed] = field(default_factory=dict)

    def act(self, found: Region, errors: Sequence[Error]) -> Region:
        if self.wire is None:
            self.wire, self.outline = LiveWire(self.case.rgb), outline_of(self.case.reference)
        self.places = sorted({*self.places, self._next()})
        if len(self.places) < 3:
            return self.start()
        return polygon(closed(self._paths()), self.case.box).over(self.case.box)

    def _next(self) -> int:
        from scipy.spatial import cKDTree

        if len(self.places) < 3:
            return len(self.places) * len(self.outline) // 3
        apart, _ = cKDTree(np.array(closed(self._paths()))).query(self.outline)
        apart[self.places] = -1
        return int(apart.argmax())

    def _paths(self) -> list[list[Point]]:
        after = [*self.places[1:], self.places[0]]
        return [self._seed(a).path(self._point(b)) for a, b in zip(self.places, after, strict=True)]

    def _seed(self, place: int) -> Seed:
        assert self.wire is not None
        if place not in self.seeds:
            self.seeds[place] = self.wire.seed(self._point(place), Quiet())
        return self.seeds[place]

    def _point(self, place: int) -> Point:
        x, y = self.outline[place]
        return float(x), float(y)


@dataclass
class ClickHand(_Empty):
    """Clicks on the object and beside it, where no model is installed."""

    clicks: list[Click] = field(default_factory=list)

    def act(self, found: Region, errors: Sequence[Error]) -> Region:
        self.clicks.append((*errors[0].middle, errors[0].missing))
        return clicked(self.case.rgb, self.clicks, None, Quiet())


@dataclass
class NetworkHand(_Empty):
    """A stroke with the right class where a model's answer is wrong; it thinks again there."""

    ids: NDArray[np.uint8] | None = None

    def start(self) -> Region:
        assert self.case.probabilities is not None
        self.ids = self.case.probabilities.argmax(0).astype(np.uint8)
        return np.asarray(self.ids == self.case.value)

    def act(self, found: Region, errors: Sequence[Error]) -> Region:
        case, ids = self.case, self.ids
        assert ids is not None
        assert case.classes is not None
        assert case.probabilities is not None
        error = errors[0]
        stroke = stroke_along(error)
        value = case.value
        if not error.missing:
            under = np.bincount(case.classes[stroke], minlength=len(case.probabilities))
            under[case.value] = 0
            value = int(under[: len(case.probabilities)].argmax())
        box, part = corrected(case.probabilities, case.rgb, ids, stroke, value, Quiet())
        ids[box.slices] = part
        return np.asarray(ids == case.value)


HANDS: dict[str, Callable[[Case], Hand]] = {
    "GrabCut": GrabCutHand,
    "superpixels": SuperpixelHand,
    "scissors": ScissorsHand,
    "wand": WandHand,
    "click prompt": ClickHand,
    "network-assisted": NetworkHand,
}


def outline_of(region: Region) -> NDArray[np.float64]:
    """Return the outline of the largest part of a region: x, y of its corners, n × 2.

    Along the cracks between pixels, so that the polygon through all of it is the region.
    """
    import cv2

    doubled = np.kron(np.pad(region, 1).astype(np.uint8), np.ones((2, 2), np.uint8))
    found, _ = cv2.findContours(doubled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(found, key=cv2.contourArea).reshape(-1, 2)
    height, width = region.shape
    points = (largest + 0.5) / 2 - 1
    return np.asarray(np.clip(points, 0.25, [width - 0.25, height - 0.25]), np.float64)
