from itertools import pairwise

import numpy as np

from segstudio.imaging.lab import looks_like
from segstudio.interactive.similar import reference_of


def picture():
    """Grass of two greens, left of a grey road; a little noise."""
    rng = np.random.default_rng(3)
    rgb = np.empty((60, 100, 3), np.float64)
    rgb[:, :50] = np.where(rng.random((60, 50, 1)) < 0.5, (60, 130, 40), (80, 150, 60))
    rgb[:, 50:] = (120, 120, 125)
    return np.clip(rgb + rng.normal(0, 2, rgb.shape), 0, 255).astype(np.uint8)


def test_only_what_looks_like_the_beginning_is_painted():
    rgb, dab = picture(), np.zeros((60, 100), bool)
    dab[10:50, 20:80] = True
    first = np.zeros((60, 100), bool)
    first[20:40, 5:25] = True
    found = dab & looks_like(rgb, reference_of(rgb, first), 6)
    assert not found[:, 50:].any()
    assert found[10:50, 20:50].mean() > 0.99


def test_a_larger_tolerance_takes_more():
    rgb, dab = picture(), np.ones((60, 100), bool)
    first = np.zeros((60, 100), bool)
    first[3, 3] = True
    found = [dab & looks_like(rgb, reference_of(rgb, first), t) for t in (2, 5, 20, 200)]
    assert all((one <= other).all() for one, other in pairwise(found))
    assert found[0].sum() < found[2].sum() < found[3].sum() == dab.sum()


def test_a_stroke_that_began_outside_has_no_reference():
    assert reference_of(picture(), np.zeros((60, 100), bool)) is None
