"""Works out previews one after another: always the newest that is asked for, as soon as it can."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from segstudio.gui.jobs import Job, JobRunner
from segstudio.processors import give_way
from segstudio.workflows.preview import Lesson, Previewer, Sight


@dataclass(frozen=True, eq=False)
class Wish:
    """A preview that is asked for."""

    previewer: Previewer
    lesson: Lesson
    sight: Sight


class Previewing(QObject):
    """At most one preview is under way.

    One that has shown nothing yet goes on until it has, so that a person who paints on and on
    sees how it comes; then the newest takes its place.
    """

    pieced = Signal(object, object)  # Wish and Regions, in the order of `Previewer.pieces`
    refused = Signal(object, object)  # Wish and Exception: nothing comes of it
    settled = Signal()
    """Nothing is under way any more."""

    def __init__(self, jobs: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None
        self._next: Wish | None = None
        self._shown = False

    @property
    def busy(self) -> bool:
        return self._job is not None

    def ask(self, wish: Wish) -> None:
        """Work out a preview, after what is under way at most."""
        if self._job is None:
            self._start(wish)
            return
        self._next = wish
        if self._shown:
            self._job.cancel()

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._next = None
        if self._job is not None:
            self._job.cancel()

    def _start(self, wish: Wish) -> None:
        self._shown = False
        job = self._job = self._jobs.start("Preview", _work(wish), "preview")
        job.noted.connect(lambda found: self._take(wish, found))
        job.failed.connect(lambda error: self._fail(wish, error))
        job.finished.connect(self._go_on)

    def _take(self, wish: Wish, found: object) -> None:
        self._shown = True
        self.pieced.emit(wish, found)
        if self._next is not None and self._job is not None:
            self._job.cancel()

    def _fail(self, wish: Wish, error: Exception) -> None:
        if self._next is None:
            self.refused.emit(wish, error)

    def _go_on(self) -> None:
        self._job = None
        wish, self._next = self._next, None
        if wish is not None:
            self._start(wish)
        else:
            self.settled.emit()


def _work(wish: Wish) -> Callable[[Job], None]:
    def work(job: Job) -> None:
        if wish.lesson.segmenter.seeds != "none":
            give_way()  # what is learned while a person paints must not hold up the brush
        for piece in wish.previewer.pieces(wish.lesson, wish.sight, job):
            job.note(piece)

    return work
