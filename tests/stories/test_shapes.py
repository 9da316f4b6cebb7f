"""A person draws shapes, brushes what looks alike, and pushes borders, with mouse, keys and pen."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QAbstractButton, QApplication, QSpinBox

from segstudio.domain.classes import UNLABELLED
from segstudio.interactive import shapes


@pytest.fixture(autouse=True)
def nothing_kept():
    QSettings("segstudio", "segstudio").remove("tools")
    yield
    QSettings("segstudio", "segstudio").remove("tools")


@pytest.fixture(autouse=True)
def ready(studio, nothing_kept):
    studio.open("facade-01.jpg").choose_class("sign").brush(20)


def option(studio, name, kind=QAbstractButton):
    return studio.window.findChild(kind, name)


def wait(studio):
    studio.wait_idle().wait_saved()
    return studio.mask


def there_and_back(studio):
    """Undo and redo; the mask is bit by bit what it was."""
    after = wait(studio)
    studio.key("Ctrl+Z").wait_saved()
    before = studio.mask
    assert (before != after).any()
    studio.key("Ctrl+Shift+Z").wait_saved()
    assert (studio.mask == after).all()
    studio.key("Ctrl+Z").wait_saved()
    assert (studio.mask == before).all()
    studio.key("Ctrl+Shift+Z").wait_saved()
    return after


def same(found, shape):
    """Tell whether the mask is the shape, but for what the view rounds."""
    whole = np.zeros(found.shape, bool)
    whole[shape.box.slices] = shape.region
    return (found != whole).mean() < 0.0005


KEYS = {"line": "-", "rectangle": "Z", "ellipse": "/", "polygon": "P", "lasso": "S", "reshape": "="}


@pytest.mark.parametrize(("tool", "key"), KEYS.items())
def test_each_tool_has_its_key_and_says_its_keys(studio, tool, key):
    studio.key(key)
    assert studio.session.view.tool == tool
    assert studio.window.findChild(QAbstractButton, f"tool_{tool}").isChecked()
    assert "drag" in studio.window.findChild(object, "tool_hint").toolTip()


def test_rectangles_ellipses_and_lines(studio):
    box = studio.session.image.box
    studio.choose_tool("rectangle").drag((60, 50), (100, 100), (160, 130))
    assert same(there_and_back(studio) == 1, shapes.rectangle((60, 50), (160, 130), box))
    studio.choose_class("window").choose_tool("ellipse")
    studio.drag((300, 200), (340, 220), ctrl=True)
    assert same(there_and_back(studio) == 2, shapes.ellipse((260, 180), (340, 220), box))
    studio.choose_class("background").choose_tool("line")
    studio.drag((50, 300), (250, 306), shift=True)
    found = there_and_back(studio) == 0
    assert same(found, shapes.line((50, 300), (250, 300), 20, box))
    studio.choose_tool("rectangle").drag((70, 60), (90, 80), button="right")
    assert (there_and_back(studio)[62:78, 72:88] == UNLABELLED).all()
    assert studio.session.history.next_undo.text == "Erase"


def test_a_shape_glows_in_its_colour_before_it_is_painted(studio):
    canvas, view = studio.window.canvas, studio.window.canvas.view
    studio.choose_tool("rectangle")
    press, move = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove
    before = canvas.grab().toImage().pixelColor(view.to_view(200, 150).toPoint())
    QApplication.sendEvent(canvas, studio.mouse_event(press, (100, 100)))
    QApplication.sendEvent(canvas, studio.mouse_event(move, (300, 200)))
    after = canvas.grab().toImage().pixelColor(view.to_view(200, 150).toPoint())
    colour = studio.session.class_of(1).colour
    seen, old = ([getattr(c, band)() for band in ("red", "green", "blue")] for c in (after, before))
    assert all(abs(s - (o + c) / 2) < 12 for s, o, c in zip(seen, old, colour, strict=True))
    studio.key("Esc")
    QApplication.sendEvent(canvas, studio.mouse_event(QEvent.Type.MouseButtonRelease, (300, 200)))
    assert (wait(studio) == UNLABELLED).all()


def test_a_polygon_by_clicks_and_keys(studio):
    corners = [(100, 80), (250, 90), (220, 200), (90, 160)]
    studio.key("P")
    for corner in corners:
        studio.click(*corner)
    studio.click(400, 300).key("Backspace")
    studio.drag((250, 90), (280, 60))  # a corner is taken elsewhere
    studio.move(10, 10).key("Return")
    box = studio.session.image.box
    moved = [corners[0], (280, 60), *corners[2:]]
    assert same(there_and_back(studio) == 1, shapes.polygon(moved, box))
    assert studio.session.history.next_undo.text == "Polygon"


def test_a_polygon_is_closed_by_a_double_click_and_dropped_by_esc(studio):
    studio.key("P").click(100, 80).click(250, 90).double_click(220, 200)
    found = there_and_back(studio) == 1
    triangle = [(100, 80), (250, 90), (220, 200)]
    assert same(found, shapes.polygon(triangle, studio.session.image.box))
    studio.click(300, 300).click(400, 300).click(400, 200).key("Esc").key("Return")
    assert (wait(studio) == 1).sum() == found.sum()


def test_a_lasso_is_closed_on_release(studio):
    way = [(100, 100), (220, 90), (260, 180), (180, 240), (90, 190)]
    studio.key("S").drag(*way)
    assert same(there_and_back(studio) == 1, shapes.polygon(way, studio.session.image.box))


def test_a_border_is_pushed(studio):
    studio.choose_tool("ellipse").drag((150, 150), (250, 250))
    wait(studio)
    studio.choose_class("window").key("=").brush(30).drag((200, 200), (280, 200))
    found = there_and_back(studio)
    assert found[200, 290] == 1
    assert not (found == 2).any()
    studio.drag((200, 320), (200, 230))
    found = there_and_back(studio)
    assert found[240, 200] == UNLABELLED
    assert found[205, 200] == 1


def test_a_pen_paints_thinner_when_it_is_pressed_less_and_its_other_end_erases(studio):
    studio.choose_tool("brush").brush(40)
    studio.pen((100, 100), (200, 100), pressure=1.0)
    studio.pen((100, 200), (200, 200), pressure=0.25)
    found = there_and_back(studio) == 1
    thick, thin = (np.count_nonzero(found[y - 30 : y + 30, 150]) for y in (100, 200))
    assert thick == pytest.approx(40, abs=1)
    assert thin == pytest.approx(10, abs=1)
    studio.pen((150, 80), (150, 120), rubber=True)
    assert there_and_back(studio)[100, 150] == UNLABELLED
    assert studio.session.history.next_undo.text == "Erase"
    studio.drag((300, 100), (400, 100))  # the mouse presses fully and paints
    assert np.count_nonzero(wait(studio)[70:130, 350] == 1) == pytest.approx(40, abs=1)


def test_options_in_the_strip_change_the_brush_and_are_kept(studio):
    from segstudio.testing import Studio

    option(studio, "tool_brush_shape_square").click()
    studio.click(200, 200)
    found = there_and_back(studio) == 1
    assert found.sum() == pytest.approx(400, abs=21)
    option(studio, "tool_brush_similar").click()
    option(studio, "tool_brush_tolerance", QSpinBox).setValue(7)
    root = studio.session.project.root
    studio.close()
    again = Studio(root)
    brush = again.window.canvas.named("brush").options
    assert (brush.shape, brush.similar, brush.tolerance) == ("square", True, 7)
    assert option(again, "tool_brush_similar").isChecked()
    again.close()


def test_similar_stays_on_what_the_stroke_began_on(studio):
    option(studio, "tool_brush_similar").click()
    picture = studio.window.canvas.context.picture
    studio.brush(120).wait_idle()
    studio.click(250, 200)
    found = there_and_back(studio) == 1
    rgb = picture.rgb(picture.box).astype(int)
    apart = np.abs(rgb - np.median(rgb[190:210, 240:260], (0, 1))).sum(2)
    ys, xs = np.ogrid[: found.shape[0], : found.shape[1]]
    dab = (ys - 199.5) ** 2 + (xs - 249.5) ** 2 <= 58**2
    assert found[~dab].sum() < 900
    assert (found & dab).sum() > 0
    if (dab & ~found).sum() > 200:
        assert apart[found].mean() < apart[dab & ~found].mean()


def test_the_strip_never_widens_the_window(studio):
    for name in studio.window.rail.findChildren(QAbstractButton):
        name.click()
        studio.window.resize(1100, 800)
        QApplication.processEvents()
        assert studio.window.width() == 1100
        assert studio.window.minimumSizeHint().width() <= 1100
