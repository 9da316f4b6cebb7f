"""What the mouse does on the canvas: hand drags to the tool, pan, zoom."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPen,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)

from segstudio.gui.canvas.panes import pane_at
from segstudio.gui.tools.tool import Press

if TYPE_CHECKING:
    from segstudio.gui.canvas.canvas import Canvas

Event = QMouseEvent | QTabletEvent

ENDS = {
    "pan": (Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton),
    "draw": (Qt.MouseButton.LeftButton,),
    "erase": (Qt.MouseButton.RightButton,),
}
"""Which button's release ends a drag."""


class Pointer:
    """The mouse over the canvas and the keys that are held with it.

    Places are those of the view: a drag stays in the pane in which it began.
    """

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self.at: QPointF | None = None
        self.drag: str | None = None
        self._pan_from = QPointF()
        self._shift = 0
        self._space = self._alt = self._rubber = False
        self._pressure = 1.0
        self._ring_drawn = QRectF()

    # -- events ----------------------------------------------------------------------

    def press(self, event: Event) -> None:
        if self.drag is not None:
            return
        place, button = self._in_view(event.position()), event.button()
        if button == Qt.MouseButton.MiddleButton or (
            button == Qt.MouseButton.LeftButton and self._space
        ):
            self.drag, self._pan_from = "pan", place
            self.show_cursor()
        elif button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self.drag = "erase" if button == Qt.MouseButton.RightButton else "draw"
            self._canvas.tool.press(self._press_of(event, place))
        self.go(place)

    def move(self, event: Event) -> None:
        place, view = self._in_view(event.position()), self._canvas.view
        if self.drag == "pan":
            view.pan(place - self._pan_from)
            self._pan_from = place
            self._canvas.changed_view()
        elif self.drag is not None:
            self._canvas.tool.move(self._press_of(event, place))
        else:
            self._canvas.tool.hover(self._press_of(event, place))
        self.go(place)
        self._canvas.hovered.emit(view.to_image(place))

    def release(self, event: Event) -> None:
        drag = self.drag
        if drag is None or event.button() not in ENDS[drag]:
            return
        place = self._in_view(event.position())
        if drag != "pan":
            self._canvas.tool.release(self._press_of(event, place))
        self.drag = None
        self.show_cursor()
        self.go(place)

    def double(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.drag is None:
            self._canvas.tool.double(self._press_of(event, self._in_view(event.position())))

    def pen(self, event: QTabletEvent) -> None:
        """A pen draws as the mouse does, with its pressure; its other end erases."""
        kind = event.type()
        self._pressure = event.pressure()
        self._rubber = event.pointerType() == QPointingDevice.PointerType.Eraser
        if kind == QEvent.Type.TabletPress:
            self.press(event)
        elif kind == QEvent.Type.TabletMove:
            self.move(event)
        elif kind == QEvent.Type.TabletRelease:
            self.release(event)
            self._pressure, self._rubber = 1.0, False
        event.accept()

    def wheel(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120 or event.angleDelta().x() / 120
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if event.modifiers() & both == both:
            self._canvas.state.step_brush((steps > 0) - (steps < 0))
        else:
            self._canvas.view.zoom_at(self._in_view(event.position()), 1.2**steps)
            self._canvas.changed_view()

    def enter(self, place: QPointF) -> None:
        self.go(self._in_view(place))
        self.show_cursor()

    def leave(self) -> None:
        self.go(None)
        self._canvas.tool.hover(None)
        self._canvas.hovered.emit(None)

    def hold(self, key: int, down: bool) -> bool:
        """Follow a key that changes what the mouse does while held; false for other keys."""
        if key == Qt.Key.Key_Space:
            self._space = down
        elif key == Qt.Key.Key_Alt:
            self._alt = down
        else:
            return False
        self.show_cursor()
        self._canvas.update()
        return True

    def give_up(self) -> bool:
        """End the drag; what it has drawn is as before. False where nothing was drawn."""
        drawing = self.drag in ("draw", "erase")
        if drawing:
            self._canvas.tool.cancel()
        self.drag = None
        return drawing

    def _in_view(self, place: QPointF) -> QPointF:
        if self.drag is None:
            self._shift = pane_at(self._canvas.panes(), place).shift
        return place - QPointF(self._shift, 0)

    def _press_of(self, event: Event, place: QPointF) -> Press:
        held, keys = event.modifiers(), Qt.KeyboardModifier
        erase = self.drag == "erase" or self._rubber or bool(held & keys.AltModifier)
        shift, control = bool(held & keys.ShiftModifier), bool(held & keys.ControlModifier)
        at = self._canvas.view.to_image(place)
        return Press(at, shift, erase, control, self._pressure)

    # -- the cursor ------------------------------------------------------------------

    def go(self, to: QPointF | None) -> None:
        """Show the cursor's ring elsewhere."""
        old, self.at = self._ring_drawn, to
        self._ring_drawn = self._ring_area()
        self._canvas.update_view(old.united(self._ring_drawn))

    def show_cursor(self) -> None:
        shape = Qt.CursorShape.CrossCursor
        if self.drag == "pan":
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space:
            shape = Qt.CursorShape.OpenHandCursor
        self._canvas.setCursor(shape)

    def ring(self) -> QRectF | None:
        """Return where the outline of the brush is in the view; None where there is none."""
        if self.at is None or not self._canvas.tool.sized or self.drag == "pan" or self._space:
            return None
        size, _ = self._canvas.tool.ring(self._canvas.state.brush)
        across = max(size * self._canvas.view.zoom, 3.0)
        return QRectF(self.at.x() - across / 2, self.at.y() - across / 2, across, across)

    def _ring_area(self) -> QRectF:
        rect = self.ring()
        return QRectF() if rect is None else rect.adjusted(-4, -4, 4, 4)

    def draw_ring(self, painter: QPainter, colour: QColor) -> None:
        """Draw the outline of the brush; white and dashed where it erases."""
        rect = self.ring()
        if rect is None:
            return
        erasing = self._canvas.state.tool == "eraser" or self._alt or self._rubber
        erasing = erasing or self.drag == "erase"
        line = Qt.PenStyle.DashLine if erasing else Qt.PenStyle.SolidLine
        _, square = self._canvas.tool.ring(self._canvas.state.brush)
        draw = painter.drawRect if square else painter.drawEllipse
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(0, 0, 0, 150), 3))
        draw(rect)
        painter.setPen(QPen(QColor(255, 255, 255) if erasing else colour, 1.25, line))
        draw(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
