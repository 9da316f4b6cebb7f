"""The mirror of a project's masks in ``masks/``, for other programs to read.

The database is the truth; the mirror follows it on saving, on closing and when idle.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from segstudio.domain.classes import LabelClass
from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Quiet, Task, track
from segstudio.store.masks import output_names, write_mask
from segstudio.store.project import Project
from segstudio.store.reading import facts_json

FOLDER = "masks"

_NAMES = "mirror"
"""The project's fact that holds which picture has which file."""


def mask_names(project: Project, images: list[ImageRecord]) -> dict[int, Path]:
    """Return the name of each picture's mask, relative to the folder it is written to."""
    paths = [project.path_of(image) for image in images]
    placed = {path for path, image in zip(paths, images, strict=True) if image.georef}
    names = output_names(paths, placed)
    return {image.id: name for image, name in zip(images, names, strict=True)}


def save_mask(
    project: Project, image: ImageRecord, path: Path, classes: list[LabelClass], task: Task
) -> bool:
    """Write one picture's mask; false, and nothing written, where nothing in it is labelled."""
    mask = project.layers(image).mask
    if not len(mask):
        return False
    write_mask(path, image.height, image.width, mask.read, classes, image.georef, task)
    return True


def write_mirror(project: Project, task: Task) -> int:
    """Write the masks that have changed since they were written last; return how many.

    Files of masks that are gone, or are called otherwise now, are removed. When it is
    cancelled, what was written stays and the rest is written next time.
    """
    images = {image.id: image for image in project.images()}
    names = mask_names(project, list(images.values()))
    former = {int(id): str(name) for id, name in (facts_json(project, _NAMES) or {}).items()}
    moved = [id for id in former if id not in names or Path(former[id]) != names[id]]
    stale = sorted({*project.stale(), *(id for id in moved if id in names)})
    if not stale and not moved:
        return 0
    folder, classes = project.root / FOLDER, project.classes()
    for id in moved:
        _remove(folder, former.pop(id))
    written, quiet = 0, Quiet()
    done: dict[int, int | None] = {}
    try:
        for id in track(task, stale, "Saving masks"):
            image, mark = images.get(id), project.mask_mark(id)
            if image is not None and save_mask(project, image, folder / names[id], classes, quiet):
                former[id] = names[id].as_posix()
                written += 1
            elif id in former:
                _remove(folder, former.pop(id))
            done[id] = mark
    finally:
        project.set_fact(_NAMES, json.dumps(former))
        project.freshened(done).result()
    return written


def _remove(folder: Path, name: str) -> None:
    """Remove a file of the mirror, never one outside its folder."""
    file = Path(os.path.normpath(folder / name))
    if file.is_relative_to(folder):
        with suppress(OSError):
            file.unlink()
