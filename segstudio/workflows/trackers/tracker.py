"""The one thing that every tracker can do: take a run over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

from segstudio.registry import Registry

Point = tuple[int, float, dict[str, float]]
"""A step, the seconds since the run began, and the figures of then by name."""


@dataclass(frozen=True)
class Story:
    """A run as it is told to a tracker, in plain values that JSON can hold.

    ``started`` and ``finished`` are seconds since 1970; ``status`` is done, failed or cancelled.
    Names of ``settings``, of figures in the course of the run, and of those at its end
    (``final``) have their group before a slash.
    """

    project: str
    run: int
    status: str
    started: float
    finished: float
    settings: Mapping[str, Any] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    final: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


class Tracker(Protocol):
    """A program that keeps runs of trainings, in a folder of this machine."""

    title: ClassVar[str]
    package: ClassVar[str]
    """What is imported to use it; the extra that installs it is called as the tracker is."""

    def keep(self, story: Story, root: Path) -> str:
        """Take over a run of the project in the folder ``root``; return where it is kept then.

        A run that is kept already is replaced. Raises `UserError` where it may not be kept there.
        """


trackers: Registry[type[Tracker]] = Registry("segstudio.workflows.trackers.builtin", "tracker")
