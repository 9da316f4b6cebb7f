"""Paints in a child process, kills it at a random moment, reopens: is every finished stroke there?

    python tests/kill_study.py --runs 20

The child drives the real window and writes a line to a pipe when `edit_saved` comes: from
then on the stroke is finished and must never be lost. One more may have been committed
without having been told. What is found is compared pixel by pixel with the strokes
rasterised anew, and undone stroke by stroke down to nothing.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
PICTURES = 2
SIZE = (640, 480)


@dataclass(frozen=True)
class Stroke:
    """A stroke as the child has begun it; ``value`` 255 erases."""

    image: int
    points: tuple[tuple[float, float], ...]
    diameter: int
    value: int


@dataclass(frozen=True)
class Round:
    """What one round found."""

    seconds: float
    finished: int
    found: int
    undone: int
    integrity: str
    problem: str = ""


# -- the child -----------------------------------------------------------------------


def paint(project: Path, seed: int) -> None:
    """Paint strokes for ever; tell each that begins, and each that is finished."""
    from segstudio.testing import Studio

    studio = Studio(project)
    session = studio.session
    session.edit_saved.connect(lambda id: tell(finished=id))
    rng = random.Random(seed)
    tell(ready=True)
    while True:
        stroke = random_stroke(rng)
        if session.image is None or session.image.id != stroke.image:
            studio.open(session.images[stroke.image].name)
        tell(id=session.ledger.next_id, stroke=vars(stroke))
        studio.brush(stroke.diameter)
        studio.choose_class(session.class_of(max(1, stroke.value % 255)).name)
        studio.drag(*stroke.points, button="right" if stroke.value == 255 else "left")
        if rng.random() < 0.3:
            studio.wait_saved()


def tell(**fact: object) -> None:
    os.write(1, (json.dumps(fact) + "\n").encode())


def random_stroke(rng: random.Random) -> Stroke:
    width, height = SIZE
    points = [(rng.uniform(0, width), rng.uniform(0, height)) for _ in range(rng.randint(2, 6))]
    value = 255 if rng.random() < 0.2 else rng.choice([1, 2])
    return Stroke(rng.randint(1, PICTURES), tuple(points), rng.choice([3, 20, 80]), value)


# -- the parent ----------------------------------------------------------------------


def make_project(folder: Path) -> Path:
    """Make a project of two plain pictures; return its folder."""
    from PIL import Image

    from segstudio.testing import sample_project

    pictures = folder / "in"
    pictures.mkdir()
    for number in range(PICTURES):
        Image.new("RGB", SIZE, (60 * number, 90, 120)).save(pictures / f"wall-{number}.png")
    return sample_project(folder, pictures)


def kill_while_painting(project: Path, seed: int) -> tuple[float, dict[int, Stroke], list[int]]:
    """Let a child paint and kill it; return the strokes that it began and finished, by id."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(project.parent),
        "OMP_NUM_THREADS": "1",
    }
    child = subprocess.Popen(
        [sys.executable, __file__, "--paint", str(project), "--seed", str(seed)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stderr is not None
    first = child.stdout.readline()
    if not first:
        raise RuntimeError(f"the child did not start: {child.stderr.read().decode()}")
    delay = random.Random(seed).uniform(0.02, 2.0)
    time.sleep(delay)
    child.send_signal(signal.SIGKILL)
    rest, errors = child.communicate()
    if child.returncode != -signal.SIGKILL:
        raise RuntimeError(f"the child ended by itself: {errors.decode()}")
    begun: dict[int, Stroke] = {}
    finished: list[int] = []
    for line in rest.split(b"\n")[:-1]:
        fact = json.loads(line)
        if "stroke" in fact:
            begun[fact["id"]] = Stroke(**fact["stroke"])
        elif "finished" in fact:
            finished.append(fact["finished"])
    return delay, begun, finished


def replay(strokes: list[Stroke]) -> dict[int, np.ndarray]:
    """Rasterise strokes anew; return the mask of each picture."""
    from segstudio.domain.geometry import Box
    from segstudio.domain.stroke import capsule

    width, height = SIZE
    image = Box(0, 0, height, width)
    masks = {id: np.full((height, width), 255, np.uint8) for id in range(1, PICTURES + 1)}
    for stroke in strokes:
        ways = zip(stroke.points, stroke.points[1:], strict=False)
        for start, end in [(stroke.points[0], stroke.points[0]), *ways]:
            box, region = capsule(start, end, stroke.diameter, image)
            masks[stroke.image][box.slices][region] = stroke.value
    return masks


def check(project: Path, begun: dict[int, Stroke], finished: list[int]) -> tuple[int, int, str]:
    """Reopen; return how many strokes are there, how many were undone, and what is wrong."""
    from segstudio.store.project import Project

    store = Project.open(project)
    try:
        entries, done = store.history()
        ids = [entry.id for entry in entries if entry.text in ("Brush", "Erase")]
        lost = set(finished) - set(ids)
        if lost:
            return len(ids), 0, f"finished strokes are gone: {sorted(lost)}"
        if done != len(entries):
            return len(ids), 0, "something counts as undone"
        for count in range(len(ids), -1, -1):
            problem = differences(store, [begun[id] for id in ids[:count]])
            if problem:
                return len(ids), len(ids) - count, f"with {count} strokes {problem}"
            if count:
                store.turn([ids[count - 1]], undo=True).result()
        return len(ids), len(ids), ""
    finally:
        store.close()


def differences(store: "object", strokes: list[Stroke]) -> str:
    """Compare the masks with the strokes, pixel by pixel; return what differs, in words."""
    for id, expected in replay(strokes).items():
        image = store.image(id)  # type: ignore[attr-defined]
        found = store.layers(image).mask.read(image.box)  # type: ignore[attr-defined]
        wrong = int((found != expected).sum())
        if wrong:
            return f"{wrong} pixels of picture {id} differ"
    return ""


def integrity(project: Path) -> str:
    connection = sqlite3.connect(project / "project.db")
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def one_round(seed: int) -> Round:
    """Paint, kill, reopen, compare."""
    with tempfile.TemporaryDirectory(prefix="segstudio-kill-") as name:
        project = make_project(Path(name))
        delay, begun, finished = kill_while_painting(project, seed)
        sound = integrity(project)
        found, undone, problem = check(project, begun, finished)
        if not problem and found > len(finished) + 8:
            problem = "many strokes were committed and not told"
        if not problem and sound != "ok":
            problem = f"the database is damaged: {sound}"
        return Round(delay, len(finished), found, undone, sound, problem)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--paint", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if asked.paint:
        paint(asked.paint, asked.seed)
    lost = 0
    for run in range(asked.runs):
        found = one_round(asked.seed + run)
        lost += bool(found.problem)
        print(
            f"run {run + 1:2}: killed after {found.seconds:4.2f} s, {found.finished:3} finished,"
            f" {found.found:3} there, {found.undone:3} undone, integrity {found.integrity}:"
            f" {found.problem or 'all there'}",
            flush=True,
        )
    print(f"{asked.runs} runs, {lost} with a loss")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
