"""What all regional segmenters do with their segments, and what is special to each."""

import cv2
import numpy as np
import pytest
from scipy.ndimage import label as parts_of
from skimage.segmentation import felzenszwalb

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiling import Tile
from segstudio.methods import run
from segstudio.methods.regional import Regional
from segstudio.methods.samples import ArrayPicture, Samples
from segstudio.methods.segmenter import segmenters
from segstudio.settings import build

REGIONAL = [name for name in segmenters if issubclass(segmenters[name], Regional)]
FINE = {"slic": "size", "felzenszwalb": "scale", "watershed": "depth", "edges": "share",
        "merging": "count"}  # fmt: skip


def scene(height=240, width=320, noise=4.0):
    """Return a picture of areas of three colours from dark to light, and what is where."""
    truth = np.ones((height, width), np.uint8)
    cv2.circle(truth, (width // 3, height // 2), height // 4, 0, -1)
    truth[height // 8 : height // 2, 2 * width // 3 :] = 2
    colours = np.array([(60, 40, 50), (120, 110, 130), (210, 190, 150)])
    rng = np.random.default_rng(0)
    rgb = colours[truth] + rng.normal(0, noise, (height, width, 3))
    return rgb.clip(0, 255).astype(np.uint8), truth


def test_all_five_are_there():
    assert set(FINE) == set(REGIONAL)


@pytest.mark.parametrize("name", REGIONAL)
def test_groups_of_segments_are_the_areas_of_the_picture(name):
    rgb, truth = scene()
    segmenter = build(segmenters[name], {"groups": 3})
    state = segmenter.fit(Samples.of(rgb), Quiet())
    ids = segmenter.apply(Tile(rgb, Box(0, 0, *truth.shape)), state)
    assert segmenter.regions(state) == 3
    assert (ids == truth).mean() > 0.98


@pytest.mark.parametrize("name", REGIONAL)
def test_segments_are_numbered_without_gaps_and_connected(name):
    labels = segmenters[name]().segments(scene()[0], Quiet())
    assert labels.dtype == np.int32
    count = labels.max() + 1
    assert set(np.unique(labels)) == set(range(count))
    parts = sum(parts_of(labels == n, np.ones((3, 3)))[1] for n in range(count))
    assert parts == count


@pytest.mark.parametrize("name", REGIONAL)
@pytest.mark.parametrize("most", [1 << 62, 12_000])
def test_borders_lie_on_edges_also_where_the_picture_was_reduced(name, most, monkeypatch, recall):
    rgb, truth = scene(360, 480)
    monkeypatch.setattr(segmenters[name], "most", most)
    labels = segmenters[name]().segments(rgb, Quiet())
    assert labels.shape == truth.shape
    assert recall(labels, truth, within=2) > 0.93


@pytest.mark.parametrize("name", REGIONAL)
def test_lengths_follow_the_scale_of_a_reduced_picture(name):
    """A preview has about as many segments as the picture itself."""
    rgb, _ = scene(360, 480, noise=2)
    segmenter = segmenters[name]()
    whole = segmenter.segments(rgb, Quiet()).max() + 1
    small = segmenter.segments(np.ascontiguousarray(rgb[::2, ::2]), Quiet(), 2.0).max() + 1
    assert 0.5 < small / whole < 2


@pytest.mark.parametrize("name", REGIONAL)
def test_colours_mean_the_same_in_every_picture(name):
    """What was learned from a dark and a light picture together holds for each."""
    dark = np.full((50, 60, 3), 30, np.uint8)
    light = np.full((50, 60, 3), 200, np.uint8)
    segmenter = build(segmenters[name], {"groups": 2})
    state = segmenter.fit(Samples([ArrayPicture(dark), ArrayPicture(light)]), Quiet())
    for expected, pixels in enumerate((dark, light)):
        assert (segmenter.apply(Tile(pixels, Box(0, 0, 50, 60)), state) == expected).all()


@pytest.mark.parametrize("name", REGIONAL)
def test_windows_of_a_large_picture_agree_on_the_numbers(name, monkeypatch):
    rgb, truth = scene(300, 400)
    monkeypatch.setattr(run, "WHOLE", 128)
    segmenter = build(segmenters[name], {"groups": 3})
    picture = ArrayPicture(rgb)
    state = segmenter.fit(Samples([picture]), Quiet())
    ids = np.full(truth.shape, 255, np.uint8)
    boxes = 0
    for box, part in run.segment(segmenter, state, picture, Quiet(), 128):
        ids[box.slices] = part
        boxes += 1
    assert boxes > 4
    assert (ids == truth).mean() > 0.97


@pytest.mark.parametrize("name", REGIONAL)
def test_labelling_can_be_cancelled_half_way(name):
    class Later:
        reports = 0

        def report(self, done, total, text):
            self.reports += 1
            if 2 * done >= total:
                raise Cancelled

    rgb, _ = scene()
    segmenter = segmenters[name]()
    state = segmenter.fit(Samples.of(rgb), Quiet())
    later = Later()
    with pytest.raises(Cancelled):
        segmenter.apply(Tile(rgb, Box(0, 0, *rgb.shape[:2])), state, later)
    assert later.reports > 1


@pytest.mark.parametrize("name", REGIONAL)
def test_progress_only_grows(name):
    seen = []

    class Watching:
        def report(self, done, total, text):
            seen.append(done / total)

    rgb, _ = scene(300, 400)
    segmenter = segmenters[name]()
    state = segmenter.fit(Samples.of(rgb), Quiet())
    segmenter.apply(Tile(rgb, Box(0, 0, *rgb.shape[:2])), state, Watching())
    assert seen == sorted(seen)
    assert seen[-1] == 1


# -- each by itself ------------------------------------------------------------------


def test_superpixels_have_the_size_asked_for():
    rgb, _ = scene()
    for size in (10, 20, 40):
        count = build(segmenters["slic"], {"size": size}).segments(rgb, Quiet()).max() + 1
        assert count == pytest.approx(rgb.shape[0] * rgb.shape[1] / size**2, rel=0.3)


def test_felzenszwalb_is_that_of_scikit_image():
    rgb, _ = scene(noise=12)
    found = build(segmenters["felzenszwalb"], {"scale": 150.0}).segments(rgb, Quiet())
    assert (found == felzenszwalb(rgb, scale=150, sigma=0.8, min_size=20)).all()
    assert found.max() > 1


@pytest.mark.parametrize("count", [2, 3, 10, 77])
def test_merging_leaves_as_many_segments_as_asked_for(count):
    segmenter = build(segmenters["merging"], {"count": count})
    labels = segmenter.segments(scene()[0], Quiet())
    assert labels.max() + 1 == count


def test_merging_down_to_the_true_number_finds_the_areas():
    rgb, truth = scene()
    labels = build(segmenters["merging"], {"count": 3}).segments(rgb, Quiet())
    best = {n: np.bincount(truth[labels == n]).argmax() for n in range(3)}
    assert sorted(best.values()) == [0, 1, 2]
    assert (np.vectorize(best.get)(labels) == truth).mean() > 0.99


def test_deeper_basins_are_fewer():
    counts = [
        build(segmenters["watershed"], {"depth": depth}).segments(scene()[0], Quiet()).max() + 1
        for depth in (0.0, 1.0, 5.0, 50.0)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 100 * counts[-1]
    assert counts[-1] == 1


@pytest.mark.parametrize(("depth", "stripes"), [(1.0, True), (3.5, False)])
def test_depth_is_contrast_a_pixel_of_the_picture_also_in_a_reduction(depth, stripes):
    wave = 120 + 32 * np.sin(np.arange(240) * 2 * np.pi / 40)  # as steep as 2 ΔE a pixel
    rgb = np.repeat(np.repeat(wave[None, :, None], 160, 0), 3, 2).astype(np.uint8)
    segmenter = build(segmenters["watershed"], {"depth": depth})
    whole = segmenter.segments(rgb, Quiet())
    small = segmenter.segments(np.ascontiguousarray(rgb[::2, ::2]), Quiet(), 2.0)
    assert (whole.max() > 5) == (small.max() > 5) == stripes


@pytest.mark.parametrize("detector", ["canny", "sobel"])
def test_a_gap_in_an_outline_is_closed(detector):
    rgb = np.full((100, 120, 3), 120, np.uint8)
    cv2.rectangle(rgb, (30, 25), (90, 75), (20, 20, 20), 3)
    rgb[42:54, 86:96] = 120  # a piece is missing
    found = []
    for gap in (1.0, 20.0):
        settings = {"detector": detector, "gap": gap, "share": 85.0, "smoothing": 1.0, "least": 60}
        labels = build(segmenters["edges"], settings).segments(rgb, Quiet())
        found.append(bool(labels[50, 60] == labels[10, 10]))
    assert found == [True, False]


def test_closed_edges_of_nothing_are_one_segment():
    flat = np.full((30, 40, 3), 90, np.uint8)
    assert (segmenters["edges"]().segments(flat, Quiet()) == 0).all()
