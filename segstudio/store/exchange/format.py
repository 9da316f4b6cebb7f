"""The one thing that every format can do: take a project's masks out, and read them again."""

from collections.abc import Sequence
from dataclasses import Field, dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol

from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Task
from segstudio.errors import Failure
from segstudio.registry import Registry
from segstudio.store.project import Project


@dataclass
class Exported:
    """What was written; ``changed`` counts objects that differ when the files are read again."""

    images: int = 0
    changed: int = 0
    failed: list[Failure] = field(default_factory=list)
    interrupted: bool = False


class Format(Protocol):
    """A frozen dataclass of settings that writes masks as another program wants them."""

    __dataclass_fields__: ClassVar[dict[str, Field[object]]]

    title: ClassVar[str]

    def export(
        self, project: Project, images: Sequence[ImageRecord], folder: Path, task: Task
    ) -> Exported:
        """Write the masks of pictures into a folder; what cannot be written is left out."""


formats: Registry[type[Format]] = Registry("segstudio.store.exchange.builtin", "format")
