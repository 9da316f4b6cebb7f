"""Where a picture lies on the earth: from pixels to coordinates, and how far apart they are.

A georeference is what a picture's record holds: ``transform``, the six numbers a…f of
x' = a·x + b·y + c, y' = d·x + e·y + f, from pixels to coordinates (a pixel's corner, not its
middle, has whole numbers); ``wkt``, the coordinate system as text, empty where unknown; and
``epsg``, its number, or None.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Georef = Mapping[str, Any]
Point = tuple[float, float]
"""x and y."""

WEB_MERCATOR = 3857


@dataclass(frozen=True)
class Affine:
    """A transform of the plane, rotated or sheared as it may be."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def __call__(self, x: float, y: float) -> Point:
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    @property
    def determinant(self) -> float:
        return self.a * self.e - self.b * self.d

    @property
    def steps(self) -> Point:
        """How much x' changes at most from one pixel to the next, and how much y'."""
        return max(abs(self.a), abs(self.b)), max(abs(self.d), abs(self.e))

    def inverse(self) -> "Affine":
        """Return the transform from coordinates to pixels."""
        whole = self.determinant
        a, b, d, e = self.e / whole, -self.b / whole, -self.d / whole, self.a / whole
        return Affine(a, b, -a * self.c - b * self.f, d, e, -d * self.c - e * self.f)


@dataclass(frozen=True)
class Units:
    """What the coordinates of a system count.

    ``factor`` is the metres of a unit, or its radians where the system is geographic (x is
    the longitude, y the latitude); ``radius`` and ``flattening`` are those of its ellipsoid.
    """

    geographic: bool
    factor: float
    name: str
    radius: float
    flattening: float
    mercator: bool = False
    """Lengths are not those on the ground, and are worked out through the latitude."""


def affine_of(georef: Georef | None) -> Affine | None:
    """Return the transform of a georeference, None where it has no usable one."""
    numbers = (georef or {}).get("transform")
    if not numbers or len(numbers) < 6:
        return None
    affine = Affine(*(float(number) for number in numbers[:6]))
    usable = all(math.isfinite(number) for number in vars(affine).values())
    return affine if usable and affine.determinant != 0 else None


def units_of(georef: Georef | None) -> Units | None:
    """Return what the coordinates count, None where the georeference does not say."""
    given = georef or {}
    return _units(str(given.get("wkt") or ""), given.get("epsg"))


def coordinates(georef: Georef | None, x: float, y: float) -> str:
    """Return the coordinates of a point of the picture as a person reads them, or ''.

    With as many places as tell one pixel from the next.
    """
    affine = affine_of(georef)
    if affine is None:
        return ""
    across, down = (_places(step) for step in affine.steps)
    east, north = (
        round(value, places) + 0.0  # which makes of -0 a 0
        for value, places in zip(affine(x, y), (across, down), strict=True)
    )
    units = units_of(georef)
    if units is None:
        return f"X {east:,.{across}f}  Y {north:,.{down}f}"
    if units.geographic:
        return f"lon {east:.{across}f}  lat {north:.{down}f}"
    unit = "" if units.factor == 1 else f" {units.name}"
    return f"E {east:,.{across}f}  N {north:,.{down}f}{unit}"


def distance(georef: Georef | None, a: Point, b: Point) -> float | None:
    """Return the metres between two points of the picture; None where that is not known.

    On the ellipsoid where the coordinates are longitude and latitude, or Web Mercator;
    straight in the plane of other projections.
    """
    affine, units = affine_of(georef), units_of(georef)
    if affine is None or units is None:
        return None
    one, other = affine(*a), affine(*b)
    if units.mercator:
        one, other = _unprojected(one, units), _unprojected(other, units)
    elif not units.geographic:
        return math.dist(one, other) * units.factor
    else:
        one = one[0] * units.factor, one[1] * units.factor
        other = other[0] * units.factor, other[1] * units.factor
    return geodesic(one, other, units.radius, units.flattening)


