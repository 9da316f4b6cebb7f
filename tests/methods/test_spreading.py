"""The segmenters that spread the strokes on a picture over all of it."""

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import LayerBuilder, SparseLayer
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.imaging.slopes import Slopes
from segstudio.imaging.walker import random_walker
from segstudio.methods.run import segment
from segstudio.methods.samples import ArrayPicture, Samples
from segstudio.methods.segmenter import segmenters
from segstudio.methods.spreading import Spreading, _reduced

NAMES = [name for name in segmenters if issubclass(segmenters[name], Spreading)]
GROUND, DISC, BOX = 9, 0, 200


def layer(ids):
    builder = LayerBuilder(*ids.shape)
    builder.write(Box(0, 0, *ids.shape), ids)
    return SparseLayer(*ids.shape, builder.finish())


def scene(height=150, width=220, noise=6.0):
    """A disc and a box on the ground: pixels, the truth, and a little stroke on each."""
    y, x = np.mgrid[:height, :width]
    unit = height / 150
    truth = np.full((height, width), GROUND, np.uint8)
    truth[(y - 60 * unit) ** 2 + (x - 60 * unit) ** 2 < (35 * unit) ** 2] = DISC
    truth[round(50 * unit) : round(120 * unit), round(130 * unit) : round(190 * unit)] = BOX
    colours = np.zeros((256, 3))
    colours[GROUND], colours[DISC], colours[BOX] = (90, 90, 80), (190, 80, 60), (60, 90, 190)
    pixels = colours[truth] + np.random.default_rng(1).normal(0, noise, (height, width, 3))
    strokes = np.full((height, width), UNLABELLED, np.uint8)
    for id, top, left in ((GROUND, 5, 5), (GROUND, 130, 100), (DISC, 55, 50), (BOX, 80, 150)):
        row, column, size = round(top * unit), round(left * unit), max(round(8 * unit), 2)
        strokes[row : row + size, column : column + 2 * size] = id
    return np.clip(pixels, 0, 255).astype(np.uint8), truth, strokes


def spread(name, pixels, strokes, valid=None, **settings):
    segmenter = segmenters[name](**settings)
    picture = ArrayPicture(pixels, valid)
    state = segmenter.fit(Samples([picture], strokes=[layer(strokes)]), Quiet())
    ids = np.full(strokes.shape, UNLABELLED, np.uint8)
    for box, part in segment(segmenter, state, picture, Quiet()):
        ids[box.slices] = part
    return ids, segmenter, state


