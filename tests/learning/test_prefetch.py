import threading

import numpy as np
import pytest

from segstudio.domain.card import InputSpec
from segstudio.domain.task import Quiet
from segstudio.errors import UserError
from segstudio.learning.augment import Augmentation, augmenters
from segstudio.learning.crops import Crops
from segstudio.learning.dataset import Cache, Example, channel_table, survey
from segstudio.learning.prefetch import Ahead

STEPS, SIZE = 6, 4


@pytest.fixture
def crops():
    rng = np.random.default_rng(0)
    examples = [
        Example(str(n), rng.integers(0, 255, (60, 80, 3)).astype(np.uint8),
                rng.integers(0, 3, (60, 80)).astype(np.uint8))
        for n in range(5)
    ]  # fmt: skip
    found = survey(examples, (0, 1, 2), 0, Quiet())
    # Too small for all of them: pictures are read and dropped by several threads.
    cache = Cache(examples, budget=50_000)
    parts = Augmentation.read(list(augmenters))
    return Crops(cache, found, channel_table((0, 1, 2)), InputSpec(), parts, 32, 0)


@pytest.mark.parametrize("threads", [1, 3])
def test_batches_are_the_same_whatever_the_threads(crops, threads):
    with Ahead(crops, STEPS, threads) as ahead:
        for step in range(STEPS):
            for got, wanted in zip(ahead.batch(step, SIZE), crops.batch(step, SIZE), strict=True):
                assert np.array_equal(got, wanted)


def test_a_step_may_be_asked_for_again_or_in_another_size(crops):
    with Ahead(crops, STEPS) as ahead:
        ahead.batch(3, SIZE)
        for step, size in ((3, SIZE), (3, 2), (1, SIZE)):
            assert np.array_equal(ahead.batch(step, size)[0], crops.batch(step, size)[0])
        assert ahead.names(3, SIZE) == crops.names(3, SIZE)


def test_the_next_batch_is_drawn_meanwhile_but_none_after_the_last(crops, monkeypatch):
    drawn, whole = [], threading.Event()
    batch = Crops.batch

    def noted(self, step, size):
        drawn.append((step, threading.current_thread().name))
        if step == STEPS - 1:
            whole.set()
        return batch(self, step, size)

    monkeypatch.setattr(Crops, "batch", noted)
    with Ahead(crops, STEPS) as ahead:
        ahead.batch(STEPS - 2, SIZE)
        assert whole.wait(10)
        ahead.batch(STEPS - 1, SIZE)
    assert [step for step, _ in drawn] == [STEPS - 2, STEPS - 1]
    assert all(name.startswith("crops") for _, name in drawn)


def test_its_thread_ends_with_it(crops):
    with Ahead(crops, STEPS) as ahead:
        ahead.batch(0, SIZE)
    assert not [t for t in threading.enumerate() if t.name.startswith("crops")]


def test_a_picture_that_cannot_be_read_is_said_where_its_batch_is_asked_for(crops):
    def gone():
        raise UserError("street.jpg is gone")

    crops.cache._examples[:] = [Example("street.jpg", gone, gone)] * 5  # and the cache is empty
    with Ahead(crops, STEPS) as ahead, pytest.raises(UserError, match=r"street\.jpg is gone"):
        ahead.batch(0, SIZE)