def geodesic(a: Point, b: Point, radius: float, flattening: float) -> float:
    """Return the length of the shortest way on an ellipsoid, to about 1 part in 100,000.

    The points are longitude and latitude in radians. Andoyer's formula, as in Meeus,
    Astronomical Algorithms, chapter 11.
    """
    half = (a[1] + b[1]) / 2, (a[1] - b[1]) / 2, (a[0] - b[0]) / 2
    f, g, span = (math.sin(angle) ** 2 for angle in half)
    s = g * (1 - span) + (1 - f) * span
    c = (1 - g) * (1 - span) + f * span
    if s < 1e-30:  # less than the size of an atom
        return 0.0
    arc = math.atan2(math.sqrt(s), math.sqrt(max(c, 0.0)))
    if c <= 1e-9:  # opposite points: every way is as long as half a meridian, nearly
        return 2 * arc * radius * (1 - flattening / 2)
    ratio = math.sqrt(s * c) / arc
    more = (3 * ratio - 1) / (2 * c) * f * (1 - g)
    less = (3 * ratio + 1) / (2 * s) * (1 - f) * g
    return 2 * arc * radius * (1 + flattening * (more - less))


def _unprojected(point: Point, units: Units) -> Point:
    """Return longitude and latitude, in radians, of a point of Web Mercator."""
    x, y = (value * units.factor / units.radius for value in point)
    return x, math.atan(math.sinh(max(min(y, 20.0), -20.0)))


def _places(step: float) -> int:
    return max(0, min(9, math.ceil(-math.log10(step) - 1e-9))) if step > 0 else 0


# -- coordinate systems as text ------------------------------------------------------

_TOKEN = re.compile(r'"((?:[^"]|"")*)"|([A-Za-z_][\w]*)\s*[\[(]|([\])])|([^\s,\[\]()"]+)')

_PROJECTED = {"PROJCS", "PROJCRS", "PROJECTEDCRS"}
_GEOGRAPHIC = {"GEOGCS", "GEOGCRS", "GEOGRAPHICCRS", "GEODCRS", "GEODETICCRS"}
_LOCAL = {"LOCAL_CS", "ENGCRS", "ENGINEERINGCRS", "ENGINEERCRS"}
_UNITS = {"UNIT", "LENGTHUNIT", "ANGLEUNIT"}


@dataclass
class _Node:
    """One ``KEYWORD["name", …]`` of a coordinate system: its texts and numbers, and parts."""

    keyword: str
    values: list[str]
    parts: list["_Node"]

    def walk(self) -> Iterator["_Node"]:
        yield self
        for part in self.parts:
            yield from part.walk()

    def first(self, keywords: set[str]) -> "_Node | None":
        return next((node for node in self.walk() if node.keyword in keywords), None)


def _parsed(wkt: str) -> _Node:
    whole = _Node("", [], [])
    open_nodes = [whole]
    for match in _TOKEN.finditer(wkt):
        text, keyword, close, word = match.groups()
        if keyword:
            node = _Node(keyword.upper(), [], [])
            open_nodes[-1].parts.append(node)
            open_nodes.append(node)
        elif close:
            if len(open_nodes) > 1:
                open_nodes.pop()
        else:
            open_nodes[-1].values.append(word if text is None else text)
    return whole


@lru_cache(maxsize=64)
def _units(wkt: str, epsg: int | None) -> Units | None:
    whole = _parsed(wkt)
    system = whole.first(_PROJECTED) or whole.first(_GEOGRAPHIC) or whole.first(_LOCAL)
    if system is None:
        return None
    unit = _unit(system)
    ellipsoid = whole.first({"SPHEROID", "ELLIPSOID"})
    try:
        factor = float(unit.values[1]) if unit else 0.0
        radius = float(ellipsoid.values[1]) if ellipsoid else 6378137.0
        inverse = float(ellipsoid.values[2]) if ellipsoid else 298.257223563
    except (IndexError, ValueError):
        return None
    if unit is None or not (math.isfinite(factor) and factor > 0 and radius > 0):
        return None
    name = "m" if factor == 1 else _SHORT.get(unit.values[0].lower(), unit.values[0])
    pseudo = epsg == WEB_MERCATOR or "pseudo" in " ".join(system.values[:1]).lower()
    return Units(
        system.keyword in _GEOGRAPHIC,
        factor,
        name,
        radius,
        1 / inverse if inverse else 0.0,
        pseudo and system.keyword in _PROJECTED,
    )


_SHORT = {"us survey foot": "ft", "foot_us": "ft", "foot": "ft", "feet": "ft", "degree": "°"}


def _unit(system: _Node) -> _Node | None:
    """Return the unit of a system's own axes, not that of the system it is made from."""
    own = [part for part in system.parts if part.keyword in _UNITS]
    if own:
        return own[-1]
    axes = (part.first(_UNITS) for part in system.parts if part.keyword == "AXIS")
    return next((unit for unit in axes if unit is not None), None)
