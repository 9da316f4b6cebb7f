"""The whole picture, small, with the part of it that is in sight."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from segstudio.domain.geometry import Box
from segstudio.gui import theme
from segstudio.gui.canvas.backdrop import draw_checkers

LONGEST = 160
"""Longest side, in px."""
SHORTEST = 24
_EDGE = 1


class Minimap(QWidget):
    """Floats at a corner of the canvas while a part of the picture is out of sight.

    A click or a drag asks for another place to look at: ``moved`` brings its x and y in
    image pixels.
    """

    moved = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("minimap")
        self.setAccessibleName("Overview of the picture")
        self.setToolTip("Click or drag to look elsewhere; F shows the whole picture  (F)")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._image = QImage()
        self._pixmap = QPixmap()
        self._full = (1, 1)
        self._covers = Box(0, 0, 1, 1)
        self._view = QRectF(0, 0, 1, 1)
        self.hide()

    def set_image(
        self,
        image: QImage | None,
        full: tuple[int, int] | None = None,
        covers: Box | None = None,
    ) -> None:
        """Show a picture; ``image`` may be a small version of it, ``full`` its height and width.

        ``covers`` is the box that is known so far of a picture that is still being read.
        """
        self._image = QImage() if image is None else image.copy()
        self._full = full or (max(self._image.height(), 1), max(self._image.width(), 1))
        self._covers = covers or Box(0, 0, *self._full)
        self._pixmap = QPixmap()
        self.setFixedSize(self._fitting())
        self._show_or_hide()
        self.update()

    def set_view(self, view: QRectF) -> None:
        """Mark the part of the picture that is in sight, as parts of 1 of its sides."""
        self._view = view.intersected(QRectF(0, 0, 1, 1))
        self._show_or_hide()
        self.update()

    def _fitting(self) -> QSize:
        height, width = self._full
        scale = LONGEST / max(height, width)
        return QSize(
            max(round(width * scale), SHORTEST) + 2 * _EDGE,
            max(round(height * scale), SHORTEST) + 2 * _EDGE,
        )

    def _show_or_hide(self) -> None:
        whole = self._view.width() > 0.999 and self._view.height() > 0.999
        self.setVisible(not self._image.isNull() and not whole)

    def _inner(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)

    def _known(self) -> QRectF:
        """Return where the part of the picture is drawn that is known."""
        inner, covers, (height, width) = self._inner(), self._covers, self._full
        across, down = inner.width() / width, inner.height() / height
        return QRectF(
            inner.left() + covers.left * across,
            inner.top() + covers.top * down,
            covers.width * across,
            covers.height * down,
        )

    def view_rect(self) -> QRectF:
        """Return where the part in sight is drawn, never too small to be seen."""
        inner = self._inner()
        found = QRectF(
            inner.left() + self._view.left() * inner.width(),
            inner.top() + self._view.top() * inner.height(),
            self._view.width() * inner.width(),
            self._view.height() * inner.height(),
        )
        wide, high = max(6 - found.width(), 0) / 2, max(6 - found.height(), 0) / 2
        return found.adjusted(-wide, -high, wide, high)

    # -- events ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def _go(self, place: QPointF) -> None:
        inner, (height, width) = self._inner(), self._full
        across = min(max((place.x() - inner.left()) / inner.width(), 0), 1)
        down = min(max((place.y() - inner.top()) / inner.height(), 0), 1)
        self.moved.emit(across * width, down * height)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        inner = self._inner()
        painter.fillRect(inner, theme.colour("canvas"))
        pixmap = self._scaled()
        if self._image.hasAlphaChannel():
            draw_checkers(painter, self._known(), inner.topLeft())
        painter.drawPixmap(self._known(), pixmap, QRectF(pixmap.rect()))
        view = self.view_rect()
        painter.save()
        # What is out of sight is dimmed, so that the part in sight reads on every picture.
        painter.setClipRect(inner)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("canvas", 0.55))
        for part in _around(inner, view):
            painter.drawRect(part)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent"), 1.5))
        painter.drawRect(view.adjusted(0.75, 0.75, -0.75, -0.75))
        painter.restore()
        painter.setPen(QPen(theme.colour("outline"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _scaled(self) -> QPixmap:
        """Return the picture at the size of the screen; made once, since it is drawn often."""
        ratio = self.devicePixelRatioF()
        size = (self._known().size() * ratio).toSize().expandedTo(QSize(1, 1))
        if self._pixmap.size() != size:
            fitted = self._image.scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._pixmap = QPixmap.fromImage(fitted)
        return self._pixmap


def _around(outer: QRectF, inner: QRectF) -> list[QRectF]:
    """Return the four rectangles between two."""
    return [
        QRectF(outer.left(), outer.top(), outer.width(), inner.top() - outer.top()),
        QRectF(outer.left(), inner.bottom(), outer.width(), outer.bottom() - inner.bottom()),
        QRectF(outer.left(), inner.top(), inner.left() - outer.left(), inner.height()),
        QRectF(inner.right(), inner.top(), outer.right() - inner.right(), inner.height()),
    ]
