"""A canvas in a window of its own, driven by mouse events."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from segstudio.gui.canvas.canvas import Canvas

KINDS = {
    "press": QEvent.Type.MouseButtonPress,
    "move": QEvent.Type.MouseMove,
    "release": QEvent.Type.MouseButtonRelease,
}


@pytest.fixture
def canvas(qtbot, session, readers, open_image):
    """A canvas that shows the first picture."""
    window = QWidget()
    qtbot.addWidget(window)
    canvas = Canvas(session, readers, window)
    window.resize(640, 480)
    canvas.resize(640, 480)
    with qtbot.waitExposed(window):
        window.show()
    session.image_opened.connect(lambda: canvas.show_image(session.image.box))
    session.image_closed.connect(canvas.clear)
    open_image(1)
    yield canvas  # until then the window is kept
    del window


@pytest.fixture
def mouse(canvas):
    """Send a mouse event at a point of the image."""

    def mouse(kind, at, button=Qt.MouseButton.LeftButton, modifiers=None, view=False):
        place = QPointF(*at) if view else canvas.view.to_view(*at)
        held = Qt.MouseButton.NoButton if kind == "release" else button
        which = Qt.MouseButton.NoButton if kind == "move" else button
        event = QMouseEvent(
            KINDS[kind], place, canvas.mapToGlobal(place), which, held,
            modifiers or Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(canvas, event)

    return mouse


@pytest.fixture
def drag(mouse):
    """Press, move and release."""

    def drag(*points, **held):
        mouse("press", points[0], **held)
        for point in points[1:]:
            mouse("move", point, **held)
        mouse("release", points[-1], **held)

    return drag
