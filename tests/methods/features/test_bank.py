"""The bank of filters: what it says, and that it says the same wherever it is worked out."""

import numpy as np
import onnxruntime
import pytest

from segstudio.domain.task import Quiet
from segstudio.methods.colours import Encoding
from segstudio.methods.features.bank import Bank
from segstudio.methods.features.graph import Graph
from segstudio.methods.features.plane import UNIT, gaussian
from segstudio.methods.features.working import worked_out

QUIET = Quiet()
ALL = Bank((0.3, 1.0, 2.5, 8.0), entropy=True)


def noise(height=90, width=113, bands=3, seed=0):
    import cv2

    random = np.random.default_rng(seed)
    coarse = cv2.resize(random.uniform(0, 255, (12, 15, bands)), (width, height))
    coarse = coarse.reshape(height, width, bands)
    return np.clip(coarse + random.normal(0, 10, coarse.shape), 0, 255).astype(np.uint8)


def features(bank, codes, valid=None):
    planes = bank.planes(codes.shape[2])
    numbers = worked_out(list(planes.values()), codes, valid, QUIET)
    return dict(zip(planes, numbers, strict=True))


@pytest.mark.parametrize("bands", [1, 2, 3, 5])
def test_a_part_of_a_picture_says_what_the_whole_says(bands):
    codes = noise(220, 260, bands)
    whole = features(ALL, codes)
    reach = ALL.reach(bands)
    part = features(ALL, codes[3:210, 5:250])
    for name, numbers in whole.items():
        inner = (slice(3 + reach, 210 - reach), slice(5 + reach, 250 - reach))
        assert numbers.dtype == np.float32
        assert np.isfinite(numbers).all(), name
        assert inner[0].stop > inner[0].start
        assert (numbers[inner] == part[name][reach:-reach, reach:-reach]).all(), name


@pytest.mark.parametrize("bands", [1, 3, 4])
def test_the_graph_gives_the_same_numbers_bit_for_bit(bands):
    codes = noise(bands=bands)
    graph = Graph()
    planes = ALL.planes(bands)
    rows = graph.planes(list(planes.values()), graph.codes(Encoding(bands)))
    model = graph.model(graph.pictures(rows, len(planes)), bands, len(planes))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    image = codes.astype(np.float32).transpose(2, 0, 1)[None]
    (found,) = session.run(None, {"image": image})
    for place, (name, numbers) in enumerate(features(ALL, codes).items()):
        assert (found[0, place] == numbers).all(), name


@pytest.mark.parametrize("deviation", [0.5, 1.0, 3.3, 6.1, 8.0, 16.0])
def test_kernels_are_whole_symmetric_and_gaussian(deviation):
    kernel = gaussian(deviation)
    assert kernel.sum() == 1
    assert (kernel * UNIT == np.rint(kernel * UNIT)).all()
    assert (kernel == kernel[::-1]).all()
    assert (np.diff(kernel[: len(kernel) // 2 + 1]) >= 0).all()
    assert len(gaussian(0.1)) == 3
    away = np.arange(len(kernel)) - len(kernel) // 2
    assert np.sqrt((kernel * away**2).sum()) == pytest.approx(deviation, abs=0.2 * deviation + 0.1)


def test_invalid_pixels_say_nothing():
    codes = noise()
    valid = np.ones(codes.shape[:2], bool)
    valid[30:50, 40:80] = False
    spoiled = codes.copy()
    spoiled[~valid] = 255
    one, other = features(ALL, codes, valid), features(ALL, spoiled, valid)
    for name, numbers in one.items():
        assert (numbers[valid] == other[name][valid]).all(), name
        assert np.isfinite(numbers[valid]).all()
    flat = np.full((60, 60, 1), 77, np.uint8)
    edge = np.ones((60, 60), bool)
    edge[:, 30:] = False
    found = features(Bank((2.0,)), flat, edge)
    assert (found["grey, Gaussian 2"][:, :30] == 77).all()


def test_filters_say_what_they_are_called():
    rows, columns = np.mgrid[:121, :121]
    away = np.hypot(rows - 60, columns - 60)
    blob = (40 + 160 * np.exp(-0.5 * (away / 8) ** 2)).astype(np.uint8)[..., None]
    found = features(Bank((4.0, 8.0)), blob)
    assert found["Laplacian 8"].argmin() == 60 * 121 + 60
    assert found["Hessian 8, larger"][60, 60] < 0
    assert found["gradient 4"][60, 60] == pytest.approx(0, abs=0.5)
    assert found["gradient 4"][60, 68] > 10
    assert found["contrast 24"][60, 60] > 50
    stripes = np.repeat((127 + 100 * np.sin(columns / 3))[..., None], 1, 2).astype(np.uint8)
    found = features(Bank((4.0,), entropy=True), stripes)
    assert found["structure 4, larger"][60, 60] > 10 * found["structure 4, smaller"][60, 60]
    flat = features(Bank((4.0,), entropy=True), np.full((40, 40, 1), 9, np.uint8))
    assert (flat["entropy 4"] == 0).all()
    assert 0.5 < found["entropy 4"][60, 60] <= 1
    assert (flat["structure 4, larger"] == 0).all()


def test_colours_are_those_of_opencv():
    import cv2

    codes = np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8)
    found = features(Bank((1.0,)), codes)
    expected = cv2.cvtColor(codes.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    for place, name in enumerate(("lightness", "a", "b")):
        assert np.abs(found[name] - expected[..., place]).max() < 1.5, name
    hsv = cv2.cvtColor(codes.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
    coloured = hsv[..., 1] > 0
    assert np.abs(found["hue"] - hsv[..., 0] / 60)[coloured].max() < 1e-3
    assert np.abs(found["saturation"] - hsv[..., 1]).max() < 1e-3


def test_scales_follow_a_reduced_picture():
    near, far = (list(ALL.planes(1, scale).values()) for scale in (1.0, 4.0))
    assert max(p.reach for p in far) <= max(p.reach for p in near) / 3
    assert list(ALL.planes(1, 4.0)) == list(ALL.planes(1))
