"""Watching folders: pictures that come into them come into the project."""

import json
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from segstudio.gui.files import Files
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.store.project import Project, moved_path, stored_path
from segstudio.store.reading import facts_json
from segstudio.workflows.watch import Listing, Stamp, look

if TYPE_CHECKING:
    from segstudio.gui.dialogs.ask import Asker

log = logging.getLogger(__name__)

WATCHED = "watched"
"""The project's fact that holds the folders, as a JSON list."""
LEFT_OUT = "watched_left_out"
"""The fact that holds the paths of pictures that were taken out of the project again."""
LANE = "watch"
STILL = 700
"""Milliseconds for which a file must not change before it counts as complete."""
RETRY = 15_000
"""Milliseconds after which a folder that is gone is looked for again."""
REFUSED = 200
"""Files that could not be opened of which one hears when they change."""


class Watching(QObject):
    """Adds what is new in the watched folders, once it is complete, as one change each time.

    Folders are looked through in a job, so that a slow drive holds up nobody. What was taken
    out of the project, by undo or by hand, is not added again by itself, nor is what could
    not be opened, until the file changes.
    """

    changed = Signal()
    looked = Signal()

    def __init__(self, session: Session, files: Files, ask: "Asker") -> None:
        super().__init__(session)
        self._session, self._files, self._ask = session, files, ask
        self.folders: list[Path] = []
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _: self._look_soon())
        self._watcher.fileChanged.connect(lambda _: self._look_soon())
        self._soon = _timer(self, STILL, self.look)
        self._retry = _timer(self, RETRY, self.look)
        self._project: Project | None = None
        self._root = Path()
        self._forget()
        session.project_changed.connect(self._begin)
        session.images_changed.connect(self._follow)

    def _forget(self) -> None:
        self.folders = []
        self._paths: dict[int, str] = {}
        self._left_out: set[str] = set()
        self._growing: dict[Path, Stamp] = {}
        self._tried: dict[Path, Stamp] = {}
        self._lost: set[Path] = set()
        self._job: Job | None = None
        self._adding: Job | None = None
        self._again = False

    # -- which folders ---------------------------------------------------------------

    @property
    def here(self) -> Path | None:
        """The folder of the open picture, else that of the first one."""
        project, image = self._session.project, self._session.image
        image = image or next(iter(self._session.images.values()), None)
        return None if project is None or image is None else project.path_of(image).parent

    @property
    def watches_here(self) -> bool:
        here = self.here
        return here is not None and any(here.is_relative_to(folder) for folder in self.folders)

    def toggle_here(self) -> None:
        """Watch the folder of the open picture, or watch it no longer."""
        here = self.here
        if here is None:
            return
        rest = [folder for folder in self.folders if not here.is_relative_to(folder)]
        self.watch(rest if self.watches_here else [*rest, here])

    def watch_other(self) -> None:
        """Ask for a folder, and watch it."""
        folder = self._ask.open_folder("Watch a folder for new pictures")
        if folder is not None and folder not in self.folders:
            self.watch([*self.folders, folder])

    def watch(self, folders: Iterable[Path]) -> None:
        """Watch these folders from now on; the project remembers them."""
        project = self._session.project
        if project is None or not project.writable:
            return
        self._set_folders(folders)
        stored = [stored_path(project.root, folder) for folder in self.folders]
        project.set_fact(WATCHED, json.dumps(stored))
        self.look()

    def stop(self) -> None:
        """Watch no folder any more."""
        self.watch([])

    def _set_folders(self, folders: Iterable[Path]) -> None:
        self.folders = list(dict.fromkeys(folder.absolute() for folder in folders))
        self._lost &= set(self.folders)
        self._attend([])
        self.changed.emit()

    def _begin(self) -> None:
        """Read what another project watches."""
        session, project = self._session, self._session.project
        if project is not None and project is self._project:
            self._move(project)
            return
        self._forget()
        self._attend([])
        self._soon.stop()
        self._retry.stop()
        self.changed.emit()
        self._project = project if project is not None and project.writable else None
        if project is None or self._project is None:
            return
        self._root = project.root
        self._paths = {id: image.path for id, image in session.images.items()}

        def work(job: Job) -> tuple[list[str], list[str]]:
            return facts_json(project, WATCHED) or [], facts_json(project, LEFT_OUT) or []

        job = session.jobs.start("Reading what is watched", work, "quick")
        job.succeeded.connect(lambda found: self._take_facts(project, *found))

    def _move(self, project: Project) -> None:
        """The project goes on elsewhere: what is stored of paths leads there from now on."""
        old, self._root = self._root, project.root
        self._paths = {id: image.path for id, image in self._session.images.items()}
        self._left_out = {moved_path(path, old, project.root) for path in self._left_out}
        self._store_left_out()
        self.watch(self.folders)

    def _take_facts(self, project: Project, folders: list[str], left_out: list[str]) -> None:
        if project is self._session.project and not self.folders:
            self._left_out |= set(left_out)
            self._set_folders(Path(os.path.normpath(project.root / folder)) for folder in folders)
            self.look()

    # -- what comes and goes ---------------------------------------------------------

    def _follow(self, ids: list[int]) -> None:
        """Remember what leaves the project, so that it is not taken for new."""
        images, other = self._session.images, False
        for id in ids:
            if id in images:
                path = self._paths[id] = images[id].path
                other = other or path in self._left_out
                self._left_out.discard(path)
            elif id in self._paths:
                path = self._paths.pop(id)
                if self.folders:
                    self._left_out.add(path)
                    other = True
        if other:
            self._store_left_out()

    def _store_left_out(self) -> None:
        if self._project is not None and self._project.writable:
            self._project.set_fact(LEFT_OUT, json.dumps(sorted(self._left_out)))

    # -- looking ---------------------------------------------------------------------

    def _look_soon(self) -> None:
        self._soon.start()

    def look(self) -> None:
        """Look through the folders, in a job; at most one at a time."""
        session, project = self._session, self._session.project
        if project is None or not self.folders:
            return
        if self._job is not None or self._adding is not None:
            self._again = True
            return
        self._again = False
        folders = list(self.folders)
        known = {*self._paths.values(), *self._left_out}

        def work(job: Job) -> Listing:
            return look(project, folders, known)

        job = session.jobs.start("Looking for new pictures", work, LANE)
        self._job = job
        job.succeeded.connect(lambda found: self._take(project, folders, found))
        job.failed.connect(lambda error: log.warning("watched folders: %s", error))
        job.finished.connect(lambda: self._looked(job))

    def _looked(self, job: Job) -> None:
        if self._job is job:
            self._job = None
            self._go_on()
            self.looked.emit()

    def _go_on(self) -> None:
        if self._again:
            self._look_soon()

    def _take(self, project: Project, folders: list[Path], found: Listing) -> None:
        if project is not self._session.project or folders != self.folders:
            return
        self._tell_missing(found.missing)
        fresh = {path: stamp for path, stamp in found.files.items() if self._is_new(path, stamp)}
        # Of those that were refused one hears when somebody goes on writing them.
        refused = [str(path) for path in found.files if path not in fresh]
        self._attend([*found.folders, *refused[:REFUSED]])
        complete = [path for path, stamp in fresh.items() if self._growing.get(path) == stamp]
        self._growing = {path: stamp for path, stamp in fresh.items() if path not in complete}
        if self._growing:
            self._look_soon()
        if complete:
            self._add(complete, fresh)

    def _is_new(self, path: Path, stamp: Stamp) -> bool:
        return self._tried.get(path) != stamp

    def _add(self, paths: list[Path], stamps: Mapping[Path, Stamp]) -> None:
        self._tried.update((path, stamps[path]) for path in paths)
        job = self._files.add(paths)
        self._adding = job
        if job is not None:
            job.finished.connect(lambda: self._added(job))

    def _added(self, job: Job) -> None:
        if self._adding is job:
            self._adding = None
            self._go_on()

    def _tell_missing(self, missing: list[Path]) -> None:
        """Say once that a folder is gone, and look for it now and then."""
        fresh = [folder for folder in missing if folder not in self._lost]
        self._lost = set(missing)
        if fresh:
            self._session.said.emit(
                f"the watched folder {fresh[0].name} is not there",
                "its new pictures come in when it is back",
            )
        if missing:
            self._retry.start()
        else:
            self._retry.stop()

    def _attend(self, paths: list[str]) -> None:
        """Hear of changes in these folders and files, which are there, and of no others."""
        attended = {*self._watcher.directories(), *self._watcher.files()}
        gone, fresh = attended - set(paths), [path for path in paths if path not in attended]
        if gone:
            self._watcher.removePaths(sorted(gone))
        if fresh:
            self._watcher.addPaths(fresh)


def _timer(parent: Watching, interval: int, call: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval)
    timer.timeout.connect(call)
    return timer
