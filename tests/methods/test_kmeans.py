from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods.builtin.kmeans import KMeans
from segstudio.methods.clustering import kmeans
from segstudio.methods.colours import bins_of, middle_of
from segstudio.methods.samples import Samples

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
    assert (segmented(pixels, seed=3)[0] == segmented(pixels, seed=3)[0]).all()


def test_a_picture_of_another_kind_is_refused() -> None:
    _, state = segmented(photograph()[:50, :50])
    box = Box(0, 0, 4, 4)
    with pytest.raises(UserError, match="1 bands instead of 3"):
        KMeans().apply(Tile(np.zeros((4, 4, 1), np.uint8), box), state)
    with pytest.raises(UserError, match="kind of numbers"):
        KMeans().apply(Tile(np.zeros((4, 4, 3), np.uint16), box), state)


def test_weights_count_as_so_many_points() -> None:
    random = np.random.default_rng(0)
    points = random.uniform(0, 255, (40, 3))
    counts = random.integers(1, 9, 40)
    weighted = kmeans(points, counts.astype(float), 3, 0, QUIET)
    repeated = np.repeat(points, counts, axis=0)
    single = kmeans(repeated, np.ones(len(repeated)), 3, 0, QUIET)
    order = [np.argsort(found[:, 0]) for found in (weighted, single)]
    assert np.allclose(weighted[order[0]], single[order[1]], atol=0.2)


@pytest.mark.parametrize("bands", [1, 2, 3])
def test_the_middle_of_a_bin_lies_in_it(bands: int) -> None:
    size = {1: 256, 2: 65536, 3: 262144}[bands]
    middles = np.floor(middle_of(size, bands)).astype(np.uint8)
    assert (bins_of(middles) == np.arange(size)).all()
