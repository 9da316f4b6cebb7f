"""A small chart of what each number of clusters comes to; a click chooses one."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from segstudio.domain.classes import default_colour, hex_of
from segstudio.gui import theme
from segstudio.gui.widgets.chart import spread
from segstudio.gui.widgets.handled_chart import HandledChart

INERTIA, SILHOUETTE = "spread", "silhouette"
_SIDE, _TOP, _BOTTOM = 12, 14, 24
_GAP = 10
"""Between the last points and their names, in px."""

TIP = (
    "Spread: how far pixels lie from their cluster's colour; look for the bend. "
    "Silhouette: how clearly the clusters part; higher is better. Click to take a number"
)

_STEPS = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}


class ClusterCurve(HandledChart):
    """Two thin lines over the numbers of clusters, each on its own scale; a handle chooses.

    ``chosen`` carries the number that a person has clicked, dragged or keyed to.
    """

    chosen = Signal(int)

    def __init__(self, prefix: str = "cluster_curve", parent: QWidget | None = None) -> None:
        super().__init__(f"{prefix}_view", "Curve over numbers of clusters", TIP, _STEPS, parent)
        self.setMinimumHeight(112)
        self._numbers: tuple[int, ...] = ()
        self._lines: dict[str, NDArray[np.float64]] = {}
        self._number = 0
        self._text = ""
        self._hover: int | None = None

    def sizeHint(self) -> QSize:
        return QSize(240, 124)

    def set_curve(
        self, numbers: Sequence[int], inertia: Sequence[float], silhouette: Sequence[float]
    ) -> None:
        """Show what k-means comes to with each number, smallest first."""
        self._numbers = tuple(numbers)
        self._lines = {
            INERTIA: np.asarray(inertia, np.float64),
            SILHOUETTE: np.asarray(silhouette, np.float64),
        }
        self._describe()
        self.update()

    def clear(self, text: str = "") -> None:
        """Show no curve but a line of text."""
        self._numbers, self._lines, self._text, self._hover = (), {}, text, None
        self._describe()
        self.update()

    def set_number(self, number: int) -> None:
        """Mark the number of clusters that is set, without saying so."""
        self._number = number
        self._describe()
        self.update()

    def number(self) -> int:
        return self._number

    def best(self) -> int | None:
        """Return the number with the highest silhouette, the first of equals."""
        if not self._numbers:
            return None
        return self._numbers[int(np.argmax(self._lines[SILHOUETTE]))]

    # Where things lie.

    def plot(self) -> QRectF:
        """Return the rectangle of the lines inside the widget."""
        metrics = QFontMetricsF(theme.figures(theme.SECONDARY))
        names = max(metrics.horizontalAdvance(name) for name in (INERTIA, SILHOUETTE))
        return QRectF(self.rect()).adjusted(_SIDE, _TOP, -names - _GAP - 8, -_BOTTOM)

    def x_of(self, number: float) -> float:
        """Return where a number of clusters stands, in px from the left edge."""
        plot, first, last = self.plot(), self._numbers[0], self._numbers[-1]
        return plot.left() + (number - first) / max(last - first, 1) * plot.width()

    def _y_of(self, name: str) -> NDArray[np.float64]:
        """Return the places of a line's points: spread from 0, silhouette between its ends."""
        plot, values = self.plot(), self._lines[name]
        low = 0.0 if name == INERTIA else float(values.min())
        high = float(values.max())
        if not high > low:
            return np.full(len(values), plot.center().y())
        return np.asarray(plot.bottom() - (values - low) / (high - low) * plot.height())

    def number_at(self, x: float) -> int:
        """Return the number nearest to a place; there must be a curve."""
        return min(self._numbers, key=lambda number: abs(self.x_of(number) - x))

    # Changes by a person.

    def _take(self, number: int) -> None:
        if number != self._number:
            self.set_number(number)
            self.chosen.emit(number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._numbers and event.button() == Qt.MouseButton.LeftButton:
            self._take(self.number_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._numbers:
            return
        self._hover = self.number_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._take(self._hover)
        QToolTip.showText(event.globalPosition().toPoint(), self.figures(self._hover), self)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def takes_keys(self) -> bool:
        return bool(self._numbers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(event.key())
        if step is None or not self._numbers:
            super().keyPressEvent(event)
            return
        self._take(min(max(self._number + step, self._numbers[0]), self._numbers[-1]))

    # What it says.

    def figures(self, number: int) -> str:
        """Return the exact figures of one number of clusters, in words."""
        place = self._numbers.index(number)
        spread_of, clear = (float(self._lines[name][place]) for name in (INERTIA, SILHOUETTE))
        first = float(self._lines[INERTIA][0])
        share = ""
        if first > 0:
            share = f" ({100 * spread_of / first:.0f} % of that with {self._numbers[0]})"
        return f"{number} clusters: spread {spread_of:.3g}{share}, silhouette {clear:.3f}"

    def _describe(self) -> None:
        known = self._number in self._numbers
        text = self.figures(self._number) if known else self._text
        best = self.best()
        self.setAccessibleDescription(text if best is None else f"{text}; clearest with {best}")

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.figures(theme.SECONDARY))
        ground = QRectF(self.rect()).adjusted(0, 0, 0, -_BOTTOM + 3)
        self.paint_ground(painter, ground)
        if not self._numbers:
            painter.setPen(theme.colour("text_dim"))
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(ground.adjusted(12, 4, -12, -4), int(centred), self._text)
            return
        self._paint_numbers(painter)
        if self._number in self._numbers:
            ink = theme.colour("accent" if self.hasFocus() else "text")
            x = self.x_of(self._number)
            self.paint_handle(painter, QLineF(x, self.plot().top() - 8, x, ground.bottom()), ink)
        self._paint_lines(painter)
        self.paint_focus(painter, ground)

    def _paint_numbers(self, painter: QPainter) -> None:
        """Write as many numbers below as there is room for; that of the handle for certain."""
        metrics = QFontMetricsF(painter.font())
        width = metrics.horizontalAdvance("00") + 4
        top = self.height() - metrics.height() - 1
        taken: list[float] = []
        order = sorted(self._numbers, key=lambda number: (number != self._number, number))
        for number in order:
            x = self.x_of(number)
            if all(abs(x - other) >= width for other in taken):
                taken.append(x)
                painter.setPen(theme.colour("text" if number == self._number else "text_dim"))
                box = QRectF(x - width / 2, top, width, metrics.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))

    def _paint_lines(self, painter: QPainter) -> None:
        xs = [self.x_of(number) for number in self._numbers]
        places = {name: self._y_of(name).tolist() for name in self._lines}
        metrics, plot = QFontMetricsF(painter.font()), self.plot()
        bounds = (plot.top(), plot.bottom() - 4)
        ends = spread([ys[-1] for ys in places.values()], metrics.height(), *bounds)
        for index, (name, ys) in enumerate(places.items()):
            ink = QColor(theme.readable(_colour(index), theme.current().raised, 3.0))
            points = [QPointF(x, y) for x, y in zip(xs, ys, strict=True)]
            painter.setPen(QPen(ink, 1.5))
            painter.drawLines([QLineF(a, b) for a, b in pairwise(points)])
            marked = self.best() if name == SILHOUETTE else None
            for number, point in zip(self._numbers, points, strict=True):
                self._paint_point(painter, point, ink, number, number == marked)
            painter.setPen(QColor(theme.readable(ink.name(), theme.current().raised)))
            base = ends[index] + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(plot.right() + _GAP, base), name)

    def _paint_point(
        self, painter: QPainter, point: QPointF, ink: QColor, number: int, best: bool
    ) -> None:
        """Ring the best, fill the one under the mouse and the one that is set."""
        painter.setPen(QPen(ink, 1.5))
        filled = number in (self._hover, self._number)
        painter.setBrush(ink if filled and not best else theme.colour("raised"))
        if best:
            painter.drawEllipse(point, 4, 4)
        elif filled:
            painter.drawEllipse(point, 2.5, 2.5)


def _colour(index: int) -> str:
    return hex_of(default_colour(index + 1))
