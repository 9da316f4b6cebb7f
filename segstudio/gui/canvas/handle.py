"""The knob by which the border of a swipe is moved."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from segstudio.gui import theme
from segstudio.gui.comparing import Comparing, Mode

WIDE, HIGH = 28, 44
STEP = 0.02
"""How far an arrow key moves the border, as a share of the width."""


class SwipeHandle(QWidget):
    """Sits on the border in the middle of the canvas while two masks are swiped."""

    def __init__(self, comparing: Comparing, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("compare_handle")
        self.setAccessibleName("Border between A and B")
        self.setToolTip("Drag to see more of A or of B  (← →)")
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(WIDE, HIGH)
        self._comparing, self._canvas = comparing, canvas
        self._grip = 0.0
        canvas.installEventFilter(self)
        comparing.changed.connect(self._follow)
        comparing.moved.connect(self._follow)
        self.hide()

    def _follow(self) -> None:
        comparing = self._comparing
        self.setVisible(comparing.active and comparing.mode == Mode.SWIPE)
        middle = round(comparing.border * self._canvas.width())
        self.move(middle - WIDE // 2, (self._canvas.height() - HIGH) // 2)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._follow()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip = event.position().x() - WIDE / 2

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            place = self.mapTo(self._canvas, event.position()).x() - self._grip
            self._comparing.move_border(place / max(self._canvas.width(), 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP}.get(Qt.Key(event.key()))
        if step is None:
            event.ignore()
        else:
            self._comparing.move_border(self._comparing.border + step)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = "accent" if self.hasFocus() or self.underMouse() else "outline"
        painter.setPen(QPen(theme.colour(edge), 1.5))
        painter.setBrush(theme.colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 1, -3, -1), 10, 10)
        pen = QPen(QColor(theme.current().text), 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        middle = QRectF(self.rect()).center()
        for way in (-1, 1):
            tip = middle + QPointF(way * 6, 0)
            painter.drawPolyline([tip + QPointF(-way * 3, -4), tip, tip + QPointF(-way * 3, 4)])
        painter.end()
