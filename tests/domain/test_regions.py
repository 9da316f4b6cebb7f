import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.features import FeatureMap
from segstudio.domain.geometry import Box
from segstudio.domain.metrics import entropy
from segstudio.domain.regions import (
    CELLS,
    RegionTable,
    blank_table,
    boxes_of,
    edges_of,
    labelled_shares,
    side_for,
    table_of,
)
from segstudio.domain.tiles import TILE, Packed, SparseLayer

SIDES = st.integers(1, 700)


def random_case(height, width, classes, seed=0):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(classes, 0.4), (height, width)).astype(np.float32)
    pixels = rng.integers(0, 256, (height, width, 3), np.uint8)
    return np.ascontiguousarray(np.moveaxis(p, -1, 0)), pixels


# -- the grid ------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(SIDES, SIDES, st.just(0) | st.integers(8, 300))
def test_regions_cover_a_picture_exactly(height, width, side):
    boxes = boxes_of(height, width, side)
    covered = np.zeros((height, width), np.uint8)
    for top, left, bottom, right in boxes:
        covered[top:bottom, left:right] += 1
    assert (covered == 1).all()


@given(SIDES, st.integers(1, 300))
def test_no_piece_is_less_than_half_a_side_or_more_than_one_and_a_half(length, side):
    pieces = np.diff(edges_of(length, side))
    assert (pieces[:-1] == side).all()
    assert len(pieces) == 1 or 0.5 * side <= pieces[-1] < 1.5 * side


def test_a_last_strip_narrower_than_half_a_side_joins_its_neighbour():
    assert edges_of(256 + 63, 128).tolist() == [0, 128, 319]
    assert edges_of(256 + 64, 128).tolist() == [0, 128, 256, 320]
    assert edges_of(500, 0).tolist() == [0, 500]


# -- what is known of regions --------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 90), st.integers(1, 90), st.sampled_from([1, 2, 4]), st.integers(0, 40),
    st.integers(1, 4), st.booleans(), st.integers(0, 99),
)  # fmt: skip
def test_figures_are_means_over_the_valid_pixels(height, width, stride, side, classes, holes, seed):
    size = height * stride, width * stride
    p, pixels = random_case(height, width, classes, seed)
    valid = np.random.default_rng(seed).random((height, width)) > 0.5 if holes else None
    table = table_of(p, pixels, valid, stride, side, size)
    assert np.array_equal(table.boxes, boxes_of(*size, side_for(side, stride)))
    doubt = entropy(p)
    weight = np.ones((height, width)) if valid is None else valid.astype(float)
    areas = np.zeros(len(table))
    for place in range(len(table)):
        box = table.box(place)
        cells = Box(*(round(side / stride) for side in (box.top, box.left, box.bottom, box.right)))
        part = weight[cells.slices]
        areas[place] = part.sum()
        assert table.valid[place] == pytest.approx(part.mean(), abs=1e-6)
        mean = (doubt[cells.slices] * part).sum() / max(part.sum(), 1)
        assert table.entropy[place] == pytest.approx(mean, abs=1e-5)
    known = table.valid > 0
    assert table.share[known].sum(1) == pytest.approx(1, abs=1e-4)
    assert table.area[known].sum(1) == pytest.approx(1, abs=1e-4)
    assert (table.doubt.sum(1) == pytest.approx(table.entropy, abs=1e-4)) or not known.any()
    assert (table.entropy[~known] == 0).all()
    assert areas.sum() == weight.sum()
    assert (table.top >= table.entropy - 1e-5).all()


def test_the_single_figures_of_two_known_pixels():
    p = np.array([[[0.5, 1.0]], [[0.5, 0.0]]], np.float32)
    table = table_of(p, np.zeros((1, 2, 3), np.uint8), None, 1, 0, (1, 2))
    assert table.entropy == pytest.approx([0.5])
    assert table.margin == pytest.approx([0.5])
    assert table.confidence == pytest.approx([0.25])
    assert table.top == pytest.approx([1.0])
    assert table.share[0] == pytest.approx([0.75, 0.25])
    assert table.area[0] == pytest.approx([1.0, 0.0])
    assert table.doubt[0] == pytest.approx([0.25, 0.25])


def test_the_highest_tenth_does_not_see_sure_ground():
    p = np.zeros((2, 10, 10), np.float32)
    p[0], p[:, 0, :] = 1, 0.5
    table = table_of(p, np.zeros((10, 10, 3), np.uint8), None, 1, 0, (10, 10))
    assert table.top == pytest.approx([1.0])
    assert table.entropy == pytest.approx([0.1])


def test_one_class_leaves_no_doubt():
    p, pixels = random_case(8, 8, 1)
    table = table_of(p, pixels, None, 1, 4, (8, 8))
    assert (table.entropy == 0).all()
    assert (table.margin == 0).all()
    assert (table.share == 1).all()


def test_what_is_no_number_spoils_only_its_region():
    p, pixels = random_case(8, 16, 3)
    p[:, 2, 3] = np.nan
    table = table_of(p, pixels, None, 1, 8, (8, 16))
    assert np.isnan(table.entropy).tolist() == [True, False]
    assert np.isnan(table.doubt).any(1).tolist() == [True, False]
    assert np.isnan(table.area).all(1).tolist() == [True, False]


def test_what_is_no_number_outside_of_the_data_does_not_count():
    p, pixels = random_case(8, 8, 3)
    p[:, 0, :] = np.nan
    valid = np.ones((8, 8), bool)
    valid[0] = False
    table = table_of(p, pixels, valid, 1, 0, (8, 8))
    assert np.isfinite(table.entropy).all()
    assert np.isfinite(table.top).all()


