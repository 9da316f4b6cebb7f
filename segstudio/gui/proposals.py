"""Accepting and dropping the proposal of the open image."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from segstudio.domain import states
from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.layers import Layers, accepted, discarded
from segstudio.domain.tiles import Layer
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session, replace_rows

Plan = Callable[[Layers, Job], list[TileChange]]


class Proposals(QObject):
    """Moves proposals into masks, worked out off the main thread."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def accept(self) -> Job | None:
        """Move the proposal of the open image into its mask; None where there is none."""
        image, locked = self._session.image, self._session.locked
        if image is None:
            return None
        return self._settle(
            "Accept proposal", lambda layers, job: list(accepted(image.id, layers, locked, job))
        )

    def discard(self) -> Job | None:
        """Drop the proposal of the open image; None where there is none."""
        image = self._session.image
        if image is None:
            return None
        return self._settle(
            "Discard proposal", lambda layers, job: list(discarded(image.id, layers))
        )

    def _settle(self, text: str, plan: Plan) -> Job | None:
        session = self._session
        if not session.editable or session.layers is None or not len(session.layers.proposal):
            return None
        snapshot, image = session.layers.copy(), session.image
        assert image is not None
        job = session.jobs.start(text, lambda job: plan(snapshot, job), "quick")
        job.succeeded.connect(lambda changes: self._apply(text, plan, image.id, changes))
        job.failed.connect(session.say_error)
        return job

    def _apply(self, text: str, plan: Plan, id: int, changes: list[TileChange]) -> None:
        """Apply what was worked out; again from the start where the image has changed since."""
        session = self._session
        if session.image is None or session.layers is None or session.image.id != id:
            return
        if any(session.layers[c.layer].get(c.key) is not c.before for c in changes):
            self._settle(text, plan)
            return
        painted = any(change.layer == Layer.MASK for change in changes)
        state = (
            states.after_painting(session.image)
            if painted
            else states.after_discarding(session.image, bool(len(session.layers.mask)))
        )
        rows = [states.changed(session.image, state)]
        session.apply(replace_rows(Edit(text, tuple(changes)), rows))
