import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods import choosing
from segstudio.methods.builtin.kmeans import KMeans, cluster_curve, steps
from segstudio.methods.colours import as_lab, bins_of, from_lab, middle_of
from segstudio.methods.run import segment
from segstudio.methods.samples import ArrayPicture, Samples

QUIET = Quiet()


def segmented(pixels: Any, **settings: Any) -> Any:
    segmenter = KMeans(**settings)
    state = segmenter.fit(Samples.of(pixels), QUIET)
    return segmenter.apply(Tile(pixels, Box(0, 0, *pixels.shape[:2])), state), state


def spread(points: Any, ids: Any) -> float:
    """The sum of squared distances of all pixels to the mean of their cluster."""
    flat, ids = points.reshape(-1, points.shape[-1]).astype(np.float64), ids.ravel()
    clusters = [flat[ids == one] for one in np.unique(ids)]
    return float(sum(((own - own.mean(0)) ** 2).sum() for own in clusters))


def photograph() -> Any:
    import sklearn.datasets
    from PIL import Image

    folder = Path(sklearn.datasets.__file__).parent / "images"
    with Image.open(folder / "china.jpg") as image:
        return np.asarray(image)


@pytest.mark.parametrize("clusters", [2, 6, 12])
def test_rgb_clusters_are_as_tight_as_scikit_learns(clusters: int) -> None:
    from sklearn.cluster import KMeans as Reference

    pixels = photograph()
    ids, _ = segmented(pixels, clusters=clusters)
    reference = Reference(clusters, n_init=3, random_state=0).fit(pixels.reshape(-1, 3)[::7])
    expected = reference.predict(pixels.reshape(-1, 3))
    assert spread(pixels, ids) <= 1.02 * spread(pixels, expected)


def test_lab_clusters_are_tighter_in_lab() -> None:
    import cv2

    pixels = photograph()
    lab = cv2.cvtColor((pixels / 255).astype(np.float32), cv2.COLOR_RGB2Lab)
    in_lab, in_rgb = (segmented(pixels, clusters=6, space=s)[0] for s in ("lab", "rgb"))
    assert spread(lab, in_lab) < 0.99 * spread(lab, in_rgb)


@pytest.mark.parametrize("bands", [1, 4])
def test_other_bands_are_as_tight_as_scikit_learns(bands: int) -> None:
    from sklearn.cluster import KMeans as Reference

    image = photograph()[:200, :300]
    pixels = np.concatenate([image, 255 - image[::-1]], 2)[..., :bands]
    ids, _ = segmented(pixels, clusters=8)
    reference = Reference(8, n_init=3, random_state=0).fit(pixels.reshape(-1, bands))
    assert spread(pixels, ids) <= 1.02 * reference.inertia_


def test_the_same_picture_in_16_bits_gives_nearly_the_same_clusters() -> None:
    pixels = photograph()[:200, :300]
    eight, _ = segmented(pixels, clusters=5)
    sixteen, _ = segmented(pixels.astype(np.uint16) * 200 + 37, clusters=5)
    assert (eight == sixteen).mean() > 0.9


def test_clear_colours_are_found_exactly() -> None:
    colours = np.array([[10, 10, 10], [200, 30, 30], [30, 30, 200], [240, 240, 240]], np.uint8)
    truth = np.random.default_rng(0).integers(0, 4, (40, 50))
    for space in ("rgb", "lab"):
        ids, state = segmented(colours[truth], clusters=4, space=space)
        assert (np.unique(ids * 4 + truth.astype(int)).size) == 4
        assert np.allclose(np.sort(state.colours.sum(1)), np.sort(colours.sum(1)))
        assert (state.colours[ids] == colours[truth]).all()


def test_fewer_colours_than_clusters_make_fewer_regions() -> None:
    pixels = np.zeros((9, 9, 3), np.uint8)
    pixels[:, 5:] = 90
    ids, state = segmented(pixels, clusters=12)
    assert KMeans().regions(state) == 2
    assert (ids == (pixels[..., 0] > 0)).all()


def test_seeds_are_kept() -> None:
    pixels = photograph()[:100, :100]
    for settings in ({}, {"start": "random"}, {"position": 1.0}):
        one, two = (segmented(pixels, seed=3, **settings)[0] for _ in range(2))
        assert (one == two).all()


@pytest.mark.parametrize("start", ["k-means++", "random"])
def test_both_starts_end_about_equally_tight(start: str) -> None:
    pixels = photograph()[:200, :300]
    ids, _ = segmented(pixels, clusters=6, start=start)
    assert spread(pixels, ids) <= 1.02 * spread(pixels, segmented(pixels, clusters=6)[0])


def quarters(noise: float = 6) -> Any:
    """Dark, light, dark, light: four areas of two colours."""
    rows, columns = np.indices((60, 80))
    light = (rows < 30) != (columns < 40)
    random = np.random.default_rng(0)
    greys = np.where(light, 180, 70)[..., None] + random.normal(0, noise, (60, 80, 3))
    return np.clip(greys, 0, 255).astype(np.uint8), rows // 30 * 2 + columns // 40


