import numpy as np
import onnxruntime
import pytest

from segstudio.domain.task import Quiet
from segstudio.methods.features.graph import Graph
from segstudio.methods.linear import softmax
from segstudio.methods.smoothing import (
    coded,
    entropy_of,
    likeliest,
    reach_of,
    smoothed,
    written,
)


def halves(height=24, width=30):
    """Two classes side by side, sure of themselves, and one speck of the second in the first."""
    shares = np.zeros((height, width, 2), np.float32)
    shares[:, :15, 0] = shares[:, 15:, 1] = 1
    shares[6, 6] = 0, 1
    return shares


def test_specks_go_and_borders_stay():
    shares = coded(halves())
    before = likeliest(smoothed(shares, None, 0, Quiet()))
    after = likeliest(smoothed(shares, None, 2, Quiet()))
    assert before[6, 6] == 1
    assert (after == (np.arange(30) >= 15)).all()


def test_nothing_is_smoothed_by_zero():
    shares = coded(np.random.default_rng(0).dirichlet((1, 1, 1), (9, 11)).astype(np.float32))
    found = smoothed(shares, None, 0, Quiet())
    assert all((part == shares[..., place]).all() for place, part in enumerate(found))
    assert reach_of(0) == 0
    assert reach_of(2) > reach_of(1) > 0


def test_it_looks_as_far_as_it_says():
    shares = coded(halves())
    reach = reach_of(2)
    near, far = shares.copy(), shares.copy()
    near[12, 20 + reach] = far[12, 20 + reach + 1] = 255, 0
    middle = [
        [part[12, 20] for part in smoothed(one, None, 2, Quiet())] for one in (shares, near, far)
    ]
    assert middle[0] != middle[1]
    assert middle[0] == middle[2]


def test_invalid_pixels_say_nothing():
    shares = coded(halves())
    valid = np.ones(shares.shape[:2], bool)
    valid[:, 10:15] = False
    spoiled = shares.copy()
    spoiled[~valid] = 255
    one, two = (smoothed(s, valid, 2, Quiet()) for s in (shares, spoiled))
    assert all((a[valid] == b[valid]).all() for a, b in zip(one, two, strict=True))


def test_of_equal_shares_the_first_is_taken():
    shares = [np.full((2, 2), value, np.float32) for value in (1, 3, 3)]
    assert (likeliest(shares) == 1).all()


@pytest.mark.parametrize("classes", [2, 5])
def test_entropy_is_that_of_the_shares(classes):
    shares = np.random.default_rng(1).dirichlet(np.ones(classes), (7, 8))
    expected = -(shares * np.log(shares)).sum(2) / np.log(classes) * 255
    scaled = [np.asarray(shares[..., n] * 250, np.float32) for n in range(classes)]
    assert np.abs(entropy_of(scaled) - expected).max() <= 0.51
    sure = [np.full((1, 1), 255 * (n == 0), np.float32) for n in range(classes)]
    assert entropy_of(sure) == 0
    assert entropy_of([np.ones((1, 1), np.float32)] * classes) == 255


@pytest.mark.parametrize("deviation", [0.0, 1.5])
def test_the_written_graph_says_the_same_to_the_last_bit(deviation):
    shares = np.random.default_rng(2).dirichlet((1, 2, 3), (19, 23)).astype(np.float32)
    found = np.stack(smoothed(coded(shares), None, deviation, Quiet()))
    expected = found / np.maximum(found.sum(0), np.float32(1e-6))
    graph = Graph()
    model = graph.model(written(graph, "image", deviation), 3, 3)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    (got,) = session.run(None, {"image": shares.transpose(2, 0, 1)[None]})
    assert (got[0] == expected).all()


def test_powers_that_are_looked_up_are_those_of_e():
    scores = np.random.default_rng(3).normal(0, 2, (200, 4)).astype(np.float32)
    powers = np.exp(scores - scores.max(1, keepdims=True))
    assert np.abs(softmax(scores) - powers / powers.sum(1, keepdims=True)).max() < 0.01
    assert np.allclose(softmax(scores).sum(1), 1)
