"""Single pixels of masks, as if a person had touched them: what strokes are in studies."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segstudio.domain import codec
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Task, track
from segstudio.domain.tiles import TILE, Ids, Key, Packed, SparseLayer, blank

Place = tuple[int, Key]
"""Which mask, and which of its tiles."""


def random_strokes(
    masks: Sequence[SparseLayer], ids: Sequence[int], pixels: int, seed: int, task: Task
) -> list[SparseLayer]:
    """Return masks in which only ``pixels`` of each class are labelled, all together.

    They are drawn at random without regard to the mask they lie in; of a class that has fewer,
    all are taken. Only one tile is unpacked at a time.
    """
    random = np.random.default_rng(seed)
    places = [(number, key) for number, mask in enumerate(masks) for key in sorted(mask)]
    held = [codec.counts(_packed(masks, place).data, TILE) for place in places]
    counts = np.array(held, np.int64).reshape(len(places), UNLABELLED + 1)
    drawn = {id: _drawn(counts[:, id], pixels, random) for id in ids if len(places)}
    found: list[dict[Key, Packed]] = [{} for _ in masks]
    for number, place in enumerate(track(task, places, "Drawing pixels")):
        wanted = {id: ranks[number] for id, ranks in drawn.items() if len(ranks[number])}
        if wanted:
            tile = Packed.of(_only(_packed(masks, place).array, wanted))
            assert tile is not None
            found[place[0]][place[1]] = tile
    pairs = zip(masks, found, strict=True)
    return [SparseLayer(mask.box.height, mask.box.width, tiles) for mask, tiles in pairs]


def _packed(masks: Sequence[SparseLayer], place: Place) -> Packed:
    tile = masks[place[0]].get(place[1])
    assert tile is not None
    return tile


def _drawn(
    counts: NDArray[np.int64], pixels: int, random: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Return for each tile, of which each has so many, the ranks of the pixels that are taken."""
    ends = counts.cumsum()
    chosen = np.sort(random.choice(ends[-1], min(pixels, int(ends[-1])), replace=False))
    cuts = np.searchsorted(chosen, ends)
    starts = np.concatenate([[0], cuts[:-1]])
    return [
        chosen[start:cut] - (end - count)
        for start, cut, end, count in zip(starts, cuts, ends, counts, strict=True)
    ]


def _only(tile: Ids, wanted: dict[int, NDArray[np.int64]]) -> Ids:
    kept = blank()
    for id, ranks in wanted.items():
        kept.ravel()[np.flatnonzero(tile == id)[ranks]] = id
    return kept
