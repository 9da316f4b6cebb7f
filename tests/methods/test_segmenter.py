"""What every segmenter keeps to, whichever it is: a new file in ``builtin`` is tested here."""

import pickle
import subprocess
import sys
from typing import Any, get_args

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import LayerBuilder, SparseLayer
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods.greys import grey
from segstudio.methods.run import segment
from segstudio.methods.samples import ArrayPicture, Samples
from segstudio.methods.segmenter import Family, Seeds, segmenters
from segstudio.settings import build, settings_of

QUIET = Quiet()
NAMES = list(segmenters)
DTYPES = (np.uint8, np.uint16, np.int16, np.float32, np.float64)


def pixels_of(dtype: Any, height: int = 40, width: int = 57, bands: int = 3) -> Any:
    """Two dark areas and a light one with noise, over most of the dtype's usual range."""
    random = np.random.default_rng(height * width + bands)
    plane = np.where(np.arange(width) < width * 0.6, 60, 190)[None, :] + random.normal(
        0, 12, (height, width)
    )
    stack = np.stack([plane + 5 * b + random.normal(0, 5, plane.shape) for b in range(bands)], 2)
    factor = {np.uint16: 200, np.int16: 100, np.float32: 1 / 255, np.float64: 1e-3}.get(dtype, 1)
    return (np.clip(stack, 0, 255) * factor).astype(dtype)


