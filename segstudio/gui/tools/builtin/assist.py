"""Strokes and boxes from which the model in use thinks again about what is around them."""

from collections import deque
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.jobs import Job
from segstudio.gui.tools.context import LANE, OpenPicture, ToolContext
from segstudio.gui.tools.cutout import Stroke, around, same
from segstudio.gui.tools.marks import class_colour, draw_frame, draw_note
from segstudio.gui.tools.tool import Press, Tool, tools
from segstudio.interactive.patch import Patch
from segstudio.interactive.shapes import rectangle
from segstudio.workflows.rethink import Rethinker, Sources

SMALLEST = 3
"""Side of the smallest box, in pixels of the image."""


@dataclass(frozen=True, eq=False)
class Wish:
    """A stroke or a box that is to be thought about; ``mark`` is what was drawn."""

    picture: OpenPicture
    mark: Patch
    box: Box | None
    value: int


@tools.add
class Assist(Tool):
    """Paints what the model in use finds around a stroke, which has the last word.

    With Shift the drag is a box, inside which it finds the object. Without a model the stroke
    is painted as it is.
    """

    title: ClassVar[str] = "Model brush"
    icon: ClassVar[str] = "assist"
    key: ClassVar[str] = ";"
    hint: ClassVar[str] = (
        "drag: the model in use finds the rest · Shift-drag boxes it · right-drag erases"
        " · [ ] size · Esc drops"
    )
    sized: ClassVar[bool] = True
    order: ClassVar[int] = 120

    def __init__(self, context: ToolContext) -> None:
        self._context, self._session = context, context.session
        self._rethinker = Rethinker()
        self._ends: tuple[Point, Point] | None = None
        self._mark = Patch.empty()
        self._last: Point | None = None
        self._erasing = False
        self._wishes: deque[Wish] = deque()
        self._job: Job | None = None
        self._told: object = None

    # -- the mouse -------------------------------------------------------------------

    def press(self, event: Press) -> None:
        if self._context.picture is None or not self._session.editable:
            return
        self._erasing = event.erase
        if event.shift and not event.erase:
            self._ends = event.at, event.at
            self._context.redraw()
            return
        self._mark, self._last = Patch.empty(), event.at
        self.move(event)

    def move(self, event: Press) -> None:
        image = self._session.image
        if self._ends is not None:
            self._ends = self._ends[0], event.at
        elif self._last is not None and image is not None:
            piece = Stroke((self._last, event.at), self._session.view.brush).patch(image.box)
            self._mark = self._mark.united(piece)
            self._last = event.at
        else:
            return
        self._show()

    def release(self, event: Press) -> None:
        self.move(event)
        ends, mark, drawn = self._ends, self._mark, self._last is not None
        self._let_go()
        picture = self._context.picture
        if picture is None:
            return
        value = UNLABELLED if self._erasing else self._session.view.active_class
        if drawn and mark and self._erasing:
            self._context.paint("Erase", [mark], value)
        elif drawn and mark:
            self._wish(Wish(picture, mark, None, value))
        elif ends is not None:
            box = around(ends).clipped(picture.box)
            if min(box.shape) >= SMALLEST:
                self._wish(Wish(picture, rectangle(*ends, picture.box), box, value))
        self._show()

    def cancel(self) -> None:
        self._let_go()
        self._show()

    def _let_go(self) -> None:
        self._ends = self._last = None
        self._mark = Patch.empty()

    def forget(self) -> bool:
        self._let_go()
        in_hand = self._session.view.tool == tools.name_of(self)
        here = bool(self._wishes) and same(self._wishes[0].picture, self._context.picture)
        if here and not in_hand:  # what was drawn is not lost to another tool
            return False
        busy = bool(self._wishes)
        self._wishes.clear()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._show()
        return busy

    # -- thinking --------------------------------------------------------------------

    @property
    def thinking(self) -> bool:
        return bool(self._wishes)

    def _wish(self, wish: Wish) -> None:
        self._wishes.append(wish)
        if len(self._wishes) == 1:
            self._think()

    def _think(self) -> None:
        """Think about the wish that has waited longest."""
        wish, layers, project = self._wishes[0], self._context.layers, self._session.project
        if layers is None or project is None or not same(wish.picture, self._context.picture):
            self._wishes.clear()
            self._show()
            return

        def work(job: Job) -> list[Patch]:
            picture = wish.picture
            sources = Sources(
                picture.box,
                lambda box: picture.picture.read(box).pixels,
                picture.rgb,
                layers.mask.read,
            )
            args = project, sources, wish.mark, wish.box, wish.value, job
            return [patch for patch in (self._rethinker.think(*args),) if patch]

        job = self._session.jobs.start("Correcting", work, LANE)
        self._job = job
        job.succeeded.connect(lambda patches: self._take(job, wish, patches))
        job.failed.connect(lambda error: self._without(job, wish, error))
        self._context.redraw()

    def _take(self, job: Job, wish: Wish, patches: list[Patch]) -> None:
        if self._job is not job:
            return
        self._job = None
        self._paint("Correct with the model", wish, patches)

    def _without(self, job: Job, wish: Wish, error: Exception) -> None:
        """There is no model, or none that helps here: paint what was drawn, and say so once."""
        if self._job is not job:
            return
        self._job = None
        about = (self._session.project, str(error))
        if about != self._told:
            self._told = about
            self._session.say_error(error)
        self._paint("Brush", wish, [wish.mark] if wish.box is None else [])

    def _paint(self, text: str, wish: Wish, patches: list[Patch]) -> None:
        known = self._session.class_of(wish.value) is not None
        painting = self._context.paint(text, patches, wish.value) if known and patches else None
        if painting is None:
            self._next(wish)
        else:
            painting.finished.connect(lambda: self._next(wish))

    def _next(self, wish: Wish) -> None:
        if self._wishes and self._wishes[0] is wish:
            self._wishes.popleft()
        if self._wishes:
            self._think()
        self._show()

    # -- drawing ---------------------------------------------------------------------

    def _show(self) -> None:
        self.previews_erasing = self._erasing and self._last is not None
        marks = [wish.mark for wish in self._wishes if wish.box is None]
        self.preview = [mark for mark in (*marks, self._mark) if mark]
        self._context.redraw()

    def draw(self, painter: QPainter, view: Viewport) -> None:
        colour = class_colour(self._session)
        boxes = [wish.box for wish in self._wishes if wish.box is not None]
        if self._ends is not None:
            boxes.append(around(self._ends))
        for box in boxes:
            draw_frame(painter, QRectF(view.rect(box)), colour)
        if self._wishes:
            draw_note(painter, "thinking about it…", view)
