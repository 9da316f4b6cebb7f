"""Learning and labelling again after every stroke."""

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import LayerBuilder, SparseLayer
from segstudio.domain.tiling import Tile
from segstudio.methods.builtin.pixel_forest import PixelForest
from segstudio.methods.live import Live
from segstudio.methods.samples import ArrayPicture, Samples

QUIET = Quiet()
FOREST = PixelForest(scales=(1.0, 3.0), trees=8)


class Watched(ArrayPicture):
    """A picture that remembers what was read of it."""

    def __init__(self, pixels, valid=None):
        super().__init__(pixels, valid)
        object.__setattr__(self, "read_boxes", [])

    def read(self, box, stride=1):
        self.read_boxes.append((box, stride))
        return super().read(box, stride)


def field(height=330, width=420):
    random = np.random.default_rng(3)
    plane = np.where(np.arange(width) < width // 2, 60, 150)[None, :, None]
    return np.clip(plane + random.normal(0, 15, (height, width, 3)), 0, 255).astype(np.uint8)


def painted(height, width, *boxes):
    ids = np.full((height, width), UNLABELLED, np.uint8)
    for id, box in boxes:
        ids[box.slices] = id
    builder = LayerBuilder(height, width)
    builder.write(Box(0, 0, height, width), ids)
    return SparseLayer(height, width, builder.finish())


def samples_of(picture, *more):
    dark, light = (2, Box(50, 20, 60, 60)), (5, Box(50, 300, 60, 360))
    strokes = painted(picture.height, picture.width, dark, light, *more)
    return Samples([picture], strokes=[strokes])


@pytest.mark.parametrize("stride", [1, 2, 4])
def test_it_says_what_the_forest_says_of_the_whole_picture(stride):
    picture = ArrayPicture(field())
    live = Live(picture)
    state = live.learn(FOREST, samples_of(picture), QUIET)
    reduced = picture.read(Box(0, 0, 330, 420), stride)
    expected = FOREST.apply(Tile(reduced.pixels, reduced.box), state)
    for box in (Box(0, 0, 330, 420), Box(40, 64, 300, 300), Box(201, 131, 330, 420)):
        found = live.label(FOREST, state, box, stride, QUIET)
        assert found.box.joined(box) == found.box
        part = Box(found.box.top // stride, found.box.left // stride, 10**6, 10**6)
        height, width = found.ids.shape
        assert (found.ids == expected[part.top :, part.left :][:height, :width]).all()
        assert found.doubt.shape == found.ids.shape
        assert (-(-found.box.height // stride), -(-found.box.width // stride)) == found.ids.shape


def test_learning_is_that_of_fit_and_only_new_strokes_are_looked_at():
    picture = Watched(field())
    live = Live(picture)
    live.learn(FOREST, samples_of(picture), QUIET)
    del picture.read_boxes[:]
    more = (2, Box(280, 40, 290, 90))
    state = live.learn(FOREST, samples_of(picture, more), QUIET)
    reach = FOREST.bank.reach(3)
    assert [box for box, _ in picture.read_boxes] == [
        more[1].grown(reach).clipped(Box(0, 0, picture.height, picture.width))
    ]
    fitted = FOREST.fit(samples_of(picture, more), QUIET)
    tile = picture.read(Box(0, 0, 330, 420))
    assert (FOREST.apply(tile, state) == FOREST.apply(tile, fitted)).all()


def test_what_is_in_sight_is_looked_at_once():
    picture = Watched(field())
    live = Live(picture)
    state = live.learn(FOREST, samples_of(picture), QUIET)
    del picture.read_boxes[:]
    first = live.label(FOREST, state, Box(0, 0, 200, 200), 2, QUIET)
    assert picture.read_boxes
    del picture.read_boxes[:]
    second = live.label(FOREST, state, Box(0, 0, 200, 200), 2, QUIET)
    assert not picture.read_boxes
    assert (first.ids == second.ids).all()
    live.label(PixelForest(scales=(2.0,), trees=8), live.learn(
        PixelForest(scales=(2.0,), trees=8), samples_of(picture), QUIET
    ), Box(0, 0, 200, 200), 2, QUIET)  # fmt: skip
    assert picture.read_boxes


def test_little_memory_gives_the_same():
    picture = ArrayPicture(field())
    rich, poor = Live(picture), Live(picture, memory=1)
    state = rich.learn(FOREST, samples_of(picture), QUIET)
    box = Box(0, 0, 330, 420)
    for _ in range(2):
        one, other = (live.label(FOREST, state, box, 1, QUIET) for live in (rich, poor))
        assert (one.ids == other.ids).all()
        assert (one.doubt == other.doubt).all()
    assert len(poor._blocks) == 1


def test_doubt_is_the_entropy():
    pixels = field()
    valid = np.ones(pixels.shape[:2], bool)
    valid[100:120] = False
    picture = ArrayPicture(pixels, valid)
    live = Live(picture)
    state = live.learn(FOREST, samples_of(picture), QUIET)
    found = live.label(FOREST, state, Box(0, 0, 330, 420), 1, QUIET)
    shares = FOREST.probabilities(picture.read(Box(0, 0, 330, 420)), state).astype(np.float64)
    expected = -(shares * np.log2(np.maximum(shares, 1e-12))).sum(0) * 255
    assert np.abs(expected - found.doubt)[valid].max() <= 0.51
    assert expected[valid].max() > 100
    assert (found.ids[~valid] == UNLABELLED).all()
    assert (found.doubt[~valid] == 0).all()


class StopsAt:
    def __init__(self, calls):
        self.left = calls

    def report(self, done, total, text):
        self.left -= 1
        if self.left < 0:
            raise Cancelled


def test_after_cancel_nothing_is_wrong():
    picture = ArrayPicture(field())
    live = Live(picture)
    with pytest.raises(Cancelled):
        live.learn(FOREST, samples_of(picture), StopsAt(30))
    state = live.learn(FOREST, samples_of(picture), QUIET)
    with pytest.raises(Cancelled):
        live.label(FOREST, state, Box(0, 0, 330, 420), 1, StopsAt(30))
    found = live.label(FOREST, state, Box(0, 0, 330, 420), 1, QUIET)
    tile = picture.read(Box(0, 0, 330, 420))
    assert (found.ids == FOREST.apply(tile, FOREST.fit(samples_of(picture), QUIET))).all()


def test_what_is_kept_lets_nothing_go_that_is_needed():
    picture = ArrayPicture(field())
    roomy, tight = Live(picture), Live(picture, memory=6 << 20)
    state = roomy.learn(FOREST, samples_of(picture), QUIET)
    boxes = [Box(top, left, top + 200, left + 260) for top, left in ((0, 0), (90, 60), (130, 160))]
    for box in [*boxes, *reversed(boxes), *boxes]:
        one, two = (live.label(FOREST, state, box, 1, QUIET) for live in (roomy, tight))
        assert (one.ids == two.ids).all()


def test_too_large_a_view_does_not_let_go_of_what_every_round_begins_with():
    picture, whole = Watched(field()), Box(0, 0, 330, 420)
    live = Live(picture, memory=9 << 20)  # the view has room at stride 2, not at 1
    state = live.learn(FOREST, samples_of(picture), QUIET)

    def round():
        live.begin_round()
        live.label(FOREST, state, whole, 2, QUIET)
        coarse = len(picture.read_boxes)
        live.label(FOREST, state, whole, 1, QUIET)
        read, picture.read_boxes[:] = len(picture.read_boxes) - coarse, []
        return coarse, read

    _, first = round()
    coarse, fine = round()
    assert coarse == 0
    assert 0 < fine <= first


def test_another_view_takes_the_place_of_the_last():
    picture = Watched(field())
    left, right = Box(0, 0, 128, 128), Box(0, 256, 128, 384)
    live = Live(picture, memory=12 << 20)  # room for one of the two and its surroundings
    state = live.learn(FOREST, samples_of(picture), QUIET)
    for box in (left, right):
        for _ in range(2):
            live.begin_round()
            picture.read_boxes.clear()
            live.label(FOREST, state, box, 1, QUIET)
        assert picture.read_boxes == []
