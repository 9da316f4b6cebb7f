import math

import pytest
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.geometry import Box
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools.builtin.ruler import Ruler, in_metres, snapped
from segstudio.gui.tools.tool import Press


@pytest.fixture
def ruler(context):
    return Ruler(context)


def drag(ruler, *points, **held):
    ruler.press(Press(points[0]))
    for point in points[1:]:
        ruler.move(Press(point, **held))
    ruler.release(Press(points[-1], **held))


def test_it_says_length_and_angle(ruler):
    drag(ruler, (10.0, 10.0), (40.0, 50.0))
    assert ruler.text() == "50.0 px  ·  −53.1°"
    drag(ruler, (10.0, 10.0), (410.0, 10.0))
    assert ruler.text() == "400 px  ·  0.0°"
    drag(ruler, (10.0, 100.0), (10.0, 95.5))
    assert ruler.text() == "4.50 px  ·  90.0°"


def test_metres_where_the_picture_has_a_place_on_earth(ruler, session, monkeypatch):
    from segstudio.gui.tools.builtin import ruler as module

    asked = []

    def distance(georef, a, b):
        asked.append((georef, a, b))
        return 1234.5

    monkeypatch.setattr(module, "distance", distance)
    drag(ruler, (0.0, 0.0), (30.0, 40.0))
    assert ruler.text() == "50.0 px  ·  1.23 km  ·  −53.1°"
    assert asked[-1] == (session.image.georef, (0.0, 0.0), (30.0, 40.0))


@pytest.mark.parametrize(
    ("metres", "text"),
    [(0.034, "3.40 cm"), (0.5, "50.0 cm"), (3.14159, "3.14 m"), (42, "42.0 m"), (999, "999 m"),
     (1500, "1.50 km"), (12_345_678, "12\N{THIN SPACE}346 km")],
)  # fmt: skip
def test_distances_are_in_the_unit_that_suits_them(metres, text):
    assert in_metres(metres) == text


def test_shift_snaps_to_multiples_of_45_degrees(ruler):
    drag(ruler, (100.0, 100.0), (200.0, 109.0), shift=True)
    assert ruler.line == ((100.0, 100.0), (200.0, 100.0))
    for n in range(16):
        angle = n * math.pi / 8 + 0.1
        x, y = snapped((0, 0), (100 * math.cos(angle), 100 * math.sin(angle)))
        turn = math.degrees(math.atan2(y, x)) % 45
        assert min(turn, 45 - turn) == pytest.approx(0, abs=1e-9)
        assert 90 < math.hypot(x, y) <= 100


def test_the_line_stays_until_the_next_press_or_until_it_is_forgotten(ruler, monkeypatch):
    told = []
    monkeypatch.setattr(ruler, "_redraw", lambda: told.append(1))
    assert not ruler.forget()
    drag(ruler, (10.0, 10.0), (40.0, 50.0))
    ruler.move(Press((300.0, 300.0)))
    assert ruler.line == ((10.0, 10.0), (40.0, 50.0))
    ruler.press(Press((1.0, 1.0)))
    assert ruler.line is None
    ruler.move(Press((5.0, 1.0)))
    assert ruler.line is not None
    before = len(told)
    assert ruler.forget()
    assert len(told) == before + 1
    assert not ruler.forget()
    assert ruler.text() == ""


@pytest.mark.parametrize("end", [(40.0, 50.0), (690.0, 520.0), (-50.0, -50.0)])
def test_it_is_drawn_with_its_label_inside_the_view(ruler, end):
    view = Viewport()
    view.resize(300, 200)
    view.show(Box(0, 0, 530, 700))
    drag(ruler, (10.0, 10.0), end)
    screen = QImage(300, 200, QImage.Format.Format_RGB32)
    screen.fill(0)
    painter = QPainter(screen)
    ruler.draw(painter, view)
    painter.end()
    inked = [(x, y) for x in range(300) for y in range(200) if screen.pixel(x, y) & 0xFFFFFF]
    assert len(inked) > 200
    at = view.to_view(10.0, 10.0)
    assert any(abs(x - at.x()) < 3 and abs(y - at.y()) < 3 for x, y in inked)
