import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import Layer
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools import borders
from segstudio.gui.tools.borders import Glance, cut, wanted
from segstudio.gui.tools.builtin.superpixel import SuperpixelBrush, SuperpixelOptions
from segstudio.gui.tools.tool import Press

WAIT = 20_000


def mask(session):
    return session.read(Layer.MASK, session.image.box)


@pytest.fixture
def view(session):
    view = Viewport()
    view.resize(500, 400)
    view.show(session.image.box)
    return view


@pytest.fixture
def brush(pictured, session, view):
    session.view.choose_class(1)
    pictured.in_sight = lambda: view.box(screen().rect())
    return SuperpixelBrush(pictured)


def screen():
    image = QImage(500, 400, QImage.Format.Format_RGB32)
    image.fill(0)
    return image


@pytest.fixture
def draw(brush, view):
    """Draw what the tool shows; return where it has inked."""

    def draw():
        image = screen()
        painter = QPainter(image)
        brush.draw(painter, view)
        painter.end()
        pixels = np.frombuffer(image.constBits(), np.uint32).reshape(400, 500)
        return (pixels & 0xFFFFFF) > 0x101010

    return draw


@pytest.fixture
def ready(brush, draw, qtbot):
    """Draw, and wait until the superpixels of what is in sight are there."""

    def ready():
        draw()
        qtbot.waitUntil(lambda: brush.ready, timeout=WAIT)

    return ready


def covered(brush, way):
    """Return the superpixels, as one region, that a way through the image crosses."""
    out = np.zeros(brush._context.session.image.box.shape, bool)
    for start, end in zip(way, way[1:] or way, strict=False):
        for label in brush._cut.along(start, end):
            patch = brush._cut.patch(label)
            out[patch.box.slices] |= patch.region
    return out


def drag(brush, *way, **held):
    brush.press(Press(way[0], **held))
    for point in way[1:]:
        brush.move(Press(point, **held))
    brush.release(Press(way[-1], **held))


def test_a_drag_paints_whole_superpixels_as_one_edit(session, brush, ready, wait_idle):
    ready()
    way = [(60.0, 60.0), (200.0, 90.0), (180.0, 300.0)]
    expected = covered(brush, way)
    assert len({brush._cut.at((x, y)) for y, x in np.argwhere(expected)[::50]}) > 12
    before = len(session.history.entries)
    drag(brush, *way)
    wait_idle()
    assert ((mask(session) == 1) == expected).all()
    assert len(session.history.entries) == before + 1
    assert not expected[:, 350:].any()  # they keep to the edge in the middle
    session.undo()
    assert (mask(session) == UNLABELLED).all()


def test_what_is_painted_shows_while_it_is_dragged(session, brush, ready):
    ready()
    way = [(60.0, 60.0), (200.0, 90.0)]
    brush.press(Press(way[0]))
    brush.move(Press(way[1]))
    shown = np.zeros(session.image.box.shape, bool)
    for patch in brush.preview:
        shown[patch.box.slices] |= patch.region
    assert (shown == covered(brush, way)).all()
    assert (mask(session) == UNLABELLED).all()
    brush.cancel()
    assert not brush.preview
    brush.release(Press(way[1]))
    assert (mask(session) == UNLABELLED).all()


def test_erasing(session, brush, ready, wait_idle):
    ready()
    drag(brush, (60.0, 60.0), (200.0, 90.0))
    wait_idle()
    brush.press(Press((60.0, 60.0), erase=True))
    assert brush.previews_erasing
    brush.release(Press((60.0, 60.0), erase=True))
    wait_idle()
    found = mask(session)
    assert found[60, 60] == UNLABELLED
    assert found[90, 200] == 1
    assert session.history.next_undo.text == "Erase"


def test_a_drag_before_they_are_there_is_painted_when_they_are(session, brush, wait_idle):
    way = [(60.0, 60.0), (200.0, 90.0)]
    drag(brush, *way)
    assert (mask(session) == UNLABELLED).all()
    wait_idle()
    assert ((mask(session) == 1) == covered(brush, way)).all()


def test_the_one_under_the_cursor_is_shown(session, brush, ready, wait_idle):
    ready()
    brush.hover(Press((60.0, 60.0)))
    (patch,) = brush.preview
    assert patch.region[60 - patch.box.top, 60 - patch.box.left]
    brush.hover(Press((61.0, 60.0)))
    assert brush.preview == (patch,)
    brush.hover(Press((300.0, 300.0), erase=True))
    assert brush.preview != (patch,)
    assert brush.previews_erasing
    brush.hover(None)
    assert not brush.preview


def test_borders_are_drawn_and_come_anew_when_the_view_rests(brush, view, draw, ready, qtbot):
    assert not draw().any()
    ready()
    inked = draw()
    assert 0.05 < inked.mean() < 0.5
    first = brush._cut
    view.zoom_at(view.to_view(100, 100), 8)
    assert draw().any()  # the old ones, larger
    assert brush._cut is first
    assert not brush.ready
    ready()
    assert brush._cut is not first
    assert 0.001 < draw().mean() < 0.3  # as thin as before
    assert brush._cut.wanted.box.area < first.wanted.box.area


def test_other_options_make_others(brush, ready, qtbot):
    ready()
    many = len(brush._cut.superpixels)
    brush.options = SuperpixelOptions(size=60)
    brush.options_changed()
    qtbot.waitUntil(lambda: brush.ready, timeout=WAIT)
    assert len(brush._cut.superpixels) < many / 3


def test_another_image_and_esc_forget_them(brush, ready, draw, open_image, session, wait_idle):
    ready()
    brush.hover(Press((60.0, 60.0)))
    assert not brush.forget()
    assert not brush.preview
    assert not draw().any()
    session.close_image()
    assert not draw().any()
    drag(brush, (10.0, 10.0))


def test_without_the_picture_it_says_so(context, session):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    drag(SuperpixelBrush(context), (60.0, 60.0))
    assert said == ["the picture is not there yet"]


def test_large_views_are_reduced_and_their_superpixels_lie_where_they_should(
    pictured, session, monkeypatch
):
    monkeypatch.setattr(borders, "MOST", 60_000)
    sight = Box(3, 5, 530, 700)
    what = wanted(pictured.picture, sight, 24, 10.0, Glance(0.5, 0, 0, 350, 265))
    assert what.stride == 4
    assert what.box == Box(0, 4, 530, 700)
    made = cut(pictured.picture, what, Quiet())
    seen = np.zeros(session.image.box.shape, int)
    for label in range(len(made.superpixels)):
        patch = made.patch(label)
        seen[patch.box.slices] += patch.region
    assert (seen[what.box.slices] == 1).all()
    assert seen.sum() == what.box.area
    for at in ((4.5, 0.5), (400.0, 300.0), (699.5, 529.5)):
        patch = made.patch(made.at(at))
        assert patch.region[int(at[1]) - patch.box.top, int(at[0]) - patch.box.left]
    assert made.at((800.0, 20.0)) is None
