from typing import Any

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods.forest import ForestBaseline

SMALL = ForestBaseline(trees=8, depth=8, per_image=400)


def scene(seed: int) -> tuple[Any, Any]:
    """Class 4 is red; of the rest, class 2 lies in two quarters and class 7 in two."""
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 120, (40, 50, 3)).astype(np.uint8)
    rows, columns = np.indices((40, 50))
    mask = np.where((rows < 20) != (columns > 25), 2, 7).astype(np.uint8)
    top, left = random.integers(0, 25, 2)
    pixels[top : top + 15, left : left + 20, 0] = 220
    mask[top : top + 15, left : left + 20] = 4
    return pixels, mask


def grown(images: Any = None, forest: ForestBaseline = SMALL) -> Any:
    images = images or [scene(seed) for seed in range(6)]
    return forest.fit(iter(images), len(images), Quiet())


def test_colour_and_position_are_learned() -> None:
    pixels, mask = scene(99)
    ids = grown().predict(Tile(pixels, Box(0, 0, 40, 50)), 40, 50, Quiet())
    assert (ids == mask).mean() > 0.97


def test_tiles_give_the_same_as_the_whole() -> None:
    pixels, _ = scene(99)
    forest = grown()
    whole = forest.predict(Tile(pixels, Box(0, 0, 40, 50)), 40, 50, Quiet())
    parts = np.empty_like(whole)
    for box in Box(0, 0, 40, 50).tiles(16):
        parts[box.slices] = forest.predict(Tile(pixels[box.slices], box), 40, 50, Quiet())
    assert (parts == whole).all()


def test_the_seed_decides() -> None:
    tile = Tile(scene(99)[0], Box(0, 0, 40, 50))
    noise = [(scene(1)[0], np.random.default_rng(0).integers(0, 3, (40, 50)).astype(np.uint8))]
    one, two, other = (
        grown(noise, ForestBaseline(trees=3, per_image=400, seed=seed)).predict(
            tile, 40, 50, Quiet()
        )
        for seed in (5, 5, 6)
    )
    assert (one == two).all()
    assert (one != other).any()


def test_unlabelled_and_invalid_pixels_are_left_out() -> None:
    pixels, mask = scene(1)
    mask[mask == 2] = UNLABELLED
    valid = np.ones(mask.shape, bool)
    valid[:5] = False
    ids = grown([(pixels, mask)]).predict(Tile(pixels, Box(0, 0, 40, 50), valid), 40, 50, Quiet())
    assert set(np.unique(ids)) == {4, 7, UNLABELLED}
    assert ((ids == UNLABELLED) == ~valid).all()


def test_without_labels_it_says_so() -> None:
    pixels, mask = scene(1)
    with pytest.raises(UserError, match="no pixel is labelled"):
        grown([(pixels, np.full_like(mask, UNLABELLED))])
    with pytest.raises(UserError, match="number of bands"):
        grown([(pixels, mask), (pixels[..., :1], mask)])


def test_growing_can_be_cancelled() -> None:
    class Impatient:
        def report(self, done: int, total: int, text: str) -> None:
            if text == "Growing a forest":
                raise Cancelled

    with pytest.raises(Cancelled):
        SMALL.fit([scene(0)], 1, Impatient())
