"""What counts most in a decision, as thin bars; the longest is the most important."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from segstudio.gui import theme

ROW = 20


class ImportanceBars(QWidget):
    """A row for each feature: its name, a bar beside those of the others, its share."""

    def __init__(self, prefix: str = "importance", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}_rows")
        self.setAccessibleName("Importance of the features")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows: tuple[tuple[str, float], ...] = ()

    def set_rows(self, rows: Sequence[tuple[str, float]]) -> None:
        """Show names with their shares, 0…1, the largest first."""
        self._rows = tuple(rows)
        said = [f"{name} {in_percent(share)}" for name, share in rows]
        self.setAccessibleDescription(", ".join(said))
        self.setToolTip("\n".join(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, ROW * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, ROW * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.figures(theme.SECONDARY))
        metrics = QFontMetricsF(painter.font())
        names = max((metrics.horizontalAdvance(name) for name, _ in self._rows), default=0.0)
        names = min(names, self.width() * 0.5)
        figures = metrics.horizontalAdvance("100 %") + theme.GAP
        most = max((share for _, share in self._rows), default=0.0) or 1.0
        for place, (name, share) in enumerate(self._rows):
            row = QRectF(0, place * ROW, self.width(), ROW)
            track = row.adjusted(names + theme.GROUP, ROW / 2 - 2, -figures, 2 - ROW / 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent" if place == 0 else "text_disabled"))
            track.setWidth(max(2.0, track.width() * share / most))
            painter.drawRoundedRect(track, 2, 2)
            painter.setPen(theme.colour("text"))
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, names + 1)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, shown)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(row, right, in_percent(share))


def in_percent(share: float) -> str:
    return f"{100 * share:.0f} %"
