"""How unsure a model is of a picture, also of one that is far too large to be looked at whole."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.metrics import entropy
from segstudio.domain.task import Quiet
from segstudio.inference.model import softmax
from segstudio.store.pictures import open_picture
from segstudio.workflows import doubt as module
from segstudio.workflows.doubt import Doubt, doubt_of
from segstudio.workflows.models import in_use

HEIGHT, WIDTH = 302, 405


class Watched:
    """A picture that remembers what is read of it."""

    def __init__(self, picture):
        self.picture, self.info, self.boxes = picture, picture.info, []

    def read(self, box, stride=1):
        self.boxes.append((box, stride))
        return self.picture.read(box, stride)


@pytest.fixture
def model(trained):
    return in_use(trained).open(1)


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "noise.png"
    noise = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    cv2.imwrite(str(path), cv2.blur(noise, (9, 9)))
    return Watched(open_picture(path))


def expected(model, picture, stride):
    pixels = picture.picture.read(Box(0, 0, HEIGHT, WIDTH), stride).pixels
    return np.round(entropy(softmax(model.logits(pixels))) * 255).astype(np.uint8)


def test_a_picture_is_looked_at_in_full(model, picture):
    found = doubt_of(model, picture, Quiet())
    assert (found.box, found.stride) == (Box(0, 0, HEIGHT, WIDTH), 1)
    assert found.entropy.std() > 0
    np.testing.assert_array_equal(found.entropy, expected(model, picture, 1))


def test_a_large_one_is_reduced(model, picture, monkeypatch):
    monkeypatch.setattr(module, "PIXELS", HEIGHT * WIDTH // 10)
    found = doubt_of(model, picture, Quiet())
    assert (found.stride, found.entropy.shape) == (4, (76, 102))
    np.testing.assert_array_equal(found.entropy, expected(model, picture, 4))


def test_no_more_of_it_is_read_at_once_than_a_window(model, picture, monkeypatch):
    """A raster of 30000 × 30000 pixels would take a tenth of a gigabyte even reduced."""
    monkeypatch.setattr(module, "PIXELS", HEIGHT * WIDTH // 10)
    model.card = replace(model.card, tile=16, halo=8, stride=8)
    found = doubt_of(model, picture, Quiet())
    assert len(picture.boxes) == 5 * 7
    assert {stride for _, stride in picture.boxes} == {4}
    assert max(max(box.shape) for box, _ in picture.boxes) <= 4 * 32
    seen = np.zeros((HEIGHT, WIDTH), bool)
    for box, _ in picture.boxes:
        seen[box.slices] = True
    assert seen.all()
    difference = np.abs(found.entropy.astype(int) - expected(model, picture, 4))
    assert np.median(difference) < 40


def test_the_worst_region_is_where_the_doubt_is_highest():
    doubt = np.zeros((60, 80), np.uint8)
    doubt[40:56, 8:24] = 200
    found = Doubt(Box(0, 0, 240, 320), doubt, 4).worst_region(64)
    assert found.shape == (64, 64)
    assert abs(found.top - 160) <= 4
    assert abs(found.left - 32) <= 4
