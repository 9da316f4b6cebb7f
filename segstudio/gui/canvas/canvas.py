"""The image, with its masks on it, under the mouse."""

from typing import Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer
from segstudio.gui import theme
from segstudio.gui.canvas.heat import HeatOverlay
from segstudio.gui.canvas.overlay import OverlayTiles
from segstudio.gui.canvas.pixels import PixelTiles
from segstudio.gui.canvas.preview import PreviewOverlay
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.session import Session
from segstudio.gui.tools.tool import Press, Tool, tools
from segstudio.store.rasters import Readers

PROPOSAL_GLOW = 0.62

ENDS = {
    "pan": (Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton),
    "draw": (Qt.MouseButton.LeftButton,),
    "erase": (Qt.MouseButton.RightButton,),
}
"""Which button's release ends a drag."""


class _Clearable(Protocol):
    def clear(self) -> None: ...


class Canvas(QWidget):
    """Draws picture, mask, proposal and previews; hands the mouse to the tool in hand."""

    hovered = Signal(object)  # x and y in image pixels, or None
    view_changed = Signal()

    def __init__(self, session: Session, readers: Readers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName("Canvas")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 180)
        self._session = session
        self.view = Viewport()
        self.pixels = PixelTiles(readers, self)
        self.mask_tiles = OverlayTiles(session, Layer.MASK, readers)
        self.proposal_tiles = OverlayTiles(session, Layer.PROPOSAL, readers)
        self.preview = PreviewOverlay(self)
        self.heat = HeatOverlay(self)
        self._tools: dict[str, Tool] = {name: tools[name](session) for name in tools}
        self._cursor: QPointF | None = None
        self._drag: str | None = None
        self._pan_from = QPointF()
        self._space = self._alt = False
        self._connect()

    def _connect(self) -> None:
        session = self._session
        session.layer_changed.connect(self._layer_changed)
        session.classes_changed.connect(self._recolour)
        session.project_changed.connect(self._recolour)
        session.view.overlay_changed.connect(self._recolour)
        session.view.brush_changed.connect(self._ring_changed)
        session.view.tool_changed.connect(self._tool_changed)
        session.view.class_changed.connect(self._ring_changed)
        self.pixels.arrived.connect(self.update_box)
        self.mask_tiles.arrived.connect(self.update_box)
        self.proposal_tiles.arrived.connect(self.update_box)
        self.preview.changed.connect(self.update)
        self.heat.changed.connect(self.update)
        theme.notifier.changed.connect(self.update)

    # -- what is shown ---------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        return self._tools[self._session.view.tool]

    def show_image(self, image: Box) -> None:
        """Turn to another image of the session, whole in sight."""
        self._give_up_drag()
        self.mask_tiles.clear()
        self.proposal_tiles.clear()
        self.preview.clear()
        self.heat.clear()
        self._recolour()
        if image != self.view.image or self.view.fitted:
            self.view.show(image)
        self.changed_view()

    def clear(self) -> None:
        self._give_up_drag()
        parts: tuple[_Clearable, ...] = (
            self.pixels, self.mask_tiles, self.proposal_tiles, self.preview, self.heat,
        )  # fmt: skip
        for part in parts:
            part.clear()
        self.update()

    def changed_view(self) -> None:
        """Redraw after the zoom or the place has changed."""
        self.update()
        self.view_changed.emit()

    def update_box(self, box: Box) -> None:
        """Redraw the part of the widget that shows a box of the image."""
        self.update(self.view.rect(box).toAlignedRect().adjusted(-2, -2, 2, 2))

    def _layer_changed(self, layer: int, boxes: list[Box]) -> None:
        overlay = {Layer.MASK: self.mask_tiles, Layer.PROPOSAL: self.proposal_tiles}.get(
            Layer(layer)
        )
        if overlay is None:
            return
        overlay.patch(boxes, self.view.level(12))
        for box in boxes:
            self.update_box(box)

    def _recolour(self) -> None:
        view, classes = self._session.view, self._session.classes
        self.mask_tiles.colour(classes, view.opacity)
        self.proposal_tiles.colour(classes, PROPOSAL_GLOW)
        self.preview.colour(classes)
        self.update()

    # -- painting --------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = event.rect()
        painter.fillRect(area, QColor(theme.current().canvas))
        session, state = self._session, self._session.view
        part = self.view.box(area)
        ratio = self.devicePixelRatioF()
        if session.layers is not None and part:
            smooth = self.view.zoom < 1
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            self.pixels.draw(painter, self.view, part, ratio)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            if not state.peeking:
                self._draw_overlays(painter, part, ratio)
        self._draw_ring(painter)
        painter.end()

    def _draw_overlays(self, painter: QPainter, part: Box, ratio: float) -> None:
        """Draw what lies over the picture; under heat the masks are only outlines."""
        state = self._session.view
        heat = state.uncertainty and self.heat.active
        if heat:
            self.heat.draw(painter, self.view, ratio)
        if not state.overlay:
            return
        self.mask_tiles.draw(painter, self.view, part, ratio, not heat, state.outlines or heat)
        if not self.preview.draw(painter, self.view, ratio):
            self.proposal_tiles.draw(painter, self.view, part, ratio, not heat, outlines=True)

    def _draw_ring(self, painter: QPainter) -> None:
        rect = self._ring()
        if rect is None or self._session.layers is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        label = self._session.class_of(self._session.view.active_class)
        erasing = self._session.view.tool == "eraser" or self._alt or self._drag == "erase"
        colour = QColor(*label.colour) if label and not erasing else QColor(255, 255, 255)
        painter.setPen(QPen(QColor(0, 0, 0, 150), 3))
        painter.drawEllipse(rect)
        painter.setPen(
            QPen(colour, 1.25, Qt.PenStyle.DashLine if erasing else Qt.PenStyle.SolidLine)
        )
        painter.drawEllipse(rect)

    def _ring(self) -> QRectF | None:
        if self._cursor is None or not self.tool.sized or self._drag == "pan" or self._space:
            return None
        across = max(self._session.view.brush * self.view.zoom, 3.0)
        middle = self._cursor
        return QRectF(middle.x() - across / 2, middle.y() - across / 2, across, across)

    def _ring_area(self) -> QRect:
        rect = self._ring()
        return QRect() if rect is None else rect.toAlignedRect().adjusted(-4, -4, 4, 4)

    def _ring_changed(self) -> None:
        self.update()

    def _tool_changed(self) -> None:
        self._give_up_drag()
        self._show_cursor()
        self.update()

    def under_cursor(self) -> tuple[float, float] | None:
        """Return the point of the image under the cursor; None while that is elsewhere."""
        return None if self._cursor is None else self.view.to_image(self._cursor)

    def _move_cursor(self, to: QPointF | None) -> None:
        old = self._ring_area()
        self._cursor = to
        self.update(old.united(self._ring_area()))

    def _show_cursor(self) -> None:
        if self._drag == "pan":
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)

    # -- mouse and keys --------------------------------------------------------------

    def _press_of(self, event: QMouseEvent) -> Press:
        modifiers = event.modifiers()
        erase = self._drag == "erase" or bool(modifiers & Qt.KeyboardModifier.AltModifier)
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        return Press(self.view.to_image(event.position()), shift, erase)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            return
        button = event.button()
        if button == Qt.MouseButton.MiddleButton or (
            button == Qt.MouseButton.LeftButton and self._space
        ):
            self._drag, self._pan_from = "pan", event.position()
            self._show_cursor()
        elif button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._drag = "erase" if button == Qt.MouseButton.RightButton else "draw"
            self.tool.press(self._press_of(event))
        self._move_cursor(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._drag == "pan":
            self.view.pan(at - self._pan_from)
            self._pan_from = at
            self.changed_view()
        elif self._drag is not None:
            self.tool.move(self._press_of(event))
        self._move_cursor(at)
        self.hovered.emit(self.view.to_image(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag = self._drag
        if drag is None or event.button() not in ENDS[drag]:
            return
        if drag != "pan":
            self.tool.release(self._press_of(event))
        self._drag = None
        self._show_cursor()
        self._move_cursor(event.position())

    def _give_up_drag(self) -> None:
        if self._drag in ("draw", "erase"):
            self.tool.cancel()
        self._drag = None

    def cancel_stroke(self) -> bool:
        """Give up the stroke in progress; false where there is none."""
        drawing = self._drag in ("draw", "erase")
        self._give_up_drag()
        return drawing

    def enterEvent(self, event: QEnterEvent) -> None:
        self._move_cursor(event.position())
        self._show_cursor()

    def leaveEvent(self, event: object) -> None:
        self._move_cursor(None)
        self.hovered.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120 or event.angleDelta().x() / 120
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if event.modifiers() & both == both:
            self._session.view.step_brush((steps > 0) - (steps < 0))
        else:
            self.view.zoom_at(event.position(), 1.2**steps)
            self.changed_view()
        event.accept()

    def hold(self, key: int, down: bool) -> bool:
        """Follow a key that changes what the mouse does while held; false for other keys."""
        if key == Qt.Key.Key_Space:
            self._space = down
        elif key == Qt.Key.Key_Alt:
            self._alt = down
        else:
            return False
        self._show_cursor()
        self.update()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view.resize(self.width(), self.height())
        self.changed_view()
