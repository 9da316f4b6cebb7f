import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.metrics import Confusion, entropy, valid_reference

IDS = (0, 3, 7, 200)
masks = arrays(np.uint8, (6, 9), elements=st.sampled_from([0, 3, 7, 5, UNLABELLED]))


def brute(reference, predicted):
    """IoU by class, from sets of pixels; only pixels whose reference is a known class."""
    known = np.isin(reference, IDS)
    found = {}
    for id in IDS:
        here, there = (reference == id) & known, (predicted == id) & known
        union = (here | there).sum()
        found[id] = (here & there).sum() / union if here.any() else None
    right = (reference == predicted) & known
    return found, right.sum() / known.sum() if known.any() else None


@given(masks, masks)
@settings(max_examples=60, deadline=None)
def test_figures_equal_those_from_sets_of_pixels(reference, predicted):
    confusion = Confusion(IDS)
    confusion.add(reference, predicted)
    found, accuracy = brute(reference, predicted)
    present = [v for v in found.values() if v is not None]
    assert confusion.iou == pytest.approx(list(found.values()))
    assert confusion.pixel_accuracy == pytest.approx(accuracy)
    assert confusion.miou == (pytest.approx(np.mean(present)) if present else None)
    assert confusion.iou_variance == (pytest.approx(np.var(present)) if present else None)


@given(masks, masks, masks, masks)
@settings(max_examples=20, deadline=None)
def test_a_sum_of_parts_is_the_whole(a, b, c, d):
    first, second, whole = Confusion(IDS), Confusion(IDS), Confusion(IDS)
    first.add(a, b)
    second.add(c, d)
    whole.add(np.concatenate([a, c]), np.concatenate([b, d]))
    assert ((first + second).counts == whole.counts).all()


def test_an_unlabelled_reference_is_left_out_and_an_unlabelled_prediction_is_wrong():
    reference = np.array([[0, 0, 3, UNLABELLED]], np.uint8)
    predicted = np.array([[0, UNLABELLED, 3, 3]], np.uint8)
    confusion = Confusion((0, 3))
    confusion.add(reference, predicted)
    assert confusion.counts.tolist() == [[1, 0, 1], [0, 1, 0]]
    assert confusion.iou == [0.5, 1.0]
    assert confusion.pixel_accuracy == pytest.approx(2 / 3)


def test_a_class_absent_from_the_reference_has_no_figure():
    confusion = Confusion((0, 3))
    confusion.add(np.zeros((2, 2), np.uint8), np.array([[0, 0], [0, 3]], np.uint8))
    assert confusion.iou == [0.75, None]
    assert confusion.miou == 0.75


def test_without_any_reference_there_are_no_figures():
    confusion = Confusion((0, 3))
    assert confusion.miou is confusion.pixel_accuracy is confusion.iou_variance is None


def test_the_variance_is_that_of_the_population_of_ious():
    confusion = Confusion((0, 1))
    confusion.counts[:] = [[1, 0, 0], [0, 1, 3]]
    assert confusion.iou == [1.0, 0.25]
    assert confusion.iou_variance == pytest.approx(0.375**2)


def test_the_summary_names_the_classes():
    confusion = Confusion((0, 3))
    confusion.add(np.array([[0]], np.uint8), np.array([[0]], np.uint8))
    summary = confusion.summary({0: "wall", 3: "sign"})
    assert summary["iou"] == {"wall": 1.0, "sign": None}
    assert summary["confusion"] == [[1, 0, 0], [0, 0, 0]]


def test_masks_of_other_shapes_are_refused():
    with pytest.raises(ValueError, match="differ in shape"):
        Confusion((0,)).add(np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8))


def test_entropy():
    certain = np.zeros((4, 1, 1), np.float32)
    certain[2] = 1
    assert entropy(certain)[0, 0] == pytest.approx(0, abs=1e-6)
    for classes in (1, 2, 5):
        even = np.full((classes, 2, 3), 1 / classes, np.float32)
        expected = 1 if classes > 1 else 0
        assert entropy(even) == pytest.approx(np.full((2, 3), expected), abs=1e-5)
    mixed = np.array([0.7, 0.2, 0.1], np.float32).reshape(3, 1, 1)
    by_hand = -(0.7 * np.log(0.7) + 0.2 * np.log(0.2) + 0.1 * np.log(0.1)) / np.log(3)
    assert entropy(mixed)[0, 0] == pytest.approx(by_hand, abs=1e-5)
    assert entropy(mixed).dtype == np.float32


def test_a_reference_must_hold_something():
    mask = np.full((3, 3), UNLABELLED, np.uint8)
    assert not valid_reference(mask)
    mask[1, 1] = 0
    assert valid_reference(mask)
