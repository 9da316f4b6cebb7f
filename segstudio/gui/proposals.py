"""Accepting and dropping the proposal of the open image."""

from segstudio.domain.layers import accepted, discarded
from segstudio.gui.jobs import Job
from segstudio.gui.settling import Settling


class Proposals(Settling):
    """Moves proposals into masks, worked out off the main thread."""

    def accept(self) -> Job | None:
        """Move the proposal of the open image into its mask; None where there is none."""
        image, locked = self._session.image, self._session.locked
        if image is None or not self._possible:
            return None
        id = image.id
        return self.settle(
            "Accept proposal", id, lambda layers, job: accepted(id, layers, locked, job)
        )

    def discard(self) -> Job | None:
        """Drop the proposal of the open image; None where there is none."""
        image = self._session.image
        if image is None or not self._possible:
            return None
        id = image.id
        return self.settle("Discard proposal", id, lambda layers, job: discarded(id, layers))

    @property
    def _possible(self) -> bool:
        session, layers = self._session, self._session.layers
        settled = session.editable and not session.turning
        return settled and layers is not None and bool(len(layers.proposal))
