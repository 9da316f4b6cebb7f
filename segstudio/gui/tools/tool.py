"""The one thing that every tool can do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from PySide6.QtGui import QPainter

from segstudio.domain.stroke import Point
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.session import Session
from segstudio.registry import Registry


@dataclass(frozen=True)
class Press:
    """A mouse event on the image: where, and what is held down with it."""

    at: Point
    shift: bool = False
    erase: bool = False


def _nothing() -> None:
    """Nobody looks yet."""


class Tool(Protocol):
    """Turns a drag, in image coordinates, into at most one edit."""

    title: ClassVar[str]
    icon: ClassVar[str]
    key: ClassVar[str]
    hint: ClassVar[str]
    sized: ClassVar[bool]
    order: ClassVar[int]
    redraw: Callable[[], None] = staticmethod(_nothing)
    """To be called by the tool when what it draws has changed; set by the canvas."""

    def __init__(self, session: Session) -> None: ...

    def press(self, event: Press) -> None: ...

    def move(self, event: Press) -> None: ...

    def release(self, event: Press) -> None: ...

    def cancel(self) -> None:
        """Give up the drag; the mask is as before."""

    def forget(self) -> bool:
        """Take away what the tool shows between drags; false where it shows nothing."""
        return False

    def draw(self, painter: QPainter, view: Viewport) -> None:
        """Draw over the picture what belongs to no mask, such as a line of measure."""


tools: Registry[type[Tool]] = Registry("segstudio.gui.tools.builtin", "tool")


def in_order() -> list[str]:
    """Return the names of the tools as they stand in the rail."""
    return sorted(tools, key=lambda name: tools[name].order)
