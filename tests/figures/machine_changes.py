"""Random changes of every kind, made in a real session and in the model beside it."""

import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from machine_model import (
    MASK,
    NOBODY,
    PROPOSAL,
    SOURCE,
    Arrays,
    DiskReader,
    Model,
    Snapshot,
    difference,
    digest_of,
)
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from segstudio.domain import states
from segstudio.domain.classes import LabelClass, default_colour, free_id
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.history import History
from segstudio.domain.layers import replaced, taken
from segstudio.domain.records import ImageRecord, Split, State, class_row
from segstudio.domain.stroke import capsule
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import TILE, Layer, Packed, Source, keys_of, tile_box
from segstudio.gui.jobs import JobRunner
from segstudio.gui.proposals import Proposals
from segstudio.gui.session import Session
from segstudio.store import edits
from segstudio.store.project import Project, stored_path
from segstudio.workflows.add import plan_add
from segstudio.workflows.clear import plan_clear
from segstudio.workflows.gathering import Gathering, gathering
from segstudio.workflows.proposals import Proposing
from segstudio.workflows.reclass import plan_delete, plan_merge
from segstudio.workflows.remove import plan_remove

SIZES = {1: (300, 280), 2: (120, 90), 3: (70, 520)}
MORE = {"more-1": (64, 80), "more-2": (40, 300), "more-3": (257, 33), "more-4": (90, 90)}
CLASSES = [LabelClass(i, n, default_colour(i), position=i) for i, n in enumerate("abcd")]
WAIT = 60.0


