"""The three layers of one image together, and what moves between them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.task import Task, track
from segstudio.domain.tiles import (
    TILE,
    Ids,
    Key,
    Layer,
    Packed,
    Source,
    SparseLayer,
    blank,
)


@dataclass(frozen=True)
class Layers:
    """Mask, source and proposal of one image."""

    mask: SparseLayer
    source: SparseLayer
    proposal: SparseLayer

    @classmethod
    def empty(cls, height: int, width: int) -> "Layers":
        return cls(*(SparseLayer(height, width) for _ in Layer))

    def __getitem__(self, layer: Layer) -> SparseLayer:
        return (self.mask, self.source, self.proposal)[layer]

    @property
    def box(self) -> Box:
        return self.mask.box

    def copy(self) -> "Layers":
        """Return a snapshot that later changes do not reach. Costs no pixels."""
        return Layers(self.mask.copy(), self.source.copy(), self.proposal.copy())


def lookup(ids: Collection[int]) -> NDArray[np.bool_]:
    """Return a table of 256 entries that is true for the given ids."""
    table = np.zeros(256, bool)
    table[list(ids)] = True
    return table


def accepted(
    image: int, layers: Layers, locked: Collection[int], task: Task
) -> Iterator[TileChange]:
    """Yield the changes that move the proposal into the mask.

    Pixels that a person has painted, and pixels of locked classes, keep what they have;
    the proposal is gone afterwards. The tiles are packed, and a tile of the proposal that is
    taken whole is the mask's from then on: accepting takes hardly any memory.
    """
    kept = lookup(locked)
    for key in track(task, sorted(layers.proposal), "Accepting"):
        proposal = layers.proposal.get(key)
        assert proposal is not None
        yield TileChange(image, Layer.PROPOSAL, key, proposal, None)
        mask, source = layers.mask.get(key), layers.source.get(key)
        if mask is None and source is None:
            yield TileChange(image, Layer.MASK, key, None, proposal)
            yield TileChange(image, Layer.SOURCE, key, None, _given(proposal.array))
            continue
        old, givers, ids = _array(mask), _array(source), proposal.array
        take = (ids != UNLABELLED) & (givers != Source.PERSON) & ~kept[old]
        if take.any():
            given = np.where(take, np.uint8(Source.PROPOSAL), givers)
            yield TileChange(image, Layer.MASK, key, mask, _packed(np.where(take, ids, old)))
            yield TileChange(image, Layer.SOURCE, key, source, _packed(given))


def _array(tile: Packed | None) -> Ids:
    return blank() if tile is None else tile.array


def _packed(ids: Ids) -> Packed | None:
    """Return a tile that does not hold its array: an image may have very many of them."""
    tile = Packed.of(ids)
    if tile is not None:
        tile.release()
    return tile


def _given(ids: Ids) -> Packed | None:
    """Return the source of a tile whose every labelled pixel is an accepted proposal's."""
    labelled = ids != UNLABELLED
    if labelled.all():
        return _all_given()
    return _packed(np.where(labelled, np.uint8(Source.PROPOSAL), np.uint8(UNLABELLED)))


@lru_cache(maxsize=1)
def _all_given() -> Packed:
    """Return the one tile that all tiles share whose every pixel was accepted."""
    tile = Packed(np.full((TILE, TILE), Source.PROPOSAL, np.uint8))
    tile.release()
    return tile


def taken(
    image: int, layers: Layers, tiles: dict[Key, Packed], locked: Collection[int], task: Task
) -> list[TileChange]:
    """Return the changes that accept a proposal at once that was never put into its layer.

    A proposal that was there before is dropped.
    """
    box = layers.box
    fresh = Layers(layers.mask, layers.source, SparseLayer(box.height, box.width, tiles))
    given = [c for c in accepted(image, fresh, locked, task) if c.layer != Layer.PROPOSAL]
    return [*given, *discarded(image, layers)]


def discarded(image: int, layers: Layers) -> Iterator[TileChange]:
    """Yield the changes that drop the proposal."""
    for key in layers.proposal:
        yield TileChange(image, Layer.PROPOSAL, key, layers.proposal.get(key), None)


def replaced(
    image: int, layer: Layer, old: SparseLayer, new: dict[Key, Packed]
) -> list[TileChange]:
    """Return the changes that put ``new`` in the place of a whole layer."""
    changes = [TileChange(image, layer, key, old.get(key), tile) for key, tile in new.items()]
    gone = [key for key in old if key not in new]
    return changes + [TileChange(image, layer, key, old.get(key), None) for key in gone]
