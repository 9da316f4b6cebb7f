"""The state that the windows show. QtCore only: it knows no widget."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from segstudio.domain import states
from segstudio.domain.classes import LabelClass
from segstudio.domain.draft import Draft
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.geometry import Box
from segstudio.domain.history import History
from segstudio.domain.layers import Layers
from segstudio.domain.records import ImageRecord
from segstudio.domain.stroke import Region
from segstudio.domain.tiles import Ids, Key, Layer
from segstudio.errors import UserError
from segstudio.gui.image_opening import ImageOpening
from segstudio.gui.jobs import JobRunner
from segstudio.gui.ledger import Ledger
from segstudio.gui.records import Records
from segstudio.gui.view_state import ViewState
from segstudio.store.project import Project
from segstudio.store.reading import Contents


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
        self._records = Records()
        self.image: ImageRecord | None = None
        self.layers: Layers | None = None
        self.draft: Draft | None = None
        self.ledger = Ledger(self)
        self.ledger.history_changed.connect(self.history_changed)
        self.ledger.edit_saved.connect(self.edit_saved)
        self._opener = ImageOpening(self)

    # -- project ---------------------------------------------------------------------

    def open(self, project: Project, contents: Contents | None = None) -> None:
        """Show a project, whose contents were read elsewhere; the one before is closed."""
        self.close()
        contents = contents or project.contents()
        self.project = project
        self._records = Records(contents.images, contents.classes)
        self.ledger.begin(History(contents.entries, contents.done))
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
        self.ledger.begin(History())
        if self.project is not None:
            self.project.close(wait=self.project.writable and not self.project.writer.stalled)
        self.project = None

    def close_image(self) -> None:
        self._opener.stop()
        self.image, self.layers, self.draft = None, None, None
        self.image_closed.emit()

    @property
    def images(self) -> dict[int, ImageRecord]:
        return self._records.images

    @property
    def classes(self) -> list[LabelClass]:
        """All classes, in the order in which they are shown."""
        return self._records.classes

    @property
    def opening(self) -> bool:
        """Whether an image is being opened."""
        return self._opener.busy

    @property
    def history(self) -> History:
        return self.ledger.history

    @property
    def unsaved(self) -> int:
        """How many changes are not on disk yet."""
        return self.ledger.unsaved

    @property
    def turning(self) -> bool:
        """Whether something that the open image waits for comes from the disk."""
        return bool(self.ledger.turning or self.ledger.proposing)

    @property
    def editable(self) -> bool:
        """Whether the open image may be changed at this moment."""
        project = self.project
        return bool(self.layers and project and project.writable and not self.ledger.turning)

    @property
    def shown(self) -> frozenset[int]:
        """The id of the open image, where there is one."""
        return frozenset() if self.image is None else frozenset({self.image.id})

    def class_of(self, id: int) -> LabelClass | None:
        return self._records.class_of(id)

    @property
    def locked(self) -> frozenset[int]:
        return frozenset(label.id for label in self.classes if label.locked)

    # -- the open image --------------------------------------------------------------

    def open_image(self, id: int) -> None:
        """Load the layers of an image, after all that is being saved, and show it."""
        image = self.images.get(id)
        if self.project is None or image is None or self._opener.id == id:
            return
        self._opener.stop()
        if self.image is not None and self.image.id == id:
            return
        if self.draft is not None:
            self.finish_draft("Brush")
        self._opener.start(self.project, image)

    def load_again(self, images: frozenset[int]) -> None:
        """Start afresh where the image that is being opened has just been changed."""
        id = self._opener.id
        if id is not None and id in images:
            self._opener.stop()
            self.open_image(id)

    def show_image(self, id: int, layers: Layers) -> None:
        """Show an image whose layers were read."""
        if id not in self.images:
            return
        for edit in self.ledger.pending:  # what the disk refuses is not in what was read
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
        id = None
        if edit:
            state = states.changed(self.image, states.after_painting(self.image))
            id = self.apply(edit.with_rows([state]), drawn=True)
        self.ledger.go_on()
        return id

    def cancel_draft(self) -> None:
        draft, self.draft = self.draft, None
        if draft is not None:
            self.layer_changed.emit(Layer.MASK, draft.boxes())
            self.ledger.go_on()

    # -- the one door ----------------------------------------------------------------

    def apply(self, edit: Edit, *, drawn: bool = False) -> int | None:
        """Make a change that can be undone; return its id.

        ``drawn`` says that its mask is on the screen already. None where there is nothing to
        do, or where the change has to wait a moment for another one.
        """
        return self.ledger.apply(edit, drawn)

    def undo(self) -> None:
        """Take back the newest change."""
        self.ledger.undo()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self.ledger.redo()

    def go_to(self, done: int) -> None:
        """Go to the point in time at which so many of the edits in `history` are done."""
        self.ledger.go_to(done)

    def show_edit(self, edit: Edit, drawn: bool = False) -> None:
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
        changed = self._records.take(rows)
        if changed.classes:
            self.classes_changed.emit()
        if changed.images:
            wanted = self._leave(changed.gone)
            if self.image is not None:
                self.image = self.images[self.image.id]
            self.images_changed.emit(changed.images)
            if wanted is not None:
                self.open_image(wanted)

    def _leave(self, gone: set[int]) -> int | None:
        """Close what was taken out; return what is to be opened then.

        Another picture may have got the number of one that is gone.
        """
        wanted = self._opener.id
        if self.shown & gone:
            wanted = min(self.shown) if wanted is None else wanted
            self.close_image()
            return wanted
        if wanted in gone:
            self._opener.stop()
            return wanted
        return None

    # -- classes ---------------------------------------------------------------------

    def change_class(self, label: LabelClass) -> None:
        """Add a class, or give the one of the same id other properties."""
        edit = self._records.class_edit(label)
        if edit is not None:
            self.apply(edit)

    def set_image(self, ids: Iterable[int], text: str, **values: Any) -> None:
        """Give images another state or split, as one change."""
        self.apply(self._records.image_edit(ids, text, **values))

    # -- saving ----------------------------------------------------------------------

    def project_moved(self, old: Path) -> None:
        """The project goes on in another folder than the old one."""
        project = self.project
        if project is None:
            return
        self._records.move(old, project.root)
        if self.image is not None:
            self.image = self.images.get(self.image.id)
        self.project_changed.emit()
        self.history_changed.emit()

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
