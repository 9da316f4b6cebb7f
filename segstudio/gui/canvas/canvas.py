"""The image, with its masks on it, under the mouse."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from segstudio.domain.classes import Colour
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer
from segstudio.gui import theme
from segstudio.gui.canvas.comparison import Comparison
from segstudio.gui.canvas.grid import draw_grid
from segstudio.gui.canvas.overlays import Overlays
from segstudio.gui.canvas.panes import Pane
from segstudio.gui.canvas.patches import PatchPainter
from segstudio.gui.canvas.pixels import PixelTiles
from segstudio.gui.canvas.pointer import Pointer
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.session import Session
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.tool import Tool, tools
from segstudio.interactive.patch import Patch
from segstudio.store.rasters import Readers

MANY = 48
"""Boxes of one change from which on all of the canvas is drawn again."""


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
        self.state = session.view
        self.view = Viewport()
        self.pixels = PixelTiles(readers, self)
        self.over = Overlays(session, readers, self)
        self.preview, self.heat = self.over.preview, self.over.heat
        self.comparison: Comparison | None = None
        self.context = ToolContext(session, self.visible_box, self.update, self)
        self._tools: dict[str, Tool] = {name: tools[name](self.context) for name in tools}
        self._patches = PatchPainter()
        self._changes: list[tuple[Patch, QColor]] = []
        self.pointer = Pointer(self)
        self._connect()

    def _connect(self) -> None:
        session, state = self._session, self.state
        session.layer_changed.connect(self._layer_changed)
        self.pixels.arrived.connect(self.update_box)
        self.over.changed.connect(self._redraw)
        for signal in (state.brush_changed, state.class_changed, theme.notifier.changed):
            signal.connect(self._look_changed)  # a method is let go with the canvas
        state.tool_changed.connect(self._tool_changed)

    def compare(self, comparison: Comparison) -> None:
        """Show a comparison whenever it is on."""
        self.comparison = comparison
        comparison.rearranged.connect(self._rearrange)
        comparison.changed.connect(self._redraw)

    # -- what is shown ---------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        return self._tools[self.state.tool]

    def show_image(self, image: Box) -> None:
        """Turn to another image of the session, whole in sight."""
        self._put_down()
        self.over.clear()
        self.over.recolour()
        if image != self.view.image or self.view.fitted:
            self.view.show(image)
        self.changed_view()

    def clear(self) -> None:
        self._put_down()
        self.pixels.clear()
        self.over.clear()
        self.update()

    def show_changes(self, changes: Sequence[tuple[Patch, Colour]]) -> None:
        """Show pixels in the colours that they would have; nothing for none."""
        if changes or self._changes:
            self._changes = [(patch, QColor(*colour)) for patch, colour in changes]
            self.update()

    def panes(self) -> list[Pane]:
        """Return the parts that show the picture, from left to right."""
        if self.comparison is not None and self.comparison.active:
            return self.comparison.panes(self.rect())
        return [Pane(self.rect(), 0, self.over)]

    def visible_box(self) -> Box:
        """Return the pixels of the image that are in sight."""
        return self.view.box(QRectF(0, 0, self.view.size.width(), self.view.size.height()))

    def changed_view(self) -> None:
        """Redraw after the zoom or the place has changed."""
        self.update()
        self.view_changed.emit()

    def update_box(self, box: Box) -> None:
        """Redraw the parts of the widget that show a box of the image."""
        self.update_view(self.view.rect(box).adjusted(-2, -2, 2, 2))

    def update_view(self, rect: QRectF) -> None:
        """Redraw a part of the view in every pane."""
        area = rect.toAlignedRect()
        if area.isEmpty():
            return
        for pane in self.panes():
            self.update(area.translated(pane.shift, 0) & pane.area)

    def _look_changed(self, *_: object) -> None:
        self.update()

    def _redraw(self, box: Box | None) -> None:
        if box is None:
            self.update()
        else:
            self.update_box(box)

    def _layer_changed(self, layer: int, boxes: list[Box]) -> None:
        self.over.patch(Layer(layer), boxes, self.view)
        if self.comparison is not None:
            self.comparison.patch(Layer(layer), boxes, self.view)
        if len(boxes) > MANY:
            self.update()
        else:
            for box in boxes:
                self.update_box(box)

    def _rearrange(self) -> None:
        """Other panes: each shows the whole view, as large as it is."""
        self.pointer.give_up()
        self._fit_view()

    def _fit_view(self) -> None:
        panes = self.panes()
        apart = panes[-1].shift > 0
        self.view.resize(panes[0].area.width() if apart else self.width(), self.height())
        self.changed_view()

    # -- painting --------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme.current().canvas))
        if self._session.layers is not None:
            for pane in self.panes():
                clip = pane.area & event.rect()
                if not clip.isEmpty():
                    painter.save()
                    painter.setClipRect(clip)
                    painter.translate(pane.shift, 0)
                    self._draw(painter, pane, clip.translated(-pane.shift, 0))
                    painter.restore()
            if self.comparison is not None and self.comparison.active:
                self.comparison.draw_border(painter, self.rect())
        painter.end()

    def _draw(self, painter: QPainter, pane: Pane, clip: QRect) -> None:
        part, ratio = self.view.box(clip), self.devicePixelRatioF()
        if part:
            smooth = self.view.zoom < 1
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            self.pixels.draw(painter, self.view, part, ratio)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            if not self.state.peeking:
                pane.over.draw(painter, self.view, part, ratio)
            draw_grid(painter, self.view, part, ratio)
        label = self._session.class_of(self.state.active_class)
        colour = QColor(*label.colour) if label else QColor("white")
        for patch, shown in self._changes:
            self._patches.draw(painter, self.view, (patch,), part, shown)
        tool = self.tool
        if tool.preview:
            shown = QColor("white") if tool.previews_erasing else colour
            self._patches.draw(painter, self.view, tool.preview, part, shown)
        tool.draw(painter, self.view)
        self.pointer.draw_ring(painter, colour)

    # -- mouse and keys --------------------------------------------------------------

    def _tool_changed(self) -> None:
        self._put_down()
        self.pointer.show_cursor()
        self.update()

    def _put_down(self) -> None:
        self.pointer.give_up()
        for tool in self._tools.values():
            tool.forget()

    def cancel_stroke(self) -> bool:
        """Give up the stroke in progress, or what the tool shows; false where there is none."""
        return self.pointer.give_up() or self.tool.forget()

    def named(self, name: str) -> Tool:
        """Return a tool by its name, in hand or not."""
        return self._tools[name]

    def under_cursor(self) -> tuple[float, float] | None:
        """Return the point of the image under the cursor; None while that is elsewhere."""
        at = self.pointer.at
        return None if at is None else self.view.to_image(at)

    def hold(self, key: int, down: bool) -> bool:
        """Follow a key that changes what the mouse does while held; false for other keys."""
        return self.pointer.hold(key, down)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pointer.double(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        self.pointer.pen(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.pointer.wheel(event)
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointer.enter(event.position())

    def leaveEvent(self, event: object) -> None:
        self.pointer.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_view()
