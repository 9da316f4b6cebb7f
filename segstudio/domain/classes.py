"""Classes of pixels: their names, numbers and colours."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from segstudio.errors import UserError

UNLABELLED = 255
"""The id of pixels that nobody has given a class."""

Colour = tuple[int, int, int]

PALETTE: tuple[Colour, ...] = (
    # Okabe & Ito 2008 with a grey that is no one's green for its black, then Tol's muted
    # and light schemes.
    (102, 102, 102), (230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66),
    (0, 114, 178), (213, 94, 0), (204, 121, 167), (136, 34, 85), (153, 153, 51),
    (51, 34, 136), (68, 170, 153), (221, 204, 119), (170, 68, 153), (102, 204, 238),
    (187, 187, 187), (17, 119, 51), (238, 136, 102), (170, 170, 0), (119, 170, 221),
)  # fmt: skip
"""Default colours; the first is for a background.

The first eight are told apart by colour-blind people too, a test computes how well.
"""

TURNS = 13
"""How often the palette is gone through for a colour that no class has: 255 need no more."""


@dataclass(frozen=True)
class LabelClass:
    """A category of pixels. ``id`` never changes; ``position`` is its place in the list."""

    id: int
    name: str
    colour: Colour
    visible: bool = True
    locked: bool = False
    position: int = 0


def default_colour(id: int, taken: Collection[Colour] = ()) -> Colour:
    """Return the colour that a new class gets: that of its number, or the next not ``taken``.

    Repeats, darker, after the palette's end.
    """
    colours = (_colour_at(place) for place in range(id, id + TURNS * len(PALETTE)))
    return next((colour for colour in colours if colour not in taken), _colour_at(id))


def _colour_at(number: int) -> Colour:
    turn, place = divmod(number, len(PALETTE))
    red, green, blue = PALETTE[place]
    keep = 0.85**turn
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
    name, colour = _name_and_colour(text)
    return LabelClass(id, name, colour or default_colour(id), position=id)


def parse_classes(texts: Sequence[str], first: Sequence[LabelClass] = ()) -> list[LabelClass]:
    """Read classes as the command line gives them, numbered from 0 or after those of ``first``.

    Those without a colour get one that no other has.
    """
    pairs = [_name_and_colour(text) for text in texts]
    taken = {label.colour for label in first} | {colour for _, colour in pairs if colour}
    labels = list(first)
    for name, given in pairs:
        id = free_id(labels)
        colour = given or default_colour(id, taken)
        taken.add(colour)
        labels.append(LabelClass(id, name, colour, position=len(labels)))
    return labels


def _name_and_colour(text: str) -> tuple[str, Colour | None]:
    name, colon, colour = text.rpartition(":")
    if not colon or not colour.startswith("#"):
        return checked_name(text), None
    return checked_name(name), parse_colour(colour)


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


def check_colours(classes: Sequence[LabelClass]) -> None:
    """Raise `UserError` where two classes have one colour: nobody could tell them apart."""
    names: dict[Colour, str] = {}
    for label in classes:
        other = names.setdefault(label.colour, label.name)
        if other != label.name:
            raise UserError(
                f"{other} and {label.name} have the same colour {hex_of(label.colour)}",
                "give each its own colour",
            )


def free_id(classes: Sequence[LabelClass]) -> int:
    """Return the smallest number that no class has; raise `UserError` when all are taken."""
    taken = {c.id for c in classes}
    for id in range(UNLABELLED):
        if id not in taken:
            return id
    raise UserError("a project holds at most 255 classes", "delete one that is not used")
