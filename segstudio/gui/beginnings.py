"""What trainings begin from: random weights, those of the model in use, or shipped ones."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from segstudio.gui.models import Models
from segstudio.gui.session import Session

if TYPE_CHECKING:
    from segstudio.workflows.beginnings import Shipped
    from segstudio.workflows.choice import Choice

RANDOM, IN_USE = "", ":in use"


class Beginnings(QObject):
    """The weights that the next training can begin from, and those that the person ``chose``.

    What was chosen for another network is kept in mind, and not taken.
    """

    changed = Signal()

    def __init__(self, session: Session, models: Models) -> None:
        super().__init__(session)
        self._session, self._models = session, models
        self.chose = RANDOM
        self._shipped: list[Shipped] | None = None

    def read(self) -> None:
        """Look for the models that come with the program, once."""
        if self._shipped is not None:
            return
        from segstudio.workflows.beginnings import shipped

        self._shipped = []
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
        return found | {
            each.name: f"From {each.name}" for each in self._shipped or () if each.suits(choice)
        }

    def taken(self, choice: "Choice") -> str:
        """Return the name of what a training as chosen begins from."""
        return self.chose if self.chose in self.offered(choice) else RANDOM

    def weights(self, choice: "Choice") -> Path | None:
        """Return where the weights lie that a training as chosen begins from; None: random."""
        name = self.taken(choice)
        return self.in_use(choice) if name == IN_USE else self._folder(name)

    def first(self, choice: "Choice") -> Path | None:
        """Return the same for a training that shall forget what the model in use has learned."""
        return self._folder(self.taken(choice))

    def in_use(self, choice: "Choice") -> Path | None:
        """Return where the weights in use lie if they are of the same network."""
        run, project = self._models.current, self._session.project
        row = None if run is None else self._models.row(run.id)
        if run is None or project is None or row is None or not row.has_model:
            return None
        same = run.network == choice.training.network
        same &= run.settings.get("network") == dict(choice.network)
        return project.run_folder(run.id) / "model" if same else None

    def _folder(self, name: str) -> Path | None:
        return next((each.folder for each in self._shipped or () if each.name == name), None)
