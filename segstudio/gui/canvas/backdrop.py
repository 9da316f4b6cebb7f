"""What stands where a picture has no pixels: a quiet chequerboard, or hatching."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from segstudio.gui import theme

SQUARE = 8
"""Side of a square of the board, in px."""


def draw_checkers(painter: QPainter, area: QRectF, origin: QPointF) -> None:
    """Fill an area with a chequerboard that moves with ``origin``, the picture's corner."""
    tokens = theme.current()
    side = 2 * SQUARE
    painter.setBrushOrigin(round(origin.x()) % side, round(origin.y()) % side)
    painter.fillRect(area, _board(tokens.canvas, tokens.text))
    painter.setBrushOrigin(0, 0)


def draw_unread(painter: QPainter, area: QRectF) -> None:
    """Hatch an area that cannot be read."""
    painter.fillRect(area, QBrush(theme.colour("outline", 0.5), Qt.BrushStyle.BDiagPattern))


@lru_cache(maxsize=4)
def _board(ground: str, ink: str) -> QBrush:
    # An image, not a pixmap: it may outlive the application.
    board = QImage(2 * SQUARE, 2 * SQUARE, QImage.Format.Format_RGB32)
    board.fill(QColor(theme.mixed(ground, ink, 0.04)))
    painter = QPainter(board)
    other = QColor(theme.mixed(ground, ink, 0.11))
    painter.fillRect(SQUARE, 0, SQUARE, SQUARE, other)
    painter.fillRect(0, SQUARE, SQUARE, SQUARE, other)
    painter.end()
    return QBrush(board)
