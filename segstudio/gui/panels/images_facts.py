"""What the database knows of pictures, read off the main thread and kept up to date."""

from bisect import bisect_left

from PySide6.QtCore import QObject, Signal

from segstudio.errors import UserError
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.store.facts_of_images import ImageFacts, facts_of_images
from segstudio.store.project import Project

STRATEGY = "mean_entropy"
"""Whose scores say how unsure the model in use is of a picture."""

LANE = "facts"


class KnownFacts(QObject):
    """The facts of all pictures, once somebody has said that they are needed.

    From then on those of the pictures that an edit has touched are read again when it is
    saved. While one reading is under way any number of changes ask for only one more.
    """

    changed = Signal(object)  # the ids read anew; None: all

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.by_id: dict[int, ImageFacts] = {}
        self._needed = False
        self._job: Job | None = None
        self._everything = False
        self._touched: set[int] = set()
        self._place = 0
        session.project_changed.connect(self._forget)
        session.edit_saved.connect(self._follow)

    @property
    def scored(self) -> bool:
        """Whether a model has a score of any picture."""
        return any(facts.score is not None for facts in self.by_id.values())

    def need(self) -> None:
        """Read them, unless that was asked for already."""
        if not self._needed:
            self._needed = True
            self._place = self._last_done()
            self.reload()

    def reload(self) -> None:
        """Read all again, as when another model is in use."""
        if self._needed:
            self._everything = True
            self._read()

    def _forget(self) -> None:
        self.by_id, self._touched = {}, set()
        self._needed = self._everything = False

    def _last_done(self) -> int:
        history = self._session.history
        return history.entries[history.done - 1].id if history.done else 0

    def _follow(self, id: int) -> None:
        """Read again what was touched between the last place in the line of time and this."""
        if not self._needed:
            return
        entries = self._session.history.entries
        here, self._place = self._place, self._last_done()
        ends = sorted((here, self._place))
        start = bisect_left(entries, ends[0] + 1, key=lambda entry: entry.id)
        stop = bisect_left(entries, ends[1] + 1, key=lambda entry: entry.id)
        own = bisect_left(entries, id, key=lambda entry: entry.id)
        for entry in (*entries[start:stop], *entries[own : own + 1]):
            self._touched |= entry.images
        if self._touched:
            self._read()

    def _read(self) -> None:
        project = self._session.project
        if project is None or self._job is not None:
            return
        ids = None if self._everything else sorted(self._touched)
        self._everything, self._touched = False, set()

        def work(job: Job) -> dict[int, ImageFacts]:
            return facts_of_images(project, _model(project), STRATEGY, ids)

        job = self._session.jobs.start("Looking through the masks", work, LANE)
        self._job = job
        job.succeeded.connect(lambda found: self._take(project, ids, found))
        job.failed.connect(lambda error: self._fail(project, error))
        job.finished.connect(self._finish)

    def _take(self, project: Project, ids: list[int] | None, found: dict[int, ImageFacts]) -> None:
        if project is not self._session.project or not self._needed:
            return
        if ids is None:
            self.by_id = found
        else:
            for id in ids:
                self.by_id.pop(id, None)
            self.by_id |= found
        self.changed.emit(None if ids is None else frozenset(ids))

    def _fail(self, project: Project, error: Exception) -> None:
        if project is self._session.project:  # one that was closed has nothing to tell
            self._session.say_error(error)

    def _finish(self) -> None:
        self._job = None
        if self._needed and (self._everything or self._touched):
            self._read()


def _model(project: Project) -> str:
    """Return what the scores of the model in use are kept under; nothing where there is none."""
    from segstudio.workflows.models import in_use

    try:
        return in_use(project).key
    except UserError:
        return ""
