"""The three layers of one image together, and what moves between them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.task import Task, track
from segstudio.domain.tiles import Ids, Key, Layer, Packed, Source, SparseLayer, blank


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


def _array(layer: SparseLayer, key: Key) -> Ids:
    tile = layer.get(key)
    return blank() if tile is None else tile.array


def accepted(
    image: int, layers: Layers, locked: Collection[int], task: Task
) -> Iterator[TileChange]:
    """Yield the changes that move the proposal into the mask.

    Pixels that a person has painted, and pixels of locked classes, keep what they have;
    the proposal is gone afterwards.
    """
    kept = lookup(locked)
    for key in track(task, sorted(layers.proposal), "Accepting"):
        proposal = layers.proposal.get(key)
        assert proposal is not None
        mask, source, ids = _array(layers.mask, key), _array(layers.source, key), proposal.array
        take = (ids != UNLABELLED) & (source != Source.PERSON) & ~kept[mask]
        yield TileChange(image, Layer.PROPOSAL, key, proposal, None)
        if take.any():
            given = np.where(take, np.uint8(Source.PROPOSAL), source)
            yield _change(image, layers, Layer.MASK, key, np.where(take, ids, mask))
            yield _change(image, layers, Layer.SOURCE, key, given)


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


def _change(image: int, layers: Layers, layer: Layer, key: Key, ids: Ids) -> TileChange:
    return TileChange(image, layer, key, layers[layer].get(key), Packed.of(ids))


def replaced(
    image: int, layer: Layer, old: SparseLayer, new: dict[Key, Packed]
) -> list[TileChange]:
    """Return the changes that put ``new`` in the place of a whole layer."""
    changes = [TileChange(image, layer, key, old.get(key), tile) for key, tile in new.items()]
    gone = [key for key in old if key not in new]
    return changes + [TileChange(image, layer, key, old.get(key), None) for key in gone]
