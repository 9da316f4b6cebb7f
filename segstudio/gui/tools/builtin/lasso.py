"""Paint what is drawn around."""

import math
from typing import ClassVar

from segstudio.domain.stroke import Point
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.outline import Outline, polygon
from segstudio.gui.tools.shaping import ShapingTool
from segstudio.gui.tools.tool import Press, tools

STEP = 0.5
"""Least distance between points that are kept, in image pixels."""


@tools.add
class Lasso(ShapingTool):
    """Gives the class to the inside of a line drawn by hand, closed on release."""

    title: ClassVar[str] = "Lasso"
    icon: ClassVar[str] = "lasso"
    key: ClassVar[str] = "S"
    hint: ClassVar[str] = (
        "drag around · right-drag erases · hold Shift for a straight piece · Esc gives up"
    )
    order: ClassVar[int] = 70

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self._points: list[Point] = []
        self._straight = False
        """Whether the last point is the loose end of a straight piece."""

    def press(self, event: Press) -> None:
        if self.begin(event):
            self._points, self._straight = [event.at], False

    def move(self, event: Press) -> None:
        if not self._points:
            return
        if event.shift and self._straight:
            self._points[-1] = event.at
        elif event.shift or math.dist(self._points[-1], event.at) >= STEP:
            self._points.append(event.at)
        self._straight = event.shift
        self.show(self._outline(), self.previews_erasing)

    def release(self, event: Press) -> None:
        self.move(event)
        shape = self._outline() if len(self._points) > 2 else None
        self._points = []
        if shape is None:
            self.show(None)
        else:
            self.commit(shape)

    def cancel(self) -> None:
        self._points = []
        self.show(None)

    def forget(self) -> bool:
        begun = bool(self._points)
        self.cancel()
        return begun

    def _outline(self) -> Outline:
        return polygon(self._points)
