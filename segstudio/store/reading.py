"""Reading a project's database, in any thread."""

import json
import os
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segstudio.domain.classes import LabelClass
from segstudio.domain.history import Entry
from segstudio.domain.layers import Layers
from segstudio.domain.records import ImageRecord, QueueItem, RunRecord, class_of
from segstudio.domain.tiles import Layer, Packed, SparseLayer
from segstudio.errors import UserError
from segstudio.store import edits, rows, schema

DATABASE = "project.db"


@dataclass(frozen=True)
class Contents:
    """What a window holds of a project while it is open."""

    classes: list[LabelClass]
    images: dict[int, ImageRecord]
    entries: list[Entry]
    done: int
    """How many of the edits are done."""


class Reading:
    """The reading side of a project folder; each thread has a connection of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._local = threading.local()
        self._readers: list[tuple[threading.Thread, sqlite3.Connection]] = []

    def reading(self) -> sqlite3.Connection:
        """Return this thread's connection, which can change nothing."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = schema.connect(str(self.root / DATABASE), write=False)
            self._local.connection = connection
            self._readers.append((threading.current_thread(), connection))
        return connection

    def _close_readers(self) -> None:
        """Close the connections that nobody can be reading from.

        To close one under a thread that reads crashes the program: those of threads that still
        run are closed when these let go of them.
        """
        for thread, connection in self._readers:
            if thread is threading.current_thread() or not thread.is_alive():
                connection.close()
        self._forget_readers()

    def _forget_readers(self) -> None:
        self._local = threading.local()
        self._readers.clear()

    def contents(self) -> Contents:
        """Return classes, pictures and the line of time, read together."""
        images = {image.id: image for image in self.images()}
        return Contents(self.classes(), images, *self.history())

    def classes(self) -> list[LabelClass]:
        found = self.reading().execute("SELECT * FROM classes ORDER BY position, id")
        return [class_of(rows.class_values(row)) for row in found]

    def images(self) -> list[ImageRecord]:
        """Return all pictures in the order in which they were added."""
        found = self.reading().execute("SELECT * FROM images ORDER BY id")
        return [ImageRecord.of(rows.image_values(row)) for row in found]

    def image(self, id: int) -> ImageRecord:
        found = self.reading().execute("SELECT * FROM images WHERE id = ?", (id,)).fetchone()
        if found is None:
            raise UserError(f"there is no picture number {id} in this project")
        return ImageRecord.of(rows.image_values(found))

    def path_of(self, image: ImageRecord) -> Path:
        """Return where the picture's file is expected."""
        return Path(os.path.normpath(self.root / image.path))

    def layers(self, image: ImageRecord) -> Layers:
        """Return the three layers as they are committed; nothing is unpacked yet."""
        tiles: dict[int, dict[tuple[int, int], Packed]] = {layer: {} for layer in Layer}
        found = self.reading().execute(
            "SELECT layer, row, col, data FROM tiles WHERE image = ?", (image.id,)
        )
        for layer, row, column, data in found:
            tiles[layer][row, column] = Packed(data=data)
        return Layers(*(SparseLayer(image.height, image.width, tiles[layer]) for layer in Layer))

    def shares(self, image: int | None = None) -> dict[int, int]:
        """Return the labelled pixels of each class, in one picture or in all."""
        where, values = ("WHERE image = ?", (image,)) if image is not None else ("", ())
        found = self.reading().execute(
            f"SELECT class, SUM(pixels) FROM shares {where} GROUP BY class", values
        )
        return {id: pixels for id, pixels in found if pixels}

    def labelled_pixels(self) -> dict[int, int]:
        """Return the labelled pixels of each picture that has any, by its id."""
        found = self.reading().execute("SELECT image, SUM(pixels) FROM shares GROUP BY image")
        return {image: pixels for image, pixels in found if pixels}

    def labelled(self) -> list[ImageRecord]:
        """Return the pictures that have any labelled pixel."""
        found = self.reading().execute(
            "SELECT * FROM images WHERE id IN (SELECT image FROM shares WHERE pixels > 0)"
            " ORDER BY id"
        )
        return [ImageRecord.of(rows.image_values(row)) for row in found]

    def history(self) -> tuple[list[Entry], int]:
        """Return the line of time, oldest first, and how many of its edits are done."""
        return edits.entries(self.reading())

    def runs(self) -> list[RunRecord]:
        """Return the runs, newest first."""
        found = self.reading().execute("SELECT * FROM runs ORDER BY id DESC")
        return [rows.run_of(row) for row in found]

    def queue(self) -> list[QueueItem]:
        found = self.reading().execute("SELECT * FROM queue ORDER BY place")
        return [rows.queue_item_of(row) for row in found]

    def scores(self, model: str, strategy: str) -> dict[int, float]:
        """Return the scores of pictures by id, as one model gave them."""
        found = self.reading().execute(
            "SELECT image, score FROM scores WHERE model = ? AND strategy = ?", (model, strategy)
        )
        return dict(found.fetchall())

    def fact(self, name: str, default: str = "") -> str:
        """Return a setting of the project."""
        found = self.reading().execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else default

    def thumbnail(self, image: int) -> bytes | None:
        found = self.reading().execute("SELECT data FROM thumbnails WHERE image = ?", (image,))
        row = found.fetchone()
        return None if row is None else bytes(row[0])

    def stale(self) -> list[int]:
        """Return the pictures whose mirror in ``masks/`` is out of date."""
        return [row[0] for row in self.reading().execute("SELECT image FROM stale ORDER BY image")]

    def run_folder(self, id: int) -> Path:
        return self.root / "runs" / str(id)

    def mask_mark(self, image: int) -> int | None:
        """Return a number that the next change of a mask changes; None where its mirror is true."""
        found = (
            self.reading().execute("SELECT mark FROM stale WHERE image = ?", (image,)).fetchone()
        )
        return None if found is None else int(found[0])


def facts_json(project: Reading, name: str) -> Any:
    """Return a setting that is stored as JSON; None where there is none."""
    text = project.fact(name)
    return json.loads(text) if text else None
