"""Classes of pixels: their names, numbers and colours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from segstudio.errors import UserError

UNLABELLED = 255
"""The id of pixels that nobody has given a class."""

Colour = tuple[int, int, int]

PALETTE: tuple[Colour, ...] = (
    # Okabe & Ito 2008 without its black, then Tol's muted and light schemes.
    (127, 127, 127), (230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66),
    (0, 114, 178), (213, 94, 0), (204, 121, 167), (136, 34, 85), (153, 153, 51),
    (51, 34, 136), (68, 170, 153), (221, 204, 119), (170, 68, 153), (102, 204, 238),
    (187, 187, 187), (17, 119, 51), (238, 136, 102), (170, 170, 0), (119, 170, 221),
)  # fmt: skip
"""Default colours, told apart by colour-blind people too; the first is for a background."""


@dataclass(frozen=True)
class LabelClass:
    """A category of pixels. ``id`` never changes; ``position`` is its place in the list."""

    id: int
    name: str
    colour: Colour
    visible: bool = True
    locked: bool = False
    position: int = 0


def default_colour(id: int) -> Colour:
    """Return the colour that a new class gets; repeats, darker, after the palette's end."""
    turn, place = divmod(id, len(PALETTE))
    red, green, blue = PALETTE[place]
    keep = 0.7**turn
    return round(red * keep), round(green * keep), round(blue * keep)


def hex_of(colour: Colour) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)


def parse_colour(text: str) -> Colour:
    """Read ``#RRGGBB``; raise `UserError` for anything else."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise UserError(f"{text!r} is not a colour", "write it as #RRGGBB, such as #3D8BFD")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def parse_class(text: str, id: int) -> LabelClass:
    """Read ``NAME`` or ``NAME:#RRGGBB``, as the command line gives it."""
    name, colon, colour = text.rpartition(":")
    if not colon or not colour.startswith("#"):
        name, colour = text, ""
    return LabelClass(
        id, checked_name(name), parse_colour(colour) if colour else default_colour(id), position=id
    )


def checked_name(name: str) -> str:
    """Return the name without spaces around it; raise `UserError` for an empty one."""
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise UserError(f"{name[:40]!r} is not a name for a class", "use 1 to 80 characters")
    return name


def check_classes(classes: Sequence[LabelClass]) -> None:
    """Raise `UserError` unless ids and names are each used once and ids are 0…254."""
    names = [c.name.casefold() for c in classes]
    for name in names:
        if names.count(name) > 1:
            raise UserError(f"two classes are called {name!r}", "give each its own name")
    if len({c.id for c in classes}) != len(classes):
        raise UserError("two classes have the same number")
    if any(not 0 <= c.id < UNLABELLED for c in classes):
        raise UserError("a project holds at most 255 classes, numbered 0 to 254")


def free_id(classes: Sequence[LabelClass]) -> int:
    """Return the smallest number that no class has; raise `UserError` when all are taken."""
    taken = {c.id for c in classes}
    for id in range(UNLABELLED):
        if id not in taken:
            return id
    raise UserError("a project holds at most 255 classes", "delete one that is not used")
