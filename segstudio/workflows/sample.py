"""A sample project: rendered pictures of a scene, some of them labelled exactly."""

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from segstudio.domain.records import Split
from segstudio.domain.task import Cancelled, Quiet, Task, track
from segstudio.domain.tiles import Ids
from segstudio.errors import UserError
from segstudio.scenes.geotiff import write_geotiff
from segstudio.scenes.scene import Rendered, Scene, scenes
from segstudio.store.files import atomic
from segstudio.store.masks import write_mask
from segstudio.store.project import SUFFIX, Project
from segstudio.workflows.add import plan_add
from segstudio.workflows.items import Stretch

FEWEST = 3
"""One picture to learn from, one to measure on, one to label."""

QUALITY = 92

RASTERS = 4
"""Pictures of a scene from above that are written as GeoTIFF too."""


@dataclass(frozen=True)
class Shares:
    """How many pictures of a sample are learned from, measured on, and left to label."""

    train: int
    val: int
    pool: int

    @classmethod
    def of(cls, images: int) -> "Shares":
        fifth = max(1, images // 5)
        return cls(images - 2 * fifth, fifth, fifth)


def sample_root(folder: Path, scene: str) -> Path:
    """Return where the sample project of a scene lies."""
    return folder / f"{scene}-demo{SUFFIX}"


def sample_project(
    folder: Path,
    scene: str = "facade",
    images: int = 30,
    seed: int = 0,
    task: Task | None = None,
) -> Path:
    """Render pictures into ``folder`` and make a project of them beside; return its folder.

    Pictures lie in ``pictures/``, their exact masks in ``reference/``. Those of train and val
    are labelled, the rest is left. A project that is there already is returned as it is; one
    that is not finished is not left behind.
    """
    task = task or Quiet()
    root, kind = sample_root(folder, scene), scenes[scene]
    if root.exists():
        return root
    if images < FEWEST:
        raise UserError(f"{images} pictures are too few", f"take at least {FEWEST}")
    files = [
        render(kind, seed, index, folder)
        for index in track(task, range(images), "Rendering the pictures")
    ]
    # Beside its place, so that the relative paths in it stay right when it is renamed.
    beside = folder / f".{scene}-{secrets.token_hex(4)}{SUFFIX}"
    try:
        _assemble(beside, kind, files, folder / "reference", task)
        beside.rename(root)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return root


def _assemble(place: Path, scene: type[Scene], files: list[Path], masks: Path, task: Task) -> None:
    """Make the project and put the pictures in, with masks those of train and val."""
    shares = Shares.of(len(files))
    parts = (
        (Split.TRAIN, files[: shares.train]),
        (Split.VAL, files[shares.train : shares.train + shares.val]),
        (Split.POOL, files[shares.train + shares.val :]),
    )
    project = Project.create(place, scene.classes)
    try:
        for done, (split, chosen) in enumerate(parts):
            part = Stretch(task, done / len(parts), (done + 1) / len(parts), "Making the project")
            given = None if split == Split.POOL else masks
            addition = plan_add(project, chosen, part, split, given)
            if addition.interrupted:
                raise Cancelled
            project.apply(addition.edit)
    finally:
        project.close()


def render(scene: type[Scene], seed: int, index: int, folder: Path) -> Path:
    """Write one picture into ``pictures/`` of a folder, its mask into ``reference/``.

    A scene seen from above has its first pictures in ``rasters/`` too, as a satellite gives
    them: GeoTIFF, 16 bits, near infrared. Returns the path of the picture.
    """
    made = scene.render(seed, index)
    from_above = getattr(scene, "render_raster", None)
    if from_above is not None and index < RASTERS:
        _write_picture(from_above(seed, index), folder / "rasters")
    height, width = made.mask.shape
    reference = folder / "reference" / f"{made.name}.png"
    write_mask(reference, height, width, lambda box: _rows(made, box.slices), scene.classes)
    return _write_picture(made, folder / "pictures")


def _rows(made: Rendered, slices: tuple[slice, slice]) -> Ids:
    return made.mask[slices]


def _write_picture(made: Rendered, folder: Path) -> Path:
    if made.georeference is not None:
        path = folder / f"{made.name}.tif"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_geotiff(made, path)
        return path
    from PIL import Image

    path = folder / f"{made.name}.jpg"
    with atomic(path) as temporary:
        picture = Image.fromarray(np.ascontiguousarray(made.pixels))
        picture.save(temporary, format="JPEG", quality=QUALITY, subsampling=0)
    return path
