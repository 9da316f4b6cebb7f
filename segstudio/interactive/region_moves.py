"""Copying, moving and mirroring a region of a mask."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Region
from segstudio.domain.tiles import Ids
from segstudio.interactive.patch import Patch

Mirror = Literal["none", "left_right", "top_bottom", "both"]


@dataclass(frozen=True, eq=False)
class Snippet:
    """A region with its ids, as it was copied; ``box`` is where it came from.

    Unlabelled pixels of the region are part of it: they erase where they are put.
    """

    ids: Ids
    region: Region
    box: Box

    def __bool__(self) -> bool:
        return bool(self.region.any())


def lifted(ids: Ids, region: Region, box: Box | None = None) -> Snippet:
    """Copy a region of a mask; ``ids`` and ``region`` fill ``box`` (else begin at the corner)."""
    patch = Patch(box or Box(0, 0, *ids.shape), region).tight()
    part = patch.box.within(box or Box(0, 0, *ids.shape))
    return Snippet(ids[part].copy(), patch.region.copy(), patch.box)


def placed(
    snippet: Snippet,
    at: tuple[int, int],
    mirrored: Mirror = "none",
    image: Box | None = None,
) -> tuple[Box, Ids, Region]:
    """Return where a snippet comes to lie, with which ids and which of the box's pixels.

    ``at`` is column and row (x, y) of the upper left corner of its box. What lies beyond the
    image is cut off; the box is falsy where nothing is left.
    """
    turned = (
        slice(None, None, -1 if mirrored in ("top_bottom", "both") else 1),
        slice(None, None, -1 if mirrored in ("left_right", "both") else 1),
    )
    ids, region = snippet.ids[turned], snippet.region[turned]
    left, top = at
    box = Box(top, left, top + ids.shape[0], left + ids.shape[1])
    part = box if image is None else box.clipped(image)
    if not part:
        return part, np.zeros((0, 0), np.uint8), np.zeros((0, 0), bool)
    return part, ids[part.within(box)].copy(), region[part.within(box)].copy()
