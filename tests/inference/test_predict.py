import numpy as np
import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiling import Tile
from segstudio.inference.model import Model
from segstudio.inference.predict import mean_entropy, predict


@pytest.fixture
def picture():
    return np.random.default_rng(1).integers(0, 256, (150, 203, 1)).astype(np.uint8)


def whole(model, pixels, valid=None, task=None):
    """Predict a picture; return its ids and entropy, put together from the windows."""
    height, width = pixels.shape[:2]
    ids = np.full((height, width), 255, np.uint8)
    doubt = np.zeros((height, width), np.float32)
    times = np.zeros((height, width), int)

    def read(box):
        return Tile(pixels[box.slices], box, None if valid is None else valid[box.slices])

    for box, part, entropy in predict(model, height, width, read, task or Quiet(), True):
        ids[box.slices], doubt[box.slices] = part, entropy
        times[box.slices] += 1
    assert times.max() <= 1
    return ids, doubt


def test_the_result_does_not_depend_on_the_tiles(bundle, picture):
    ids, doubt = whole(Model.open(bundle(1024)), picture)
    for tile, halo in ((64, 9), (50, 12), (33, 16)):
        other_ids, other_doubt = whole(Model.open(bundle(tile, halo)), picture)
        assert np.array_equal(other_ids, ids)
        assert np.allclose(other_doubt, doubt, atol=1e-5)
    assert set(np.unique(ids)) == {3, 5, 8}


def test_too_small_a_halo_shows(bundle, picture):
    ids, _ = whole(Model.open(bundle(1024)), picture)
    other, _ = whole(Model.open(bundle(32, 1)), picture)
    assert not np.array_equal(other, ids)


def test_pixels_without_data_stay_unlabelled(bundle, picture):
    valid = np.ones(picture.shape[:2], bool)
    valid[:70, :100] = False
    ids, doubt = whole(Model.open(bundle(32)), picture, valid)
    assert np.array_equal(ids == 255, ~valid)
    assert not doubt[~valid].any()
    assert (doubt[valid] > 0).mean() > 0.9


def test_entropy_lies_between_none_and_all(bundle, picture):
    model = Model.open(bundle(1024))
    _, doubt = whole(model, picture)
    assert doubt.dtype == np.float32
    assert doubt.min() >= 0
    assert doubt.max() <= 1
    assert mean_entropy(model, picture) == pytest.approx(doubt.mean(), rel=1e-4)
    half = np.zeros(picture.shape[:2], bool)
    half[:75] = True
    assert mean_entropy(model, picture, half) == pytest.approx(doubt[:75].mean(), rel=1e-4)
    assert mean_entropy(model, picture, ~half & half) == 0


def test_entropy_is_not_computed_unasked(bundle, picture):
    model = Model.open(bundle(64))
    found = predict(model, 150, 203, lambda box: Tile(picture[box.slices], box), Quiet())
    assert all(entropy is None for _, _, entropy in found)


def test_cancel_stops_before_the_next_window(bundle, picture):
    class Impatient:
        reports = 0

        def report(self, done, total, text):
            assert total == 12
            self.reports += 1
            if done == 3:
                raise Cancelled

    task = Impatient()
    with pytest.raises(Cancelled):
        whole(Model.open(bundle(64)), picture, task=task)
    assert task.reports == 4
