"""Proposing masks by a trained model, into a project or as files."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from segstudio.domain.card import Card
from segstudio.domain.classes import LabelClass
from segstudio.domain.task import Task
from segstudio.inference.model import Model
from segstudio.inference.predict import predict
from segstudio.store.project import Project
from segstudio.workflows.items import Batch, Item, OpenItem, each, opened
from segstudio.workflows.models import Found
from segstudio.workflows.outputs import Outputs, Piece
from segstudio.workflows.segment import Proposed, proposed

TEXT = "Predicting"


def plan_predict(
    project: Project,
    items: Sequence[Item],
    found: Found,
    task: Task,
    accept: bool = False,
    threads: int | None = None,
) -> Proposed:
    """Plan proposals of a model for pictures of a project.

    Classes that the project lacks stay unlabelled; see `class_table`.
    """
    model = found.open(threads)
    table = found.table(model.card, project)
    return proposed(
        project, items, lambda picture, part: pieces(model, picture, part),
        table, task, accept, TEXT, "Predict",
    )  # fmt: skip


def predict_files(
    items: Sequence[Item],
    found: Found,
    folder: Path,
    task: Task,
    entropy: bool = False,
    threads: int | None = None,
) -> Batch:
    """Write masks, and entropy where it is wanted, with the model's own class ids."""
    model = found.open(threads)
    outputs = Outputs(folder, items, classes_of(model.card))
    written = 0

    def do(item: Item, part: Task) -> None:
        nonlocal written
        with opened(item) as picture:
            found_pieces = pieces(model, picture, part, entropy)
            written += outputs.write(item, picture.info, found_pieces, entropy, part)

    batch = each(items, do, task, TEXT)
    batch.written = written
    return batch


def pieces(model: Model, picture: OpenItem, task: Task, entropy: bool = False) -> Iterator[Piece]:
    """Yield the model's class ids of a picture, and its entropy, window by window."""
    yield from predict(model, picture.height, picture.width, picture.read, task, entropy)


def classes_of(card: Card) -> list[LabelClass]:
    """Return the classes of a model as those of a project."""
    return [LabelClass(c.id, c.name, c.colour, position=n) for n, c in enumerate(card.classes)]
