"""Opening, making, filling and saving projects, as the menu asks for it."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QStandardPaths, Qt, QTimer, Signal

from segstudio.domain.classes import LabelClass, default_colour
from segstudio.domain.task import Quiet
from segstudio.errors import UserError
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.store.project import SUFFIX, Project, find
from segstudio.store.reading import Contents

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from segstudio.gui.dialogs.ask import Asker
    from segstudio.workflows.add import Addition

RECENT = 8

IDLE = 5000
"""Milliseconds without a change after which the masks are mirrored."""


def first_classes() -> tuple[LabelClass, ...]:
    """Return the classes of a project that is made from a folder: a background and one more."""
    names = ("background", "object")
    return tuple(LabelClass(i, n, default_colour(i), position=i) for i, n in enumerate(names))


class Files(QObject):
    """What the File menu does."""

    opened = Signal()
    _interrupted = Signal(object, object)  # project, Addition: sent by a job's thread

    def __init__(self, session: Session, ask: "Asker") -> None:
        super().__init__(session)
        self._session, self._ask = session, ask
        self._settings = QSettings("segstudio", "segstudio")
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE)
        self._idle.timeout.connect(self._save_when_idle)
        session.edit_saved.connect(lambda _: self._idle.start())
        self._interrupted.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    # -- opening ---------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Open the project at a path; for reading only where another program writes to it."""
        session, here = self._session, self._session.project
        if here is not None and here.writable and find(path) == here.root:
            return

        def work(job: Job) -> tuple[Project, Contents]:
            try:
                project = Project.open(path)
            except UserError as error:
                if find(path) is None:
                    raise
                project = Project.open(path, write=False)
                job.note(error)
            return project, project.contents()

        job = session.jobs.start(f"Opening {path.name}", work, "quick")
        job.noted.connect(
            lambda error: session.said.emit(f"{error.message}: opened for reading only", error.hint)
        )
        job.succeeded.connect(lambda found: self.show(*found))
        job.failed.connect(session.say_error)

    def show(self, project: Project, contents: Contents | None = None) -> None:
        """Show a project that is open, where the one before can be left."""
        if not self.may_leave():
            project.close()
            return
        self._session.open(project, contents)
        self._remember(project.root)
        first = next(iter(self._session.images), None)
        if first is not None:
            self._session.open_image(first)
        self.opened.emit()

    def open_project(self) -> None:
        folder = self._ask.open_folder("Open a project")
        if folder is not None:
            self.open(folder)

    def new_project(self) -> None:
        """Make a project for a folder of pictures, beside it."""
        folder = self._ask.open_folder("Choose a folder of pictures")
        if folder is not None:
            self.open_pictures([folder])

    def open_pictures(self, paths: Sequence[Path]) -> None:
        """Open what was dropped: a project, or pictures for the one that is open or a new one."""
        if not paths:
            return
        if len(paths) == 1 and find(paths[0]) is not None and paths[0].suffix == SUFFIX:
            self.open(paths[0])
        elif self._session.project is not None:
            self.add(paths)
        else:
            self._new_for(paths)

    def _new_for(self, paths: Sequence[Path]) -> None:
        home = paths[0] if paths[0].is_dir() else paths[0].parent
        place = _free(home.parent / (home.name + SUFFIX))

        def work(job: Job) -> Project:
            return Project.create(place, first_classes())

        job = self._session.jobs.start("Making the project", work, "quick")

        def show(project: Project) -> None:
            self.show(project)
            self.add(paths)

        job.succeeded.connect(show)
        job.failed.connect(self._session.say_error)

    def add_pictures(self) -> None:
        files = self._ask.open_files("Add pictures")
        if files:
            self.add(files)

    def add(self, paths: Sequence[Path]) -> Job | None:
        """Add pictures to the open project."""
        from segstudio.workflows.add import plan_add

        session, project = self._session, self._session.project
        if project is None:
            return None

        def work(job: Job) -> "Addition":
            # New pictures are numbered after those that the disk has.
            if project.writer.stalled is not None:
                raise UserError("pictures cannot be added while the project cannot be saved")
            project.writer.settle()
            addition = plan_add(project, paths, job)
            if addition.interrupted:  # of a cancelled job nobody hears the result
                self._interrupted.emit(project, addition)
            return addition

        job = session.jobs.start("Adding pictures", work)
        job.succeeded.connect(self._added)
        job.failed.connect(session.say_error)
        return job

    def _keep(self, project: Project, addition: "Addition") -> None:
        """Keep what was added before it was cancelled, unless its project is closed by now."""
        if project is self._session.project and addition.edit:
            self._added(addition)
            count = f"{addition.added} picture{'s' * (addition.added != 1)}"
            self._session.said.emit(
                f"adding was stopped: {count} came in", "add the folder again for the others"
            )

    def _added(self, addition: "Addition") -> None:
        session = self._session
        if any(row.before is None and row.id in session.images for row in addition.edit.rows):
            session.said.emit("other pictures came in meanwhile", "add these once more")
            return
        session.apply(addition.edit)
        if addition.failed:
            first = addition.failed[0]
            count = len(addition.failed)
            rest = f" and {count - 1} more" if count > 1 else ""
            session.said.emit(
                f"{Path(first.path).name}{rest} could not be added: {first.reason}",
                f"{addition.added} were added",
            )
        if session.image is None and session.images:
            session.open_image(next(iter(session.images)))

    def open_demo(self) -> None:
        """Open the sample project; its pictures are rendered the first time."""
        from segstudio.workflows.sample import sample_project

        documents = QStandardPaths.StandardLocation.DocumentsLocation
        place = Path(QStandardPaths.writableLocation(documents)) / "segstudio-demo"
        job = self._session.jobs.start(
            "Rendering the sample pictures", lambda job: sample_project(place, task=job)
        )
        job.succeeded.connect(self.open)
        job.failed.connect(self._session.say_error)

    # -- saving ----------------------------------------------------------------------

    def save(self, lane: str = "work") -> Job | None:
        """Write the masks that have changed to the mirror in ``masks/``."""
        from segstudio.store.mirror import write_mirror

        project = self._session.project
        if project is None or not project.writable:
            return None
        project.writer.retry()
        job = self._session.jobs.start("Saving masks", lambda job: write_mirror(project, job), lane)
        job.failed.connect(self._session.say_error)
        return job

    def _save_when_idle(self) -> None:
        session = self._session
        if session.jobs.jobs or session.draft is not None or session.unsaved:
            self._idle.start()
        else:
            self.save(lane="mirror")

    def may_leave(self) -> bool:
        """Wait until all is saved; where the disk refuses it, ask whether to lose it."""
        project = self._session.project
        if project is None or not project.writable or project.writer.settled():
            return True
        return self._ask.confirm(
            "Close without saving?",
            f"{project.root.stem} cannot be saved: {project.writer.stalled}. What was done since"
            " would be lost. Make room, or save the project elsewhere, to keep it.",
            "Close and lose it",
            danger=True,
        )

    def save_and_close(self) -> None:
        """Mirror what has changed, then let go of the project; the window is hidden by now."""
        from segstudio.store.mirror import write_mirror

        self._idle.stop()
        project = self._session.project
        if project is not None and project.writable and project.writer.stalled is None:
            project.writer.hurry()
            try:
                write_mirror(project, Quiet())
            except (UserError, OSError) as error:
                log.warning("the masks were not mirrored: %s", error)
        self._session.close()

    def save_elsewhere(self) -> None:
        """Go on in another folder, with all that has not been saved."""
        project = self._session.project
        place = self._ask.save_file("Save the project elsewhere", f"project{SUFFIX}")
        if place is None or project is None:
            return
        old = project.root
        job = self._session.jobs.start("Saving elsewhere", lambda job: project.save_copy(place))
        job.succeeded.connect(lambda _: self._moved(project, old))
        job.failed.connect(self._session.say_error)

    def _moved(self, project: Project, old: Path) -> None:
        self._session.project_moved(old)
        self._remember(project.root)

    # -- recent ----------------------------------------------------------------------

    def recent(self) -> list[str]:
        """Return the projects opened lately that are still there, newest first."""
        known = self._settings.value("recent")
        names = [known] if isinstance(known, str) else known
        if not isinstance(names, list):
            return []
        return [name for name in names if Path(name).is_dir()]

    def _remember(self, root: Path) -> None:
        rest = [name for name in self.recent() if name != str(root)]
        self._settings.setValue("recent", [str(root), *rest][:RECENT])


def _free(path: Path) -> Path:
    number, place = 2, path
    while place.exists():
        place = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return place
