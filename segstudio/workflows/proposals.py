"""Putting what a segmenter or a model says into a project."""

from collections.abc import Collection

from segstudio.domain import states
from segstudio.domain.layers import replaced, taken
from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Task
from segstudio.domain.tiles import Key, Layer, Packed
from segstudio.store.project import Project
from segstudio.workflows.gathering import Gathering


class Proposing:
    """Gives one picture after the other its proposal, as part of one edit.

    With ``accept`` the proposals go on into the masks at once, by the rules of accepting:
    what a person has painted stays, and so do locked classes.
    """

    def __init__(self, project: Project, gathering: Gathering, accept: bool = False) -> None:
        self._project, self._gathering, self._accept = project, gathering, accept
        self._locked: Collection[int] = [c.id for c in project.classes() if c.locked]

    def take(self, image: ImageRecord, tiles: dict[Key, Packed], task: Task) -> None:
        """Add the proposal of one picture; it takes the place of a former one."""
        layers = self._project.layers(image)
        if self._accept:
            changes = taken(image.id, layers, tiles, self._locked, task)
            painted = any(change.layer == Layer.MASK for change in changes)
            row = states.changed(image, states.after_painting(image)) if painted else None
        else:
            changes = replaced(image.id, Layer.PROPOSAL, layers.proposal, tiles)
            row = states.changed(image, states.after_proposing(image))
        self._gathering.take(changes, row)
