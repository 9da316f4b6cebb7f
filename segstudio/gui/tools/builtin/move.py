"""Move, copy and mirror one connected region of the mask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from PySide6.QtGui import QColor, QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.draft import Draft
from segstudio.domain.edit import TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.stroke import Point
from segstudio.domain.task import Task
from segstudio.errors import UserError
from segstudio.gui.canvas.patches import PatchPainter
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.settling import Settling
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.sight import MOST
from segstudio.gui.tools.tool import Press, Tool, tools
from segstudio.interactive.blocks import uniform_of
from segstudio.interactive.flood import fill_mask
from segstudio.interactive.patch import Patch, pixel_of
from segstudio.interactive.region_moves import Mirror, Snippet, lifted, placed


@dataclass(frozen=True)
class MoveOptions:
    """What becomes of the region besides being moved."""

    mirror: Mirror = "none"
    copy: bool = field(default=False, metadata={"help": "leave the region where it was, too"})


@dataclass(frozen=True, eq=False)
class Picked:
    """A region that was picked: its pixels, its class and what it would paint elsewhere."""

    image: int
    class_id: int
    patch: Patch
    snippet: Snippet

    def moved(self, by: tuple[int, int], mirror: Mirror, image: Box) -> Patch:
        """Return where it comes to lie, moved by columns and rows."""
        at = self.snippet.box.left + by[0], self.snippet.box.top + by[1]
        box, _, region = placed(self.snippet, at, mirror, image)
        return Patch(box, region) if box else Patch.empty()


@tools.add
class Move(Tool):
    """A click picks a region, a drag moves it; the release makes that one edit."""

    title: ClassVar[str] = "Move region"
    icon: ClassVar[str] = "move"
    key: ClassVar[str] = "T"
    hint: ClassVar[str] = (
        "drag moves a region · Ctrl or Alt copies it · click picks it: then mirror, Enter or drag"
    )
    sized: ClassVar[bool] = False
    order: ClassVar[int] = 187
    options: MoveOptions

    def __init__(self, context: ToolContext) -> None:
        self._context = context
        self._settling = Settling(context.session)
        self.options = MoveOptions()
        self.picked: Picked | None = None
        """The region that is at hand."""
        self._start: Point | None = None
        self._end: Point | None = None
        self._copying = self._ended = False
        self._painter = PatchPainter()
        self._shown: Patch | None = None
        self._class = UNLABELLED

    # -- the drag --------------------------------------------------------------------

    def press(self, event: Press) -> None:
        session = self._context.session
        image = session.image
        if image is None or pixel_of(event.at, image.box) is None or not session.editable:
            return
        self._start = self._end = event.at
        self._ended = False
        self._copying = event.control or event.erase
        if not self._on_picked(event.at):
            self._pick(event.at)

    def move(self, event: Press) -> None:
        if self._start is not None and not self._ended:
            self._end = event.at
            self._copying = event.control or event.erase
            self._show()

    def release(self, event: Press) -> None:
        if self._start is None:
            return
        self.move(event)
        self._ended = True
        if self.picked is not None:
            self._let_go()

    def cancel(self) -> None:
        if self._start is not None:
            self._context.stop()
            self._start = self._end = None
            self._show()

    def finish(self) -> bool:
        """Mirror or copy what is picked, where it is."""
        if self.picked is None or self._start is not None:
            return False
        self._commit((0, 0), self.options.copy)
        return True

    def forget(self) -> bool:
        anything = self.picked is not None or self._start is not None
        if self._start is not None:
            self._context.stop()
        self.picked = self._start = self._end = None
        self._show()
        return anything

    def options_changed(self) -> None:
        self._show()

    @property
    def offset(self) -> tuple[int, int]:
        """How far the region is dragged, in columns and rows."""
        if self._start is None or self._end is None:
            return 0, 0
        return round(self._end[0] - self._start[0]), round(self._end[1] - self._start[1])

    def _on_picked(self, at: Point) -> bool:
        found = self._where()
        place = None if found is None or not found.box else pixel_of(at, found.box)
        if found is None or place is None:
            return False
        return bool(found.region[place[0] - found.box.top, place[1] - found.box.left])

    def _let_go(self) -> None:
        """The drag is over: make the edit, or keep the region at hand after a mere click."""
        by, copying = self.offset, self._copying or self.options.copy
        self._start = self._end = None
        if by != (0, 0):
            self._commit(by, copying)
        else:
            self._show()

    # -- picking ---------------------------------------------------------------------

    def _pick(self, at: Point) -> None:
        session = self._context.session
        image, layers = session.image, self._context.layers
        self.picked = None
        if image is None or layers is None:
            return
        id = image.id
        self._context.run("Move region", lambda job: pick(id, layers, at, job), self._take)

    def _take(self, found: Picked | None) -> None:
        if self._start is None:
            return
        self.picked = found
        if found is not None:
            self._class = found.class_id
        else:
            self._start = self._end = None
            self._context.session.said.emit("nothing is labelled there", "click on a region")
        if found is not None and self._ended:
            self._let_go()
        self._show()

    # -- the edit --------------------------------------------------------------------

    def _commit(self, by: tuple[int, int], copying: bool) -> None:
        picked, session = self.picked, self._context.session
        image, locked = session.image, session.locked
        mirror = self.options.mirror
        if picked is None or image is None or image.id != picked.image or not session.editable:
            self.forget()
            return
        label = session.class_of(picked.class_id)
        if not copying and picked.class_id in locked:
            name = label.name if label else str(picked.class_id)
            session.said.emit(f"{name} is locked: its regions stay", "unlock it, or copy (Ctrl)")
            self.forget()
            return
        text = "Copy region" if copying else "Move region" if by != (0, 0) else "Mirror region"
        target = picked.moved(by, mirror, image.box)

        def plan(layers: Layers, task: Task) -> Iterable[TileChange]:
            return changes(picked, layers, target, copying, locked)

        job = self._settling.settle(text, image.id, plan)
        if job is not None:
            self._shown = target
            job.finished.connect(self._done)
        self.picked = None

    def _done(self) -> None:
        self._show()

    # -- what is seen ----------------------------------------------------------------

    def _where(self) -> Patch | None:
        image = self._context.session.image
        if self.picked is None or image is None:
            return None
        return self.picked.moved(self.offset, self.options.mirror, image.box)

    def _show(self) -> None:
        before, self._shown = self._shown, self._where()
        if before is not None or self._shown is not None:
            self._context.redraw()

    def draw(self, painter: QPainter, view: Viewport) -> None:
        """Draw the region where it would come to lie; white where it would be gone."""
        picked, shown = self.picked, self._shown
        if picked is not None and not (self._copying or self.options.copy):
            self._painter.draw(painter, view, (picked.patch,), picked.patch.box, QColor("white"))
        if shown is not None and shown.box:
            label = self._context.session.class_of(self._class)
            colour = QColor(*label.colour) if label is not None else QColor("white")
            self._painter.draw(painter, view, (shown,), shown.box, colour)


def pick(image: int, layers: Layers, at: Point, task: Task) -> Picked | None:
    """Return the region at a point; None where nothing is labelled.

    Raises `UserError` for a region too large to be carried about.
    """
    mask = layers.mask
    place = pixel_of(at, mask.box)
    if place is None:
        return None
    row, column = place
    id = int(mask.read(Box(row, column, row + 1, column + 1))[0, 0])
    if id == UNLABELLED:
        return None
    patch = whole(fill_mask(mask.read, at, mask.box, 0, task, uniform_of(mask)))
    ids = np.broadcast_to(np.uint8(id), patch.box.shape)
    return Picked(image, id, patch, lifted(ids, patch.region, patch.box))


def whole(patches: Iterable[Patch]) -> Patch:
    """Return patches as one; raise `UserError` where that would be too large."""
    found: list[Patch] = []
    box: Box | None = None
    for patch in patches:
        found.append(patch.tight())
        box = found[-1].box if box is None else box.joined(found[-1].box)
        if box.area > MOST:
            raise UserError("this region is too large to be moved", "cut it up first, or fill it")
    return _united(found, box)


def _united(patches: Sequence[Patch], box: Box | None) -> Patch:
    if box is None:
        return Patch.empty()
    region = np.zeros(box.shape, bool)
    for patch in patches:
        region[patch.box.within(box)] |= patch.region
    return Patch(box, region)


def changes(
    picked: Picked, layers: Layers, target: Patch, copying: bool, locked: Iterable[int]
) -> Iterable[TileChange]:
    """Return the changes that take a region away where it was and paint it elsewhere.

    Only what still has its class is taken away.
    """
    draft = Draft(picked.image, layers, tuple(locked))
    if not copying:
        patch = picked.patch
        still = layers.mask.read(patch.box) == picked.class_id
        draft.paint(patch.box, patch.region & still, UNLABELLED)
    if target.box:
        draft.paint(target.box, target.region, picked.class_id)
    return draft.finish("").tiles
