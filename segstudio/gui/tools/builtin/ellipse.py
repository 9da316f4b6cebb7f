"""Paint an ellipse."""

from typing import ClassVar

from segstudio.domain.stroke import Point
from segstudio.gui.tools.outline import Outline, ellipse
from segstudio.gui.tools.shaping import DraggedShape
from segstudio.gui.tools.tool import tools


@tools.add
class Ellipse(DraggedShape):
    """Gives the class to the pixels of an ellipse between two corners."""

    title: ClassVar[str] = "Ellipse"
    icon: ClassVar[str] = "ellipse"
    key: ClassVar[str] = "/"
    hint: ClassVar[str] = (
        "drag draws · right-drag erases · Shift a circle · Ctrl from the centre · Esc gives up"
    )
    order: ClassVar[int] = 50

    def shape(self, a: Point, b: Point) -> Outline:
        return ellipse(a, b)
