"""Finding the model that a text means."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.card import Card
from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.errors import UserError
from segstudio.inference.model import Model
from segstudio.resources import models_folder
from segstudio.store.files import content_hash
from segstudio.store.project import Project, find

IN_USE = "model"
"""The project's fact that holds the run whose model is in use."""


@dataclass(frozen=True)
class Found:
    """Where a model lies. ``project`` is the one whose run it is: its class ids are the same."""

    path: Path
    project: Path | None = None

    def open(self, threads: int | None = None) -> Model:
        return Model.open(self.path, threads)

    @property
    def key(self) -> str:
        """What the model's scores are remembered under: its content, not its place."""
        return content_hash(self.path / "model.onnx" if self.path.is_dir() else self.path)

    def table(self, card: Card, project: Project) -> NDArray[np.uint8]:
        """Return a table from the model's class ids to those of a project; see `class_table`."""
        own = self.project is not None and self.project == project.root
        return class_table(card, project.classes(), own)


def find_model(text: str) -> Found:
    """Find a model: the folder of a bundle, an ``.onnx`` file, the name of a model that comes
    with the program, ``PROJECT:RUN``, or ``PROJECT:`` for the one in use there.

    Raises `UserError` where there is none.
    """
    path = Path(text)
    if path.is_file() or (path / "model.onnx").is_file():
        return Found(path)
    place, colon, run = text.rpartition(":")
    if colon and (run == "" or run.isdecimal()) and find(Path(place)) is not None:
        project = Project.open(Path(place), write=False)
        try:
            return of_run(project, int(run)) if run else in_use(project)
        finally:
            project.close()
    shipped = models_folder() / text
    if path.name == text and (shipped / "model.onnx").is_file():
        return Found(shipped)
    raise UserError(
        f"there is no model at {text}",
        "give a bundle's folder, an .onnx file, or PROJECT:RUN (PROJECT: is the model in use)",
    )


def in_use(project: Project) -> Found:
    """Return the model in use; raise `UserError` where none was trained yet."""
    run = project.fact(IN_USE)
    if not run:
        raise UserError(
            f"{project.root.name} has no model yet", "label some pictures and train one"
        )
    return of_run(project, int(run))


def of_run(project: Project, run: int) -> Found:
    """Return the model of a run; raise `UserError` where it gave none."""
    folder = project.run_folder(run) / "model"
    if not (folder / "model.onnx").is_file():
        raise UserError(
            f"run {run} of {project.root.name} has no model",
            "segstudio list runs shows those that are done",
        )
    return Found(folder, project.root)


def class_table(card: Card, classes: list[LabelClass], own: bool) -> NDArray[np.uint8]:
    """Return a table of 256 entries from the model's class ids to those of a project.

    A model of the project's own runs keeps its ids, whatever the classes are called by now;
    others go by name. Classes that the project lacks become 255; raises `UserError` where
    it has none of them.
    """
    ids = {label.id for label in classes}
    by_name = {label.name.casefold(): label.id for label in classes}
    table = np.full(256, UNLABELLED, np.uint8)
    for label in card.classes:
        same = label.id if label.id in ids else UNLABELLED
        table[label.id] = same if own else by_name.get(label.name.casefold(), UNLABELLED)
    if (table == UNLABELLED).all():
        names = ", ".join(label.name for label in card.classes)
        raise UserError(
            f"the project has none of the model's classes ({names})",
            "give its classes the same names",
        )
    return table
