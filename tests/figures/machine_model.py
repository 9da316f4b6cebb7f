"""What a project must be after every change: arrays and rows, written down anew at each point."""

import hashlib
import sqlite3
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from segstudio.domain import codec
from segstudio.domain.records import class_row
from segstudio.domain.tiles import TILE
from segstudio.store.project import Project
from segstudio.store.reading import DATABASE

MASK, SOURCE, PROPOSAL = range(3)
NOBODY = 255


class Arrays:
    """Arrays by a digest of what they hold, each kept once and compressed.

    With a folder they are written there too, for another process to go on with.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._kept: dict[str, tuple[tuple[int, int], bytes]] = {}
        if folder is not None:
            folder.mkdir(exist_ok=True)

    def put(self, array: np.ndarray) -> str:
        """Keep an array; return its digest."""
        digest = digest_of(array)
        if digest not in self._kept:
            data = zlib.compress(np.ascontiguousarray(array).tobytes(), 1)
            self._kept[digest] = array.shape, data
            if self._folder is not None:
                place = self._folder / f"{array.shape[0]}x{array.shape[1]}-{digest}"
                if not place.exists():
                    place.write_bytes(data)
        return digest

    def get(self, digest: str) -> np.ndarray:
        """Return a copy that may be written to."""
        if digest not in self._kept:
            assert self._folder is not None
            found = next(self._folder.glob(f"*-{digest}"))
            height, width = map(int, found.name.split("-")[0].split("x"))
            self._kept[digest] = (height, width), found.read_bytes()
        shape, data = self._kept[digest]
        return np.frombuffer(zlib.decompress(data), np.uint8).reshape(shape).copy()


def digest_of(array: np.ndarray) -> str:
    shape = f"{array.shape}".encode()
    return hashlib.sha1(shape + np.ascontiguousarray(array).tobytes()).hexdigest()


@dataclass(frozen=True)
class Snapshot:
    """A whole project: rows of classes and pictures by id, digests of three layers a picture."""

    classes: dict[int, dict] = field(default_factory=dict)
    images: dict[int, dict] = field(default_factory=dict)
    layers: dict[int, tuple[str, str, str]] = field(default_factory=dict)

    def with_class(self, id: int, row: dict | None) -> "Snapshot":
        rest = {key: value for key, value in self.classes.items() if key != id}
        return replace(self, classes=rest if row is None else {**rest, id: row})

    def with_image(self, id: int, **values: object) -> "Snapshot":
        """Return the project with other values in a picture's row."""
        return replace(self, images={**self.images, id: {**self.images[id], **values}})

    def with_layers(self, id: int, layers: tuple[str, str, str]) -> "Snapshot":
        return replace(self, layers={**self.layers, id: layers})

    def without_image(self, id: int) -> "Snapshot":
        images, layers = dict(self.images), dict(self.layers)
        del images[id], layers[id]
        return replace(self, images=images, layers=layers)

    def plain(self) -> list:
        """Return what JSON can hold of it, all of it."""
        return [
            list(self.classes.items()), list(self.images.items()), list(self.layers.items()),
        ]  # fmt: skip

    @classmethod
    def of(cls, plain: list) -> "Snapshot":
        classes, images, layers = (dict(pairs) for pairs in plain)
        return cls(classes, images, {id: tuple(each) for id, each in layers.items()})


def nobody(kind: str, *facts: object) -> None:
    """Hear what a model tells, and do nothing."""


@dataclass
class Model:
    """A line of time: the snapshot at each of its points, and where in it the project is."""

    points: list[Snapshot]
    texts: list[str] = field(default_factory=list)
    done: int = 0
    tell: Callable[..., None] = nobody

    @property
    def now(self) -> Snapshot:
        return self.points[self.done]

    def push(self, text: str, after: Snapshot) -> None:
        """A change is made; what was undone is gone."""
        del self.points[self.done + 1 :], self.texts[self.done :]
        self.points.append(after)
        self.texts.append(text)
        self.done += 1
        self.tell("push", text, after.plain())

    def turn(self, done: int) -> None:
        """Go to another point."""
        self.done = done
        self.tell("turn", done)

    def forget(self, count: int) -> None:
        """The oldest changes cannot be undone any more."""
        del self.points[:count], self.texts[:count]
        self.done -= count
        self.tell("forget", count)

    def hear(self, kind: str, *facts: object) -> None:
        """Do what another model has told."""
        if kind == "push":
            self.push(facts[0], Snapshot.of(facts[1]))
        elif kind == "turn":
            self.turn(facts[0])
        else:
            self.forget(facts[0])


