"""Comparing two masks of the open image: which two, how, and by how much they differ."""

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from segstudio.domain.tiles import Layer, SparseLayer
from segstudio.errors import UserError
from segstudio.gui.jobs import Job
from segstudio.gui.loading import PictureLoader
from segstudio.gui.models import FILE, Models
from segstudio.gui.session import Session
from segstudio.gui.sides import MASK, MODEL, PROPOSAL, Side, fetch

if TYPE_CHECKING:
    from segstudio.workflows.two_masks import Figures

MEASURE_AFTER = 200
"""Milliseconds after a change before the figures are worked out again."""


class Mode(StrEnum):
    """How two masks are shown."""

    SWIPE = "swipe"
    SIDE = "side"
    DIFFERENCE = "difference"


class Comparing(QObject):
    """The comparison that is on, or would be. Nothing of it becomes part of the project."""

    changed = Signal()
    """On or off, the mode, a side, or a side that has come."""
    moved = Signal()
    """The border of the swipe."""
    measured = Signal()
    """The figures, or how far the fetching is."""

    def __init__(self, session: Session, models: Models, loader: PictureLoader) -> None:
        super().__init__(session)
        self._session, self._models, self._loader = session, models, loader
        self.active = False
        self.mode = Mode.SWIPE
        self.border = 0.5
        self.sides: list[Side] = [MASK, PROPOSAL]
        self.figures: Figures | None = None
        self._former: list[Side] = [MASK, PROPOSAL]
        self._extra: list[Side] = []
        self._fetched: dict[Side, SparseLayer] = {}
        self._fetching: dict[Side, Job] = {}
        self._measuring: Job | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(MEASURE_AFTER)
        self._soon.timeout.connect(self._measure)
        self._current = models.current
        self._classes = self._class_names()
        session.project_changed.connect(self._leave)
        session.image_opened.connect(self._forget)
        session.image_closed.connect(self._forget)
        session.history_changed.connect(self._outdate)
        session.classes_changed.connect(self._classes_changed)
        models.changed.connect(self._models_changed)
        loader.picture_ready.connect(lambda *_: self._fetch())

    # -- what can be chosen ----------------------------------------------------------

    def options(self) -> list[Side]:
        """Return what can stand on either side, files and folders that were named included."""
        found = [MASK, PROPOSAL]
        if self._models.current is not None:
            found.append(MODEL)
        done = [run for run in self._models.runs if run.status == "done"]
        found += [Side("run", run.id) for run in sorted(done, key=lambda run: -run.id)]
        return found + self._extra

    def title(self, side: Side) -> str:
        """Return what a side is called."""
        used = self._models.current
        if side.kind == "model" and used is not None:
            return f"Model in use ({used.network if used.kind == FILE else f'run {used.id}'})"
        if side.kind == "run":
            names = {run.id: run.network for run in self._models.runs}
            return f"Run {side.run} · {names.get(side.run, '')}".rstrip(" ·")
        if side.path is not None:
            return side.path.name
        return {"mask": "Mask", "proposal": "Proposal", "model": "Model in use"}[side.kind]

    def layer_of(self, which: int) -> Layer | SparseLayer | None:
        """Return a side's layer of the session, or its tiles; None until they have come."""
        side = self.sides[which]
        own = side.layer
        return own if own is not None else self._fetched.get(side)

    @property
    def waiting(self) -> str:
        """What is being fetched, and how far it is; empty where nothing is."""
        for side in self.sides:
            job = self._fetching.get(side)
            if job is not None:
                return f"{self.title(side)}: {100 * job.done // max(job.total, 1)} %"
        return ""

    # -- choosing --------------------------------------------------------------------

    def toggle(self) -> None:
        """Begin or end comparing."""
        if self.active:
            self.close()
        elif self._session.layers is not None:
            self.active = True
            self._suggest()
            self._turn()

    def close(self) -> None:
        """End comparing; what was fetched for this image is kept until another is opened."""
        if self.active:
            self.active = False
            self._cancel(set())
            self.changed.emit()

    def choose(self, which: int, side: Side) -> None:
        """Put something on side 0 (A, left) or 1 (B, right)."""
        if side == self.sides[which]:
            return
        if side.path is not None and side not in self._extra:
            self._extra.append(side)
        self._former[which] = self.sides[which]
        self.sides[which] = side
        self._turn()

    def exchange(self) -> None:
        """Put A where B is, and B where A is."""
        self.sides.reverse()
        self._former.reverse()
        self._turn()

    def set_mode(self, mode: Mode) -> None:
        if mode != self.mode:
            self.mode = mode
            self._turn()

    def move_border(self, share: float) -> None:
        """Put the border of the swipe at a share, 0…1, of the canvas's width."""
        share = min(max(share, 0.0), 1.0)
        if share != self.border:
            self.border = share
            self.moved.emit()

    def _suggest(self) -> None:
        """Begin with what there is: without a proposal, the mask against the model in use."""
        layers = self._session.layers
        empty = layers is None or not len(layers.proposal)
        if self.sides == [MASK, PROPOSAL] and empty and self._models.current is not None:
            self.sides = [MASK, MODEL]

    def _turn(self) -> None:
        self._cancel(set(self.sides))
        self._fetch()
        self._outdate()
        self.changed.emit()

    # -- keeping up ------------------------------------------------------------------

    def _leave(self) -> None:
        self._cancel(set())
        self.active = False
        self.sides, self._former, self._extra = [MASK, PROPOSAL], [MASK, PROPOSAL], []
        self._current, self._classes = None, self._class_names()
        self._forget()

    def _forget(self) -> None:
        """Another image: what was fetched was not for it."""
        self._cancel(set())
        self._fetched.clear()
        self.figures = None
        if self.active:
            self._fetch()
            self._outdate()
        self.changed.emit()

    def _models_changed(self) -> None:
        if self._models.current != self._current:
            self._current = self._models.current
            self._fetched.pop(MODEL, None)
            if MODEL in self._fetching:
                self._fetching[MODEL].cancel()
        options = self.options()
        for which, side in enumerate(self.sides):
            if side not in options:
                self.sides[which] = (MASK, PROPOSAL)[which]
        if self.active:
            self._fetch()
        self.changed.emit()

    def _classes_changed(self) -> None:
        """What was fetched is in the classes of the project: fetch it again for others."""
        if self._class_names() != self._classes:
            self._classes = self._class_names()
            self._forget()

    def _class_names(self) -> frozenset[tuple[int, str]]:
        return frozenset((label.id, label.name) for label in self._session.classes)

    # -- fetching --------------------------------------------------------------------

    def _cancel(self, wanted: set[Side]) -> None:
        for side in [side for side in self._fetching if side not in wanted]:
            self._fetching.pop(side).cancel()
        if self._measuring is not None:
            self._measuring.cancel()

    def _fetch(self) -> None:
        """Start what the sides still lack, one after another."""
        picture, image = self._loader.picture, self._session.image
        if not self.active or image is None or self._session.layers is None:
            return
        for side in self.sides:
            known = side.layer is not None or side in self._fetched or side in self._fetching
            if known or (picture is None and side.kind != "file"):
                continue
            job = fetch(self._session, side, self.title(side), picture)
            if job is not None:
                self._fetching[side] = job
                job.succeeded.connect(lambda tiles, s=side, j=job: self._came(s, j, tiles))
                job.failed.connect(lambda error, s=side, j=job: self._failed(s, j, error))
                job.cancelled.connect(lambda s=side, j=job: self._failed(s, j, None))
                job.progressed.connect(lambda *_: self.measured.emit())

    def _came(self, side: Side, job: Job, tiles: SparseLayer) -> None:
        if self._fetching.get(side) is job:
            del self._fetching[side]
            self._fetched[side] = tiles
            self._outdate()
            self.changed.emit()

    def _failed(self, side: Side, job: Job, error: Exception | None) -> None:
        """Go back to what stood there before; what cannot be had is not offered again."""
        if self._fetching.get(side) is not job:
            return
        del self._fetching[side]
        self._extra = [each for each in self._extra if each != side]
        for which in (0, 1):
            if self.sides[which] == side:
                former = self._former[which]
                self.sides[which] = (MASK, PROPOSAL)[which] if former == side else former
        if isinstance(error, UserError):
            text = f"{self.title(side)} cannot be compared: {error.message}"
            self._session.said.emit(text, error.hint)
        elif error is not None:
            self._session.say_error(error)
        self._turn()

    # -- figures ---------------------------------------------------------------------

    def _outdate(self) -> None:
        """Work the figures out again, when all has been quiet for a moment."""
        if self.active and self.mode == Mode.DIFFERENCE:
            self._soon.start()

    def _measure(self) -> None:
        from segstudio.workflows.two_masks import figures

        pair = [self._tiles(which) for which in (0, 1)]
        first, second = pair
        if self._measuring is not None:
            self._measuring.cancel()
        if first is None or second is None or not self.active:
            return
        ids = [label.id for label in self._session.classes]
        job = self._session.jobs.start(
            "Comparing", lambda job: figures(first, second, ids, job), "figures"
        )
        self._measuring = job
        job.succeeded.connect(lambda found: self._measured(job, found))
        job.failed.connect(self._session.say_error)

    def _tiles(self, which: int) -> SparseLayer | None:
        layer, layers = self.layer_of(which), self._session.layers
        if isinstance(layer, Layer):
            return None if layers is None else layers[layer].copy()
        return layer

    def _measured(self, job: Job, found: "Figures") -> None:
        if self._measuring is job:
            self._measuring, self.figures = None, found
            self.measured.emit()
