import numpy as np

from segstudio.store.exchange.compare import differing_objects


def mask(text):
    """Draw a mask: digits are ids, dots unlabelled."""
    rows = text.split()
    return np.array([[255 if c == "." else int(c) for c in row] for row in rows], np.uint8)


def test_equal_masks_differ_in_nothing():
    one = mask("001 011 ...")
    assert differing_objects(one, one.copy()) == 0


def test_an_object_counts_once_however_much_of_it_is_lost():
    before = mask("11.22 11.22 ....1")
    after = mask("1..22 1..22 ....1")
    assert differing_objects(before, after) == 1


def test_separate_objects_of_a_class_count_each():
    before = mask("1.1.1 ..... 1.1.1")
    assert differing_objects(before, np.full_like(before, 255)) == 6


def test_diagonal_neighbours_are_two_objects():
    before = mask("1. .1")
    assert differing_objects(before, mask("1. ..")) == 1
    assert differing_objects(before, mask(".. ..")) == 2


def test_objects_from_nowhere_count():
    assert differing_objects(mask("... ..."), mask("3.. ..3")) == 2


def test_a_change_of_class_counts_once():
    assert differing_objects(mask("11 11"), mask("22 22")) == 1