def test_regions_of_a_reduced_picture_are_never_too_small():
    pixels = np.zeros((100, 50, 3), np.uint8)
    table = table_of(None, pixels, None, 64, 128, (6400, 3200))
    heights = table.boxes[:, 2] - table.boxes[:, 0]
    assert heights.min() >= CELLS * 64 // 2
    assert table.classes == 0


def test_looks_tell_flat_from_rough_and_dark_from_light():
    pixels = np.zeros((8, 24, 3), np.uint8)
    pixels[:, 8:16] = 200
    pixels[::2, 16:] = 200
    look = table_of(None, pixels, None, 1, 8, (8, 24)).look
    assert look[0, 0] < look[2, 0] < look[1, 0]
    assert look[2, 3] > look[0, 3]
    assert look[2, 6] > look[0, 6]


# -- keeping -------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5), st.integers(1, 60), st.integers(1, 60))
def test_a_table_comes_back_as_it_was_kept(classes, height, width):
    p, pixels = random_case(height, width, max(classes, 1))
    table = table_of(p if classes else None, pixels, None, 1, 16, (height, width))
    back = RegionTable.from_bytes(table.to_bytes())
    assert np.array_equal(back.boxes, table.boxes)
    assert back.classes == classes
    for name in ("entropy", "margin", "confidence", "top", "valid", "disagreement"):
        assert np.array_equal(getattr(back, name), getattr(table, name))
    for name in ("share", "area", "doubt", "look"):
        assert getattr(back, name) == pytest.approx(getattr(table, name), rel=1e-3, abs=1e-6)
    assert back.to_bytes() == RegionTable.from_bytes(back.to_bytes()).to_bytes()


def deep_table(scale=1.0):
    p, pixels = random_case(8, 16, 3)
    values = scale * np.arange(2 * 2 * 4, dtype=np.float32).reshape(2, 2, 4)
    return table_of(p, pixels, None, 1, 4, (8, 16), features=FeatureMap(values, (4.0, 4.0)))


def test_features_are_pooled_over_regions_and_kept_with_them():
    table = deep_table()
    assert table.features.tolist() == [[n, n + 8] for n in range(8)]
    back = RegionTable.from_bytes(table.to_bytes())
    assert np.array_equal(back.features, table.features)
    assert np.array_equal(back.look, table.look.astype(np.float16).astype(np.float32))
    assert np.array_equal(back.entropy, table.entropy)
    some = RegionTable.joined([table.taken(np.array([5])), table.taken(np.array([2]))])
    assert some.features.tolist() == [[5, 13], [2, 10]]


def test_features_too_large_for_half_precision_are_kept_as_the_largest():
    back = RegionTable.from_bytes(deep_table(-1e6).to_bytes())
    assert back.features[0].tolist() == [0, -65504]
    assert back.features[7].tolist() == [-65504, -65504]


def test_a_table_without_features_is_kept_as_before_there_were_any():
    p, pixels = random_case(8, 16, 3)
    table = table_of(p, pixels, None, 1, 4, (8, 16))
    data = table.to_bytes()
    assert data[:12] == bytes([1, 0, 0, 0, 8, 0, 0, 0, 3, 0, 0, 0])
    assert len(data) == 12 + 8 * (4 * 4 + 6 * 4 + (3 * 3 + 7) * 2)
    assert RegionTable.from_bytes(data).features.shape == (8, 0)


@pytest.mark.parametrize("spoil", [lambda d: d[:5], lambda d: d[:-1], lambda d: d + b"x",
                                   lambda d: b"", lambda d: d[:14],
                                   lambda d: bytes([d[0] ^ 3]) + d[1:],
                                   lambda d: b"\x03" + d[1:]])  # fmt: skip
def test_damaged_bytes_are_refused(spoil):
    p, pixels = random_case(8, 16, 3)
    for table in (table_of(p, pixels, None, 1, 4, (8, 16)), deep_table()):
        data = table.to_bytes()
        assert len(RegionTable.from_bytes(data)) == 8
        with pytest.raises(ValueError, match="no table of regions"):
            RegionTable.from_bytes(spoil(data))


def test_tables_are_joined_and_taken_apart():
    p, pixels = random_case(8, 16, 3)
    table = table_of(p, pixels, None, 1, 4, (8, 16))
    joined = RegionTable.joined([table.taken(np.array([1, 3])), table.taken(np.array([0]))])
    assert np.array_equal(joined.boxes, table.boxes[[1, 3, 0]])
    assert np.array_equal(joined.doubt, table.doubt[[1, 3, 0]])
    assert len(RegionTable.joined([])) == 0
    assert len(blank_table(boxes_of(8, 16, 4), 3)) == 8


# -- labels --------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 600), st.integers(1, 600), st.sampled_from([0, 40, 128, 300]), st.integers(0, 9)
)
def test_shares_of_labels_are_those_of_the_whole_mask(height, width, side, seed):
    rng = np.random.default_rng(seed)
    whole = np.full((-(-height // TILE) * TILE, -(-width // TILE) * TILE), UNLABELLED, np.uint8)
    top, left = int(rng.integers(height)), int(rng.integers(width))
    whole[top:height, left : min(width, left + 200)] = 3
    layer = SparseLayer(height, width)
    for row in range(0, whole.shape[0], TILE):
        for column in range(0, whole.shape[1], TILE):
            ids = whole[row : row + TILE, column : column + TILE].copy()
            layer.put((row // TILE, column // TILE), Packed.of(ids))
    found = labelled_shares(layer, side)
    for share, box in zip(found, boxes_of(height, width, side), strict=True):
        part = whole[box[0] : box[2], box[1] : box[3]]
        assert share == pytest.approx((part != UNLABELLED).mean())
