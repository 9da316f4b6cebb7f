import cv2
import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer
from segstudio.gui.tools.builtin.grabcut import GrabCutTool
from segstudio.gui.tools.tool import Press

DISC = (150, 200, 60)
"""x, y and radius of a bright disc in the dark half of the picture; a tail hangs on it."""


@pytest.fixture
def disc(session):
    """Draw a disc with a tail of another colour into the picture; return which pixels are its."""
    path = session.project.path_of(session.image)
    pixels = cv2.imread(str(path))
    x, y, radius = DISC
    rng = np.random.default_rng(0)
    cv2.circle(pixels, (x, y), radius, (60, 120, 230), -1)
    cv2.rectangle(pixels, (x - 10, y + radius - 5), (x + 10, y + radius + 40), (160, 90, 60), -1)
    noisy = pixels + rng.normal(0, 4, pixels.shape)
    cv2.imwrite(str(path), noisy.clip(0, 255).astype(np.uint8))
    inside = np.zeros(pixels.shape[:2], np.uint8)
    cv2.circle(inside, (x, y), radius, 1, -1)
    return inside.astype(bool)


@pytest.fixture
def tool(session, disc, pictured):
    session.view.choose_class(1)
    return GrabCutTool(pictured)


def drag(tool, *points, **held):
    tool.press(Press(points[0], **held))
    for point in points[1:]:
        tool.move(Press(point, **held))
    tool.release(Press(points[-1], **held))


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def shown(tool, session):
    out = np.zeros(session.image.box.shape, bool)
    for patch in tool.preview:
        out[patch.box.slices] |= patch.region
    return out


def iou(a, b):
    return (a & b).sum() / (a | b).sum()


@pytest.fixture
def boxed(tool, wait_idle):
    drag(tool, (80.0, 130.0), (150.0, 200.0), (220.0, 270.0))
    wait_idle()
    return tool


def test_a_box_shows_the_object_and_enter_paints_it(session, boxed, disc, wait_idle):
    found = shown(boxed, session)
    assert iou(found, disc) > 0.95
    assert (mask(session) == UNLABELLED).all()
    assert boxed.finish()
    wait_idle()
    assert ((mask(session) == 1) == found).all()
    assert session.history.next_undo.text == "GrabCut"
    assert not boxed.begun
    assert not boxed.preview
    session.undo()
    assert (mask(session) == UNLABELLED).all()
    session.redo()
    assert ((mask(session) == 1) == found).all()


def test_enter_while_it_computes_paints_what_comes(session, tool, disc, wait_idle):
    drag(tool, (80.0, 130.0), (220.0, 270.0))
    assert tool.finish()
    wait_idle()
    assert iou(mask(session) == 1, disc) > 0.95


def test_strokes_add_and_take_away_and_backspace_takes_them_back(session, boxed, disc, wait_idle):
    first = shown(boxed, session)
    tail = np.zeros(disc.shape, bool)
    tail[265:295, 142:159] = True
    drag(boxed, (150.0, 262.0), (150.0, 296.0))
    wait_idle()
    with_tail = shown(boxed, session)
    assert with_tail[tail].mean() > 0.9
    drag(boxed, (120.0, 170.0), (180.0, 230.0), erase=True)
    wait_idle()
    assert not shown(boxed, session)[200, 150]
    assert boxed.steps == 2
    assert boxed.back()
    wait_idle()
    assert (shown(boxed, session) == with_tail).all()
    assert boxed.back()
    wait_idle()
    assert iou(shown(boxed, session), first) > 0.98
    assert boxed.back()  # the box itself
    assert not boxed.begun
    assert not boxed.back()


def test_esc_drops_it(session, boxed):
    before = len(session.history.entries)
    assert boxed.forget()
    assert not boxed.preview
    assert not boxed.finish()
    assert not boxed.forget()
    assert len(session.history.entries) == before


def test_only_the_newest_answer_is_shown(session, tool, disc, wait_idle):
    drag(tool, (80.0, 130.0), (220.0, 270.0))
    for y in (180.0, 200.0, 220.0):
        drag(tool, (130.0, y), (170.0, y))
    wait_idle()
    assert tool.steps == 3
    assert iou(shown(tool, session), disc) > 0.95


def test_locked_classes_keep_their_pixels(session, boxed, stroke, wait_idle):
    stroke((150, 200), (150, 200), value=2)
    there = mask(session) == 2
    from dataclasses import replace

    session.change_class(replace(session.class_of(2), locked=True))
    boxed.finish()
    wait_idle()
    assert (mask(session)[there] == 2).all()
    assert (mask(session) == 1).sum() > 5000


def test_a_right_drag_box_erases_the_object(session, tool, stroke, disc, wait_idle):
    stroke((150, 200), (150, 200), diameter=180, value=2)
    drag(tool, (80.0, 130.0), (220.0, 270.0), erase=True)
    wait_idle()
    assert tool.previews_erasing
    tool.finish()
    wait_idle()
    assert (mask(session)[disc] == UNLABELLED).mean() > 0.95
    assert mask(session)[125, 150] == 2


def test_a_tiny_box_and_one_outside_are_none(session, tool):
    drag(tool, (80.0, 130.0), (81.0, 130.5))
    assert not tool.begun
    drag(tool, (-80.0, -130.0), (-20.0, -30.0))
    assert not tool.begun
    assert not session.jobs.jobs


def test_a_class_that_is_deleted_takes_the_selection_along(session, boxed):
    from segstudio.domain.edit import Edit, RowChange
    from segstudio.domain.records import class_row

    row = RowChange("classes", 1, class_row(session.class_of(1)), None)
    session.apply(Edit("Delete class", rows=(row,)))
    assert not boxed.begun
    assert not boxed.preview


def test_another_image_takes_the_selection_along(session, tool, open_image, wait_idle):
    drag(tool, (80.0, 130.0), (220.0, 270.0))
    open_image(2)
    tool.forget()
    wait_idle()
    assert not tool.preview
    assert not tool.finish()


def test_large_boxes_are_reduced(session, tool, disc, wait_idle, monkeypatch):
    from segstudio.gui.tools.builtin import grabcut

    monkeypatch.setattr(grabcut, "MOST", 10_000)
    drag(tool, (80.0, 130.0), (220.0, 270.0))
    wait_idle()
    assert iou(shown(tool, session), disc) > 0.85
    assert all(patch.box.clipped(Box(0, 0, 530, 700)) == patch.box for patch in tool.preview)
