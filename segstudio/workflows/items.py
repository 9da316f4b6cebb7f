"""The pictures that a workflow works on, of a project or from anywhere, one after another."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord, State
from segstudio.domain.task import Cancelled, Task
from segstudio.domain.tiling import Tile
from segstudio.errors import Failure, UserError
from segstudio.store.files import content_hash
from segstudio.store.formats import Picture, PictureInfo
from segstudio.store.pictures import open_picture
from segstudio.store.project import Project

FEW = 10
"""Up to so many items, progress is told in per cent instead of items."""


@dataclass(frozen=True)
class Item:
    """A picture's file, and its record where it belongs to a project."""

    path: Path
    image: ImageRecord | None = None


@dataclass(frozen=True, eq=False)
class OpenItem:
    """A picture that is open for reading, in the shape that segmenters want.

    ``image`` is its record where it belongs to a project.
    """

    picture: Picture
    image: ImageRecord | None = None

    @property
    def info(self) -> PictureInfo:
        return self.picture.info

    @property
    def height(self) -> int:
        return self.info.height

    @property
    def width(self) -> int:
        return self.info.width

    def read(self, box: Box, stride: int = 1) -> Tile:
        return self.picture.read(box, stride)


@dataclass
class Batch:
    """What became of many items: how many were done, which were left out and why."""

    images: int = 0
    written: int = 0
    failed: list[Failure] = field(default_factory=list)
    seconds: float = 0.0
    interrupted: bool = False


def items_of(project: Project, images: Sequence[ImageRecord]) -> list[Item]:
    return [Item(project.path_of(image), image) for image in images]


def to_propose(project: Project, paths: Sequence[Path] = ()) -> list[Item]:
    """Return the pictures that were named; all that are not reviewed where none was."""
    if paths:
        return items_of(project, named(project, paths))
    return items_of(project, [i for i in project.images() if i.state != State.REVIEWED])


def named(project: Project, paths: Sequence[Path]) -> list[ImageRecord]:
    """Return the pictures of the project that paths, folders or bare names mean.

    Raises `UserError` for one that means none.
    """
    images = project.images()
    found: dict[int, ImageRecord] = {}
    for path in paths:
        whole = path.absolute().resolve()
        hits = [
            image
            for image in images
            if (file := project.path_of(image).resolve()) == whole
            or whole in file.parents
            or str(path) in (image.name, Path(image.name).stem)
        ]
        if not hits:
            raise UserError(
                f"{path} is not a picture of {project.root.name}",
                "segstudio list images shows those that are",
            )
        found.update((image.id, image) for image in hits)
    return list(found.values())


@contextmanager
def opened(item: Item) -> Iterator[OpenItem]:
    """Open an item's picture; raise `UserError` where the file is gone or is another one now."""
    if item.image is not None:
        check_unchanged(item.path, item.image)
    picture = open_picture(item.path)
    try:
        yield OpenItem(picture, item.image)
    finally:
        picture.close()


def check_unchanged(path: Path, image: ImageRecord) -> None:
    """Raise `UserError` unless the file is there and is the one that was added."""
    try:
        size = path.stat().st_size
    except OSError:
        raise UserError(
            "the file is not there any more", "add the folder where it is now: it is found again"
        ) from None
    if (image.size and size != image.size) or (image.hash and content_hash(path) != image.hash):
        raise UserError(
            "the file has changed since it was added",
            "put the former one back, or add the new one under another name",
        )


def each(items: Sequence[Item], do: Callable[[Item, Task], None], task: Task, text: str) -> Batch:
    """Do something with every item, and count.

    An item that cannot be done is left out with the reason; when the task is cancelled, the
    batch ends early with what was done.
    """
    batch, began = Batch(), time.monotonic()
    for place, item in enumerate(items):
        part = _Within(task, place, len(items), text)
        try:
            part.report(0, 1, text)
            do(item, part)
            batch.images += 1
        except Cancelled:
            batch.interrupted = True
            break
        except UserError as error:
            batch.failed.append(Failure(str(item.path), error.message))
        except MemoryError:
            batch.failed.append(Failure(str(item.path), "there is not enough memory for it"))
    batch.seconds = time.monotonic() - began
    return batch


class _Within:
    """Progress inside one of many items, told as progress of all."""

    def __init__(self, task: Task, place: int, items: int, text: str) -> None:
        self._task, self._place, self._items, self._text = task, place, items, text
        self._stretch = Stretch(task, place / items, (place + 1) / items, text)

    def report(self, done: int, total: int, text: str) -> None:
        if self._items > FEW:
            self._task.report(self._place, self._items, self._text)
        else:
            self._stretch.report(done, total, text)


class Stretch:
    """A part of a longer task, from one share of it to another, told in per cent."""

    def __init__(self, task: Task, start: float, end: float, text: str) -> None:
        self._task, self._start, self._end, self._text = task, start, end, text

    def report(self, done: int, total: int, text: str) -> None:
        inside = done / total if total else 0.0
        share = self._start + (self._end - self._start) * inside
        self._task.report(round(100 * share), 100, self._text)
