"""How much of the open picture, and of all pictures, each class covers: counted in a job."""

import time
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.store.project import Project


@dataclass(frozen=True)
class Shares:
    """The labelled pixels by class, of ``area`` pixels in all."""

    pixels: dict[int, int] = field(default_factory=dict)
    area: int = 0

    def of(self, id: int) -> float | None:
        """Return the part that a class covers, 0…1; None while there is nothing to cover."""
        return self.pixels.get(id, 0) / self.area if self.area else None

    def in_words(self, id: int, what: str) -> str:
        """Return the part exactly, for tool tips."""
        return f"{100 * (self.of(id) or 0):.2f} % of {what}, {self.pixels.get(id, 0):,} px"


NOTHING = Shares()

CHEAP = 0.02
"""Seconds up to which the project is counted after each change, shown or not."""


class ShareCounter(QObject):
    """Keeps the shares of the open picture and of the project; says `counted` with each change.

    While one count is under way any number of changes ask for only one more. The shares of a
    large project take a while: they are counted only while they are ``wanted``, and nothing
    is known of them else.
    """

    counted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.image = NOTHING
        self.project = NOTHING
        self.wanted = False
        self._cheap = True
        self._running = False
        self._again = False
        session.project_changed.connect(self._begin)
        session.image_opened.connect(self.count)
        session.image_closed.connect(self.clear)
        session.edit_saved.connect(self.count)

    def _begin(self) -> None:
        self.project, self._cheap = NOTHING, True
        self.count()

    def want(self, wanted: bool) -> None:
        """Keep the shares of the project whatever they cost, or not."""
        self.wanted = wanted
        if wanted and self.project is NOTHING:
            self.count()

    def clear(self) -> None:
        self.image = NOTHING
        self.counted.emit()

    def count(self) -> None:
        """Count anew what the project has."""
        project, image = self._session.project, self._session.image
        if project is None:
            return
        if self._running:
            self._again = True
            return
        self._running, self._again = True, False
        id, images = image.id if image else None, list(self._session.images.values())

        whole = self.wanted or self._cheap

        def work(job: Job) -> tuple[Shares, Shares, float]:
            here = NOTHING
            if image is not None:
                here = Shares(project.shares(image.id), max(1, image.width * image.height))
            begun = time.perf_counter()
            if not whole:
                return here, NOTHING, 0.0
            area = sum(each.width * each.height for each in images)
            return here, Shares(project.shares(), area), time.perf_counter() - begun

        job = self._session.jobs.start("Counting", work, "quick")
        job.succeeded.connect(lambda found: self._take(project, id, *found))
        job.failed.connect(lambda error: self._fail(project, error))
        job.finished.connect(self._finish)

    def _take(
        self, project: Project, id: int | None, here: Shares, everywhere: Shares, seconds: float
    ) -> None:
        image = self._session.image
        if self._session.project is project:
            self.project = everywhere
            self._cheap = self._cheap and seconds < CHEAP
            if (image.id if image else None) == id:
                self.image = here
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
