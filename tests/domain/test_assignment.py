from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.domain.assignment import apply, learn, overlap
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.metrics import Confusion

IDS = (0, 3, 7)


def miou_of(counts: Any, classes: dict[int, int]) -> float:
    """The mIoU that an assignment reaches, through masks and the program's own confusion."""
    clusters, true = np.indices(counts.shape)
    times = counts.ravel()
    clusters = np.repeat(clusters.ravel(), times).astype(np.uint8)[None]
    reference = np.array(IDS, np.uint8)[np.repeat(true.ravel(), times)][None]
    confusion = Confusion(IDS)
    confusion.add(reference, apply(clusters, classes))
    return confusion.miou or 0.0


def test_pixels_are_counted_by_cluster_and_class() -> None:
    clusters = np.array([[0, 0, 1], [1, 2, UNLABELLED]], np.uint8)
    mask = np.array([[3, 3, 7], [UNLABELLED, 9, 3]], np.uint8)
    assert overlap(clusters, mask, 4, IDS).tolist() == [[0, 2, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]]
    with pytest.raises(ValueError, match="differ in shape"):
        overlap(clusters, mask[:1], 4, IDS)


def test_clear_clusters_get_their_class() -> None:
    counts = np.array([[50, 2, 0], [1, 40, 3], [0, 0, 9], [30, 0, 0]])
    assert learn(counts, IDS) == {0: 0, 1: 3, 2: 7, 3: 0}


def test_a_small_class_gets_a_cluster_where_that_raises_the_mean() -> None:
    counts = np.array([[900, 0, 0], [0, 500, 0], [60, 0, 50]])
    assert learn(counts, IDS)[2] == 7


def test_clusters_without_labels_are_left_out() -> None:
    counts = np.array([[5, 0, 0], [0, 0, 0]])
    assert learn(counts, IDS) == {0: 0}
    assert learn(np.zeros((3, 3), int), IDS) == {}
    assert (apply(np.array([[0, 1]], np.uint8), {0: 3}) == [[3, UNLABELLED]]).all()


tables = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=4)


@given(tables.map(np.array))
@settings(deadline=None)
def test_no_change_of_one_cluster_is_better(counts: Any) -> None:
    found = learn(counts, IDS)
    reached = miou_of(counts, found)
    majority = {int(c): IDS[counts[c].argmax()] for c in np.flatnonzero(counts.sum(1))}
    assert reached >= miou_of(counts, majority) - 1e-9
    for cluster in found:
        for id in IDS:
            assert miou_of(counts, {**found, cluster: id}) <= reached + 1e-9


def test_a_start_is_taken_where_its_end_is_better() -> None:
    counts = np.array([[26, 14, 28], [1, 18, 1], [15, 26, 24]])
    best = max(
        ({0: a, 1: b, 2: c} for a in IDS for b in IDS for c in IDS),
        key=lambda classes: miou_of(counts, classes),
    )
    assert miou_of(counts, learn(counts, IDS)) < miou_of(counts, best) - 0.02
    assert learn(counts, IDS, best) == best
    bad = {0: 3, 1: 3, 2: 3}
    assert miou_of(counts, learn(counts, IDS, bad)) >= miou_of(counts, learn(counts, IDS)) - 1e-9


@given(tables.map(np.array), st.dictionaries(st.integers(0, 3), st.sampled_from(IDS)))
@settings(deadline=None)
def test_a_start_never_makes_it_worse(counts: Any, start: dict[int, int]) -> None:
    assert miou_of(counts, learn(counts, IDS, start)) >= miou_of(counts, learn(counts, IDS)) - 1e-9
