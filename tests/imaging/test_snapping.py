import cv2
import numpy as np
import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.imaging import snapping
from segstudio.imaging.snapping import snapped

FACTOR = 5


def scene(height=300, width=400, noise=5.0):
    """Return a picture of three shapes with noise, and what is where."""
    truth = np.zeros((height, width), np.int32)
    truth[:, 230:] = 1
    cv2.circle(truth, (110, 140), 70, 2, -1)
    cv2.fillPoly(truth, [np.array([(250, 40), (380, 100), (270, 260)])], 3)
    colours = np.array([(90, 110, 90), (150, 140, 120), (190, 60, 50), (60, 80, 170)])
    rng = np.random.default_rng(0)
    rgb = colours[truth] + rng.normal(0, noise, (height, width, 3))
    return rgb.clip(0, 255).astype(np.uint8), truth


def reduced(labels, factor=FACTOR):
    return labels[factor // 2 :: factor, factor // 2 :: factor].copy()


def enlarged(labels, factor=FACTOR):
    return labels.repeat(factor, 0).repeat(factor, 1)


def test_borders_come_to_lie_on_the_edges():
    rgb, truth = scene()
    blocky = (enlarged(reduced(truth)) != truth).mean()
    drawn = snapped(rgb, reduced(truth), Quiet())
    assert drawn.dtype == np.int32
    assert drawn.shape == truth.shape
    assert blocky > 0.006
    assert (drawn != truth).mean() < blocky / 5


def test_a_border_that_was_off_by_one_is_put_right():
    rgb, truth = scene(noise=2.0)
    moved = np.roll(reduced(truth), 1, axis=1)
    moved[:, 0] = moved[:, 1]
    assert (snapped(rgb, moved, Quiet()) != truth).mean() < 0.2 * (enlarged(moved) != truth).mean()


def test_no_region_is_lost_and_none_is_added():
    labels = reduced(scene()[1])
    labels[10] = 4  # a line
    labels[40, 3] = 5  # a dot
    drawn = snapped(scene()[0], labels, Quiet())
    assert set(np.unique(drawn)) == set(range(6))


@pytest.mark.parametrize("shape", [(1, 1), (1, 37), (41, 1), (299, 401)])
def test_any_size_is_filled(shape):
    rgb = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    labels = np.arange(6, dtype=np.int32).reshape(2, 3)[: shape[0], : shape[1]]
    drawn = snapped(rgb, labels, Quiet())
    assert drawn.shape == shape
    assert drawn.min() >= 0


def test_strips_cannot_be_told(monkeypatch):
    rgb, truth = scene()
    whole = snapped(rgb, reduced(truth), Quiet())
    monkeypatch.setattr(snapping, "ROWS", 8)
    assert (snapped(rgb, reduced(truth), Quiet()) != whole).mean() < 0.0001


def test_it_can_be_cancelled_between_strips():
    class Later:
        def report(self, done, total, text):
            if done == 1:
                raise Cancelled

    rgb, truth = scene(700, 400)
    with pytest.raises(Cancelled):
        snapped(rgb, reduced(truth), Later())
