"""How long it takes to know what to label next: looking at a pool, and choosing from it."""

import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from segstudio.domain.classes import LabelClass, default_colour
from segstudio.domain.regions import boxes_of
from segstudio.domain.task import Quiet, Task
from segstudio.resources import models_folder
from segstudio.store.project import Project
from segstudio.workflows.add import plan_add
from segstudio.workflows.benchmarks.benchmark import Row, benchmarks, timed
from segstudio.workflows.benchmarks.pictures import photograph
from segstudio.workflows.models import find_model
from segstudio.workflows.scoring import Scorer
from segstudio.workflows.strategies.choosing import Recipe, mixed

HEIGHT, WIDTH, SIDE = 352, 480, 128
ROWS, COLUMNS = 20, 25
"""Five hundred pictures, parts of one photograph that overlap."""

MODEL = "facade_fast_scnn"
POOL, CLASSES, BUDGET = 2000, 12, 50


@benchmarks.add
@dataclass(frozen=True)
class Scoring:
    """Pictures of 352 × 480 through the model that comes with the program, and a batch chosen."""

    title: ClassVar[str] = "What to label next"

    def measure(self, task: Task) -> Iterator[Row]:
        if (models_folder() / MODEL / "model.onnx").is_file():
            yield _looking(task)
        yield _choosing(task)


def _looking(task: Task) -> Row:
    count = ROWS * COLUMNS
    row = Row(f"looking at {count} pictures of {HEIGHT} × {WIDTH} with fast_scnn", "s", 15.0)
    with tempfile.TemporaryDirectory() as name:
        project = _project(Path(name))
        try:
            model, numbers = find_model(MODEL).open(), itertools.count()

            def look() -> None:
                # Each time under another name: what is known already is not looked at.
                Scorer(project, [model], f"bench {next(numbers)}", SIDE).tables(
                    project.images(), Quiet()
                )

            row.samples = timed(look, task, "Looking at pictures", 3)
        finally:
            project.close()
    return row


def _project(folder: Path) -> Project:
    import cv2

    whole = photograph(HEIGHT * 4, WIDTH * 4)
    pictures = folder / "pictures"
    pictures.mkdir()
    tops = np.linspace(0, HEIGHT * 3, ROWS).astype(int)
    lefts = np.linspace(0, WIDTH * 3, COLUMNS).astype(int)
    for number, (top, left) in enumerate(itertools.product(tops, lefts)):
        part = whole[top : top + HEIGHT, left : left + WIDTH]
        cv2.imwrite(str(pictures / f"{number}.jpg"), part[:, :, ::-1])
    project = Project.create(folder / "bench", [LabelClass(0, "ground", default_colour(0))])
    project.apply(plan_add(project, [pictures], Quiet()).edit)
    return project


def _choosing(task: Task) -> Row:
    boxes = boxes_of(HEIGHT, WIDTH, SIDE)
    owner = np.repeat(np.arange(POOL), len(boxes))
    random = np.random.default_rng(0)
    doubt = random.random((len(owner), CLASSES))
    places = np.tile(boxes, (POOL, 1))

    def choose() -> None:
        mixed(
            owner, places, doubt, doubt.mean(1), range(CLASSES), BUDGET, Recipe(),
            np.random.default_rng(0),
        )  # fmt: skip

    row = Row(f"choosing {BUDGET} of {len(owner)} regions", "ms")
    row.samples = [seconds * 1000 for seconds in timed(choose, task, "Choosing")]
    return row
