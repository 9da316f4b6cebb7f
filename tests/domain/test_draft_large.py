import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.domain import draft as module
from segstudio.domain.draft import Draft, painted
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.tiles import Layer, Packed, Source

HEIGHT, WIDTH = 700, 900
VALUES = (0, 1, 2, 255)


def box_of(corners):
    (x0, x1), (y0, y1) = (sorted(pair) for pair in corners)
    return Box(y0, x0, y1 + 1, x1 + 1)


xs, ys = st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1)
boxes = st.tuples(st.tuples(xs, xs), st.tuples(ys, ys)).map(box_of)
areas_of_one = st.lists(st.tuples(boxes, st.booleans()), min_size=1, max_size=5)


def region_of(box, whole, seed):
    shape = box.shape
    return np.ones(shape, bool) if whole else np.random.default_rng(seed).random(shape) < 0.5


def put(layers, changes):
    for change in changes:
        assert layers[change.layer].get(change.key) is change.before
        layers[change.layer].put(change.key, change.after)


@pytest.fixture(autouse=True)
def few_open(monkeypatch):
    monkeypatch.setattr(module, "OPEN", 3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(areas_of_one, st.sampled_from(VALUES)), min_size=1, max_size=4),
       st.sampled_from([(), (1,)]))  # fmt: skip
def test_it_paints_what_is_painted_into_arrays(steps, locked):
    layers = Layers.empty(HEIGHT, WIDTH)
    mask, source = (np.full((HEIGHT, WIDTH), 255, np.uint8) for _ in range(2))
    for number, (areas, value) in enumerate(steps):
        areas = [(box, region_of(box, whole, number)) for box, whole in areas]
        put(layers, painted(1, layers, areas, value, locked))
        for box, region in areas:
            where = region & ~np.isin(mask[box.slices], locked)
            mask[box.slices][where] = value
            source[box.slices][where] = 255 if value == 255 else Source.PERSON
    assert (layers.mask.read(layers.box) == mask).all()
    assert (layers.source.read(layers.box) == source).all()
    for layer in Layer:
        assert all(Packed.of(layers[layer].get(key).array.copy()) for key in layers[layer])


def test_a_stroke_is_seen_where_it_was_left_behind():
    layers = Layers.empty(HEIGHT, WIDTH)
    draft = Draft(1, layers)
    for column in range(3):
        box = Box(10, 256 * column + 5, 20, 256 * column + 25)
        draft.paint(box, np.ones(box.shape, bool), column)
    assert len(draft._work) == 3
    assert len(draft.boxes()) == 3
    assert (draft.tile(Layer.MASK, (0, 0))[10:20, 5:25] == 0).all()
    draft.paint(Box(12, 0, 14, 30), np.ones((2, 30), bool), 2)
    edit = draft.finish("Brush")
    assert len(edit.tiles) == 6
    put(layers, edit.tiles)
    assert (layers.mask.read(Box(12, 0, 14, 30)) == 2).all()
    assert (layers.mask.read(Box(10, 5, 12, 25)) == 0).all()


def test_nothing_changes_where_nothing_is_new():
    layers = Layers.empty(HEIGHT, WIDTH)
    area = (Box(0, 0, 600, 600), np.ones((600, 600), bool))
    put(layers, painted(1, layers, [area], 2))
    assert list(painted(1, layers, [area], 2)) == []
    assert layers.source.read(Box(0, 0, 1, 1)) == Source.PERSON
    put(layers, painted(1, layers, [area], 255))
    assert not len(layers.mask)
    assert not len(layers.source)


def test_a_large_area_takes_no_time(monkeypatch):
    monkeypatch.setattr(module, "OPEN", 128)
    layers = Layers.empty(9000, 12000)
    region = np.broadcast_to(np.True_, (1024, 1024))
    areas = [(box, region[: box.height, : box.width]) for box in layers.box.tiles(1024) if box.area]
    began = time.perf_counter()
    changes = list(painted(1, layers, ((b.clipped(layers.box), r) for b, r in areas), 1))
    assert time.perf_counter() - began < 3
    assert len(changes) == 2 * 36 * 47
    assert sum(c.after.nbytes > 2000 for c in changes) <= 128  # those that are still open
