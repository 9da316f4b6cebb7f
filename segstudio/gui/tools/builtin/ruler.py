"""Measure distances and angles."""

import math
from typing import ClassVar

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from segstudio.domain.georef import distance
from segstudio.domain.stroke import Point
from segstudio.gui import theme
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools.constraints import snapped
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.marks import draw_label
from segstudio.gui.tools.tool import Press, Tool, tools

TICK = 6.0
"""Half the length of the marks at the ends, in px."""
BESIDE = 14
"""How far from the end of the line its length is written, in px."""


@tools.add
class Ruler(Tool):
    """Shows how long a drag is; changes nothing. The line stays until the next press or Esc."""

    title: ClassVar[str] = "Ruler"
    icon: ClassVar[str] = "ruler"
    key: ClassVar[str] = "K"
    hint: ClassVar[str] = "drag measures · Shift snaps to 45° · Esc takes the line away"
    sized: ClassVar[bool] = False
    order: ClassVar[int] = 200

    def __init__(self, context: ToolContext) -> None:
        self._session, self._redraw = context.session, context.redraw
        self._start: Point | None = None
        self._end: Point | None = None
        self._measuring = False

    @property
    def line(self) -> tuple[Point, Point] | None:
        """The line that is shown, from its start to its end in image pixels."""
        start, end = self._start, self._end
        return None if start is None or end is None or start == end else (start, end)

    def press(self, event: Press) -> None:
        if self._session.image is not None:
            self._start = self._end = event.at
            self._measuring = True
            self._redraw()

    def move(self, event: Press) -> None:
        if self._measuring and self._start is not None:
            self._end = snapped(self._start, event.at) if event.shift else event.at
            self._redraw()

    def release(self, event: Press) -> None:
        self.move(event)
        self._measuring = False

    def cancel(self) -> None:
        self.forget()

    def forget(self) -> bool:
        shown, self._start, self._end, self._measuring = self.line is not None, None, None, False
        if shown:
            self._redraw()
        return shown

    # -- what it says ----------------------------------------------------------------

    def text(self) -> str:
        """Return length and angle in words; empty without a line."""
        if self.line is None:
            return ""
        (x0, y0), (x1, y1) = self.line
        image = self._session.image
        metres = distance(image.georef, *self.line) if image is not None else None
        angle = math.degrees(math.atan2(y0 - y1, x1 - x0)) + 0.0
        parts = [f"{_number(math.hypot(x1 - x0, y1 - y0))} px", f"{angle:.1f}°".replace("-", "−")]
        if metres is not None:
            parts.insert(1, in_metres(metres))
        return "  ·  ".join(parts)

    def draw(self, painter: QPainter, view: Viewport) -> None:
        if self.line is None:
            return
        start, end = (view.to_view(*point) for point in self.line)
        along = end - start
        length = math.hypot(along.x(), along.y()) or 1.0
        across = QPointF(-along.y(), along.x()) * (TICK / length)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((QColor(0, 0, 0, 170), 4.0), (QColor(255, 255, 255), 1.5)):
            pen = QPen(colour, width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(start, end)
            for place in (start, end):
                painter.drawLine(place - across, place + across)
        beside = end + QPointF(BESIDE, BESIDE)
        draw_label(painter, self.text(), beside, view, theme.figures(), theme.GRID)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def in_metres(metres: float) -> str:
    """Return a distance in the unit that suits it."""
    if metres < 1:
        return f"{_number(100 * metres)} cm"
    return f"{_number(metres)} m" if metres < 1000 else f"{_number(metres / 1000)} km"


def _number(value: float) -> str:
    """Return a length with as many digits as can be read off a screen."""
    if value < 100:
        return f"{value:.{1 if value >= 10 else 2}f}"
    return f"{value:,.0f}".replace(",", "\N{THIN SPACE}")
