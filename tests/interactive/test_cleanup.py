"""Each step against its definition, and every step window by window against the whole."""

import pickle
import subprocess
import sys

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.interactive.cleanup import cleanups, run_cleanup
from segstudio.settings import build, settings_of

NAMES = list(cleanups)
KINDS = np.array([0, 1, 2, 255], np.uint8)


def mask(seed, height=40, width=47, grain=1.2):
    rng = np.random.default_rng(seed)
    smooth = ndimage.gaussian_filter(rng.normal(size=(4, height, width)), (0, grain, grain))
    ids = KINDS[smooth.argmax(0)]
    spots = rng.random(ids.shape) < 0.03
    ids[spots] = rng.choice(KINDS, spots.sum())
    return ids


def cleaned(ids, *steps, locked=(), size=1024):
    out = ids.copy()
    image = Box(0, 0, *ids.shape)
    for box, new in run_cleanup(lambda b: ids[b.slices], image, steps, Quiet(), locked, size):
        assert new.shape == box.shape
        assert not np.array_equal(new, ids[box.slices])
        out[box.slices] = new
    return out


def step(name, **values):
    return build(cleanups[name], values)


def test_the_steps_there_are():
    assert {"remove_specks", "fill_holes", "smooth", "dilate", "erode", "keep_largest",
            "fill_rest"} <= set(NAMES)  # fmt: skip


@st.composite
def any_step(draw):
    name = draw(st.sampled_from(NAMES))
    values = {}
    for setting in settings_of(cleanups[name]):
        if setting.name == "smaller_than":
            values[setting.name] = draw(st.integers(1, 60))
        elif setting.name == "radius":
            values[setting.name] = draw(st.integers(1, 5))
        elif setting.many:
            values[setting.name] = tuple(draw(st.sets(st.sampled_from([0, 1, 2, 255]))))
        elif setting.kind == "choice":
            values[setting.name] = draw(st.sampled_from(setting.choices))
    return step(name, **values)


