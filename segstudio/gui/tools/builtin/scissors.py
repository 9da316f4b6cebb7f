"""Intelligent scissors: an outline that keeps to edges."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from segstudio.domain.layers import Layers
from segstudio.domain.stroke import Point
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.jobs import Job
from segstudio.gui.tools.context import OpenPicture, ToolContext
from segstudio.gui.tools.cutout import around
from segstudio.gui.tools.marks import CASING, class_colour, draw_way, in_view
from segstudio.gui.tools.selecting import SelectingTool
from segstudio.gui.tools.tool import Press, tools
from segstudio.gui.tools.wiring import Leg, Root, Way, Wire, outline
from segstudio.interactive.patch import Patch
from segstudio.interactive.shapes import pieces, polygon

NEAR = 9.0
"""How near the start a click closes the outline, in pixels of the screen."""
REST = 120
"""Milliseconds after which a view that has moved is at rest."""


@dataclass(frozen=True)
class ScissorsOptions:
    """How points find their place."""

    snap: int = field(
        default=6,
        metadata={
            "label": "Snap",
            "range": (0, 30),
            "help": "how far a click is moved to the nearest strong edge, in pixels on the screen",
        },
    )


@tools.add
class Scissors(SelectingTool):
    """Joins clicks by lines along edges; once they are closed, paints the inside."""

    title: ClassVar[str] = "Intelligent scissors"
    text: ClassVar[str] = "Scissors"
    icon: ClassVar[str] = "scissors"
    key: ClassVar[str] = "I"
    hint: ClassVar[str] = (
        "click along the outline · double-click or Enter paints · Shift-click goes straight"
        " · Backspace back · Esc drops"
    )
    order: ClassVar[int] = 100

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self.options: ScissorsOptions = ScissorsOptions()
        self._points: list[Point] = []
        self._ways: dict[Leg, Way] = {}
        self._at: Point | None = None
        self._straight = False
        self._wire: Wire | None = None
        self._root: Root | None = None
        self._rest = QTimer(context, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._prepare)
        self._session.view.tool_changed.connect(lambda _: self._look())
        context.picture_changed.connect(self._look)

    @property
    def begun(self) -> bool:
        return bool(self._points)

    @property
    def points(self) -> list[Point]:
        """The points that are fixed, in order."""
        return list(self._points)

    @property
    def ways(self) -> list[Way]:
        """The lines between the points; straight where that is not worked out yet."""
        return [self._ways.get(leg) or list(leg) for leg in self._legs()]

    @property
    def prepared(self) -> bool:
        """Whether the edges of what is in sight, and the ways from the last point, are known."""
        picture = self._context.picture
        if picture is None or self.working or not self._covers(picture):
            return False
        root = self._root
        return not self._points or (root is not None and root.point == self._points[-1])

    def drop(self) -> None:
        self._points, self._ways, self._root = [], {}, None

    # -- getting ready ---------------------------------------------------------------

    def _look(self) -> None:
        """Make ready for what is in sight, once it rests."""
        if self._in_hand and not self._rest.isActive():
            self._rest.start()

    @property
    def _in_hand(self) -> bool:
        return tools.name_of(self) == self._session.view.tool

    def _covers(self, picture: OpenPicture) -> bool:
        return self._wire is not None and self._wire.serves(picture, self._context.in_sight())

    def _prepare(self) -> None:
        """Do what is to be done next, one thing at a time: edges, then ways from the last point."""
        picture = self._context.picture
        if picture is None or not self._in_hand or self.working:
            return
        sight, known = self._context.in_sight(), self._wire
        if sight and not self._covers(picture):
            self.work("Edges", lambda job: Wire.over(picture, sight), self._take_wire)
        elif known is not None and not self.prepared:
            self._grow(known)

    def _take_wire(self, wire: Wire) -> None:
        self._wire, self._root, self._job = wire, None, None
        self._prepare()

    def _grow(self, wire: Wire) -> None:
        last = self._points[-1]
        missing = [leg for leg in self._legs() if leg not in self._ways]

        def work(job: Job) -> tuple[Root, dict[Leg, Way]]:
            job.note(wire.root(last, job, quick=True))
            ways = {leg: wire.joined(leg, job) for leg in missing}
            return wire.root(last, job), ways

        job = self.work("Edges", work, self._take_root)
        job.noted.connect(lambda root: self._set_root(root))

    def _take_root(self, found: tuple[Root, dict[Leg, Way]]) -> None:
        root, ways = found
        self._job = None
        self._ways |= ways
        self._set_root(root)
        self._prepare()

    def _set_root(self, root: Root) -> None:
        if self._points and root.point == self._points[-1]:
            self._root = root
            self._context.redraw()

    # -- the mouse -------------------------------------------------------------------

    def hover(self, event: Press | None) -> None:
        picture = self._context.picture
        self._at = None if event is None else event.at
        self._straight = event is not None and event.shift
        if picture is not None and not self.prepared and not self.working:
            self._look()
        if self._points:
            self._context.redraw()

    def press(self, event: Press) -> None:
        picture = self._context.picture
        if not self.ready or picture is None:
            return
        if self._on_start(event.at):
            self.previews_erasing = event.erase
            self.finish()
            return
        x, y = event.at
        box = picture.box
        point = min(max(x, 0.0), float(box.right)), min(max(y, 0.0), float(box.bottom))
        if not self._points and point != event.at:
            return  # an outline begins inside
        self.preview = ()
        self._add(self._snapped(point), event.shift)

    def _add(self, point: Point, straight: bool) -> None:
        if self._points:
            last = self._points[-1]
            if math.dist(last, point) < 0.5:
                return
            if straight:
                self._ways[last, point] = [last, point]
            elif self._root is not None and self._root.point == last and not self.working:
                self._ways[last, point] = self._root.way(point)
        self._points.append(point)
        self._at = point
        self._root = None
        if self._wire is not None and (picture := self._context.picture) and self._covers(picture):
            self._grow(self._wire)
        else:
            self._prepare()
        self._context.redraw()

    def _snapped(self, point: Point) -> Point:
        radius = self.on_screen(self.options.snap)
        return self._wire.snap(point, radius) if self._wire is not None else point

    def _on_start(self, point: Point) -> bool:
        if len(self._points) < 2:
            return False
        return math.dist(self._points[0], point) <= self.on_screen(NEAR)

    def move(self, event: Press) -> None:
        """A drag draws nothing: points are set by clicks."""

    def release(self, event: Press) -> None:
        """See `move`."""

    def double(self, event: Press) -> None:
        self.previews_erasing = event.erase
        self.finish()

    def back(self) -> bool:
        if not self._points:
            return False
        self._points.pop()
        self._root = None
        self.stop()
        self._prepare()
        self._context.redraw()
        return True

    # -- the end ---------------------------------------------------------------------

    def finish(self) -> bool:
        picture, wire = self._context.picture, self._wire
        if not self._points:
            return False
        if picture is None or len(self._points) < 2:
            return True  # there is no inside yet
        legs = [*self._legs(), (self._points[-1], self._points[0])]
        known = dict(self._ways)
        whole = picture.box

        def patches(_: Layers, job: Job) -> Iterator[Patch]:
            ways = [known.get(leg) or _way(wire, leg, job) for leg in legs]
            corners = outline(ways)
            inside = around(corners).clipped(whole)
            yield from pieces(lambda part: polygon(corners, part), inside)

        self.stop()
        self._commit(patches)
        self.previews_erasing = False
        return True

    def _legs(self) -> list[Leg]:
        return list(zip(self._points, self._points[1:], strict=False))

    # -- drawing ---------------------------------------------------------------------

    def live(self) -> Way:
        """Return the line from the last point to the cursor."""
        if not self._points:
            return []
        last, at = self._points[-1], self._at
        if at is None or at == last:
            return [last]
        if self._on_start(at):
            at = self._points[0]
        root = self._root
        if self._straight or root is None or root.point != last:
            return [last, at]
        return root.way(at)

    def draw_marks(self, painter: QPainter, view: Viewport) -> None:
        if not self._points:
            return
        colour = class_colour(self._session)
        ways, live = self.ways, self.live()
        every = in_view(outline([*ways, live]), view)
        _fill(painter, every, colour)
        for way in ways:
            draw_way(painter, in_view(way, view), colour)
        draw_way(painter, in_view(live, view), QColor("white"))
        closing = self._at is not None and self._on_start(self._at)
        for n, point in enumerate(self._points):
            _knot(painter, view.to_view(*point), colour, NEAR - 2 if closing and n == 0 else 3.5)


def _way(wire: Wire | None, leg: Leg, job: Job) -> Way:
    return wire.joined(leg, job) if wire is not None else list(leg)


def _fill(painter: QPainter, area: QPolygonF, colour: QColor) -> None:
    """Show what would be painted, faintly: the outline is not closed yet."""
    tint = QColor(colour)
    tint.setAlphaF(0.28)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawPolygon(area, Qt.FillRule.OddEvenFill)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _knot(painter: QPainter, at: QPointF, colour: QColor, radius: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(CASING, 1.25))
    painter.setBrush(QColor("white") if radius < 4 else colour)
    painter.drawEllipse(at, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
