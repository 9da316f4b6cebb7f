"""Erase with a round or square brush."""

from typing import ClassVar

from segstudio.domain.classes import UNLABELLED
from segstudio.gui.tools.painting import PaintingTool
from segstudio.gui.tools.tool import tools


@tools.add
class Eraser(PaintingTool):
    """Takes the class from the pixels under a drag: they are unlabelled again."""

    title: ClassVar[str] = "Eraser"
    text: ClassVar[str] = "Erase"
    icon: ClassVar[str] = "eraser"
    key: ClassVar[str] = "E"
    hint: ClassVar[str] = "drag erases · Shift-click draws a line · [ ] size"
    order: ClassVar[int] = 20

    def value(self) -> int:
        return UNLABELLED
