"""Objects of real references that simulated people want to have, each with what is in sight."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from users_person import Case

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.inference.model import Model
from segstudio.interactive.objects import MaskObject, objects_of

UNSURE = 255
LEAST = 24
"""Pixels that the smaller side of an object has at least; nobody takes a tool for less."""
AROUND = 0.5
"""What is in sight around an object, in parts of the longer side of its box."""
SEED = 0

Grey = NDArray[np.integer]


def data() -> Path:
    return Path(os.environ["SEGSTUDIO_DATA"])


def read(path: Path) -> NDArray[np.uint8]:
    """Return a picture's pixels, height × width × 3, or a mask's numbers."""
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image if image.mode in ("L", "P", "I;16", "I") else image.convert("RGB"))


def names(folder: Path, listing: str) -> list[str]:
    """Return the names of a list whose pictures are there."""
    found = (folder / listing).read_text(encoding="utf-8").split()
    return [name for name in found if list((folder / "images").glob(f"{name}.*"))]


def spread(count: int, limit: int) -> list[int]:
    """Return at most ``limit`` of ``count`` places, evenly spread."""
    return sorted({round(n) for n in np.linspace(0, count - 1, min(limit, count))})


def grabcut(limit: int, model: Model | None) -> Iterator[Case]:
    """Yield the object of each picture, all of which is in sight."""
    folder = data() / "grabcut_scribbles"
    found = names(folder, "all.txt")
    for place in spread(len(found), limit):
        name = found[place]
        mask = read(folder / "masks" / f"{name}.png")
        yield Case(name, read(folder / "images" / f"{name}.jpg"), mask == 1, mask != UNSURE)


def nuclei(limit: int, model: Model | None) -> Iterator[Case]:
    """Yield one nucleus of each picture: one of middle size."""
    folder = data() / "nuclei_dsb2018"
    found = names(folder, "val.txt")
    for place in spread(len(found), limit):
        name = found[place]
        instances = read(folder / "instances" / f"{name}.png")
        sizes = np.bincount(instances.ravel().astype(np.int64))
        sizes[0] = 0
        numbers = np.flatnonzero(sizes)
        wanted = numbers[np.argsort(sizes[numbers], kind="stable")[len(numbers) // 2]]
        rgb = read(folder / "images" / f"{name}.png")
        classes = (instances > 0).astype(np.uint8)
        yield in_sight(name, rgb, instances == wanted, classes, 1, model)


def facade(limit: int, model: Model | None) -> Iterator[Case]:
    """Yield windows and shops in turn, one or none of each a picture."""
    folder = data() / "facade_street"
    found = names(folder, "val.txt")
    rng = np.random.default_rng(SEED)
    left = {10: limit - limit // 2, 6: limit // 2}
    for name in found:
        classes = read(folder / "masks" / f"{name}.png")
        for value, title in ((10, "window"), (6, "shop")):
            known = [each for each in _objects(classes, value) if min(each.box.shape) >= LEAST]
            if not left[value] or not known:
                continue
            left[value] -= 1
            chosen = known[int(rng.integers(len(known)))]
            rgb = read(folder / "images" / f"{name}.jpg")
            mine = _pixels(classes, chosen)
            yield in_sight(f"{name}, {title}", rgb, mine, classes, value, model)


def _objects(ids: NDArray[np.uint8], value: int) -> list[MaskObject]:
    image = Box(0, 0, ids.shape[0], ids.shape[1])
    return objects_of(lambda box: ids[box.slices], image, [value], Quiet())


def _pixels(ids: NDArray[np.uint8], chosen: MaskObject) -> NDArray[np.bool_]:
    from segstudio.interactive.objects import object_patch

    out = np.zeros(ids.shape, bool)
    for patch in object_patch(lambda box: ids[box.slices], chosen):
        out[patch.box.slices] |= patch.region
    return out


def in_sight(
    name: str,
    rgb: NDArray[np.uint8],
    object: NDArray[np.bool_],
    classes: NDArray[np.uint8],
    value: int,
    model: Model | None,
) -> Case:
    """Return the case of one object; other objects of its class do not count."""
    rows, columns = np.flatnonzero(object.any(1)), np.flatnonzero(object.any(0))
    inner = Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
    image = Box(0, 0, object.shape[0], object.shape[1])
    view = inner.grown(max(32, round(AROUND * max(inner.shape)))).clipped(image)
    part = object[view.slices]
    here = classes[view.slices]
    counted = part | (here != value)
    probabilities = None if model is None else _answer(model, rgb)[(slice(None), *view.slices)]
    return Case(
        name, np.ascontiguousarray(rgb[view.slices]), part, counted, here, value,
        None if probabilities is None else np.ascontiguousarray(probabilities),
    )  # fmt: skip


def _answer(model: Model, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the model's probabilities by class id."""
    box = Box(0, 0, rgb.shape[0], rgb.shape[1])
    found = model.probabilities(Tile(rgb, box).pixels)
    out = np.zeros((max(model.card.ids) + 1, *box.shape), np.float32)
    out[list(model.card.ids)] = found
    return out


SETS = {"grabcut": grabcut, "nuclei": nuclei, "facade": facade}
