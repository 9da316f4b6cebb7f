"""Looking at runs and tidying them up, as their panel asks for it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from segstudio.errors import UserError
from segstudio.gui.comparing import Comparing, Mode
from segstudio.gui.jobs import Job
from segstudio.gui.models import Models
from segstudio.gui.session import Session
from segstudio.gui.sides import MASK, Side
from segstudio.gui.training import Training

if TYPE_CHECKING:
    from segstudio.gui.dialogs.ask import Asker
    from segstudio.workflows.choice import Choice
    from segstudio.workflows.curves import Curves

SETTINGS = "Settings of a training (*.toml)"
WEIGHTS = "Weights (*.safetensors *.pth *.pt)"

MOST = 8
"""Runs whose curves are laid over each other: more colours nobody tells apart."""


class RunKeeping(QObject):
    """Reads curves off the main thread, asks before anything is lost, opens pictures of a run."""

    curves_came = Signal()
    left = Signal()
    """A picture was asked for: it is to be seen instead of the runs."""

    def __init__(
        self, session: Session, models: Models, training: Training, comparing: Comparing,
        ask: "Asker",
    ) -> None:  # fmt: skip
        super().__init__(session)
        self._session, self._models, self._training = session, models, training
        self._comparing, self._ask = comparing, ask
        self.curves: dict[int, Curves] = {}
        self._wanted: tuple[int, int] | None = None
        self._reading: Job | None = None
        session.project_changed.connect(self._forget)
        session.image_opened.connect(self._compare)

    def _forget(self) -> None:
        self.curves, self._wanted = {}, None
        self.curves_came.emit()

    # -- looking ---------------------------------------------------------------------

    def look(self, ids: Sequence[int]) -> Job | None:
        """Read the curves of runs that are not known yet; of those that go on, again."""
        from segstudio.workflows.curves import curves_of
        from segstudio.workflows.runs import RunFolder

        session, project = self._session, self._session.project
        going = {run.id for run in self._models.runs if run.status == "running"}
        wanted = [id for id in ids[:MOST] if id not in self.curves or id in going]
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if project is None or not wanted:
            self.curves_came.emit()
            return None

        def work(job: Job) -> "dict[int, Curves]":
            return {id: curves_of(RunFolder(project.run_folder(id))) for id in wanted}

        job = self._reading = session.jobs.start("Reading curves", work, "quick")
        job.succeeded.connect(self._came)
        job.failed.connect(session.say_error)
        return job

    def _came(self, found: "dict[int, Curves]") -> None:
        self._reading = None
        self.curves |= found
        self.curves_came.emit()

    def outdate(self, id: int) -> None:
        """Read the curves of a run again when they are asked for next."""
        self.curves.pop(id, None)

    def open_image(self, image: int, run: int) -> None:
        """Show where a run's model differs from the mask of a picture."""
        session = self._session
        if image not in session.images:
            session.said.emit("this picture is no longer in the project", "")
            return
        self._wanted = (image, run)
        self.left.emit()
        if session.image is not None and session.image.id == image:
            self._compare()
        else:
            session.open_image(image)

    def _compare(self) -> None:
        wanted, self._wanted = self._wanted, None
        image, comparing = self._session.image, self._comparing
        if wanted is None or image is None or image.id != wanted[0]:
            return
        side = Side("run", wanted[1])
        if side not in comparing.options():
            return
        if not comparing.active:
            comparing.toggle()
        comparing.choose(0, MASK)
        comparing.choose(1, side)
        comparing.set_mode(Mode.DIFFERENCE)

    # -- keeping ---------------------------------------------------------------------

    def delete(self, ids: Sequence[int]) -> Job | None:
        """Delete runs, where the person agrees: nothing brings them back."""
        if not ids:
            return None
        title = f"Delete run {ids[0]}?" if len(ids) == 1 else f"Delete {len(ids)} runs?"
        text = "Settings, curves, notes and models go. This cannot be undone."
        used = self._models.current
        if used is not None and used.id in ids:
            text += f" The model of run {used.id} is in use; another one takes its place."
        if not self._ask.confirm(title, text, "Delete", danger=True):
            return None
        for id in ids:
            self.outdate(id)
        return self._models.remove(ids)

    def save_settings(self, run: int) -> Path | None:
        """Write the settings of a run into a file that the person names."""
        from segstudio.workflows.beginnings import choice_again
        from segstudio.workflows.run_table import find_run

        project = self._session.project
        if project is None:
            return None
        try:
            choice = choice_again(project, find_run(project, run))
        except UserError as error:
            self._session.say_error(error)
            return None
        return self._save(choice, f"{choice.training.network}-run-{run}.toml")

    def save_next(self) -> Path | None:
        """Write the settings of the next training into a file that the person names."""
        try:
            choice = self._training.next()
        except UserError as error:
            self._session.say_error(error)
            return None
        return self._save(choice, f"{choice.training.network}.toml")

    def _save(self, choice: "Choice", name: str) -> Path | None:
        from segstudio.workflows.settings_files import write_settings

        path: Path | None = self._ask.save_file("Save the settings", name, SETTINGS)
        if path is None:
            return None
        path = path if path.suffix else path.with_suffix(".toml")
        return path if self._tried(lambda: write_settings(path, choice)) else None

    def load_settings(self) -> None:
        """Let the next training be as a file says that the person names."""
        from segstudio.workflows.settings_files import read_settings

        path = self._ask.open_file("Load settings", SETTINGS)
        if path is not None:
            self._tried(lambda: self._training.take(read_settings(path)))

    def choose_weights(self) -> None:
        """Let the next trainings begin from a file of weights that the person names."""
        path = self._ask.open_file("Begin from weights", WEIGHTS)
        if path is not None:
            self._training.beginnings.begin_from(path)

    def _tried(self, act: Any) -> bool:
        try:
            act()
        except UserError as error:
            self._session.say_error(error)
            return False
        return True
