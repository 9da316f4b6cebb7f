"""What of a queue is labelled."""

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord, QueueItem, State
from segstudio.domain.tiles import LayerBuilder, SparseLayer
from segstudio.workflows.queue import labelled_share, settled_by_state


@pytest.fixture
def mask():
    """Two thirds of 600 × 900 pixels are labelled, in noise at the left."""
    ids = np.full((600, 900), 255, np.uint8)
    ids[:, :600] = np.random.default_rng(0).integers(0, 3, (600, 600))
    builder = LayerBuilder(600, 900)
    builder.write(Box(0, 0, 600, 900), ids)
    return SparseLayer(600, 900, builder.finish())


@pytest.mark.parametrize(
    ("box", "share"),
    [
        (Box(0, 0, 600, 900), 2 / 3),
        (Box(0, 0, 256, 256), 1),
        (Box(100, 500, 228, 700), 0.5),
        (Box(0, 700, 128, 828), 0),
        (Box(500, 500, 700, 1000), 0.25),  # as far as the picture goes
    ],
)
def test_the_share_of_a_box_that_is_labelled(mask, box, share):
    assert labelled_share(mask, box) == pytest.approx(share)


@pytest.mark.parametrize(
    ("state", "whole", "part"),
    [
        (State.UNLABELLED, False, False),
        (State.PROPOSED, False, None),
        (State.IN_WORK, True, None),
        (State.REVIEWED, True, True),
    ],
)
def test_what_a_state_tells(state, whole, part):
    image = ImageRecord(1, "a.png", "a.png", 10, 10, state=state)
    assert settled_by_state(QueueItem(1, 0, "margin"), image) is whole
    assert settled_by_state(QueueItem(1, 0, "margin", Box(0, 0, 5, 5)), image) is part
