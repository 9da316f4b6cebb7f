"""Weights that a training can begin from: those that come with the program, those of a run.

A run writes down what it began from so that another one can: the name of a model that comes with
the program, ``run 3`` of the same project, or a path as pictures have one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from segstudio.domain.card import Card
from segstudio.domain.records import RunRecord
from segstudio.errors import UserError
from segstudio.inference.model import read_card
from segstudio.learning.bundle import CARD, weights_file
from segstudio.resources import models_folder
from segstudio.store.project import Project, stored_path
from segstudio.workflows.choice import Choice
from segstudio.workflows.runs import RunFolder

OF_RUN = "run "


@dataclass(frozen=True)
class Shipped:
    """The folder of a bundle, and what it says of itself."""

    folder: Path
    card: Card

    @property
    def name(self) -> str:
        return self.folder.name

    def suits(self, choice: Choice) -> bool:
        """Tell whether a training begins with a network as this one was."""
        own = self.card.settings.get("network")
        width = own.get("width") if isinstance(own, Mapping) else None
        return self.card.network == choice.training.network and width == choice.network.get("width")


def shipped() -> list[Shipped]:
    """Return the models that come with the program by name; what cannot be read is left out."""
    found = []
    for folder in sorted(models_folder().glob("*")):
        try:
            card = read_card(folder / CARD)
        except (OSError, UserError):
            continue
        if weights_file(folder).is_file():
            found.append(Shipped(folder, card))
    return found


def settings_of_run(project: Project, choice: Choice) -> dict[str, Any]:
    """Return what ``settings.json`` of a run holds, with where its weights are from."""
    return choice.to_json() | {"weights": _written(project, choice.weights)}


def choice_again(project: Project, run: RunRecord) -> Choice:
    """Return the settings of a run for another one, whose model a person asks for.

    It begins from the same weights, wherever the project lies now. They may be gone; older
    versions wrote down how a file is called and not where it lies: those are left out.
    """
    weights = _found(project, run.settings.get("weights") or "")
    return replace(Choice.from_json(run.settings), weights=weights, careful=False)


def _written(project: Project, weights: Path | None) -> str | None:
    if weights is None:
        return None
    place = weights.resolve()
    for run in project.runs():
        if place == RunFolder(project.run_folder(run.id)).model.resolve():
            return f"{OF_RUN}{run.id}"
    if place.parent == models_folder().resolve():
        return place.name
    path = stored_path(project.root, weights)
    return path if "/" in path else f"./{path}"


def _found(project: Project, text: str) -> Path | None:
    number = text.removeprefix(OF_RUN)
    if number != text and number.isdecimal():
        return RunFolder(project.run_folder(int(number))).model
    if "/" in text:
        return project.root / text
    shipped_one = models_folder() / text
    return shipped_one if text and shipped_one.is_dir() else None