def strokes_on(height: int, width: int) -> SparseLayer:
    """A stroke of class 3 on the dark area, and one of class 7 on the light one."""
    ids = np.full((height, width), UNLABELLED, np.uint8)
    ids[height // 2, : max(int(width * 0.5), 1)] = 3
    ids[height // 3 :, int(width * 0.7) :] = 7
    builder = LayerBuilder(height, width)
    builder.write(Box(0, 0, height, width), ids)
    return SparseLayer(height, width, builder.finish())


def samples_of(name: str, pixels: Any, valid: Any = None) -> Samples:
    strokes = [strokes_on(*pixels.shape[:2])] if segmenters[name].seeds != "none" else []
    return Samples([ArrayPicture(pixels, valid)], strokes=strokes)


def tile_of(pixels: Any, valid: Any = None) -> Tile:
    return Tile(pixels, Box(0, 0, *pixels.shape[:2]), valid)


def segmented(name: str, pixels: Any, valid: Any = None, **settings: Any) -> tuple[Any, Any]:
    segmenter = build(segmenters[name], settings)
    state = segmenter.fit(samples_of(name, pixels, valid), QUIET)
    return segmenter.apply(tile_of(pixels, valid), state), segmenter.regions(state)


def answer(name: str, pixels: Any) -> Any:
    """The regions; None where the segmenter says in words why there are none."""
    try:
        return segmented(name, pixels)[0]
    except UserError as error:
        return None if error.message and error.hint else pytest.fail("it does not say what to do")


def fitting(name: str, pixels: Any) -> dict[str, Any]:
    """Settings with which a segmenter finds regions in these pixels.

    The range of `colour_range` is that of the light colours: its region 1 is what lies inside,
    which otherwise need not be the lighter part.
    """
    middle = float(grey(pixels).mean())
    bands = min(pixels.shape[2], 3)
    settings: dict[str, dict[str, Any]] = {
        "threshold": {"thresholds": (middle,)},
        "colour_range": {"space": "rgb", "low": (middle,) * bands, "high": (1e9,) * bands},
        # At small scales the windows of these small pictures are not all of the picture.
        "pixel_forest": {"scales": (1.0, 2.0), "trees": 8},
        "pixel_boosting": {"scales": (1.0, 2.0), "rounds": 8},
        "pixel_svm": {"scales": (1.0, 2.0)},
        "pixel_logistic": {"scales": (1.0, 2.0)},
    }
    return settings.get(name, {})


UNSUPERVISED = [name for name in NAMES if segmenters[name].seeds == "none"]
SEEDED = [name for name in NAMES if segmenters[name].seeds != "none"]
PIECEWISE = [name for name in NAMES if not segmenters[name].whole]
"""Those that label any piece of a picture as they label all of it."""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("bands", [1, 2, 3, 4, 16])
def test_every_kind_of_picture_gets_regions(name: str, dtype: Any, bands: int) -> None:
    pixels = pixels_of(dtype, bands=bands)
    before = pixels.copy()
    ids, regions = segmented(name, pixels, **fitting(name, pixels))
    assert ids.dtype == np.uint8
    assert ids.shape == pixels.shape[:2]
    assert regions >= 2
    expected = {3, 7} if name in SEEDED else set(range(regions))
    assert set(np.unique(ids)) == expected
    assert max(expected) == regions - 1
    assert (pixels == before).all()


@pytest.mark.parametrize("name", UNSUPERVISED)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("bands", [1, 3, 5])
def test_regions_are_numbered_from_dark_to_light(name: str, dtype: Any, bands: int) -> None:
    pixels = pixels_of(dtype, bands=bands)
    ids, regions = segmented(name, pixels, **fitting(name, pixels))
    greys = grey(pixels).astype(np.float64)
    means = [greys[ids == region].mean() for region in range(regions)]
    assert means == sorted(means)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (13, 1), (1, 4000)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_small_and_thin_pictures_get_an_answer_or_a_sentence(
    name: str, shape: tuple[int, int], dtype: Any
) -> None:
    ids = answer(name, pixels_of(dtype, *shape))
    assert ids is None or ids.shape == shape


@pytest.mark.parametrize("name", UNSUPERVISED)
@pytest.mark.parametrize("dtype", [bool, *DTYPES, np.complex64, np.int64])
@pytest.mark.parametrize("bands", [1, 3, 4])
def test_one_colour_is_one_region_or_a_sentence(name: str, dtype: Any, bands: int) -> None:
    ids = answer(name, np.full((9, 11, bands), 1, dtype))
    greys_of_colours = name == "colour_range" and bands < 3
    assert (ids is None) == (name == "valley" or greys_of_colours)
    assert ids is None or len(np.unique(ids)) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("bands", [1, 3, 4])
def test_invalid_pixels_are_255_and_change_nothing(name: str, dtype: Any, bands: int) -> None:
    pixels = pixels_of(dtype, bands=bands)
    valid = np.ones(pixels.shape[:2], bool)
    valid[5:17, 20:31] = False
    spoiled = pixels.copy()
    spoiled[~valid] = 255 if dtype == np.uint8 else 30000
    settings = fitting(name, pixels)
    one, _ = segmented(name, pixels, valid, **settings)
    other, _ = segmented(name, spoiled, valid, **settings)
    assert (one == other).all()
    assert ((one == UNLABELLED) == ~valid).all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bands", [1, 3, 4])
def test_pixels_without_numbers_are_255(name: str, bands: int) -> None:
    pixels = pixels_of(np.float32, bands=bands)
    holes = np.zeros(pixels.shape[:2], bool)
    holes[3:9, 4:30] = True
    clean, _ = segmented(name, pixels, ~holes, **fitting(name, pixels))
    for fill in (np.nan, np.inf, -np.inf, np.finfo(np.float32).min):
        pixels[holes] = fill
        ids, _ = segmented(name, pixels, **fitting(name, pixels[~holes][None]))
        assert ((ids == UNLABELLED) == holes).all()
        if name != "threshold":
            assert (ids == clean).all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("bands", [3, 4])
def test_nothing_valid_is_a_sentence(name: str, dtype: Any, bands: int) -> None:
    pixels = pixels_of(dtype, bands=bands)
    valid = np.zeros(pixels.shape[:2], bool)
    if name == "threshold":
        assert (segmented(name, pixels, valid)[0] == UNLABELLED).all()
        return
    with pytest.raises(UserError, match="no valid pixel"):
        segmented(name, pixels, valid)


@pytest.mark.parametrize("name", PIECEWISE)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
@pytest.mark.parametrize("bands", [1, 3, 4])
def test_the_result_does_not_depend_on_the_tile_size(name: str, dtype: Any, bands: int) -> None:
    pixels = pixels_of(dtype, 61, 83, bands)
    valid = np.random.default_rng(1).random((61, 83)) < 0.9
    segmenter = build(segmenters[name], fitting(name, pixels))
    picture = ArrayPicture(pixels, valid)
    state = segmenter.fit(samples_of(name, pixels, valid), QUIET)
    expected = segmenter.apply(tile_of(pixels, valid), state)
    for size in (7, 32, 64):
        ids = np.full((61, 83), UNLABELLED, np.uint8)
        for box, part in segment(segmenter, state, picture, QUIET, size):
            ids[box.slices] = part
        assert (ids == expected).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_twice_and_after_pickling(name: str) -> None:
    pixels = pixels_of(np.uint8)
    segmenter = segmenters[name]()
    first = segmenter.fit(samples_of(name, pixels), QUIET)
    second = pickle.loads(pickle.dumps(segmenter.fit(samples_of(name, pixels), QUIET)))
    one, two = (segmenter.apply(tile_of(pixels), state) for state in (first, second))
    assert (one == two).all()
    assert len(pickle.dumps(first)) < 500_000


@pytest.mark.parametrize("name", SEEDED)
def test_without_strokes_it_says_what_is_missing(name: str) -> None:
    pixels = pixels_of(np.uint8)
    empty = SparseLayer(*pixels.shape[:2])
    for strokes in ([], [empty]):
        samples = Samples([ArrayPicture(pixels)], strokes=strokes)
        with pytest.raises(UserError, match="stroke") as caught:
            segmenters[name]().fit(samples, QUIET)
        assert caught.value.hint


class Impatient:
    def report(self, done: int, total: int, text: str) -> None:
        raise Cancelled


@pytest.mark.parametrize("name", [name for name in NAMES if name != "threshold"])
def test_fitting_can_be_cancelled(name: str) -> None:
    with pytest.raises(Cancelled):
        segmenters[name]().fit(samples_of(name, pixels_of(np.uint8)), Impatient())


@pytest.mark.parametrize("name", [name for name in NAMES if not segmenters[name].learns])
def test_one_that_learns_nothing_has_the_same_state_for_every_picture(name: str) -> None:
    segmenter, pixels = segmenters[name](), pixels_of(np.uint8)
    states = [segmenter.fit(samples_of(name, other), QUIET) for other in (pixels, pixels // 3)]
    assert pickle.dumps(states[0]) == pickle.dumps(states[1])


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_title_and_settings_for_a_form(name: str) -> None:
    part = segmenters[name]
    assert part.title
    assert part.family in get_args(Family)
    assert part.seeds in get_args(Seeds)
    assert part.__doc__
    assert all(setting.label for setting in settings_of(part))


def test_listing_the_segmenters_imports_nothing_heavy() -> None:
    script = """
import sys
for blocked in ("torch", "sklearn", "onnxruntime", "cv2", "scipy", "skimage", "PIL"):
    sys.modules[blocked] = None
from segstudio.methods.segmenter import Family, Seeds, segmenters
from segstudio.settings import settings_of
for name in segmenters:
    print(name, segmenters[name].title, *(s.name for s in settings_of(segmenters[name])))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    listed = [line.split()[0] for line in done.stdout.splitlines()]
    assert listed == NAMES
    assert {"threshold", "otsu", "multi_otsu", "valley", "kmeans"} <= set(listed)
