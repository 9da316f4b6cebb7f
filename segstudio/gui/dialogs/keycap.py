"""Keys as they stand on a keyboard."""

import re
import sys

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from segstudio.gui import theme

HEIGHT = 20
_PAD = 6
_GAP = 3
_BETWEEN = 10
_MAC = {"Ctrl": "⌘", "Shift": "⇧", "Alt": "⌥", "Meta": "⌃"}
_SHORT = {
    "Return": "Enter",
    "Escape": "Esc",
    "Del": "Delete",
    "PgUp": "Page up",
    "PgDown": "Page down",
}


def key_parts(keys: str, mac: bool = sys.platform == "darwin") -> list[list[str]]:
    """Return the caps of each alternative: ``"Ctrl+Z, F"`` as [["Ctrl", "Z"], ["F"]]."""
    found = []
    for each in re.split(r",\s+", keys.strip()):
        # A plus at the end is the key itself, as in "Ctrl++".
        names = [name for name in re.split(r"(?<!^)(?<!\+)\+", each) if name]
        names = [_SHORT.get(name, name) for name in names]
        found.append([_MAC.get(name, name) for name in names] if mac else names)
    return found


class Keycaps(QWidget):
    """One or more keys, drawn as caps; alternatives stand side by side."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caps = key_parts(keys) if keys else []
        self.setAccessibleName(keys)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(caps_width(self._caps), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.current()
        draw_caps(painter, QPoint(0, 0), self._caps, tokens.text_dim, tokens.raised)
        painter.end()


def _width(cap: str) -> int:
    advance = QFontMetrics(theme.ui_font(theme.SECONDARY)).horizontalAdvance(cap)
    return max(HEIGHT, advance + 2 * _PAD)


def caps_width(caps: list[list[str]]) -> int:
    """Return how wide caps are drawn, in px."""
    alternatives = [sum(map(_width, each)) + _GAP * (len(each) - 1) for each in caps]
    return sum(alternatives) + _BETWEEN * max(len(caps) - 1, 0)


def draw_caps(painter: QPainter, at: QPoint, caps: list[list[str]], ink: str, surface: str) -> None:
    """Draw caps from their upper left corner."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.ui_font(theme.SECONDARY))
    left = at.x()
    for each in caps:
        for cap in each:
            box = QRectF(left + 0.5, at.y() + 0.5, _width(cap) - 1, HEIGHT - 1)
            painter.setPen(QPen(theme.colour("outline"), 1))
            painter.setBrush(surface)
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(ink)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), cap)
            left += _width(cap) + _GAP
        left += _BETWEEN - _GAP
    painter.restore()
