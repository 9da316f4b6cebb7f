"""What tools share that build up a selection step by step, to be painted with Enter."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from PySide6.QtGui import QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.jobs import Job
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.tool import Tool
from segstudio.interactive.patch import Patch

R = TypeVar("R")


class SelectingTool(Tool):
    """Keeps a selection, shown as the tool's preview, until it is painted or dropped.

    Work for it runs off the main thread, the newest only; Enter during the work paints what
    comes of it. Where the class is deleted under it the selection is dropped.
    """

    sized: ClassVar[bool] = False
    text: ClassVar[str]
    """What the edit is called."""

    def __init__(self, context: ToolContext) -> None:
        self._context, self._session = context, context.session
        self._job: Job | None = None
        self._painting: Job | None = None
        self._wanted = False
        self._zoom = 1.0
        self._class = self._session.view.active_class
        self._session.view.class_changed.connect(self._follow_class)
        self._session.classes_changed.connect(self._follow_class)

    # -- what a tool says ------------------------------------------------------------

    @property
    @abstractmethod
    def begun(self) -> bool:
        """Whether there is something to finish, to take back and to drop."""

    @abstractmethod
    def drop(self) -> None:
        """Let go of all steps."""

    def draw_marks(self, painter: QPainter, view: Viewport) -> None:
        """Draw the steps over the picture."""

    def value(self) -> int:
        """Return the id to paint."""
        return UNLABELLED if self.previews_erasing else self._session.view.active_class

    # -- work ------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether the picture is there and may be painted on."""
        return self._context.picture is not None and self._session.editable

    @property
    def working(self) -> bool:
        return self._job is not None

    def work(self, title: str, work: Callable[[Job], R], then: Callable[[R], Any]) -> Job:
        """Do something off the main thread, in place of what was begun before."""
        job = self._context.run(title, work, then)
        self._job = job
        job.finished.connect(lambda: self._over(job))
        return job

    def show(self, patches: Sequence[Patch]) -> None:
        """Make patches what would be painted; where Enter was pressed, paint them."""
        self.preview = tuple(patches)
        self._context.redraw()
        if self._wanted:
            self._commit(self.preview)

    def _over(self, job: Job) -> None:
        if self._job is job:
            self._job = None
            self._wanted = False

    def stop(self) -> None:
        """Give up the work that runs."""
        self._wanted = False
        if self._job is not None:
            self._job = None
            self._context.stop()

    # -- the end ---------------------------------------------------------------------

    def finish(self) -> bool:
        if not self.begun:
            return False
        if self.working:
            self._wanted = True
        else:
            self._commit(self.preview)
        return True

    def _commit(self, patches: Sequence[Patch] | Callable[..., Any]) -> None:
        """Paint; what is shown stays until it is done."""
        if not patches or self._session.class_of(self._session.view.active_class) is None:
            self.forget()
            return
        job = self._context.paint(self.text, patches, self.value())
        if job is None:
            return  # not now: the selection stays
        self._painting = job
        job.finished.connect(lambda: self._painted(job))
        self._wanted = False
        self._job = None
        self.drop()
        self._context.redraw()

    def _painted(self, job: Job) -> None:
        if self._painting is job:
            self._painting = None
            if not self.begun:
                self.preview = ()
                self._context.redraw()

    def cancel(self) -> None:
        """Esc in a drag: as if it had not begun."""

    def forget(self) -> bool:
        begun = self.begun
        self.stop()
        self.drop()
        self.preview = ()
        if begun:
            self._context.redraw()
        return begun

    def _follow_class(self, *_: object) -> None:
        if self._session.class_of(self._class) is None and self.begun:
            self.forget()
        self._class = self._session.view.active_class

    def draw(self, painter: QPainter, view: Viewport) -> None:
        self._zoom = view.zoom
        self.draw_marks(painter, view)

    def on_screen(self, pixels: float) -> float:
        """Return how many pixels of the image so many of the screen are."""
        return pixels / self._zoom
