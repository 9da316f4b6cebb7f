"""Where the tiles come from that an overlay draws: layers, and differences of layers."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Ids, Key, Layer, SparseLayer, blank
from segstudio.gui.session import Session

ONLY_FIRST, ONLY_SECOND, DIFFERENT, SAME = range(4)
"""What a pixel of a difference is; 255 where neither of the two has a class."""


class Tiles(Protocol):
    """Tiles of ids by their keys; what is not there is unlabelled."""

    def __len__(self) -> int:
        """Return how many there are at most; it need not be exact."""

    def __iter__(self) -> Iterator[Key]: ...

    def __contains__(self, key: Key, /) -> bool: ...

    def tile(self, key: Key, stride: int) -> Ids | None:
        """Return every ``stride``-th pixel of a tile, both ways; nobody writes into them."""


class TileSource(Tiles, Protocol):
    """Tiles as they are to be seen now. To be asked in the main thread only."""

    @property
    def box(self) -> Box:
        """Where tiles can be."""

    def snapshot(self) -> Tiles:
        """Return the tiles of this moment, for the readers' threads."""

    def unsettled(self) -> list[Box]:
        """Return where a stroke is being painted that the snapshot does not have."""


class Still:
    """A layer that nobody changes: tiles, source and snapshot in one."""

    def __init__(self, layer: SparseLayer) -> None:
        self._layer = layer

    @property
    def box(self) -> Box:
        return self._layer.box

    def __len__(self) -> int:
        return len(self._layer)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._layer)

    def __contains__(self, key: Key) -> bool:
        return key in self._layer

    def tile(self, key: Key, stride: int) -> Ids | None:
        found = self._layer.get(key)
        return None if found is None else found.array[::stride, ::stride]

    def snapshot(self) -> "Still":
        return self

    def unsettled(self) -> list[Box]:
        return []


class SessionLayer:
    """A layer of the session's open image, with the stroke that is being painted."""

    def __init__(self, session: Session, layer: Layer) -> None:
        self._session, self._layer = session, layer

    @property
    def layer(self) -> Layer:
        return self._layer

    @property
    def box(self) -> Box:
        layers = self._session.layers
        return Box(0, 0, 0, 0) if layers is None else layers.box

    @property
    def _held(self) -> SparseLayer | tuple[()]:
        layers = self._session.layers
        return () if layers is None else layers[self._layer]

    def _drafted(self) -> list[Key]:
        draft = self._session.draft
        if draft is None or self._layer != Layer.MASK:
            return []
        return [(box.top // box.height, box.left // box.width) for box in draft.boxes()]

    def __len__(self) -> int:
        return len(self._held) + len(self._drafted())

    def __iter__(self) -> Iterator[Key]:
        held = self._held
        yield from held
        yield from (key for key in self._drafted() if key not in held)

    def __contains__(self, key: Key) -> bool:
        draft = self._session.draft
        drawn = draft is not None and draft.tile(self._layer, key) is not None
        return drawn or key in self._held

    def tile(self, key: Key, stride: int) -> Ids | None:
        found = self._session.tile(self._layer, key)
        return None if found is None else found[::stride, ::stride]

    def snapshot(self) -> Tiles:
        layers = self._session.layers
        return Still(SparseLayer(0, 0) if layers is None else layers[self._layer].copy())

    def unsettled(self) -> list[Box]:
        draft = self._session.draft
        return [] if draft is None else draft.boxes()


class _Differing:
    """How the tiles of two differ, worked out when a tile is asked for."""

    def __init__(self, first: Tiles, second: Tiles) -> None:
        self._first, self._second = first, second

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def __iter__(self) -> Iterator[Key]:
        yield from self._first
        yield from (key for key in self._second if key not in self._first)

    def __contains__(self, key: Key) -> bool:
        return key in self._first or key in self._second

    def tile(self, key: Key, stride: int) -> Ids | None:
        first, second = self._first.tile(key, stride), self._second.tile(key, stride)
        if first is None and second is None:
            return None
        none = blank()[::stride, ::stride]
        return compared(none if first is None else first, none if second is None else second)


class Difference(_Differing):
    """The difference of two sources, itself a source: `ONLY_FIRST` … `SAME`, or 255."""

    def __init__(self, first: TileSource, second: TileSource) -> None:
        super().__init__(first, second)
        self._sources = first, second

    @property
    def box(self) -> Box:
        return self._sources[0].box

    def snapshot(self) -> Tiles:
        first, second = self._sources
        return _Differing(first.snapshot(), second.snapshot())

    def unsettled(self) -> list[Box]:
        first, second = self._sources
        return first.unsettled() + second.unsettled()


def compared(first: Ids, second: Ids) -> Ids:
    """Return how each pixel of two masks of one shape differs."""
    equal, none = first == second, first == UNLABELLED
    codes = np.where(equal, np.uint8(SAME), np.uint8(DIFFERENT))
    np.copyto(codes, np.uint8(ONLY_FIRST), where=second == UNLABELLED)
    np.copyto(codes, np.uint8(ONLY_SECOND), where=none)
    np.copyto(codes, np.uint8(UNLABELLED), where=none & equal)
    return codes
