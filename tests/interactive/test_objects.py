import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.interactive.objects import object_patch, objects_of


def mask(seed, height, width, grain):
    rng = np.random.default_rng(seed)
    smooth = ndimage.gaussian_filter(rng.normal(size=(4, height, width)), (0, grain, grain))
    return np.array([0, 1, 7, 255], np.uint8)[smooth.argmax(0)]


def expected(ids, classes):
    """Every object by labelling each class of the whole array."""
    found = []
    for id in classes:
        numbers, count = ndimage.label(ids == id)
        for number in range(1, count + 1):
            rows, columns = np.nonzero(numbers == number)
            box = (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)
            found.append((id, len(rows), Box(*map(int, box)), (columns[0] + 0.5, rows[0] + 0.5)))
    return found


def listed(ids, classes):
    image = Box(0, 0, *ids.shape)
    found = objects_of(lambda box: ids[box.slices], image, classes, Quiet())
    assert [object.id for object in found] == list(range(len(found)))
    return found


@given(
    st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 40), st.integers(1, 50),
    st.sampled_from([0.3, 1, 3]),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_objects_are_the_connected_parts(blocks_of, seed, height, width, size, grain):
    ids = mask(seed, height, width, grain)
    with blocks_of(size):
        found = listed(ids, (1, 7))
    rows = [(o.class_id, o.area, o.box, o.inside) for o in found]
    assert rows == expected(ids, (1, 7))


@given(st.integers(0, 1000), st.integers(3, 40))
@settings(max_examples=30, deadline=None)
def test_the_pixels_of_objects_make_up_their_class(blocks_of, seed, size):
    ids = mask(seed, 37, 45, 1.5)
    total = np.zeros(ids.shape, np.int64)
    with blocks_of(size):
        for found in listed(ids, (1,)):
            pixels = np.zeros(ids.shape, bool)
            for patch in object_patch(lambda box: ids[box.slices], found):
                assert patch.box.clipped(found.box) == patch.box
                pixels[patch.box.slices] |= patch.region
            assert pixels.sum() == found.area
            total += pixels
    assert (total == (ids == 1)).all()


def test_a_ring_with_an_island_is_two_objects():
    ids = np.full((30, 30), 255, np.uint8)
    ids[5:25, 5:25] = 2
    ids[8:22, 8:22] = 255
    ids[12:15, 12:15] = 2
    found = listed(ids, (2,))
    assert [(o.area, o.box) for o in found] == [
        (20 * 20 - 14 * 14, Box(5, 5, 25, 25)),
        (9, Box(12, 12, 15, 15)),
    ]


def test_an_object_that_is_gone_has_no_pixels():
    ids = np.zeros((9, 9), np.uint8)
    (found,) = listed(ids, (0,))
    changed = np.ones((9, 9), np.uint8)
    assert not list(object_patch(lambda box: changed[box.slices], found))


@pytest.mark.parametrize("classes", [(), (3,)])
def test_classes_without_a_pixel_have_no_objects(classes):
    assert listed(mask(0, 20, 20, 1), classes) == []


def test_an_empty_image_has_no_objects():
    assert (
        objects_of(lambda box: np.zeros(box.shape, np.uint8), Box(0, 0, 0, 0), (1,), Quiet()) == []
    )


class Impatient:
    def report(self, done, total, text):
        if done == 2:
            raise Cancelled


def test_counting_is_cancelled_between_blocks(blocks_of):
    ids = mask(0, 60, 60, 1)
    with blocks_of(10), pytest.raises(Cancelled):
        objects_of(lambda box: ids[box.slices], Box(0, 0, 60, 60), (1,), Impatient())