def test_these_three():
    assert {"watershed_strokes", "graph_cut", "random_walker"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_areas_get_the_class_that_is_painted_in_them(name):
    pixels, truth, strokes = scene()
    ids, segmenter, state = spread(name, pixels, strokes)
    assert (ids == truth).mean() > 0.985
    assert segmenter.regions(state) == BOX + 1


@pytest.mark.parametrize("name", NAMES)
def test_what_is_painted_keeps_its_class_whatever_it_looks_like(name):
    pixels, _, strokes = scene()
    strokes[57:59, 57:60] = BOX  # on the disc
    strokes[90, 20] = DISC  # a pixel of the ground
    ids, _, _ = spread(name, pixels, strokes)
    painted = strokes != UNLABELLED
    assert (ids[painted] == strokes[painted]).all()
    assert ids[60, 75] == DISC


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("offset", [0, 3])
def test_borders_of_a_reduced_picture_are_drawn_at_full_size(name, offset, monkeypatch):
    pixels, truth, strokes = (a[offset:] for a in scene(600, 880))
    strokes[230, 230] = 222  # lost in a pixel of the reduced picture
    monkeypatch.setattr(Spreading, "most", 40_000)
    ids, segmenter, state = spread(name, pixels, strokes)
    assert state.stride == 4
    assert state.ids.shape == (-(-pixels.shape[0] // 4), 220)
    assert (ids == truth).mean() > 0.99
    assert 222 not in state.ids
    assert segmenter.regions(state) == 223
    rough = state.ids.repeat(4, 0).repeat(4, 1)[: len(ids)]
    assert (ids != truth).sum() < (rough != truth).sum() * 0.75
    painted = strokes != UNLABELLED
    assert (ids[painted] == strokes[painted]).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_part_in_sight_and_a_reduced_picture_look_like_the_whole(name, monkeypatch):
    pixels, _, strokes = scene(600, 880)
    monkeypatch.setattr(Spreading, "most", 40_000)
    whole, segmenter, state = spread(name, pixels, strokes)
    box = Box(120, 40, 420, 700)
    part = segmenter.apply(Tile(pixels[box.slices], box), state)
    assert (part == whole[box.slices]).mean() > 0.998
    for stride in (2, 4, 8):
        tile = ArrayPicture(pixels).read(box, stride)
        ids = segmenter.apply(tile, state)
        assert ids.shape == tile.pixels.shape[:2]
        assert (ids == whole[box.slices][::stride, ::stride]).mean() > 0.97
        said = strokes[box.slices][::stride, ::stride]
        assert (ids[said != UNLABELLED] == said[said != UNLABELLED]).all()


def test_reduced_strokes_are_what_most_of_a_pixel_is():
    ids = np.full((300, 270), UNLABELLED, np.uint8)
    ids[4:8, 8:12] = 3
    ids[4, 8:12] = 7  # 4 pixels against 12
    ids[255:257, 255:257] = 5  # over a corner where tiles meet
    ids[299, 269] = 1
    found = _reduced(layer(ids), Box(0, 0, 300, 270), 4, Quiet())
    assert found.shape == (75, 68)
    assert found[1, 2] == 3
    assert (found[63:65, 63:65] == 5).all()
    assert found[74, 67] == 1
    assert (found != UNLABELLED).sum() == 6
    assert (_reduced(layer(ids), Box(0, 0, 300, 270), 1, Quiet()) == ids).all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(1, 3001), (3001, 1), (3001, 3)])
def test_thin_pictures_are_reduced_too(name, shape, monkeypatch):
    monkeypatch.setattr(Spreading, "most", 1000)
    along = np.arange(3001).reshape((1, -1) if shape[0] == 1 else (-1, 1))
    truth = np.broadcast_to(np.where(along < 1800, 4, 6), shape).astype(np.uint8)
    pixels = np.where(truth == 4, 60, 190)[..., None].repeat(3, 2).astype(np.uint8)
    strokes = np.where((along > 100) & (along < 120) | (along > 2900), truth, UNLABELLED)
    ids, _, state = spread(name, pixels, strokes.astype(np.uint8))
    assert state.stride == (4 if min(shape) == 3 else 2)
    assert (ids == truth).mean() > 0.99


@pytest.mark.parametrize("name", NAMES)
def test_strokes_that_say_too_little_are_a_sentence(name):
    pixels, _, strokes = scene()
    one = np.where(strokes == DISC, strokes, UNLABELLED)
    with pytest.raises(UserError, match="of one class") as refused:
        spread(name, pixels, one)
    assert refused.value.hint
    valid = strokes == UNLABELLED
    with pytest.raises(UserError, match="holds no pixels"):
        spread(name, pixels, strokes, valid)
    many = np.full((20, 20), UNLABELLED, np.uint8)
    many.reshape(-1)[:200] = np.arange(200)
    with pytest.raises(UserError, match="200 classes"):
        spread(name, pixels[:20, :20], many)


@pytest.mark.parametrize("name", NAMES)
def test_one_colour_is_shared_out_by_distance(name):
    pixels = np.full((40, 60, 3), 100, np.uint8)
    strokes = np.full((40, 60), UNLABELLED, np.uint8)
    strokes[:, :2], strokes[:, 58:] = 1, 2
    ids, _, _ = spread(name, pixels, strokes)
    if name != "graph_cut":  # to which one place is as good as another
        assert (ids[:, :28] == 1).all()
        assert (ids[:, 32:] == 2).all()
    assert set(np.unique(ids)) == {1, 2}


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_parted_by_pixels_without_data(name):
    pixels, truth, strokes = scene()
    valid = np.ones(truth.shape, bool)
    valid[:, 105:112] = False
    ids, _, _ = spread(name, pixels, strokes, valid)
    assert (ids[~valid] == UNLABELLED).all()
    assert (ids[valid] == truth[valid]).mean() > 0.97


class Watch:
    """Cancels at the n-th report."""

    def __init__(self, n):
        self.left = n

    def report(self, done, total, text):
        self.left -= 1
        if self.left < 0:
            raise Cancelled


@pytest.mark.parametrize("name", NAMES)
def test_it_hears_cancel_while_it_spreads_and_while_it_draws(name, monkeypatch):
    pixels, _, strokes = scene(600, 880)
    monkeypatch.setattr(Spreading, "most", 40_000)
    segmenter = segmenters[name]()
    samples = Samples([ArrayPicture(pixels)], strokes=[layer(strokes)])
    for n in (2, 5):
        with pytest.raises(Cancelled):
            segmenter.fit(samples, Watch(n))
    state = segmenter.fit(samples, Quiet())
    with pytest.raises(Cancelled):
        segmenter.apply(Tile(pixels, Box(0, 0, 600, 880)), state, Watch(1))


def test_the_watershed_is_scikit_images_on_the_gradient():
    from skimage.segmentation import watershed

    pixels, _, strokes = scene(100, 147)
    ids, _, _ = spread("watershed_strokes", pixels, strokes, smoothing=2.0)
    heights = np.rint(Slopes.of(pixels, 2.0).steepness() * 16)
    markers = np.where(strokes == UNLABELLED, 0, strokes.astype(np.int32) + 1)
    assert (ids == watershed(heights, markers) - 1).all()
    near, _, _ = spread("watershed_strokes", pixels, strokes, compactness=10.0)
    assert (near != ids).any()


def test_the_walker_meets_strokes_as_grady_has_it():
    pixels, _, strokes = scene()
    classes, seeds = np.unique(strokes, return_inverse=True)
    seeds = np.where(strokes == UNLABELLED, -1, seeds.reshape(strokes.shape)).astype(np.int8)
    expected, _ = random_walker(pixels, seeds, None, Quiet())
    ids, _, _ = spread("random_walker", pixels, strokes)
    assert (ids == classes[expected]).all()


def test_with_colours_walkers_find_what_no_stroke_lies_on():
    pixels, _, strokes = scene()
    pixels[10:30, 150:180] = pixels[60:80, 140:170]  # another box, far from its stroke
    for name, settings in (("random_walker", {"colours": 0.1}), ("graph_cut", {})):
        ids, _, _ = spread(name, pixels, strokes, **settings)
        assert (ids[12:28, 152:178] == BOX).mean() > 0.95
    ids, _, _ = spread("random_walker", pixels, strokes)
    assert (ids[12:28, 152:178] == GROUND).all()


def test_smoother_cuts_have_shorter_borders():
    pixels, _, strokes = scene(noise=60.0)
    lengths = []
    for smoothness in (0.0, 20.0, 200.0):
        ids, _, _ = spread("graph_cut", pixels, strokes, smoothness=smoothness)
        lengths.append(int((ids[1:] != ids[:-1]).sum() + (ids[:, 1:] != ids[:, :-1]).sum()))
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] < lengths[0] / 2


def test_a_superpixel_with_strokes_of_two_classes_is_parted_and_strokes_are_binding():
    from segstudio.methods.builtin.graph_cut import _fix, _parted

    nodes = np.zeros((4, 6), np.int32)
    nodes[:, 3:] = 1
    seeds = np.full((4, 6), -1, np.int8)
    seeds[0, 0], seeds[3, 0], seeds[1, 4] = 0, 1, 1
    parted = _parted(nodes, seeds)
    assert len(np.unique(parted)) == 4
    assert len({parted[0, 0], parted[3, 0], parted[1, 1]}) == 3
    assert (parted[:, 3:] == parted[1, 4]).all()
    costs = np.array([[0.0, 9.0], [1.0, 7.0], [5.0, 5.0], [0.0, 40.0]])
    pairs = np.array([[0, 1], [0, 2], [0, 3], [1, 3]], np.int32)
    free = costs[parted[1, 1]].copy()
    _fix(costs, parted, seeds, pairs, np.ones(4))
    assert (costs[parted[1, 1]] == free).all()
    assert costs[parted[0, 0], 0] == costs[parted[3, 0], 1] == costs[parted[1, 4], 1] == 0
    assert costs[parted[1, 4], 0] > 2  # more than its borders cost
