"""Clearing pictures and taking them out of the project, as the menu asks for it."""

from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from segstudio.domain.edit import Edit
from segstudio.domain.records import ImageRecord
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.store.project import Project
from segstudio.store.staging import forget

if TYPE_CHECKING:
    from segstudio.gui.dialogs.ask import Asker

Plan = Callable[[Project, list[ImageRecord], Job], Edit]


class Housekeeping(QObject):
    """Asks, plans in a job, and makes one change of it that undo takes back."""

    def __init__(self, session: Session, ask: "Asker") -> None:
        super().__init__(session)
        self._session, self._ask = session, ask

    def clear(self, ids: Iterable[int]) -> Job | None:
        """Drop masks and proposals of pictures, where the person agrees."""
        from segstudio.workflows.clear import plan_clear

        ids = self._known(ids)
        text = "Their masks and proposals go. Undo brings them back."
        title = f"Clear the labels of {self._in_words(ids)}?"
        if not ids or not self._ask.confirm(title, text, "Clear labels", danger=True):
            return None
        return self.begin(f"Clearing {self._in_words(ids)}", ids, plan_clear)

    def remove(self, ids: Iterable[int]) -> Job | None:
        """Take pictures out of the project, where the person agrees."""
        from segstudio.workflows.remove import plan_remove

        ids = self._known(ids)
        text = "The files stay where they are. Undo brings the pictures back with their masks."
        title = f"Remove {self._in_words(ids)} from the project?"
        if not ids or not self._ask.confirm(title, text, "Remove", danger=True):
            return None
        return self.begin(f"Removing {self._in_words(ids)}", ids, plan_remove)

    def set_aside(self) -> Job | None:
        """Set pictures aside for validation and test, as the person wants it."""
        from segstudio.workflows.validation import SplitSettings, plan_split

        ids = self._known(self._session.images)
        text = (
            "Networks do not learn from these pictures: their figures are measured on them. "
            "Undo takes it back."
        )
        if not ids:
            return None
        wanted = self._ask.settings("Set pictures aside", text, SplitSettings(), "Set aside")
        if wanted is None:
            return None
        return self.begin("Setting aside", ids, lambda project, _, job: plan_split(project, wanted))

    def _known(self, ids: Iterable[int]) -> list[int]:
        project = self._session.project
        if project is None or not project.writable:
            return []
        return [id for id in ids if id in self._session.images]

    def _in_words(self, ids: list[int]) -> str:
        return self._session.images[ids[0]].name if len(ids) == 1 else f"{len(ids):,} pictures"

    def begin(self, title: str, ids: list[int], plan: Plan) -> Job | None:
        session, project = self._session, self._session.project
        images = [session.images[id] for id in ids if id in session.images]
        if project is None or not images:
            return None
        if session.draft is not None:
            session.finish_draft("Brush")  # a stroke would outlive what it is painted on
        asked_at = self._moment()

        def work(job: Job) -> Edit:
            if project.writer.stalled is None:
                project.writer.settle()
            return plan(project, images, job)

        def apply(edit: Edit) -> None:
            if session.draft is not None:
                session.finish_draft("Brush")
            if self._touched_since(asked_at, frozenset(ids)):
                if edit.staged is not None:
                    stage = edit.staged.id
                    project.change(lambda connection: forget(connection, stage))
                self.begin(title, ids, plan)
            else:
                session.apply(edit)

        job = session.jobs.start(title, work)
        job.succeeded.connect(apply)
        job.failed.connect(session.say_error)
        return job

    def _moment(self) -> tuple[int, int]:
        """Return where in the line of time the project is."""
        history = self._session.history
        newest = history.entries[-1].id if history.entries else 0
        return newest, history.entries[history.done - 1].id if history.done else 0

    def _touched_since(self, moment: tuple[int, int], ids: frozenset[int]) -> bool:
        """Tell whether pictures were changed while the change of them was planned.

        A stroke of that time would stay in a picture that is to be cleared.
        """
        newest, done = moment
        entries = self._session.history.entries
        fresh = list(takewhile(lambda entry: entry.id > newest, reversed(entries)))
        if self._moment()[1] != (fresh[0].id if fresh else done):
            return True  # somebody went back or forth meanwhile
        return any(entry.images & ids for entry in fresh)
