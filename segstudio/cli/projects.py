"""Opening a project for one command, and leaving it in order."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from segstudio.cli.console import Console
from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.store.project import Project


@contextmanager
def reading(path: Path) -> Iterator[Project]:
    """Open a project for reading."""
    project = Project.open(path, write=False)
    try:
        yield project
    finally:
        project.close()


@contextmanager
def changing(path: Path, console: Console) -> Iterator[Project]:
    """Open a project for writing; in the end bring the mirror of its masks up to date.

    Where the disk refuses, the store would wait for room: a command gives up instead.
    """
    project = Project.open(path)
    project.writer.on_stall = lambda error: console.task.fail(
        UserError(f"the project cannot be saved: {error}", "make room on the disk, then try again")
    )
    try:
        yield project
        _mirror(project, console)
    finally:
        project.close(wait=project.writer.stalled is None)


def _mirror(project: Project, console: Console) -> None:
    from segstudio.store.mirror import write_mirror

    try:
        write_mirror(project, console.task)
    except Cancelled:
        # Interrupted already: the masks that have just been accepted are still mirrored.
        # A second Ctrl+C ends that too; then the next command does it.
        write_mirror(project, Quiet())