@pytest.mark.parametrize("space", ["rgb", "lab"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_the_position_parts_equal_colours(space: str, dtype: Any) -> None:
    pixels, area = quarters()
    pixels = pixels.astype(dtype) if dtype == np.uint8 else (pixels * 100.0).astype(dtype)
    ids, state = segmented(pixels, clusters=4, space=space, position=1.0)
    assert len(state.centres) == 4
    for one in range(4):
        assert np.bincount(ids[area == one]).max() > 0.97 * (area == one).sum()
    assert len({int(np.bincount(ids[area == one]).argmax()) for one in range(4)}) == 4
    without, _ = segmented(pixels, clusters=2, space=space)
    assert all(len(np.unique(without[area == one])) == 1 for one in range(4))


@pytest.mark.parametrize("bands", [1, 3, 5])
@pytest.mark.parametrize("space", ["rgb", "lab"])
def test_with_positions_tiles_and_holes_change_nothing(bands: int, space: Any) -> None:
    pixels = np.repeat(photograph()[:150, :200], 2, 2)[..., :bands]
    valid = np.random.default_rng(0).random((150, 200)) < 0.9
    segmenter = KMeans(5, space, position=0.7)
    state = segmenter.fit(Samples.of(pixels, valid), QUIET)
    whole = segmenter.apply(Tile(pixels, Box(0, 0, 150, 200), valid), state)
    assert ((whole == 255) == ~valid).all()
    for size in (7, 64):
        ids = np.full((150, 200), 255, np.uint8)
        for box, part in segment(segmenter, state, ArrayPicture(pixels, valid), QUIET, size):
            ids[box.slices] = part
        assert (ids == whole).all()


def test_with_positions_a_reduced_picture_is_labelled_like_the_whole() -> None:
    pixels = photograph()[:400, :600]
    segmenter = KMeans(6, position=1.0)
    state = segmenter.fit(Samples.of(pixels), QUIET)
    box = Box(0, 0, 400, 600)
    whole = segmenter.apply(Tile(pixels, box), state)
    reduced = segmenter.apply(Tile(pixels[::4, ::4], box), state)
    assert (reduced == whole[::4, ::4]).mean() > 0.98


@pytest.mark.parametrize(("space", "white"), [("rgb", 255 * 3**0.5), ("lab", 100.0)])
def test_with_positions_groups_are_as_tight_as_scikit_learns(space: str, white: float) -> None:
    from sklearn.cluster import KMeans as Reference

    pixels = np.array(photograph()[:200, :300])
    pixels[50:150, 100:200, 1] = 20
    y, x = np.indices((200, 300))[..., None] + 0.5
    scale = 0.5 * white / 300
    colours = as_lab(pixels.reshape(-1, 3)).reshape(pixels.shape) if space == "lab" else pixels
    points = np.concatenate([colours, x * scale, y * scale], 2)
    ids, _ = segmented(pixels, clusters=7, position=0.5, space=space)
    reference = Reference(7, n_init=4, random_state=0).fit(points.reshape(-1, 5))
    assert spread(points, ids) <= 1.01 * reference.inertia_


def test_pictures_of_different_sizes_are_learned_together() -> None:
    pictures = [ArrayPicture(photograph()[:h, :w]) for h, w in ((40, 300), (200, 90))]
    for position in (1.0, 0.0):
        segmenter = KMeans(4, position=position)
        state = segmenter.fit(Samples(pictures), QUIET)
        for picture in pictures:
            box = Box(0, 0, picture.height, picture.width)
            assert segmenter.apply(picture.read(box), state).max() <= 3


def striped(number: int) -> Any:
    """So many clear colours, each as often as the others."""
    colours = np.array([[20, 20, 20], [230, 40, 40], [40, 220, 60], [50, 60, 230],
                        [240, 240, 240], [230, 220, 30]])[:number]  # fmt: skip
    noise = np.random.default_rng(0).normal(0, 5, (30, 20 * number, 3))
    plane = colours[np.arange(20 * number) // 20][None] + noise
    return np.clip(plane, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("choose", ["silhouette", "elbow"])
@pytest.mark.parametrize("space", ["rgb", "lab"])
@pytest.mark.parametrize("number", [3, 5])
def test_the_number_of_clear_colours_is_found(choose: str, space: str, number: int) -> None:
    pixels = striped(number)
    ids, state = segmented(pixels, clusters=9, choose=choose, space=space, most=10)
    assert len(state.centres) == number
    by_hand, _ = segmented(pixels, clusters=number, space=space)
    assert (ids == by_hand).all()


def test_the_curve_says_what_fitting_takes() -> None:
    samples = Samples.of(striped(4))
    by_hand = cluster_curve(samples, KMeans(7, most=9))
    assert by_hand.clusters == tuple(range(2, 10))
    assert by_hand.chosen == 7
    for settings in (KMeans(7, choose="silhouette", most=9), KMeans(7, choose="elbow", most=9)):
        found = cluster_curve(samples, settings)
        assert found.chosen == 4 == len(settings.fit(samples, QUIET).centres)
        assert (found.inertia, found.silhouette) == (by_hand.inertia, by_hand.silhouette)


def test_a_curve_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, curve = [], choosing.curve

    def counted(*given: Any) -> Any:
        calls.append(given)
        return curve(*given)

    monkeypatch.setattr(choosing, "curve", counted)
    samples = Samples.of(striped(3))
    for clusters in (3, 5):
        cluster_curve(samples, KMeans(clusters))
        KMeans(clusters, choose="elbow").fit(samples, QUIET)
    assert len(calls) == 1
    cluster_curve(samples, KMeans(space="lab"))
    assert len(calls) == 2


def test_the_curves_inertia_is_that_of_all_pixels() -> None:
    pixels = photograph()[:200, :300]
    found = cluster_curve(Samples.of(pixels), KMeans(most=5))
    for number, inertia in zip(found.clusters, found.inertia, strict=True):
        ids, _ = segmented(pixels, clusters=number)
        assert inertia == pytest.approx(spread(pixels, ids), rel=0.03)


def test_one_colour_has_a_curve_of_one_cluster() -> None:
    pixels = np.full((5, 6, 3), 90, np.uint8)
    assert cluster_curve(Samples.of(pixels), KMeans(choose="elbow")).clusters == (1,)
    for choose in ("silhouette", "elbow"):
        assert (segmented(pixels, choose=choose)[0] == 0).all()
    with pytest.raises(UserError, match="no valid pixel"):
        cluster_curve(Samples.of(pixels, np.zeros((5, 6), bool)), KMeans())


@pytest.mark.parametrize("settings", [{}, {"start": "random"}, {"space": "lab"}, {"position": 0.5}])
def test_steps_end_where_fitting_does(settings: Any) -> None:
    pixels = photograph()[::8, ::8]
    samples, segmenter = Samples.of(pixels), KMeans(6, **settings)
    taken = list(steps(samples, segmenter))
    assert len(taken) > 3
    inertia = [one.inertia for one in taken]
    assert inertia == sorted(inertia, reverse=True)
    assert np.isinf(taken[0].moved)
    assert taken[-1].moved <= 0.1
    tile = Tile(pixels, Box(0, 0, *pixels.shape[:2]))
    last, fitted = taken[-1].state, segmenter.fit(samples, QUIET)
    same = segmenter.apply(tile, last) == segmenter.apply(tile, fitted)
    assert same.mean() > 0.99
    assert np.allclose(taken[-1].colours, last.colours)
    first = segmenter.apply(tile, taken[0].state)
    assert (first != segmenter.apply(tile, last)).any()


@pytest.mark.parametrize("start", ["k-means++", "random"])
def test_regions_keep_their_numbers_from_step_to_step(start: Any) -> None:
    taken = list(steps(Samples.of(photograph()[::8, ::8]), KMeans(6, start=start, seed=2)))
    for before, after in itertools.pairwise(taken):
        assert np.abs(after.colours - before.colours).max() == pytest.approx(after.moved)


def test_a_step_labels_by_its_own_centres() -> None:
    pixels = photograph()[::8, ::8]
    for one in steps(Samples.of(pixels), KMeans(4)):
        ids = KMeans().apply(Tile(pixels, Box(0, 0, *pixels.shape[:2])), one.state)
        apart = pixels[..., None, :].astype(float) - one.colours
        # Bins of 4 values a band are labelled as one.
        assert (ids == (apart**2).sum(-1).argmin(-1)).mean() > 0.97


def test_lab_goes_both_ways() -> None:
    colours = np.random.default_rng(0).uniform(0, 255, (200, 3))
    assert np.allclose(from_lab(as_lab(colours)), colours, atol=0.6)


def test_a_picture_of_another_kind_is_refused() -> None:
    _, state = segmented(photograph()[:50, :50])
    box = Box(0, 0, 4, 4)
    with pytest.raises(UserError, match="1 bands instead of 3"):
        KMeans().apply(Tile(np.zeros((4, 4, 1), np.uint8), box), state)
    with pytest.raises(UserError, match="kind of numbers"):
        KMeans().apply(Tile(np.zeros((4, 4, 3), np.uint16), box), state)


@pytest.mark.parametrize("bands", [1, 2, 3])
def test_the_middle_of_a_bin_lies_in_it(bands: int) -> None:
    size = {1: 256, 2: 65536, 3: 262144}[bands]
    middles = np.floor(middle_of(size, bands)).astype(np.uint8)
    assert (bins_of(middles) == np.arange(size)).all()
