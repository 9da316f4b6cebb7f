from segstudio.domain.task import Quiet
from segstudio.interactive.census import Census
from segstudio.workflows.benchmarks.builtin.tools import SPECKS, specked


def test_what_is_filled_and_counted_is_one_area_with_ten_thousand_holes():
    layer = specked(900, 1200)
    found = Census.of(layer.read, layer.box, Quiet())
    counts = found.counts()
    assert counts[0] == 1
    assert 0.9 * SPECKS < counts[1] < 1.3 * SPECKS
    assert found.areas.sum() == 900 * 1200
