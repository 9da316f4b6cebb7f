"""Random strokes and proposals, made in a session and in the model beside it."""

from collections.abc import Callable

import numpy as np
from machine_driver import Pair
from machine_model import (
    MASK,
    NOBODY,
    PROPOSAL,
    SOURCE,
    Snapshot,
)

from segstudio.domain import states
from segstudio.domain.edit import Edit
from segstudio.domain.geometry import Box
from segstudio.domain.layers import replaced, taken
from segstudio.domain.records import State
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import Layer, Source
from segstudio.store.project import Project
from segstudio.workflows.gathering import Gathering, gathering
from segstudio.workflows.proposals import Proposing


class Labelling(Pair):
    """Changes what the layers of pictures hold."""

    # -- strokes ---------------------------------------------------------------------

    def stroke(self) -> None:
        """Paint or erase."""
        if not self.ready():
            return
        image = self.session.image
        assert image is not None
        mask, source = self.array(image.id, MASK), self.array(image.id, SOURCE)
        self._begin()
        value = self.some_value()
        for _ in range(self.rng.randint(1, 3)):
            self._paint(mask, source, self.region(image.box), value)
        self._finish(image.id, mask, source)

    def _begin(self) -> None:
        """Begin a stroke; what is locked then is locked to its end."""
        self._locked = [id for id, row in self.model.now.classes.items() if row["locked"]]
        assert self.session.begin_draft()

    def _paint(self, mask, source, piece: tuple[Box, np.ndarray], value: int) -> None:
        """Paint a piece in the session and in arrays."""
        box, region = piece
        self.session.paint(box, region, value)
        if box:
            where = region & ~np.isin(mask[box.slices], self._locked)
            mask[box.slices][where] = value
            source[box.slices][where] = NOBODY if value == NOBODY else Source.PERSON

    def _finish(self, id: int, mask, source) -> None:
        expected = self._expect_stroke(id, mask, source)
        found = self.session.finish_draft("Brush")
        assert (found is not None) == expected, "a stroke was made of nothing, or nothing of one"

    def _expect_stroke(self, id: int, mask, source, text: str = "Brush") -> bool:
        now = self.model.now
        after = self.after(now, id, mask, source)
        if after == now:
            return False
        state = self._painted(now.images[id]["state"])
        return self.expect(text, after.with_image(id, state=state))

    def interrupted_stroke(self) -> None:
        """Change something while a stroke is being painted; it is finished or cancelled then."""
        if not self.ready():
            return
        self.settle()
        session, image = self.session, self.session.image
        assert image is not None
        id = image.id
        mask, source = self.array(id, MASK), self.array(id, SOURCE)
        old = mask.copy(), source.copy()
        self._begin()
        value = self.some_value()
        self._paint(mask, source, self.region(image.box), value)
        late: Callable[[], object] = bool
        match self.rng.randint(0, 3):
            case 0:
                self.change_class()
            case 1:
                session.undo()
                session.go_to(0)
            case 2:
                new = self._put_mask(id)
                painted = (mask != old[0]) | (source != old[1])
                mask, source = np.where(painted, mask, new[0]), np.where(painted, source, new[1])
            case 3:
                late = self._stage_somewhere()
        self._paint(mask, source, self.region(image.box), value)
        if self.rng.random() < 0.2:
            late()
            session.cancel_draft()
        else:
            expected = self._expect_stroke(id, mask, source)
            late()
            found = session.finish_draft("Brush")
            assert (found is not None) == expected

    def _put_mask(self, id: int) -> tuple[np.ndarray, np.ndarray]:
        """Put a mask into the open picture, as one who was asked before the stroke began."""
        row = self.model.now.images[id]
        mask = self.blobs((row["height"], row["width"]))
        source = np.where(mask == NOBODY, np.uint8(NOBODY), np.uint8(Source.PROPOSAL))
        layers = self.session.layers
        assert layers is not None
        changes = [
            *replaced(id, Layer.MASK, layers.mask, self.tiles(mask)),
            *replaced(id, Layer.SOURCE, layers.source, self.tiles(source)),
        ]
        if changes:
            self.expect("Accept", self.after(self.model.now, id, mask, source))
            assert self.session.apply(Edit("Accept", tuple(changes))) is not None
        return mask, source

    # -- proposals -------------------------------------------------------------------

    def propose(self) -> None:
        """Put a proposal into the open picture in the place of another."""
        if not self.ready():
            return
        self.settle()
        image, now = self.session.image, self.model.now
        assert image is not None
        ids, old = self.blobs(image.box.shape), self.array(image.id, PROPOSAL)
        tiles = self.tiles(ids)
        state = now.images[image.id]["state"]
        state = State.PROPOSED.value if state == State.UNLABELLED else state
        after = self.after(now, image.id, proposal=ids).with_image(image.id, state=state)
        if tiles or old.min() != NOBODY:
            self.expect("Propose", after)
        self.proposals.settle(
            "Propose", image.id,
            lambda layers, job: replaced(image.id, Layer.PROPOSAL, layers.proposal, tiles),
            lambda image, painted: states.after_proposing(image),
        )  # fmt: skip
        self.settle()

    def accept(self) -> None:
        """Accept the proposal of the open picture."""
        if not self.ready():
            return
        self.settle()
        image = self.session.image
        assert image is not None
        ids = self.array(image.id, PROPOSAL)
        if ids.min() == NOBODY:
            assert self.proposals.accept() is None
            return
        self.expect("Accept proposal", self._accepted(self.model.now, image.id, ids))
        assert self.proposals.accept() is not None
        self.settle()

    def accept_at_once(self) -> None:
        """Accept what was never put into the layer."""
        if not self.ready():
            return
        self.settle()
        image, now = self.session.image, self.model.now
        assert image is not None
        ids, locked = self.blobs(image.box.shape), self.session.locked
        tiles, id = self.tiles(ids), image.id
        after = self._accepted(now, id, ids)
        if self._taken(now, id, ids).any() or self.array(id, PROPOSAL).min() != NOBODY:
            self.expect("Accept Otsu", after)
        self.proposals.settle(
            "Accept Otsu", id, lambda layers, job: taken(id, layers, tiles, locked, job)
        )
        self.settle()

    def _accepted(self, now: Snapshot, id: int, ids: np.ndarray, batch: bool = False) -> Snapshot:
        """Return the project with ``ids`` taken into the mask of a picture."""
        mask, source = (self.arrays.get(now.layers[id][layer]) for layer in (MASK, SOURCE))
        where = self._taken(now, id, ids)
        mask[where], source[where] = ids[where], Source.PROPOSAL
        state = now.images[id]["state"]
        if where.any():
            state = self._painted(state)
        elif not batch:
            state = self._without_proposal(id, state, bool(mask.min() != NOBODY))
        empty = np.full(mask.shape, NOBODY, np.uint8)
        return self.after(now, id, mask, source, empty).with_image(id, state=state)

    def _taken(self, now: Snapshot, id: int, ids: np.ndarray) -> np.ndarray:
        """Return where a mask takes over what is proposed."""
        mask, source = (self.arrays.get(now.layers[id][layer]) for layer in (MASK, SOURCE))
        locked = [key for key, row in now.classes.items() if row["locked"]]
        return (ids != NOBODY) & (source != Source.PERSON) & ~np.isin(mask, locked)

    def discard(self) -> None:
        """Drop the proposal of the open picture."""
        if not self.ready():
            return
        self.settle()
        image, now = self.session.image, self.model.now
        assert image is not None
        ids, mask = self.array(image.id, PROPOSAL), self.array(image.id, MASK)
        if ids.min() == NOBODY:
            assert self.proposals.discard() is None
            return
        state = now.images[image.id]["state"]
        state = self._without_proposal(image.id, state, bool(mask.min() != NOBODY))
        after = self.after(now, image.id, proposal=np.full_like(mask, NOBODY))
        self.expect("Discard proposal", after.with_image(image.id, state=state))
        assert self.proposals.discard() is not None
        self.settle()

    def batch(self) -> None:
        """Propose for several pictures, or accept at once, as one change."""
        self.settle()
        project = self.session.project
        assert project is not None
        ids = self.some_images()
        with gathering(project, len(ids)) as gathered:
            edit, after, anything = self._batch(project, gathered, ids)
        self.expect("Predict", after, always=anything)
        self.session.apply(edit)

    def _batch(
        self, project: Project, gathered: Gathering, chosen: list[int]
    ) -> tuple[Edit, Snapshot, bool]:
        """Gather proposals for pictures; return the edit and what it must come to.

        And whether it is made even where that is what is there already.
        """
        after = now = self.model.now
        accept, anything = self.rng.random() < 0.5, False
        work = Proposing(project, gathered, accept)
        for id in chosen:
            row = now.images[id]
            ids = self.blobs((row["height"], row["width"]))
            tiles = self.tiles(ids)
            anything |= self.array(id, PROPOSAL).min() != NOBODY or bool(
                self._taken(now, id, ids).any() if accept else tiles
            )
            work.take(project.image(id), tiles, Quiet())
            if accept:
                after = self._accepted(after, id, ids, batch=True)
            else:
                state = now.images[id]["state"]
                state = State.PROPOSED.value if state == State.UNLABELLED else state
                after = self.after(after, id, proposal=ids).with_image(id, state=state)
        return gathered.edit("Predict"), after, anything
