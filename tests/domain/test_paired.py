from itertools import product

import numpy as np
import pytest

from segstudio.domain.paired import area, holm, penalties, sign_flip


def test_the_p_of_paired_differences_counts_all_patterns_of_signs():
    each = [0.3, -0.1, 0.25, 0.2, 0.05, -0.02]
    sums = [abs(np.dot(signs, each)) for signs in product((1, -1), repeat=len(each))]
    expected = np.mean([s >= abs(sum(each)) - 1e-12 for s in sums])
    assert sign_flip(each) == pytest.approx(expected)
    assert sign_flip([-d for d in each]) == sign_flip(each)


def test_ten_pairs_all_on_one_side_are_as_sure_as_ten_can_be():
    assert sign_flip(np.linspace(0.01, 0.1, 10).tolist()) == 2 / 1024
    assert sign_flip([0.1] * 10) == 2 / 1024  # equal ones do not fall out by rounding
    assert sign_flip([0.0] * 10) == 1
    assert sign_flip([]) == 1
    with pytest.raises(ValueError, match="no number"):
        sign_flip([0.1, float("nan")])


def test_many_pairs_are_drawn_and_never_p_0():
    each = np.random.default_rng(0).normal(0, 1, 30)
    assert 0 < sign_flip((each + 5).tolist()) < 1e-4
    assert sign_flip((each - each.mean()).tolist()) > 0.9


def test_holm_multiplies_by_how_many_are_left_and_keeps_the_order():
    found = holm({"a": 0.03, "b": 0.01, "c": 0.04, "d": 0.5})
    assert found == pytest.approx({"b": 0.04, "a": 0.09, "c": 0.09, "d": 0.5})
    assert list(found) == ["a", "b", "c", "d"]
    assert holm({"a": 0.9, "b": 0.8}) == {"a": 1, "b": 1}
    assert holm({}) == {}


def test_the_area_under_a_curve_is_its_mean_height():
    assert area([0, 10], [0.2, 0.4], 0, 10) == pytest.approx(0.3)
    assert area([0, 5, 10], [0, 1, 1], 0, 10) == pytest.approx(0.75)
    assert area([0, 10], [0.2, 0.4], 5, 10) == pytest.approx(0.35)
    # It is level where a curve ends early, or begins late.
    assert area([2, 6], [0.5, 0.5], 0, 10) == pytest.approx(0.5)
    assert area([4], [0.7], 4, 4) == pytest.approx(0.7)


def test_a_round_that_buys_nothing_moves_no_other_part_of_the_curve():
    assert area([0, 10, 10, 20], [0, 0, 1, 1], 0, 20) == pytest.approx(0.5)
    assert area([0, 10, 10], [0, 0, 1], 0, 10) == 0
    assert area([5, 5, 10], [0, 1, 1], 5, 10) == 1
    assert area([0, 10, 10], [0, 0, 1], 0, 20) == pytest.approx(0.5)


def test_arms_are_penalised_by_the_rounds_in_which_others_beat_them():
    seeds = range(8)
    good = {seed: [0.5, 0.6 + seed / 100] for seed in seeds}
    bad = {seed: [0.5, 0.5 + seed / 200] for seed in seeds}
    found = penalties([{"good": good, "bad": bad}, {"good": good, "bad": good}], ["good", "bad"])
    assert found.tolist() == [[0, 0.5], [0, 0]]
    # Too few seeds prove nothing.
    few = {name: {s: curve[s] for s in range(4)} for name, curve in (("good", good), ("bad", bad))}
    assert not penalties([few], ["good", "bad"]).any()
    assert not penalties([{"good": good}], ["good", "bad"]).any()
