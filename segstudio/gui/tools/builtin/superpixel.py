"""Paint whole superpixels: small pieces of the picture that keep to its edges."""

from dataclasses import dataclass, field
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.stroke import Point
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools.borders import Cut, Glance, Wanted, cut, wanted
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.newest import Newest
from segstudio.gui.tools.sight import picture_of
from segstudio.gui.tools.tool import Press, Tool, tools
from segstudio.interactive.patch import Patch, pixel_of

REST = 200
"""Milliseconds that the view rests before its superpixels are worked out anew."""


@dataclass(frozen=True)
class SuperpixelOptions:
    """What the superpixels are like."""

    size: int = field(
        default=24, metadata={"range": (6, 200), "help": "about how wide one is, in pixels"}
    )
    compactness: int = field(
        default=10,
        metadata={"range": (1, 40), "help": "high: nearly squares; low: ragged"},
    )


@dataclass(eq=False)
class Stroke:
    """A drag: its way while nothing is known of it, then what it has covered."""

    erase: bool
    way: list[Point]
    covered: dict[int, Patch]
    cut: Cut | None = None
    ended: bool = False


@tools.add
class SuperpixelBrush(Tool):
    """Paints the superpixels that a drag crosses; they are worked out for what is in sight."""

    title: ClassVar[str] = "Superpixel brush"
    icon: ClassVar[str] = "superpixel"
    key: ClassVar[str] = "R"
    hint: ClassVar[str] = (
        "drag paints whole pieces · right-drag or Alt erases · zoom in for finer ones"
    )
    sized: ClassVar[bool] = False
    order: ClassVar[int] = 85
    options: SuperpixelOptions

    def __init__(self, context: ToolContext) -> None:
        self._context = context
        self.options = SuperpixelOptions()
        self._glance: Glance | None = None
        self._cut: Cut | None = None
        self._asked: Wanted | None = None
        self._drawn: Wanted | None = None
        self._stroke: Stroke | None = None
        self._cursor: Press | None = None
        self._hovered: tuple[Cut, int, bool] | None = None
        self._newest: Newest[Cut] = Newest(context, "Superpixels", self._take)
        self._rest = QTimer(context)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._renew)
        context.picture_changed.connect(self._other_picture)

    @property
    def ready(self) -> bool:
        """Whether the superpixels of what is in sight are there."""
        return self._cut is not None and self._cut.wanted == self._wanted()

    # -- the drag --------------------------------------------------------------------

    def press(self, event: Press) -> None:
        image = self._context.session.image
        if image is None or pixel_of(event.at, image.box) is None:
            return
        if picture_of(self._context) is None:
            return
        self._stroke = Stroke(event.erase, [event.at], {}, self._cut)
        if self._cut is None:
            self._renew()
        self._paint_on()

    def move(self, event: Press) -> None:
        if self._stroke is not None and not self._stroke.ended:
            self._stroke.way.append(event.at)
            self._paint_on()

    def release(self, event: Press) -> None:
        self.move(event)
        if self._stroke is not None:
            self._stroke.ended = True
            self._paint_on()

    def cancel(self) -> None:
        if self._stroke is not None and not self._stroke.ended:
            self._stroke = None
            self._show([])

    def forget(self) -> bool:
        anything = self._stroke is not None
        self._stroke = self._cursor = self._cut = self._asked = self._drawn = self._glance = None
        self._rest.stop()
        self._newest.forget()
        self._show([])
        return anything

    def options_changed(self) -> None:
        self._rest.start()

    def hover(self, event: Press | None) -> None:
        self._cursor = event
        if self._stroke is None:
            self._look()

    def _look(self) -> None:
        """Show the superpixel under the cursor."""
        cursor, found = self._cursor, None
        if self._cut is not None and cursor is not None:
            found = self._cut.at(cursor.at)
        erasing = cursor is not None and cursor.erase
        if found is None or self._cut is None:
            self._show([])
        elif self._hovered != (self._cut, found, erasing):
            self._show([self._cut.patch(found)], erasing)
            self._hovered = (self._cut, found, erasing)

    def _show(self, patches: list[Patch], erasing: bool = False) -> None:
        self._hovered = None
        if patches or self.preview:
            self.preview, self.previews_erasing = tuple(patches), erasing
            self._context.redraw()

    def _paint_on(self) -> None:
        """Take over into the stroke what its way has come to; paint it where it is over."""
        stroke = self._stroke
        if stroke is None or stroke.cut is None:
            return
        known = len(stroke.covered)
        way = stroke.way
        for start, end in zip(way, way[1:] or way, strict=False):
            for label in stroke.cut.along(start, end):
                if label not in stroke.covered:
                    stroke.covered[label] = stroke.cut.patch(label)
        stroke.way = way[-1:]
        if len(stroke.covered) > known:
            self._show(list(stroke.covered.values()), stroke.erase)
        if stroke.ended:
            self._finish(stroke)

    def _finish(self, stroke: Stroke) -> None:
        self._stroke = None
        value = UNLABELLED if stroke.erase else self._context.session.view.active_class
        text = "Erase" if stroke.erase else "Superpixels"
        job = self._context.paint(text, list(stroke.covered.values()), value)
        if job is None:
            self._show([])
        else:
            job.finished.connect(lambda: None if self._stroke else self._look_again())

    def _look_again(self) -> None:
        self._show([])
        self._look()

    # -- the superpixels -------------------------------------------------------------

    def _wanted(self) -> Wanted | None:
        picture, glance, options = self._context.picture, self._glance, self.options
        sight = self._context.in_sight() if picture is not None else None
        if picture is None or not sight:
            return None
        shown = glance or Glance(1.0, -sight.left, -sight.top, sight.width, sight.height)
        return wanted(picture, sight, options.size, options.compactness, shown)

    def _renew(self) -> None:
        what, picture = self._wanted(), self._context.picture
        if what is None or picture is None or what == self._asked:
            return
        if self._stroke is not None and self._stroke.cut is not None:
            self._rest.start()  # a stroke is of one piece
            return
        self._asked = what
        self._newest.ask(lambda job: cut(picture, what, job))

    def _take(self, made: Cut) -> None:
        if made.wanted != self._asked:
            return
        self._cut = made
        stroke = self._stroke
        if stroke is None:
            self._look()
        elif stroke.cut is None:
            stroke.cut = made
            self._paint_on()
        self._context.redraw()

    def _other_picture(self) -> None:
        self._cut = self._asked = self._drawn = None
        self._context.redraw()

    def draw(self, painter: QPainter, view: Viewport) -> None:
        """Draw the borders; where the view is another one, have them made anew when it rests."""
        ratio = painter.device().devicePixelRatio()
        self._glance = Glance.of(view, ratio)
        what = self._wanted()
        if what not in (self._drawn, self._asked):
            self._rest.start()
        self._drawn = what
        if self._cut is not None and what is not None and self._cut.wanted.source == what.source:
            self._cut.draw(painter, view)
