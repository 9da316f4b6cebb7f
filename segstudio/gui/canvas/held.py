"""Drawn tiles held in memory, the least recently shown dropped first."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator

from segstudio.domain.geometry import Box
from segstudio.domain.tiles import TILE, Ids
from segstudio.gui.canvas.drawn import NBYTES, Drawn, Place, place_box

BUDGET = 64 * 1024**2
"""Bytes of drawn tiles held."""

_NBYTES_EMPTY = 64


class HeldTiles:
    """Drawn tiles by place, None for empty ones.

    ``stale`` are places to be made anew; what is held of them is shown until then. ``nbytes`` is
    the memory that all take.
    """

    def __init__(self) -> None:
        self.stale: set[Place] = set()
        self._tiles: OrderedDict[Place, Drawn | None] = OrderedDict()
        self.nbytes = 0

    def __contains__(self, place: Place) -> bool:
        return place in self._tiles

    def __iter__(self) -> Iterator[Place]:
        return iter(self._tiles)

    def clear(self) -> None:
        self._tiles.clear()
        self.stale.clear()
        self.nbytes = 0

    def get(self, place: Place) -> Drawn | None:
        return self._tiles.get(place)

    def show(self, place: Place) -> Drawn | None:
        """Return a tile that is held, and remember that it was looked at."""
        self._tiles.move_to_end(place)
        return self._tiles[place]

    def keep(self, place: Place, ids: Ids | None) -> Drawn | None:
        """Hold a tile in place of the one before; drop others where there are too many."""
        self.drop(place)
        tile = None if ids is None else Drawn(ids)
        self._tiles[place] = tile
        self.nbytes += _nbytes(tile)
        while self.nbytes > BUDGET and len(self._tiles) > 1:
            self.drop(next(iter(self._tiles)))
        return tile

    def drop(self, place: Place) -> None:
        """Forget a tile, where it is held."""
        if place in self._tiles:
            self.nbytes -= _nbytes(self._tiles.pop(place))
            self.stale.discard(place)

    def renew(self) -> None:
        """The colours have changed: all are painted anew."""
        for _, tile in self.drawn():
            tile.renew()

    def drawn(self) -> list[tuple[Place, Drawn]]:
        """Return all that are not empty."""
        return [(place, tile) for place, tile in self._tiles.items() if tile is not None]

    def levels(self) -> set[int]:
        return {place[0] for place in self._tiles}

    def over(self, box: Box, levels: Iterable[int]) -> list[Place]:
        """Return the places of some levels that lie over a box, and are held."""
        places = (
            (level, part.top // (TILE << level), part.left // (TILE << level))
            for level in levels
            for part in box.tiles(TILE << level)
        )
        return [place for place in places if place in self._tiles]

    def inside(self, box: Box) -> list[Place]:
        """Return the places that lie over a box, and are held, by looking at all of them."""
        return [place for place in self._tiles if place_box(place).clipped(box)]


def _nbytes(tile: Drawn | None) -> int:
    return _NBYTES_EMPTY if tile is None else NBYTES
