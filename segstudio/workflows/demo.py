"""The whole job on a rendered scene, from pictures to a measured model."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from segstudio.domain.records import Split
from segstudio.domain.task import Task
from segstudio.errors import UserError
from segstudio.methods.builtin.kmeans import KMeans
from segstudio.store.display import display_of, to_rgb
from segstudio.store.exchange.format import formats
from segstudio.store.pictures import preview
from segstudio.store.project import Project
from segstudio.workflows.choice import choose
from segstudio.workflows.compare import project_baselines
from segstudio.workflows.evaluate import Evaluation, evaluate_project, measured
from segstudio.workflows.export import export
from segstudio.workflows.items import Item, items_of, opened, to_propose
from segstudio.workflows.models import Found, in_use
from segstudio.workflows.predict import pieces, plan_predict
from segstudio.workflows.rank import rank
from segstudio.workflows.sample import sample_project, sample_root
from segstudio.workflows.segment import plan_segment
from segstudio.workflows.sheet import Row, contact_sheet
from segstudio.workflows.train import TrainReport, train

__all__ = ["DemoReport", "demo", "sample_project"]

ON_SHEET = 4
"""Pictures of the contact sheet."""


@dataclass
class DemoReport:
    """What the demonstration made, and how good it is."""

    project: Path
    images: int
    run: int
    miou: float | None
    baselines: dict[str, float | None]
    seconds: float
    sheet: Path
    network: str = ""
    parameters: int = 0
    stages: dict[str, float] = field(default_factory=dict)
    """Seconds of each stage."""


def demo(
    folder: Path,
    task: Task,
    scene: str = "facade",
    images: int = 30,
    seed: int = 0,
    preset: str = "quick",
    values: dict[str, object] | None = None,
) -> DemoReport:
    """Render, propose, train, predict, rank, export, evaluate, compare, draw the sheet.

    Everything lies in ``folder`` afterwards; raises `UserError` where a project is there.
    """
    root = sample_root(folder, scene)
    if root.exists():
        raise UserError(f"{root} exists already", "give another folder, or remove this one")
    clock = _Clock()
    sample_project(folder, scene, images, seed, task)
    clock.stop("render")
    project = Project.open(root)
    try:
        return _Demo(project, folder, task, clock).run(scene, seed, preset, values or {})
    finally:
        project.close()


class _Clock:
    """How long each stage took."""

    def __init__(self) -> None:
        self.began = self._last = time.monotonic()
        self.stages: dict[str, float] = {}

    def stop(self, stage: str) -> None:
        now = time.monotonic()
        self.stages[stage] = round(now - self._last, 2)
        self._last = now


class _Demo:
    """The stages of the demonstration, on a project that has its pictures."""

    def __init__(self, project: Project, folder: Path, task: Task, clock: _Clock) -> None:
        self._project, self._folder, self._task, self._clock = project, folder, task, clock
        self._images = project.images()

    def run(self, scene: str, seed: int, preset: str, values: dict[str, object]) -> DemoReport:
        project, task, clock = self._project, self._task, self._clock
        project.apply(plan_segment(project, to_propose(project), KMeans(), task).edit)
        clock.stop("propose")
        report = train(project, choose(preset, None, {"seed": seed, **values}), task)
        clock.stop("train")
        found = in_use(project)
        project.apply(plan_predict(project, to_propose(project), found, task).edit)
        clock.stop("predict")
        rank(project, task)
        clock.stop("rank")
        export(project, formats["masks"](), self._folder / "export", task)
        clock.stop("export")
        evaluation = evaluate_project(project, found, task)
        clock.stop("evaluate")
        compared = project_baselines(project, task, seed)
        simple = {name: one.confusion.miou for name, one in compared.items()}
        clock.stop("baselines")
        sheet = self._folder / f"{scene}-demo.png"
        self._draw(found, evaluation, report, sheet, f"segstudio demo · {scene}, seed {seed}")
        clock.stop("sheet")
        return DemoReport(
            project.root, len(self._images), report.run, evaluation.confusion.miou, simple,
            time.monotonic() - clock.began, sheet, report.network, report.parameters, clock.stages,
        )  # fmt: skip

    def _draw(
        self, found: Found, evaluation: Evaluation, report: TrainReport, path: Path, title: str
    ) -> None:
        val = [image for image in self._images if image.split == Split.VAL]
        learned = sum(image.split == Split.TRAIN for image in self._images)
        subtitle = (
            f"{report.network}, {report.parameters:,} parameters, trained on {learned} pictures in "
            f"{report.steps} steps; mIoU {evaluation.confusion.miou or 0:.2f} on {len(val)} others"
        )
        rows = [self._row(item, found) for item in items_of(self._project, val[:ON_SHEET])]
        contact_sheet(rows, self._project.classes(), title, subtitle, path)

    def _row(self, item: Item, found: Found) -> Row:
        """Predict one picture once more, with its uncertainty."""
        assert item.image is not None
        model = found.open()
        reference = self._project.layers(item.image).mask
        ids = tuple(label.id for label in self._project.classes())
        predicted = np.full((item.image.height, item.image.width), 255, np.uint8)
        doubt = np.zeros(predicted.shape, np.float32)
        with opened(item) as picture:
            for box, part, entropy in pieces(model, picture, self._task, True):
                predicted[box.slices] = part
                if entropy is not None:
                    doubt[box.slices] = entropy
            same = np.arange(256, dtype=np.uint8)
            miou = measured(model, same, picture, reference, ids, self._task).miou
            info = picture.info
        tile = preview(item.path, 2 * max(info.height, info.width))
        shown = to_rgb(tile.pixels, display_of(tile.pixels, info, tile.valid), valid=tile.valid)
        note = f"mIoU {miou:.2f}" if miou is not None else ""
        return Row(item.image.name, note, shown, reference.read(item.image.box), predicted, doubt)
