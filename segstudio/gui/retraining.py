"""Trainings that begin by themselves, after so many new labels or when the person pauses."""

from collections.abc import Collection

from PySide6.QtCore import QObject, QTimer, Signal

from segstudio.domain.records import ImageRecord, QueueItem, State
from segstudio.gui.jobs import Job
from segstudio.gui.queue_list import key_of
from segstudio.gui.queueing import Queueing
from segstudio.gui.session import Session
from segstudio.gui.training import Training

FACT = "retrain"
"""The project's fact that holds when it trains by itself."""

OFF, PAUSE = "off", "pause"
WHEN = (OFF, "5", "10", "20", "50", PAUSE)

IDLE = 60_000
"""Milliseconds without a change after which the person pauses."""

FULL = 5
"""Every so many trainings by itself one begins with fresh weights: old mistakes are forgotten."""


class Retraining(QObject):
    """Counts pictures newly reviewed and regions newly labelled; ``when`` says what is enough."""

    changed = Signal()

    def __init__(self, session: Session, training: Training, queueing: Queueing) -> None:
        super().__init__(session)
        self._session, self._training = session, training
        self.when = OFF
        self._fresh: set[object] = set()
        self._reviewed: set[int] = set()
        self._rounds = 0
        self._refused: int | None = None
        """How much was labelled when a training could not begin."""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(IDLE)
        self._pause.timeout.connect(self._paused)
        session.project_changed.connect(self._reload)
        session.images_changed.connect(self._follow)
        session.history_changed.connect(self._restart)
        queueing.settled.connect(self._settled)
        training.changed.connect(self._look)
        training.began.connect(self._began)

    @property
    def fresh(self) -> int:
        """How much was labelled since the last training began."""
        return len(self._fresh)

    @property
    def needed(self) -> int | None:
        """After how many of them a training begins; None where they are not counted for it."""
        return int(self.when) if self.when.isdecimal() else None

    # -- counting --------------------------------------------------------------------

    def _reload(self) -> None:
        session, project = self._session, self._session.project
        self.when, self._fresh, self._rounds, self._refused = OFF, set(), 0, None
        self._reviewed = {image.id for image in session.images.values() if _counts(image)}
        self._pause.stop()
        self.changed.emit()
        if project is None:
            return

        def work(job: Job) -> tuple[str, frozenset[int]]:
            from segstudio.workflows.labels import newly_labelled

            return project.fact(FACT), newly_labelled(project)

        job = session.jobs.start("Reading settings", work, "quick")
        job.succeeded.connect(
            lambda found: self._take(*found) if project is session.project else None
        )

    def _take(self, text: str, new: Collection[int] = ()) -> None:
        """Take over when it trains; what was reviewed since the last time counts from then on."""
        self.when = text if text in WHEN else OFF
        self._fresh |= self._reviewed.intersection(new)
        self.changed.emit()

    def choose(self, when: str) -> None:
        """Train by itself at another time from now on; the project remembers it."""
        self.when = when if when in WHEN else OFF
        project = self._session.project
        if project is not None and project.writable:
            project.set_fact(FACT, self.when)
        self._restart()
        self._refused = None
        self._look()
        self.changed.emit()

    def _follow(self, ids: list[int]) -> None:
        """Count pictures that are reviewed now, and no longer those that are not after all."""
        for id in ids:
            image = self._session.images.get(id)
            reviewed = image is not None and _counts(image)
            if reviewed and id not in self._reviewed:
                self._reviewed.add(id)
                self._fresh.add(id)
            elif not reviewed and id in self._reviewed:
                self._reviewed.discard(id)
                self._fresh.discard(id)
        self._look()

    def _settled(self, item: QueueItem, done: bool) -> None:
        """Count regions of the queue; whole pictures, and all of them, when they are reviewed."""
        image = self._session.images.get(item.image)
        if item.box is not None and image is not None and not _counts(image):
            (self._fresh.add if done else self._fresh.discard)(key_of(item))
            self._look()

    # -- training --------------------------------------------------------------------

    def _look(self) -> None:
        """Begin where enough is labelled, and no training runs."""
        needed = self.needed
        if needed is not None and self.fresh >= needed and self.fresh != self._refused:
            self._begin()
        self.changed.emit()

    def _restart(self) -> None:
        if self.when == PAUSE:
            self._pause.start()
        else:
            self._pause.stop()

    def _paused(self) -> None:
        if self.when == PAUSE and self.fresh:
            self._begin()

    def _begin(self) -> Job | None:
        project = self._session.project
        if self._training.running or project is None or not project.writable:
            return None
        self._rounds += 1
        # Settings that do not fit are said once, and again when there is more to learn from.
        self._refused = self.fresh
        job = self._training.start_by_itself(full=self._rounds % FULL == 0)
        if job is not None:
            self._refused = None
        return job

    def _began(self) -> None:
        """A training, whoever asked for it, learns from all that is labelled by now."""
        self._fresh.clear()
        self.changed.emit()


def _counts(image: ImageRecord) -> bool:
    """Tell whether a picture is reviewed, and there to be learned from."""
    from segstudio.workflows.pool import LEARNED

    return image.state == State.REVIEWED and image.split in LEARNED
