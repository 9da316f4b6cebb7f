import time

import numpy as np
import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.imaging.walker import random_walker

QUIET = Quiet()


def disc(shape, centre, radius):
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return (rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 <= radius**2


def picture(shape, region, noise=12, seed=0):
    rgb = np.where(region[..., None], (190, 60, 50), (60, 90, 150)).astype(float)
    rgb += np.random.default_rng(seed).normal(0, noise, (*shape, 3))
    return np.clip(rgb, 0, 255).astype(np.uint8)


def none(shape):
    return np.full(shape, -1, np.int8)


def iou(one, other):
    return (one & other).sum() / (one | other).sum()


@pytest.mark.parametrize("shape", [(120, 150), (700, 900)])
def test_two_strokes_find_a_disc(shape):
    region = disc(shape, (shape[0] // 2, shape[1] // 2), shape[0] // 4)
    seeds = none(shape)
    seeds[shape[0] // 2, shape[1] // 2 - 10 : shape[1] // 2 + 10] = 1
    seeds[5, 5:-5] = 0
    labels, probability = random_walker(picture(shape, region), seeds, None, QUIET)
    assert labels.dtype == np.int8
    assert probability.dtype == np.float32
    assert iou(labels == 1, region) > 0.98
    assert (probability >= 0).all()
    assert (probability <= 1).all()
    assert (probability[seeds >= 0] == 1).all()


def test_seeds_keep_their_labels_whatever_the_picture_says():
    shape = (600, 700)
    rgb = np.random.default_rng(1).integers(0, 256, (*shape, 3), dtype=np.uint8)
    seeds = none(shape)
    seeds[300, 100:600] = 3
    seeds[301, 100:600] = 0
    seeds[10, 10] = 7
    labels, _ = random_walker(rgb, seeds, None, QUIET)
    assert (labels == seeds)[seeds >= 0].all()
    assert set(np.unique(labels)) == {0, 3, 7}


def test_several_labels_meet_at_the_edges():
    shape = (480, 640)
    truth = (np.arange(640)[None] // 160 + np.zeros((480, 1))).astype(np.int8)
    rgb = np.array([(200, 40, 40), (40, 160, 60), (50, 60, 200), (220, 210, 60)], np.uint8)[truth]
    seeds = none(shape)
    for label in range(4):
        seeds[240:244, 160 * label + 70 : 160 * label + 90] = label
    labels, _ = random_walker(rgb, seeds, None, QUIET)
    assert (labels == truth).mean() > 0.998


def test_the_border_is_drawn_at_full_size():
    shape = (1080, 1920)
    region = np.zeros(shape, bool)
    region[301:777, 503:1405] = True
    seeds = none(shape)
    seeds[500:520, 600:1300] = 1
    seeds[20:30, 100:1800] = seeds[1050:1060, 100:1800] = 0
    labels, _ = random_walker(picture(shape, region, 6), seeds, None, QUIET)
    assert ((labels == 1) != region).sum() < 300  # of 2756 along the border


def test_a_picture_of_one_colour_goes_to_the_nearest_seed():
    seeds = none((80, 100))
    seeds[40, 10], seeds[40, 90] = 0, 1
    labels, _ = random_walker(np.full((80, 100, 3), 77, np.uint8), seeds, None, QUIET)
    assert (labels[:, :50] == 0).all()
    assert (labels[:, 51:] == 1).all()


def test_seeds_of_one_label_are_everywhere_and_no_seeds_nowhere():
    rgb = np.random.default_rng(2).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    seeds = none((40, 50))
    labels, probability = random_walker(rgb, seeds, None, QUIET)
    assert (labels == -1).all()
    assert not probability.any()
    seeds[3, 4] = 2
    labels, probability = random_walker(rgb, seeds, None, QUIET)
    assert (labels == 2).all()
    assert (probability == 1).all()


def test_a_prior_decides_where_no_seed_is_and_gives_way_to_seeds():
    shape = (200, 300)
    rgb = np.full((*shape, 3), 90, np.uint8)
    prior = np.zeros((2, *shape), np.float32)
    prior[0, :, :150] = prior[1, :, 150:] = 0.9
    prior[1, :, :150] = prior[0, :, 150:] = 0.1
    labels, _ = random_walker(rgb, none(shape), prior, QUIET)
    assert (labels[:, :145] == 0).all()
    assert (labels[:, 155:] == 1).all()
    seeds = none(shape)
    seeds[100, 40:60] = 1
    labels, _ = random_walker(rgb, seeds, prior, QUIET)
    assert (labels[98:103, 42:58] == 1).all()
    assert (labels[:, :10] == 0).all()


@pytest.mark.parametrize("shape", [(0, 5), (1, 1), (1, 300), (5, 2)])
def test_odd_sizes(shape):
    seeds = none(shape)
    if seeds.size > 1:
        seeds.flat[0], seeds.flat[-1] = 0, 1
    rgb = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    labels, _ = random_walker(rgb, seeds, None, QUIET)
    assert labels.shape == shape
    assert seeds.size < 2 or labels.flat[-1] == 1


def test_it_is_cancelled_between_steps():
    class Stop:
        def report(self, done, total, text):
            raise Cancelled

    seeds = none((50, 50))
    seeds[0, 0], seeds[9, 9] = 0, 1
    rgb = np.random.default_rng(0).integers(0, 256, (50, 50, 3), dtype=np.uint8)
    with pytest.raises(Cancelled):
        random_walker(rgb, seeds, None, Stop())


def test_a_viewport_is_quick():
    shape = (1080, 1920)
    rgb = picture(shape, disc(shape, (500, 900), 300))
    seeds = none(shape)
    seeds[480:500, 880:920], seeds[20:30] = 1, 0
    times = []
    for _ in range(3):
        start = time.perf_counter()
        random_walker(rgb, seeds, None, QUIET)
        times.append(time.perf_counter() - start)
    assert min(times) < 2.1  # 0.7 s where the machine is not shared
