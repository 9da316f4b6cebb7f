from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.draft import Draft
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.stroke import capsule
from segstudio.domain.tiles import Layer, Source, tile_box

IMAGE = Box(0, 0, 300, 530)
EVERYWHERE = np.ones(IMAGE.shape, bool)


def apply(edit, layers):
    for change in edit.tiles:
        layers[change.layer].put(change.key, change.after)


def painted(layers, box, value, locked=()):
    draft = Draft(7, layers, locked)
    draft.paint(box, np.ones(box.shape, bool), value)
    edit = draft.finish("Brush")
    apply(edit, layers)
    return edit


@pytest.fixture
def layers():
    return Layers.empty(*IMAGE.shape)


def test_a_stroke_gives_class_and_source(layers):
    edit = painted(layers, Box(250, 250, 260, 262), 4)
    assert edit.text == "Brush"
    assert edit.images == {7}
    assert {c.key for c in edit.tiles} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    mask, source = layers.mask.read(IMAGE), layers.source.read(IMAGE)
    assert (mask != UNLABELLED).sum() == 120
    assert (mask[250:260, 250:262] == 4).all()
    assert ((source == Source.PERSON) == (mask == 4)).all()


def test_erasing_takes_class_and_source_and_leaves_nothing_behind(layers):
    painted(layers, Box(0, 0, 9, 9), 1)
    painted(layers, IMAGE, UNLABELLED)
    assert len(layers.mask) == len(layers.source) == 0


def test_locked_classes_keep_their_pixels(layers):
    painted(layers, Box(0, 0, 10, 10), 1)
    painted(layers, Box(0, 5, 10, 20), 2, locked=[1])
    mask = layers.mask.read(Box(0, 0, 10, 20))
    assert (mask[:, :10] == 1).all()
    assert (mask[:, 10:] == 2).all()
    assert not painted(layers, Box(0, 0, 10, 10), UNLABELLED, locked=[1])
    assert (layers.mask.read(Box(0, 0, 10, 10)) == 1).all()


def test_painting_what_is_there_is_no_edit(layers):
    painted(layers, Box(0, 0, 10, 10), 1)
    assert not painted(layers, Box(2, 2, 8, 8), 1)


def test_until_it_is_finished_the_layers_are_untouched(layers):
    draft = Draft(7, layers)
    draft.paint(Box(0, 0, 5, 5), np.ones((5, 5), bool), 1)
    assert len(layers.mask) == 0
    assert (draft.tile(Layer.MASK, (0, 0))[:5, :5] == 1).all()
    assert draft.tile(Layer.MASK, (0, 1)) is None
    assert draft.boxes() == [tile_box((0, 0))]


def test_a_finished_draft_is_spent(layers):
    draft = Draft(7, layers)
    draft.paint(Box(0, 0, 5, 5), np.ones((5, 5), bool), 1)
    assert draft.finish("Brush")
    assert not draft.finish("Brush")
    assert draft.boxes() == []


points = st.tuples(st.floats(-10, 540), st.floats(-10, 310))
strokes = st.lists(
    st.tuples(
        st.lists(points, min_size=2, max_size=4),
        st.sampled_from([1, 2, 9, 40, 90]),
        st.sampled_from([0, 1, 2, UNLABELLED]),
        st.sampled_from([(), (1,), (0, 2)]),
    ),
    min_size=1,
    max_size=5,
)


@given(strokes)
@settings(max_examples=25, deadline=None)
def test_strokes_equal_painting_into_arrays(strokes):
    layers = Layers.empty(*IMAGE.shape)
    mask = np.full(IMAGE.shape, UNLABELLED, np.uint8)
    source = mask.copy()
    for way, diameter, value, locked in strokes:
        before = layers.copy()
        draft = Draft(1, layers, locked)
        for start, end in pairwise(way):
            box, region = capsule(start, end, diameter, IMAGE)
            if not box:
                continue
            draft.paint(box, region, value)
            where = np.zeros(IMAGE.shape, bool)
            where[box.slices] = region
            where &= ~np.isin(mask, locked)
            mask[where] = value
            source[where] = UNLABELLED if value == UNLABELLED else Source.PERSON
        edit = draft.finish("Brush")
        apply(edit, layers)
        assert (layers.mask.read(IMAGE) == mask).all()
        assert (layers.source.read(IMAGE) == source).all()
        restored = layers.copy()
        apply(edit.reversed(), restored)
        for layer in Layer:
            assert (restored[layer].read(IMAGE) == before[layer].read(IMAGE)).all()
            assert set(restored[layer]) == set(before[layer])


@given(st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_what_changes_beneath_a_stroke_shows_through_where_it_has_not_been(seed):
    rng = np.random.default_rng(seed)
    layers = Layers.empty(*IMAGE.shape)
    painted(layers, Box(0, 0, 200, 300), 1)
    draft = Draft(7, layers)
    box = Box(100, 200, 180, 280)
    region = rng.random(box.shape) < 0.5
    draft.paint(box, region, 2)

    beneath = Draft(7, layers)
    beneath.paint(Box(50, 150, 290, 300), np.ones((240, 150), bool), 0)
    edit = beneath.finish("Another")
    draft.rebase(edit.tiles)
    apply(edit, layers)
    under = layers.mask.read(IMAGE)

    apply(draft.finish("Brush"), layers)
    expected = under.copy()
    expected[box.slices][region] = 2
    assert (layers.mask.read(IMAGE) == expected).all()
    assert (layers.source.read(IMAGE) == np.where(expected == 255, 255, Source.PERSON)).all()


def test_what_goes_beneath_a_stroke_goes(layers):
    painted(layers, Box(0, 0, 50, 50), 1)
    taken_back = [c.reversed() for c in painted(layers, Box(60, 60, 90, 90), 0).tiles]
    draft = Draft(7, layers)
    draft.paint(Box(10, 10, 12, 12), np.ones((2, 2), bool), 2)
    draft.rebase(taken_back)
    for change in taken_back:
        layers[change.layer].put(change.key, change.after)
    apply(draft.finish("Brush"), layers)
    mask = layers.mask.read(IMAGE)
    assert (mask[60:90, 60:90] == UNLABELLED).all()
    assert (mask[10:12, 10:12] == 2).all()
    assert (mask == 1).sum() == 2500 - 4
