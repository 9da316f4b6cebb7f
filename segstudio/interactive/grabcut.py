"""GrabCut: an object from a box around it, then from strokes.

Rother, Kolmogorov, Blake, "GrabCut: interactive foreground extraction using iterated graph
cuts", 2004. The graph is cut on a reduced picture of the box and a margin; then the border is
drawn at full size by random walkers, with the colours that the cut has learnt.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Region
from segstudio.domain.task import Task
from segstudio.imaging.border import sharpened
from segstudio.imaging.lab import Rgb
from segstudio.imaging.mixtures import Mixture, empty_mixture, probabilities
from segstudio.interactive.patch import Patch

PIXELS = 250 * 250
"""Pixels of the reduced picture that is cut, with its margin."""
MARGIN = 0.1
"""What is looked at around the box, in parts of its longer side."""
FIRST_ROUNDS = 4
LATER_ROUNDS = 2
LEFT = 0.1
"""Share of what was perhaps the object that a stroke must leave of it."""
FEWEST = 2 * 5
"""Pixels of either kind without which no colours can be learnt."""

BACKGROUND, FOREGROUND, PERHAPS_BACKGROUND, PERHAPS_FOREGROUND = range(4)  # cv2.GC_…

Guess = NDArray[np.uint8]
"""What each pixel of the reduced picture is: one of the four numbers above."""


@dataclass(frozen=True, eq=False)
class _Cut:
    """What has been found on a reduced picture."""

    guess: Guess
    background: Mixture
    foreground: Mixture

    @property
    def inside(self) -> Region:
        return np.asarray(self.guess & 1, np.uint8).view(np.bool_)


class GrabCut:
    """Finds one object in a picture (height × width × 3, 8 bits). The same input, the same answer.

    `begin` with a box, then `refine` with all strokes so far, as often as there are new ones;
    each answer depends on the box and these strokes only.
    """

    def __init__(self, rgb: Rgb) -> None:
        self._rgb = rgb
        self._image = Box(0, 0, rgb.shape[0], rgb.shape[1])
        self._box = Box(0, 0, 0, 0)
        self._first: tuple[Box, _Cut | None] | None = None
        self._found = Patch.empty()

    @property
    def region(self) -> Region:
        """Which pixels of the picture are the object's."""
        return self._found.over(self._image)

    @property
    def patch(self) -> Patch:
        """The same, in the box that was looked at."""
        return self._found

    def begin(self, box: Box, task: Task) -> None:
        """Find the object that lies inside a box. Outside the picture there is none."""
        self._box = box.clipped(self._image)
        self._first = None
        self._found = Patch.empty()
        if self._box:
            empty = np.broadcast_to(np.False_, self._image.shape)
            self.refine(empty, empty, task)

    def refine(self, foreground: Region, background: Region, task: Task) -> None:
        """Find the object again, given all strokes so far, each as large as the picture.

        Where both lie the foreground's counts. Strokes outside the box widen what is looked
        at; without a box the foreground's strokes are inside one that spans them.
        """
        strokes = Patch(self._image, foreground).tight().box
        inner = self._box.joined(strokes) if self._box and strokes else self._box or strokes
        if not inner:
            self._found = Patch.empty()
            return
        margin = max(8, round(MARGIN * max(inner.shape)))
        crop = inner.grown(margin).clipped(self._image)
        small = _Reduced.of(self._rgb, crop)
        if self._first is None or self._first[0] != crop:
            self._first = crop, small.cut(small.boxed(inner), FIRST_ROUNDS, task)
        marks = foreground[crop.slices], background[crop.slices]
        cut = small.stroked(self._first[1], inner, marks, task)
        region = small.whole(cut, inner, marks, task)
        self._found = Patch(crop, region)


def _like(found: Guess, before: Guess) -> bool:
    """Tell whether a cut has left some of what was perhaps the object before.

    One small stroke can turn the colours learnt so far over; then all of the object would go.
    """
    perhaps = before == PERHAPS_FOREGROUND
    left = np.count_nonzero(found[perhaps] & 1)
    return bool(left >= LEFT * np.count_nonzero(perhaps))


