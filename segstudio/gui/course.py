"""One training from the window: what it does, and how far it is."""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from segstudio.gui.jobs import Job
from segstudio.gui.pausing import Pausable
from segstudio.gui.training_loading import Loading
from segstudio.processors import all_but_one, give_way

if TYPE_CHECKING:
    from segstudio.store.project import Project
    from segstudio.workflows.choice import Choice
    from segstudio.workflows.curves import Curves
    from segstudio.workflows.train import TrainReport

RECENT = 60
"""Steps from which the time that is left is worked out."""


@dataclass
class Course:
    """A training that runs or waits for its turn."""

    choice: "Choice"
    resume: int | None = None
    job: Job | None = None
    gate: Pausable | None = None
    entered: bool = False
    by_itself: bool = False
    curves: "Curves" = field(init=False)
    samples: list[Any] = field(default_factory=list)
    _times: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT), init=False)

    def __post_init__(self) -> None:
        from segstudio.workflows.curves import Curves

        self.curves = Curves(total=self.choice.training.steps)

    def work(self, project: "Project", job: Job) -> "TrainReport":
        """Train, in the job's thread."""
        from segstudio.workflows.train import train

        if project.writer.stalled is None:
            project.writer.settle()
        give_way()  # in the job's own thread, which ends with it: the priority stays with it
        gate = self.gate = Pausable(job)
        with Loading() as loading:

            def note(entry: Mapping[str, Any]) -> None:
                if "loss" in entry:  # the first step is done: it has loaded the last of torch
                    loading.loaded()
                job.note(entry)

            return train(project, self.choice, gate, note, all_but_one(), "auto", self.resume)

    def take(self, entry: Mapping[str, Any]) -> None:
        """Take what the training tells."""
        self.curves.add(entry)
        if "samples" in entry:
            self.samples = list(entry["samples"])
        if "loss" in entry:
            self._times.append(time.monotonic())

    @property
    def paused(self) -> bool:
        return self.gate is not None and self.gate.paused

    def go_on(self) -> None:
        """End a pause, which says nothing of how long steps take."""
        self._times.clear()
        if self.gate is not None:
            self.gate.go_on()

    @property
    def seconds_left(self) -> float | None:
        """How long it will take, from its last steps; None in a pause and before its third step."""
        if self.paused or len(self._times) < 3:
            return None
        each = (self._times[-1] - self._times[0]) / (len(self._times) - 1)
        return each * max(0, self.curves.total - self.curves.steps[-1])
