"""The shape of a histogram on the screen."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF

Scaling = Literal["linear", "sqrt", "log"]
"""How counts become heights: with a root or a logarithm, small peaks show beside large ones."""


def outline(counts: NDArray[np.float64], plot: QRectF, scaling: Scaling) -> QPolygonF:
    """Return the filled shape of the counts: no more than one step for each px of width."""
    if counts.size == 0 or counts.max() <= 0 or plot.width() < 1:
        return QPolygonF()
    columns = min(counts.size, int(plot.width()))
    starts = np.arange(columns) * counts.size // columns
    heights = np.maximum.reduceat(counts, starts)
    if scaling == "sqrt":
        heights = np.sqrt(heights)
    elif scaling == "log":
        heights = np.log1p(heights)
    heights = heights / heights.max() * plot.height()
    if columns > plot.width() / 4:  # too narrow to be seen as steps
        middles = plot.left() + (np.arange(columns) + 0.5) * plot.width() / columns
        tops = (plot.bottom() - heights).tolist()
        ends = (plot.left(), *middles.tolist(), plot.right())
        line = [QPointF(x, y) for x, y in zip(ends, (tops[0], *tops, tops[-1]), strict=True)]
        return QPolygonF([plot.bottomLeft(), *line, plot.bottomRight()])
    edges = plot.left() + np.arange(columns + 1) * plot.width() / columns
    points = [QPointF(plot.left(), plot.bottom())]
    for left, right, height in zip(edges, edges[1:], heights, strict=False):
        y = plot.bottom() - float(height)
        points += [QPointF(left, y), QPointF(right, y)]
    points.append(QPointF(plot.right(), plot.bottom()))
    return QPolygonF(points)
