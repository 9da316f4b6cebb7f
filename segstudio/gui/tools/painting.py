"""What brush and eraser share: a drag that paints dab by dab."""

from abc import abstractmethod
from typing import ClassVar

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.stroke import Point, capsule
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.tool import Press, Tool


class PaintingTool(Tool):
    """Paints along the drag, at once; the release makes it one edit.

    With Shift the drag begins with a straight line from where the last one ended.
    """

    sized: ClassVar[bool] = True
    text: ClassVar[str]

    def __init__(self, context: ToolContext) -> None:
        self._session = context.session
        self._last: Point | None = None
        self._end: tuple[int, Point] | None = None
        self._value = UNLABELLED
        self._text = self.text

    @abstractmethod
    def value(self) -> int:
        """Return the id to paint."""

    def press(self, event: Press) -> None:
        session = self._session
        if session.image is None or not session.begin_draft():
            return
        self._value = UNLABELLED if event.erase else self.value()
        self._text = "Erase" if self._value == UNLABELLED else self.text
        start = event.at
        if event.shift and self._end is not None and self._end[0] == session.image.id:
            start = self._end[1]
        self._last = start
        self.move(event)

    def move(self, event: Press) -> None:
        session = self._session
        if self._last is None or session.image is None:
            return
        box, region = capsule(self._last, event.at, session.view.brush, session.image.box)
        session.paint(box, region, self._value)
        self._last = event.at

    def release(self, event: Press) -> None:
        if self._last is None:
            return
        if event.at != self._last:
            self.move(event)
        image = self._session.image
        self._end = (image.id, event.at) if image is not None else None
        self._last = None
        self._session.finish_draft(self._text)

    def cancel(self) -> None:
        self._last = None
        self._session.cancel_draft()
