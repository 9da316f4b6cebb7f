import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from segstudio.gui import theme
from segstudio.gui.canvas.minimap import LONGEST, Minimap


@pytest.fixture
def minimap(qtbot):
    canvas = QWidget()
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    minimap = Minimap(canvas)
    with qtbot.waitExposed(canvas):
        canvas.show()
    image = QImage(400, 200, QImage.Format.Format_RGB888)
    image.fill(QColor(200, 100, 50))
    minimap.set_image(image, (2000, 4000))
    yield minimap  # noqa: PT022 (the window has to outlive the test)


def test_hides_while_everything_is_in_sight(minimap):
    assert not minimap.isVisible()
    minimap.set_view(QRectF(0.2, 0.2, 0.5, 0.5))
    assert minimap.isVisible()
    minimap.set_view(QRectF(-0.1, -0.1, 1.2, 1.2))
    assert not minimap.isVisible()
    minimap.set_view(QRectF(0.2, 0.2, 0.5, 0.5))
    minimap.set_image(None)
    assert not minimap.isVisible()


def test_has_the_shape_of_the_picture(minimap):
    assert (minimap.width(), minimap.height()) == (LONGEST + 2, LONGEST // 2 + 2)
    minimap.set_image(QImage(4, 4000, QImage.Format.Format_RGB888))
    assert minimap.height() == LONGEST + 2
    assert minimap.width() >= 20


def test_a_click_asks_for_a_place_in_the_picture(qtbot, minimap):
    minimap.set_view(QRectF(0, 0, 0.5, 0.5))
    with qtbot.waitSignal(minimap.moved) as signal:
        QTest.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(121, 61))
    assert signal.args == pytest.approx([3000, 1500], abs=1)


def test_a_drag_stays_inside_the_picture(qtbot, minimap):
    minimap.set_view(QRectF(0, 0, 0.5, 0.5))
    none, held = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    place, keys = QPointF(900, -50), Qt.KeyboardModifier.NoModifier
    where = minimap.mapToGlobal(place)
    drag = QMouseEvent(QMouseEvent.Type.MouseMove, place, where, none, held, keys)
    with qtbot.waitSignal(minimap.moved) as signal:
        QApplication.sendEvent(minimap, drag)
    assert signal.args == [4000, 0]


def test_shows_the_picture_and_dims_what_is_out_of_sight(minimap):
    minimap.set_view(QRectF(0, 0, 0.5, 1))
    image = minimap.grab().toImage()
    inside, outside = image.pixelColor(40, 40), image.pixelColor(120, 40)
    assert inside == QColor(200, 100, 50)
    assert outside.red() < 140
    edge = image.pixelColor(round(minimap.view_rect().right()) - 1, 40)
    assert abs(edge.blue() - theme.colour("accent").blue()) < 60


def test_a_tiny_view_can_be_seen(minimap):
    minimap.set_view(QRectF(0.5, 0.5, 0.0001, 0.0001))
    assert minimap.view_rect().width() >= 6
