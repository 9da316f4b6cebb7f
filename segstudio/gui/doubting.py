"""Where the model is unsure of the open picture, in the window: as heat, and to go to."""

from PySide6.QtCore import QObject, Signal

from segstudio.domain.geometry import Box
from segstudio.gui.jobs import Job
from segstudio.gui.models import Models
from segstudio.gui.session import Session
from segstudio.gui.stage import Stage
from segstudio.workflows.doubt import Doubt, Kind, doubt_in


class Doubting(QObject):
    """Measures the doubt of the open picture when it is asked for; ``kind`` says which."""

    changed = Signal()
    doubt_ready = Signal()

    def __init__(self, session: Session, models: Models, stage: Stage) -> None:
        super().__init__(session)
        self._session, self._models, self._stage = session, models, stage
        self.kind = Kind.ENTROPY
        self.doubt: Doubt | None = None
        self._worst = Box(0, 0, 1, 1)
        self._measuring: Job | None = None
        session.image_opened.connect(self._forget)
        session.image_closed.connect(self._forget)
        models.changed.connect(self._forget)
        stage.loader.picture_ready.connect(lambda *_: self._follow())
        session.view.overlay_changed.connect(self._follow)

    def toggle(self) -> None:
        """Show or hide how unsure the model in use is, or the method that is previewed."""
        view = self._session.view
        known = self._models.current is not None or self._stage.canvas.preview.doubtful
        if not view.uncertainty and not known:
            self._session.said.emit("there is no model yet", "train one first")
            return
        view.set_overlay(uncertainty=not view.uncertainty)

    def choose(self, kind: Kind) -> None:
        """Look at another kind of doubt; it is measured where it is in sight."""
        if kind != self.kind:
            self.kind = kind
            self._forget()
            self.changed.emit()

    def choose_next(self) -> None:
        """Turn to the next kind of doubt, and show it."""
        kinds = list(Kind)
        if self._session.view.uncertainty:
            self.choose(kinds[(kinds.index(self.kind) + 1) % len(kinds)])
        else:
            self.toggle()

    def jump(self) -> None:
        """Go to the region of the open image of which the model, or the preview, is least sure."""
        seen = self._stage.canvas.preview.widest_doubt
        if seen is not None:
            stride = max(1, seen.box.width // max(seen.doubt.shape[1], 1))
            self._stage.show_box(Doubt(seen.box, seen.doubt, stride).worst_region())
        elif self.doubt is not None:
            self._stage.show_box(self._worst)
        elif self._models.current is None:
            self._session.said.emit("there is no model yet", "train one first")
        else:
            job = self.measure()
            if job is not None:
                job.succeeded.connect(lambda _: self.jump())

    def _forget(self) -> None:
        self.doubt = None
        if self._measuring is not None:
            self._measuring.cancel()
            self._measuring = None
        self._stage.canvas.heat.clear()
        self._follow()

    def _follow(self) -> None:
        wanted = self._session.view.uncertainty and not self._stage.canvas.preview.doubtful
        if wanted and self.doubt is None:
            self.measure()

    def measure(self) -> Job | None:
        """Work out the doubt of the open image, with the model in use."""
        session, picture = self._session, self._stage.loader.picture
        project, image = session.project, session.image
        if self._measuring is not None:
            return self._measuring
        if picture is None or project is None or image is None or self._models.current is None:
            return None
        id, kind = image.id, self.kind

        def work(job: Job) -> tuple[Doubt, Box]:
            doubt = doubt_in(project, picture, kind, job)
            return doubt, doubt.worst_region()  # millions of pixels: not in the main thread

        job = session.jobs.start("Looking for doubt", work)
        self._measuring = job
        job.succeeded.connect(lambda found: self._measured(id, kind, *found))
        job.failed.connect(lambda error: self._failed(kind, error))
        job.finished.connect(lambda: self._over(job))
        return job

    def _measured(self, id: int, kind: Kind, doubt: Doubt, worst: Box) -> None:
        image = self._session.image
        if image is not None and image.id == id and kind == self.kind:
            self.doubt, self._worst = doubt, worst
            self._stage.canvas.heat.show(doubt.box, doubt.values)
            self.doubt_ready.emit()

    def _failed(self, kind: Kind, error: Exception) -> None:
        self._session.say_error(error)
        if kind == Kind.DISAGREEMENT == self.kind:
            self._measuring = None
            self.choose(Kind.ENTROPY)

    def _over(self, job: Job) -> None:
        if self._measuring is job:
            self._measuring = None
