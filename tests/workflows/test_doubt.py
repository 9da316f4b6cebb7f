"""How unsure a model is of a picture, also of one that is far too large to be looked at whole."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.metrics import entropy
from segstudio.domain.task import Quiet
from segstudio.errors import UserError
from segstudio.store.pictures import open_picture
from segstudio.workflows import doubt as module
from segstudio.workflows.doubt import Doubt, Kind, disagreement_of, doubt_in, doubt_of, margin
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
    return np.round(entropy(model.probabilities(pixels)) * 255).astype(np.uint8)


def test_a_picture_is_looked_at_in_full(model, picture):
    found = doubt_of(model, picture, Quiet())
    assert (found.box, found.stride) == (Box(0, 0, HEIGHT, WIDTH), 1)
    assert found.values.std() > 0
    np.testing.assert_array_equal(found.values, expected(model, picture, 1))


def test_a_large_one_is_reduced(model, picture, monkeypatch):
    monkeypatch.setattr(module, "PIXELS", HEIGHT * WIDTH // 10)
    found = doubt_of(model, picture, Quiet())
    assert (found.stride, found.values.shape) == (4, (76, 102))
    np.testing.assert_array_equal(found.values, expected(model, picture, 4))


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
    difference = np.abs(found.values.astype(int) - expected(model, picture, 4))
    assert np.median(difference) < 40


def test_the_worst_region_is_where_the_doubt_is_highest():
    doubt = np.zeros((60, 80), np.uint8)
    doubt[40:56, 8:24] = 200
    found = Doubt(Box(0, 0, 240, 320), doubt, 4).worst_region(64)
    assert found.shape == (64, 64)
    assert abs(found.top - 160) <= 4
    assert abs(found.left - 32) <= 4


def test_the_margin_is_small_where_two_classes_are_close():
    shares = np.array([[[0.5, 0.9]], [[0.4, 0.1]], [[0.1, 0.0]]], np.float32)
    np.testing.assert_allclose(margin(shares), [[0.9, 0.2]], atol=1e-6)
    assert margin(np.ones((1, 2, 2), np.float32)).max() == 0


def test_margin_and_entropy_are_looked_at_in_the_same_way(model, picture):
    found = doubt_of(model, picture, Quiet(), Kind.MARGIN)
    pixels = picture.picture.read(Box(0, 0, HEIGHT, WIDTH), 1).pixels
    np.testing.assert_array_equal(
        found.values, np.round(margin(model.probabilities(pixels)) * 255).astype(np.uint8)
    )


class Sure:
    """Answers for a model that is sure of one class everywhere."""

    def __init__(self, model, place, by=20.0):
        self.card, self.whole, self.doubts, self.shares = (
            model.card, None, True, model.shares,
        )  # fmt: skip
        self.place, self.by = place, by

    def logits(self, pixels):
        found = np.zeros((len(self.card.ids), *pixels.shape[:2]), np.float32)
        found[self.place] = self.by
        return found


def test_two_models_disagree_only_where_each_is_sure_of_something_else(model, picture, monkeypatch):
    same = disagreement_of([Sure(model, 0), Sure(model, 0)], picture, Quiet())
    assert same.values.max() == 0
    both_unsure = disagreement_of([Sure(model, 0, 0), Sure(model, 1, 0)], picture, Quiet())
    assert both_unsure.values.max() <= 1
    apart = disagreement_of([Sure(model, 0), Sure(model, 1)], picture, Quiet())
    np.testing.assert_allclose(apart.values, 255, atol=1.5)  # two cannot be further apart
    monkeypatch.setattr(module, "HELD", HEIGHT * WIDTH // 4)
    assert disagreement_of([Sure(model, 0), Sure(model, 1)], picture, Quiet()).stride > 1


def test_disagreement_wants_two_models(trained, picture):
    assert doubt_in(trained, picture, Kind.MARGIN, Quiet()).values.size == HEIGHT * WIDTH
    with pytest.raises(UserError, match="only one model"):
        doubt_in(trained, picture, Kind.DISAGREEMENT, Quiet())