@given(
    st.integers(0, 10_000), st.lists(any_step(), min_size=1, max_size=3), st.integers(7, 50),
    st.integers(9, 60), st.sets(st.sampled_from([0, 1, 2])), st.sampled_from([0.4, 1.2, 3]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_windows_and_blocks_change_nothing(blocks_of, seed, steps, block, window, locked, grain):
    ids = mask(seed, grain=grain)
    before = ids.copy()
    whole = cleaned(ids, *steps, locked=locked)
    with blocks_of(block):
        assert (cleaned(ids, *steps, locked=locked, size=window) == whole).all()
    assert (ids == before).all()
    for id in locked:
        assert ((whole == id) == (ids == id)).all()


@given(st.integers(0, 10_000), any_step(), any_step())
@settings(max_examples=40, deadline=None)
def test_steps_follow_one_another(seed, one, other):
    ids = mask(seed)
    assert (cleaned(ids, one, other) == cleaned(cleaned(ids, one), other)).all()


# -- each by its definition ----------------------------------------------------------


def parts(ids):
    """Yield id and pixels of every connected part."""
    for id in np.unique(ids):
        numbers, count = ndimage.label(ids == id)
        for number in range(1, count + 1):
            yield int(id), numbers == number


def neighbours(pixels):
    """Yield the pixel on the other side of each piece of an outline."""
    for row, column in np.argwhere(pixels):
        for r, c in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            if 0 <= r < pixels.shape[0] and 0 <= c < pixels.shape[1] and not pixels[r, c]:
                yield r, c


@given(st.integers(0, 10_000), st.integers(1, 40), st.sampled_from([(), (1,), (0, 255)]))
@settings(max_examples=40, deadline=None)
def test_specks_take_what_surrounds_them_most(seed, least, classes):
    ids = mask(seed, 25, 30)
    wanted = classes or (0, 1, 2)
    open = [pixels for id, pixels in parts(ids) if id in wanted and pixels.sum() < least]
    expected = ids.copy()
    while open:
        specks = np.any(open, 0)
        votes = []
        for pixels in open:
            around = [int(expected[at]) for at in neighbours(pixels) if not specks[at]]
            votes.append(np.bincount(around, minlength=256) if around else None)
        if all(vote is None for vote in votes):
            break
        for pixels, vote in zip(open, votes, strict=True):
            if vote is not None:
                expected[pixels] = vote.argmax()
        open = [pixels for pixels, vote in zip(open, votes, strict=True) if vote is None]
    found = cleaned(ids, step("remove_specks", smaller_than=least, classes=classes))
    assert (found == expected).all()


@given(st.integers(0, 10_000), st.integers(1, 80), st.sampled_from([(), (1,), (0, 2)]))
@settings(max_examples=40, deadline=None)
def test_holes_are_filled(seed, least, classes):
    ids = mask(seed, 25, 30)
    holes = []
    for id in classes or (0, 1, 2):
        numbers, count = ndimage.label(ids != id)
        for number in range(1, count + 1):
            pixels = numbers == number
            rows, columns = np.nonzero(pixels)
            inner = rows.min() > 0 and columns.min() > 0 and rows.max() < 24 and columns.max() < 29
            if inner and pixels.sum() < least and (ids == id).any():
                holes.append((pixels.sum(), id, pixels))
    expected = ids.copy()
    for _, id, pixels in sorted(holes, key=lambda hole: (hole[0], -hole[1])):
        expected[pixels] = id
    assert (cleaned(ids, step("fill_holes", smaller_than=least, classes=classes)) == expected).all()


def test_a_hole_in_a_hole_goes_with_the_outer_one():
    ids = np.full((20, 20), 255, np.uint8)
    ids[2:18, 2:18] = 1
    ids[5:12, 5:12] = 2
    ids[8, 8] = 255
    found = cleaned(ids, step("fill_holes", smaller_than=60))
    assert (found[2:18, 2:18] == 1).all()
    found = cleaned(ids, step("fill_holes", smaller_than=10))
    assert found[8, 8] == found[6, 6] == 2
    found = cleaned(ids, step("fill_holes", smaller_than=60), locked=(2,))
    assert ((found == 2) == (ids == 2)).all()
    assert found[8, 8] == 1


@given(st.integers(0, 10_000), st.sampled_from([(), (1,), (0, 2)]))
@settings(max_examples=30, deadline=None)
def test_the_largest_part_is_kept(seed, classes):
    ids = mask(seed, 25, 30)
    expected = ids.copy()
    for id in classes or (0, 1, 2):
        of = [pixels for kind, pixels in parts(ids) if kind == id]
        of.sort(key=lambda pixels: -pixels.sum())
        for pixels in of[1:]:
            expected[pixels] = 255
    found = cleaned(ids, step("keep_largest", classes=classes))
    assert (found == expected).all()


def disc(radius):
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return (x * x + y * y <= radius * radius).astype(np.uint8)


@given(st.integers(0, 10_000), st.integers(1, 7), st.sampled_from([(), (0,), (0, 255)]))
@settings(max_examples=40, deadline=None)
def test_growing_goes_over_what_is_allowed(seed, radius, over):
    ids = mask(seed)
    wide = cv2.dilate((ids == 1).view(np.uint8), disc(radius)) > 0
    expected = np.where(wide & np.isin(ids, over or (255,)), 1, ids)
    found = cleaned(ids, step("dilate", radius=radius, classes=(1,), over=over))
    assert (found == expected).all()


def test_two_that_grow_meet_in_the_middle():
    ids = np.full((9, 30), 255, np.uint8)
    ids[:, :5], ids[:, 25:] = 1, 2
    found = cleaned(ids, step("dilate", radius=50))
    assert (found == np.where(np.arange(30) < 15, 1, 2)).all()


@given(st.integers(0, 10_000), st.integers(1, 6), st.sampled_from([255, 2]))
@settings(max_examples=40, deadline=None)
def test_shrinking_leaves_what_is_far_from_others(seed, radius, becomes):
    ids = mask(seed, grain=3)
    lost = (ids == 1) & (cv2.dilate((ids != 1).view(np.uint8), disc(radius)) > 0)
    found = cleaned(ids, step("erode", radius=radius, classes=(1,), becomes=becomes))
    assert (found == np.where(lost, becomes, ids)).all()


def test_shrinking_everything_from_itself_does_nothing():
    ids = np.full((20, 20), 1, np.uint8)
    assert (cleaned(ids, step("erode", radius=5)) == ids).all()


def test_smoothing_takes_spots_away_and_keeps_straight_edges():
    ids = np.zeros((60, 60), np.uint8)
    ids[:, 30:] = 1
    ids[20, 10] = ids[40, 45] = 2
    ids[10:20, 30] = 0
    found = cleaned(ids, step("smooth", radius=4))
    assert (found == np.where(np.arange(60) < 30, 0, 1))[24:].all()
    assert not (found == 2).any()
    bent = cleaned(ids, step("smooth", radius=4, classes=(2,)))
    assert not (bent == 2).any()
    assert ((bent == ids) | (ids == 2)).all()


@given(st.integers(0, 10_000), st.integers(1, 6))
@settings(max_examples=20, deadline=None)
def test_smoothing_is_a_weighted_vote(seed, radius):
    ids = mask(seed)
    away = np.arange(-radius, radius + 1)
    bell = np.exp(-2 * (away / (radius + 0.5)) ** 2)
    line = np.rint(bell * 2000 / bell.sum()).astype(np.int64)
    votes = np.stack([
        ndimage.convolve((ids == id).astype(np.int64), np.outer(line, line), mode="constant")
        for id in KINDS
    ])  # fmt: skip
    own = votes[np.searchsorted(KINDS, ids), *np.indices(ids.shape)]
    expected = np.where(own == votes.max(0), ids, KINDS[votes.argmax(0)])
    assert (cleaned(ids, step("smooth", radius=radius)) == expected).all()


def test_the_rest_is_filled():
    ids = mask(1)
    found = cleaned(ids, step("fill_rest", class_id=2))
    assert (found == np.where(ids == 255, 2, ids)).all()
    assert (cleaned(ids, step("fill_rest", class_id=2), locked=(2,)) == ids).all()


# -- what every step keeps to --------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (13, 1), (3, 4000)])
def test_thin_and_uniform_masks(name, shape):
    ids = np.full(shape, 1, np.uint8)
    assert (cleaned(ids, step(name)) == ids).all()
    ids[0, 0] = 255
    assert cleaned(ids, step(name)).shape == shape
    ids[:] = 255
    assert (cleaned(ids, step(name)) == (0 if name == "fill_rest" else 255)).all()


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_title_and_settings_for_a_form(name):
    part = cleanups[name]
    assert part.title
    assert part.__doc__
    assert all(setting.label for setting in settings_of(part))
    assert pickle.loads(pickle.dumps(part())) == part()
    assert part().halo >= 0


class Impatient:
    patience = 3

    def report(self, done, total, text):
        self.patience -= 1
        if self.patience < 0:
            raise Cancelled


@pytest.mark.parametrize("name", NAMES)
def test_cleaning_up_is_cancelled_between_blocks(blocks_of, name):
    ids, read = mask(0), []

    def reading(box):
        read.append(box)
        return ids[box.slices]

    with blocks_of(8), pytest.raises(Cancelled):
        list(run_cleanup(reading, Box(0, 0, *ids.shape), step(name), Impatient(), size=8))
    assert len(read) < 10


def test_listing_the_steps_imports_nothing_heavy():
    script = """
import sys
for blocked in ("torch", "sklearn", "onnxruntime", "cv2", "scipy", "PIL"):
    sys.modules[blocked] = None
from segstudio.interactive.cleanup import cleanups
print(*cleanups)
import segstudio.interactive.flood, segstudio.interactive.objects, segstudio.interactive.similar
import segstudio.interactive.shapes, segstudio.interactive.region_moves
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == NAMES
