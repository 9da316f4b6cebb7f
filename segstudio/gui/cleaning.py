"""Cleaning up masks in the window: a preview that follows the settings, then the edit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from PySide6.QtCore import QTimer, Signal

from segstudio.domain.classes import Colour
from segstudio.domain.edit import Edit
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.records import ImageRecord
from segstudio.domain.stroke import Region
from segstudio.domain.task import Task
from segstudio.errors import UserError
from segstudio.gui.dialogs.ask import Asker
from segstudio.gui.housekeeping import Housekeeping
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.gui.tools.builtin.wand import Wand
from segstudio.interactive.cleanup import Cleanup, cleanups
from segstudio.interactive.patch import Patch
from segstudio.store.project import Project

if TYPE_CHECKING:
    from segstudio.gui.canvas.canvas import Canvas

Scope = Literal["image", "selection", "selected", "all"]

SCOPES: dict[Scope, str] = {
    "image": "This picture",
    "selection": "What the wand has selected",
    "selected": "The selected pictures",
    "all": "All pictures",
}

FIRST = "remove_specks"
CHEAP = 16_000_000
"""Pixels up to which a preview is worked out."""

REST = 150
"""Milliseconds after a change until the preview is worked out anew."""

WHITE: Colour = (255, 255, 255)
"""The colour in which pixels are shown that would become unlabelled."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a step would do to what is in sight."""

    patches: Sequence[tuple[int, Patch]]
    """Pixels that change, by the class that they would have."""

    pixels: int


class Cleaning(Housekeeping):
    """Keeps a step, its settings and what it is for; shows and makes what it comes to."""

    step_changed = Signal()
    previewed = Signal()

    def __init__(
        self, session: Session, ask: Asker, canvas: "Canvas", chosen: Callable[[], Sequence[int]]
    ) -> None:
        super().__init__(session, ask)
        self._canvas, self._chosen = canvas, chosen
        self.name = FIRST
        self.step: Any = cleanups[FIRST]()
        self.scope: Scope = "image"
        self.live = False
        self.outcome: Outcome | None = None
        self.too_large = False
        """Whether what is in sight is too much for a preview."""
        self._settings: dict[str, Any] = {}
        self._job: Job | None = None
        self._again = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._preview)
        canvas.view_changed.connect(self._soon)
        for signal in (session.layer_changed, session.classes_changed, session.image_opened):
            signal.connect(self._soon)
        session.image_closed.connect(lambda: self._show(None))
        self._wand = canvas.named("wand")
        if isinstance(self._wand, Wand):
            self._wand.on_selected = self._soon

    # -- what is asked for -----------------------------------------------------------

    def set_step(self, name: str) -> None:
        """Choose a step, with the settings that it had before."""
        if name != self.name:
            self._settings[self.name] = self.step
            self.name, self.step = name, self._settings.get(name) or cleanups[name]()
            self.step_changed.emit()
            self._soon()

    def set_settings(self, step: Cleanup) -> None:
        """Give the step other settings; a preview begins."""
        if step != self.step:
            self.step = step
            self.set_live(True)
            self._soon()

    def set_scope(self, scope: Scope) -> None:
        assert scope in get_args(Scope)
        if scope != self.scope:
            self.scope = scope
            self._soon()

    def set_live(self, live: bool) -> None:
        """Show what the step would do, from now on or no more."""
        if live != self.live:
            self.live = live
            if live:
                self._soon()
            else:
                self._show(None)
                self.previewed.emit()

    def discard(self) -> bool:
        """Drop the preview; false where there is none."""
        shown = self.live
        self.set_live(False)
        return shown

    @property
    def selection(self) -> Sequence[Patch]:
        """What the wand has selected."""
        return self._wand.selection if isinstance(self._wand, Wand) else ()

    # -- the preview -----------------------------------------------------------------

    def _soon(self, *_: object) -> None:
        if self.live:
            self._rest.start()

    def _preview(self) -> None:
        session, step = self._session, self.step
        image, layers = session.image, session.layers
        if not self.live or image is None or layers is None:
            return
        if self._job is not None:
            self._again = True
            return
        sight = self._canvas.visible_box()
        self.too_large = (image.box if step.whole else sight).area > CHEAP
        if self.too_large or not sight:
            self._show(None)
            self.previewed.emit()
            return
        within = tuple(self.selection) if self.scope == "selection" else None
        snapshot, locked, shown = layers.copy(), session.locked, session.shown
        job = session.jobs.start(
            "Preview", lambda job: outcome(snapshot, sight, step, locked, within, job), "preview"
        )
        self._job = job
        job.succeeded.connect(lambda found: self._take(found, shown))
        job.failed.connect(session.say_error)
        job.finished.connect(self._over)

    def _take(self, found: Outcome, shown: frozenset[int]) -> None:
        if self.live and shown == self._session.shown:
            self._show(found)
            self.previewed.emit()

    def _over(self) -> None:
        self._job = None
        if self._again:
            self._again = False
            self._preview()

    def _show(self, found: Outcome | None) -> None:
        self.outcome = found
        colours = {label.id: label.colour for label in self._session.classes}
        patches = () if found is None else found.patches
        self._canvas.show_changes([(patch, colours.get(id, WHITE)) for id, patch in patches])

    # -- the edit --------------------------------------------------------------------

    def apply(self) -> Job | None:
        """Clean up what is asked for, as one edit; None where there is nothing."""
        from segstudio.workflows.cleaning import check_steps, name_of, plan_clean

        session, step = self._session, self.step
        within = tuple(self.selection) if self.scope == "selection" else None
        ids = self._known(self._ids())
        try:
            check_steps([step], session.classes)
            if within == ():
                raise UserError("nothing is selected", "select with the magic wand (W) first")
            if not ids:
                raise UserError("there is no picture to clean up", "open one, or add some")
        except UserError as error:
            session.say_error(error)
            return None
        title = name_of([step])

        def plan(project: Project, images: list[ImageRecord], job: Job) -> Edit:
            return plan_clean(project, images, [step], job, within).edit

        job = self.begin(title, ids, plan)
        if job is not None:
            job.succeeded.connect(self._tell)
        self.set_live(False)
        return job

    def _ids(self) -> Iterable[int]:
        if self.scope == "all":
            return list(self._session.images)
        return self._chosen() if self.scope == "selected" else self._session.shown

    def _tell(self, edit: Edit) -> None:
        if not edit:
            self._session.said.emit(
                f"{self.step.title.lower()}: there was nothing to do", "no mask was changed"
            )


def outcome(
    layers: Layers, sight: Box, step: Cleanup, locked: Iterable[int],
    within: Sequence[Patch] | None, task: Task,
) -> Outcome:  # fmt: skip
    """Return what a step would do to what is in sight. For jobs."""
    from segstudio.workflows.cleaning import cleaned_mask

    read = cleaned_mask(layers.mask.read, layers.box, [step], task, tuple(locked))
    before, after = layers.mask.read(sight), read(sight)
    changed = before != after
    if within is not None:
        changed &= _over(within, sight)
    ids = [int(id) for id in set(after[changed].tolist())]
    patches = [(id, Patch(sight, changed & (after == id)).tight()) for id in sorted(ids)]
    return Outcome(patches, int(changed.sum()))


def _over(patches: Sequence[Patch], box: Box) -> Region:
    out = Patch.empty().over(box)
    for patch in patches:
        out |= patch.over(box)
    return out
