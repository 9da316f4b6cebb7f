"""Paint a straight line."""

from typing import ClassVar

from segstudio.domain.stroke import Point
from segstudio.gui.tools.constraints import snapped
from segstudio.gui.tools.outline import Outline, line
from segstudio.gui.tools.shaping import DraggedShape
from segstudio.gui.tools.tool import tools


@tools.add
class Line(DraggedShape):
    """Gives the class to the pixels along a line of the brush's width."""

    title: ClassVar[str] = "Line"
    icon: ClassVar[str] = "line"
    key: ClassVar[str] = "-"
    hint: ClassVar[str] = (
        "drag draws · right-drag erases · Shift snaps to 45° · Ctrl from the middle · [ ] width"
    )
    sized: ClassVar[bool] = True
    order: ClassVar[int] = 30

    def shape(self, a: Point, b: Point) -> Outline:
        return line(a, b, self._session.view.brush)

    def regular(self, start: Point, at: Point) -> Point:
        return snapped(start, at)
