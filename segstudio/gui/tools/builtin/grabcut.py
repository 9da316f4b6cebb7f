"""GrabCut: an object from a box, refined by strokes."""

from copy import copy
from dataclasses import dataclass, field
from typing import ClassVar

from PySide6.QtGui import QColor, QPainter

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.jobs import Job
from segstudio.gui.tools.context import OpenPicture, ToolContext
from segstudio.gui.tools.cutout import Cutout, Stroke, around, same
from segstudio.gui.tools.marks import class_colour, draw_frame, draw_way, in_view
from segstudio.gui.tools.selecting import SelectingTool
from segstudio.gui.tools.tool import Press, tools
from segstudio.interactive.grabcut import GrabCut
from segstudio.interactive.patch import Patch

AROUND = 0.25
"""What is read around the box, in parts of its longer side."""
MOST = 4_000_000
"""Pixels that are looked at; larger boxes are reduced."""
SMALLEST = 3
"""Side of the smallest box, in pixels of the image."""


@dataclass(frozen=True)
class GrabCutOptions:
    """How strokes are drawn."""

    width: int = field(
        default=8,
        metadata={"label": "Stroke", "range": (1, 60), "help": "width on the screen, in pixels"},
    )


@dataclass(frozen=True, eq=False)
class _Found:
    """An answer, and what the next one can begin with."""

    picture: OpenPicture
    cutout: Cutout
    cut: GrabCut

    @property
    def patches(self) -> list[Patch]:
        return self.cutout.patches(self.cut.region)


@tools.add
class GrabCutTool(SelectingTool):
    """Finds the object inside a box; strokes say what belongs to it and what does not."""

    title: ClassVar[str] = "GrabCut"
    text: ClassVar[str] = "GrabCut"
    icon: ClassVar[str] = "grabcut"
    key: ClassVar[str] = "C"
    hint: ClassVar[str] = (
        "drag a box, then drag over what belongs · right-drag over what does not"
        " · Enter paints · Backspace back · Esc drops"
    )
    order: ClassVar[int] = 90

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self.options: GrabCutOptions = GrabCutOptions()
        self._ends: tuple[Point, Point] | None = None
        self._stroke: Stroke | None = None
        self._box: Box | None = None
        self._strokes: list[Stroke] = []
        self._found: _Found | None = None

    @property
    def begun(self) -> bool:
        return self._box is not None or self._ends is not None

    @property
    def steps(self) -> int:
        """How many strokes refine the box."""
        return len(self._strokes)

    def drop(self) -> None:
        self._box = self._ends = self._stroke = self._found = None
        self._strokes = []

    # -- the mouse -------------------------------------------------------------------

    def press(self, event: Press) -> None:
        if not self.ready:
            return
        if self._box is None:
            self._ends = event.at, event.at
            self.preview = ()
            self.previews_erasing = event.erase
        else:
            width = self.on_screen(self.options.width)
            self._stroke = Stroke((event.at,), width, event.erase)
        self._context.redraw()

    def move(self, event: Press) -> None:
        if self._ends is not None:
            self._ends = self._ends[0], event.at
        elif self._stroke is not None:
            stroke = self._stroke
            self._stroke = Stroke((*stroke.points, event.at), stroke.width, stroke.erase)
        else:
            return
        self._context.redraw()

    def release(self, event: Press) -> None:
        self.move(event)
        ends, self._ends = self._ends, None
        stroke, self._stroke = self._stroke, None
        picture = self._context.picture
        if picture is None:
            return
        if ends is not None:
            box = around(ends).clipped(picture.box)
            if min(box.shape) >= SMALLEST:
                self._box = box
                self._solve(picture)
        elif stroke is not None and stroke.box.clipped(picture.box):
            self._strokes.append(stroke)
            self._solve(picture)
        self._context.redraw()

    def cancel(self) -> None:
        self._ends = self._stroke = None
        self._context.redraw()

    def back(self) -> bool:
        picture = self._context.picture
        if not self._strokes or picture is None:
            return self.forget()
        self._strokes.pop()
        self._solve(picture)
        return True

    # -- the object ------------------------------------------------------------------

    def _solve(self, picture: OpenPicture) -> None:
        box, strokes, held = self._box, tuple(self._strokes), self._found
        assert box is not None
        if held is not None and not same(held.picture, picture):
            held = None
        self.work("GrabCut", lambda job: solved(picture, box, strokes, held, job), self._take)

    def _take(self, found: tuple[_Found, list[Patch]]) -> None:
        self._found, patches = found
        self.show(patches)

    # -- drawing ---------------------------------------------------------------------

    def draw_marks(self, painter: QPainter, view: Viewport) -> None:
        colour = QColor("white") if self.previews_erasing else class_colour(self._session)
        box = around(self._ends) if self._ends is not None else self._box
        if box is not None:
            draw_frame(painter, view.rect(box), colour)
        for stroke in [*self._strokes, *([self._stroke] if self._stroke else [])]:
            ink = QColor("white") if stroke.erase else colour
            draw_way(painter, in_view(stroke.points, view), ink, 3, dashed=stroke.erase)


def solved(
    picture: OpenPicture, box: Box, strokes: tuple[Stroke, ...], held: _Found | None, job: Job
) -> tuple[_Found, list[Patch]]:
    """Return the object in a box, given all strokes; ``held`` is the answer before, if any."""
    wanted = box
    for stroke in strokes:
        if not stroke.erase:
            wanted = wanted.joined(stroke.box)
    needed = wanted.grown(8 + round(AROUND * max(wanted.shape))).clipped(picture.box)
    if held is None or held.cutout.box.joined(needed) != held.cutout.box:
        cutout = Cutout.read(picture, needed, MOST)
        cut = GrabCut(cutout.rgb)
        cut.begin(cutout.reduced(box), job)
    else:
        # A job that was given up may still be at work on the other one.
        cutout, cut = held.cutout, copy(held.cut)
    good = cutout.drawn(stroke for stroke in strokes if not stroke.erase)
    bad = cutout.drawn(stroke for stroke in strokes if stroke.erase)
    cut.refine(good, bad, job)
    found = _Found(picture, cutout, cut)
    return found, found.patches
