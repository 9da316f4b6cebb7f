"""What tools share that draw a shape first and paint it when it is complete."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from PySide6.QtGui import QColor, QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.stroke import Point
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.jobs import Job
from segstudio.gui.tools.allowed import may_paint
from segstudio.gui.tools.constraints import mirrored, squared
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.outline import Outline
from segstudio.gui.tools.tool import Press, Tool
from segstudio.interactive.patch import Patch


class ShapingTool(Tool):
    """Shows a shape in the colour of the class, white where it erases, and paints it.

    It stays in sight until it is painted.
    """

    sized: ClassVar[bool] = False

    def __init__(self, context: ToolContext) -> None:
        self._context, self._session = context, context.session
        self._shape: Outline | None = None
        self._painting: list[Outline] = []
        self._sight: Box | None = None
        self._exact: dict[Outline, list[Patch]] = {}

    def show(self, shape: Outline | None, erase: bool = False) -> None:
        """Show a shape as it would be painted; None shows none."""
        self._shape, self.previews_erasing = shape, erase
        self._look()

    def value(self) -> int:
        """Return the id that the shape would give."""
        return UNLABELLED if self.previews_erasing else self._session.view.active_class

    def begin(self, event: Press) -> bool:
        """Begin to draw with a press; false where nothing can be painted."""
        self.previews_erasing = event.erase
        return may_paint(self._session, self.value())

    def commit(self, shape: Outline) -> None:
        """Paint a shape, or erase it, as one edit."""
        erase = self.previews_erasing
        value = self.value()
        image = self._session.image
        self.show(None, erase)
        if image is None or not may_paint(self._session, value):
            return
        whole = image.box

        def patches(layers: Layers, job: Job) -> Iterable[Patch]:
            return shape.patches(whole, job)

        job = self._context.paint("Erase" if erase else self.title, patches, value)
        if job is not None:
            self._painting.append(shape)
            job.finished.connect(lambda: self._painted(shape))
        self._look()

    def _painted(self, shape: Outline) -> None:
        self._painting.remove(shape)
        self._look()

    @property
    def _shown(self) -> list[Outline]:
        """What is begun, over what is being painted."""
        return [*self._painting, *([self._shape] if self._shape is not None else [])]

    def _look(self) -> None:
        """Show the pixels of shapes where they are few."""
        shapes = self._shown
        self._sight = self._context.in_sight() if shapes and self._session.image else None
        if self._sight is not None:
            sight = self._sight
            self._exact = {shape: shape.seen(sight) for shape in shapes}
        else:
            self._exact = {}
        self.preview = [patch for patches in self._exact.values() for patch in patches]
        self._context.redraw()

    def colour(self) -> QColor:
        """Return the colour of what would be painted."""
        label = self._session.class_of(self._session.view.active_class)
        if self.previews_erasing or label is None:
            return QColor("white")
        return QColor(*label.colour)

    def draw(self, painter: QPainter, view: Viewport) -> None:
        if self._exact and self._context.in_sight() != self._sight:
            self._look()  # the view has moved on
        for shape, patches in self._exact.items():
            shape.show(painter, view, self.colour(), filled=not patches)


class DraggedShape(ShapingTool):
    """A shape between the ends of a drag; Shift makes it regular, Ctrl begins at its centre."""

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self._start: Point | None = None

    @abstractmethod
    def shape(self, a: Point, b: Point) -> Outline:
        """Return the shape between two points."""

    def regular(self, start: Point, at: Point) -> Point:
        """Return where a drag with Shift ends."""
        return squared(start, at)

    def press(self, event: Press) -> None:
        if self.begin(event):
            self._start = event.at

    def move(self, event: Press) -> None:
        if self._start is not None:
            self.show(self._between(self._start, event), self.previews_erasing)

    def _between(self, start: Point, event: Press) -> Outline:
        end = self.regular(start, event.at) if event.shift else event.at
        return self.shape(mirrored(start, end) if event.control else start, end)

    def release(self, event: Press) -> None:
        start, self._start = self._start, None
        if start is None:
            return
        if event.at == start:
            self.show(None)
        else:
            self.commit(self._between(start, event))

    def cancel(self) -> None:
        self._start = None
        self.show(None)

    def forget(self) -> bool:
        begun = self._start is not None
        self.cancel()
        return begun
