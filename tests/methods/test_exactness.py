"""Found thresholds are those of scikit-image, to the bin.

scikit-image gives a bin's middle where ours is its upper edge: no pixel lies in another region
of 8 bits.
"""

import warnings
from typing import Any

import numpy as np
import pytest
from skimage import data, filters

from segstudio.domain.task import Quiet
from segstudio.methods.builtin.li import Li
from segstudio.methods.builtin.multi_otsu import MultiOtsu
from segstudio.methods.builtin.otsu import Otsu
from segstudio.methods.builtin.triangle import Triangle
from segstudio.methods.builtin.yen import Yen
from segstudio.methods.histogram import Histogram
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import Segmenter

SINGLE = [
    (Otsu(), filters.threshold_otsu),
    (Triangle(), filters.threshold_triangle),
    (Yen(), filters.threshold_yen),
    (Li(), filters.threshold_li),
]
NAMES = [type(segmenter).__name__ for segmenter, _ in SINGLE]


def drawn(seed: int) -> Any:
    """Three hills of random place, width and height, cut to a random range; sometimes a gap."""
    random = np.random.default_rng(seed)
    sizes = random.integers(50, 4000, 3)
    hills = [random.normal(random.uniform(0, 255), random.uniform(2, 50), n) for n in sizes]
    low, high = sorted(random.integers(0, 256, 2))
    values = np.clip(np.concatenate(hills), low, max(high, low + 9))
    if seed % 3 == 0:
        middle = (values.min() + values.max()) / 2
        values = values[np.abs(values - middle) > 4]
    return np.clip(np.rint(values), 0, 255).astype(np.uint8).reshape(1, -1)


REAL = {
    "camera": data.camera(),
    "coins": data.coins(),
    "page": data.page(),
    "moon": data.moon(),
    "text": data.text(),
}
IMAGES = REAL | {f"drawn {n}": drawn(n) for n in range(40)}


def thresholds(segmenter: Segmenter, image: Any) -> tuple[float, ...]:
    found: tuple[float, ...] = segmenter.fit(Samples.of(image[..., None]), Quiet()).thresholds
    return found


def unspiked(image: Any) -> Any:
    """Leave one pixel of the lowest grey.

    scikit-image 0.26 places it where the next grey lies, so that its cuts of a picture with many
    such pixels are not the best ones; `test_histogram` holds ours against all cuts.
    """
    lowest = image == image.min()
    kept = np.where(lowest, image[~lowest].min(), image)
    kept.flat[lowest.argmax()] = image.min()
    return kept


def bin_of(found: Histogram, value: float) -> int:
    return int(np.searchsorted(found.edges, value, side="left")) - 1


@pytest.mark.parametrize(("segmenter", "theirs"), SINGLE, ids=NAMES)
@pytest.mark.parametrize("name", IMAGES)
def test_one_threshold_of_8_bits(name: str, segmenter: Segmenter, theirs: Any) -> None:
    image = IMAGES[name]
    assert thresholds(segmenter, image) == (np.floor(theirs(image)),)


@pytest.mark.parametrize(("segmenter", "theirs"), SINGLE, ids=NAMES)
@pytest.mark.parametrize("name", IMAGES)
def test_one_threshold_of_other_numbers(name: str, segmenter: Segmenter, theirs: Any) -> None:
    noise = np.random.default_rng(0).random(IMAGES[name].shape)
    image = ((IMAGES[name] + noise) * 0.37 - 20).astype(np.float64)
    (ours,) = thresholds(segmenter, image)
    found = Samples.of(image[..., None]).histogram()
    apart = bin_of(found, ours) - bin_of(found, theirs(image))
    # Li's is no function of the histogram: scikit-image takes the pixels themselves.
    assert abs(apart) <= (1 if isinstance(segmenter, Li) else 0)


@pytest.mark.parametrize("classes", [2, 3, 4])
@pytest.mark.parametrize("name", [*REAL, *(f"drawn {n}" for n in (0, 1, 2, 4, 5, 6, 7, 8))])
def test_several_thresholds_of_8_bits(name: str, classes: int) -> None:
    image = unspiked(IMAGES[name])
    expected = filters.threshold_multiotsu(image, classes)
    assert thresholds(MultiOtsu(classes), image) == tuple(expected)


@pytest.mark.parametrize("segmenter", [segmenter for segmenter, _ in SINGLE], ids=NAMES)
@pytest.mark.parametrize("value", [0, 7, 255])
def test_one_grey_lies_below_its_threshold(segmenter: Segmenter, value: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert thresholds(segmenter, np.full((5, 6), value, np.uint8)) == (value,)


@pytest.mark.parametrize("segmenter", [segmenter for segmenter, _ in SINGLE], ids=NAMES)
def test_two_greys_are_parted(segmenter: Segmenter) -> None:
    for low, high in ((0, 255), (0, 1), (254, 255), (90, 200)):
        image = np.array([[low, low, low, high]], np.uint8)
        (found,) = thresholds(segmenter, image)
        assert low <= found < high


@pytest.mark.parametrize("peak", range(94, 107))
def test_the_longer_tail_is_the_one_of_scikit_image(peak: int) -> None:
    places = np.arange(256)
    counts = np.where((places >= 0) & (places <= 200), 3 + places % 5, 0)
    counts[peak - 20 : peak + 21] += 100 - 5 * np.abs(np.arange(-20, 21))
    image = np.repeat(places, counts).astype(np.uint8)[None]
    assert thresholds(Triangle(), image) == (filters.threshold_triangle(image),)
