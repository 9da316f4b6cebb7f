import time

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.interactive.correction import corrected, corrected_box

QUIET = Quiet()
WALL, WINDOW, SKY = range(3)


def facade(side=320):
    """A wall with windows under a sky: its colours, what is right, what a model says."""
    truth = np.full((side, side), WALL, np.uint8)
    truth[: side // 5] = SKY
    for top in range(side // 4, side - 60, 80):
        for left in range(20, side - 50, 70):
            truth[top : top + 50, left : left + 40] = WINDOW
    rgb = np.array([(170, 140, 110), (50, 60, 80), (130, 170, 220)], float)[truth]
    rgb += np.random.default_rng(0).normal(0, 8, rgb.shape)
    sure = np.full((3, side, side), 0.1, np.float32)
    for id in range(3):
        sure[id][truth == id] = 0.8
    return np.clip(rgb, 0, 255).astype(np.uint8), truth, sure


def missing_window(side=320):
    """The model takes one window for wall, with some doubt."""
    rgb, truth, sure = facade(side)
    hole = Box(side // 4, 20, side // 4 + 50, 60)
    sure[:, hole.top : hole.bottom, hole.left : hole.right] = np.array([0.6, 0.3, 0.1])[
        :, None, None
    ]
    return rgb, truth, sure, sure.argmax(0).astype(np.uint8), hole


def applied(ids, box, part):
    out = ids.copy()
    out[box.slices] = part
    return out


@pytest.mark.parametrize("side", [320, 800])
def test_a_stroke_in_a_missed_window_brings_all_of_it(side):
    rgb, truth, sure, ids, hole = missing_window(side)
    stroke = np.zeros(ids.shape, bool)
    stroke[hole.top + 20 : hole.top + 30, hole.left + 10 : hole.left + 30] = True
    box, part = corrected(sure, rgb, ids, stroke, WINDOW, QUIET)
    after = applied(ids, box, part)
    assert (ids != truth).sum() == 2000
    assert (after != truth).sum() < 60
    assert (after[stroke] == WINDOW).all()


def test_far_away_nothing_changes():
    rgb, _, sure, ids, hole = missing_window(800)
    ids[600:700, 600:700] = SKY  # a mistake that the stroke says nothing about
    stroke = np.zeros(ids.shape, bool)
    stroke[hole.top + 20 : hole.top + 30, hole.left + 10 : hole.left + 30] = True
    box, part = corrected(sure, rgb, ids, stroke, WINDOW, QUIET)
    after = applied(ids, box, part)
    assert (after[400:, 400:] == ids[400:, 400:]).all()
    assert set(np.unique(after[after != ids])) == {WINDOW}


def test_what_no_walker_of_the_stroke_reaches_stays_unlabelled():
    rgb, truth, sure = facade(800)
    ids = np.full(truth.shape, 255, np.uint8)
    stroke = np.zeros(ids.shape, bool)
    stroke[210:220, 25:55] = True  # in the first window of the first row
    after = applied(ids, *corrected(sure, rgb, ids, stroke, WINDOW, QUIET))
    assert (after[200:250, 20:60] == WINDOW).mean() > 0.99
    assert (after[:, 160:] == 255).all()


def test_what_looks_like_the_stroke_is_taken_further():
    random = np.random.default_rng(0)
    truth = np.zeros((400, 500), np.uint8)
    truth[100:300, 100:400] = 1
    rgb = np.where(truth[..., None], (60, 120, 60), (150, 130, 110)) + random.normal(
        0, 6, (400, 500, 3)
    )
    sure = np.full((2, 400, 500), 0.7, np.float32)
    sure[1] = 0.3
    ids = np.zeros((400, 500), np.uint8)
    stroke = np.zeros(ids.shape, bool)
    stroke[190:210, 240:260] = True
    after = applied(ids, *corrected(sure, rgb.clip(0, 255).astype(np.uint8), ids, stroke, 1, QUIET))
    assert after[truth == 1].mean() > 0.4  # what lies within its reach
    assert after[truth == 0].mean() < 0.01


def test_a_stroke_where_the_model_was_right_spreads_over_no_edge():
    rgb, truth, sure = facade()
    stroke = np.zeros(truth.shape, bool)
    stroke[70:72, 100:120] = True  # a wire on the wall
    before = truth.copy()
    box, part = corrected(sure, rgb, truth, stroke, SKY, QUIET)
    after = applied(truth, box, part)
    assert (after[stroke] == SKY).all()
    assert (after[truth == WINDOW] == WINDOW).all()
    assert (truth == before).all()


def test_a_class_that_the_model_does_not_know_is_taken_too():
    rgb, truth, sure, ids, hole = missing_window()
    stroke = np.zeros(ids.shape, bool)
    stroke[hole.top + 20 : hole.top + 30, hole.left + 10 : hole.left + 30] = True
    box, part = corrected(sure, rgb, ids, stroke, 200, QUIET)
    after = applied(ids, box, part)
    assert (after[stroke] == 200).all()
    assert (after[truth != WINDOW] != 200).mean() > 0.99


def test_no_stroke_is_no_change_and_all_of_it_is_all():
    rgb, _, sure = facade()
    ids = np.full(rgb.shape[:2], 255, np.uint8)
    none = np.zeros(ids.shape, bool)
    box, part = corrected(sure, rgb, ids, none, WALL, QUIET)
    assert not box
    assert part.size == 0
    box, part = corrected(sure, rgb, ids, ~none, WALL, QUIET)
    assert box == Box(0, 0, *ids.shape)
    assert (part == WALL).all()


def test_a_box_around_a_missed_window_brings_it():
    rgb, truth, sure, ids, hole = missing_window()
    box, part = corrected_box(sure, rgb, ids, hole.grown(5), WINDOW, QUIET)
    after = applied(ids, box, part)
    assert (after != truth).sum() < 100
    assert box.clipped(hole.grown(5)) == box


def test_a_box_takes_back_what_lies_beside_the_object():
    rgb, truth, sure = facade()
    hole = Box(80, 20, 130, 60)
    wide = hole.grown(8)
    ids = truth.copy()
    ids[wide.slices] = WINDOW  # the window was painted too large
    box, part = corrected_box(sure, rgb, ids, hole.grown(10), WINDOW, QUIET)
    after = applied(ids, box, part)
    assert (ids != truth).sum() > 1500
    assert (after != truth).sum() < 100


@pytest.mark.parametrize("box", [Box(-9, -9, 900, 900), Box(300, 300, 340, 340), Box(5, 5, 6, 6)])
def test_odd_boxes(box):
    rgb, _, sure = facade()
    ids = sure.argmax(0).astype(np.uint8)
    changed, part = corrected_box(sure, rgb, ids, box, WINDOW, QUIET)
    assert not changed or changed.clipped(box) == changed
    assert part.shape == changed.shape


def test_a_box_outside_changes_nothing():
    rgb, _, sure = facade()
    ids = sure.argmax(0).astype(np.uint8)
    box, part = corrected_box(sure, rgb, ids, Box(900, 0, 950, 50), WINDOW, QUIET)
    assert not box
    assert part.size == 0


def test_it_is_cancelled():
    class Stop:
        def report(self, done, total, text):
            raise Cancelled

    rgb, _, sure, ids, hole = missing_window()
    stroke = np.zeros(ids.shape, bool)
    stroke[hole.slices] = True
    with pytest.raises(Cancelled):
        corrected(sure, rgb, ids, stroke, WINDOW, Stop())
    with pytest.raises(Cancelled):
        corrected_box(sure, rgb, ids, hole, WINDOW, Stop())


def test_a_window_of_512_pixels_is_quick():
    rgb, _, sure = facade(512)
    ids = sure.argmax(0).astype(np.uint8)
    stroke = np.zeros(ids.shape, bool)
    stroke[200:212, 60:450] = True
    times = []
    for _ in range(3):
        start = time.perf_counter()
        corrected(sure, rgb, ids, stroke, WINDOW, QUIET)
        times.append(time.perf_counter() - start)
    assert min(times) < 1.5  # 0.5 s where the machine is not shared
