"""Select by colour, then paint the selection."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point
from segstudio.domain.task import Task
from segstudio.gui import theme
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools.context import OpenPicture, ToolContext
from segstudio.gui.tools.newest import Newest
from segstudio.gui.tools.sight import joined, local, part_at, picture_of
from segstudio.gui.tools.tool import Press, Tool, tools
from segstudio.interactive.flood import fill_colour
from segstudio.interactive.patch import Patch

Mode = Literal["new", "add", "subtract", "intersect"]
Patches = tuple[Patch, ...]

PULL = 100.0
"""How much a drag over the whole width of the view changes the tolerance."""

LARGEST = 100


@dataclass(frozen=True)
class WandOptions:
    """What a click selects, and what becomes of what is selected already."""

    mode: Mode = "new"
    tolerance: int = field(
        default=12,
        metadata={"range": (0, LARGEST), "help": "how much colours may differ"},
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


@dataclass(frozen=True, eq=False)
class Colours:
    """The colours of a part of the picture, read once for many clicks."""

    picture: OpenPicture
    box: Box
    rgb: NDArray[np.uint8]

    def serves(self, picture: OpenPicture, box: Box) -> bool:
        same = self.picture.picture is picture.picture and self.picture.display == picture.display
        return same and self.box == box


@dataclass(eq=False)
class Pull:
    """A click, while it is held and until its area is found; dragging changes its tolerance."""

    at: Point
    mode: Mode
    picture: OpenPicture
    box: Box
    tolerance: float
    ended: bool = False


@dataclass(frozen=True, eq=False)
class Found:
    """What some clicks, with the tolerances that they had, would leave selected."""

    pulls: list[tuple[Pull, float]]
    colours: Colours | None
    selection: Patches


@tools.add
class Wand(Tool):
    """A click selects what is of similar colour; Enter gives the selection the chosen class."""

    title: ClassVar[str] = "Magic wand"
    icon: ClassVar[str] = "wand"
    key: ClassVar[str] = "W"
    hint: ClassVar[str] = (
        "click selects, dragging changes the tolerance · Shift adds · Alt subtracts"
        " · Shift+Alt intersects · Enter paints · Esc drops"
    )
    sized: ClassVar[bool] = False
    order: ClassVar[int] = 83
    options: WandOptions

    def __init__(self, context: ToolContext) -> None:
        self._context = context
        self.options = WandOptions()
        self.selection: Patches = ()
        """What is selected; the patches do not overlap."""
        self.on_selected: Callable[[], object] = lambda: None
        """Hears of another selection."""
        self._pulls: list[Pull] = []
        self._paint_soon = False
        self._colours: Colours | None = None
        self._newest: Newest[Found] = Newest(context, "Magic wand", self._take)

    def press(self, event: Press) -> None:
        box = part_at(self._context, event.at)
        picture = picture_of(self._context) if box else None
        if picture is not None:
            mode, tolerance = mode_of(event, self.options.mode), self.options.tolerance
            self._pulls.append(Pull(event.at, mode, picture, box, tolerance))
            self._ask()

    def move(self, event: Press) -> None:
        pull = self._held
        if pull is None:
            return
        wide = max(self._context.in_sight().width, 1)
        pulled = self.options.tolerance + PULL * (event.at[0] - pull.at[0]) / wide
        tolerance = round(min(max(pulled, 0.0), LARGEST), 1)
        if tolerance != pull.tolerance:
            pull.tolerance = tolerance
            self._ask()
            self._context.redraw()

    def release(self, event: Press) -> None:
        self.move(event)
        if self._held is not None:
            self._held.ended = True
            self._ask()

    def cancel(self) -> None:
        if self._held is not None:
            self._pulls.pop()
            self._newest.forget()
            self._show(self.selection)
            self._ask()

    def finish(self) -> bool:
        """Paint what is selected, when all of it is found."""
        if not self.selection and not self._pulls:
            return False
        self._paint_soon = True
        self._go_on()
        return True

    def forget(self) -> bool:
        anything = bool(self.selection or self._pulls)
        self.selection, self._pulls, self._colours = (), [], None
        self._paint_soon = False
        self._newest.forget()
        self._show(())
        return anything

    @property
    def _held(self) -> Pull | None:
        """The click whose button is down."""
        return self._pulls[-1] if self._pulls and not self._pulls[-1].ended else None

    # -- selecting -------------------------------------------------------------------

    def _ask(self) -> None:
        """Have found what the clicks select that are not settled yet, one after another."""
        if not self._pulls:
            return
        pulls = [(pull, pull.tolerance) for pull in self._pulls]
        known, options, before = self._colours, self.options, self.selection

        def work(task: Task) -> Found:
            colours, selection = known, before
            for pull, tolerance in pulls:
                if colours is None or not colours.serves(pull.picture, pull.box):
                    colours = Colours(pull.picture, pull.box, pull.picture.rgb(pull.box))
                task.report(0, 1, "Magic wand")
                region = fill_colour(
                    colours.rgb, local(pull.at, pull.box), tolerance, options.gap,
                    options.contiguous, task,
                )  # fmt: skip
                selection = combined(selection, Patch(pull.box, region).tight(), pull.mode)
            return Found(pulls, colours, selection)

        self._newest.ask(work)

    def _take(self, found: Found) -> None:
        if not self._pulls or found.pulls[0][0] is not self._pulls[0]:
            return
        self._colours = found.colours
        self._show(found.selection)
        now = [(pull, pull.tolerance) for pull in self._pulls]
        if found.pulls == now and self._held is None:
            self.selection, self._pulls = found.selection, []
            self._go_on()

    def _go_on(self) -> None:
        """Paint where that is wanted and nothing is missing."""
        if not self._paint_soon or self._pulls:
            return
        self._paint_soon = False
        selection, self.selection = self.selection, ()
        session = self._context.session
        job = self._context.paint("Magic wand", selection, session.view.active_class)
        if job is None:
            self._show(())
        else:
            job.finished.connect(lambda: None if self._pulls else self._show(self.selection))

    def _show(self, patches: Patches) -> None:
        if patches or self.preview:
            self.preview = patches
            self._context.redraw()
            self.on_selected()

    def draw(self, painter: QPainter, view: Viewport) -> None:
        """While the tolerance is pulled, write it beside the place of the click."""
        pull = self._held
        if pull is None or pull.tolerance == self.options.tolerance:
            return
        at = view.to_view(*pull.at) + QPointF(12, -10)
        painter.setFont(theme.figures())
        for colour, offset in ((QColor(0, 0, 0, 200), 1.0), (QColor(255, 255, 255), 0.0)):
            painter.setPen(QPen(colour))
            painter.drawText(at + QPointF(offset, offset), f"± {pull.tolerance:.0f}")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(view.to_view(*pull.at), 3, 3)


def mode_of(event: Press, usual: Mode) -> Mode:
    """Return what a click does to the selection, by the keys that are held with it."""
    if event.shift and event.erase:
        return "intersect"
    if event.shift or event.erase:
        return "add" if event.shift else "subtract"
    return usual


def combined(selection: Sequence[Patch], patch: Patch, mode: Mode) -> Patches:
    """Return a selection after one more patch; its patches do not overlap."""
    if mode == "new":
        found = [patch]
    elif mode == "add":
        found = [*(old.minus(patch) for old in selection), patch]
    elif mode == "subtract":
        found = [old.minus(patch) for old in selection]
    else:
        found = [old.common(patch) for old in selection]
    return joined(patch.tight() for patch in found if patch)
