import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import ndimage

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import TILE, Packed, SparseLayer, blank, keys_of, tile_box
from segstudio.interactive.blocks import uniform_of
from segstudio.interactive.flood import fill_colour, fill_mask

QUIET = Quiet()


def blobs(seed, height, width, ids=3, grain=2):
    """Return ids in areas of random outline; fine grain makes noise."""
    rng = np.random.default_rng(seed)
    smooth = ndimage.gaussian_filter(rng.normal(size=(ids, height, width)), (0, grain, grain))
    return smooth.argmax(0).astype(np.uint8)


def fill(ids, seed, gap=0):
    """Put the patches together; they must not overlap."""
    out = np.zeros(ids.shape, np.int64)
    image = Box(0, 0, *ids.shape)
    for patch in fill_mask(lambda box: ids[box.slices], seed, image, gap, QUIET):
        assert patch.box.clipped(image) == patch.box
        out[patch.box.slices] += patch.region
    assert out.max(initial=0) <= 1
    return out > 0


def connected(area, row, column):
    number = ndimage.label(area)[0]
    return area & (number == number[row, column])


def through_wide(area, row, column, gap):
    """Move a square pixel by pixel: the definition of closing gaps."""
    for side in range(gap, 1, -1):
        height, width = area.shape
        fits = np.zeros(area.shape, bool)
        for r in range(height - side + 1):
            for c in range(width - side + 1):
                fits[r, c] = area[r : r + side, c : c + side].all()
        number = ndimage.label(fits)[0]
        near = number[max(row - side + 1, 0) : row + 1, max(column - side + 1, 0) : column + 1]
        wanted = set(np.unique(near)) - {0}
        if wanted:
            covered = np.zeros(area.shape, bool)
            for r, c in np.argwhere(np.isin(number, list(wanted))):
                covered[r : r + side, c : c + side] = True
            return ndimage.binary_dilation(covered, iterations=(side + 1) // 2, mask=area)
    return connected(area, row, column)


@given(
    st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 40), st.integers(3, 50),
    st.sampled_from([0.4, 0.8, 2, 5]), st.integers(0, 1600),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
@example(3, 40, 40, 3, 0.4, 777)
def test_a_fill_is_the_connected_area(blocks_of, seed, height, width, size, grain, at):
    ids = blobs(seed, height, width, 2, grain)
    row, column = divmod(at % (height * width), width)
    with blocks_of(size):
        found = fill(ids, (column + 0.2, row + 0.9))
    assert (found == connected(ids == ids[row, column], row, column)).all()


@given(
    st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 30), st.integers(6, 40),
    st.integers(1, 7), st.integers(0, 900), st.sampled_from([0.8, 2, 4]),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_a_fill_does_not_pass_gaps(blocks_of, seed, height, width, size, gap, at, grain):
    ids = blobs(seed, height, width, 2, grain)
    row, column = divmod(at % (height * width), width)
    with blocks_of(max(size, gap + (gap + 1) // 2)):
        found = fill(ids, (column + 0.5, row + 0.5), gap)
    assert (found == through_wide(ids == ids[row, column], row, column, gap)).all()


@pytest.mark.parametrize(("gap", "leaks"), [(0, True), (2, True), (3, True), (4, False)])
def test_a_leak_is_passed_where_it_is_as_wide_as_the_gap(gap, leaks):
    ids = np.zeros((40, 61), np.uint8)
    ids[:, 30] = 1
    ids[20:23, 30] = 0  # three pixels wide
    found = fill(ids, (5, 5), gap)
    assert found[:, :30].all()
    assert found[:, 35:].any() == leaks


@pytest.mark.parametrize("size", [4, 7, 64])
def test_a_long_winding_way_is_followed(blocks_of, size):
    ids = np.zeros((41, 60), np.uint8)
    ids[::2] = 1
    ids[1::4, -1] = ids[3::4, 0] = 1
    with blocks_of(size):
        found = fill(ids, (0, 0))
    assert (found == (ids == 1)).all()


def test_blocks_of_a_winding_way_are_read_a_few_times_only(blocks_of):
    ids = np.zeros((401, 60), np.uint8)
    ids[::2] = 1
    ids[1::4, -1] = ids[3::4, 0] = 1
    reads = []

    def read(box):
        reads.append(box)
        return ids[box.slices]

    with blocks_of(30):
        found = sum(p.area for p in fill_mask(read, (0, 0), Box(0, 0, 401, 60), 0, QUIET))
    assert found == (ids == 1).sum()
    assert max(map(reads.count, reads)) <= 7


@pytest.mark.parametrize("seed", [(-1, 5), (5, 40), (61, 5), (float("nan"), 1)])
def test_outside_the_image_is_nothing(seed):
    ids = np.zeros((40, 61), np.uint8)
    assert not fill(ids, seed).any()
    assert not fill_colour(np.zeros((40, 61, 3), np.uint8), seed, 10).any()


def layer_of(ids):
    layer = SparseLayer(*ids.shape)
    for key in keys_of(layer.box):
        whole, part = blank(), tile_box(key).clipped(layer.box)
        whole[part.within(tile_box(key))] = ids[part.slices]
        layer.put(key, Packed.of(whole))
    return layer


def test_uniform_tiles_are_not_read():
    ids = np.full((5 * TILE + 7, 9 * TILE + 3), 4, np.uint8)
    ids[700:710, 300:900] = 255
    layer = layer_of(ids)
    uniform, read = uniform_of(layer), []
    seen = {key: uniform(key) for key in keys_of(layer.box)}
    assert {key for key, id in seen.items() if id is None} == {(2, 1), (2, 2), (2, 3)}
    assert set(seen.values()) == {None, 4}
    assert uniform_of(SparseLayer(300, 300))((1, 1)) == 255

    def reading(box):
        read.append(box)
        return layer.read(box)

    patches = list(fill_mask(reading, (3, 3), layer.box, 0, QUIET, uniform))
    assert sum(patch.area for patch in patches) == (ids == 4).sum()
    assert read == [Box(3, 3, 4, 4), Box(0, 0, 1024, 1024)]


class Impatient:
    def __init__(self, patience):
        self.patience = patience

    def report(self, done, total, text):
        self.patience -= 1
        if self.patience < 0:
            raise Cancelled


@pytest.mark.parametrize("gap", [0, 3])
def test_filling_is_cancelled_between_blocks(blocks_of, gap):
    ids = np.zeros((100, 100), np.uint8)
    read = []

    def reading(box):
        read.append(box)
        return ids[box.slices]

    with blocks_of(10), pytest.raises(Cancelled):
        list(fill_mask(reading, (1, 1), Box(0, 0, 100, 100), gap, Impatient(5)))
    assert len(read) < 20


# -- by colour -----------------------------------------------------------------------


def apart(rgb, seed):
    """Distances in CIELAB, from its definition (sRGB, D65)."""
    linear = rgb.astype(np.float64) / 255
    linear = np.where(linear <= 0.04045, linear / 12.92, ((linear + 0.055) / 1.055) ** 2.4)
    xyz = linear @ np.array(
        [[0.412453, 0.212671, 0.019334], [0.357580, 0.715160, 0.119193],
         [0.180423, 0.072169, 0.950227]]
    ) / np.array([0.950456, 1, 1.088754])  # fmt: skip
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    lab = np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]),
                    200 * (f[..., 1] - f[..., 2])], -1)  # fmt: skip
    return np.sqrt(((lab - lab[seed]) ** 2).sum(-1))


@given(st.integers(0, 1000), st.floats(3, 60))
@settings(max_examples=40, deadline=None)
def test_similar_colours_are_those_within_the_tolerance(seed, tolerance):
    rgb = np.random.default_rng(seed).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    found = fill_colour(rgb, (7.5, 11.5), tolerance, contiguous=False)
    distance = apart(rgb, (11, 7))
    sure = np.abs(distance - tolerance) > 1.5  # 8 bits of CIELAB are that coarse
    assert (found == (distance <= tolerance))[sure].all()
    assert found[11, 7]


def test_a_colour_is_filled_where_it_is_connected():
    rgb = np.full((60, 80, 3), (200, 40, 40), np.uint8)
    rgb[:, 40] = (30, 60, 220)
    rgb[30, 40] = (200, 40, 40)
    assert fill_colour(rgb, (3, 3), 5).sum() == 60 * 79 + 1 + 0 * 80
    assert not fill_colour(rgb, (3, 3), 5, gap=2)[:, 43:].any()
    assert fill_colour(rgb, (3, 3), 5, gap=2)[:, :40].all()
    assert fill_colour(rgb, (3, 3), 500).all()
    assert fill_colour(rgb, (40.5, 3.5), 5, contiguous=False).sum() == 59
