"""What a network takes and gives, as far as the shapes in its file tell."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segstudio.domain.card import Layout
from segstudio.errors import UserError

MOST_BANDS = 64
"""Sides of pictures are longer, numbers of bands are not."""

SMALLEST = 64
"""How many times smaller than its input an answer may be, along a side."""

NUMBERS = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(double)": "float64",
    "tensor(uint8)": "uint8",
}
"""Types of input that can be fed."""

Size = tuple[int, int]


@dataclass(frozen=True)
class Taken:
    """The one input: ``layout`` and ``bands`` are None where the shape leaves them open.

    ``size`` is the height and width where the network takes no other.
    """

    name: str
    dtype: str
    layout: Layout | None
    bands: int | None
    size: Size | None


@dataclass(frozen=True)
class Given:
    """The outputs that are maps of the picture; ``channels`` of all of them together."""

    names: tuple[str, ...]
    layout: Layout
    channels: int | None
    size: Size | None
    whole_numbers: bool


def taken(session: Any, file: Path, layout: Layout | None = None) -> Taken:
    """Return what a session takes; ``layout`` is what is known of it from elsewhere.

    Raises `UserError` where that is no picture.
    """
    entries = session.get_inputs()
    if len(entries) != 1 or len(entries[0].shape) != 4 or entries[0].type not in NUMBERS:
        raise unfit(file, f"takes {' and '.join(_shown(entry.shape) for entry in entries)}")
    entry = entries[0]
    batch, *rest = map(_known, entry.shape)
    if batch not in (None, 1):
        raise unfit(file, f"takes {batch} pictures at a time")
    layout = layout or _layout(rest[0], rest[2])
    *sides, bands = rest if layout == "NHWC" else (rest[1], rest[2], rest[0])
    return Taken(entry.name, NUMBERS[entry.type], layout, bands, _size(file, *sides))


def given(session: Any, file: Path, taken: Taken) -> Given:
    """Return what a session gives; raise `UserError` where that is no map of the picture.

    It is the first output that is one. Where that has a single channel, others like it stand
    for further classes.
    """
    maps = [found for entry in session.get_outputs() if (found := _map(entry, taken)) is not None]
    if not maps:
        shapes = " and ".join(_shown(entry.shape) for entry in session.get_outputs())
        text = f"gives {shapes} for {_shown(session.get_inputs()[0].shape)}"
        raise unfit(file, f"{text}: that is no map of classes")
    first = maps[0]
    if first.channels != 1 or first.whole_numbers:
        return first
    alike = [m for m in maps if (m.channels, m.size, m.whole_numbers) == (1, first.size, False)]
    names = tuple(name for found in alike for name in found.names)
    return Given(names, first.layout, len(names), first.size, False)


def unfit(file: Path, what: str) -> UserError:
    return UserError(
        f"{file.name} {what}",
        "a model for segmentation takes one picture, N × bands × H × W or N × H × W × bands, "
        "and gives a number for each class and pixel of it",
    )


def _layout(second: int | None, last: int | None) -> Layout | None:
    """Tell where the bands stand: among the two the smaller number, if it can be one of bands."""
    first_is = second is not None and second <= MOST_BANDS
    last_is = last is not None and last <= MOST_BANDS
    if first_is and last_is:
        bands, other = second or 0, last or 0
        return None if bands == other else "NCHW" if bands < other else "NHWC"
    if first_is or last_is:
        return "NCHW" if first_is else "NHWC"
    return None


def _size(file: Path, height: int | None, width: int | None) -> Size | None:
    if height is None and width is None:
        return None
    if height is None or width is None:
        fixed = f"high {height}" if width is None else f"wide {width}"
        raise unfit(file, f"takes only pictures that are {fixed} pixels")
    return height, width


def _map(entry: Any, taken: Taken) -> Given | None:
    """Return an output as a map of the picture; None where it is none."""
    shape = [_known(side) for side in entry.shape]
    if len(shape) not in (3, 4) or shape[0] not in (None, 1):
        return None
    whole = "int" in entry.type
    if len(shape) == 3:
        return _fitting(entry.name, "NCHW", 1, shape[1:], whole, taken)
    own: Layout = taken.layout or _layout(shape[1], shape[3]) or "NCHW"
    other: Layout = "NCHW" if own == "NHWC" else "NHWC"
    for layout in (own, other):
        *sides, channels = shape[1:] if layout == "NHWC" else (shape[2], shape[3], shape[1])
        found = _fitting(entry.name, layout, channels, sides, whole, taken)
        if found is not None:
            return found
    return None


def _fitting(
    name: str,
    layout: Layout,
    channels: int | None,
    sides: list[int | None],
    whole_numbers: bool,
    taken: Taken,
) -> Given | None:
    """Return a map if it is as large as the input, or smaller by one factor or one margin."""
    height, width = sides
    if height is None or width is None or taken.size is None:
        believable = channels is None or channels <= 255
        return Given((name,), layout, channels, None, whole_numbers) if believable else None
    across, down = taken.size[1] / width, taken.size[0] / height
    margin = taken.size[0] - height == taken.size[1] - width
    alike = abs(across - down) <= 0.05 * down
    if 1 <= down <= SMALLEST and 1 <= across <= SMALLEST and (margin or alike):
        return Given((name,), layout, channels, (height, width), whole_numbers)
    return None


def margin_of(took: Size, gave: Size) -> int:
    """Return how many pixels an answer lacks at each side, 0 where it is merely coarser.

    Convolutions without padding lose a margin; strides divide the size.
    """
    lost = took[0] - gave[0]
    factor = took[0] / gave[0]
    coarser = round(factor) >= 2 and abs(factor - round(factor)) < 0.02 * factor
    if lost <= 0 or coarser or lost % 2 or lost != took[1] - gave[1] or factor > 2:
        return 0
    return lost // 2


def _known(side: Any) -> int | None:
    return side if isinstance(side, int) and side > 0 else None


def _shown(shape: Any) -> str:
    return " × ".join(str(_known(side) or "?") for side in shape) or "a number"
