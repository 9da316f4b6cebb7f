"""A live chart of thin lines: losses and measures while a network learns."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from segstudio.domain.classes import default_colour, hex_of
from segstudio.gui import theme
from segstudio.gui.widgets.axes import rounded_range, ticks, written
from segstudio.gui.widgets.chart import BESIDE, END, TICKS, Chart, Scale, end_text
from segstudio.gui.widgets.series import Best, Series

_LEFT, _TOP, _BOTTOM = 40, 12, 24

LABEL, SHARE = 88.0, 0.42
"""Room for the labels at the ends of lines: px, and of the width, whichever is more."""


class CurvesView(QWidget):
    """Lines by name over steps. Each is labelled at its end and its best point is marked.

    All lines share one scale: draw a loss and a measure in two charts, one above the other.
    """

    def __init__(self, prefix: str = "curves", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}_view")
        self.setAccessibleName("Curves")
        self.setMouseTracking(True)
        self.setMinimumHeight(84)
        self._series: dict[str, Series] = {}
        self._empty_text = "The curves appear here while a network trains"
        self._x_name = "step"
        self._fixed: tuple[float, float] | None = None
        self._hover: QPointF | None = None

    def sizeHint(self) -> QSize:
        return QSize(280, 84)

    def set_empty_text(self, text: str) -> None:
        """Say in one line what will appear here."""
        self._empty_text = text
        self.update()

    def set_x_name(self, name: str) -> None:
        """Name what is counted from left to right; a step, if nothing else."""
        self._x_name = name

    def set_range(self, low: float, high: float) -> None:
        """Fix the vertical range, such as 0…1 for a ratio; otherwise it follows the figures."""
        self._fixed = (low, high)
        self.update()

    def add_series(self, name: str, colour: str = "", best: Best | None = None) -> None:
        """Enter a line; without a colour ``#RRGGBB`` it takes the palette's next.

        ``best`` marks its largest or smallest figure.
        """
        colour = colour or hex_of(default_colour(len(self._series) + 1))
        self._series[name] = Series(name, colour, best)
        self.update()

    def append(self, name: str, x: float, y: float) -> None:
        """Add a point to the right end of a line; an unknown name makes a new line."""
        if name not in self._series:
            self.add_series(name)
        self._series[name].append(x, y)
        self.update()

    def set_points(self, name: str, xs: Sequence[float], ys: Sequence[float]) -> None:
        """Replace all points of a line."""
        old = self._series.get(name)
        if old is None:
            self.add_series(name)
        else:
            self._series[name] = Series(name, old.colour, old.best)
        for x, y in zip(xs, ys, strict=True):
            self._series[name].append(x, y)
        self.update()

    def clear(self) -> None:
        """Take all points away; the lines keep their names and colours."""
        for name, old in self._series.items():
            self._series[name] = Series(name, old.colour, old.best)
        self.update()

    def forget(self) -> None:
        """Take the lines away, names and all."""
        self._series = {}
        self.update()

    def series(self, name: str) -> Series:
        return self._series[name]

    # Where things lie.

    def _drawn(self) -> list[Series]:
        return [series for series in self._series.values() if len(series)]

    def _plot(self, metrics: QFontMetricsF) -> QRectF:
        most = max(LABEL, self.width() * SHARE)
        labels = [end_text(series, metrics, most) for series in self._drawn()]
        right = max((metrics.horizontalAdvance(text) for text in labels), default=0.0)
        marks = ticks(*self._ranges()[1], TICKS)
        left = max(metrics.horizontalAdvance(written(mark)) for mark in marks) + BESIDE
        return QRectF(self.rect()).adjusted(max(_LEFT, left), _TOP, -right - END - 4, -_BOTTOM)

    def _ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        drawn = self._drawn()
        first = min(float(series.xs[0]) for series in drawn)
        last = max(float(series.xs[-1]) for series in drawn)
        low = min(float(series.ys.min()) for series in drawn)
        high = max(float(series.ys.max()) for series in drawn)
        return (first, max(last, first + 1)), self._fixed or rounded_range(low, high, TICKS)

    def scale(self) -> Scale | None:
        """Return where values lie now; None while there are no points."""
        if not self._drawn():
            return None
        metrics = QFontMetricsF(theme.figures(theme.SECONDARY))
        return Scale(self._plot(metrics), *self._ranges())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = theme.figures(theme.SECONDARY)
        painter.setFont(font)
        if not self._drawn():
            painter.setPen(theme.colour("text_dim"))
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 8, -16, -8), int(centred), self._empty_text)
            return
        scale = self.scale()
        assert scale is not None
        chart = Chart(painter, scale, self._drawn(), self.width())
        chart.paint(self._x_name)
        if self._hover is not None:
            chart.paint_hover(self._hover.x(), self._x_name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()
