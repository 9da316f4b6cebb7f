from typing import Any

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods.builtin.colour_range import ColourRange
from segstudio.methods.channels import channel_values
from segstudio.methods.samples import Samples

QUIET = Quiet()
RED, ROSE, GREEN, SKY, GREY = (200, 20, 10), (200, 10, 60), (30, 160, 40), (90, 160, 230), (99,) * 3
COLOURS = np.array([[RED, ROSE, GREEN, SKY, GREY]], np.uint8)


def segmented(segmenter: ColourRange, pixels: Any) -> Any:
    state = segmenter.fit(Samples.of(pixels), QUIET)
    return segmenter.apply(Tile(pixels, Box(0, 0, *pixels.shape[:2])), state)


def inside(segmenter: ColourRange, pixels: Any = COLOURS) -> Any:
    return segmented(segmenter, pixels)[0].tolist()


def test_greens_are_what_it_begins_with() -> None:
    assert inside(ColourRange()) == [0, 0, 1, 0, 0]


def test_a_hue_may_run_over_0() -> None:
    assert inside(ColourRange("hsv", (330, 20, 0), (20, 100, 100))) == [1, 1, 0, 0, 0]
    assert inside(ColourRange("hsv", (0, 20, 0), (20, 100, 100))) == [1, 0, 0, 0, 0]


def test_a_range_of_each_space() -> None:
    assert inside(ColourRange("rgb", (80, 0, 0), (200, 170, 99))) == [1, 1, 0, 0, 1]
    assert inside(ColourRange("lab", (0, -10, -10), (100, 10, 10))) == [0, 0, 0, 0, 1]
    assert inside(ColourRange("lab", (60, -128, -128), (100, 127, 127))) == [0, 0, 0, 1, 0]
    assert inside(ColourRange("hsv", (0, 0, 85), (360, 100, 100))) == [0, 0, 0, 1, 0]


@pytest.mark.parametrize("factor", [1, 257])
def test_both_ends_of_a_range_are_inside(factor: int) -> None:
    pixels = (COLOURS.astype(np.uint16) * factor).astype(np.uint16 if factor > 1 else np.uint8)
    exact = tuple(float(value * factor) for value in SKY)
    assert inside(ColourRange("rgb", exact, exact), pixels) == [0, 0, 0, 1, 0]


@pytest.mark.parametrize("space", ["rgb", "hsv", "lab"])
@pytest.mark.parametrize(("dtype", "full"), [("u1", 255), ("u2", 65535), ("f4", 1), ("f8", 1)])
def test_what_is_near_a_reference_colour(space: Any, dtype: str, full: int) -> None:
    pixels = (COLOURS * (full / 255)).astype(dtype)
    reference = tuple(float(value) for value in pixels[0, 0])
    tolerance = {"rgb": 60 * full / 255, "hsv": 20, "lab": 30}[space]
    segmenter = ColourRange(space, reference=reference, tolerance=tolerance)
    assert inside(segmenter, pixels) == [1, 1, 0, 0, 0]
    closer = ColourRange(space, reference=reference, tolerance=tolerance / 10)
    assert inside(closer, pixels) == [1, 0, 0, 0, 0]


def test_the_tolerance_in_lab_is_delta_e() -> None:
    apart = [channel_values(COLOURS, name)[0].astype(float) for name in ("lightness", "a", "b")]
    distance = float(np.sqrt(sum((each[0] - each[1]) ** 2 for each in apart)))
    reference = tuple(map(float, RED))
    for tolerance, expected in ((distance - 0.01, 0), (distance + 0.01, 1)):
        segmenter = ColourRange("lab", reference=reference, tolerance=tolerance)
        assert inside(segmenter)[1] == expected


def test_pictures_of_fewer_bands_have_a_range_in_rgb() -> None:
    pixels = np.array([[[3], [7], [9]]], np.uint8)
    assert inside(ColourRange("rgb", (5,), (8,)), pixels) == [0, 1, 0]
    with pytest.raises(UserError, match="a picture of 1 band has no colours") as error:
        inside(ColourRange(), pixels)
    assert error.value.hint


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"low": ()}, "low has 0 numbers instead of 3"),
        ({"high": (1.0,)}, "high has 1 numbers instead of 3"),
        ({"reference": (1.0, 2.0)}, "reference has 2 numbers"),
        ({"low": (0.0, 50.0, 0.0), "high": (9.0, 40.0, 100.0)}, "saturation begins behind"),
        ({"space": "rgb", "low": (9.0, 0.0, 0.0), "high": (8.0, 1.0, 1.0)}, "red begins behind"),
        ({"low": (0.0, float("nan"), 0.0)}, "low has"),
    ],
)
def test_a_range_that_is_none_is_a_sentence(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words) as error:
        inside(ColourRange(**settings))
    assert error.value.hint


@pytest.mark.parametrize("space", ["rgb", "hsv", "lab"])
def test_the_tile_does_not_matter(space: Any) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (70, 90, 3), np.uint8)
    reference = (90.0, 120.0, 60.0)
    for segmenter in (ColourRange(space), ColourRange(space, reference=reference, tolerance=50)):
        state = segmenter.fit(Samples.of(pixels), QUIET)
        whole = segmenter.apply(Tile(pixels, Box(0, 0, 70, 90)), state)
        part = segmenter.apply(Tile(pixels[13:60, 5:44], Box(13, 5, 60, 44)), state)
        assert (part == whole[13:60, 5:44]).all()
        assert 0 < whole.mean() < 1
