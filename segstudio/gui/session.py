"""The state that the windows show. QtCore only: it knows no widget."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from segstudio.domain import merging, states
from segstudio.domain.classes import LabelClass, check_classes
from segstudio.domain.draft import Draft
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.geometry import Box
from segstudio.domain.history import Entry, History
from segstudio.domain.layers import Layers
from segstudio.domain.records import ImageRecord, class_of, class_row
from segstudio.domain.stroke import Region
from segstudio.domain.tiles import Ids, Key, Layer
from segstudio.errors import UserError
from segstudio.gui.answers import Answers
from segstudio.gui.jobs import Job, JobRunner
from segstudio.gui.view_state import ViewState
from segstudio.store.project import Project, moved_path

log = logging.getLogger(__name__)


class Session(QObject):
    """The open project. Every change to it goes through `apply`."""

    project_changed = Signal()
    image_opened = Signal()
    image_closed = Signal()
    layer_changed = Signal(int, list)  # layer, boxes to redraw
    classes_changed = Signal()
    images_changed = Signal(list)  # ids whose records changed, came or went
    history_changed = Signal()
    edit_saved = Signal(int)
    save_failed = Signal(str, str)
    said = Signal(str, str)  # message and hint, for the person to read

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs = jobs
        self.view = ViewState(self)
        self.project: Project | None = None
        self.classes: list[LabelClass] = []
        self.images: dict[int, ImageRecord] = {}
        self.history = History()
        self.image: ImageRecord | None = None
        self.layers: Layers | None = None
        self.draft: Draft | None = None
        self.unsaved = 0
        self._turning = 0
        self._opening: tuple[int, Job] | None = None
        self._pending: list[Edit] = []
        self._next_id = 1
        self._answers = Answers(self)

    # -- project ---------------------------------------------------------------------

    def open(self, project: Project) -> None:
        """Show a project; the one before is closed."""
        self.close()
        self.project = project
        self.classes = project.classes()
        self.images = {image.id: image for image in project.images()}
        self.history = History(*project.history())
        self._next_id = self.history.next_id
        if project.writable:
            project.writer.on_stall = self._stalled
        # The first is the background by custom: one paints what stands before it.
        self.view.choose_class(next((label.id for label in self.classes[1:2] or self.classes), 0))
        self.project_changed.emit()
        self.history_changed.emit()

    def close(self) -> None:
        """Finish saving and let go of the project; what its jobs still bring is not for others."""
        self.jobs.cancel_all()
        self.close_image()
        self._pending, self.unsaved, self._turning = [], 0, 0
        if self.project is not None:
            self.project.close(wait=self.project.writable and not self.project.writer.stalled)
        self.project = None

    def close_image(self) -> None:
        self._stop_opening()
        self.image, self.layers, self.draft = None, None, None
        self.image_closed.emit()

    @property
    def opening(self) -> bool:
        """Whether an image is being opened."""
        return self._opening is not None

    @property
    def turning(self) -> bool:
        """Whether an undo or redo waits for the disk."""
        return bool(self._turning)

    @property
    def editable(self) -> bool:
        """Whether the open image may be changed at this moment."""
        project = self.project
        return bool(self.layers and project and project.writable and not self._turning)

    def class_of(self, id: int) -> LabelClass | None:
        return next((label for label in self.classes if label.id == id), None)

    @property
    def locked(self) -> frozenset[int]:
        return frozenset(label.id for label in self.classes if label.locked)

    # -- the open image --------------------------------------------------------------

    def open_image(self, id: int) -> None:
        """Load the layers of an image, after all that is being saved, and show it."""
        project, image = self.project, self.images.get(id)
        if project is None or image is None or (self._opening and self._opening[0] == id):
            return
        self._stop_opening()
        if self.image is not None and self.image.id == id:
            return
        if self.draft is not None:
            self.finish_draft("Brush")
        self._load(project, image)

    def _load(self, project: Project, image: ImageRecord) -> None:
        def work(job: Job) -> Layers:
            if project.writable and project.writer.stalled is None:
                project.writer.settle()
            return project.layers(image)

        job = self.jobs.start(f"Opening {image.name}", work, "quick")
        self._opening = image.id, job
        job.succeeded.connect(lambda layers: self._show_image(job, layers))
        job.failed.connect(lambda error: self._not_opened(job, error))

    def _load_again(self, images: frozenset[int]) -> None:
        """Start afresh where the image that is being opened has just been changed."""
        if self._opening is not None and self._opening[0] in images:
            id = self._opening[0]
            self._stop_opening()
            self.open_image(id)

    def _stop_opening(self) -> None:
        if self._opening is not None:
            self._opening[1].cancel()
            self._opening = None

    def _not_opened(self, job: Job, error: Exception) -> None:
        if self._opening is not None and self._opening[1] is job:
            self._opening = None
        self.say_error(error)

    def _show_image(self, job: Job, layers: Layers) -> None:
        if self._opening is None or self._opening[1] is not job:
            return
        id, self._opening = self._opening[0], None
        if id not in self.images:
            return
        for edit in self._pending:  # what the disk refuses is not in what was read
            for change in edit.tiles:
                if change.image == id:
                    layers[change.layer].put(change.key, change.after)
        self.image, self.layers = self.images[id], layers
        self.image_opened.emit()

    def tile(self, layer: Layer, key: Key) -> Ids | None:
        """Return a tile as it is to be seen now, a stroke in progress included."""
        if self.draft is not None:
            working = self.draft.tile(layer, key)
            if working is not None:
                return working
        found = self.layers[layer].get(key) if self.layers else None
        return None if found is None else found.array

    def read(self, layer: Layer, box: Box) -> Ids:
        """Return a copy of the ids in a box of the open image."""
        if self.layers is None:
            raise UserError("no image is open")
        return self.layers[layer].read(box)

    # -- strokes ---------------------------------------------------------------------

    def begin_draft(self) -> bool:
        """Begin a stroke; false where the image cannot be changed now."""
        if not self.editable or self.image is None or self.layers is None:
            return False
        self.draft = Draft(self.image.id, self.layers, self.locked)
        return True

    def paint(self, box: Box, region: Region, value: int) -> None:
        """Paint a piece of the stroke."""
        if self.draft is not None and box:
            self.draft.paint(box, region, value)
            self.layer_changed.emit(Layer.MASK, [box])

    def finish_draft(self, text: str) -> int | None:
        """Make the stroke one undoable edit; return its id, None where it changed nothing."""
        draft, self.draft = self.draft, None
        if draft is None or self.image is None:
            return None
        edit = draft.finish(text)
        if not edit:
            return None
        state = states.changed(self.image, states.after_painting(self.image))
        return self.apply(edit.with_rows([state]), drawn=True)

    def cancel_draft(self) -> None:
        draft, self.draft = self.draft, None
        if draft is not None:
            self.layer_changed.emit(Layer.MASK, draft.boxes())

    # -- the one door ----------------------------------------------------------------

    def apply(self, edit: Edit, *, drawn: bool = False) -> int | None:
        """Make a change that can be undone; return its id, None where there is nothing to do.

        ``drawn`` says that its mask is on the screen already.
        """
        if not edit or self.project is None:
            return None
        edit = merging.brought_up_to(edit, self.images, self.image, self.layers)
        if not edit:
            return None
        future_id, self._next_id = self._next_id, self._next_id + 1
        future = self.project.commit(future_id, edit)
        self._show(edit, drawn)
        held = edit if edit.images <= {self.image.id if self.image else None} else None
        self.history.push(Entry(future_id, edit.text, time.time(), edit.images, held))
        self.unsaved += 1
        self._pending.append(edit)
        self._when_done(future, lambda done: self._committed(future_id, edit, done))
        self._load_again(edit.images)
        self.history_changed.emit()
        return future_id

    def undo(self) -> None:
        """Take back the newest change."""
        if self.editable_history and self.history.next_undo is not None:
            self._turn(self.history.step_back(), undo=True)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        if self.editable_history and self.history.next_redo is not None:
            self._turn(self.history.step_forward(), undo=False)

    @property
    def editable_history(self) -> bool:
        project = self.project
        return bool(project and project.writable and not self._turning and self.draft is None)

    def _turn(self, entry: Entry, undo: bool) -> None:
        assert self.project is not None
        future = self.project.turn(entry.id, undo)
        self.unsaved += 1
        here = not entry.images or (self.image is not None and entry.images == {self.image.id})
        if entry.edit is not None and here:
            edit = entry.edit.reversed() if undo else entry.edit
            self._show(edit)
            self._pending.append(edit)
            self._when_done(future, lambda done: self._committed(entry.id, edit, done))
        else:
            self._turning += 1
            self._when_done(future, lambda done: self._turned(entry, done))
        self._load_again(entry.images)
        self.history_changed.emit()

    def _turned(self, entry: Entry, future: "Future[Edit]") -> None:
        self._turning -= 1
        if not self._failed(future):
            self._show(future.result())
            self._saved(entry.id)
            elsewhere = entry.images - ({self.image.id} if self.image else set())
            if len(entry.images) == 1 and elsewhere:
                self.open_image(next(iter(elsewhere)))
        self.history_changed.emit()

    def _show(self, edit: Edit, drawn: bool = False) -> None:
        """Bring what is in memory up to an edit that the store makes."""
        boxes: dict[int, list[Box]] = {}
        if self.layers is not None and self.image is not None:
            mine = [change for change in edit.tiles if change.image == self.image.id]
            if self.draft is not None:
                self.draft.rebase(mine)
            for change in mine:
                self.layers[change.layer].put(change.key, change.after)
                boxes.setdefault(change.layer, []).append(change.box)
        self._show_rows(edit.rows)
        for layer, changed in boxes.items():
            if not (drawn and layer == Layer.MASK):
                self.layer_changed.emit(layer, changed)

    def _show_rows(self, rows: Sequence[RowChange]) -> None:
        images, classes = [], False
        for row in rows:
            if row.table == "images":
                images.append(row.id)
                if row.after is None:
                    self.images.pop(row.id, None)
                else:
                    known = self.images.get(row.id)
                    self.images[row.id] = merging.record_after(known, row.before, row.after)
            else:
                classes = True
                self.classes = [label for label in self.classes if label.id != row.id]
                if row.after is not None:
                    self.classes.append(class_of(row.after))
        if classes:
            self.classes.sort(key=lambda label: (label.position, label.id))
            self.classes_changed.emit()
        if images:
            if self.image is not None:
                self.image = self.images.get(self.image.id)
            self.images_changed.emit(images)
            if self.layers is not None and self.image is None:
                self.close_image()

    # -- classes ---------------------------------------------------------------------

    def change_class(self, label: LabelClass) -> None:
        """Add a class, or give the one of the same id other properties."""
        old = self.class_of(label.id)
        if old == label:
            return
        check_classes([c for c in self.classes if c.id != label.id] + [label])
        text = f"Change class {label.name}" if old else f"Add class {label.name}"
        before = class_row(old) if old else None
        self.apply(Edit(text, rows=(RowChange("classes", label.id, before, class_row(label)),)))

    def set_image(self, ids: Iterable[int], text: str, **values: Any) -> None:
        """Give images another state or split, as one change."""
        rows = [states.changed(self.images[id], **values) for id in ids if id in self.images]
        self.apply(Edit(text).with_rows(rows))

    # -- saving ----------------------------------------------------------------------

    def _when_done(self, future: "Future[Any]", call: "Callable[[Future[Any]], None]") -> None:
        project = self.project
        self._answers.when_done(future, lambda done: self._answer(project, call, done))

    def _answer(
        self, project: Project | None, call: "Callable[[Future[Any]], None]", future: "Future[Any]"
    ) -> None:
        """Hear of a change that is saved; of a project that was closed only what went wrong."""
        error = future.exception()
        if project is self.project:
            call(future)
        elif error is not None:
            self.say_error(error)

    def _committed(self, id: int, edit: Edit, future: "Future[Any]") -> None:
        self._pending = [other for other in self._pending if other is not edit]
        if self._failed(future):
            return
        oldest = getattr(future.result(), "oldest", 0)
        self.history.trim()
        if oldest and self.history.entries and self.history.entries[0].id < oldest:
            self.history.forget(oldest)
            self.history_changed.emit()
        self._saved(id)

    def _saved(self, id: int) -> None:
        self.unsaved -= 1
        self.edit_saved.emit(id)

    def project_moved(self, old: Path) -> None:
        """The project goes on in another folder than the old one."""
        project = self.project
        if project is None:
            return
        self.images = {
            id: replace(image, path=moved_path(image.path, old, project.root))
            for id, image in self.images.items()
        }
        if self.image is not None:
            self.image = self.images.get(self.image.id)
        self.project_changed.emit()
        self.history_changed.emit()

    def _failed(self, future: "Future[Any]") -> bool:
        error = future.exception()
        if error is not None:
            self.unsaved -= 1
            self.say_error(error)
        return error is not None

    def _stalled(self, error: Exception) -> None:
        """Called in the store's thread."""
        self.save_failed.emit(
            f"the project cannot be saved: {error}",
            "nothing is lost while this window is open; make room, or save it elsewhere",
        )

    def say_error(self, error: BaseException) -> None:
        """Tell the person what went wrong."""
        if isinstance(error, UserError):
            self.said.emit(error.message, error.hint)
        else:
            self.said.emit(f"something went wrong: {error}", "the log has the details")
