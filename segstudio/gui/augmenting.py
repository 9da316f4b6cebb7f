"""Which random changes the next training makes to its crops, and what they look like."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from segstudio.errors import UserError
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.gui.training import Training
from segstudio.learning.augment import Augmentation, Augmenter, augmenters
from segstudio.learning.settings import TrainSettings

if TYPE_CHECKING:
    from segstudio.workflows.augmented import Augmented, Shown

COUNT = 16
"""Samples that are shown."""

SOON, LATER = 40, 1500
"""Milliseconds until samples are drawn anew: after a switch, and after strokes."""

SHORT = ("rare", "flip", "turn", "zoom", "colour", "noise")
"""Settings of a training that stand for parts of its augmentation."""


class Augmenting(QObject):
    """Switches parts on and off for the next training; draws samples while somebody looks.

    At most one set of samples is drawn at a time; where the settings have moved on meanwhile,
    the next begins at once.
    """

    changed = Signal()
    drawn = Signal()

    def __init__(self, session: Session, training: Training) -> None:
        super().__init__(session)
        self._session, self._training = session, training
        self.samples: list[Shown] = []
        self.problem: UserError | None = None
        """Why there are no samples, where there can be none."""
        self.live = False
        self._turn = 0
        self._former: dict[str, Augmenter] = {}
        self._source: Augmented | None = None
        self._labels = 0
        """Counts how often the labels have changed."""
        self._job: Job | None = None
        self._again = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._draw)
        training.changed.connect(self._follow)
        session.project_changed.connect(self._forget)
        session.classes_changed.connect(self._outdate)
        session.edit_saved.connect(self._outdate)
        self._shown: Augmentation | None = None

    # -- what is asked for -----------------------------------------------------------

    @property
    def settings(self) -> TrainSettings:
        """How the next training goes; the usual way where its settings do not fit."""
        try:
            return self._training.choice().training
        except UserError:
            return TrainSettings()

    @property
    def augmentation(self) -> Augmentation:
        return self.settings.augmentation

    def part(self, name: str) -> Augmenter:
        """Return a part as it is set, also where it is switched off."""
        on = {augmenters.name_of(part): part for part in self.augmentation.parts}
        return on.get(name) or self._former.get(name) or augmenters[name]()

    def switch(self, name: str, on: bool) -> None:
        """Take a part in, as strong as it was before, or leave it out."""
        part, known = self.part(name), self.augmentation
        self._former[name] = part
        self._take(known.having(part) if on else known.without(name))

    def set_values(self, name: str, **values: Any) -> None:
        """Give a part other settings; it is then switched on."""
        self._take(self.augmentation.having(replace(self.part(name), **values)))

    def _take(self, wanted: Augmentation) -> None:
        training = self._training
        values = {n: v for n, v in training.values.items() if n not in (*SHORT, "augment")}
        if wanted != TrainSettings().augmentation:
            values["augment"] = wanted.written()
        training.values = values
        self._follow()

    def _follow(self) -> None:
        if self.live and self.augmentation != self._shown:
            self._shown = self.augmentation
            self.changed.emit()
            self._soon()

    # -- samples ---------------------------------------------------------------------

    def set_live(self, live: bool) -> None:
        """Draw samples from now on, or no more."""
        if live != self.live:
            self.live = live
            self._follow()
            self._soon()

    def draw_others(self) -> None:
        """Draw from other places."""
        self._turn += 1
        self._soon()

    def _soon(self, wait: int = SOON) -> None:
        if self.live:
            self._rest.start(wait)

    def _outdate(self, *_: object) -> None:
        """The labels have changed: read them anew before the next samples."""
        self._labels += 1
        self._source = None
        self._soon(LATER)

    def _forget(self) -> None:
        self._labels += 1
        self._source, self.samples, self.problem = None, [], None
        if self._job is not None:
            self._job.cancel()
        self.drawn.emit()
        self._soon()

    def _draw(self) -> None:
        project, source = self._session.project, self._source
        if project is None or not self.live:
            return
        if self._job is not None:
            self._again = True
            return
        settings, turn, labels = self.settings, self._turn, self._labels

        def work(job: Job) -> "tuple[Augmented, list[Shown]]":
            from segstudio.workflows.augmented import Augmented

            made = source or Augmented(project, job)
            return made, made.draw(settings, COUNT, turn)

        job = self._session.jobs.start("Samples", work, "study")
        self._job = job
        job.succeeded.connect(lambda found: self._take_samples(labels, *found))
        job.failed.connect(self._failed)
        job.finished.connect(self._finished)

    def _take_samples(self, labels: int, source: "Augmented", samples: "list[Shown]") -> None:
        if labels == self._labels:
            self._source = source
        self.samples, self.problem = samples, None
        self.drawn.emit()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            self._session.say_error(error)
            return
        self.samples, self.problem = [], error
        self.drawn.emit()

    def _finished(self) -> None:
        self._job = None
        if self._again:
            self._again = False
            self._draw()
