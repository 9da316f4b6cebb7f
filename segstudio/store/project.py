"""A project on disk: one database, one writer, any number of readers."""

import itertools
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from segstudio.domain.classes import LabelClass, check_classes
from segstudio.domain.edit import Edit
from segstudio.domain.records import QueueItem, RunRecord, class_row
from segstudio.errors import UserError
from segstudio.store import edits, rows, schema
from segstudio.store.edits import Saved
from segstudio.store.reading import DATABASE, Reading
from segstudio.store.staging import Stage
from segstudio.store.writer import Work, Writer

T = TypeVar("T")

SUFFIX = ".segstudio"


class Project(Reading):
    """An open project folder.

    Reading may be done in any thread. Every change goes through the store's own thread:
    methods that change something return a future that is done once it is committed.
    """

    def __init__(self, root: Path, lock: FileLock | None) -> None:
        super().__init__(root)
        self._lock = lock
        self._writer: Writer | None = None
        self._stages = itertools.count(1)
        if lock is not None:
            connection = schema.connect(str(root / DATABASE), write=True)
            try:
                schema.migrate(connection)
                connection.execute("DELETE FROM staged")  # of a process that is gone
            except BaseException:
                connection.close()
                raise
            self._writer = Writer(connection)
        else:
            schema.check_version(self.reading())

    @classmethod
    def create(cls, path: Path, classes: Sequence[LabelClass] = ()) -> "Project":
        """Make a new project; raise `UserError` where the folder exists already."""
        root = (
            path.absolute()
            if path.suffix == SUFFIX
            else path.absolute().with_name(path.name + SUFFIX)
        )
        check_classes(classes)
        if root.exists():
            raise UserError(f"{root.name} exists already", "choose another name, or open it")
        try:
            (root / "masks").mkdir(parents=True)
            (root / "runs").mkdir()
        except OSError as error:
            raise UserError(
                f"{root} cannot be made: {error.strerror}", "choose a folder you can write to"
            ) from None
        lock = _locked(root)
        try:
            project = cls(root, lock)
        except sqlite3.Error as error:
            lock.release()
            shutil.rmtree(root, ignore_errors=True)
            raise UserError(
                f"{root} cannot be made: {error}", "make room on the disk, or choose another folder"
            ) from None
        project.change(
            lambda connection: edits.put_rows(connection, "classes", map(class_row, classes))
        ).result()
        return project

    @classmethod
    def open(cls, path: Path, write: bool = True) -> "Project":
        """Open a project by its folder, or by any file or folder inside one.

        Raises `UserError` where there is none, or where another program writes to it.
        """
        root = find(path)
        if root is None:
            raise UserError(
                f"there is no project at {path}", "make one with: segstudio new NAME --class NAME"
            )
        try:
            return cls(root, _locked(root) if write else None)
        except sqlite3.DatabaseError as error:
            raise UserError(
                f"the database of {root.name} cannot be read: {error}",
                "its masks/ folder still holds the last saved masks",
            ) from None

    @property
    def writable(self) -> bool:
        return self._writer is not None

    @property
    def writer(self) -> Writer:
        """The store's thread; raises `UserError` in a project opened for reading."""
        if self._writer is None:
            raise UserError(
                "this project is open for reading only", "another window or command writes to it"
            )
        return self._writer

    # -- changing --------------------------------------------------------------------

    def change(self, work: Work[T]) -> "Future[T]":
        """Carry out a change that is not part of the line of time."""
        return self.writer.submit(work)

    def commit(self, id: int, edit: Edit, shown: Collection[int] = ()) -> "Future[Saved]":
        """Make an edit under an id above all earlier ones; see `edits.commit`."""
        return self.change(lambda connection: edits.commit(connection, id, edit, shown))

    def stage(self) -> Stage:
        """Begin an edit that is too large to be held; see `Stage`."""
        return Stage(self.writer, next(self._stages))

    def apply(self, edit: Edit) -> None:
        """Make an edit and wait for it: for programs without a window."""

        def work(connection: sqlite3.Connection) -> None:
            saved = edits.commit(connection, edits.next_id(connection), edit)
            edits.forget(connection, saved.oldest)

        if edit:
            self.change(work).result()

    def forget(self, oldest: int) -> "Future[None]":
        """Drop the edits below an id, which nobody is about to undo."""
        return self.change(lambda connection: edits.forget(connection, oldest))

    def turn(
        self, ids: Sequence[int], undo: bool, shown: Collection[int] | None = None
    ) -> "Future[Edit]":
        """Undo or redo edits in the database, in this order; the future tells what that changed."""
        return self.change(lambda connection: edits.turn(connection, ids, undo, shown))

    def set_fact(self, name: str, value: str) -> "Future[None]":
        return self.change(lambda c: edits.put_rows(c, "facts", [{"name": name, "value": value}]))

    def set_thumbnail(self, image: int, data: bytes) -> "Future[None]":
        return self.change(
            lambda c: edits.put_of_images(c, "thumbnails", [{"image": image, "data": data}])
        )

    def set_scores(self, model: str, strategy: str, scores: Mapping[int, float]) -> "Future[None]":
        now = time.time()
        found = [
            {"image": id, "model": model, "strategy": strategy, "score": score, "time": now}
            for id, score in scores.items()
        ]
        return self.change(lambda c: edits.put_of_images(c, "scores", found))

    def set_queue(self, items: Sequence[QueueItem]) -> "Future[None]":
        """Put a new queue in the place of the old one."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM queue")
            found = map(rows.queue_values, range(len(items)), items)
            edits.put_of_images(connection, "queue", found)

        return self.change(work)

    def save_run(self, run: RunRecord) -> "Future[None]":
        """Insert or replace a run."""
        return self.change(lambda c: edits.put_rows(c, "runs", [rows.run_values(run)]))

    def new_run(self, kind: str, network: str, settings: Mapping[str, Any]) -> RunRecord:
        """Enter a run that begins now; its folder is made when something is written to it."""

        def work(connection: sqlite3.Connection) -> RunRecord:
            id = connection.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM runs").fetchone()[0]
            run = RunRecord(id, kind, network, "running", time.time(), settings=dict(settings))
            edits.put_rows(connection, "runs", [rows.run_values(run)])
            return run

        return self.change(work).result()

    def remove_runs(self, ids: Sequence[int]) -> "Future[None]":
        """Forget runs; their folders stay."""

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany("DELETE FROM runs WHERE id = ?", [(id,) for id in ids])

        return self.change(work)

    def freshened(self, marks: Mapping[int, int | None]) -> "Future[None]":
        """Note that the mirrors of pictures are written, but not of those changed meanwhile.

        ``marks`` are those that the masks had before they were read.
        """
        return self.change(lambda connection: edits.freshen(connection, marks))

    def save_copy(self, path: Path) -> None:
        """Go on in a new folder, with all that the old one's disk would not take."""
        copy = Project.create(path)
        copy.close()
        old, new = self.root, copy.root
        for folder in ("masks", "runs", "prompts", "overviews"):
            if (old / folder).is_dir():
                shutil.copytree(old / folder, new / folder, dirs_exist_ok=True)
        lock = _locked(new)

        def make(source: sqlite3.Connection) -> sqlite3.Connection:
            target = schema.connect(str(new / DATABASE), write=True)
            source.backup(target)
            _rebase(target, old, new)
            self.root = new
            return target

        try:
            self.writer.move(make)
        except BaseException:
            lock.release()
            raise
        self._forget_readers()
        if self._lock is not None:
            self._lock.release()
        self._lock = lock

    def close(self, wait: bool = True) -> None:
        """Finish what is queued and let go of the lock."""
        if self._writer is not None:
            self._writer.close(wait)
            self._writer = None
        self._close_readers()
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def find(path: Path) -> Path | None:
    """Return the project's folder that a path is, or lies in; None where there is none."""
    start = path.absolute()
    named = [start.with_name(start.name + SUFFIX)] if start.name else []
    for folder in (*named, start, *start.parents):
        if (folder / DATABASE).is_file():
            return folder
    return None


