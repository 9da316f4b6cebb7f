"""A real session and the model beside it: going about in both, and comparing them."""

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
    NOBODY,
    Arrays,
    DiskReader,
    Model,
    Snapshot,
    difference,
    digest_of,
)
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from segstudio.domain.classes import LabelClass, default_colour
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.geometry import Box
from segstudio.domain.history import History
from segstudio.domain.records import ImageRecord, State, class_row
from segstudio.domain.stroke import capsule
from segstudio.domain.tiles import TILE, Layer, Packed, keys_of, tile_box
from segstudio.gui.jobs import JobRunner
from segstudio.gui.proposals import Proposals
from segstudio.gui.session import Session
from segstudio.store import edits
from segstudio.store.project import Project, stored_path

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


class Pair:
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

    def _open(self) -> None:
        self.wait(lambda: not self.jobs.jobs, "jobs to end")
        self.session.open(Project.open(self.root))
        self._sync()
        self.check()
