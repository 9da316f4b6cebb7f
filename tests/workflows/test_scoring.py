import numpy as np
import pytest

from segstudio.domain.features import FeatureMap
from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Tile
from segstudio.workflows.scoring import reduction, seen


class Sure:
    """A model that is sure of the first class; its features are where each cell lies."""

    doubts = True

    def logits(self, pixels):
        assert not hasattr(self, "asked"), "asked twice"
        self.asked = "logits"
        found = np.zeros((2, *pixels.shape[:2]), np.float32)
        found[0] = 9
        return found

    def logits_and_features(self, pixels):
        logits = self.logits(pixels)
        self.asked = "both"
        rows, columns = (-(-side // 32) for side in pixels.shape[:2])
        cells = np.stack(np.meshgrid(range(rows), range(columns), indexing="ij"))
        return logits, FeatureMap(cells.astype(np.float32), (32.0, 32.0))

    def shares(self, logits):
        return np.exp(logits) / np.exp(logits).sum(0)


@pytest.mark.parametrize(("size", "stride"), [((128, 192), 1), ((256, 384), 1), ((512, 768), 2)])
def test_features_lie_where_the_regions_do_at_every_reduction(size, stride):
    height, width = (side // stride for side in size)
    tile = Tile(np.zeros((height, width, 3), np.uint8), Box(0, 0, *size))
    table = seen([Sure()], tile, 64, features=True)
    cells = 64 / stride / 32
    middles = (table.boxes[:, :2] / 64 + 0.5) * cells - 0.5
    assert table.features == pytest.approx(middles)
    assert table.area[:, 0].tolist() == [1] * len(table)


def test_only_the_first_model_is_asked_for_features_and_only_if_wanted():
    tile = Tile(np.zeros((64, 64, 3), np.uint8), Box(0, 0, 64, 64))
    models = [Sure(), Sure()]
    assert seen(models, tile, 0, features=True).features.shape == (1, 2)
    assert [model.asked for model in models] == ["both", "logits"]
    models = [Sure()]
    assert seen(models, tile, 0).features.shape == (1, 0)
    assert models[0].asked == "logits"


@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [
        ((64, 64), 128, (1, 2)),  # smaller than the region that is wanted
        ((256, 256), 128, (1, 4)),
        ((352, 480), 64, (1, 2)),
        ((352, 480), 128, (1, 4)),
        ((100, 127), 0, (1, 2)),
        ((352, 480), 0, (1, 4)),
        ((720, 960), 128, (2, 2)),
        ((3000, 4000), 128, (8, 2)),
        ((3000, 4000), 512, (8, 2)),
        ((3000, 4000), 1024, (8, 4)),
    ],
)
def test_a_region_keeps_pixels_enough_whatever_is_left_out(size, side, expected):
    assert reduction(*size, side) == expected


def test_what_is_left_out_hardly_changes_a_mean():
    class Edged(Sure):
        """Sure of the second class right of a slanting border."""

        def logits(self, pixels):
            found = super().logits(pixels)
            down, across = np.indices(pixels.shape[:2])
            found[1] = 9 * (across > 100 + down / 3)
            return found

    pixels = np.zeros((352, 480, 3), np.uint8)
    table = seen([Edged()], Tile(pixels, Box(0, 0, 352, 480)), 128)
    down, across = np.indices((352, 480))
    right = (across > 100 + down / 3).astype(float)
    true = [right[t:b, left:r].mean() for t, left, b, r in table.boxes]
    assert table.share[:, 1] == pytest.approx(0.5 * np.array(true), abs=0.02)
