"""How much of the open picture each class covers, counted off the main thread."""

from PySide6.QtCore import QObject, Signal

from segstudio.gui.session import Session
from segstudio.store.project import Project


class ShareCounter(QObject):
    """Keeps the labelled pixels of the open picture by class; says `counted` with each change.

    While one count is under way any number of changes ask for only one more.
    """

    counted = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.pixels: dict[int, int] = {}
        self.area = 0
        self._running = False
        self._again = False
        session.image_opened.connect(self.count)
        session.image_closed.connect(self.clear)
        session.edit_saved.connect(self.count)

    def share(self, id: int) -> float | None:
        """Return the part of the open picture that a class covers; None while none is open."""
        return self.pixels.get(id, 0) / self.area if self.area else None

    def clear(self) -> None:
        self.pixels, self.area = {}, 0
        self.counted.emit()

    def count(self) -> None:
        """Count anew what the project has of the open picture."""
        project, image = self._session.project, self._session.image
        if project is None or image is None:
            return
        if self._running:
            self._again = True
            return
        self._running, self._again = True, False
        job = self._session.jobs.start("Counting", lambda _: project.shares(image.id), "quick")
        job.succeeded.connect(lambda pixels: self._take(image.id, pixels))
        job.failed.connect(lambda error: self._fail(project, error))
        job.finished.connect(self._finish)

    def _take(self, id: int, pixels: dict[int, int]) -> None:
        image = self._session.image
        if image is not None and image.id == id:
            self.pixels, self.area = pixels, max(1, image.width * image.height)
            self.counted.emit()

    def _fail(self, project: Project, error: Exception) -> None:
        if self._session.project is project:  # one that was closed has nothing to tell
            self._session.say_error(error)

    def _finish(self) -> None:
        self._running = False
        if self._again:
            self.count()


def share_text(share: float | None) -> str:
    """Return a share as a short text in per cent; empty for nothing."""
    if not share:
        return ""
    per_cent = share * 100
    if per_cent < 0.1:
        return "<0.1 %"
    if per_cent < 0.95:
        return f"{per_cent:.1f} %"
    return f"{per_cent:.0f} %" if per_cent < 99.5 or share == 1 else ">99 %"
