import numpy as np
import pytest

from segstudio.domain.classes import LabelClass
from segstudio.learning.dataset import Example
from segstudio.learning.settings import TrainSettings


@pytest.fixture
def classes():
    return [LabelClass(0, "wall", (200, 0, 0)), LabelClass(7, "window", (0, 0, 200))]


@pytest.fixture
def examples():
    """Six pictures of bright windows in dark walls, their first rows unlabelled."""
    rng = np.random.default_rng(0)
    found = []
    for n in range(6):
        mask = np.zeros((70, 90), np.uint8)
        mask[20 + n : 50, 30:60] = 7
        mask[:5] = 255
        pixels = rng.integers(0, 60, (70, 90, 3)) + 120 * (mask == 7)[:, :, None]
        found.append(Example(f"{n}.png", pixels.astype(np.uint8), mask))
    return found


@pytest.fixture
def tiny():
    """Settings with which a training takes a moment."""
    return TrainSettings(
        network="fast_scnn", steps=40, batch=4, crop=64, learning_rate=1e-2, evaluations=2
    )
