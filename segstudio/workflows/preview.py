"""What a segmenter would say of a picture, fast enough to follow a slider or a brush."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids, Key, LayerBuilder, Packed
from segstudio.domain.tiling import Tile
from segstudio.methods.histogram import Histogram
from segstudio.methods.live import Live
from segstudio.methods.pixels import Classified, PixelClassifier
from segstudio.methods.run import segment
from segstudio.methods.samples import Samples, Strokes
from segstudio.methods.segmenter import Segmenter
from segstudio.methods.thresholding import thresholds_of
from segstudio.store.pictures import Picture
from segstudio.workflows.companions import Companions
from segstudio.workflows.items import OpenItem

PIXELS = 1_500_000
"""Pixels of a preview, at most: about what a screen shows."""

IN_SIGHT = 2_500_000
"""The same of what is in sight, where that is looked at more closely."""

PATIENCE = 0.05
"""Seconds between two looks at whether an earlier preview, cancelled but busy, is done."""


@dataclass(frozen=True)
class Sight:
    """What a person sees of a picture: every ``stride``-th pixel of a box."""

    box: Box
    stride: int = 1

    def within(self, image: Box) -> "Sight":
        """Return it on a grid that does not move with every pixel, and not too large."""
        stride = self.stride
        while self.box.area > IN_SIGHT * stride * stride:
            stride *= 2
        step = 32 * stride
        box = self.box
        whole = Box(
            box.top // step * step, box.left // step * step,
            -(-box.bottom // step) * step, -(-box.right // step) * step,
        )  # fmt: skip
        return Sight(whole.clipped(image), stride)

    def shows(self, other: "Sight") -> bool:
        """Tell whether all of another is in this one, as sharp."""
        return self.stride <= other.stride and other.box.clipped(self.box) == other.box


@dataclass(frozen=True)
class Regions:
    """Region numbers over ``box`` of the picture, reduced in size, and what was learned.

    ``doubt`` is the entropy × 255 of each pixel where the method can tell; ``rest`` says that
    it lies around what is in sight, less sharp.
    """

    box: Box
    ids: Ids
    count: int
    thresholds: tuple[float, ...]
    state: Any
    doubt: NDArray[np.uint8] | None = None
    importance: tuple[tuple[str, float], ...] = ()
    rest: bool = False


@dataclass(frozen=True, eq=False)
class Lesson:
    """A segmenter, and what it is to learn from.

    ``strokes`` are those on the open picture, for a segmenter that wants some; ``others`` the
    pictures that it learns from besides.
    """

    segmenter: Segmenter
    strokes: Strokes | None = None
    others: Companions | None = None

    def same(self, other: "Lesson | None") -> bool:
        return (
            other is not None
            and other.segmenter == self.segmenter
            and other.strokes is self.strokes
            and other.others is self.others
        )


@dataclass
class _Learned:
    lesson: Lesson | None = None
    state: Any = None


class Previewer:
    """Previews of one picture; what is learned from all its pixels is learned once."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._opened = OpenItem(picture)
        self.samples = Samples([self._opened])
        self._reduced: Tile | None = None
        self._live = Live(self._opened)
        self._last = _Learned()
        self._busy = threading.Lock()

    @property
    def box(self) -> Box:
        """All of the picture."""
        return self._picture.info.box

    def histogram(self, task: Task, channel: str = "grey") -> Histogram:
        """Return the histogram of a channel."""
        return self.samples.histogram(task, channel)

    def regions(self, segmenter: Segmenter, task: Task) -> Regions:
        """Fit to the whole picture, apply to a reduced one."""
        return self.shown(segmenter, segmenter.fit(self.samples, task), task)

    def shown(self, segmenter: Segmenter, state: Any, task: Task) -> Regions:
        """Return what a state says of the reduced picture."""
        tile = self._tile()
        return _regions(
            segmenter.regions(state), state, tile.box, segmenter.apply(tile, state, task)
        )

    # -- with strokes, or other pictures -------------------------------------------------

    def learned(self, lesson: Lesson, task: Task) -> Any:
        """Return what a segmenter learns; a second time at once."""
        with self._alone(task):
            return self._learn(lesson, task)

    def pieces(self, lesson: Lesson, sight: Sight, task: Task) -> Iterator[Regions]:
        """Learn, then yield what is in sight, ever sharper, and at last the rest."""
        with self._alone(task):
            state = self._learn(lesson, task)
            if isinstance(lesson.segmenter, PixelClassifier):
                yield from self._live_pieces(lesson.segmenter, state, sight, task)
            else:
                yield self.shown(lesson.segmenter, state, task)
                if lesson.segmenter.seeds == "picture" and sight.stride < self._stride:
                    yield self._close_up(lesson.segmenter, state, sight, task)

    def _learn(self, lesson: Lesson, task: Task) -> Any:
        if not lesson.same(self._last.lesson):
            self._last = _Learned()
            segmenter, samples = lesson.segmenter, self._samples_for(lesson, task)
            if isinstance(segmenter, PixelClassifier):
                state = self._live.learn(segmenter, samples, task)
            else:
                self._live = Live(self._opened)  # lets go of the features of another method
                state = segmenter.fit(samples, task)
            self._last = _Learned(lesson, state)
        return self._last.state

    def _samples_for(self, lesson: Lesson, task: Task) -> Samples:
        if lesson.others is not None:
            return lesson.others.samples(self._opened, lesson.strokes, task)
        if lesson.strokes is not None:
            return Samples([self._opened], strokes=[lesson.strokes])
        return self.samples

    def _live_pieces(
        self, segmenter: PixelClassifier, state: Classified, sight: Sight, task: Task
    ) -> Iterator[Regions]:
        whole = self.box
        near = sight.within(whole)
        self._live.begin_round()
        first = Sight(sight.box.clipped(whole), 2 * near.stride)  # soon, so no more than is seen
        for part in (first, near):
            yield self._labelled(segmenter, state, part, task)
        if near.box != whole:
            far = max(self._stride, near.stride)
            yield self._labelled(segmenter, state, Sight(whole, far), task, rest=True)

    def _labelled(
        self,
        segmenter: PixelClassifier,
        state: Classified,
        sight: Sight,
        task: Task,
        rest: bool = False,
    ) -> Regions:
        found = self._live.label(segmenter, state, sight.box, sight.stride, task)
        return _regions(segmenter.regions(state), state, found.box, found.ids, found.doubt, rest)

    def _close_up(self, segmenter: Segmenter, state: Any, sight: Sight, task: Task) -> Regions:
        near = sight.within(self.box)
        tile = self._picture.read(near.box, near.stride)
        return _regions(
            segmenter.regions(state), state, near.box, segmenter.apply(tile, state, task)
        )

    @contextmanager
    def _alone(self, task: Task) -> Iterator[None]:
        """Wait for a preview that was cancelled and cannot stop yet: both use what is cached."""
        while not self._busy.acquire(timeout=PATIENCE):
            task.report(0, 1, "Preview")
        try:
            yield
        finally:
            self._busy.release()

    # -- the picture ---------------------------------------------------------------------

    @property
    def _stride(self) -> int:
        info = self._picture.info
        stride = 1
        while info.height * info.width > PIXELS * stride * stride:
            stride *= 2
        return stride

    def _tile(self) -> Tile:
        if self._reduced is None:
            box = self.box
            found = self._picture.read(box, self._stride)
            self._reduced = Tile(found.pixels, box, found.valid)
        return self._reduced


def _regions(
    count: int, state: Any, box: Box, ids: Ids,
    doubt: NDArray[np.uint8] | None = None, rest: bool = False,
) -> Regions:  # fmt: skip
    return Regions(
        box, ids, count, thresholds_of(state), state, doubt,
        tuple(getattr(state, "importance", ())), rest,
    )  # fmt: skip


def proposal_tiles(
    segmenter: Segmenter, state: Any, picture: Picture, mapping: Mapping[int, int], task: Task
) -> dict[Key, Packed]:
    """Segment the whole picture; return the tiles of its proposal.

    ``mapping`` gives regions their classes; a region without one stays unlabelled.
    """
    table = np.full(256, UNLABELLED, np.uint8)
    for region, id in mapping.items():
        table[region] = id
    table[UNLABELLED] = UNLABELLED
    opened = OpenItem(picture)
    builder = LayerBuilder(opened.height, opened.width)
    for box, ids in segment(segmenter, state, opened, task):
        builder.write(box, table[ids])
    return builder.finish()
