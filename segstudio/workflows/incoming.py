"""Masks that other programs made, as edits."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from segstudio.domain.classes import UNLABELLED, Colour, LabelClass
from segstudio.domain.edit import TileChange
from segstudio.domain.records import ImageRecord, State
from segstudio.domain.task import Task
from segstudio.domain.tiles import Layer, LayerBuilder, Packed, Source
from segstudio.store.legend import read_legend
from segstudio.store.masks import mask_windows

WHOLE = 0.5
"""The labelled share from which on a mask is a reference, not a few strokes."""


@dataclass(frozen=True)
class MaskRules:
    """How the numbers or colours in mask files become classes."""

    classes: Sequence[LabelClass]
    ignore: Collection[int] = field(default=())
    legend: Mapping[Colour, int] | None = None

    @classmethod
    def of(
        cls, classes: Sequence[LabelClass], ignore: Collection[int], legend: Path | None
    ) -> "MaskRules":
        """Read the legend, where there is one."""
        return cls(classes, ignore, read_legend(legend, classes) if legend else None)


def incoming(image: ImageRecord, mask: Path, rules: MaskRules, task: Task) -> list[TileChange]:
    """Return the changes that give a picture the mask of a file, as imported.

    Raises `UserError` where the file does not fit the picture or the classes.
    """
    builder = LayerBuilder(image.height, image.width)
    size = (image.height, image.width)
    for box, ids in mask_windows(mask, size, rules.classes, rules.ignore, rules.legend):
        task.report(box.top, image.height, "Reading masks")
        builder.write(box, ids)
    tiles = builder.finish()
    return [change for key, tile in tiles.items() for change in _changes(image.id, key, tile)]


def _changes(image: int, key: tuple[int, int], tile: Packed) -> Iterator[TileChange]:
    given = np.where(tile.array != UNLABELLED, np.uint8(Source.IMPORT), np.uint8(UNLABELLED))
    source = Packed(given)
    source.release()
    yield TileChange(image, Layer.MASK, key, None, tile)
    yield TileChange(image, Layer.SOURCE, key, None, source)


def state_of(image: ImageRecord, changes: Sequence[TileChange]) -> State:
    """Return the state that a picture has with an imported mask: references are reviewed."""
    masks = [c.after for c in changes if c.layer == Layer.MASK and c.after is not None]
    labelled = sum(int((tile.array != UNLABELLED).sum()) for tile in masks)
    return State.REVIEWED if labelled >= WHOLE * image.box.area else State.IN_WORK
