"""Push the border of a region."""

from typing import ClassVar

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.stroke import Point
from segstudio.domain.tiles import TILE, Layer
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.painting import PaintingTool
from segstudio.gui.tools.tool import Press, tools
from segstudio.interactive.patch import pixel_of


@tools.add
class Reshape(PaintingTool):
    """Moves the border of the region under which the drag begins, along with the mouse.

    Begun inside a region its border is pushed outwards, over other pixels; begun beside it,
    inwards: what lies under the beginning follows. A press without a drag changes nothing.
    """

    title: ClassVar[str] = "Reshape"
    text: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "reshape"
    key: ClassVar[str] = "="
    hint: ClassVar[str] = (
        "drag from inside pushes the border out, from beside it in · right-drag erases · [ ] size"
    )
    order: ClassVar[int] = 75

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self._under = UNLABELLED
        self._start: Point | None = None

    def value(self) -> int:
        return self._under

    def _words(self, erase: bool) -> str:
        return self.text

    def press(self, event: Press) -> None:
        image = self._session.image
        if image is None or not self._session.editable:
            return
        self._start = event.at
        self._under = UNLABELLED if event.erase else self._id_at(event.at)

    def move(self, event: Press) -> None:
        start = self._start
        if start is not None and event.at != start:
            self._start = None
            super().press(Press(start, pressure=event.pressure))
        super().move(event)

    def release(self, event: Press) -> None:
        self.move(event)
        self._start = None
        super().release(event)

    def cancel(self) -> None:
        self._start = None
        super().cancel()

    def _id_at(self, point: Point) -> int:
        """Return the class at a point, unlabelled where it has none or lies outside."""
        image = self._session.image
        place = pixel_of(point, image.box) if image is not None else None
        if place is None:
            return UNLABELLED
        row, column = place
        tile = self._session.tile(Layer.MASK, (row // TILE, column // TILE))
        return UNLABELLED if tile is None else int(tile[row % TILE, column % TILE])
