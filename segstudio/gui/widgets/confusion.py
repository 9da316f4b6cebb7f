"""A confusion matrix: which classes a model takes for which."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from segstudio.domain.classes import Colour
from segstudio.gui import theme

LARGEST, WRITTEN = 36.0, 26.0
"""Side of a cell at most, and from which on a figure is written into it, in px."""

NAME, DOT = 0.34, 10.0
"""Share of the width for the names at most; side of a class's colour in px."""

OTHER = "other"


class ConfusionView(QWidget):
    """Rows are classes of the reference, columns those predicted, in per cent of the row.

    The names stand at the left only; above, the same colours stand in the same order.
    """

    def __init__(self, prefix: str = "confusion", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}_view")
        self.setAccessibleName("Confusion of the classes")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._names: tuple[str, ...] = ()
        self._colours: tuple[Colour, ...] = ()
        self._counts: NDArray[np.int64] = np.zeros((0, 1), np.int64)

    def set_matrix(
        self, names: Sequence[str], colours: Sequence[Colour], counts: Sequence[Sequence[int]]
    ) -> None:
        """Show counts of pixels: classes × (classes and, last, what is none of them)."""
        self._names, self._colours = tuple(names), tuple(colours)
        self._counts = np.array(counts, np.int64).reshape(len(names), -1 if names else 1)
        self.setAccessibleDescription("; ".join(self._worst_pairs()))
        self.updateGeometry()
        self.update()

    def _worst_pairs(self) -> list[str]:
        shares, count = self._shares(), len(self._names)
        pairs = [
            (shares[row, column], self._names[row], self._column_name(column))
            for row in range(count)
            for column in range(shares.shape[1])
            if row != column and shares[row, column] > 0
        ]
        return [f"{100 * share:.0f} % of {a} as {b}" for share, a, b in sorted(pairs)[:-6:-1]]

    def _column_name(self, column: int) -> str:
        return self._names[column] if column < len(self._names) else OTHER

    def _shares(self) -> NDArray[np.float64]:
        """Return the shares of each row; the last column only where anything stands in it."""
        counts = self._counts
        if counts.shape[1] > len(self._names) and not counts[:, -1].any():
            counts = counts[:, :-1]
        shares: NDArray[np.float64] = counts / np.maximum(self._counts.sum(1, keepdims=True), 1)
        return shares

    # -- where things lie ------------------------------------------------------------

    def _left(self) -> float:
        metrics = QFontMetricsF(theme.ui_font(theme.SECONDARY))
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0)
        return float(min(widest + 6, self.width() * NAME)) + DOT + 8

    def _side(self) -> float:
        columns = max(1, self._shares().shape[1])
        return float(max(6.0, min(LARGEST, (self.width() - self._left()) / columns)))

    def sizeHint(self) -> QSize:
        return QSize(280, int(len(self._names) * min(LARGEST, self._side()) + DOT + 8))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def cell_at(self, place: QPointF) -> tuple[int, int] | None:
        """Return row and column at a place of the widget."""
        side = self._side()
        column = int((place.x() - self._left()) // side)
        row = int((place.y() - DOT - 6) // side)
        shape = self._shares().shape
        return (row, column) if 0 <= row < shape[0] and 0 <= column < shape[1] else None

    def said_of(self, row: int, column: int) -> str:
        """Return a cell in words."""
        share, count = self._shares()[row, column], self._counts[row, column]
        share_text = f"{100 * share:.1f} % of {self._names[row]}"
        how = "found" if row == column else f"taken for {self._column_name(column)}"
        return f"{share_text} {how}: {count:,} pixels"

    # -- Qt --------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self.cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.said_of(*cell) if cell else "", self)
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()  # the cells are as wide as there is room

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.figures(theme.SECONDARY)
        painter.setFont(font)
        left, side, shares = self._left(), self._side(), self._shares()
        top = DOT + 6
        for column in range(shares.shape[1]):
            middle = left + (column + 0.5) * side
            if column < len(self._names):
                _dot(painter, QPointF(middle, DOT / 2 + 1), self._colours[column])
            else:
                painter.setPen(theme.colour("text_dim"))
                box = QRectF(middle - side / 2, 0, side, top)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "–")
        for row, name in enumerate(self._names):
            middle = top + (row + 0.5) * side
            _dot(painter, QPointF(DOT / 2 + 1, middle), self._colours[row])
            metrics = QFontMetricsF(font)
            room = left - DOT - 12
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            painter.setPen(theme.colour("text"))
            box = QRectF(DOT + 6, middle - side / 2, room + 4, side)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, int(flags), text)
            for column in range(shares.shape[1]):
                area = QRectF(left + column * side, top + row * side, side - 1, side - 1)
                _cell(painter, area, float(shares[row, column]), row == column)


def _dot(painter: QPainter, middle: QPointF, colour: Colour) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*colour))
    corner = middle - QPointF(DOT / 2, DOT / 2)
    painter.drawRoundedRect(QRectF(corner.x(), corner.y(), DOT, DOT), 2, 2)


def _cell(painter: QPainter, area: QRectF, share: float, right: bool) -> None:
    """Paint a cell: what is right in the accent, what is wrong in the colour of warnings."""
    tokens = theme.current()
    full = tokens.accent_fill if right else tokens.danger_fill
    surface = theme.mixed(tokens.raised, full, min(1.0, share**0.7))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(surface))
    painter.drawRoundedRect(area, 2, 2)
    if area.width() >= WRITTEN and share >= 0.005:
        painter.setPen(QColor(theme.ink_on(surface)))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, f"{100 * share:.0f}")
