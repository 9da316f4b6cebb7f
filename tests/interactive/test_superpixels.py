import numpy as np

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.interactive.patch import Patch
from segstudio.interactive.superpixels import Superpixels


def test_the_regions_make_up_the_picture(scene):
    rgb, _ = scene()
    found = Superpixels.of(rgb, 14, 10, Quiet())
    out = np.full(found.labels.shape, -1, np.int32)
    for n in range(len(found)):
        patch = found.region(n)
        assert patch.tight().box == patch.box
        assert (out[patch.box.slices][patch.region] == -1).all()
        out[patch.box.slices][patch.region] = n
    assert (out == found.labels).all()


def test_what_a_brush_touches(scene):
    rgb, _ = scene()
    found = Superpixels.of(rgb, 14, 10, Quiet())
    dab = Patch(Box(-3, 30, 40, 60), np.eye(43, 30, dtype=bool))
    touched = found.touched(dab)
    assert touched == sorted({int(found.labels[n - 3, 30 + n]) for n in range(3, 30)})
    whole = found.united(touched)
    assert (whole.over(found.image) == np.isin(found.labels, touched)).all()
    assert not found.united([])
    assert found.touched(Patch.whole(Box(-9, -9, -2, -2))) == []


def test_the_superpixel_at_a_point():
    found = Superpixels(np.array([[0, 0, 1], [2, 2, 1]], np.int32))
    assert [found.at(p) for p in ((0.5, 0.5), (2.9, 1.2), (0.0, 1.0))] == [0, 1, 2]
    assert found.at((3.0, 0.5)) is None
    assert found.at((-0.1, 0.5)) is None
