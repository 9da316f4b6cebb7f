import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.gui.objects import Objects
from segstudio.gui.tools.context import ToolContext
from segstudio.interactive.census import Census

WAIT = 20_000


@pytest.fixture
def objects(session, open_image):
    made = Objects(session, ToolContext(session, lambda: session.image.box, lambda: None))
    open_image(1)
    return made


@pytest.fixture
def settled(qtbot, objects, wait_idle):
    """Wait until all changes are counted."""

    def settled():
        wait_idle()
        qtbot.waitUntil(lambda: not objects._timer.isActive(), timeout=WAIT)
        wait_idle()

    return settled


def all_of(objects):
    census = objects.census
    return [census.object(row) for row in range(len(census))]


def counted_anew(session):
    mask = session.layers.mask
    found = Census.of(mask.read, mask.box, Quiet())
    return [found.object(row) for row in range(len(found))]


def test_nothing_is_counted_while_nobody_wants_it(objects, stroke, settled):
    stroke((50, 50), (100, 50))
    settled()
    assert not objects.known
    assert len(objects.census) == 0


def test_strokes_are_counted_and_so_is_going_back(objects, session, stroke, settled):
    objects.want(True)
    stroke((50, 50), (100, 50))
    stroke((50, 300), (100, 300), value=2)
    settled()
    assert [each.class_id for each in all_of(objects)] == [1, 2]
    stroke((75, 20), (75, 90), diameter=8, value=255)
    settled()
    assert objects.census.counts() == {1: 2, 2: 1}
    assert all_of(objects) == counted_anew(session)
    session.undo()
    settled()
    assert objects.census.counts() == {1: 1, 2: 1}


def test_a_slow_stroke_is_counted_when_it_ends(objects, session, stroke, settled):
    objects.want(True)
    stroke((50, 50), (100, 50))
    settled()
    stroke((50, 50), (100, 50), value=2, finish=False)
    settled()
    assert objects.census.counts() == {1: 1}
    session.finish_draft("Brush")
    settled()
    assert objects.census.counts() == {2: 1}


def test_a_small_change_reads_little(objects, session, stroke, settled, monkeypatch):
    objects.want(True)
    stroke((50, 50), (100, 50))
    settled()
    seen = []
    count = Census.of.__func__
    monkeypatch.setattr(
        Census, "of", classmethod(lambda cls, read, image, *rest: seen.append(image)
                                  or count(cls, read, image, *rest)),
    )  # fmt: skip
    stroke((600, 400), (640, 400), value=2)
    settled()
    assert seen
    assert all(image.area < session.image.box.area / 2 for image in seen)
    assert all_of(objects) == counted_anew(session)


def test_objects_are_deleted_and_nothing_else_is_touched(objects, session, stroke, settled):
    objects.want(True)
    for y in (50, 150, 250):
        stroke((50, y), (200, y))
    settled()
    before = session.read(0, session.image.box)
    objects.remove([all_of(objects)[1]])
    settled()
    after = session.read(0, session.image.box)
    assert objects.census.counts() == {1: 2}
    changed = before != after
    assert set(after[changed]) == {255}
    assert np.array_equal(np.argwhere(changed).min(0), [140, 40])
    session.undo()
    settled()
    assert np.array_equal(session.read(0, session.image.box), before)


def test_objects_of_locked_classes_stay_and_it_is_said(objects, session, stroke, settled):
    from dataclasses import replace

    objects.want(True)
    stroke((50, 50), (100, 50))
    session.change_class(replace(session.class_of(1), locked=True))
    settled()
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    assert objects.remove(all_of(objects)) is None
    assert said == ["the class sign is locked"]
    assert objects.census.counts() == {1: 1}


def test_a_class_that_is_gone_is_given_to_nothing(objects, stroke, settled):
    objects.want(True)
    stroke((50, 50), (100, 50))
    settled()
    assert objects.reclass(all_of(objects), 99) is None


def test_an_object_that_was_painted_over_meanwhile_is_left(objects, session, stroke, settled):
    objects.want(True)
    stroke((50, 50), (100, 50))
    settled()
    old = all_of(objects)
    stroke((40, 40), (110, 60), diameter=80, value=2)
    before = session.read(0, Box(0, 0, 200, 200))
    objects.remove(old)
    settled()
    assert np.array_equal(session.read(0, Box(0, 0, 200, 200)), before)


def test_counting_is_given_up_with_the_picture(objects, session, open_image, stroke, settled):
    objects.want(True)
    stroke((50, 50), (100, 50))
    settled()
    open_image(2)
    settled()
    assert objects.known
    assert len(objects.census) == 0
