"""Looking through watched folders for pictures that a project does not have."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from segstudio.store.project import Project, stored_path
from segstudio.workflows.finding import find_pictures

FOLDERS = 2000
"""Folders below the watched ones that are named; hearing of more would use up the system's."""

Stamp = tuple[int, int]
"""Size and time of a file: another one after it was written to."""


@dataclass(frozen=True)
class Listing:
    """What a look into the folders found."""

    files: dict[Path, Stamp] = field(default_factory=dict)
    """Pictures that the project does not have."""
    folders: list[str] = field(default_factory=list)
    missing: list[Path] = field(default_factory=list)


def look(project: Project, folders: Iterable[Path], known: set[str]) -> Listing:
    """Look through folders for pictures whose stored paths are not ``known``."""
    there: list[Path] = []
    missing: list[Path] = []
    for folder in folders:
        (there if folder.is_dir() else missing).append(folder)
    pictures, _ = find_pictures(there) if there else ([], [])
    files: dict[Path, Stamp] = {}
    stored: dict[Path, str] = {}  # of folders: for each of 20,000 pictures it would take long
    for path in pictures:
        if path.parent not in stored:
            stored[path.parent] = f"{stored_path(project.root, path.parent)}/".removeprefix("./")
        if stored[path.parent] + path.name in known:
            continue
        try:
            status = path.stat()
        except OSError:
            continue  # gone again
        if status.st_size:
            files[path] = (status.st_size, status.st_mtime_ns)
    below = {str(folder): None for folder in there}
    for folder in there:
        for place, inner, _ in os.walk(folder):
            inner[:] = [name for name in inner if not name.startswith(".")]
            if len(below) < FOLDERS:
                below[place] = None
    return Listing(files, list(below), missing)