def make(folder: Path) -> Path:
    """Make a project of three pictures in a folder, and pictures beside it that can be added."""
    project = Project.create(folder / "walls", CLASSES)
    for id, (height, width) in SIZES.items():
        path = stored_path(project.root, folder / f"wall-{id}.png")
        record = ImageRecord(id, path, f"wall-{id}.png", width, height)
        project.apply(Edit("Add", rows=(RowChange("images", id, None, record.row()),)))
    root = project.root
    project.close()
    (folder / "more").mkdir()
    (folder / "masks").mkdir()
    rng = np.random.default_rng(0)
    for number, (name, size) in enumerate(MORE.items()):
        cv2.imwrite(
            str(folder / "more" / f"{name}.png"), rng.integers(0, 255, (*size, 3), np.uint8)
        )
        mask = np.full(size, NOBODY, np.uint8)
        mask[: size[0] // (number + 1), :] = number
        mask[:9, :9] = (number + 1) % 5
        cv2.imwrite(str(folder / "masks" / f"{name}.png"), mask)
    return root


@contextmanager
def small_budgets(disk: int, memory: int) -> Iterator[None]:
    """Let the history be as small as this, in bytes."""
    kept = edits.commit.__defaults__, History.trim.__defaults__
    edits.commit.__defaults__, History.trim.__defaults__ = ((), disk), (memory,)
    try:
        yield
    finally:
        edits.commit.__defaults__, History.trim.__defaults__ = kept


@contextmanager
def refusing() -> Iterator[None]:
    """Let the disk take no edit, as one that is full."""
    kept = edits.commit, edits.turn

    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    edits.commit = edits.turn = refuse
    try:
        yield
    finally:
        edits.commit, edits.turn = kept


class Driver:
    """A session, of its own or a window's, its model, and what is done to both.

    Every change is told to the model before the session makes it, so that one who reads what
    the model tells knows what may be on disk. ``checks`` counts full comparisons;
    ``waits`` is the share of changes that are waited for and compared.
    """

    def __init__(
        self,
        root: Path,
        arrays: Arrays,
        model: Model | None = None,
        session: Session | None = None,
    ) -> None:
        self.root, self.arrays = root, arrays
        self.rng = random.Random(0)
        self.reader = DiskReader()
        self.errors: list[str] = []
        self.checks = 0
        self.trims = False
        self.waits = 0.6
        self._locked: list[int] = []
        self.session = session or Session(JobRunner())
        self.jobs = self.session.jobs
        self.session.said.connect(lambda text, hint: self.errors.append(text))
        self.proposals = Proposals(self.session)
        if session is None:
            self.session.open(Project.open(root))
        self.model = model or self._model_of_disk()

    def _model_of_disk(self) -> Model:
        """Begin with what is there, of which nothing can be undone."""
        found: dict[str, np.ndarray] = {}
        snapshot, texts, done = self.reader.read(self.root, found)
        for array in found.values():
            self.arrays.put(array)
        blank = Snapshot(snapshot.classes)
        points, ids = [blank], sorted(snapshot.images)
        for id in ids:
            blank = replace(
                blank,
                images={**blank.images, id: snapshot.images[id]},
                layers={**blank.layers, id: snapshot.layers[id]},
            )
            points.append(blank)
        assert done == len(texts) == len(ids), "a project is begun with pictures only"
        return Model(points, texts, done)

    def close(self) -> None:
        self.session.close()
        self.wait(lambda: not self.jobs.jobs, "jobs to end")

    # -- waiting and comparing -------------------------------------------------------

    def wait(self, until: Callable[[], object], what: str) -> None:
        """Handle events until something holds."""
        end = time.monotonic() + WAIT
        timer = QTimer()
        timer.start(50)
        while not until():
            assert time.monotonic() < end, f"waited too long for {what}: {self.errors}"
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def settle(self) -> None:
        """Wait until all is on disk and on the screen."""
        session, ledger = self.session, self.session.ledger
        self.wait(
            lambda: not (
                session.unsaved or session.turning or session.opening
                or self.jobs.jobs or ledger._waiting
            ),
            "the session",
        )  # fmt: skip
        assert not self.errors, self.errors
        self._sync()
        assert session.project is not None
        session.project.writer.settle()

    def _sync(self) -> None:
        """Forget what the session has forgotten."""
        gone = len(self.model.texts) - len(self.session.history.entries)
        if gone and self.trims:
            assert gone > 0, "the session knows of changes that were never made"
            self.model.forget(gone)

    def check(self) -> None:
        """Compare all that there is with the model, on the screen and on disk, bit by bit."""
        self.settle()
        session, model = self.session, self.model
        history = session.history
        texts = [entry.text for entry in history.entries]
        seen_line, line = (texts, history.done), (model.texts, model.done)
        assert seen_line == line, f"the line of time {seen_line} instead of {line}"
        assert not session.ledger.pending, "edits count as unsaved"
        seen = Snapshot(
            {label.id: class_row(label) for label in session.classes},
            {id: image.row() for id, image in session.images.items()},
            model.now.layers,
        )
        if session.image is not None:
            seen = seen.with_layers(session.image.id, self._shown())
            assert session.image is session.images[session.image.id], "another record is open"
        assert seen == model.now, f"on the screen {difference(seen, model.now)}"
        found, texts, done = self.reader.read(self.root)
        assert (texts, done) == line, f"the line of time on disk {texts, done} instead of {line}"
        assert found == model.now, f"on disk {difference(found, model.now)}"
        self.checks += 1

    def _shown(self) -> tuple[str, str, str]:
        """Return the digests of the layers that are open."""
        layers, session = [], self.session
        assert session.layers is not None
        for layer in Layer:
            for key in session.layers[layer]:
                tile = session.layers[layer].get(key)
                assert tile is not None
                assert tile.array.min() != NOBODY, "an empty tile is held"
            layers.append(digest_of(session.read(layer, session.layers.box)))
        return layers[0], layers[1], layers[2]

    # -- what the model knows --------------------------------------------------------

    def array(self, id: int, layer: int) -> np.ndarray:
        return self.arrays.get(self.model.now.layers[id][layer])

    def after(self, snapshot: Snapshot, id: int, mask=None, source=None, proposal=None) -> Snapshot:
        """Return the project with other layers of one picture."""
        layers = list(snapshot.layers[id])
        for place, array in enumerate((mask, source, proposal)):
            if array is not None:
                layers[place] = self.arrays.put(array)
        return snapshot.with_layers(id, (layers[0], layers[1], layers[2]))

    def blank(self, row: dict) -> tuple[str, str, str]:
        empty = self.arrays.put(np.full((row["height"], row["width"]), NOBODY, np.uint8))
        return empty, empty, empty

    def expect(self, text: str, after: Snapshot, always: bool = True) -> bool:
        """Tell the model of a change to come; where it is none, and none is made, return false."""
        if not always and after == self.model.now:
            return False
        self.model.push(text, after)
        return True

    def _painted(self, state: str) -> str:
        return state if state == State.REVIEWED else State.IN_WORK.value

    def _without_proposal(self, id: int, state: str, labelled: bool) -> str:
        if state != State.PROPOSED:
            return state
        return (State.IN_WORK if labelled else State.UNLABELLED).value

    # -- chance ----------------------------------------------------------------------

    @contextmanager
    def chance(self, seed: int) -> Iterator[None]:
        """Make a change in the way of a seed; now and then the next one does not wait for it."""
        self.rng = random.Random(seed)
        self._sync()
        yield
        if self.session.ledger._waiting or self.rng.random() < self.waits:
            self.check()

    def some_image(self) -> int:
        return self.rng.choice(sorted(self.model.now.images))

    def some_images(self) -> list[int]:
        ids = sorted(self.model.now.images)
        return sorted(self.rng.sample(ids, self.rng.randint(min(1, len(ids)), len(ids))))

    def some_value(self) -> int:
        classes = sorted(self.model.now.classes)
        return NOBODY if not classes or self.rng.random() < 0.2 else self.rng.choice(classes)

    def some_name(self) -> str:
        """Return a name that no class has."""
        taken = {row["name"] for row in self.model.now.classes.values()}
        taken |= {label.name for label in self.session.classes}
        number = self.rng.randrange(10**6)
        while f"class {number}" in taken:
            number += 1
        return f"class {number}"

    def region(self, box: Box) -> tuple[Box, np.ndarray]:
        """Return a piece of a stroke, or a rectangle that may cover all."""
        if self.rng.random() < 0.3:
            rows = sorted(self.rng.sample(range(box.height + 1), 2))
            columns = sorted(self.rng.sample(range(box.width + 1), 2))
            part = Box(rows[0], columns[0], rows[1], columns[1])
            if self.rng.random() < 0.2:
                part = box
            return part, np.ones(part.shape, bool)
        points = [
            (self.rng.uniform(-20, box.width + 20), self.rng.uniform(-20, box.height + 20))
            for _ in range(2)
        ]
        return capsule(points[0], points[1], self.rng.choice([1, 7, 40]), box)

    def blobs(self, shape: tuple[int, int]) -> np.ndarray:
        """Return what a segmenter might propose."""
        ids = np.full(shape, NOBODY, np.uint8)
        box = Box(0, 0, *shape)
        for _ in range(self.rng.randint(0, 3)):
            part, where = self.region(box)
            if part:
                ids[part.slices][where] = self.some_value()
        return ids

    def tiles(self, ids: np.ndarray) -> dict[tuple[int, int], Packed]:
        """Cut an array into tiles, without those that are empty."""
        found = {}
        for key in keys_of(Box(0, 0, *ids.shape)):
            tile = np.full((TILE, TILE), NOBODY, np.uint8)
            part = ids[tile_box(key).clipped(Box(0, 0, *ids.shape)).slices]
            tile[: part.shape[0], : part.shape[1]] = part
            packed = Packed.of(tile)
            if packed is not None:
                found[key] = packed
        return found

    # -- going about -----------------------------------------------------------------

    def open(self) -> None:
        """Show a picture."""
        session, ids = self.session, sorted(self.session.images)
        if ids:
            id = self.rng.choice(ids)
            session.open_image(id)
            if self.rng.random() < 0.8:
                self.wait(lambda: not session.opening, "a picture")

    def open_and_change(self) -> None:
        """Change a picture while it is on its way to the screen."""
        make = self.rng.choice([self._stage_somewhere, lambda: self.undo, lambda: self.redo])()
        others = sorted(self.session.images.keys() - self.session.shown)
        if others:
            self.session.open_image(self.rng.choice(others))
            if self.rng.random() < 0.5:
                QCoreApplication.processEvents()
        make()

    def ready(self) -> bool:
        """See to it that a picture is open and may be changed."""
        if not self.session.editable or self.session.image is None:
            self.settle()
        if self.session.image is None and self.session.images:
            self.session.open_image(self.some_image())
            self.wait(lambda: not self.session.opening, "a picture")
        return self.session.image is not None

    def undo(self) -> None:
        self.go(max(0, self.model.done - 1), self.session.undo)

    def redo(self) -> None:
        self.go(min(len(self.model.texts), self.model.done + 1), self.session.redo)

    def go_to(self) -> None:
        done = self.rng.randint(0, len(self.model.texts))
        self.go(done, lambda: self.session.go_to(done))

    def go_near(self) -> None:
        """Go a few steps: so what lies behind is not always thrown away."""
        done = self.model.done + self.rng.randint(-4, 4)
        done = max(0, min(done, len(self.model.texts)))
        self.go(done, lambda: self.session.go_to(done))

    def to_end(self) -> None:
        self.settle()
        done = len(self.model.texts)
        self.go(done, lambda: self.session.go_to(done))

    def go(self, done: int, run: Callable[[], None]) -> None:
        if self.session.ledger.free and done != self.model.done:
            self.model.turn(done)
        run()

    def forget_memory(self) -> None:
        """Let only the disk know the edits."""
        self.session.history.trim(0)

    def reopen(self) -> None:
        """Close the project and open it again, at times without waiting."""
        if self.rng.random() < 0.5 or self.session.ledger._waiting:
            self.settle()
        self.session.close()
        self._open()

    def lose_power(self) -> None:
        """Go on with the files as a killed process leaves them, all that was told as saved."""
        self.settle()
        place = self.root.with_name(f"copy-{self.checks}-{self.rng.randrange(10**9)}.segstudio")
        place.mkdir()
        for name in ("project.db", "project.db-wal"):
            if (self.root / name).exists():
                shutil.copyfile(self.root / name, place / name)
        (place / "masks").mkdir()
        (place / "runs").mkdir()
        self.session.close()
        shutil.rmtree(self.root)
        self.root = place
        self._open()

    def fill_disk(self) -> None:
        """Go on while the disk refuses everything, until it has room again."""
        session = self.session
        assert session.project is not None
        session.project.writer.patience = 0.02
        with refusing():
            for _ in range(self.rng.randint(1, 5)):
                if session.editable and session.image is not None:
                    self.rng.choice([self.stroke, self.stroke, self.change_class, self.undo])()
                if self.rng.random() < 0.4:
                    session.open_image(self.rng.choice([*session.images, 0]))
                end = time.monotonic() + 0.03
                while time.monotonic() < end:
                    QCoreApplication.processEvents()
        session.project.writer.retry()

    def _open(self) -> None:
        self.wait(lambda: not self.jobs.jobs, "jobs to end")
        self.session.open(Project.open(self.root))
        self._sync()
        self.check()

    # -- strokes ---------------------------------------------------------------------

    def stroke(self) -> None:
        """Paint or erase."""
        if not self.ready():
            return
        image = self.session.image
        assert image is not None
        mask, source = self.array(image.id, MASK), self.array(image.id, SOURCE)
        self._begin()
        value = self.some_value()
        for _ in range(self.rng.randint(1, 3)):
            self._paint(mask, source, self.region(image.box), value)
        self._finish(image.id, mask, source)

    def _begin(self) -> None:
        """Begin a stroke; what is locked then is locked to its end."""
        self._locked = [id for id, row in self.model.now.classes.items() if row["locked"]]
        assert self.session.begin_draft()

    def _paint(self, mask, source, piece: tuple[Box, np.ndarray], value: int) -> None:
        """Paint a piece in the session and in arrays."""
        box, region = piece
        self.session.paint(box, region, value)
        if box:
            where = region & ~np.isin(mask[box.slices], self._locked)
            mask[box.slices][where] = value
            source[box.slices][where] = NOBODY if value == NOBODY else Source.PERSON

    def _finish(self, id: int, mask, source) -> None:
        expected = self._expect_stroke(id, mask, source)
        found = self.session.finish_draft("Brush")
        assert (found is not None) == expected, "a stroke was made of nothing, or nothing of one"

    def _expect_stroke(self, id: int, mask, source, text: str = "Brush") -> bool:
        now = self.model.now
        after = self.after(now, id, mask, source)
        if after == now:
            return False
        state = self._painted(now.images[id]["state"])
        return self.expect(text, after.with_image(id, state=state))

    def interrupted_stroke(self) -> None:
        """Change something while a stroke is being painted; it is finished or cancelled then."""
        if not self.ready():
            return
        self.settle()
        session, image = self.session, self.session.image
        assert image is not None
        id = image.id
        mask, source = self.array(id, MASK), self.array(id, SOURCE)
        old = mask.copy(), source.copy()
        self._begin()
        value = self.some_value()
        self._paint(mask, source, self.region(image.box), value)
        late: Callable[[], object] = bool
        match self.rng.randint(0, 3):
            case 0:
                self.change_class()
            case 1:
                session.undo()
                session.go_to(0)
            case 2:
                new = self._put_mask(id)
                painted = (mask != old[0]) | (source != old[1])
                mask, source = np.where(painted, mask, new[0]), np.where(painted, source, new[1])
            case 3:
                late = self._stage_somewhere()
        self._paint(mask, source, self.region(image.box), value)
        if self.rng.random() < 0.2:
            late()
            session.cancel_draft()
        else:
            expected = self._expect_stroke(id, mask, source)
            late()
            found = session.finish_draft("Brush")
            assert (found is not None) == expected

    def _put_mask(self, id: int) -> tuple[np.ndarray, np.ndarray]:
        """Put a mask into the open picture, as one who was asked before the stroke began."""
        row = self.model.now.images[id]
        mask = self.blobs((row["height"], row["width"]))
        source = np.where(mask == NOBODY, np.uint8(NOBODY), np.uint8(Source.PROPOSAL))
        layers = self.session.layers
        assert layers is not None
        changes = [
            *replaced(id, Layer.MASK, layers.mask, self.tiles(mask)),
            *replaced(id, Layer.SOURCE, layers.source, self.tiles(source)),
        ]
        if changes:
            self.expect("Accept", self.after(self.model.now, id, mask, source))
            assert self.session.apply(Edit("Accept", tuple(changes))) is not None
        return mask, source

    # -- proposals -------------------------------------------------------------------

    def propose(self) -> None:
        """Put a proposal into the open picture in the place of another."""
        if not self.ready():
            return
        self.settle()
        image, now = self.session.image, self.model.now
        assert image is not None
        ids, old = self.blobs(image.box.shape), self.array(image.id, PROPOSAL)
        tiles = self.tiles(ids)
        state = now.images[image.id]["state"]
        state = State.PROPOSED.value if state == State.UNLABELLED else state
        after = self.after(now, image.id, proposal=ids).with_image(image.id, state=state)
        anything = bool(tiles) or old.min() != NOBODY
        self.expect("Propose", after, always=anything)
        self.proposals.settle(
            "Propose", image.id,
            lambda layers, job: replaced(image.id, Layer.PROPOSAL, layers.proposal, tiles),
            lambda image, painted: states.after_proposing(image),
        )  # fmt: skip
        self.settle()

    def accept(self) -> None:
        """Accept the proposal of the open picture."""
        if not self.ready():
            return
        self.settle()
        image = self.session.image
        assert image is not None
        ids = self.array(image.id, PROPOSAL)
        if ids.min() == NOBODY:
            assert self.proposals.accept() is None
            return
        self.expect("Accept proposal", self._accepted(self.model.now, image.id, ids))
        assert self.proposals.accept() is not None
        self.settle()

    def accept_at_once(self) -> None:
        """Accept what was never put into the layer."""
        if not self.ready():
            return
        self.settle()
        image, now = self.session.image, self.model.now
        assert image is not None
        ids, locked = self.blobs(image.box.shape), self.session.locked
        tiles, id = self.tiles(ids), image.id
        after = self._accepted(now, id, ids)
        anything = self._taken(now, id, ids).any() or self.array(id, PROPOSAL).min() != NOBODY
        self.expect("Accept Otsu", after, always=bool(anything))
        self.proposals.settle(
            "Accept Otsu", id, lambda layers, job: taken(id, layers, tiles, locked, job)
        )
        self.settle()

    def _accepted(self, now: Snapshot, id: int, ids: np.ndarray, batch: bool = False) -> Snapshot:
        """Return the project with ``ids`` taken into the mask of a picture."""
        mask, source = (self.arrays.get(now.layers[id][layer]) for layer in (MASK, SOURCE))
        where = self._taken(now, id, ids)
        mask[where], source[where] = ids[where], Source.PROPOSAL
        state = now.images[id]["state"]
        if where.any():
            state = self._painted(state)
        elif not batch:
            state = self._without_proposal(id, state, bool(mask.min() != NOBODY))
        empty = np.full(mask.shape, NOBODY, np.uint8)
        return self.after(now, id, mask, source, empty).with_image(id, state=state)

    def _taken(self, now: Snapshot, id: int, ids: np.ndarray) -> np.ndarray:
        """Return where a mask takes over what is proposed."""
        mask, source = (self.arrays.get(now.layers[id][layer]) for layer in (MASK, SOURCE))
        locked = [key for key, row in now.classes.items() if row["locked"]]
        return (ids != NOBODY) & (source != Source.PERSON) & ~np.isin(mask, locked)

    def discard(self) -> None:
        """Drop the proposal of the open picture."""
        if not self.ready():
            return
        self.settle()
        image, now = self.session.image, self.model.now
        assert image is not None
        ids, mask = self.array(image.id, PROPOSAL), self.array(image.id, MASK)
        if ids.min() == NOBODY:
            assert self.proposals.discard() is None
            return
        state = now.images[image.id]["state"]
        state = self._without_proposal(image.id, state, bool(mask.min() != NOBODY))
        after = self.after(now, image.id, proposal=np.full_like(mask, NOBODY))
        self.expect("Discard proposal", after.with_image(image.id, state=state))
        assert self.proposals.discard() is not None
        self.settle()

    def batch(self) -> None:
        """Propose for several pictures, or accept at once, as one change."""
        self.settle()
        project = self.session.project
        assert project is not None
        ids = self.some_images()
        with gathering(project, len(ids)) as gathered:
            edit, after, anything = self._batch(project, gathered, ids)
        self.expect("Predict", after, always=anything)
        self.session.apply(edit)

    def _batch(
        self, project: Project, gathered: Gathering, chosen: list[int]
    ) -> tuple[Edit, Snapshot, bool]:
        """Gather proposals for pictures; return the edit and what it must come to.

        And whether it is made even where that is what is there already.
        """
        after = now = self.model.now
        accept, anything = self.rng.random() < 0.5, False
        work = Proposing(project, gathered, accept)
        for id in chosen:
            row = now.images[id]
            ids = self.blobs((row["height"], row["width"]))
            tiles = self.tiles(ids)
            anything |= self.array(id, PROPOSAL).min() != NOBODY or bool(
                self._taken(now, id, ids).any() if accept else tiles
            )
            work.take(project.image(id), tiles, Quiet())
            if accept:
                after = self._accepted(after, id, ids, batch=True)
            else:
                state = now.images[id]["state"]
                state = State.PROPOSED.value if state == State.UNLABELLED else state
                after = self.after(after, id, proposal=ids).with_image(id, state=state)
        return gathered.edit("Predict"), after, anything

    # -- classes ---------------------------------------------------------------------

    def add_class(self) -> None:
        """Add a class with the next number that the screen knows."""
        if len(self.session.classes) > 12:
            return
        id, now = free_id(self.session.classes), self.model.now
        label = LabelClass(id, self.some_name(), default_colour(id))
        label = replace(label, position=self.rng.randint(0, 9))
        if id in now.classes:  # of which the screen knows nothing yet
            id = min(set(range(255)) - now.classes.keys())
        after = now.with_class(id, {**class_row(label), "id": id})
        self.expect(f"Add class {label.name}", after)
        self.session.change_class(label)

    def change_class(self) -> None:
        """Rename, recolour, hide, lock or move a class."""
        if not self.session.classes:
            return
        label, rng = self.rng.choice(self.session.classes), self.rng
        new = replace(
            label,
            **rng.choice(
                [
                    {"name": self.some_name()},
                    {"colour": tuple(rng.randrange(256) for _ in range(3))},
                    {"visible": not label.visible},
                    {"locked": not label.locked},
                    {"position": rng.randint(0, 9)},
                ]
            ),
        )
        after = self._rows_now("classes", label.id, class_row(label), class_row(new))
        if after is not None and new != label:
            self.expect(f"Change class {new.name}", after, always=False)
        self.session.change_class(new)

    def _rows_now(
        self, table: str, id: int, before: dict, after: dict, now: Snapshot | None = None
    ) -> Snapshot | None:
        """Return the project with what changes from one row to another.

        What someone else has changed meanwhile stands.
        """
        now = now or self.model.now
        row = getattr(now, table).get(id)
        if row is None:
            return None
        changed = {
            name: value for name, value in after.items()
            if value != before[name] and row[name] == before[name]
        }  # fmt: skip
        if table == "classes":
            return now.with_class(id, {**row, **changed})
        return now.with_image(id, **changed)

    def reclass(self) -> None:
        """Merge a class into another one, or delete it."""
        self.settle()
        now, project = self.model.now, self.session.project
        assert project is not None
        free = sorted(id for id, row in now.classes.items() if not row["locked"])
        if len(now.classes) < 3 or not free:
            return
        id = self.rng.choice(free)
        target = self.rng.choice(sorted(now.classes.keys() - {id}))
        name, other = now.classes[id]["name"], now.classes[target]["name"]
        after = now.with_class(id, None)
        if self.rng.random() < 0.5:
            after = self._reclassed(after, id, target)
            self.expect(f"Merge {name} into {other}", after)
            edit = plan_merge(project, id, target, Quiet())
        else:
            after = self._reclassed(after, id, NOBODY)
            self.expect(f"Delete class {name}", after)
            edit = plan_delete(project, id, Quiet())
        self.session.apply(edit)

    def _reclassed(self, now: Snapshot, id: int, target: int) -> Snapshot:
        for image in now.images:
            mask, source, proposal = map(self.arrays.get, now.layers[image])
            had = mask.min() != NOBODY, proposal.min() != NOBODY
            mask[mask == id] = proposal[proposal == id] = target
            source[mask == NOBODY] = NOBODY
            labelled, proposed = mask.min() != NOBODY, proposal.min() != NOBODY
            state = now.images[image]["state"]
            if had[0] and not labelled:
                state = (State.PROPOSED if proposed else State.UNLABELLED).value
            elif had[1] and not proposed:
                state = self._without_proposal(image, state, bool(labelled))
            now = self.after(now, image, mask, source, proposal).with_image(image, state=state)
        return now

    # -- pictures --------------------------------------------------------------------

    def mark(self) -> None:
        """Give pictures another state or split."""
        images, values = self.session.images, {}
        ids = [id for id in self.some_images() if id in images]
        if self.rng.random() < 0.7:
            values["state"] = self.rng.choice(list(State))
        if self.rng.random() < 0.7:
            values["split"] = self.rng.choice(list(Split))
        after = self.model.now
        for id in ids:
            before = images[id].row()
            new = {**before, **{name: value.value for name, value in values.items()}}
            after = self._rows_now("images", id, before, new, after) or after
        self.expect("Mark", after, always=False)
        self.session.set_image(ids, "Mark", **values)

    def clear(self) -> None:
        """Take back all that is labelled in pictures."""
        self.settle()
        ids, now, after = self.some_images(), self.model.now, self.model.now
        project = self.session.project
        assert project is not None
        edit = plan_clear(project, [self.session.images[id] for id in ids], Quiet())
        for id in ids:
            after = after.with_layers(id, self.blank(now.images[id]))
            after = after.with_image(id, state=State.UNLABELLED.value)
        self.expect(edit.text, after, always=False)
        self.session.apply(edit)

    def remove(self) -> None:
        """Take pictures out of the project."""
        self.settle()
        ids, after = self.some_images(), self.model.now
        project = self.session.project
        assert project is not None
        if len(after.images) - len(ids) < 2:
            ids = ids[:1]
        if len(after.images) < 2:
            return
        edit = plan_remove(project, [self.session.images[id] for id in ids], Quiet())
        if self.rng.random() < 0.3:
            self.stroke()  # which nobody knew of when it was planned
        after = self.model.now
        for id in ids:
            after = after.without_image(id)
        self.expect(edit.text, after)
        self.session.apply(edit)

    def add(self) -> None:
        """Add pictures with masks; those that are there and not labelled get their mask."""
        self.settle()
        project, after, folder = self.session.project, self.model.now, self.root.parent
        assert project is not None
        names = self.rng.sample(sorted(MORE), self.rng.randint(1, 3))
        files = [folder / "more" / f"{name}.png" for name in names]
        addition = plan_add(project, files, Quiet(), masks=folder / "masks")
        by_path = {row["path"]: id for id, row in after.images.items()}
        new = {row.after["path"]: row for row in addition.edit.rows if row.before is None}
        for file in files:
            path = stored_path(project.root, file)
            id = by_path.get(path)
            if id is None:
                row = new[path]
                assert row.id not in after.images
                id = row.id
                size = MORE[file.stem]
                assert (row.after["height"], row.after["width"]) == size
                state = State.UNLABELLED.value
                after = replace(after, images={**after.images, id: {**row.after, "state": state}})
                after = after.with_layers(id, self.blank(row.after))
            after = self._with_mask(after, id, folder / "masks" / file.name)
        self.expect(addition.edit.text, after, always=False)
        self.session.apply(addition.edit)

    def _with_mask(self, after: Snapshot, id: int, file: Path) -> Snapshot:
        """Return the project with the mask of a file, where it fits and there is none."""
        mask = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        known = set(after.classes) | {NOBODY}
        labelled = self.arrays.get(after.layers[id][MASK]).min() != NOBODY
        if labelled or not set(np.unique(mask).tolist()) <= known:
            return after
        source = np.where(mask == NOBODY, np.uint8(NOBODY), np.uint8(Source.IMPORT))
        whole = (mask != NOBODY).mean() >= 0.5
        state = (State.REVIEWED if whole else State.IN_WORK).value
        return self.after(after, id, mask, source).with_image(id, state=state)

    def stage(self) -> None:
        """Change tiles of any pictures, through the database."""
        self._stage_somewhere()()

    def give_up(self) -> None:
        """Stage tiles and forget them."""
        project, ids = self.session.project, self.some_images()
        assert project is not None
        stage = project.stage()
        tile = Packed(np.zeros((TILE, TILE), np.uint8))
        stage.put(TileChange(id, Layer.MASK, (0, 0), None, tile) for id in ids)
        if self.rng.random() < 0.5:
            stage.edit("Never made")
        stage.drop()

    def _stage_somewhere(self) -> Callable[[], None]:
        """Stage changes of pictures, one of which is not there; return what makes them."""
        project = self.session.project
        assert project is not None
        stage, put = project.stage(), []
        for id in [*self.some_images(), 999]:
            row = self.model.now.images.get(id, {"height": 300, "width": 300})
            for layer in self.rng.sample([MASK, PROPOSAL], self.rng.randint(1, 2)):
                ids = self.blobs((row["height"], row["width"]))
                tiles = self.tiles(ids)
                for key in keys_of(Box(0, 0, *ids.shape)):
                    if self.rng.random() < self.waits:
                        put.append((id, layer, key, tiles.get(key)))
        changes = [TileChange(id, Layer(layer), key, None, tile) for id, layer, key, tile in put]
        for id, layer, key, tile in put:
            if layer == MASK:
                given = None
                if tile is not None:
                    ids = np.where(tile.array == NOBODY, np.uint8(NOBODY), np.uint8(Source.PERSON))
                    given = Packed(ids)
                changes.append(TileChange(id, Layer.SOURCE, key, None, given))
        self.rng.shuffle(changes)
        stage.put(changes)
        id = self.rng.choice([*self.model.now.images, 999])
        before = self.model.now.images.get(id, {"split": ""})
        after = {**before, "split": self.rng.choice(list(Split)).value}
        row = RowChange.between("images", id, before, after)
        edit = stage.edit("Staged", [row])

        def make() -> None:
            self._expect_staged(changes, id, before, after)
            self.session.apply(edit)

        return make

    def _expect_staged(self, changes: list[TileChange], id: int, before: dict, row: dict) -> None:
        after = self._rows_now("images", id, before, row) or self.model.now
        fresh: dict[tuple[int, int], np.ndarray] = {}
        for change in changes:
            if change.image in after.images:
                place = change.image, int(change.layer)
                if place not in fresh:
                    fresh[place] = self.array(*place)
                part = fresh[place][tile_box(change.key).slices]
                tile = np.full((TILE, TILE), NOBODY, np.uint8)
                if change.after is not None:
                    tile = change.after.array
                part[:] = tile[: part.shape[0], : part.shape[1]]
        for (image, layer), array in fresh.items():
            layers = list(after.layers[image])
            layers[layer] = self.arrays.put(array)
            after = after.with_layers(image, (layers[0], layers[1], layers[2]))
        self.expect("Staged", after, always=bool(changes))


KINDS: dict[str, int] = {
    "stroke": 6, "interrupted_stroke": 2, "propose": 3, "accept": 3, "accept_at_once": 2,
    "discard": 1, "batch": 2, "stage": 2, "add_class": 2, "change_class": 3, "reclass": 1,
    "mark": 2, "clear": 1, "remove": 1, "add": 2, "open_and_change": 2,
}  # fmt: skip
"""Changes by how often they are made."""

MOVES: dict[str, int] = {
    "undo": 5, "redo": 4, "go_near": 3, "go_to": 1, "open": 4, "forget_memory": 1,
    "reopen": 1, "lose_power": 1, "give_up": 1, "fill_disk": 1,
}  # fmt: skip
"""What else is done in between, by how often."""
