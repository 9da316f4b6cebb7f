import numpy as np
import pytest

from segstudio.workflows.strategies.builtin.coreset import WIDEST, comparable
from segstudio.workflows.strategies.grouping import standard


def distances(values):
    return np.sqrt(((values[:, None] - values[None]) ** 2).sum(2))[np.triu_indices(len(values), 1)]


def test_few_features_are_compared_as_they_are():
    parts = [np.random.default_rng(0).normal(3, 2, (n, WIDEST)).astype(np.float32) for n in (5, 7)]
    assert np.array_equal(comparable(parts), standard(np.concatenate(parts)))


def test_many_features_become_few_that_are_as_far_apart():
    random = np.random.default_rng(0)
    scales = random.uniform(0.01, 100, 2000)
    parts = [(random.normal(3, 2, (n, 2000)) * scales).astype(np.float32) for n in (20, 30)]
    found = comparable(parts)
    assert found.shape == (50, WIDEST)
    ratio = distances(found) / distances(standard(np.concatenate(parts)))
    assert ratio.mean() == pytest.approx(1, abs=0.02)
    assert ratio.min() > 0.8
    assert ratio.max() < 1.2
    assert np.array_equal(found, comparable(parts))