@dataclass(frozen=True, eq=False)
class _Reduced:
    """A part of a picture, at full size and reduced."""

    rgb: Rgb
    small: Rgb
    crop: Box

    @classmethod
    def of(cls, rgb: Rgb, crop: Box) -> "_Reduced":
        import cv2

        part = np.ascontiguousarray(rgb[crop.slices])
        scale = min(1.0, math.sqrt(PIXELS / crop.area))
        shape = (max(1, round(crop.height * scale)), max(1, round(crop.width * scale)))
        if shape == crop.shape:
            return cls(part, part, crop)
        return cls(part, cv2.resize(part, shape[::-1], interpolation=cv2.INTER_AREA), crop)

    @property
    def shape(self) -> tuple[int, int]:
        return self.small.shape[0], self.small.shape[1]

    def noise(self) -> float:
        """Return the variance of a band that reducing has taken out, away from edges."""
        import cv2

        size = self.rgb.shape[1], self.rgb.shape[0]
        rough = cv2.absdiff(self.rgb, cv2.resize(self.small, size, interpolation=cv2.INTER_LINEAR))
        # The median of a normal variable's size is 0.6745 of its standard deviation.
        return float((np.median(rough[::4, ::4]) / 0.6745) ** 2)

    def marked(self, region: Region) -> Region:
        """Return which pixels of the reduced picture have some of a region, however thin."""
        import cv2

        share = cv2.resize(region.astype(np.float32), self.shape[::-1],
                           interpolation=cv2.INTER_AREA)  # fmt: skip
        return np.asarray(share > 0)

    def boxed(self, inner: Box) -> Guess:
        """Return the guess that a box gives: background outside, perhaps the object inside.

        A box around all of the picture leaves the rim as what may be background.
        """
        inside = np.zeros(self.crop.shape, bool)
        inside[inner.within(self.crop)] = True
        guess = np.where(self.marked(inside), PERHAPS_FOREGROUND, BACKGROUND).astype(np.uint8)
        if inner == self.crop:
            guess[[0, -1]] = guess[:, [0, -1]] = PERHAPS_BACKGROUND
        return guess

    def stroked(
        self, first: _Cut | None, inner: Box, marks: tuple[Region, Region], task: Task
    ) -> _Cut | None:
        """Return the cut with strokes of foreground and background."""
        if not any(mark.any() for mark in marks):
            return first
        guess = (self.boxed(inner) if first is None else first.guess).copy()
        guess[self.marked(marks[1])] = BACKGROUND
        guess[self.marked(marks[0])] = FOREGROUND
        found = self.cut(guess, LATER_ROUNDS, task)
        if first is None or found is None or _like(found.guess, guess):
            return found
        return replace(first, guess=guess)

    def cut(self, guess: Guess, rounds: int, task: Task) -> _Cut | None:
        """Return what repeated cuts make of a guess; None where there is nothing to learn."""
        import cv2

        inside = int(np.count_nonzero(guess & 1))
        if min(inside, guess.size - inside) < FEWEST or not (guess >= PERHAPS_BACKGROUND).any():
            return None
        found = _Cut(guess.copy(), empty_mixture(), empty_mixture())
        for done in range(rounds):
            task.report(done, rounds, "Cutting")
            cv2.setRNGSeed(0)
            mode = cv2.GC_EVAL if done else cv2.GC_INIT_WITH_MASK
            before = found.guess.copy()
            cv2.grabCut(self.small, found.guess, None, found.background, found.foreground, 1, mode)
            if (found.guess == before).all() or not found.inside.any():
                break
        return found

    def whole(
        self, cut: _Cut | None, inner: Box, marks: tuple[Region, Region], task: Task
    ) -> Region:
        """Return the object at full size. Where no cut tells it, it is all of the box."""
        import cv2

        foreground, background = marks
        fixed = foreground | background
        inside = np.zeros(self.crop.shape, bool)
        if cut is None or not cut.inside.any():
            inside[inner.within(self.crop)] = True
            return np.asarray((inside & ~background) | foreground)
        share = cv2.resize(cut.inside.astype(np.float32), self.crop.shape[::-1],
                           interpolation=cv2.INTER_LINEAR)  # fmt: skip
        labels = ((share > 0.5) & ~background | foreground).astype(np.int8)
        scale = max(self.crop.height / self.shape[0], self.crop.width / self.shape[1])
        if scale > 1:
            radius = math.ceil(scale) + 1

            noise = self.noise()

            def speaking(rgb: Rgb) -> NDArray[np.float32]:
                return probabilities(rgb, cut.background, cut.foreground, noise)

            labels, _, _ = sharpened(self.rgb, labels, radius, fixed, task, speaking)
        return np.asarray(labels == 1)
