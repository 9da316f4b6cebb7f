"""Paint a rectangle."""

from typing import ClassVar

from segstudio.domain.stroke import Point
from segstudio.gui.tools.outline import Outline, rectangle
from segstudio.gui.tools.shaping import DraggedShape
from segstudio.gui.tools.tool import tools


@tools.add
class Rectangle(DraggedShape):
    """Gives the class to the pixels between two corners."""

    title: ClassVar[str] = "Rectangle"
    icon: ClassVar[str] = "rectangle"
    key: ClassVar[str] = "Z"
    hint: ClassVar[str] = (
        "drag draws · right-drag erases · Shift a square · Ctrl from the centre · Esc gives up"
    )
    order: ClassVar[int] = 40

    def shape(self, a: Point, b: Point) -> Outline:
        return rectangle(a, b)
