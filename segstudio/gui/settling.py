"""Changes of a picture's layers that are worked out off the main thread, then made."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject

from segstudio.domain import states
from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.layers import Layers
from segstudio.domain.records import ImageRecord, State
from segstudio.domain.tiles import Layer
from segstudio.errors import UserError
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session

Plan = Callable[[Layers, Job], Iterable[TileChange]]
After = Callable[[ImageRecord, bool], State]


class Settling(QObject):
    """Plans changes against a snapshot; where the picture has moved on, plans them again."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def settle(self, text: str, id: int, plan: Plan, after: After | None = None) -> Job | None:
        """Work out changes of an image against what it holds, and apply them.

        It is done again from the start where the image has changed meanwhile. ``after`` gives
        its state from the record and whether its mask is changed.
        """
        session, project, image = self._session, self._session.project, self._session.images.get(id)
        if project is None or image is None:
            return None
        here = self._layers(id)
        snapshot = None if here is None else here.copy()

        def work(job: Job) -> list[TileChange]:
            if snapshot is not None:
                return list(plan(snapshot, job))
            if not project.writer.settled():
                raise UserError(
                    f"{text.lower()} has to wait: the project cannot be saved",
                    "make room, or save it elsewhere, then try again",
                )
            return list(plan(project.layers(image), job))

        def apply(changes: list[TileChange]) -> None:
            if self._layers(id) is not here or (here is not None and _stale(changes, here)):
                self.settle(text, id, plan, after)
            else:
                self._apply(text, id, changes, after or self._state)

        job = session.jobs.start(text, work, "quick")
        job.succeeded.connect(apply)
        job.failed.connect(session.say_error)
        return job

    def _layers(self, id: int) -> Layers | None:
        """Return the layers of an image where it is the open one."""
        open_image = self._session.image
        return self._session.layers if open_image is not None and open_image.id == id else None

    def _apply(self, text: str, id: int, changes: list[TileChange], after: After) -> None:
        image = self._session.images.get(id)
        if image is not None and changes:
            painted = any(change.layer == Layer.MASK for change in changes)
            rows = [states.changed(image, after(image, painted))]
            self._session.apply(Edit(text, tuple(changes)).with_rows(rows))

    def _state(self, image: ImageRecord, painted: bool) -> State:
        if painted:
            return states.after_painting(image)
        layers = self._session.layers
        return states.after_discarding(image, layers is None or bool(len(layers.mask)))


def _stale(changes: list[TileChange], layers: Layers) -> bool:
    return any(layers[c.layer].get(c.key) is not c.before for c in changes)
