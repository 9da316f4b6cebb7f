"""Paint with a round brush."""

from typing import ClassVar

from segstudio.gui.tools.painting import PaintingTool
from segstudio.gui.tools.tool import tools


@tools.add
class Brush(PaintingTool):
    """Gives the chosen class to the pixels under a drag."""

    title: ClassVar[str] = "Brush"
    text: ClassVar[str] = "Brush"
    icon: ClassVar[str] = "brush"
    key: ClassVar[str] = "B"
    hint: ClassVar[str] = "drag paints · right-drag erases · Shift-click draws a line · [ ] size"
    order: ClassVar[int] = 10

    def value(self) -> int:
        return self._session.view.active_class
