"""Files that a segmenter or a model writes about pictures: masks, and entropy beside them."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids, Key, LayerBuilder, Packed, SparseLayer
from segstudio.errors import UserError
from segstudio.store.formats import PictureInfo
from segstudio.store.masks import output_names, write_entropy, write_mask
from segstudio.store.pictures import probe
from segstudio.workflows.items import Item

Piece = tuple[Box, Ids, NDArray[np.float32] | None]
"""A box, its class ids, and its entropy where that is wanted."""


class Outputs:
    """A folder into which masks are written, named after their pictures."""

    def __init__(self, folder: Path, items: Sequence[Item], classes: Sequence[LabelClass]) -> None:
        check_folder(folder)
        self.folder, self._classes = folder, classes
        paths = [item.path for item in items]
        placed = [path for path in paths if _georeferenced(path)]
        self._names = dict(zip(paths, output_names(paths, placed), strict=True))

    def mask_of(self, item: Item) -> Path:
        return self.folder / self._names[item.path]

    def entropy_of(self, item: Item) -> Path:
        mask = self.mask_of(item)
        return mask.with_name(f"{mask.stem}.entropy.tif")

    def write(
        self, item: Item, info: PictureInfo, pieces: Iterator[Piece], entropy: bool, task: Task
    ) -> int:
        """Write the files of one picture; return how many.

        The pieces come in rows of windows, as the tiling engine gives them. Masks are kept
        compressed until the last piece, entropy is written as it comes.
        """
        flow = _Flow(info.height, info.width, pieces, entropy)
        if entropy:
            write_entropy(self.entropy_of(item), info.height, info.width, flow.entropy, info.georef)
        mask = SparseLayer(info.height, info.width, flow.finish())
        write_mask(
            self.mask_of(item), info.height, info.width, mask.read, self._classes, info.georef
        )
        return 1 + entropy


def check_folder(folder: Path) -> None:
    """Raise `UserError` where files cannot be written into a folder; it is made where missing."""
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file", "give a folder for the masks")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        hint = "choose a folder you can write to"
        raise UserError(f"{folder} cannot be made: {error.strerror}", hint) from None
    if not os.access(folder, os.W_OK):
        raise UserError(f"{folder} cannot be written to", "choose another folder")


class _Flow:
    """Takes pieces as they come: gathers the ids, hands on the entropy in full rows."""

    def __init__(self, height: int, width: int, pieces: Iterator[Piece], entropy: bool) -> None:
        self._width, self._pieces, self._wanted = width, pieces, entropy
        self._ids = LayerBuilder(height, width)
        self._rows = np.full((0, width), np.nan, np.float32)
        self._top = 0
        self._next: Piece | None = None

    def entropy(self, box: Box) -> NDArray[np.float32]:
        """Return the rows of a box as wide as the picture; they are asked for top to bottom."""
        self._grow(box.bottom)
        while (piece := self._peek()) is not None and piece[0].top < box.bottom:
            self._next = None
            where, ids, doubt = piece
            self._ids.write(where, ids)
            self._grow(where.bottom)
            if doubt is not None:
                shown = np.where(ids == UNLABELLED, np.float32(np.nan), doubt)
                rows = slice(where.top - self._top, where.bottom - self._top)
                self._rows[rows, where.left : where.right] = shown
        done, self._rows = np.split(self._rows, [box.height])
        self._top = box.bottom
        return done

    def _grow(self, bottom: int) -> None:
        lacking = bottom - self._top - len(self._rows)
        if lacking > 0:
            fresh = np.full((lacking, self._width), np.nan, np.float32)
            self._rows = np.concatenate([self._rows, fresh])

    def _peek(self) -> Piece | None:
        if self._next is None:
            self._next = next(self._pieces, None)
        return self._next

    def finish(self) -> dict[Key, Packed]:
        """Take what is left; return the tiles of the mask."""
        for where, ids, _ in self._pieces:
            self._ids.write(where, ids)
        return self._ids.finish()


def _georeferenced(path: Path) -> bool:
    """Tell whether a picture says where on earth it lies; False for what cannot be opened."""
    try:
        return probe(path).georef is not None
    except UserError:
        return False
