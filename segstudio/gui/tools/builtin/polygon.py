"""Paint a polygon, corner by corner."""

import math
from typing import ClassVar

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from segstudio.domain.stroke import Point
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools.constraints import snapped
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.outline import polygon
from segstudio.gui.tools.shaping import ShapingTool
from segstudio.gui.tools.tool import Press, tools

GRIP = 8.0
"""How near a corner the mouse takes it, in px of the view."""
KNOB = 3.5
LEAST = 3


@tools.add
class Polygon(ShapingTool):
    """Gives the class to the inside of corners that are clicked; it may cross itself.

    It erases where its first corner is set with Alt or the right button.
    """

    title: ClassVar[str] = "Polygon"
    icon: ClassVar[str] = "polygon"
    key: ClassVar[str] = "P"
    hint: ClassVar[str] = (
        "click sets corners, drag moves them · Backspace takes the last back · "
        "Enter, a double click or the first corner closes · right click erases · Esc drops"
    )
    order: ClassVar[int] = 60

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self.corners: list[Point] = []
        self._cursor: Point | None = None
        self._held: int | None = None
        self._before: list[Point] = []
        self._moved = False
        self._grip = GRIP

    # -- the mouse -------------------------------------------------------------------

    def press(self, event: Press) -> None:
        if not self.corners and not self.begin(event):
            return
        self._before, self._moved = list(self.corners), False
        self._held = self._near(event.at)
        if self._held is None:
            self.corners.append(self._placed(event, len(self.corners)))
            self._held = len(self.corners) - 1
            self._moved = True
        self._cursor = None
        self._redraw()

    def move(self, event: Press) -> None:
        if self._held is None:
            return
        first = self.corners[self._held]
        self._moved = self._moved or math.dist(first, event.at) > self._grip / 2
        if self._moved:
            self.corners[self._held] = self._placed(event, self._held)
            self._redraw()

    def release(self, event: Press) -> None:
        if self._held is None:
            return
        self.move(event)
        closes = self._held == 0 and not self._moved and len(self.corners) >= LEAST
        self._held = None
        if closes:
            self.finish()

    def hover(self, event: Press | None) -> None:
        if self.corners:
            self._cursor = None if event is None else self._placed(event, len(self.corners))
            self._redraw()

    def double(self, event: Press) -> None:
        if self.corners:
            self.finish()

    def _near(self, at: Point) -> int | None:
        """Return which corner the mouse takes at a point."""
        near = [n for n, corner in enumerate(self.corners) if math.dist(corner, at) <= self._grip]
        return min(near, key=lambda n: math.dist(self.corners[n], at), default=None)

    def _placed(self, event: Press, number: int) -> Point:
        """Return where a corner goes; with Shift its side lies at a multiple of 45°."""
        return snapped(self.corners[number - 1], event.at) if event.shift and number else event.at

    # -- the keys --------------------------------------------------------------------

    def finish(self) -> bool:
        if not self.corners:
            return False
        if len(self.corners) < LEAST:
            self._session.said.emit("a polygon needs three corners", "set more, or press Esc")
            return True
        shape = polygon(self.corners)
        self._clear()
        self.commit(shape)
        return True

    def back(self) -> bool:
        if not self.corners or self._held is not None:
            return bool(self.corners)
        self.corners.pop()
        self._redraw()
        return True

    def cancel(self) -> None:
        if self._held is not None:
            self.corners, self._held = self._before, None
        self._redraw()

    def forget(self) -> bool:
        begun = bool(self.corners)
        self._clear()
        self._redraw()
        return begun

    def _clear(self) -> None:
        self.corners, self._held, self._cursor = [], None, None

    # -- what is seen ----------------------------------------------------------------

    def _redraw(self) -> None:
        points = [*self.corners, *([self._cursor] if self._cursor is not None else [])]
        self.show(polygon(points) if points else None, self.previews_erasing)

    def draw(self, painter: QPainter, view: Viewport) -> None:
        super().draw(painter, view)
        self._grip = GRIP / view.zoom
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, corner in enumerate(self.corners):
            closing = number == 0 and len(self.corners) >= LEAST
            painter.setPen(QPen(QColor(0, 0, 0, 170), 1))
            painter.setBrush(self.colour() if closing else QColor("white"))
            across = KNOB * (1.4 if closing else 1.0)
            painter.drawEllipse(QPointF(view.to_view(*corner)), across, across)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
