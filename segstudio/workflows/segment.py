"""Proposing masks by a segmenter, into a project or as files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED, LabelClass, default_colour
from segstudio.domain.edit import Edit
from segstudio.domain.geometry import Box
from segstudio.domain.task import Part, Task, track
from segstudio.domain.tiles import Ids, Key, LayerBuilder, Packed, SparseLayer
from segstudio.errors import UserError
from segstudio.interactive.blocks import blocks
from segstudio.interactive.cleanup import Cleanup
from segstudio.methods.run import segment
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import Segmenter
from segstudio.store.project import Project
from segstudio.workflows.cleaning import TEXT as CLEANING
from segstudio.workflows.cleaning import check_steps, cleaned_mask
from segstudio.workflows.gathering import gathering
from segstudio.workflows.items import Batch, Item, OpenItem, Stretch, each, opened
from segstudio.workflows.outputs import Outputs, Piece
from segstudio.workflows.proposals import Proposing
from segstudio.workflows.strokes import picture_samples, project_samples, together_samples

TEXT = "Segmenting"

LEARNING = 0.3
"""Share of the time that learning takes where it is done once for all pictures, about."""

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
    together: bool = False,
    steps: Sequence[Cleanup] = (),
) -> Proposed:
    """Plan proposals for pictures of a project, which ``steps`` clean up.

    A segmenter that learns from strokes gives classes. Of another one region i becomes the
    i-th class, unless ``places`` says which class, by id; regions without a class stay
    unlabelled. It learns from each picture by itself, or once from all the project's pictures
    ``together``, so that its regions are the same everywhere.
    """
    classes = project.classes()
    table = table_of(segmenter, classes, places)
    check_steps(steps, classes)
    check_together(segmenter, together)
    if together or segmenter.seeds == "project":
        state = learned(project, segmenter, Stretch(task, 0, LEARNING, "Learning"))
        task = Stretch(task, LEARNING, 1, TEXT)

        def pieces(picture: OpenItem, part: Task) -> Iterator[Piece]:
            return applied(segmenter, state, picture, part)
    else:

        def pieces(picture: OpenItem, part: Task) -> Iterator[Piece]:
            return regions(segmenter, picture, part, project)

    name = f"Segment by {type(segmenter).__name__}"
    return proposed(project, items, pieces, table, task, accept, TEXT, name, steps)


def proposed(
    project: Project,
    items: Sequence[Item],
    pieces: Callable[[OpenItem, Task], Iterator[Piece]],
    table: NDArray[np.uint8],
    task: Task,
    accept: bool,
    text: str,
    name: str,
    steps: Sequence[Cleanup] = (),
) -> Proposed:
    """Gather what ``pieces`` says of each picture as one edit called ``name``.

    ``table`` turns its ids into those of the project, ``steps`` clean them up; ``text`` tells
    what is going on. The edit of a batch that was cancelled does what was done.
    """
    written = 0
    with gathering(project, len(items)) as gathered:
        proposing = Proposing(project, gathered, accept)

        def do(item: Item, part: Task) -> None:
            nonlocal written
            assert item.image is not None
            first, last = (part, part) if not steps else (Part(part, 0, 2), Part(part, 1, 2))
            with opened(item) as picture:
                builder = LayerBuilder(picture.height, picture.width)
                for box, ids, _ in pieces(picture, first):
                    builder.write(box, table[ids])
            tiles = cleaned_tiles(item.image.box, builder.finish(), steps, last)
            proposing.take(item.image, tiles, part)
            written += 1

        batch = each(items, do, task, text)
        batch.written = written
        return Proposed(gathered.edit(name), batch)


def segment_files(
    items: Sequence[Item],
    segmenter: Segmenter,
    folder: Path,
    task: Task,
    steps: Sequence[Cleanup] = (),
) -> Batch:
    """Write the region numbers of pictures as masks."""
    if segmenter.seeds != "none":
        raise UserError(
            f"{segmenter.title} learns from strokes that are painted in a project",
            "name a project, and leave out -o",
        )
    outputs = Outputs(folder, items, REGIONS)
    written = 0

    def do(item: Item, part: Task) -> None:
        nonlocal written
        with opened(item) as picture:
            pieces = regions(segmenter, picture, part)
            if steps:
                pieces = _cleaned_pieces(picture.info.box, pieces, steps, part)
            written += outputs.write(item, picture.info, pieces, False, part)

    batch = each(items, do, task, TEXT)
    batch.written = written
    return batch


# -- learning ------------------------------------------------------------------------


def regions(
    segmenter: Segmenter, picture: OpenItem, task: Task, project: Project | None = None
) -> Iterator[Piece]:
    """Fit a segmenter to a picture by itself and yield what it says, window by window.

    Of a picture of a ``project`` the strokes on it are given to those that want some.
    """
    samples = Samples([picture])
    if segmenter.seeds != "none" and project is not None and picture.image is not None:
        samples = picture_samples(project, picture.image, picture)
    state: Any = segmenter.fit(samples, Part(task, 0, 2))
    yield from applied(segmenter, state, picture, Part(task, 1, 2))


def applied(segmenter: Segmenter, state: Any, picture: OpenItem, task: Task) -> Iterator[Piece]:
    """Yield what a fitted segmenter says of a picture, window by window."""
    for box, ids in segment(segmenter, state, picture, task):
        yield box, ids, None


def learned(project: Project, segmenter: Segmenter, task: Task) -> Any:
    """Fit a segmenter to the whole project: to its strokes, or to all its pictures.

    Raises `UserError` where there is nothing to learn from.
    """
    images = project.images()
    if segmenter.seeds != "none":
        with project_samples(project, images, Part(task, 0, 2)) as samples:
            if not samples.strokes:
                raise UserError(
                    "there is no stroke on any picture of train or pool",
                    "paint a little of each class on one, then try again",
                )
            return segmenter.fit(samples, Part(task, 1, 2))
    with together_samples(project, images, Part(task, 0, 2)) as samples:
        return segmenter.fit(samples, Part(task, 1, 2))


def check_together(segmenter: Segmenter, together: bool) -> None:
    """Raise `UserError` where a segmenter cannot learn from all pictures together."""
    if together and segmenter.seeds == "picture":
        raise UserError(
            f"{segmenter.title} goes by the strokes on each picture",
            "choose another method to learn from all pictures together",
        )


# -- cleaning up ---------------------------------------------------------------------


def cleaned_tiles(
    image: Box, tiles: dict[Key, Packed], steps: Sequence[Cleanup], task: Task
) -> dict[Key, Packed]:
    """Return the tiles of a proposal as the steps leave it; ``image`` is all of the picture."""
    if not steps:
        return tiles
    builder = LayerBuilder(image.height, image.width)
    for box, ids in _cleaned(image, tiles, steps, task):
        builder.write(box, ids)
    return builder.finish()


def _cleaned_pieces(
    image: Box, pieces: Iterator[Piece], steps: Sequence[Cleanup], task: Task
) -> Iterator[Piece]:
    builder = LayerBuilder(image.height, image.width)
    for box, ids, _ in pieces:
        builder.write(box, ids)
    for box, ids in _cleaned(image, builder.finish(), steps, task):
        yield box, ids, None


def _cleaned(
    image: Box, tiles: dict[Key, Packed], steps: Sequence[Cleanup], task: Task
) -> Iterator[tuple[Box, Ids]]:
    layer = SparseLayer(image.height, image.width, tiles)
    read = cleaned_mask(layer.read, image, steps, Part(task, 0, 2))
    for box in track(Part(task, 1, 2), list(blocks(image)), CLEANING):
        yield box, read(box)


# -- classes -------------------------------------------------------------------------


def table_of(
    segmenter: Segmenter,
    classes: Sequence[LabelClass],
    places: Mapping[int, int] | None = None,
) -> NDArray[np.uint8]:
    """Return a table from a segmenter's numbers to class ids; see `plan_segment`.

    What one that learns from strokes says are class ids already.
    """
    if segmenter.seeds == "none":
        return class_of_region(classes, places)
    if places:
        raise UserError(
            f"{segmenter.title} gives classes, not regions", "leave out the classes of regions"
        )
    return class_of_region(classes, {n: n for n in range(UNLABELLED)})


def class_of_region(
    classes: Sequence[LabelClass], places: Mapping[int, int] | None = None
) -> NDArray[np.uint8]:
    """Return a table from region numbers to class ids; see `plan_segment`.

    Regions whose class there is not (any more) stay unlabelled.
    """
    if not classes:
        raise UserError("the project has no classes", "add some, then segment again")
    table = np.full(256, UNLABELLED, np.uint8)
    known = {label.id for label in classes}
    for region, label in enumerate(classes):
        table[region] = label.id
    for region, id in (places or {}).items():
        table[region] = id if id in known else UNLABELLED
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