class DiskReader:
    """Reads a project's database as a stranger would, and checks that it is in order.

    One that was ``killed`` may hold staged tiles, which the next opening drops.
    """

    def __init__(self, killed: bool = False) -> None:
        self.killed = killed
        self._unpacked: dict[bytes, np.ndarray] = {}

    def read(self, root: Path, arrays: dict[str, np.ndarray] | None = None):
        """Return the snapshot that the disk holds, the texts of its history, and how many done.

        ``arrays`` is filled with what the layers hold. Raises AssertionError where the tables
        contradict each other.
        """
        project = Project.open(root, write=False)
        contents = project.contents()
        project.close()
        images = {id: image.row() for id, image in contents.images.items()}
        connection = sqlite3.connect(f"file:{root / DATABASE}?mode=ro", uri=True)
        try:
            layers = self._layers(connection, images)
        finally:
            connection.close()
        digests = {}
        for id, each in layers.items():
            digests[id] = tuple(digest_of(array) for array in each)
            if arrays is not None:
                arrays.update(zip(digests[id], each, strict=True))
        classes = {label.id: class_row(label) for label in contents.classes}
        texts = [entry.text for entry in contents.entries]
        return Snapshot(classes, images, digests), texts, contents.done

    def _layers(self, connection: sqlite3.Connection, images: dict) -> dict:
        layers = {
            id: [np.full((row["height"], row["width"]), NOBODY, np.uint8) for _ in range(3)]
            for id, row in images.items()
        }
        query = "SELECT image, layer, row, col, data FROM tiles"
        for image, layer, row, column, data in connection.execute(query):
            assert image in layers, f"a tile of picture {image}, which is not there"
            tile = self._unpack(data)
            assert tile.min() != NOBODY, f"an empty tile of picture {image} is stored"
            part = layers[image][layer][row * TILE :, column * TILE :][:TILE, :TILE]
            assert part.size, f"a tile beyond the edge of picture {image}"
            height, width = part.shape
            part[:] = tile[:height, :width]
            beyond = tile.copy()
            beyond[:height, :width] = NOBODY
            assert beyond.min() == NOBODY, f"something lies beyond the edge of picture {image}"
        self._check_shares(connection, layers)
        staged = connection.execute("SELECT COUNT(*) FROM staged").fetchone()[0]
        assert not staged or self.killed, "staged tiles are left over"
        orphans = "SELECT COUNT(*) FROM edit_tiles WHERE edit NOT IN (SELECT id FROM edits)"
        assert not connection.execute(orphans).fetchone()[0], "tiles of an edit that is gone"
        return layers

    def _check_shares(self, connection: sqlite3.Connection, layers: dict) -> None:
        query = "SELECT image, class, pixels FROM shares WHERE pixels != 0"
        found = {(image, id): pixels for image, id, pixels in connection.execute(query)}
        counted = {}
        for image, (mask, _, _) in layers.items():
            for id, pixels in enumerate(np.bincount(mask.reshape(-1), minlength=256)[:NOBODY]):
                if pixels:
                    counted[image, id] = int(pixels)
        assert found == counted, "the shares of classes are not those of the masks"

    def _unpack(self, data: bytes) -> np.ndarray:
        if data not in self._unpacked:
            if len(self._unpacked) > 2000:
                self._unpacked.clear()
            self._unpacked[data] = codec.unpack(data, TILE)
        return self._unpacked[data]


def difference(found: Snapshot, wanted: Snapshot) -> str:
    """Say what differs between two snapshots; nothing where they are the same."""
    said = []
    for name in ("classes", "images", "layers"):
        ours, theirs = getattr(found, name), getattr(wanted, name)
        for id in sorted(ours.keys() | theirs.keys()):
            if ours.get(id) != theirs.get(id):
                said.append(f"{name} {id}: {ours.get(id)} instead of {theirs.get(id)}")
    return "; ".join(said)
