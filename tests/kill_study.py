"""Works at random in the real window, kills it at a random moment, reopens: is all there?

    python tests/kill_study.py --runs 20

The child drives the window: strokes by the mouse, proposals by Otsu, accepting and dropping
them, classes, states, batches over all pictures, pictures that come and go, undo and redo. Before
each change it writes into a journal what it must come to, worked out by a model that knows
nothing of the program's own layers (strokes are rasterised anew, Otsu's two regions are known);
and a line when `edit_saved` comes: from then on the change is finished and must never be lost.
More may have been committed without having been told. What is found must be one of the states
from the last finished change on, bit by bit in all layers of all pictures, classes, states and
the line of time; then everything is undone, and compared at each step.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent / "figures")]

import machine_driver  # noqa: E402
from machine_changes import KINDS, Driver  # noqa: E402
from machine_driver import make  # noqa: E402
from machine_journal import Journal, found, integrity  # noqa: E402
from machine_model import MASK, NOBODY, SOURCE, Arrays, DiskReader, Model, difference  # noqa: E402

from segstudio.domain.records import State  # noqa: E402
from segstudio.domain.stroke import capsule  # noqa: E402
from segstudio.domain.tiles import Source  # noqa: E402

DARK, BRIGHT = 40, 200
KIND_WEIGHTS = {**KINDS, "stroke": 20, "otsu": 3, "undo": 4, "redo": 3, "go_near": 1, "open": 3}


@dataclass(frozen=True)
class Round:
    """What one round found."""

    seconds: float
    finished: int
    begun: int
    there: int
    undone: int
    integrity: str
    problem: str = ""


# -- the child -----------------------------------------------------------------------


class WindowDriver(Driver):
    """Paints by the mouse, and segments by the window's own methods."""

    def __init__(self, root: Path, arrays: Arrays) -> None:
        from segstudio.testing import Studio

        self.studio = Studio(root)
        super().__init__(root, arrays, session=self.studio.session)

    def stroke(self) -> None:
        """Drag with the left button, or erase with the right one."""
        if not self.ready():
            return
        self.studio.wait_idle()
        image, rng = self.session.image, self.rng
        assert image is not None
        mask, source = self.array(image.id, MASK), self.array(image.id, SOURCE)
        points = [
            (rng.uniform(0, image.width), rng.uniform(0, image.height))
            for _ in range(rng.randint(2, 6))
        ]
        value, diameter = self.some_value(), rng.choice([3, 20, 80])
        locked = [id for id, row in self.model.now.classes.items() if row["locked"]]
        for start, end in zip([points[0], *points], points, strict=False):
            box, region = capsule(start, end, diameter, image.box)
            where = region & ~np.isin(mask[box.slices], locked)
            mask[box.slices][where] = value
            source[box.slices][where] = NOBODY if value == NOBODY else Source.PERSON
        self._expect_stroke(image.id, mask, source, "Erase" if value == NOBODY else "Brush")
        self.session.view.set_brush(diameter)
        if value != NOBODY:
            self.session.view.choose_class(value)
        self.studio.drag(*points, button="right" if value == NOBODY else "left")

    def otsu(self) -> None:
        """Propose by Otsu's method: the halves of the pictures are dark and bright."""
        if not self.ready():
            return
        self.settle()
        self.studio.wait_idle()
        image, now = self.session.image, self.model.now
        assert image is not None
        if not image.name.startswith("wall"):
            self.propose()
            return
        order = sorted(now.classes, key=lambda id: (now.classes[id]["position"], id))
        ids = np.full(image.box.shape, NOBODY, np.uint8)
        half = image.width // 2
        ids[:, :half] = order[0] if order else NOBODY
        ids[:, half:] = order[1] if len(order) > 1 else NOBODY
        state = now.images[image.id]["state"]
        state = State.PROPOSED.value if state == State.UNLABELLED else state
        after = self.after(now, image.id, proposal=ids).with_image(image.id, state=state)
        self.expect("Propose by Otsu", after)
        self.studio.segment("otsu")


