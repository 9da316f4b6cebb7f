"""Curves of a study of selection as inline SVG: mIoU over labels, and over time."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from statistics import mean, median, stdev

from segstudio.workflows.selection.figures import Curves, SetFigures
from segstudio.workflows.selection.lines import Reached
from segstudio.workflows.study_charts import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Axis,
    _apart,
    _axes,
    _pen,
    _points,
    _svg,
)

Cost = Callable[[Sequence[Reached]], Sequence[float]]
"""What the rounds of an arm have cost, each with those before."""


@dataclass(frozen=True)
class Point:
    """Where an arm stands after a round: what it has cost, its mIoU, and the error of that."""

    cost: float
    miou: float
    error: float


def points(curves: Curves, cost: Cost) -> list[Point]:
    """Return the means over the seeds, round by round, with their standard errors.

    They stand at the median of the costs: a machine that paused for one seed moves no curve.
    """
    count = len(curves)
    costs = [cost(rounds) for rounds in curves.values()]
    found = []
    for place, rounds in enumerate(zip(*curves.values(), strict=True)):
        mious = [one.miou or 0.0 for one in rounds]
        error = stdev(mious) / math.sqrt(count) if count > 1 else 0.0
        found.append(Point(median(each[place] for each in costs), mean(mious), error))
    return found


def over_labels(figures: SetFigures, names: Sequence[str], places: Sequence[int]) -> str:
    """Draw arms by name over the share of the pixels that is labelled.

    They are means with a band of one standard error; ``places`` give colours. What all labels
    reach is a dashed line.
    """

    def cost(rounds: Sequence[Reached]) -> list[float]:
        return [100 * one.pixels / figures.pixels for one in rounds]

    return _chart(figures, names, places, cost, "% of the pixels labelled")


def over_time(figures: SetFigures, names: Sequence[str], places: Sequence[int]) -> str:
    """Draw the same over the seconds that training and choosing took."""

    def cost(rounds: Sequence[Reached]) -> list[float]:
        return list(accumulate(one.training + one.looking for one in rounds))

    return _chart(figures, names, places, cost, "seconds of training and choosing")


def _chart(
    figures: SetFigures, names: Sequence[str], places: Sequence[int], cost: Cost, said: str
) -> str:
    titles = {arm.name: arm.title for arm in figures.arms}
    lines = [
        (titles[name], place, points(figures.runs[name], cost))
        for name, place in zip(names, places, strict=True)
        if name in figures.runs
    ]
    if not lines:
        return ""
    every = [point for _, _, line in lines for point in line]
    highest = max(p.miou + p.error for p in every)
    low, high = min(p.miou - p.error for p in every), max(highest, figures.full or 0.0)
    across = Axis(0, max(p.cost for p in every) or 1.0, LEFT, WIDTH - RIGHT)
    room = max(0.01, (high - low) * 0.06)
    up = Axis(max(0.0, low - room), min(1.0, high + room), HEIGHT - BOTTOM, TOP)
    drawn = [_axes(across, up, said)]
    if figures.full is not None:
        y = up.at(figures.full)
        drawn.append(
            f'<path class="first" d="M{LEFT} {y:.1f} H{across.end}"><title>all labels: '
            f"{figures.full:.3f}</title></path>"
        )
    ends = _apart([up.at(line[-1].miou) for _, _, line in lines])
    for (title, place, line), end in zip(lines, ends, strict=True):
        drawn += _line(title, place, line, end, across, up)
    return _svg(WIDTH, HEIGHT, f"mIoU over {said}, {figures.name}", drawn)


def _line(
    title: str, place: int, line: Sequence[Point], end: float, across: Axis, up: Axis
) -> list[str]:
    path = [(across.at(p.cost), up.at(p.miou)) for p in line]
    above = [(x, up.at(p.miou + p.error)) for (x, _), p in zip(path, line, strict=True)]
    below = [(x, up.at(p.miou - p.error)) for (x, _), p in zip(path, line, strict=True)]
    colour, dashes = _pen(place)
    x, y = path[-1]
    return [
        f'<g style="color:{colour}"><title>{escape(title)}: {line[-1].miou:.3f}</title>',
        f'<polygon class="band" points="{_points([*above, *below[::-1]])}"/>',
        f'<polyline class="line" {dashes} points="{_points(path)}"/>',
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>',
        f'<path class="lead" d="M{x + 4:.1f} {y:.1f} L{across.end + 14:.1f} {end:.1f}"/>',
        f'<text class="name" x="{across.end + 18:.1f}" y="{end + 4:.1f}">{escape(title)}</text>'
        "</g>",
    ]
