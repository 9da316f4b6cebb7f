import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.workflows.strategies.choosing import (
    Batch,
    Recipe,
    by_score,
    drawn,
    in_turn,
    mixed,
    noisy,
    one_class_each,
    rarest_first,
    sharpness,
    woven,
)


def rng(seed=0):
    return np.random.default_rng(seed)


def grid(pictures, each):
    """Return owners and boxes of regions side by side."""
    owner = np.repeat(np.arange(pictures), each)
    left = np.tile(np.arange(each) * 10, pictures)
    zero = np.zeros_like(left)
    return owner, np.stack([zero, left, zero + 10, left + 10], 1).astype(np.int32)


def batch(pictures=3, each=4, most=0):
    return Batch(*grid(pictures, each), most)


# -- orders --------------------------------------------------------------------------


def test_the_highest_score_is_first_and_what_is_no_number_nowhere():
    scores = np.array([0.1, math.nan, 0.9, math.inf, 0.9, -math.inf])
    assert by_score(scores).tolist() == [2, 4, 0]


def test_noise_fades_from_the_first_round_to_the_last():
    found = [sharpness(round, 5, 100) for round in (0, 1, 2, 3, 4, 5, 9)]
    assert found == pytest.approx([1, 1, 100**0.25, 10, 100**0.75, 100, 100])
    assert sharpness(1, 1, 100) == 1


def test_the_smallest_scores_keep_their_order():
    scores = np.geomspace(1e-12, 1e-38, 12, dtype=np.float32)
    assert by_score(noisy(scores, math.inf, rng())).tolist() == list(range(12))


def test_noise_of_scale_1_draws_in_proportion_to_the_score():
    scores = np.array([1.0, 2.0, 5.0])
    random = rng()
    firsts = [int(by_score(noisy(scores, 1.0, random))[0]) for _ in range(4000)]
    assert np.bincount(firsts) / 4000 == pytest.approx([1 / 8, 2 / 8, 5 / 8], abs=0.03)


def test_little_noise_changes_nothing_much_and_none_nothing():
    scores = np.linspace(0.1, 0.9, 9)
    assert by_score(noisy(scores, math.inf, rng())).tolist() == list(range(8, -1, -1))
    apart = [int(by_score(noisy(scores, 100.0, rng(seed)))[0]) for seed in range(50)]
    assert np.mean(np.array(apart) == 8) > 0.9


def test_noise_makes_no_number_of_what_is_none_and_takes_scores_of_zero():
    made = noisy(np.array([math.nan, 0.0, math.inf, 0.5]), 1.0, rng())
    assert np.isfinite(made).tolist() == [False, True, False, True]


def test_a_lottery_takes_heavier_ones_sooner_and_those_without_weight_never():
    weights = np.array([0, 1, 3, math.nan])
    random = rng()
    orders = [drawn(weights, random).tolist() for _ in range(2000)]
    assert all(sorted(order) == [1, 2] for order in orders)
    assert np.mean([order[0] == 2 for order in orders]) == pytest.approx(0.75, abs=0.04)


# -- batches -------------------------------------------------------------------------


def test_a_picture_gives_no_more_than_its_share():
    chosen = batch(most=2)
    assert chosen.fill(range(12), 12) == [0, 1, 4, 5, 8, 9]
    chosen.most = 0
    assert chosen.fill(range(12), 2) == [2, 3]


def test_regions_that_overlap_a_chosen_one_are_passed_over():
    boxes = np.array([[0, 0, 10, 10], [0, 5, 10, 15], [0, 9, 10, 19], [2, 2, 4, 4]], np.int32)
    chosen = Batch(np.zeros(4, np.int64), boxes)
    assert chosen.fill(range(4), 4) == [0, 2]
    elsewhere = Batch(np.arange(4), boxes)
    assert elsewhere.fill(range(4), 4) == [0, 1, 2, 3]


