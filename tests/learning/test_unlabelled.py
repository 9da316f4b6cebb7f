from dataclasses import replace

import numpy as np
import pytest

from segstudio.domain.card import InputSpec
from segstudio.domain.task import Quiet
from segstudio.learning.augment import Augmentation, augmenters
from segstudio.learning.crops import Crops
from segstudio.learning.dataset import Cache, channel_table, survey
from segstudio.learning.unlabelled import OUTSIDE, Unlabelled

SIZE, SIDE = 4, 64


@pytest.fixture
def drawn(examples):
    """Make crops of all pictures, as if they had no labels."""

    def drawn(harder=("none",), augment=("flip", "rot90", "zoom"), side=SIDE, seed=0):
        labelled = Crops(
            Cache(examples), survey(examples, [0, 7], seed, Quiet()), channel_table([0, 7]),
            InputSpec(), Augmentation.read(augment), side, seed,
        )  # fmt: skip
        return Unlabelled.of(examples, labelled, Augmentation.read(harder))

    return drawn


def pixels_of(inputs):
    return inputs.transpose(0, 2, 3, 1).reshape(-1, inputs.shape[1])


def test_a_crop_depends_on_seed_and_step_alone(drawn):
    one, other = drawn(list(augmenters)), drawn(list(augmenters))
    other.batch(5, SIZE)
    for got, wanted in zip(one.batch(2, SIZE), other.batch(2, SIZE), strict=True):
        assert np.array_equal(got, wanted)
    assert not np.array_equal(one.batch(2, SIZE).easy, one.batch(3, SIZE).easy)
    assert not np.array_equal(one.batch(2, SIZE).easy, drawn(seed=1).batch(2, SIZE).easy)


def test_both_views_are_inputs_as_labelled_crops_are(drawn):
    views = drawn(list(augmenters)).batch(0, SIZE)
    assert views.easy.shape == views.hard.shape == (SIZE, 3, SIDE, SIDE)
    assert views.easy.dtype == views.hard.dtype == np.float32
    assert views.places.shape == (SIZE, SIDE, SIDE)


@pytest.mark.parametrize("harder", ["none", "cutmix:1", "flip,rot90", "flip,cutmix"])
def test_every_pixel_of_the_harder_view_is_known_by_its_place_in_the_easy_one(drawn, harder):
    for step in range(4):
        views = drawn(harder.split(",")).batch(step, SIZE)
        inside = views.places.ravel() >= 0
        assert inside.any()
        there = pixels_of(views.easy)[views.places.ravel()[inside]]
        assert np.array_equal(there, pixels_of(views.hard)[inside])


def test_harder_changes_of_colour_leave_the_easy_view_as_it_is(drawn):
    plain, coloured = (drawn(parts).batch(0, SIZE) for parts in (("none",), ("noise",)))
    assert np.array_equal(plain.easy, coloured.easy)
    assert np.array_equal(plain.easy, plain.hard)
    assert not np.array_equal(coloured.easy, coloured.hard)


def test_crops_that_are_larger_than_a_picture_know_what_lies_outside(drawn):
    views = drawn(("cutmix:1",), augment=("flip",), side=96).batch(0, SIZE)
    assert (views.places == OUTSIDE).mean() == pytest.approx(1 - 70 * 90 / 96**2, abs=0.15)
    whole = drawn(("flip",), augment=("flip",), side=96).batch(0, SIZE)
    assert (whole.places == OUTSIDE).sum((1, 2)).tolist() == [96**2 - 70 * 90] * SIZE


def test_the_pictures_named_are_those_that_crops_were_cut_from(drawn, examples):
    crops = drawn()
    read = []
    watched = [replace(e, pixels=lambda e=e: read.append(e.name) or e.pixels) for e in examples]
    crops = replace(crops, cache=Cache(watched, budget=1))
    for step in range(3):
        read.clear()
        crops.batch(step, SIZE)
        names = crops.names(step, SIZE)
        assert [name for n, name in enumerate(names) if n == 0 or name != names[n - 1]] == read


def test_windows_of_one_picture_count_once(drawn, examples):
    assert drawn().pictures == 6
    parts = [replace(e, image=1 + n // 3) for n, e in enumerate(examples)]
    assert replace(drawn(), examples=parts).pictures == 2
