import itertools

import numpy as np
import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.imaging.cuts import cut, energy


def graph(seed, side=3, labels=2):
    """A grid of nodes with random costs and weights."""
    random = np.random.default_rng(seed)
    place = np.arange(side * side).reshape(side, side)
    across = np.stack([place[:, :-1].ravel(), place[:, 1:].ravel()], 1)
    along = np.stack([place[:-1].ravel(), place[1:].ravel()], 1)
    pairs = np.concatenate([across, along]).astype(np.int32)
    return random.random((side * side, labels)) * 3, pairs, random.random(len(pairs)) * 2


def cheapest(costs, pairs, weights):
    """The least energy of all labellings, one by one."""
    every = itertools.product(range(costs.shape[1]), repeat=len(costs))
    return min(energy(costs, pairs, weights, np.array(labels)) for labels in every)


@pytest.mark.parametrize("seed", range(12))
def test_of_two_labels_the_cheapest_labelling_is_found(seed):
    found = energy(*graph(seed), cut(*graph(seed), Quiet()))
    assert found == pytest.approx(cheapest(*graph(seed)), abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_of_three_labels_no_expansion_is_cheaper(seed):
    costs, pairs, weights = graph(seed, 3, 3)
    labels = cut(costs, pairs, weights, Quiet())
    least = energy(costs, pairs, weights, labels)
    assert least <= 2 * cheapest(costs, pairs, weights)
    for label in range(3):
        for takers in itertools.product((False, True), repeat=9):
            grown = np.where(takers, label, labels)
            assert energy(costs, pairs, weights, grown) >= least - 1e-6


def test_borders_are_shorter_the_dearer_they_are():
    costs, pairs, weights = graph(3, 30, 3)
    lengths = []
    for dear in (0.0, 0.5, 100.0):
        labels = cut(costs, pairs, np.full(len(weights), dear), Quiet())
        lengths.append(int((labels[pairs[:, 0]] != labels[pairs[:, 1]]).sum()))
        if not dear:
            assert (labels == costs.argmin(1)).all()
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] == 0


def test_nodes_without_neighbours_and_without_costs():
    none = np.zeros((0, 2), np.int32)
    costs = np.array([[1.0, 2.0], [5.0, 3.0]])
    assert cut(costs, none, np.zeros(0), Quiet()).tolist() == [0, 1]
    assert cut(np.zeros((2, 3)), none, np.zeros(0), Quiet()).shape == (2,)


class Impatient:
    def report(self, done, total, text):
        raise Cancelled


def test_it_can_be_cancelled():
    with pytest.raises(Cancelled):
        cut(*graph(0), Impatient())
