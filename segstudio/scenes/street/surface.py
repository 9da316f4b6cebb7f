"""A wall in the making, in metres: colour, relief and class of every point."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segstudio.scenes.noise import Field, Image, Rng, multiply

Colour = tuple[int, int, int]

BACKGROUND, FACADE, SIGN, BANNER, POSTER, GRAFFITI, AIR_CONDITIONER, VENT = range(8)

FLUSH = 128
"""The relief of the bare wall; one unit is a centimetre, more is nearer to the street."""


@dataclass(frozen=True)
class Rect:
    """A rectangle on a wall in metres; ``bottom`` is measured upwards from the ground."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def top(self) -> float:
        return self.bottom + self.height

    def grown(self, by: float) -> "Rect":
        return Rect(self.left - by, self.bottom - by, self.width + 2 * by, self.height + 2 * by)

    def part(self, left: float, bottom: float, width: float, height: float) -> "Rect":
        """Return the part given in fractions of this rectangle."""
        return Rect(
            self.left + left * self.width,
            self.bottom + bottom * self.height,
            width * self.width,
            height * self.height,
        )

    def meets(self, other: "Rect") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )


@dataclass
class Surface:
    """The front of a house, ``scale`` pixels a metre, and which of its places are taken.

    ``albedo`` is H×W×3, ``relief`` H×W centimetres (see `FLUSH`), ``ids`` H×W class ids.
    """

    left: float
    width: float
    top: float
    scale: float
    albedo: Image = field(init=False)
    relief: Image = field(init=False)
    ids: Image = field(init=False)
    taken: list[Rect] = field(default_factory=list)
    windows: list[Rect] = field(default_factory=list)

    def __post_init__(self) -> None:
        shape = max(round(self.top * self.scale), 8), max(round(self.width * self.scale), 8)
        self.albedo = np.full((*shape, 3), 127, np.uint8)
        self.relief = np.full(shape, FLUSH, np.uint8)
        self.ids = np.full(shape, FACADE, np.uint8)

    @property
    def whole(self) -> Rect:
        return Rect(self.left, 0, self.width, self.top)

    @property
    def shape(self) -> tuple[int, int]:
        height, width = self.ids.shape
        return height, width

    def length(self, metres: float) -> int:
        """Return metres as pixels, at least one."""
        return max(1, round(metres * self.scale))

    def points(self, corners: Sequence[tuple[float, float]] | NDArray[np.floating]) -> Field:
        """Return places in metres (right, up) as pixels (right, down), N×2."""
        place = np.asarray(corners, np.float32)
        return np.stack(
            [(place[:, 0] - self.left) * self.scale, (self.top - place[:, 1]) * self.scale], 1
        )

    def slices(self, rect: Rect) -> tuple[slice, slice]:
        """Return where a rectangle lies in the arrays, cut at their edges."""
        top, left = (self.top - rect.top) * self.scale, (rect.left - self.left) * self.scale
        first, start = round(top), round(left)
        last = first + self.length(rect.height)
        end = start + self.length(rect.width)
        rows, columns = self.ids.shape
        return (
            slice(min(max(first, 0), rows), min(max(last, 0), rows)),
            slice(min(max(start, 0), columns), min(max(end, 0), columns)),
        )

    def fill(
        self, rect: Rect, colour: Colour | None, relief: int | None = None, id: int | None = None
    ) -> None:
        """Paint a rectangle; what is None stays. ``relief`` is in cm from the bare wall."""
        at = self.slices(rect)
        if colour is not None:
            self.albedo[at] = colour
        if relief is not None:
            self.relief[at] = FLUSH + relief
        if id is not None:
            self.ids[at] = id

    def polygon(
        self,
        corners: Sequence[tuple[float, float]],
        colour: Colour | None,
        relief: int | None = None,
        id: int | None = None,
    ) -> None:
        """Paint a polygon given in metres."""
        import cv2

        outline = [np.round(self.points(corners)).astype(np.int32)]
        if colour is not None:
            cv2.fillPoly(self.albedo, outline, colour)
        if relief is not None:
            cv2.fillPoly(self.relief, outline, FLUSH + relief)
        if id is not None:
            cv2.fillPoly(self.ids, outline, id)

    def line(
        self,
        corners: Sequence[tuple[float, float]],
        colour: Colour,
        thickness: float,
        relief: int | None = None,
    ) -> None:
        """Paint a line of a thickness in metres."""
        import cv2

        path = [np.round(self.points(corners)).astype(np.int32)]
        cv2.polylines(self.albedo, path, False, colour, self.length(thickness), cv2.LINE_AA)
        if relief is not None:
            cv2.polylines(self.relief, path, False, FLUSH + relief, self.length(thickness))

    def paste(
        self,
        art: Image,
        rect: Rect,
        relief: int | None = None,
        id: int | None = None,
        cover: Field | None = None,
    ) -> None:
        """Lay a picture over a rectangle, stretched to fit it; ``cover`` (0…1) says how densely.

        Where the cover is at least a half, the place takes the relief and the class.
        """
        import cv2

        rows, columns = self.slices(rect)
        size = self.length(rect.width), self.length(rect.height)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        first = round((self.top - rect.top) * self.scale)
        start = round((rect.left - self.left) * self.scale)
        cut = (
            slice(rows.start - first, rows.stop - first),
            slice(columns.start - start, columns.stop - start),
        )
        if art.shape[1::-1] != size:
            art = cv2.resize(art, size, interpolation=cv2.INTER_AREA)
        if cover is None:
            self.albedo[rows, columns] = art[cut]
            self.fill(rect, None, relief, id)
            return
        if cover.shape[::-1] != size:
            cover = cv2.resize(cover, size, interpolation=cv2.INTER_LINEAR)
        amount = cover[cut][:, :, None]
        under = self.albedo[rows, columns]
        mixed = under + (art[cut].astype(np.float32) - under) * amount
        self.albedo[rows, columns] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
        solid = cover[cut] >= 0.5
        if relief is not None:
            self.relief[rows, columns][solid] = FLUSH + relief
        if id is not None:
            self.ids[rows, columns][solid] = id

    def shade(self, rect: Rect, factor: Field | float) -> None:
        """Darken (or brighten) a rectangle; a field is stretched to fit."""
        import cv2

        at = self.slices(rect)
        view = self.albedo[at]
        if not view.size:
            return
        if isinstance(factor, float):
            factor = np.full(view.shape[:2], factor, np.float32)
        elif factor.shape != view.shape[:2]:
            factor = np.asarray(cv2.resize(factor, view.shape[1::-1]), np.float32)
        changed = view.copy()
        multiply(changed, factor)
        self.albedo[at] = changed

    def spot(self, rng: Rng, width: float, height: float, zone: Rect) -> Rect | None:
        """Return a free place of that size inside a zone and take it; None where none is found."""
        if zone.width < width or zone.height < height:
            return None
        for _ in range(40):
            place = Rect(
                float(rng.uniform(zone.left, zone.right - width)),
                float(rng.uniform(zone.bottom, zone.top - height)),
                width,
                height,
            )
            if not any(place.grown(0.06).meets(other) for other in self.taken):
                self.taken.append(place)
                return place
        return None
