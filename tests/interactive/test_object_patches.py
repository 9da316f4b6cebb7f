import numpy as np
import pytest
from scipy import ndimage

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.interactive import object_patches
from segstudio.interactive.object_patches import patches_of
from segstudio.interactive.objects import object_patch, objects_of


@pytest.fixture(params=[1, 8, 1000])
def many(request, monkeypatch):
    monkeypatch.setattr(object_patches, "MANY", request.param)


@pytest.fixture
def ids():
    rng = np.random.default_rng(2)
    smooth = ndimage.gaussian_filter(rng.normal(size=(4, 90, 120)), (0, 1.5, 1.5))
    return np.array([0, 1, 7, 255], np.uint8)[smooth.argmax(0)]


def reader(ids):
    return lambda box: ids[box.slices]


def painted(patches, shape):
    out = np.zeros(shape, np.int64)
    for patch in patches:
        out[patch.box.slices] += patch.region
    return out


@pytest.mark.parametrize("size", [7, 32, 1024])
def test_many_objects_are_the_same_pixels_as_one_by_one(blocks_of, many, ids, size):
    image = Box(0, 0, *ids.shape)
    with blocks_of(size):
        chosen = objects_of(reader(ids), image, (1, 7), Quiet())[::2]
        found = painted(patches_of(reader(ids), chosen, image, Quiet(), "x"), ids.shape)
        single = (object_patch(reader(ids), each) for each in chosen)
        assert np.array_equal(found, painted((p for ps in single for p in ps), ids.shape))
    assert found.sum() == sum(each.area for each in chosen)
    assert found.max() == 1


def test_what_has_changed_since_is_left(many, ids):
    image = Box(0, 0, *ids.shape)
    chosen = objects_of(reader(ids), image, (1,), Quiet())
    now = np.where(ids == 1, np.uint8(7), ids)
    assert painted(patches_of(reader(now), chosen, image, Quiet(), "x"), ids.shape).sum() == 0


def test_it_can_be_stopped(many, ids):
    class Stopped(Quiet):
        def report(self, done, total, text):
            raise Cancelled

    image = Box(0, 0, *ids.shape)
    chosen = objects_of(reader(ids), image, (1,), Quiet())
    with pytest.raises(Cancelled):
        list(patches_of(reader(ids), chosen, image, Stopped(), "x"))
