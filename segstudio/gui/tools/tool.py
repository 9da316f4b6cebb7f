"""The one thing that every tool can do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from PySide6.QtGui import QPainter

from segstudio.domain.stroke import Point
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools.context import ToolContext
from segstudio.interactive.patch import Patch
from segstudio.registry import Registry


@dataclass(frozen=True)
class Press:
    """A mouse event on the image: where, and what is held down with it.

    ``pressure`` is that of a pen, 0…1; a mouse presses with 1.
    """

    at: Point
    shift: bool = False
    erase: bool = False
    control: bool = False
    pressure: float = 1.0


class Tool(Protocol):
    """Turns drags and clicks, in image coordinates, into edits."""

    title: ClassVar[str]
    icon: ClassVar[str]
    key: ClassVar[str]
    hint: ClassVar[str]
    sized: ClassVar[bool]
    order: ClassVar[int]
    options: Any = None
    """An instance of the frozen dataclass whose fields are the tool's options, if it has any.

    The window shows them, puts a new one here when they are changed, and keeps them.
    """
    preview: Sequence[Patch] = ()
    """What would be painted; the canvas draws it in the colour of the class."""
    previews_erasing: bool = False

    def __init__(self, context: ToolContext) -> None: ...

    def press(self, event: Press) -> None: ...

    def move(self, event: Press) -> None: ...

    def release(self, event: Press) -> None: ...

    def cancel(self) -> None:
        """Give up the drag; the mask is as before."""

    def hover(self, event: Press | None) -> None:
        """Follow the cursor between drags; None when it leaves the picture."""

    def double(self, event: Press) -> None:
        """A double click, after its first press and release."""

    def finish(self) -> bool:
        """Enter: complete what is begun; false where nothing is."""
        return False

    def back(self) -> bool:
        """Backspace: take back the last step of what is begun; false where nothing is."""
        return False

    def another(self, by: int) -> bool:
        """< and >: show one of several answers; false where there is but one."""
        return False

    def forget(self) -> bool:
        """Esc, or another tool or image: take away what is begun or shown; false for nothing."""
        return False

    def options_changed(self) -> None:
        """Hear of other `options`."""

    def ring(self, diameter: int) -> tuple[int, bool]:
        """Return how large a brush of that size is just now, and whether it is square."""
        return diameter, False

    def draw(self, painter: QPainter, view: Viewport) -> None:
        """Draw over the picture what belongs to no mask, such as a line of measure."""


tools: Registry[type[Tool]] = Registry("segstudio.gui.tools.builtin", "tool")


def in_order() -> list[str]:
    """Return the names of the tools as they stand in the rail."""
    return sorted(tools, key=lambda name: tools[name].order)
