"""The queue in the window: its order, the next item, and where the model is unsure."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from segstudio.domain.records import QueueItem, State
from segstudio.gui.jobs import Job
from segstudio.gui.models import Models
from segstudio.gui.session import Session
from segstudio.gui.stage import Stage
from segstudio.workflows.doubt import Doubt, doubt_of

SETTLED = (State.IN_WORK, State.REVIEWED)
"""States of pictures that leave the queue."""


class Queueing(QObject):
    """Keeps the queue of the project, and the uncertainty of the open image."""

    changed = Signal()
    ranked = Signal()
    doubt_ready = Signal()

    def __init__(self, session: Session, models: Models, stage: Stage) -> None:
        super().__init__(session)
        self._session, self._models, self._stage = session, models, stage
        self.strategy = "mean_entropy"
        self.items: list[QueueItem] = []
        """What is left to label, in order."""
        self._all: list[QueueItem] = []
        self._left: dict[int, bool] = {}
        self.doubt: Doubt | None = None
        self._measuring: Job | None = None
        session.project_changed.connect(self._reload)
        session.images_changed.connect(self._follow_images)
        session.image_opened.connect(self._forget_doubt)
        session.image_closed.connect(self._forget_doubt)
        models.changed.connect(self._forget_doubt)
        stage.loader.picture_ready.connect(lambda *_: self._follow())
        session.view.overlay_changed.connect(self._follow)

    # -- the queue -------------------------------------------------------------------

    def _reload(self) -> None:
        project = self._session.project
        self._show([])
        if project is not None:
            job = self._session.jobs.start(
                "Reading the queue", lambda job: project.queue(), "quick"
            )
            job.succeeded.connect(self._show)

    def _show(self, items: Sequence[QueueItem]) -> None:
        images = self._session.images
        self._all = [item for item in items if item.image in images]
        self._left = {item.image: self._is_left(item.image) for item in self._all}
        self._gather()

    def _follow_images(self, ids: list[int]) -> None:
        """Leave out what is labelled now, and bring back what undo has made unlabelled again.

        A picture that has left the project does not come back with it: another one may get
        its number.
        """
        known = [id for id in ids if id in self._left]
        gone = {id for id in known if id not in self._session.images}
        if gone:
            self._all = [item for item in self._all if item.image not in gone]
            for id in gone:
                del self._left[id]
        turned = [id for id in known if id not in gone and self._left[id] != self._is_left(id)]
        for id in turned:
            self._left[id] = not self._left[id]
        if gone or turned:
            self._gather()

    def _is_left(self, id: int) -> bool:
        return self._session.images[id].state not in SETTLED

    def _gather(self) -> None:
        self.items = [item for item in self._all if self._left[item.image]]
        self.changed.emit()

    def rank(self) -> Job | None:
        """Order the pictures that nobody has labelled."""
        from segstudio.workflows.rank import rank
        from segstudio.workflows.strategies.strategy import strategies

        session, project = self._session, self._session.project
        if project is None or not project.writable:
            return None
        strategy = strategies[self.strategy]()
        job = session.jobs.start(
            "Ordering the queue", lambda job: rank(project, job, strategy, threads=1)
        )
        job.succeeded.connect(lambda ranking: self._take(ranking.items))
        job.failed.connect(session.say_error)
        return job

    def _take(self, items: Sequence[QueueItem]) -> None:
        self._show(items)
        self.ranked.emit()

    def next_item(self) -> None:
        """Open the next picture of the queue; after the last the first."""
        if not self.items:
            self._session.said.emit("the queue is empty", "order it first: Queue, then Order")
            return
        here = self._session.image.id if self._session.image else None
        places = [n for n, item in enumerate(self.items) if item.image == here]
        item = self.items[(places[0] + 1) % len(self.items) if places else 0]
        self._session.open_image(item.image)

    # -- uncertainty -----------------------------------------------------------------

    def toggle_uncertainty(self) -> None:
        """Show or hide how unsure the model in use is, or the method that is previewed."""
        view = self._session.view
        known = self._models.current is not None or self._stage.canvas.preview.doubtful
        if not view.uncertainty and not known:
            self._session.said.emit("there is no model yet", "train one first")
            return
        view.set_overlay(uncertainty=not view.uncertainty)

    def jump(self) -> None:
        """Go to the region of the open image of which the model, or the preview, is least sure."""
        seen = self._stage.canvas.preview.widest_doubt
        if seen is not None:
            stride = max(1, seen.box.width // max(seen.doubt.shape[1], 1))
            self._stage.show_box(Doubt(seen.box, seen.doubt, stride).worst_region())
        elif self.doubt is not None:
            self._stage.show_box(self.doubt.worst_region())
        elif self._models.current is None:
            self._session.said.emit("there is no model yet", "train one first")
        else:
            job = self.measure()
            if job is not None:
                job.succeeded.connect(lambda _: self.jump())

    def _forget_doubt(self) -> None:
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
        """Work out the uncertainty of the open image, with the model in use."""
        from segstudio.workflows.models import in_use

        session, picture = self._session, self._stage.loader.picture
        project, image = session.project, session.image
        if self._measuring is not None:
            return self._measuring
        if picture is None or project is None or image is None or self._models.current is None:
            return None

        def work(job: Job) -> Doubt:
            return doubt_of(in_use(project).open(1), picture, job)

        job = session.jobs.start("Looking for doubt", work)
        self._measuring = job
        id = image.id
        job.succeeded.connect(lambda doubt: self._measured(id, doubt))
        job.failed.connect(session.say_error)
        job.finished.connect(lambda: self._over(job))
        return job

    def _measured(self, id: int, doubt: Doubt) -> None:
        if self._session.image is not None and self._session.image.id == id:
            self.doubt = doubt
            self._stage.canvas.heat.show(doubt.box, doubt.entropy)
            self.doubt_ready.emit()

    def _over(self, job: Job) -> None:
        if self._measuring is job:
            self._measuring = None
