"""Charts of a study as inline SVG: curves with their range, and figures with their intervals."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from segstudio.workflows.study_figures import Figures

WIDTH, HEIGHT = 760, 340
LEFT, RIGHT, TOP, BOTTOM = 46, 214, 12, 40
"""Margins of a chart; the names of its lines stand on the right."""

LINE = 15
"""Least distance of two names, in pixels."""

ROW = 30
"""Height of an arm among the intervals."""

NAMES = 250
"""Width of the arms' names beside the intervals."""

COLOURS = 8
"""Of the page's ``--c0``, ``--c1`` …: further arms begin again, with dashes."""


@dataclass(frozen=True)
class Axis:
    """Numbers from ``low`` to ``high`` over pixels from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, wanted: int = 5) -> list[float]:
        """Return round numbers within, about as many as ``wanted``."""
        step = nice((self.high - self.low) / wanted)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


def nice(step: float) -> float:
    """Return 1, 2, 2.5 or 5 times a power of ten, the nearest not below ``step``."""
    power = 10 ** math.floor(math.log10(step))
    return float(next(n * power for n in (1, 2, 2.5, 5, 10) if n * power >= step * (1 - 1e-9)))


def curves(arms: Sequence[Figures], colours: Mapping[str, int], by_work: bool) -> str:
    """Draw the mIoU of arms over their steps, or over the multiplications of the training.

    Each is the mean over the seeds with the range from the lowest to the highest. ``colours``
    are the numbers of the arms' colours by their names.
    """
    lines = [(one, colours[one.arm.name], _line(one, by_work)) for one in arms]
    lines = [(one, place, points) for one, place, points in lines if points]
    if not lines:
        return ""
    most = max(point[0] for _, _, points in lines for point in points)
    top = max(point[3] for _, _, points in lines for point in points)
    across = Axis(0, most, LEFT, WIDTH - RIGHT)
    up = Axis(0, max(0.1, math.ceil(top * 10) / 10), HEIGHT - BOTTOM, TOP)
    said = "multiplications while learning, 10¹²" if by_work else "steps"
    drawn = [_axes(across, up, said)]
    ends = _apart([up.at(points[-1][2]) for _, _, points in lines])
    for (one, place, points), end in zip(lines, ends, strict=True):
        there = [(across.at(x), up.at(low), up.at(y), up.at(high)) for x, low, y, high in points]
        band = [(x, high) for x, _, _, high in there] + [(x, low) for x, low, _, _ in there[::-1]]
        path = [(x, y) for x, _, y, _ in there]
        colour, dashes = _pen(place)
        x, y = path[-1]
        text = f"{one.arm.title}: {points[-1][2]:.3f}"
        drawn += [
            f'<g style="color:{colour}"><title>{escape(text)}</title>',
            f'<polygon class="band" points="{_points(band)}"/>',
            f'<polyline class="line" {dashes} points="{_points(path)}"/>',
            f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>',
            f'<path class="lead" d="M{x + 4:.1f} {y:.1f} L{across.end + 14:.1f} {end:.1f}"/>',
            f'<text class="name" x="{across.end + 18:.1f}" y="{end + 4:.1f}">'
            f"{escape(_short(one.arm.title))}</text></g>",
        ]
    label = f"mIoU over {'work' if by_work else 'steps'}"
    return _svg(WIDTH, HEIGHT, label, drawn)


Point = tuple[float, float, float, float]
"""Where along, then the lowest, the mean and the highest mIoU."""


def _line(one: Figures, by_work: bool) -> list[Point]:
    """Return the points that all seeds of an arm have."""
    if not one.runs:
        return []
    run = one.runs[0]
    pixels = run.batch * run.crop**2 / 256**2
    unit = run.macs * pixels / 1e12 if by_work else 1.0
    found: dict[float, list[float]] = {}
    for each in one.runs:
        for step, miou in each.curve:
            found.setdefault(step, []).append(miou)
    whole = {s: values for s, values in found.items() if len(values) == len(one.runs)}
    return [
        (step * unit, min(values), sum(values) / len(values), max(values))
        for step, values in sorted(whole.items())
    ]


def intervals(arms: Sequence[Figures], colours: Mapping[str, int]) -> str:
    """Draw the mIoU of all arms with their intervals, and each seed as a dot."""
    known = [(colours[one.arm.name], one) for one in arms if one.miou is not None]
    if not known:
        return ""
    numbers = [n for _, one in known for n in (*(one.interval or ()), *_mious(one))]
    low, high = min(numbers), max(numbers)
    room = max(0.01, (high - low) * 0.08)
    height = TOP + ROW * len(known) + BOTTOM
    across = Axis(max(0.0, low - room), min(1.0, high + room), NAMES, WIDTH - 24)
    foot = height - BOTTOM
    drawn = [
        f'<path class="grid" d="M{across.at(tick):.1f} {TOP} V{foot}"/>'
        f'<text class="tick" x="{across.at(tick):.1f}" y="{foot + 16}" '
        f'text-anchor="middle">{tick:g}</text>'
        for tick in (round(tick, 6) for tick in across.ticks())
    ]
    middle = (across.start + across.end) / 2
    drawn += [
        f'<text class="tick" x="{middle:.1f}" y="{height - 6}" text-anchor="middle">mIoU</text>'
    ]
    first = known[0][1].miou
    if first is not None:
        drawn.append(f'<path class="first" d="M{across.at(first):.1f} {TOP} V{foot}"/>')
    for row, (place, one) in enumerate(known):
        drawn += _whisker(one, place, across, TOP + ROW * (row + 0.5))
    return _svg(WIDTH, height, "mIoU of each arm with its interval", drawn)


def _whisker(one: Figures, place: int, across: Axis, y: float) -> list[str]:
    colour, _ = _pen(place)
    ends = one.interval
    told = f"{one.arm.title}: {one.miou:.3f}" + (f" ({ends[0]:.3f}–{ends[1]:.3f})" if ends else "")
    found = [
        f'<g style="color:{colour}"><title>{escape(told)}</title>',
        f'<text class="name end" x="{NAMES - 12}" y="{y + 4:.1f}">'
        f"{escape(_short(one.arm.title, 38))}</text>",
    ]
    if ends:
        left, right = (across.at(end) for end in ends)
        found.append(
            f'<path class="line" d="M{left:.1f} {y - 4:.1f} v8 m0 -4 H{right:.1f} m0 -4 v8"/>'
        )
    found += [
        f'<circle class="seed" cx="{across.at(miou):.1f}" cy="{y:.1f}" r="3"/>'
        for miou in _mious(one)
    ]
    assert one.miou is not None
    return [
        *found,
        f'<circle class="dot" cx="{across.at(one.miou):.1f}" cy="{y:.1f}" r="4.5"/></g>',
    ]


def _mious(one: Figures) -> list[float]:
    return [run.miou for run in one.runs if run.miou is not None]


def _axes(across: Axis, up: Axis, said: str) -> str:
    drawn = [
        f'<path class="grid" d="M{across.start} {up.at(tick):.1f} H{across.end}"/>'
        f'<text class="tick" x="{across.start - 8}" y="{up.at(tick) + 4:.1f}" '
        f'text-anchor="end">{tick:g}</text>'
        for tick in (round(tick, 6) for tick in up.ticks())
    ]
    drawn += [
        f'<text class="tick" x="{across.at(tick):.1f}" y="{up.start + 16}" '
        f'text-anchor="middle">{tick:,.6g}</text>'
        for tick in across.ticks()
    ]
    middle = (across.start + across.end) / 2
    place = f'x="{middle:.1f}" y="{HEIGHT - 6}" text-anchor="middle"'
    return "".join([*drawn, f'<text class="tick" {place}>{said}</text>'])


def _apart(ends: Sequence[float]) -> list[float]:
    """Return places near ``ends``, at least `LINE` from each other, in their order."""
    order = sorted(range(len(ends)), key=lambda place: ends[place])
    placed = [0.0] * len(ends)
    last = -math.inf
    for place in order:
        last = placed[place] = max(ends[place], last + LINE)
    limit: float = HEIGHT - BOTTOM
    for place in reversed(order):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - LINE
    return placed


def _pen(place: int) -> tuple[str, str]:
    dashes = ("", 'stroke-dasharray="6 3"', 'stroke-dasharray="2 3"')[place // COLOURS % 3]
    return f"var(--c{place % COLOURS})", dashes


def _short(text: str, most: int = 32) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _svg(width: int, height: int, label: str, drawn: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">'
        + "".join(drawn)
        + "</svg>"
    )
