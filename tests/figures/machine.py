"""Makes random changes of every kind to a project, kills the process in between, and compares.

    python tests/figures/machine.py [--changes 2000] [--seed 0] [--kills 20] [--small]

The changes are made in child processes, in a real session on a real project: strokes,
proposals, batches, classes, pictures; with undo and redo between them. A child writes into a
journal what a change will come to before it makes it, and what is told as saved. Children are
killed (SIGKILL) at a random moment: then the database must be sound, and hold the state after
some change not older than the last one that was told as saved, whole. In the end everything is
undone and redone change by change. After every step the project on the screen and on disk is
compared with the model bit by bit. ``--small`` gives the history so little room that its oldest
changes are dropped all the time.
"""

import argparse
import os
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from machine_changes import KINDS, MOVES, Driver  # noqa: E402
from machine_driver import make, small_budgets  # noqa: E402
from machine_journal import Journal, found  # noqa: E402
from machine_model import Arrays, Model, nobody  # noqa: E402

SMALL = (20_000, 8_000)
BACK = ("undo", "go_near", "go_to")


@dataclass(frozen=True)
class Place:
    """Where the project and what is known of it lie."""

    folder: Path

    @property
    def project(self) -> Path:
        return self.folder / "walls.segstudio"

    @property
    def arrays(self) -> Path:
        return self.folder / "arrays"

    @property
    def journal(self) -> Path:
        return self.folder / "journal"

    @property
    def model(self) -> Path:
        return self.folder / "model"


# -- the child -----------------------------------------------------------------------


def work(place: Place, seed: int, changes: int) -> None:
    """Make changes, and write down each before it is made and when it is saved."""
    journal = Journal(place.journal)
    journal.begin()
    driver = Driver(place.project, Arrays(place.arrays), pickle.loads(place.model.read_bytes()))
    driver.trims = True
    driver.check()
    driver.model.tell = journal.tell
    driver.session.edit_saved.connect(lambda id: journal.tell("saved"))
    driver.to_end()
    rng = random.Random(seed)
    while changes > 0:
        changes -= step(driver, rng)
    driver.check()
    driver.close()


def step(driver: Driver, rng: random.Random) -> bool:
    """Do one thing and say so; return whether it was a change."""
    names = {**KINDS, **MOVES, "lose_power": 0}
    name = rng.choices(list(names), list(names.values()))[0]
    stays = name == "go_near" and rng.random() < 0.2
    todo = [name, "to_end"] if name in BACK and not stays else [name]
    for each in todo:
        checks = driver.checks
        with driver.chance(rng.randrange(2**40)):
            getattr(driver, each)()
        kind = "change" if each in KINDS else "move"
        os.write(1, f"{kind} {driver.checks - checks}\n".encode())
    return name in KINDS


# -- the parent ----------------------------------------------------------------------


class Study:
    """Starts children, kills them, and knows what the project must be."""

    def __init__(self, place: Place, seed: int, small: bool) -> None:
        self.place, self.seed, self.small = place, seed, small
        self.rng = random.Random(seed)
        self.changes = self.moves = self.checks = self.killed = self.ahead = 0

    def begin(self) -> Model:
        make(self.place.folder)
        driver = Driver(self.place.project, Arrays(self.place.arrays))
        driver.close()
        return driver.model

    def run_child(self, model: Model, changes: int, kill: bool) -> Model:
        """Let a child make so many changes, or kill it on its way; return what must be then."""
        model.tell = nobody
        self.place.model.write_bytes(pickle.dumps(model))
        self.seed += 1
        command = [
            sys.executable, __file__, "--child", str(self.place.folder),
            "--seed", str(self.seed), "--changes", str(10**9 if kill else changes),
        ]  # fmt: skip
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
        child = subprocess.Popen(
            [*command, *(["--small"] if self.small else [])],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert child.stdout is not None
        left = changes
        while left > 0 and (line := child.stdout.readline()):
            left -= self._count(line)
        if kill and left <= 0:
            time.sleep(self.rng.uniform(0, 0.03))
            child.send_signal(signal.SIGKILL)
        rest, errors = child.communicate()
        for line in rest.splitlines():
            self._count(line)
        if child.returncode != (-signal.SIGKILL if kill else 0):
            raise RuntimeError(f"the child ended with {child.returncode}: {errors.decode()}")
        self.killed += kill
        journal = Journal(self.place.journal)
        self.ahead += found(model, journal, self.place.project, self.small)
        self.checks += 1
        return model

    def _count(self, line: bytes) -> bool:
        kind, checks = line.split()
        self.checks += int(checks)
        self.changes += kind == b"change"
        self.moves += kind == b"move"
        return kind == b"change"

    def back_and_forth(self, model: Model) -> int:
        """Undo everything and redo it, comparing at each point; return how many changes."""
        driver = Driver(self.place.project, Arrays(self.place.arrays), model)
        driver.trims = self.small
        driver.check()
        while model.done < len(model.texts):
            driver.redo()
            driver.check()
        first = driver.model.points[0]
        for move, until in ((driver.undo, 0), (driver.redo, len(model.texts))):
            while model.done != until:
                if self.rng.random() < 0.02:
                    driver.open()
                    driver.reopen()
                move()
                driver.check()
        driver.session.go_to(0)
        model.turn(0)
        driver.check()
        assert model.now == first
        driver.close()
        self.checks += driver.checks
        return len(model.texts)


def give_up(*error: Any) -> None:
    """End here: Qt would go on after an error in what a signal calls."""
    traceback.print_exception(*error)
    sys.stderr.flush()
    os._exit(3)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--small", action="store_true", help="hardly any room for the history")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    from PySide6.QtCore import QCoreApplication

    sys.excepthook = give_up
    app = QCoreApplication([])
    with small_budgets(*SMALL) if asked.small else nullcontext():
        if asked.child:
            work(Place(asked.child), asked.seed, asked.changes)
            return 0
        with tempfile.TemporaryDirectory(prefix="segstudio-machine-") as name:
            run(Study(Place(Path(name)), asked.seed * 1000, asked.small), asked)
    del app
    return 0


def run(study: Study, asked: argparse.Namespace) -> None:
    began, model = time.monotonic(), study.begin()
    part = max(1, asked.changes // (asked.kills + 1))
    for _ in range(asked.kills):
        wanted = study.rng.randint(part // 2, part + part // 2)
        model = study.run_child(model, max(1, wanted), kill=True)
    model = study.run_child(model, max(1, asked.changes - study.changes), kill=False)
    undone = study.back_and_forth(model)
    print(
        f"seed {asked.seed}{', small history' if asked.small else ''}: {study.changes} changes and"
        f" {study.moves} moves, killed {study.killed} times ({study.ahead} changes were committed"
        f" and not yet told), {undone} undone and redone; {study.checks} comparisons, all"
        f" identical, in {time.monotonic() - began:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
