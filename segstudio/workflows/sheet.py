"""A contact sheet: pictures, references, predictions and uncertainty side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED, Colour, LabelClass
from segstudio.domain.tiles import Ids
from segstudio.store.files import atomic

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

Rgb = NDArray[np.uint8]

CELL = 300
"""Width of a picture on the sheet, in pixels."""

GAP, MARGIN, HEAD, CAPTION, LEGEND = 12, 28, 96, 26, 34
PAPER, INK, FAINT = (250, 250, 248), (28, 30, 34), (112, 116, 124)
TITLES = ("Picture", "Reference", "Prediction", "Uncertainty")
OPACITY = 0.62
"""Of masks over their pictures."""


@dataclass(frozen=True)
class Row:
    """One picture of the sheet; ``entropy`` is 0…1, NaN where there is none."""

    name: str
    note: str
    picture: Rgb
    reference: Ids
    predicted: Ids
    entropy: NDArray[np.float32]


def contact_sheet(
    rows: Sequence[Row], classes: Sequence[LabelClass], title: str, subtitle: str, path: Path
) -> None:
    """Draw the sheet and write it as PNG. Pictures are reduced to one width."""
    from PIL import Image, ImageDraw

    heights = [round(row.picture.shape[0] * CELL / row.picture.shape[1]) for row in rows]
    width = 2 * MARGIN + 4 * CELL + 3 * GAP
    legend = _legend_rows(classes, width)
    height = HEAD + sum(h + CAPTION + GAP for h in heights) + len(legend) * LEGEND + MARGIN
    sheet = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(sheet)
    _text(draw, (MARGIN, 20), title, 24, INK)
    _text(draw, (MARGIN, 50), subtitle, 14, FAINT)
    for column, name in enumerate(TITLES):
        _text(draw, (MARGIN + column * (CELL + GAP), HEAD - 22), name, 15, INK)
    top = HEAD
    for row, cell in zip(rows, heights, strict=True):
        for column, shown in enumerate(_cells(row, classes, (CELL, cell))):
            sheet.paste(Image.fromarray(shown), (MARGIN + column * (CELL + GAP), top))
        _text(draw, (MARGIN, top + cell + 5), f"{row.name}   {row.note}", 13, FAINT)
        top += cell + CAPTION + GAP
    for line in legend:
        _draw_legend(draw, line, top)
        top += LEGEND
    with atomic(path) as temporary:
        sheet.save(temporary, format="PNG")


def _cells(row: Row, classes: Sequence[LabelClass], size: tuple[int, int]) -> list[Rgb]:
    import cv2

    small = cv2.resize(row.picture, size, interpolation=cv2.INTER_AREA)
    masks = [
        cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST)
        for mask in (row.reference, row.predicted)
    ]
    doubt = cv2.resize(np.nan_to_num(row.entropy), size, interpolation=cv2.INTER_AREA)
    heat = cv2.applyColorMap((doubt.clip(0, 1) * 255).astype(np.uint8), cv2.COLORMAP_INFERNO)
    overlays = [overlay(small, mask, classes) for mask in masks]
    return [small, *overlays, np.ascontiguousarray(heat[:, :, ::-1])]


def overlay(picture: Rgb, mask: Ids, classes: Sequence[LabelClass]) -> Rgb:
    """Lay the colours of a mask over a picture; what is unlabelled shows the bare picture."""
    table = np.zeros((256, 3), np.float32)
    for label in classes:
        table[label.id] = label.colour
    weight = np.where(mask == UNLABELLED, 0, OPACITY)[:, :, None]
    mixed: Rgb = (picture * (1 - weight) + table[mask] * weight).round().astype(np.uint8)
    return mixed


Entry = tuple[int, str, Colour]
"""Left edge, name and colour of a class in the legend."""


def _legend_rows(classes: Sequence[LabelClass], width: int) -> list[list[Entry]]:
    lines: list[list[Entry]] = [[]]
    left = MARGIN
    for label in classes:
        room = 34 + round(_length(label.name, 14)) + 18
        if left + room > width - MARGIN and lines[-1]:
            lines.append([])
            left = MARGIN
        lines[-1].append((left, label.name, label.colour))
        left += room
    return lines


def _draw_legend(draw: "ImageDraw", line: Sequence[Entry], top: int) -> None:
    for left, name, colour in line:
        draw.rounded_rectangle((left, top + 6, left + 22, top + 24), 4, fill=colour)
        _text(draw, (left + 30, top + 7), name, 14, INK)


def _text(draw: "ImageDraw", place: tuple[int, int], text: str, size: int, colour: Colour) -> None:
    draw.text(place, text, fill=colour, font=_font(size))


def _length(text: str, size: int) -> float:
    return float(_font(size).getlength(text))


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)
