"""What classes look like over the picture, as tables for Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import Colour, LabelClass

EDGE = 0.95
"""Opacity of outlines."""

INK = 0.75
"""Opacity of hatchings."""

UNDER_HATCH = 0.55
"""How much of their opacity areas keep under a hatching."""


@dataclass(frozen=True)
class Colours:
    """For each id 0…255 the colours of its area, outline and hatching, and which hatching."""

    fill: list[int] = field(default_factory=lambda: [0] * 256)
    edge: list[int] = field(default_factory=lambda: [0] * 256)
    ink: list[int] = field(default_factory=lambda: [0] * 256)
    kinds: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(256, np.uint8))
    """The hatching as a bit; 0 for none."""


def colours_of(
    classes: Sequence[LabelClass],
    opacity: float,
    *,
    solo: int | None = None,
    hatch: bool = False,
    regions: Mapping[int, int] | None = None,
) -> Colours:
    """Return the look of the classes that are seen; ``solo`` is the only one where it is given.

    ``regions`` are the ids to give colours to, with the class of each, where they are not
    those of the classes themselves.
    """
    made = Colours()
    solo = solo if any(c.id == solo for c in classes) else None
    seen = {c.id: c.colour for c in classes if (c.visible if solo is None else c.id == solo)}
    for id, of in (regions or {id: id for id in seen}).items():
        if of in seen:
            made.fill[id] = argb(seen[of], opacity * UNDER_HATCH if hatch else opacity)
            made.edge[id] = argb(darker(seen[of]), EDGE)
            if hatch:
                made.ink[id] = argb(ink(seen[of]), INK)
                made.kinds[id] = 1 << of % 8
    return made


def argb(colour: Colour, opacity: float) -> int:
    """Return a colour for a table of Qt: not premultiplied, opacity 0…1."""
    red, green, blue = colour
    return (round(255 * opacity) << 24) | (red << 16) | (green << 8) | blue


def darker(colour: Colour) -> Colour:
    red, green, blue = colour
    return red * 5 // 8, green * 5 // 8, blue * 5 // 8


def ink(colour: Colour) -> Colour:
    """Return the colour of lines on an area of a colour: paler on dark, darker on pale."""
    red, green, blue = colour
    if 0.299 * red + 0.587 * green + 0.114 * blue > 110:
        return red * 4 // 10, green * 4 // 10, blue * 4 // 10
    return (red + 2 * 255) // 3, (green + 2 * 255) // 3, (blue + 2 * 255) // 3
