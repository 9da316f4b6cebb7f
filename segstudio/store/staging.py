"""Edits too large to hold: their tiles wait in the database until they are made."""

import sqlite3
import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future

from segstudio.domain.edit import Edit, RowChange, Staged, TileChange
from segstudio.domain.task import Quiet, Task
from segstudio.domain.tiles import Layer
from segstudio.errors import UserError
from segstudio.store.writer import Writer

CHUNK = 2 << 20
"""Bytes of tiles written in one transaction, so that strokes are saved in between."""

AHEAD = 4
"""Chunks that may wait for the disk."""

_PUT = "INSERT OR REPLACE INTO staged VALUES (?, ?, ?, ?, ?, ?)"

StagedTile = tuple[int, int, int, int, int, bytes | None]
"""Stage, image, layer, row, column and data of a tile."""


class Stage:
    """Takes the tiles of one edit as they are worked out, image by image.

    Memory does not grow with them. What is staged is no part of the project until `edit`
    has been applied; it is forgotten by `drop`, and when the project is opened again.
    """

    def __init__(self, writer: Writer, id: int) -> None:
        self._writer, self._id = writer, id
        self._images: set[int] = set()
        self._painted: set[int] = set()
        self._rows: list[StagedTile] = []
        self._size = 0
        self._waiting: deque[Future[None]] = deque()

    def put(self, changes: Iterable[TileChange], task: Task | None = None) -> None:
        """Stage changes; only what they leave counts, not what was there before.

        Waits while the disk is behind. Raises `UserError` where it refuses.
        """
        for change in changes:
            self._images.add(change.image)
            if change.layer != Layer.PROPOSAL:
                self._painted.add(change.image)
            data = None if change.after is None else change.after.data
            place = (change.image, int(change.layer), *change.key)
            self._rows.append((self._id, *place, data))
            self._size += 64 + len(data or b"")
            if self._size > CHUNK:
                self._flush(task or Quiet())

    def edit(self, text: str, rows: Iterable[RowChange | None] = ()) -> Edit:
        """Return the edit that puts all of it into the project, to be applied once."""
        self._flush(Quiet())
        while self._waiting:
            self._wait(Quiet())
        staged = Staged(self._id, frozenset(self._images), frozenset(self._painted))
        return Edit(text, staged=staged).with_rows(rows)

    def drop(self) -> None:
        """Forget what is staged."""
        self._rows, self._size = [], 0
        self._writer.submit(lambda connection: forget(connection, self._id))

    def _flush(self, task: Task) -> None:
        rows, self._rows, self._size = self._rows, [], 0
        if rows:
            self._waiting.append(self._writer.submit(lambda connection: _insert(connection, rows)))
        while len(self._waiting) > AHEAD:
            self._wait(task)

    def _wait(self, task: Task) -> None:
        """Wait for the oldest chunk."""
        future, asked = self._waiting.popleft(), time.monotonic()
        while True:
            try:
                return future.result(timeout=0.1)
            except TimeoutError:
                if self._writer.stalled is not None:
                    raise UserError(
                        f"the disk refuses more: {self._writer.stalled}",
                        "nothing was changed; make room, then try again",
                    ) from None
            if time.monotonic() - asked > 0.5:
                task.report(0, 1, "Waiting for the disk")


def _insert(connection: sqlite3.Connection, rows: list[StagedTile]) -> None:
    connection.executemany(_PUT, rows)


def forget(connection: sqlite3.Connection, id: int) -> None:
    """Drop what one stage holds."""
    connection.execute("DELETE FROM staged WHERE stage = ?", (id,))
