"""What tools with a brush share: a drag that paints dab by dab."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.stroke import Point
from segstudio.gui.tools.allowed import may_paint
from segstudio.gui.tools.colours import ColoursInSight
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.tips import TipOptions
from segstudio.gui.tools.tool import Press, Tool
from segstudio.imaging.lab import Reference
from segstudio.interactive.patch import Patch
from segstudio.interactive.similar import reference_of

CORE = 3
"""A stroke begins on the colours of the inner part of its first dab: a third of its size."""


@dataclass(frozen=True, eq=False)
class _Dab:
    """A piece of a stroke; with a tolerance only what is like the stroke's beginning."""

    patch: Patch
    value: int
    tolerance: int | None
    core: Patch
    first: bool


class PaintingTool(Tool):
    """Paints along the drag, at once; the release makes it one edit.

    With Shift the drag begins with a straight line from where the last one ended; a pen that
    is pressed less paints thinner. With a `tolerance` only pixels are painted that look like
    those where the drag began. Dabs whose pixels are not there yet are painted when they are,
    in the same edit.
    """

    sized: ClassVar[bool] = True
    text: ClassVar[str]
    options: TipOptions = TipOptions()

    def __init__(self, context: ToolContext) -> None:
        self._context, self._session = context, context.session
        self._colours = ColoursInSight(context, self._paint_waiting)
        self._last: Point | None = None
        self._end: tuple[int, Point] | None = None
        self._value = UNLABELLED
        self._text = self.text
        self._pressure = 1.0
        self._tolerance: int | None = None
        self._reference: Reference | None = None
        self._begun = False
        self._waiting: list[_Dab] = []
        self._released = False
        """Whether the stroke is over, but for dabs that wait for their pixels."""

    @abstractmethod
    def value(self) -> int:
        """Return the id to paint."""

    def tolerance(self) -> int | None:
        """Return how far a colour may be from the first; None paints whatever there is."""
        return None

    def ring(self, diameter: int) -> tuple[int, bool]:
        return self.options.size(diameter, self._pressure), self.options.shape == "square"

    # -- the drag --------------------------------------------------------------------

    def press(self, event: Press) -> None:
        session = self._session
        value = UNLABELLED if event.erase else self.value()
        erase = value == UNLABELLED
        tolerance = None if erase else self.tolerance()
        image = session.image
        if image is None or not may_paint(session, value) or not self._can_see(tolerance):
            return
        if not self._released and not session.begin_draft():
            return
        self._released, self._begun = False, False
        self._tolerance = tolerance
        self._value = value
        self._text = self._words(erase)
        start = event.at
        if event.shift and self._end is not None and self._end[0] == image.id:
            start = self._end[1]
        self._last = start
        self.move(event)

    def _words(self, erase: bool) -> str:
        """Return what the edit is called."""
        return "Erase" if erase else self.text

    def _can_see(self, tolerance: int | None) -> bool:
        if tolerance is None or self._context.picture is not None:
            return True
        self._session.said.emit(
            "similar pixels cannot be found: the picture is not there",
            "wait until it is, or switch Similar off",
        )
        return False

    def move(self, event: Press) -> None:
        session = self._session
        if self._last is None or session.image is None:
            return
        options, box = self.options, session.image.box
        self._pressure = event.pressure
        size = options.size(session.view.brush, event.pressure)
        patch = options.way(self._last, event.at, size, box)
        if self._tolerance is None and not self._waiting:
            session.paint(patch.box, patch.region, self._value)
        else:
            core = options.way(event.at, event.at, max(size // CORE, 1), box)
            first, self._begun = not self._begun, True
            self._waiting.append(_Dab(patch, self._value, self._tolerance, core, first))
            self._paint_waiting()
        self._last = event.at

    def release(self, event: Press) -> None:
        if self._last is None:
            return
        if event.at != self._last:
            self.move(event)
        image = self._session.image
        self._end = (image.id, event.at) if image is not None else None
        self._last, self._pressure = None, 1.0
        self._released = True
        self._finish()

    def cancel(self) -> None:
        self._last, self._pressure = None, 1.0
        self._waiting, self._released = [], False
        self._session.cancel_draft()

    def forget(self) -> bool:
        self._colours.drop()
        if not self._released:
            return False
        self.cancel()
        return True

    def _finish(self) -> None:
        if self._released and not self._waiting:
            self._released = False
            self._session.finish_draft(self._text)

    # -- only what looks alike -------------------------------------------------------

    def hover(self, event: Press | None) -> None:
        if event is not None:
            self._look()

    def options_changed(self) -> None:
        self._look()

    def _look(self) -> None:
        """Have the pixels that a stroke will ask for read before it does."""
        if self.tolerance() is not None and self._session.image is not None:
            self._ask()

    def _ask(self) -> bool:
        return self._colours.ask(self._session.view.brush // 2 + 1)

    def _paint_waiting(self) -> None:
        """Paint the dabs that can be: those behind one that cannot wait with it."""
        while self._waiting:
            dab = self._waiting[0]
            seen = dab.tolerance is None or self._ask()
            if not seen and self._colours.awaited:
                return
            self._waiting.pop(0)
            if seen:
                self._paint(dab)
        self._finish()

    def _paint(self, dab: _Dab) -> None:
        if dab.tolerance is None:
            self._session.paint(dab.patch.box, dab.patch.region, dab.value)
            return
        if dab.first:
            self._reference = None
        if self._reference is None:
            box, rgb = self._colours.of(dab.core.box)
            self._reference = reference_of(rgb, dab.core.over(box)) if box else None
        box, alike = self._colours.like(dab.patch.box, self._reference, dab.tolerance)
        self._session.paint(box, dab.patch.over(box) & alike, dab.value)
