"""Putting what a segmenter or a model says into a project."""

from collections.abc import Collection

from segstudio.domain import states
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.layers import Layers, replaced, taken
from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Task
from segstudio.domain.tiles import Key, Layer, Packed
from segstudio.store.project import Project


class Proposing:
    """The changes that come together while one picture after the other gets its proposal.

    With ``accept`` the proposals go on into the masks at once, by the rules of accepting:
    what a person has painted stays, and so do locked classes.
    """

    def __init__(self, project: Project, accept: bool = False) -> None:
        self._project, self._accept = project, accept
        self._locked: Collection[int] = [c.id for c in project.classes() if c.locked]
        self._tiles: list[TileChange] = []
        self._rows: list[RowChange] = []

    def take(self, image: ImageRecord, tiles: dict[Key, Packed], task: Task) -> None:
        """Add the proposal of one picture; it takes the place of a former one."""
        layers = self._project.layers(image)
        if self._accept:
            self._take_accepted(image, layers, tiles, task)
        else:
            self._tiles += replaced(image.id, Layer.PROPOSAL, layers.proposal, tiles)
            self._set(states.changed(image, states.after_proposing(image)))

    def _take_accepted(
        self, image: ImageRecord, layers: Layers, tiles: dict[Key, Packed], task: Task
    ) -> None:
        changes = taken(image.id, layers, tiles, self._locked, task)
        for change in changes:
            if change.after is not None:
                change.after.release()
        self._tiles += changes
        if any(change.layer == Layer.MASK for change in changes):
            self._set(states.changed(image, states.after_painting(image)))

    def _set(self, row: RowChange | None) -> None:
        if row is not None:
            self._rows.append(row)

    def edit(self, text: str) -> Edit:
        """Return all of it as one edit."""
        return Edit(text, tuple(self._tiles), tuple(self._rows))
