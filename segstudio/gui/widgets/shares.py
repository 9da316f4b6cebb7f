"""Bars of the classes: their shares of the pixels, or a measure of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from segstudio.domain.classes import Colour
from segstudio.gui import theme


@dataclass(frozen=True)
class Share:
    """A class with a ratio of 0…1, or None where there is none to tell."""

    name: str
    colour: Colour
    value: float | None


class ShareBar(QWidget):
    """One thin bar, cut into the classes by their shares; what is left stays empty."""

    def __init__(self, prefix: str = "shares", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}_bar")
        self.setAccessibleName("Shares of the classes")
        self.setFixedHeight(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._shares: tuple[Share, ...] = ()

    def set_shares(self, shares: Sequence[Share]) -> None:
        self._shares = tuple(shares)
        self.setAccessibleDescription(", ".join(in_words(share) for share in shares))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 12)

    def share_at(self, x: float) -> Share | None:
        """Return the class drawn at a place, in px from the left edge."""
        left = 0.0
        for share in self._shares:
            left += (share.value or 0.0) * self.width()
            if x < left:
                return share
        return None

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            share = self.share_at(event.pos().x())
            QToolTip.showText(event.globalPos(), in_words(share) if share else "unlabelled", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(0, 2, self.width(), self.height() - 4)
        painter.setBrush(theme.colour("pressed"))
        painter.drawRoundedRect(bar, 3, 3)
        left = 0.0
        for share in self._shares:
            width = (share.value or 0.0) * bar.width()
            if width > 0:
                painter.setBrush(QColor(*share.colour))
                gap = 1.0 if width > 3 else 0.0
                painter.drawRoundedRect(QRectF(left, bar.top(), width - gap, bar.height()), 2, 2)
            left += width


class ClassBars(QWidget):
    """A row for each class: name, thin bar, figure; in per cent or as a ratio."""

    _ROW = 20

    def __init__(
        self, prefix: str = "class_bars", percent: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}_rows")
        self.setAccessibleName("Figures of the classes")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._percent = percent
        self._rows: tuple[Share, ...] = ()

    def set_rows(self, rows: Sequence[Share]) -> None:
        self._rows = tuple(rows)
        self.setAccessibleDescription(", ".join(f"{r.name} {self._figure(r)}" for r in rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self._ROW * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._ROW * len(self._rows))

    def _figure(self, row: Share) -> str:
        if row.value is None:
            return "–"
        return f"{100 * row.value:.0f} %" if self._percent else f"{row.value:.2f}"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.figures(theme.SECONDARY)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        widest = max((metrics.horizontalAdvance(row.name) for row in self._rows), default=0)
        name_width = min(widest, self.width() * 0.4)
        figure_width = metrics.horizontalAdvance("100 %")
        for index, row in enumerate(self._rows):
            box = QRectF(0, index * self._ROW, self.width(), self._ROW)
            self._paint_row(painter, metrics, row, box, name_width, figure_width)

    def _paint_row(
        self, painter: QPainter, metrics: QFontMetricsF, row: Share, box: QRectF,
        name_width: float, figure_width: float,
    ) -> None:  # fmt: skip
        middle = box.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*row.colour))
        painter.drawRoundedRect(QRectF(1, middle - 5, 10, 10), 2, 2)
        left = 20 + name_width + 12
        track = QRectF(left, middle - 2, box.width() - left - figure_width - 8, 4)
        if track.width() > 8:
            painter.setBrush(theme.colour("pressed"))
            painter.drawRoundedRect(track, 2, 2)
            if row.value:
                painter.setBrush(QColor(*row.colour))
                long = max(4.0, track.width() * min(row.value, 1.0))
                painter.drawRoundedRect(QRectF(left, track.top(), long, 4), 2, 2)
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, name_width + 1)
        middle_left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        middle_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.colour("text"))
        name_box = QRectF(20, box.top(), name_width + 4, box.height())
        painter.drawText(name_box, int(middle_left), name)
        painter.setPen(theme.colour("text_dim" if row.value is None else "text"))
        painter.drawText(box, int(middle_right), self._figure(row))


def in_words(share: Share) -> str:
    """Return a share as a person reads it: "sign 12.3 %"."""
    return f"{share.name} –" if share.value is None else f"{share.name} {100 * share.value:.1f} %"
