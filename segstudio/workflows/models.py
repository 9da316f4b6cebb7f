"""Finding the model that a text means."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.card import Card
from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.errors import UserError
from segstudio.inference.facts import Facts
from segstudio.inference.foreign import TOLD
from segstudio.inference.model import Model, sidecar_of
from segstudio.learning.bundle import WEIGHTS
from segstudio.resources import models_folder
from segstudio.settings import build
from segstudio.store.files import content_hash, write_atomically
from segstudio.store.project import Project, find, stored_path

IN_USE = "model"
"""The project's fact that holds the run whose model is in use, or the path of a model."""


class NoneKnown(UserError):
    """A model and a project have no class in common."""


@dataclass(frozen=True)
class Found:
    """Where a model lies. ``project`` is the one whose run it is: its class ids are the same."""

    path: Path
    project: Path | None = None

    def open(self, threads: int | None = None) -> Model:
        """Open it; raises `Unsaid` where a file needs to be introduced first, see `introduce`."""
        return Model.open(self.path, threads, None if self.path.is_dir() else kept_card(self.path))

    @property
    def key(self) -> str:
        """What the model's scores are remembered under: its content, not its place."""
        if self.path.is_dir():
            return content_hash(self.path / "model.onnx")
        card = kept_card(self.path)
        # What a person says of a file changes what it answers.
        return content_hash(self.path) + (f"-{content_hash(card)}" if card.is_file() else "")

    def table(self, card: Card, project: Project) -> NDArray[np.uint8]:
        """Return a table from the model's class ids to those of a project; see `class_table`."""
        own = self.project is not None and self.project == project.root
        return class_table(card, project.classes(), own)


def introduce(file: Path, said: Mapping[str, Any]) -> Card:
    """Keep what a person says of an ``.onnx`` file of others; return the card made of it.

    ``said`` are fields of `segstudio.inference.facts.Facts`. The card lies beside the file, or
    in the person's own folder where that may not be written to. Raises `UserError` where the
    file is no network for segmentation, and `Unsaid` where too little is known of it.
    """
    if file.is_dir() or file.suffix.lower() != ".onnx":
        raise UserError(
            f"{file.name} says all there is to say of it",
            "leave out --classes, --scale and the like: they are for .onnx files of others",
        )
    place = kept_card(file)
    card = Model.open(file, 1, place, said).card
    text = json.dumps(card.to_json(), indent=1, ensure_ascii=False).encode()
    if place != sidecar_of(file):
        write_atomically(place, text)
        return card
    try:
        write_atomically(place, text)
    except UserError:
        write_atomically(_own_card(file), text)
    return card


def said_of(file: Path) -> Facts | None:
    """Return what is known of an ``.onnx`` file of others; None for those that have a card."""
    said = Model.open(file, 1, kept_card(file)).card.settings.get(TOLD)
    return None if said is None else build(Facts, said)


def kept_card(file: Path) -> Path:
    """Return where the card of a bare ``.onnx`` file lies or would lie."""
    beside, own = sidecar_of(file), _own_card(file)
    return own if own.is_file() and not beside.is_file() else beside


def _own_card(file: Path) -> Path:
    """Return where a card lies whose model's folder may not be written to."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA")
    folder = Path(home) if home else Path.home() / ".config"
    return folder / "segstudio" / "cards" / f"{content_hash(file)}.card.json"


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


def weights_at(text: str) -> Path:
    """Return where weights to begin from lie: a file of them, or whatever names a bundle.

    Raises `UserError` where there are none.
    """
    path = Path(text)
    if path.is_file() and path.suffix.lower() != ".onnx":
        return path
    found = find_model(text).path
    if not (found / WEIGHTS).is_file():
        raise UserError(
            f"{text} has no weights to begin from",
            "give a .safetensors or .pth file, a bundle's folder, or PROJECT:RUN",
        )
    return found


def in_use(project: Project) -> Found:
    """Return the model in use; raise `UserError` where none was trained or chosen yet."""
    used = project.fact(IN_USE)
    if not used:
        raise UserError(
            f"{project.root.name} has no model yet", "label some pictures and train one"
        )
    path = file_in_use(project)
    if path is None:
        return of_run(project, int(used))
    if not path.exists():
        raise UserError(
            f"the model in use is no longer at {path}", "put it there again, or choose another"
        )
    return Found(path)


def file_in_use(project: Project) -> Path | None:
    """Return where the model in use lies if it is none of the project's runs."""
    used = project.fact(IN_USE)
    return None if not used or used.isdecimal() else project.root / used


def use_file(project: Project, path: Path) -> Found:
    """Make a bundle or an ``.onnx`` file from elsewhere the model in use.

    Raises `UserError` where it cannot be opened, and `NoneKnown` where the project has none of
    its classes.
    """
    found = Found(path)
    found.table(found.open(1).card, project)
    project.set_fact(IN_USE, stored_path(project.root, path)).result()
    return found


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
        raise NoneKnown(
            f"the project has none of the model's classes ({names})",
            "give its classes the same names",
        )
    return table