def test_orders_choose_in_turn_and_go_on_where_one_is_at_its_end():
    pairs = in_turn(batch(), [np.array([0, 1, 2]), np.array([0, 5])], 4)
    assert pairs == [(0, 0), (5, 1), (1, 0), (2, 0)]
    assert in_turn(batch(), [], 4) == []


def test_classes_are_drawn_alike_however_much_there_is_of_them():
    areas = np.zeros((2000, 3))
    areas[:, 0] = 1
    areas[:300, 1] = 0.5
    pairs = one_class_each(batch(500, 4), areas, 400, rng())
    labels = np.bincount([label for _, label in pairs], minlength=3)
    assert labels[2] == 0
    assert labels[1] == pytest.approx(200, abs=40)
    assert all(areas[place, label] > 0 for place, label in pairs)
    assert len({place for place, _ in pairs}) == 400


def test_a_class_that_is_used_up_leaves_its_turns_to_the_others():
    areas = np.array([[1.0, 0.0]] * 11 + [[0.0, 1.0]])
    assert len(one_class_each(batch(), areas, 12, rng())) == 12


# -- the recommended mix -------------------------------------------------------------


def test_lists_are_woven_evenly():
    assert woven([0, 1, 2, 3], [10, 11], []) == [0, 10, 1, 2, 11, 3]
    first = woven(list(range(100)), list(range(100, 150)), list(range(150, 175)))[:35]
    assert [sum(a <= p < b for p in first) for a, b in ((0, 100), (100, 150), (150, 175))] == [
        20, 10, 5,
    ]  # fmt: skip


def test_a_mix_has_its_shares_and_begins_with_the_rarest_class():
    owner, boxes = grid(100, 4)
    doubt = rng().random((400, 3)) * np.array([1, 1e-3, 1])
    mix = mixed(owner, boxes, doubt, doubt.sum(1), [500, 0, 100], 40, Recipe(), rng())
    assert (len(mix.lot), len(mix.spread), len(mix.unsure)) == (6, 23, 11)
    assert [label for _, label in mix.spread[:6]] == [1, 2, 0, 1, 2, 0]
    assert sorted(mix.order) == sorted(set(mix.order))
    assert np.bincount(owner[mix.order]).max() <= 2


def test_without_its_parts_a_mix_is_the_plain_order_of_entropy():
    owner, boxes = grid(10, 4)
    entropy = rng().random(40)
    plain = Recipe(lot=0, classes=0, beta=math.inf, most=0)
    mix = mixed(owner, boxes, np.zeros((40, 2)), entropy, [0, 0], 12, plain, rng())
    assert mix.order == by_score(entropy)[:12].tolist()


def test_lot_draws_every_region_alike():
    owner, boxes = grid(10, 4)
    entropy = np.linspace(0, 1, 40)
    recipe = Recipe(lot=0.5, most=0)
    found = [
        place
        for seed in range(400)
        for place in mixed(owner, boxes, entropy[:, None], entropy, [0], 8, recipe, rng(seed)).lot
    ]
    assert np.bincount(found, minlength=40) == pytest.approx(np.full(40, 40), abs=25)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 6), st.integers(1, 5), st.integers(0, 4), st.integers(0, 40),
    st.integers(0, 3), st.sampled_from([0.0, 0.15, 1.0]), st.integers(0, 99),
)  # fmt: skip
def test_a_mix_is_as_large_as_it_can_be(pictures, each, classes, count, most, lot, seed):
    owner, boxes = grid(pictures, each)
    random = rng(seed)
    entropy = random.random(len(owner))
    doubt = random.random((len(owner), classes))
    lost = random.random(len(owner)) < 0.3
    entropy[lost], doubt[lost] = math.nan, math.nan
    labelled = random.integers(0, 9, classes).tolist()
    mix = mixed(owner, boxes, doubt, entropy, labelled, count, Recipe(lot, most=most), random)
    assert len(mix.order) == len(set(mix.order)) == min(count, int((~lost).sum()))
    assert not lost[mix.order].any()


def test_the_rarest_are_the_least_labelled():
    assert rarest_first([5, 0, 7, 0]) == [1, 3, 0, 2]
