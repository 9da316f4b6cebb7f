"""Overviews of rasters that lack them, made by a program of its own while others work.

Python could not paint meanwhile: GDAL holds its lock for seconds at a time.
"""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from segstudio.domain.task import Task
from segstudio.errors import UserError
from segstudio.store import rasters
from segstudio.store.datasets import companion
from segstudio.store.files import atomic, not_read
from segstudio.store.formats import PictureInfo
from segstudio.store.reduced import Reduced, reduced_of

FOLDER = "overviews"
"""Where a project keeps those of rasters whose own folder may not be written to."""

TEXT = "Making overviews"

_MANY = 4000
_LARGE = 128 << 20
_POLL = 0.1
_ABANDONED = 600.0


def place_in_project(root: Path, image_hash: str) -> Path:
    """Return where a project keeps the overviews of a picture, by the hash of its content."""
    if not image_hash.isalnum():
        raise ValueError(f"not a hash: {image_hash!r}")
    return root / FOLDER / f"{image_hash}.tif"


def kept(root: Path, image_hash: str) -> Path | None:
    """Return where a project would keep overviews of a picture; None for one without a hash."""
    return place_in_project(root, image_hash) if image_hash.isalnum() else None


def lacking(path: Path, info: PictureInfo, reduced: Path | None = None) -> bool:
    """Tell whether a raster is so large that it should have overviews, and has none.

    ``reduced`` is where the project would keep them. False for what cannot be read.
    """
    if info.format != "TIFF" or info.orientation != 1 or max(info.width, info.height) <= _MANY:
        return False
    if not windowed(info):
        return False
    try:
        layout = rasters.describe(path)[1]
    except UserError:
        return False
    found = find(path, reduced)
    coarsest = max(1 << found.levels if found else 1, *layout.overviews, 1)
    return max(info.width, info.height) / coarsest > _MANY


def windowed(info: PictureInfo) -> bool:
    """Tell whether a TIFF is read window by window, being too large to be held whole."""
    import numpy as np

    size = info.width * info.height * info.bands * np.dtype(info.dtype).itemsize
    return size > _LARGE and info.orientation == 1


def find(path: Path, reduced: Path | None = None) -> Reduced | None:
    """Return overviews that this program made: beside the raster, or in the project."""
    for place in (companion(path), reduced):
        if place is not None and place.exists() and (found := reduced_of(place, path)):
            return found
    return None


def target(path: Path, project_root: Path, image_hash: str) -> Path:
    """Return where to write a raster's overviews: ``<name>.ovr`` beside it, or in the project
    where that folder may not be written to or holds overviews of another program."""
    beside = companion(path)
    if _writable(path.parent) and (not beside.exists() or _ours(beside)):
        return beside
    return place_in_project(project_root, image_hash)


def build(path: Path, target: Path, task: Task) -> None:
    """Write the overviews of a raster, reporting to ``task``; cancelled within a second.

    Nothing is left of a file that was not finished. Raises `UserError` where the raster
    cannot be read or the file not be written.
    """
    try:
        age = path.stat().st_mtime_ns
    except OSError as error:
        raise not_read(path, error) from error
    _clean(target)
    task.report(0, 1, TEXT)
    with atomic(target) as temporary:
        _run(path, temporary, task)
        # Never older than the raster, whose clock may be ahead: old overviews are not used.
        age = max(age, time.time_ns())
        os.utime(temporary, ns=(age, age))


def _run(path: Path, temporary: Path, task: Task) -> None:
    command = [sys.executable, "-m", "segstudio.store.overview_child"]
    here = str(Path(__file__).resolve().parents[2])
    known = os.environ.get("PYTHONPATH")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([here, known] if known else [here])}
    quiet = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
    quiet |= getattr(subprocess, "CREATE_NO_WINDOW", 0)
    # A file, because waiting for lines from a pipe and for Cancel would take a thread.
    with (
        tempfile.TemporaryDirectory() as folder,
        open(os.path.join(folder, "said"), "wb") as saying,
        open(os.path.join(folder, "said"), "rb") as said,
    ):
        child = subprocess.Popen(
            [*command, str(path.absolute()), str(temporary.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=saying,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=quiet,
        )
        try:
            _follow(child, said, task)
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()


def _follow(child: "subprocess.Popen[bytes]", said: IO[bytes], task: Task) -> None:
    """Report what the child says until it ends; raise what it says went wrong."""
    done, total, wrong, hint, rest = 0, 1, "", "", b""
    over = False
    while not over:
        try:
            child.wait(_POLL)
            over = True
        except subprocess.TimeoutExpired:
            pass
        *lines, rest = (rest + said.read()).split(b"\n")
        for line in lines:
            word, _, text = line.decode("utf-8", "replace").partition(" ")
            if word == "progress":
                done, total = (int(number) for number in text.split())
            elif word == "error:":
                wrong = text
            elif word == "hint:":
                hint = text
        task.report(done, total, TEXT)
    if wrong:
        raise UserError(wrong, hint)
    if child.returncode:
        raise UserError("the overviews could not be made", "there may be too little memory")


def _writable(folder: Path) -> bool:
    """Try it: what permissions say is not what network drives do."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _ours(place: Path) -> bool:
    from segstudio.store.datasets import open_dataset
    from segstudio.store.reduced import TAG

    try:
        with open_dataset(place) as dataset:
            return TAG in dataset.tags()
    except Exception:  # what cannot be read was not made here
        return False


def _clean(target: Path) -> None:
    """Remove what a program left that was killed; not what another one is writing now."""
    with suppress(OSError):
        for left in target.parent.glob(f".{target.name[:80]}.*.part"):
            if time.time() - left.stat().st_mtime > _ABANDONED:
                left.unlink()
