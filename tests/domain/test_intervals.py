import numpy as np
import pytest

from segstudio.domain.intervals import bootstrap
from segstudio.domain.metrics import Confusion


def part(counts):
    made = Confusion(tuple(range(len(counts))))
    made.counts[:, : len(counts)] = counts
    return made


def random_parts(count, classes=3, seed=0):
    random = np.random.default_rng(seed)
    return [
        part(random.integers(0, 50, (classes, classes)) + np.eye(classes, dtype=int) * 200)
        for _ in range(count)
    ]


def by_hand(parts, rounds, seed):
    """Draw the same pictures one after another, and measure their sum."""
    random = np.random.default_rng(seed)
    drawn = random.multinomial(len(parts), np.full(len(parts), 1 / len(parts)), rounds)
    found = []
    for times in drawn:
        total = Confusion(parts[0].ids)
        for one, often in zip(parts, times, strict=True):
            total.counts += often * one.counts
        found.append(total.miou)
    return np.percentile(found, [2.5, 97.5])


def test_an_interval_is_that_of_the_figure_drawn_anew():
    parts = random_parts(7)
    for part in parts[:5]:
        part.counts[1] = 0  # a class that some draws do not show at all
    parts[6].counts[:, -1] = 9  # pixels of no class count as missed
    assert bootstrap(parts, 60, seed=4) == pytest.approx(tuple(by_hand(parts, 60, 4)))


def test_it_holds_the_figure_and_narrows_with_more_pictures():
    few, many = random_parts(6), random_parts(240)
    low, high = bootstrap(many)
    assert low < sum(many[1:], many[0]).miou < high
    wide = bootstrap(few)
    assert (high - low) * 3 < wide[1] - wide[0]
    assert bootstrap(many) == (low, high)


def test_one_picture_tells_nothing_and_equal_ones_leave_no_doubt():
    empty = Confusion((0, 1))
    one = part([[5, 1], [2, 8]])
    assert bootstrap([]) is None
    assert bootstrap([one]) is None
    assert bootstrap([one, empty]) is None
    assert bootstrap([one, one, empty]) == pytest.approx((one.miou, one.miou))
