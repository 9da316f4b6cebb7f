"""The part of the open picture that a tool works on."""

from collections.abc import Iterable

from segstudio.domain.geometry import Box, bounding
from segstudio.domain.stroke import Point
from segstudio.gui.tools.context import OpenPicture, ToolContext
from segstudio.interactive.patch import Patch, pixel_of

MOST = 16_000_000
"""Pixels that are worked on at once."""

SIDE = 4096
"""Side of what is worked on around a point where the view shows more than that."""

HELD = 64 << 20
"""Bytes that a preview may take."""


def picture_of(context: ToolContext) -> OpenPicture | None:
    """Return the open picture; where it is not there yet, say so."""
    picture = context.picture
    if picture is None and context.session.image is not None:
        context.session.said.emit("the picture is not there yet", "try again when it is")
    return picture


def part_at(context: ToolContext, at: Point) -> Box:
    """Return the box around a point to work on; falsy where the point is outside the image.

    It is the whole image, of a larger one what is in sight, and of more than that in sight a
    square around the point.
    """
    image = context.session.image
    place = None if image is None else pixel_of(at, image.box)
    if image is None or place is None:
        return Box(0, 0, 0, 0)
    if image.box.area <= MOST:
        return image.box
    row, column = place
    sight = context.in_sight().clipped(image.box)
    inside = sight.top <= row < sight.bottom and sight.left <= column < sight.right
    if inside and sight.area <= MOST:
        return sight
    half = SIDE // 2
    return Box(row - half, column - half, row + half, column + half).clipped(image.box)


def local(at: Point, box: Box) -> Point:
    """Return a point of the image as a point of a box."""
    return at[0] - box.left, at[1] - box.top


def joined(patches: Iterable[Patch]) -> tuple[Patch, ...]:
    """Return patches as one where that takes no more than is worked on at once."""
    found = tuple(patch for patch in patches if patch.box)
    box = bounding(patch.box for patch in found)
    if len(found) < 2 or box is None or box.area > MOST:
        return found
    region = found[0].over(box)
    for patch in found[1:]:
        region[patch.box.within(box)] |= patch.region
    return (Patch(box, region),)


def seen(patches: Iterable[Patch], sight: Box) -> tuple[Patch, ...]:
    """Return what of patches is in sight, to be shown; nothing where that is too much to hold."""
    found, held = [], 0
    for patch in patches:
        part = patch.clipped(sight)
        if part.box:
            found.append(part)
            held += part.box.area if any(part.region.strides) else 0
        if held > HELD:
            return ()
    return joined(found)


def holds(patches: Iterable[Patch], at: Point) -> bool:
    """Tell whether a point lies in any of the patches."""
    for patch in patches:
        place = pixel_of(at, patch.box)
        if place is not None and patch.region[place[0] - patch.box.top, place[1] - patch.box.left]:
            return True
    return False
