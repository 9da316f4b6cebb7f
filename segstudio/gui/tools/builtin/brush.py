"""Paint with a round or square brush, anything or only what looks alike."""

from dataclasses import dataclass, field
from typing import ClassVar

from segstudio.gui.tools.painting import PaintingTool
from segstudio.gui.tools.tips import TipOptions
from segstudio.gui.tools.tool import tools


@dataclass(frozen=True)
class BrushOptions(TipOptions):
    """What the brush can be told."""

    similar: bool = field(
        default=False,
        metadata={
            "label": "Similar",
            "help": "Paint only pixels that look like the one where the stroke began",
        },
    )
    tolerance: int = field(
        default=12,
        metadata={
            "label": "Tolerance",
            "range": (1, 100),
            "needs": "similar",
            "help": "How far a colour may be from where the stroke began; "
            "a small step in lightness is 2, black is 100 away from white",
        },
    )


@tools.add
class Brush(PaintingTool):
    """Gives the chosen class to the pixels under a drag."""

    title: ClassVar[str] = "Brush"
    text: ClassVar[str] = "Brush"
    icon: ClassVar[str] = "brush"
    key: ClassVar[str] = "B"
    hint: ClassVar[str] = "drag paints · right-drag erases · Shift-click draws a line · [ ] size"
    order: ClassVar[int] = 10
    options: BrushOptions = BrushOptions()

    def value(self) -> int:
        return self._session.view.active_class

    def tolerance(self) -> int | None:
        return self.options.tolerance if self.options.similar else None