def work(folder: Path, seed: int) -> None:
    """Do one thing after another for ever; tell what begins, and what is finished."""
    from segstudio.gui.app import application

    application()
    sys.excepthook = give_up
    driver = WindowDriver(folder / "walls.segstudio", Arrays(folder / "arrays"))
    driver.check()
    driver.waits = 0.1
    journal = Journal(folder / "journal")
    journal.begin()
    driver.model.tell = journal.tell
    driver.session.edit_saved.connect(lambda id: journal.tell("saved"))
    os.write(1, b"ready\n")
    rng = random.Random(seed)
    names = list(KIND_WEIGHTS)
    while True:
        name = rng.choices(names, list(KIND_WEIGHTS.values()))[0]
        with driver.chance(rng.randrange(2**40)):
            getattr(driver, name)()


# -- the parent ----------------------------------------------------------------------


def make_project(folder: Path) -> tuple[Path, Model]:
    """Make a project of pictures that are dark at the left and bright at the right."""
    root = make(folder)
    for id, (height, width) in machine_driver.SIZES.items():
        pixels = np.full((height, width, 3), DARK, np.uint8)
        pixels[:, width // 2 :] = BRIGHT
        cv2.imwrite(str(folder / f"wall-{id}.png"), pixels)
    driver = Driver(root, Arrays(folder / "arrays"))
    driver.close()
    return root, driver.model


def kill_while_working(folder: Path, seed: int) -> float:
    """Let a child work and kill it; return after how many seconds."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(folder),
        "OMP_NUM_THREADS": "1",
    }
    child = subprocess.Popen(
        [sys.executable, __file__, "--child", str(folder), "--seed", str(seed)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stderr is not None
    if not child.stdout.readline():
        raise RuntimeError(f"the child did not start: {child.stderr.read().decode()}")
    rng = random.Random(seed)
    delay = rng.uniform(0.02, 2.5)
    time.sleep(delay)
    if rng.random() < 0.7:
        wait_for_more(folder / "journal")
        time.sleep(rng.uniform(0, 0.008))
    child.send_signal(signal.SIGKILL)
    _, errors = child.communicate()
    if child.returncode != -signal.SIGKILL:
        raise RuntimeError(f"the child ended by itself: {errors.decode()}")
    return delay


def wait_for_more(journal: Path) -> None:
    """Wait until the next change begins: the moments after it are the ones that matter."""
    size, end = journal.stat().st_size, time.monotonic() + 2
    while journal.stat().st_size == size and time.monotonic() < end:
        time.sleep(0.0002)


def undo_all(project: Path, model: Model) -> int:
    """Undo every change in the database, and compare at each step; return how many."""
    from segstudio.store.project import Project

    reader = DiskReader()
    store = Project.open(project)  # what a batch had staged is dropped here
    try:
        ids = [entry.id for entry in store.history()[0]]
        count = 0
        while model.done:
            store.turn([ids[model.done - 1]], undo=True).result()
            model.turn(model.done - 1)
            count += 1
            snapshot, texts, done = reader.read(project)
            assert (texts, done) == (model.texts, model.done), "the line of time is another one"
            assert snapshot == model.now, f"undone to {done}: {difference(snapshot, model.now)}"
        return count
    finally:
        store.close()


def one_round(seed: int) -> Round:
    """Work, kill, reopen, compare."""
    with tempfile.TemporaryDirectory(prefix="segstudio-kill-") as name:
        folder = Path(name)
        project, model = make_project(folder)
        delay = kill_while_working(folder, seed)
        journal = Journal(folder / "journal")
        finished, events = journal.read()
        there, undone, problem, sound = 0, 0, "", integrity(project)
        try:
            there = finished + found(model, journal, project)
            undone = undo_all(project, model)
        except AssertionError as error:
            problem = str(error)
        return Round(delay, finished, len(events), there, undone, sound, problem)


def give_up(*error: object) -> None:
    """End the child: Qt would go on after an error in what a signal calls."""
    sys.__excepthook__(*error)  # type: ignore[arg-type]
    sys.stderr.flush()
    os._exit(3)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        work(asked.child, asked.seed)
    from PySide6.QtCore import QCoreApplication

    app = QCoreApplication([])
    lost = 0
    for run in range(asked.runs):
        round = one_round(asked.seed + run)
        lost += bool(round.problem)
        print(
            f"run {run + 1:3}: killed after {round.seconds:4.2f} s, {round.finished:3} finished,"
            f" {round.there:3} there, {round.undone:3} undone, integrity {round.integrity}:"
            f" {round.problem or 'all there'}",
            flush=True,
        )
    print(f"{asked.runs} runs, {lost} with a loss")
    del app
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
