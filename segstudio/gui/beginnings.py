"""What trainings begin from: random weights, those of a model, or those in a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from segstudio.gui.models import Models
from segstudio.gui.session import Session

if TYPE_CHECKING:
    from segstudio.workflows.beginnings import Shipped
    from segstudio.workflows.choice import Choice

RANDOM, IN_USE, FILE, ANOTHER = "", ":in use", ":file", ":another"


class Beginnings(QObject):
    """The weights that the next training can begin from, and those that the person ``chose``.

    What was chosen for another network is kept in mind, and not taken.
    """

    changed = Signal()

    def __init__(self, session: Session, models: Models) -> None:
        super().__init__(session)
        self._session, self._models = session, models
        self.chose = RANDOM
        self.file: Path | None = None
        """The file or bundle that was named last."""
        self._shipped: list[Shipped] = []
        self.was_read = False
        """Whether somebody has looked for models, or is looking."""

    def read(self) -> None:
        """Look for the models that come with the program, once."""
        if self.was_read:
            return
        self.was_read = True
        from segstudio.workflows.beginnings import shipped

        job = self._session.jobs.start("Reading models", lambda job: shipped(), "quick")
        job.succeeded.connect(self._take)

    def _take(self, found: "list[Shipped]") -> None:
        self._shipped = found
        self.changed.emit()

    def offered(self, choice: "Choice") -> dict[str, str]:
        """Return what a training as chosen can begin from: names, and how to call them."""
        found = {RANDOM: "From random weights"}
        if self.in_use(choice) is not None:
            found[IN_USE] = "From the model in use"
        found |= {each.name: f"From {each.name}" for each in self._shipped if each.suits(choice)}
        if self.file is not None:
            found[FILE] = f"From {self._name(self.file)}"
        return found | {ANOTHER: "From a file…"}

    def begin_from(self, weights: Path | None) -> None:
        """Let the next trainings begin from weights that somebody names; None: random ones."""
        names = {each.folder: each.name for each in self._shipped}
        if weights is None:
            self.chose = RANDOM
        elif weights in names:
            self.chose = names[weights]
        else:
            self.chose, self.file = FILE, weights
        self.changed.emit()

    def taken(self, choice: "Choice") -> str:
        """Return the name of what a training as chosen begins from."""
        return self.chose if self.chose in self.offered(choice) else RANDOM

    def weights(self, choice: "Choice") -> Path | None:
        """Return where the weights lie that a training as chosen begins from; None: random."""
        name = self.taken(choice)
        return self.in_use(choice) if name == IN_USE else self._place(name)

    def first(self, choice: "Choice") -> Path | None:
        """Return the same for a training that shall forget what the model in use has learned."""
        return self._place(self.taken(choice))

    def in_use(self, choice: "Choice") -> Path | None:
        """Return where the weights in use lie if they are of the same network."""
        run = self._models.current
        row = None if run is None else self._models.row(run.id)
        if run is None or row is None or not row.has_model:
            return None
        same = run.network == choice.training.network
        same &= run.settings.get("network") == dict(choice.network)
        return self._model_of(run.id) if same else None

    def _place(self, name: str) -> Path | None:
        if name == FILE:
            return self.file
        return next((each.folder for each in self._shipped if each.name == name), None)

    def _name(self, weights: Path) -> str:
        """Return how people call weights: the run that they are of, or their file."""
        for run in self._models.runs:
            if weights == self._model_of(run.id):
                return f"run {run.id}"
        return weights.name

    def _model_of(self, run: int) -> Path | None:
        project = self._session.project
        return None if project is None else project.run_folder(run) / "model"
