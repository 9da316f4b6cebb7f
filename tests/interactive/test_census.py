import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import Packed, SparseLayer
from segstudio.interactive.census import Census, changed_box
from segstudio.interactive.objects import objects_of


def mask(seed, height, width, grain):
    rng = np.random.default_rng(seed)
    smooth = ndimage.gaussian_filter(rng.normal(size=(4, height, width)), (0, grain, grain))
    return np.array([0, 1, 7, 255], np.uint8)[smooth.argmax(0)]


def census(ids, box=None):
    return Census.of(lambda b: ids[b.slices], box or Box(0, 0, *ids.shape), Quiet())


def listed(found):
    return [found.object(row) for row in range(len(found))]


def test_a_census_has_the_objects_of_all_classes():
    ids = mask(3, 40, 60, 1.5)
    found = census(ids)
    image = Box(0, 0, 40, 60)
    assert listed(found) == objects_of(lambda b: ids[b.slices], image, range(255), Quiet())
    assert found.counts() == {id: ndimage.label(ids == id)[1] for id in (0, 1, 7)}
    assert found.areas.sum() == (ids != 255).sum()


def test_nothing_has_no_objects():
    assert len(census(np.full((9, 9), 255, np.uint8))) == 0
    assert len(census(np.zeros((0, 0), np.uint8))) == 0
    assert Census.none().counts() == {}


@given(
    st.integers(0, 10_000), st.integers(20, 60), st.integers(20, 60), st.integers(1, 40),
    st.sampled_from([0.3, 1, 2]), st.sampled_from([0, 1, 7, 255]), st.data(),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_what_a_change_touched_counted_again_is_all_counted_again(
    blocks_of, seed, height, width, size, grain, value, data
):
    ids = mask(seed, height, width, grain)
    ids[ids == 0] = 255  # with a background everything would touch the change
    before = census(ids)
    top, left = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    changed = Box(top, left, min(top + 5, height), min(left + 7, width))
    rng = np.random.default_rng(seed)
    ids[changed.slices][rng.random(changed.shape) < 0.7] = value
    image = Box(0, 0, height, width)
    with blocks_of(size):
        found = before.recounted(lambda b: ids[b.slices], image, changed, Quiet())
        assert listed(found) == listed(census(ids))


def test_only_what_a_change_touches_is_read():
    ids = np.full((400, 400), 255, np.uint8)
    ids[10:20, 10:20] = ids[300:310, 300:310] = 1
    before, read = census(ids), []

    def reading(box):
        read.append(box)
        return ids[box.slices]

    ids[14:16, 8:30] = 255
    found = before.recounted(reading, Box(0, 0, 400, 400), Box(14, 8, 16, 30), Quiet())
    assert sorted(found.areas) == [40, 40, 100]
    assert read == [Box(9, 7, 21, 31)]


def test_counting_can_be_stopped():
    class Stopped(Quiet):
        def report(self, done, total, text):
            raise Cancelled

    with pytest.raises(Cancelled):
        Census.of(lambda b: np.zeros(b.shape, np.uint8), Box(0, 0, 9, 9), Stopped())


def test_the_tiles_that_differ_between_snapshots_are_where_it_changed():
    before = SparseLayer(600, 700)
    before.put((0, 0), Packed(np.zeros((256, 256), np.uint8)))
    after = before.copy()
    assert changed_box(before, after) is None
    after.put((1, 2), Packed(np.ones((256, 256), np.uint8)))
    assert changed_box(before, after) == Box(256, 512, 512, 700)
    after.put((0, 0), None)
    assert changed_box(before, after) == Box(0, 0, 512, 700)
