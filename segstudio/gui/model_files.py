"""Using a model from a file: one's own bundle, or a network of somebody else."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from segstudio.errors import UserError
from segstudio.gui.dialogs.ask import Asker
from segstudio.gui.jobs import Job
from segstudio.gui.models import Models
from segstudio.gui.session import Session

if TYPE_CHECKING:
    from segstudio.inference.facts import Facts
    from segstudio.workflows.models import Found

FILES = "Models (*.onnx);;All files (*)"


class ModelFiles(QObject):
    """Makes a model from elsewhere the one in use; asks once what its file does not say."""

    def __init__(self, session: Session, models: Models, ask: Asker) -> None:
        super().__init__(session)
        self._session, self._models, self._ask = session, models, ask

    def choose(self) -> None:
        """Ask for an ``.onnx`` file and use it."""
        file = self._ask.open_file("Use a model from a file", FILES)
        if file is not None:
            self.use(file)

    def use(self, file: Path, facts: "Facts | None" = None) -> Job | None:
        """Open a model and use it from now on; ``facts`` are what a person says of it."""
        from segstudio.workflows.models import introduce, use_file

        session, project = self._session, self._session.project
        if project is None or not project.writable:
            return None
        # A model.onnx in a bundle's folder has its card beside it.
        path = file.parent if (file.parent / "card.json").is_file() else file

        def work(job: Job) -> "Found":
            if facts is not None:
                introduce(path, asdict(facts))
            return use_file(project, path)

        job = session.jobs.start(f"Opening {file.name}", work, "quick")
        job.succeeded.connect(lambda _: self._used(path))
        # Asked when the job is over: a dialog waits for its answer in a loop of its own.
        job.failed.connect(
            lambda error: job.finished.connect(partial(self._ask_or_say, path, facts, error))
        )
        return job

    def _used(self, path: Path) -> None:
        self._models.reload()
        self._session.said.emit(
            f"{path.name} is the model in use",
            "predict with it; training one puts that in its place",
        )

    def _ask_or_say(self, file: Path, said: "Facts | None", error: Exception) -> None:
        """Ask what lacks, or what was wrong in the last answer; else say why it cannot be used."""
        facts = said or _facts(file, error)
        if facts is None or not isinstance(error, UserError):
            self._session.say_error(error)
            return
        names = ", ".join(label.name for label in self._session.classes)
        text = (
            f"{_sentence(error.message, file)} Say it once: it is kept beside the file."
            f"{_count(error)} Classes that are called as here ({names}) are proposed, others "
            "are left out."
        )
        answer = self._ask.settings("What is this model?", text, facts, "Use it")
        if answer is not None:
            self.use(file, answer)


def _facts(file: Path, error: Exception) -> "Facts | None":
    """Return what is known of a file if a person can say more; None where that is no help."""
    from segstudio.inference.facts import Unsaid
    from segstudio.workflows.models import NoneKnown, said_of

    if isinstance(error, Unsaid):
        return error.facts
    if isinstance(error, NoneKnown) and file.is_file():
        return said_of(file)
    return None


def _sentence(message: str, file: Path) -> str:
    """Return a message as a sentence; names of files stay as they are."""
    return f"{message if message.startswith(file.name) else message[:1].upper() + message[1:]}."


def _count(error: Exception) -> str:
    """Say how many classes to name, where that is known."""
    channels = getattr(error, "channels", None)
    if channels is None:
        return ""
    return (
        " It has one class and a background." if channels == 1 else f" It has {channels} classes."
    )
