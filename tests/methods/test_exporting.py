"""Every pixel classifier as an ONNX graph."""

import numpy as np
import onnx
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import LayerBuilder, SparseLayer
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods.exporting import largest_difference, onnx_model
from segstudio.methods.pixels import PixelClassifier
from segstudio.methods.samples import ArrayPicture, Samples
from segstudio.methods.segmenter import segmenters

QUIET = Quiet()
NAMES = [name for name in segmenters if issubclass(segmenters[name], PixelClassifier)]


def learned(name, dtype=np.uint8, bands=3):
    random = np.random.default_rng(5)
    plane = np.where(np.arange(80) < 30, 60, np.where(np.arange(80) < 60, 130, 200))[None, :, None]
    pixels = np.clip(plane + random.normal(0, 15, (60, 80, bands)), 0, 255)
    pixels = (pixels * (1 if dtype == np.uint8 else 20)).astype(dtype)
    ids = np.full((60, 80), UNLABELLED, np.uint8)
    ids[20:40, 5:25], ids[20:40, 35:55], ids[20:40, 65:78] = 4, 1, 9
    builder = LayerBuilder(60, 80)
    builder.write(Box(0, 0, 60, 80), ids)
    strokes = SparseLayer(60, 80, builder.finish())
    segmenter = segmenters[name](scales=(1.0, 2.0), per_class=100)
    return segmenter, segmenter.fit(Samples([ArrayPicture(pixels)], strokes=[strokes]), QUIET)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("dtype", "bands"), [(np.uint8, 3), (np.uint16, 4), (np.float32, 1)])
def test_the_graph_agrees(name, dtype, bands):
    segmenter, state = learned(name, dtype, bands)
    ids = (0, 1, 4, 7, 9)
    model = onnx_model(segmenter, state, ids)
    onnx.checker.check_model(model)
    assert largest_difference(segmenter, state, model, ids, QUIET) < 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_a_graph_of_other_strokes_is_found_out(name):
    segmenter, state = learned(name)
    model = onnx_model(segmenter, learned(name, bands=3)[1], (1, 4, 9))
    assert largest_difference(segmenter, state, model, (9, 4, 1), QUIET) > 0.5


@pytest.mark.parametrize("name", NAMES)
def test_probabilities_and_importance(name):
    segmenter, state = learned(name)
    assert state.classes == (1, 4, 9)
    shares = [share for _, share in state.importance]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)
    assert {name for name, _ in state.importance} == set(segmenter.bank.planes(3))
    pixels = np.random.default_rng(0).integers(0, 255, (21, 34, 3), np.uint8)
    tile = Tile(pixels, Box(0, 0, 21, 34))
    found = segmenter.probabilities(tile, state)
    assert found.shape == (3, 21, 34)
    assert np.allclose(found.sum(0), 1, atol=1e-5)
    assert (np.array(state.classes)[found.argmax(0)] == segmenter.apply(tile, state)).mean() > 0.999


@pytest.mark.parametrize("name", NAMES)
def test_a_class_that_is_gone_is_a_sentence(name):
    segmenter, state = learned(name)
    with pytest.raises(UserError, match="id 9, which is gone"):
        onnx_model(segmenter, state, (1, 4))
