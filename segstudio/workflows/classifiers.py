"""Pixel classifiers as models: learned from the labels of a project, saved as runs."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from segstudio import __version__
from segstudio.domain.card import Card, CardClass, InputSpec
from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.geometry import Box
from segstudio.domain.metrics import Confusion
from segstudio.domain.records import RunRecord
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import TILE, Ids, Key
from segstudio.domain.tiling import Pixels, Tile
from segstudio.errors import UserError
from segstudio.learning.bundle import MODEL, WEIGHTS, bundled, put_card
from segstudio.learning.dataset import Example
from segstudio.methods.exporting import TOLERANCE, largest_difference, onnx_model
from segstudio.methods.pixels import Classified, PixelClassifier
from segstudio.methods.run import segment
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import segmenters
from segstudio.settings import build
from segstudio.store.project import Project
from segstudio.workflows.labels import Labels, collect
from segstudio.workflows.models import IN_USE
from segstudio.workflows.runs import RunFolder, ended, settle_interrupted
from segstudio.workflows.shelf import Shelf
from segstudio.workflows.train import TrainReport, metrics_of, stopped

CORE = 512
"""Side of the windows in which models predict, without their halo."""


def classifiers() -> list[str]:
    """Return the names of the segmenters that can be trained and saved as models."""
    return [name for name in segmenters if issubclass(segmenters[name], PixelClassifier)]


def classifier(name: str, values: dict[str, Any]) -> PixelClassifier:
    """Return a pixel classifier with settings by name; raise `UserError` for unknown ones."""
    made = build(segmenters[name], values)
    assert isinstance(made, PixelClassifier)
    return made


def train_classifier(project: Project, segmenter: PixelClassifier, task: Task) -> TrainReport:
    """Learn from the labels, measure on those held back, and make the model the one in use.

    It takes the labels of the same pictures as `segstudio.workflows.train.train`.
    """
    shelf = Shelf()
    try:
        labels = collect(project, shelf, task)
        with _run(project, segmenter) as run:
            began = time.monotonic()
            samples = _samples(labels.train)
            state = segmenter.fit(samples, Part(task, 0, 2, "Learning what the classes look like"))
            card = _card(segmenter, state, project.classes(), _fingerprint(labels.train))
            card = replace(
                card,
                metrics=_measured(segmenter, state, labels, card, Part(task, 1, 2, "Evaluating")),
                split=labels.split if labels.held else "",
                indicative=labels.indicative,
            )
            return _saved(
                project, run, segmenter, state, card, labels, time.monotonic() - began, task
            )
    finally:
        shelf.close()


def save_classifier(
    project: Project, segmenter: PixelClassifier, state: Classified, task: Task
) -> TrainReport:
    """Save what was learned in the window as a run of the project, and use its model.

    It was not measured: its mIoU is unknown.
    """
    labels = Labels([], [], "", False, [])
    with _run(project, segmenter) as run:
        card = _card(segmenter, state, project.classes(), "")
        return _saved(project, run, segmenter, state, card, labels, 0.0, task)


def _saved(
    project: Project,
    run: RunRecord,
    segmenter: PixelClassifier,
    state: Classified,
    card: Card,
    labels: Labels,
    seconds: float,
    task: Task,
) -> TrainReport:
    folder = RunFolder(project.run_folder(run.id))
    folder.write("settings.json", dict(run.settings))
    card = write_bundle(segmenter, state, card, folder.model, task)
    metrics = metrics_of(card, 1, 1, seconds)
    folder.write("metrics.json", metrics)
    project.save_run(ended(run, "done", **metrics)).result()
    project.set_fact(IN_USE, str(run.id)).result()
    return TrainReport(
        run.id, card.network, card.parameters, 1, seconds, metrics["miou"], card.indicative,
        folder.model, labels.failed,
    )  # fmt: skip


def write_bundle(
    segmenter: PixelClassifier, state: Classified, card: Card, folder: Path, task: Task
) -> Card:
    """Write the model's bundle; return its final card.

    Raises `UserError` where ONNX Runtime and we disagree; nothing is left then.
    """
    import onnx
    from safetensors.numpy import save_file

    model = onnx_model(segmenter, state, card.ids)
    difference = largest_difference(segmenter, state, model, card.ids, task)
    if not difference < TOLERANCE:
        raise UserError(
            f"the exported model differs from the classifier by {difference:.2g}",
            "the former model stays in use; please report this with the method's settings",
        )
    card = replace(card, largest_difference=difference)
    with bundled(folder) as beside:
        save_file(state.votes.arrays(), beside / WEIGHTS)
        onnx.save(model, beside / MODEL)
        put_card(card, beside)
    return card


def _card(
    segmenter: PixelClassifier, state: Classified, classes: Sequence[LabelClass], fingerprint: str
) -> Card:
    bands = state.encoding.bands
    return Card(
        tuple(CardClass.of(label) for label in classes),
        segmenters.name_of(segmenter),
        {"network": asdict(segmenter)},
        InputSpec(bands, 1.0, (0.0,) * bands, (1.0,) * bands),
        stride=1,
        tile=CORE,
        halo=segmenter.bank.reach(bands),
        parameters=sum(int(array.size) for array in state.votes.arrays().values()),
        training_data=fingerprint,
        program=f"segstudio {__version__}",
    )


def _measured(
    segmenter: PixelClassifier, state: Classified, labels: Labels, card: Card, task: Task
) -> dict[str, Any]:
    """Measure on the labels held back, each picture at its own size."""
    confusion, desk = Confusion(card.ids), _Desk()
    for done, example in enumerate(labels.held):
        picture = _Opened(example, desk)
        ids = np.full((picture.height, picture.width), UNLABELLED, np.uint8)
        part = Part(task, done, len(labels.held), "Evaluating")
        for box, found in segment(segmenter, state, picture, part):
            ids[box.slices] = found
        confusion.add(picture.mask, ids)
    return confusion.summary({label.id: label.name for label in card.classes})


def _samples(examples: Sequence[Example]) -> Samples:
    desk = _Desk()
    pictures = [_Opened(example, desk) for example in examples]
    return Samples(pictures, strokes=[_Said(picture) for picture in pictures])


def _fingerprint(examples: Sequence[Example]) -> str:
    digest = hashlib.sha256()
    for example in examples:
        digest.update(example.content_hash().encode())
        digest.update(hashlib.sha256(example.read_mask().tobytes()).digest())
    return digest.hexdigest()


class _Desk:
    """Where one labelled picture lies at a time: the last that was read."""

    def __init__(self) -> None:
        self._last: tuple[Example, Pixels, Ids] | None = None

    def take(self, example: Example) -> tuple[Pixels, Ids]:
        if self._last is None or self._last[0] is not example:
            self._last = example, example.read_pixels(), example.read_mask()
        return self._last[1:]


class _Opened:
    """A labelled picture as segmenters read it."""

    def __init__(self, example: Example, desk: _Desk) -> None:
        self._example, self._desk = example, desk
        self.height, self.width = (int(side) for side in example.read_mask().shape)

    def read(self, box: Box, stride: int = 1) -> Tile:
        return Tile(self._desk.take(self._example)[0][box.slices][::stride, ::stride], box)

    @property
    def mask(self) -> Ids:
        return self._desk.take(self._example)[1]


@dataclass(frozen=True, eq=False)
class _Said:
    """The labels of a picture as strokes."""

    picture: _Opened

    def __iter__(self) -> Iterator[Key]:
        mask = self.picture.mask
        for box in Box(0, 0, *mask.shape).tiles(TILE):
            if (mask[box.slices] != UNLABELLED).any():
                yield box.top // TILE, box.left // TILE

    def read(self, box: Box) -> Ids:
        return self.picture.mask[box.slices]


@contextmanager
def _run(project: Project, segmenter: PixelClassifier) -> Iterator[RunRecord]:
    """Give a run that is entered now; it says in the end if it failed or was cancelled."""
    settle_interrupted(project)
    name = segmenters.name_of(segmenter)
    settings = {"training": {"network": name}, "network": asdict(segmenter), "weights": None}
    run = project.new_run("train", name, settings)
    try:
        yield run
    except BaseException as error:
        project.save_run(stopped(run, error)).result()
        raise
