import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.methods.histogram import (
    Histogram,
    float_edges,
    multi_otsu,
    of_whole_numbers,
    otsu,
    smoothed,
    valley,
)


def between_classes(counts: Any, cuts: tuple[int, ...]) -> float:
    """The sum over classes of S²/P, straight from its definition."""
    gain = 0.0
    for part in np.split(np.arange(len(counts)), np.array(cuts, int) + 1):
        number = counts[part].sum()
        gain += (counts[part] * (part - len(counts) / 2)).sum() ** 2 / number if number else 0
    return gain


counts_of_12 = st.lists(st.integers(0, 40), min_size=12, max_size=12).map(np.array)


@given(counts_of_12.filter(lambda c: (c > 0).sum() >= 5), st.integers(2, 5))
@settings(deadline=None)
def test_multi_otsu_is_the_best_of_all_cuts(counts: Any, classes: int) -> None:
    found = multi_otsu(counts, classes)
    assert len(found) == classes - 1
    if (counts > 0).sum() == classes:
        return
    best = max(between_classes(counts, c) for c in itertools.combinations(range(11), classes - 1))
    assert between_classes(counts, found) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(5))
def test_multi_otsu_finds_the_bins_of_a_full_search(seed: int) -> None:
    """The full search is scikit-image's: cuts in lexicographic order, the first best is taken."""
    random = np.random.default_rng(seed)
    counts = np.bincount(
        np.clip(random.normal(random.integers(5, 40, 3)[:, None], 4, (3, 500)), 0, 47)
        .astype(int)
        .ravel(),
        minlength=48,
    )
    for classes in (2, 3, 4):
        cuts = list(itertools.combinations(range(47), classes - 1))
        gains = np.array([between_classes(counts, c) for c in cuts])
        first = cuts[int(np.flatnonzero(gains >= gains.max() * (1 - 1e-12))[0])]
        assert multi_otsu(counts, classes) == first


def test_otsu_is_opencvs() -> None:
    import cv2

    random = np.random.default_rng(0)
    for low, high, share in [(60, 180, 0.5), (20, 90, 0.2), (100, 130, 0.7)]:
        chosen = np.where(random.random((90, 110)) < share, low, high)
        image = np.clip(chosen + random.normal(0, 15, chosen.shape), 0, 255).astype(np.uint8)
        expected, _ = cv2.threshold(image, 0, 255, cv2.THRESH_OTSU)
        assert otsu(np.bincount(image.ravel(), minlength=256)) == expected


def test_multi_otsu_of_few_greys_makes_a_region_of_each() -> None:
    counts = np.zeros(256, int)
    counts[[3, 70, 200]] = 5, 1, 9
    assert multi_otsu(counts, 3) == (3, 70)
    assert multi_otsu(counts, 8) == (3, 70)
    counts[[3, 70]] = 0
    assert multi_otsu(counts, 4) == ()
    assert otsu(counts) == 200


def two_hills(between: int, smaller: float = 1.0) -> Any:
    bins = np.arange(256)
    low = np.exp(-0.5 * ((bins - 60) / 12) ** 2)
    high = np.exp(-0.5 * ((bins - 60 - between) / 12) ** 2) * smaller
    return np.round(5000 * (low + high)).astype(int)


def test_the_valley_lies_between_two_hills() -> None:
    assert valley(two_hills(100), 3) == pytest.approx(110, abs=2)
    assert valley(two_hills(100, 0.3), 3) == pytest.approx(114, abs=4)


def test_ripples_and_a_third_lower_hill_are_passed_over() -> None:
    rippled = two_hills(100) + np.where(np.arange(256) % 7 == 0, 150, 0)
    assert valley(rippled, 3) == pytest.approx(110, abs=6)
    third = np.round(1500 * np.exp(-0.5 * ((np.arange(256) - 230) / 6) ** 2)).astype(int)
    assert valley(two_hills(100) + third, 3) == pytest.approx(110, abs=2)


def test_a_shoulder_is_no_hill() -> None:
    counts = two_hills(100, 0.5)
    shoulder = slice(66, 72)
    counts[shoulder] = counts[shoulder].min() + np.array([0, 10, 30, 60, 30, 10])
    assert (np.diff(counts[shoulder]) > 0).any()
    assert valley(counts, 0) == pytest.approx(113, abs=4)


@pytest.mark.parametrize("counts", [two_hills(0), two_hills(15), np.full(256, 9), np.eye(256)[7]])
def test_no_valley_without_two_hills(counts: Any) -> None:
    assert valley(counts, 3) is None


def test_a_hill_at_each_end_counts() -> None:
    counts = np.full(256, 10)
    counts[0], counts[255] = 900, 700
    assert valley(counts, 2) == pytest.approx(128, abs=100)


def test_smoothing_keeps_the_number() -> None:
    counts = two_hills(80)
    assert smoothed(counts, 4).sum() == pytest.approx(counts.sum())
    assert (smoothed(counts, 0) == counts).all()


def test_whole_numbers_are_gathered_in_whole_bins() -> None:
    values = np.array([1000, 1001, 1002, 1003, 2100])
    found = of_whole_numbers(np.bincount(values, minlength=65536))
    assert found.counts.sum() == 5
    assert found.counts[0] == 4  # a width of five: 1000 … 1004
    assert found.above(0) == 1004
    assert found.counts[220] == 1


@given(st.lists(st.integers(0, 65535), min_size=1, max_size=40), st.integers(0, 255))
@settings(deadline=None)
def test_a_threshold_parts_the_values_as_it_parts_the_bins(values: list[int], bin: int) -> None:
    found = of_whole_numbers(np.bincount(values, minlength=65536))
    threshold = found.above(bin)
    assert sum(value <= threshold for value in values) == found.counts[: bin + 1].sum()


def test_eight_bits_have_a_bin_a_value() -> None:
    found = of_whole_numbers(np.arange(256))
    assert (found.counts == np.arange(256)).all()
    assert found.thresholds((0, 90)) == (0.0, 90.0)
    assert (found.middles == np.arange(256)).all()


@pytest.mark.parametrize(("low", "high"), [(0, 1), (5, 5), (-1e29, -1e29), (0, 5e-324)])
def test_float_edges_rise(low: float, high: float) -> None:
    edges = float_edges(low, high)
    assert (np.diff(edges) > 0).all()
    assert edges[0] == low
    found = Histogram(np.ones(256, int), edges, False)
    assert found.above(255) == edges[-1]
