"""A few colours side by side, to be looked at."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from segstudio.gui import theme

HEIGHT = 16


class ColourStrip(QWidget):
    """Squares of equal width; hidden while there are none."""

    def __init__(self, name: str, said: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.setFixedHeight(HEIGHT)
        self._colours: list[QColor] = []
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    def set_colours(self, colours: Sequence[Any]) -> None:
        """Show colours of one band (grey) or of three, 0…255 each."""
        found = [np.clip(np.rint(np.asarray(one)), 0, 255).astype(int) for one in colours]
        bands = [one if len(one) == 3 else np.repeat(one[:1], 3) for one in found]
        self._colours = [QColor(*(int(value) for value in one)) for one in bands]
        self.setVisible(bool(self._colours))
        self.setAccessibleDescription(", ".join(colour.name() for colour in self._colours))
        self.update()

    def colours(self) -> list[str]:
        """Return the colours as ``#rrggbb``."""
        return [colour.name() for colour in self._colours]

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._colours:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = 2
        width = (self.width() + gap) / len(self._colours) - gap
        for place, colour in enumerate(self._colours):
            box = QRectF(place * (width + gap), 0, width, self.height()).adjusted(
                0.5, 0.5, -0.5, -0.5
            )
            edge = QColor(theme.mixed(colour.name(), theme.current().text, 0.25))
            painter.setPen(QPen(edge, 1))
            painter.setBrush(colour)
            painter.drawRoundedRect(box, 3, 3)
