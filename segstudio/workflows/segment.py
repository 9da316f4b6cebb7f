"""Proposing masks by a segmenter, into a project or as files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED, LabelClass, default_colour
from segstudio.domain.edit import Edit
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import LayerBuilder
from segstudio.errors import UserError
from segstudio.methods.run import segment
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import Segmenter
from segstudio.store.project import Project
from segstudio.workflows.gathering import gathering
from segstudio.workflows.items import Batch, Item, OpenItem, each, opened
from segstudio.workflows.outputs import Outputs, Piece
from segstudio.workflows.proposals import Proposing

TEXT = "Segmenting"

REGIONS = tuple(LabelClass(n, f"region {n}", default_colour(n), position=n) for n in range(255))
"""What files name the regions of a segmenter, which have numbers and no classes."""


@dataclass(frozen=True)
class Proposed:
    """What proposing came to, and the edit that does it."""

    edit: Edit
    batch: Batch


def plan_segment(
    project: Project,
    items: Sequence[Item],
    segmenter: Segmenter,
    task: Task,
    places: Mapping[int, int] | None = None,
    accept: bool = False,
) -> Proposed:
    """Plan proposals for pictures of a project, each fitted by itself.

    Region i becomes the i-th class, unless ``places`` says which class, by id; regions
    without a class stay unlabelled.
    """
    return proposed(
        project, items, lambda picture, part: regions(segmenter, picture, part),
        class_of_region(project.classes(), places), task, accept,
        TEXT, f"Segment by {type(segmenter).__name__}",
    )  # fmt: skip


def proposed(
    project: Project,
    items: Sequence[Item],
    pieces: Callable[[OpenItem, Task], Iterator[Piece]],
    table: NDArray[np.uint8],
    task: Task,
    accept: bool,
    text: str,
    name: str,
) -> Proposed:
    """Gather what ``pieces`` says of each picture as one edit called ``name``.

    ``table`` turns its ids into those of the project; ``text`` tells what is going on. The edit
    of a batch that was cancelled does what was done.
    """
    written = 0
    with gathering(project, len(items)) as gathered:
        proposing = Proposing(project, gathered, accept)

        def do(item: Item, part: Task) -> None:
            nonlocal written
            assert item.image is not None
            with opened(item) as picture:
                builder = LayerBuilder(picture.height, picture.width)
                for box, ids, _ in pieces(picture, part):
                    builder.write(box, table[ids])
            proposing.take(item.image, builder.finish(), part)
            written += 1

        batch = each(items, do, task, text)
        batch.written = written
        return Proposed(gathered.edit(name), batch)


def segment_files(items: Sequence[Item], segmenter: Segmenter, folder: Path, task: Task) -> Batch:
    """Write the region numbers of pictures as masks."""
    outputs = Outputs(folder, items, REGIONS)
    written = 0

    def do(item: Item, part: Task) -> None:
        nonlocal written
        with opened(item) as picture:
            pieces = regions(segmenter, picture, part)
            written += outputs.write(item, picture.info, pieces, False, part)

    batch = each(items, do, task, TEXT)
    batch.written = written
    return batch


def regions(segmenter: Segmenter, picture: OpenItem, task: Task) -> Iterator[Piece]:
    """Fit a segmenter to a picture and yield its region numbers, window by window."""
    state: Any = segmenter.fit(Samples([picture]), Part(task, 0, 2))
    for box, ids in segment(segmenter, state, picture, Part(task, 1, 2)):
        yield box, ids, None


def class_of_region(
    classes: Sequence[LabelClass], places: Mapping[int, int] | None = None
) -> NDArray[np.uint8]:
    """Return a table from region numbers to class ids; see `plan_segment`."""
    if not classes:
        raise UserError("the project has no classes", "add some, then segment again")
    table = np.full(256, UNLABELLED, np.uint8)
    for region, label in enumerate(classes):
        table[region] = label.id
    for region, id in (places or {}).items():
        table[region] = id
    return table


def read_places(texts: Sequence[str], classes: Sequence[LabelClass]) -> dict[int, int]:
    """Read ``0=NAME,1=none`` as the command line gives it: class ids by region number."""
    by_name = {label.name.casefold(): label.id for label in classes} | {"none": UNLABELLED}
    places = {}
    for part in (part for text in texts for part in text.split(",") if part.strip()):
        region, equals, name = (piece.strip() for piece in part.partition("="))
        if not equals or not region.isdecimal() or int(region) >= UNLABELLED:
            raise UserError(f"{part!r} maps no region", "write it as 0=NAME, or 0=none")
        if name.casefold() not in by_name:
            names = ", ".join(label.name for label in classes)
            raise UserError(f"there is no class called {name!r}", f"there are: {names}")
        places[int(region)] = by_name[name.casefold()]
    return places