def _locked(root: Path) -> FileLock:
    lock = FileLock(str(root / "writer.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise UserError(
            f"{root.name} is open in another window or command",
            "close it there, or wait until it is done",
        ) from None
    except OSError as error:
        raise UserError(
            f"{root.name} cannot be written to: {error.strerror}", "it can be opened for reading"
        ) from None
    return lock


def _rebase(connection: sqlite3.Connection, old: Path, new: Path) -> None:
    """Let relative paths of pictures lead from the new folder to the same files."""
    for id, path in connection.execute("SELECT id, path FROM images").fetchall():
        moved = moved_path(path, old, new)
        if moved != path:
            connection.execute("UPDATE images SET path = ? WHERE id = ?", (moved, id))
    for id, text in connection.execute("SELECT id, rows FROM edits").fetchall():
        if '"path"' in text:
            changes = [_rebased(change, old, new) for change in json.loads(text)]
            connection.execute("UPDATE edits SET rows = ? WHERE id = ?", (json.dumps(changes), id))


def _rebased(change: list[Any], old: Path, new: Path) -> list[Any]:
    """Return a row change of an edit with the paths that hold from the new folder."""
    return [
        {**part, "path": moved_path(part["path"], old, new)}
        if isinstance(part, dict) and "path" in part
        else part
        for part in change
    ]


def moved_path(path: str, old: Path, new: Path) -> str:
    """Return how a project that has moved writes down a path that leads to the same file."""
    return path if os.path.isabs(path) else stored_path(new, old / path)


def stored_path(root: Path, file: Path) -> str:
    """Return how a project writes down where a picture is: relative where that is possible."""
    target = os.path.normpath(file.absolute())
    try:
        return Path(os.path.relpath(target, root)).as_posix()
    except ValueError:
        return Path(target).as_posix()
