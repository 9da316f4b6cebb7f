"""Setting pictures aside, so that no figure is measured on what was learned from."""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from segstudio.domain import states
from segstudio.domain.edit import Edit
from segstudio.domain.records import ImageRecord, Split
from segstudio.errors import UserError
from segstudio.store.project import Project

Grouping = Literal["image", "folder", "position"]

BLOCK = 3
"""Tiles along a side of a block: those of one block are never parted."""

PLACED = re.compile(r"^(.*?)[^0-9a-z]*[a-z]{0,3}(\d+)[^0-9]+?(\d+)$", re.IGNORECASE)
"""A name that ends in two numbers: the picture it was cut from, row and column (or y and x)."""

SLACK = 1e-6
"""Of a tile: coordinates are written with so many digits only."""


@dataclass(frozen=True)
class SplitSettings:
    """How to set pictures aside: shares of all, and what must not be parted."""

    by: Grouping = field(
        default="image",
        metadata={
            "label": "Together",
            "help": "What is never parted: equal pictures, those of a folder, or tiles that lie "
            "near each other",
        },
    )
    val: float = field(
        default=0.2, metadata={"label": "Validation", "range": (0, 0.9), "step": 0.05}
    )
    test: float = field(default=0.0, metadata={"label": "Test", "range": (0, 0.9), "step": 0.05})
    seed: int = field(default=0, metadata={"label": "Random seed", "range": (0, 9999)})


def plan_split(project: Project, settings: SplitSettings) -> Edit:
    """Plan to set shares of the pictures aside for validation and for the last test.

    Pictures of the test stay there whatever is asked for: nothing may learn from them or be
    chosen by them later. Those of val that are not drawn again go back to the pool; train and
    pool stay as they are. Raises `UserError` where the pictures cannot be parted so.
    """
    if settings.val + settings.test >= 1:
        raise UserError("nothing would be left to learn from", "set less than all aside")
    images = project.images()
    kept = [image for image in images if image.split == Split.TEST]
    groups = groups_of(project, images, settings.by)
    closed = {key for key, members in groups.items() if any(i in kept for i in members)}
    open_groups = {key: group for key, group in groups.items() if key not in closed}
    if len(open_groups) < 1 + (settings.val > 0) + (settings.test > 0 and not kept):
        raise UserError(
            f"{len(images)} pictures make only {len(groups)} group{'s' * (len(groups) != 1)} "
            f"by {settings.by}",
            "add pictures, or part them by something else",
        )
    wanted = {
        Split.TEST: round(settings.test * len(images)) - sum(len(groups[key]) for key in closed),
        Split.VAL: round(settings.val * len(images)),
    }
    drawn = draw(open_groups, wanted, settings.seed)
    drawn |= dict.fromkeys(closed, Split.TEST)
    rows = [
        states.changed(image, split=_after(image, drawn.get(key)))
        for key, members in groups.items()
        for image in members
    ]
    return Edit("Set pictures aside").with_rows(rows)


def _after(image: ImageRecord, split: Split | None) -> Split:
    if split is None:
        return Split.POOL if image.split == Split.VAL else image.split
    return split


def draw(
    groups: Mapping[str, Sequence[ImageRecord]], wanted: Mapping[Split, int], seed: int
) -> dict[str, Split]:
    """Return the groups that are set aside, about as many pictures of them as are wanted.

    They are drawn by a hash of seed and key, so that the same are drawn everywhere. Of each
    split that is wanted at least one group is drawn.
    """
    left = {split: count for split, count in wanted.items() if count > 0}
    drawn: dict[str, Split] = {}
    order = sorted(groups, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())
    for key in order:
        if not left:
            break
        split, size = max(left, key=lambda each: left[each]), len(groups[key])
        if 2 * left[split] >= size:
            drawn[key] = split
            left[split] -= size
            if left[split] <= 0:
                del left[split]
    for split in left:
        if split not in drawn.values():  # every group is far larger than what is wanted
            rest = [key for key in order if key not in drawn]
            drawn[min(rest, key=lambda key: len(groups[key]))] = split
    return drawn


def groups_of(
    project: Project, images: Sequence[ImageRecord], by: Grouping
) -> dict[str, list[ImageRecord]]:
    """Return what is never parted; raise `UserError` where pictures have no position."""
    if by == "position":
        return _by_position(images)
    found: dict[str, list[ImageRecord]] = {}
    for image in images:
        key = str(project.path_of(image).parent) if by == "folder" else image.hash or str(image.id)
        found.setdefault(key, []).append(image)
    return found


def _by_position(images: Sequence[ImageRecord]) -> dict[str, list[ImageRecord]]:
    places = [_ground_place(image) or _named_place(image) for image in images]
    lost = [image for image, place in zip(images, places, strict=True) if place is None]
    if lost:
        raise UserError(
            f"{len(lost)} pictures have no position, such as {lost[0].name}",
            "tiles are georeferenced, or their names end in row and column; else part by folder",
        )
    known = [place for place in places if place is not None]
    ranks = {
        scene: [
            {v: rank for rank, v in enumerate(sorted({p[axis] for p in known if p[0] == scene}))}
            for axis in (1, 2)
        ]
        for scene in {place[0] for place in known}
    }
    found: dict[str, list[ImageRecord]] = {}
    for image, (scene, y, x) in zip(images, known, strict=True):
        rows, columns = ranks[scene]
        key = f"{scene}:{rows[y] // BLOCK},{columns[x] // BLOCK}"
        found.setdefault(key, []).append(image)
    return found


def _named_place(image: ImageRecord) -> tuple[str, int, int] | None:
    stem = image.name.rpartition(".")[0] or image.name
    match = PLACED.match(stem)
    return (match[1], int(match[2]), int(match[3])) if match else None


def _ground_place(image: ImageRecord) -> tuple[str, int, int] | None:
    """Return where a georeferenced tile lies, counted in its own widths and heights."""
    transform = (image.georef or {}).get("transform")
    if not transform:
        return None
    a, b, c, d, e, f = transform[:6]
    wide = max(abs(a), abs(b)) * image.width
    high = max(abs(d), abs(e)) * image.height
    scene = str((image.georef or {}).get("epsg") or "")
    return scene, math.floor(-f / high + SLACK), math.floor(c / wide + SLACK)
