"""Making, accepting and dropping the proposal of the open image."""

from segstudio.domain import states
from segstudio.domain.layers import accepted, discarded, replaced, taken
from segstudio.domain.tiles import Key, Layer, Packed
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

    def take(
        self, text: str, id: int, tiles: dict[Key, Packed], locked: frozenset[int]
    ) -> Job | None:
        """Accept at once what was worked out for an image."""
        return self.settle(text, id, lambda layers, job: taken(id, layers, tiles, locked, job))

    def put(
        self, text: str, id: int, tiles: dict[Key, Packed], locked: frozenset[int] = frozenset()
    ) -> Job | None:
        """Put what was worked out for an image into its proposal layer, locked classes or not."""
        return self.settle(
            text, id,
            lambda layers, job: replaced(id, Layer.PROPOSAL, layers.proposal, tiles),
            lambda image, painted: states.after_proposing(image),
        )  # fmt: skip

    @property
    def _possible(self) -> bool:
        session, layers = self._session, self._session.layers
        settled = session.editable and not session.turning
        return settled and layers is not None and bool(len(layers.proposal))
