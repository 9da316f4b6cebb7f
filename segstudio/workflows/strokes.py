"""What people have said of the pixels of pictures, for segmenters that learn from it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from segstudio.domain import codec
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.records import ImageRecord, Split
from segstudio.domain.task import Task, track
from segstudio.domain.tiles import TILE, Ids, Key, Source
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods.samples import Picture, Samples, Strokes
from segstudio.store.project import Project
from segstudio.workflows.items import check_unchanged
from segstudio.workflows.shelf import Shelf

SAID = (Source.PERSON, Source.IMPORT)
"""Whose pixels count: an accepted proposal is what a machine said."""


class Painted:
    """What people have painted or brought along of one picture: its `Strokes`.

    The layers must stay as they are: give a copy of those that are being painted on.
    """

    def __init__(self, layers: Layers) -> None:
        self._layers = layers

    def __bool__(self) -> bool:
        return bool(self._keys)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def read(self, box: Box) -> Ids:
        """Return the class ids of a box, 255 where no person has given one."""
        ids, source = self._layers.mask.read(box), self._layers.source.read(box)
        ids[(source != Source.PERSON) & (source != Source.IMPORT)] = UNLABELLED
        return ids

    @cached_property
    def _keys(self) -> tuple[Key, ...]:
        return tuple(key for key in sorted(self._layers.mask) if self._says(key))

    def _says(self, key: Key) -> bool:
        given = self._layers.source.get(key)
        return given is not None and bool(codec.counts(given.data, TILE)[list(SAID)].any())


@dataclass(frozen=True, eq=False)
class ShelvedPicture:
    """A picture of a project that is opened when it is read from, and perhaps closed again.

    Two are equal where they are of the same file with the same content: what was learned of
    one is then known of the other, which another shelf may hold.
    """

    path: Path
    image: ImageRecord
    shelf: Shelf

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ShelvedPicture) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    @property
    def _content(self) -> tuple[Path, str]:
        return self.path, self.image.hash

    @property
    def height(self) -> int:
        return self.image.height

    @property
    def width(self) -> int:
        return self.image.width

    def read(self, box: Box, stride: int = 1) -> Tile:
        return self.shelf.tile(self.path, box, stride)


def picture_samples(project: Project, image: ImageRecord, picture: Picture) -> Samples:
    """Return a picture and the strokes on it, as they are committed."""
    return Samples([picture], strokes=[Painted(project.layers(image))])


@contextmanager
def project_samples(
    project: Project,
    images: Sequence[ImageRecord],
    task: Task,
    fresh: Mapping[int, Layers] | None = None,
) -> Iterator[Samples]:
    """Give those of the images that hold strokes, with them; never any of val or test.

    ``fresh`` has the layers of images that differ from what is committed, by id. Pictures
    whose file is gone or changed are left out. The samples can be read while this is entered,
    by one thread.
    """
    fresh = fresh or {}
    labelled = {image.id for image in project.labelled()} | set(fresh)
    learned = [i for i in images if i.id in labelled and i.split in (Split.TRAIN, Split.POOL)]
    found: list[ImageRecord] = []
    strokes: list[Strokes] = []
    for image in track(task, learned, "Looking for strokes"):
        painted = Painted(fresh.get(image.id) or project.layers(image))
        if painted and _there(project, image):
            found.append(image)
            strokes.append(painted)
    with _shelved(project, found) as pictures:
        yield Samples(pictures, strokes=strokes)


@contextmanager
def together_samples(
    project: Project, images: Sequence[ImageRecord], task: Task
) -> Iterator[Samples]:
    """Give all of the images, without strokes, as `project_samples` does.

    What is learned from them means the same in each.
    """
    found = [i for i in track(task, images, "Looking for the pictures") if _same_size(project, i)]
    with _shelved(project, found) as pictures:
        yield Samples(pictures)


@contextmanager
def _shelved(project: Project, images: Sequence[ImageRecord]) -> Iterator[list[Picture]]:
    shelf = Shelf()
    try:
        yield [ShelvedPicture(project.path_of(image), image, shelf) for image in images]
    finally:
        shelf.close()


def _there(project: Project, image: ImageRecord) -> bool:
    try:
        check_unchanged(project.path_of(image), image)
    except UserError:
        return False
    return True


def _same_size(project: Project, image: ImageRecord) -> bool:
    """Tell whether a picture's file seems to be there; of very many, none is read for that."""
    try:
        size = project.path_of(image).stat().st_size
    except OSError:
        return False
    return not image.size or size == image.size
