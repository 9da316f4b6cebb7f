"""Predicting from the window: proposals of the model in use."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from segstudio.domain.records import ImageRecord, State
from segstudio.gui.batches import Batches
from segstudio.gui.jobs import Job
from segstudio.gui.models import Models
from segstudio.gui.session import Session
from segstudio.store.project import Project

if TYPE_CHECKING:
    from segstudio.workflows.segment import Proposed


class Predicting(Batches):
    """Puts what the model in use says into the proposal layer; one edit a batch."""

    predicted = Signal(int)

    def __init__(self, session: Session, models: Models) -> None:
        super().__init__(session)
        self._models = models
        self.done.connect(self.predicted)

    def this_image(self) -> Job | None:
        """Predict the open image."""
        image = self._session.image
        return None if image is None else self._predict([image], f"Predicting {image.name}")

    def all_images(self) -> Job | None:
        """Predict every image that is not reviewed."""
        images = [i for i in self._session.images.values() if i.state != State.REVIEWED]
        return self._predict(images, f"Predicting {len(images)} pictures")

    def images(self, ids: Iterable[int]) -> Job | None:
        """Predict the images that were chosen, reviewed ones too: only a proposal comes of it."""
        images = [self._session.images[id] for id in ids if id in self._session.images]
        title = images[0].name if len(images) == 1 else f"{len(images)} pictures"
        return self._predict(images, f"Predicting {title}")

    def _predict(self, images: list[ImageRecord], title: str) -> Job | None:
        from segstudio.workflows.items import items_of
        from segstudio.workflows.models import in_use
        from segstudio.workflows.predict import plan_predict

        def plan(project: Project, job: Job) -> "Proposed":
            return plan_predict(project, items_of(project, images), in_use(project), job, threads=1)

        return self.begin(title, "predicting", plan) if images else None
