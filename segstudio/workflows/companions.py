"""The pictures of a project that a method learns from together with the one that is open."""

from collections.abc import Sequence
from contextlib import ExitStack

from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Task
from segstudio.methods.samples import Picture, Samples, Strokes
from segstudio.store.project import Project
from segstudio.workflows.strokes import project_samples, together_samples


class Companions:
    """The other pictures of a project, found once and kept open for one preview after another.

    Used by one thread at a time.
    """

    def __init__(self, project: Project, others: Sequence[ImageRecord], painted: bool) -> None:
        """``painted`` asks for those that hold strokes, and for these; else for all."""
        self._project, self._others, self._painted = project, others, painted
        self._held = ExitStack()
        self._samples: Samples | None = None
        self._all: Samples | None = None

    def samples(self, own: Picture, strokes: Strokes | None, task: Task) -> Samples:
        """Return the open picture and the others; ``strokes`` are those on the open one."""
        others = self._open(task)
        if strokes is not None:
            return Samples([own, *others.pictures], strokes=[strokes, *others.strokes])
        if self._all is None:  # what is counted in all of them is counted once
            self._all = Samples([own, *others.pictures])
        return self._all

    def _open(self, task: Task) -> Samples:
        if self._samples is None:
            gather = project_samples if self._painted else together_samples
            self._samples = self._held.enter_context(gather(self._project, self._others, task))
        return self._samples

    def close(self) -> None:
        """Let go of the pictures."""
        self._samples = self._all = None
        self._held.close()
