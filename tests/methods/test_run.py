import itertools
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Cancelled, Quiet, Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.methods.builtin.otsu import Otsu
from segstudio.methods.run import segment
from segstudio.methods.samples import QUIET, ArrayPicture, Samples


@dataclass(frozen=True)
class Brightest:
    """Labels a pixel by the highest value within its halo: looks exactly as far as it says."""

    title: ClassVar[str] = "Brightest"
    family: ClassVar[str] = "Thresholds"
    seeds: ClassVar[str] = "none"
    whole: ClassVar[bool] = False
    halo: ClassVar[int] = 3

    def fit(self, samples: Samples, task: Task) -> None:
        return None

    def apply(self, tile: Tile, state: Any, task: Task = QUIET) -> Ids:
        reach = self.halo
        padded = np.pad(tile.pixels[..., 0], reach)
        around = np.lib.stride_tricks.sliding_window_view(padded, (2 * reach + 1,) * 2)
        return np.asarray(around.max((2, 3)))

    def regions(self, state: Any) -> int:
        return 254


class Whole(Brightest):
    whole: ClassVar[bool] = True
    halo: ClassVar[int] = 0

    def apply(self, tile: Tile, state: Any, task: Task = QUIET) -> Ids:
        return np.full(tile.box.shape, tile.pixels.max(), np.uint8)


def put_together(segmenter: Any, picture: ArrayPicture, size: int) -> Ids:
    state = segmenter.fit(Samples([picture]), Quiet())
    out = np.full((picture.height, picture.width), UNLABELLED, np.uint8)
    visits = np.zeros(out.shape, int)
    for box, ids in segment(segmenter, state, picture, Quiet(), size):
        assert ids.shape == box.shape
        out[box.slices] = ids
        visits[box.slices] += 1
    assert visits.max() <= 1
    return out


@given(st.integers(1, 70), st.integers(1, 70), st.integers(1, 40), st.integers(0, 9))
@settings(deadline=None, max_examples=60)
def test_any_window_size_gives_the_same(height: int, width: int, size: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 254, (height, width, 1), np.uint8)
    picture = ArrayPicture(pixels)
    for segmenter in (Brightest(), Otsu()):
        one = put_together(segmenter, picture, 1000)
        assert (put_together(segmenter, picture, size) == one).all()


def test_a_segmenter_that_wants_the_whole_picture_gets_it() -> None:
    pixels = np.random.default_rng(0).integers(0, 254, (90, 70, 1), np.uint8)
    assert (put_together(Whole(), ArrayPicture(pixels), 16) == pixels.max()).all()


def test_windows_without_a_valid_pixel_are_passed_over() -> None:
    valid = np.zeros((60, 60), bool)
    valid[:20, :20] = True
    picture = ArrayPicture(np.ones((60, 60, 1), np.uint8), valid)
    boxes = [box for box, _ in segment(Brightest(), None, picture, Quiet(), 20)]
    assert boxes
    assert all(box.top < 23 and box.left < 23 for box in boxes)


def test_cancel_is_heard_between_windows() -> None:
    class After3:
        def report(self, done: int, total: int, text: str) -> None:
            assert text == "Segmenting by Brightest"
            if done == 3:
                raise Cancelled

    picture = ArrayPicture(np.ones((100, 100, 1), np.uint8))
    work = segment(Brightest(), None, picture, After3(), 10)
    assert [box.left for box, _ in itertools.islice(work, 3)] == [0, 10, 20]
    with pytest.raises(Cancelled):
        next(work)
