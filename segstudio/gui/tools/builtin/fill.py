"""Fill what is connected, in the mask or by colour."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from PySide6.QtCore import QTimer

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.stroke import Point
from segstudio.domain.task import Task, track
from segstudio.gui.tools.context import OpenPicture, ToolContext
from segstudio.gui.tools.sight import holds, local, part_at, picture_of, seen
from segstudio.gui.tools.tool import Press, Tool, tools
from segstudio.interactive.blocks import blocks, ids_of, uniform_of
from segstudio.interactive.flood import fill_colour, fill_mask
from segstudio.interactive.patch import Patch, pixel_of

REST = 250
"""Milliseconds that the cursor rests before it is shown what a click would fill."""

Areas = Callable[[Layers, Task], Iterable[Patch]]


@dataclass(frozen=True)
class FillOptions:
    """What a click fills."""

    by: Literal["mask", "colour"] = field(
        default="mask", metadata={"help": "what is of one class, or what is of similar colour"}
    )
    tolerance: int = field(
        default=12,
        metadata={"range": (0, 100), "help": "how much colours may differ"},
    )
    gap: int = field(
        default=0,
        metadata={
            "label": "Close gaps", "range": (0, 64), "rare": True,
            "help": "px; leaks narrower than this",
        },
    )  # fmt: skip
    contiguous: bool = field(
        default=True, metadata={"label": "Connected", "help": "only what hangs together"}
    )


@tools.add
class Fill(Tool):
    """A click fills the area under it; when the cursor rests, the area is shown before."""

    title: ClassVar[str] = "Fill"
    icon: ClassVar[str] = "fill"
    key: ClassVar[str] = "G"
    hint: ClassVar[str] = (
        "click fills · right-click erases the area · by colour in very large pictures: in the view"
    )
    sized: ClassVar[bool] = False
    order: ClassVar[int] = 81
    options: FillOptions

    def __init__(self, context: ToolContext) -> None:
        self._context = context
        self.options = FillOptions()
        self._pressed: Press | None = None
        self._cursor: Press | None = None
        self._rest = QTimer(context)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._look_ahead)
        context.session.layer_changed.connect(self._mask_changed)

    def press(self, event: Press) -> None:
        if self._context.session.image is not None:
            self._rest.stop()
            self._pressed = event

    def move(self, event: Press) -> None:
        """The place of the press counts."""

    def release(self, event: Press) -> None:
        pressed, self._pressed = self._pressed, None
        areas = None if pressed is None else self._areas(pressed.at, picture_of)
        if pressed is not None and areas is not None:
            self._context.stop()
            value = UNLABELLED if pressed.erase else self._context.session.view.active_class
            self._context.paint("Erase area" if pressed.erase else "Fill", areas, value)

    def cancel(self) -> None:
        self._pressed = None

    def forget(self) -> bool:
        self._pressed = self._cursor = None
        self._rest.stop()
        self._show(())
        return False

    def options_changed(self) -> None:
        self.forget()

    # -- looking ahead ---------------------------------------------------------------

    def hover(self, event: Press | None) -> None:
        self._cursor = event
        if event is not None and holds(self.preview, event.at):
            self._turn(event.erase)
            return
        self._rest.stop()
        self._show(())
        if event is not None:
            self._rest.start()

    def _look_ahead(self) -> None:
        context, cursor = self._context, self._cursor
        layers = context.layers
        if cursor is None or layers is None or not context.session.editable:
            return
        areas, sight = self._areas(cursor.at, lambda given: given.picture), context.in_sight()
        if areas is not None:
            context.run("Fill", lambda job: seen(areas(layers, job), sight), self._seen)

    def _seen(self, found: tuple[Patch, ...]) -> None:
        cursor = self._cursor
        if cursor is not None and holds(found, cursor.at):
            self._show(found)
            self._turn(cursor.erase)

    def _show(self, found: tuple[Patch, ...]) -> None:
        if found or self.preview:
            self.preview = found
            self._context.redraw()

    def _turn(self, erasing: bool) -> None:
        if erasing != self.previews_erasing:
            self.previews_erasing = erasing
            self._context.redraw()

    def _mask_changed(self, *_: object) -> None:
        self._show(())

    # -- what is filled --------------------------------------------------------------

    def _areas(
        self, at: Point, picture_of: Callable[[ToolContext], OpenPicture | None]
    ) -> Areas | None:
        """Return what finds the area at a point; None where that cannot be now."""
        options = self.options
        if options.by == "mask":
            return lambda layers, task: in_mask(layers, at, options, task)
        box, picture = part_at(self._context, at), picture_of(self._context)
        if picture is None or not box:
            return None
        return lambda layers, task: [in_colours(picture, box, at, options, task)]


def in_mask(layers: Layers, at: Point, options: FillOptions, task: Task) -> Iterator[Patch]:
    """Yield the area of a mask that has the class at a point."""
    mask = layers.mask
    if options.contiguous:
        yield from fill_mask(mask.read, at, mask.box, options.gap, task, uniform_of(mask))
        return
    place, uniform = pixel_of(at, mask.box), uniform_of(mask)
    if place is None:
        return
    row, column = place
    id = mask.read(Box(row, column, row + 1, column + 1))[0, 0]
    for box in track(task, list(blocks(mask.box)), "Filling"):
        region = ids_of(box, mask.read, uniform) == id
        if region.any():
            yield Patch(box, region)


def in_colours(
    picture: OpenPicture, box: Box, at: Point, options: FillOptions, task: Task
) -> Patch:
    """Return the area in a box of the picture whose colour is like that at a point."""
    rgb = picture.rgb(box)
    task.report(0, 1, "Filling")
    seed = local(at, box)
    return Patch(
        box, fill_colour(rgb, seed, options.tolerance, options.gap, options.contiguous, task)
    )
