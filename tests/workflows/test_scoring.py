import numpy as np
import pytest

from segstudio.domain.features import FeatureMap
from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Tile
from segstudio.workflows.scoring import seen


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
