"""The line of time of the open project: what is done, undone and still being saved."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from segstudio.domain import merging
from segstudio.domain.edit import Edit
from segstudio.domain.history import Entry, History
from segstudio.domain.tiles import Layer
from segstudio.gui.answers import Answers
from segstudio.store.edits import Saved
from segstudio.store.project import Project

if TYPE_CHECKING:
    from segstudio.gui.session import Session

log = logging.getLogger(__name__)


class Ledger(QObject):
    """Applies, undoes and redoes edits: at once on the screen, in the store behind it."""

    history_changed = Signal()
    edit_saved = Signal(int)

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.history = History()
        self.pending: list[Edit] = []
        """Edits that the store has not committed yet."""
        self.unsaved = 0
        self.turning = 0
        """Changes of the open image's mask that wait for the disk."""
        self.proposing = 0
        """The same of its proposal alone."""
        self._waiting: list[Edit] = []
        self._behind: list[frozenset[int]] = []
        self._next_id = 1
        self._answers = Answers(self)

    def begin(self, history: History) -> None:
        """Turn to another project."""
        self.history = history
        self._next_id = history.next_id
        self.pending, self._waiting, self._behind = [], [], []
        self.unsaved = self.turning = self.proposing = 0

    @property
    def next_id(self) -> int:
        """The id that the next edit gets."""
        return self._next_id

    @property
    def free(self) -> bool:
        """Whether one may go back and forth in time at this moment."""
        project = self._session.project
        idle = not self.turning and not self.proposing and self._session.draft is None
        return bool(project and project.writable and idle)

    def behind(self, id: int) -> bool:
        """Whether the disk is about to change an image in a way that it alone knows."""
        return any(id in images for images in self._behind)

    # -- forward ---------------------------------------------------------------------

    def apply(self, edit: Edit, drawn: bool = False) -> int | None:
        """Make an edit; see `Session.apply`."""
        session = self._session
        if not edit or session.project is None:
            return None
        if self._must_wait(edit):
            self._waiting.append(edit)
            return None
        edit = merging.brought_up_to(
            edit, session.images, session.image, session.layers, session.classes
        )
        if not edit:
            return None
        id, self._next_id = self._next_id, self._next_id + 1
        shown = session.shown
        future = session.project.commit(id, edit, shown)
        hold = self._hold(edit, shown) if edit.staged is not None else ""
        session.show_edit(edit, drawn)
        held = edit if edit.staged is None and edit.images <= shown else None
        self.history.push(Entry(id, edit.text, time.time(), edit.images, held))
        self.unsaved += 1
        self.pending.append(edit)
        self._when_done(future, lambda done: self._committed(id, edit, hold, done))
        session.load_again(edit.images)
        self.history_changed.emit()
        return id

    def _must_wait(self, edit: Edit) -> bool:
        """Whether an edit would get in the way of what is about to come from the disk.

        On the screen it would come before that, in the store behind it.
        """
        session = self._session
        if self.turning:
            return True
        if edit.staged is not None:
            return session.draft is not None or bool(self.proposing)
        proposes = (c.layer == Layer.PROPOSAL and c.image in session.shown for c in edit.tiles)
        return bool(self.proposing) and any(proposes)

    def go_on(self) -> None:
        """Make the edits that had to wait, where they need not any more."""
        waiting, self._waiting = self._waiting, []
        for edit in waiting:
            self.apply(edit)

    def _hold(self, edit: Edit, shown: frozenset[int]) -> str:
        """Keep others from changing what an edit is about to bring from the disk."""
        assert edit.staged is not None
        self._behind.append(edit.images)
        if not shown & edit.images:
            return ""
        name = "turning" if shown & edit.staged.painted else "proposing"
        setattr(self, name, getattr(self, name) + 1)
        return name

    def _committed(self, id: int, edit: Edit, hold: str, done: "Future[Saved]") -> None:
        session = self._session
        self.pending = [other for other in self.pending if other is not edit]
        if edit.staged is not None:
            self._behind.remove(edit.images)
        if hold:
            setattr(self, hold, getattr(self, hold) - 1)
        if not self._failed(done):
            saved = done.result()
            if saved.tiles:
                session.show_edit(Edit(edit.text, saved.tiles))
            self.history.saved(id)
            self._forget(saved.oldest)
            self._saved(id)
        if hold:
            self.history_changed.emit()
            self.go_on()

    def _forget(self, oldest: int) -> None:
        """Let go of what is above the disk's budget: here first, so that nobody undoes it.

        What has been undone meanwhile stays.
        """
        entries, undone = self.history.entries, self.history.next_redo
        if undone is not None:
            oldest = min(oldest, undone.id)
        project = self._session.project
        if project is not None and entries and entries[0].id < oldest:
            self.history.forget(oldest)
            project.forget(oldest)
            self.history_changed.emit()

    # -- back and forth --------------------------------------------------------------

    def undo(self) -> None:
        if self.history.next_undo is not None:
            self.go_to(self.history.done - 1)

    def redo(self) -> None:
        if self.history.next_redo is not None:
            self.go_to(self.history.done + 1)

    def go_to(self, done: int) -> None:
        """Go to the point in time at which so many of the known edits are done."""
        history = self.history
        done = max(0, min(done, len(history.entries)))
        if not self.free or done == history.done:
            return
        undo = done < history.done
        steps = abs(history.done - done)
        turned = [history.step_back() if undo else history.step_forward() for _ in range(steps)]
        self._turn(turned, undo)

    def _turn(self, turned: list[Entry], undo: bool) -> None:
        session, entry = self._session, turned[0]
        assert session.project is not None
        shown = session.shown
        future = session.project.turn([each.id for each in turned], undo, shown)
        self.unsaved += 1
        if len(turned) == 1 and entry.edit is not None and entry.images <= shown:
            edit = entry.edit.reversed() if undo else entry.edit
            session.show_edit(edit)
            self.pending.append(edit)
            self._when_done(future, lambda done: self._turned_here(entry.id, edit, done))
        else:
            self.turning += 1
            self._behind.append(_images(turned))
            self._when_done(future, lambda done: self._turned(turned, done))
        session.load_again(_images(turned))
        self.history_changed.emit()

    def _turned_here(self, id: int, edit: Edit, done: "Future[Edit]") -> None:
        self.pending = [other for other in self.pending if other is not edit]
        if not self._failed(done):
            self._saved(id)

    def _turned(self, turned: list[Entry], done: "Future[Edit]") -> None:
        self.turning -= 1
        self._behind.remove(_images(turned))
        if not self._failed(done):
            session = self._session
            session.show_edit(done.result())
            self._saved(turned[-1].id)
            images = turned[-1].images
            if len(images) == 1 and not images <= session.shown:
                session.open_image(next(iter(images)))
        self.history_changed.emit()
        self.go_on()

    # -- saving ----------------------------------------------------------------------

    def _when_done(self, future: "Future[Any]", call: "Callable[[Future[Any]], None]") -> None:
        project = self._session.project
        self._answers.when_done(future, lambda done: self._answer(project, call, done))

    def _answer(
        self, project: Project | None, call: "Callable[[Future[Any]], None]", future: "Future[Any]"
    ) -> None:
        """Hear of a change that is saved; of a project that was closed only what went wrong."""
        error = future.exception()
        if project is self._session.project:
            call(future)
        elif error is not None:
            self._session.say_error(error)

    def _saved(self, id: int) -> None:
        self.unsaved -= 1
        self.edit_saved.emit(id)

    def _failed(self, future: "Future[Any]") -> bool:
        error = future.exception()
        if error is not None:
            self.unsaved -= 1
            self._session.say_error(error)
        return error is not None


def _images(entries: list[Entry]) -> frozenset[int]:
    """Return the images that any of some edits changes."""
    return frozenset().union(*(entry.images for entry in entries))
