import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.gui.tools import sight
from segstudio.gui.tools.sight import holds, joined, local, part_at, seen
from segstudio.interactive.patch import Patch


def test_small_images_are_worked_on_whole(context, session):
    assert part_at(context, (5.0, 5.0)) == session.image.box
    for outside in ((-1.0, 5.0), (700.0, 5.0), (float("nan"), 5.0)):
        assert not part_at(context, outside)


def test_of_large_ones_what_is_in_sight_or_a_square(context, session, monkeypatch):
    monkeypatch.setattr(sight, "MOST", 20_000)
    monkeypatch.setattr(sight, "SIDE", 100)
    context.in_sight = lambda: Box(100, 200, 200, 350)
    assert part_at(context, (250.0, 150.0)) == Box(100, 200, 200, 350)
    assert part_at(context, (20.0, 30.0)) == Box(0, 0, 80, 70)  # not in sight
    context.in_sight = lambda: session.image.box
    assert part_at(context, (250.0, 150.0)) == Box(100, 200, 200, 300)
    session.close_image()
    assert not part_at(context, (20.0, 30.0))


def test_a_point_in_a_box():
    assert local((250.5, 150.0), Box(100, 200, 200, 350)) == (50.5, 50.0)


@pytest.fixture
def patches():
    rng = np.random.default_rng(0)
    boxes = [Box(0, 0, 10, 12), Box(5, 20, 30, 31), Box(30, 2, 40, 9)]
    return [Patch(box, rng.random(box.shape) < 0.5) for box in boxes]


def test_patches_are_joined_where_that_is_small_enough(patches, monkeypatch):
    whole = Box(0, 0, 40, 40)
    (one,) = joined([*patches, Patch.empty()])
    expected = np.sum([patch.over(whole) for patch in patches], axis=0)
    assert (one.over(whole) == expected).all()
    assert joined(patches[:1]) == (patches[0],)
    assert joined([]) == ()
    monkeypatch.setattr(sight, "MOST", 100)
    assert joined(patches) == tuple(patches)


def test_only_what_is_in_sight_is_seen_and_not_too_much(patches, monkeypatch):
    view = Box(3, 4, 25, 26)
    (one,) = seen(patches, view)
    expected = np.sum([patch.clipped(view).over(view) for patch in patches], axis=0)
    assert (one.over(view) == expected).all()
    assert seen(patches, Box(100, 100, 110, 110)) == ()
    monkeypatch.setattr(sight, "HELD", 50)
    assert seen(patches, view) == ()
    whole = Patch.whole(Box(0, 0, 5000, 5000))  # takes no memory
    assert seen([whole], whole.box)[0].area == whole.area


def test_what_holds_a_point(patches):
    rows, columns = np.nonzero(patches[1].region)
    assert holds(patches, (20.5 + columns[0], 5.5 + rows[0]))
    rows, columns = np.nonzero(~patches[1].region)
    assert not holds(patches, (20.5 + columns[0], 5.5 + rows[0]))
    assert not holds(patches, (500.0, 500.0))
