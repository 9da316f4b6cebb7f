"""Drawn tiles within a budget of bytes, the least used thrown away first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class TileStore(Generic[K, V]):
    """A dictionary that never holds more than its budget; one item alone may be larger."""

    def __init__(self, budget: int, size_of: Callable[[V], int]) -> None:
        self.budget = budget
        self._size_of = size_of
        self._items: OrderedDict[K, V] = OrderedDict()
        self.nbytes = 0

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def get(self, key: K) -> V | None:
        """Return an item, which counts as used now."""
        item = self._items.get(key)
        if item is not None:
            self._items.move_to_end(key)
        return item

    def put(self, key: K, item: V) -> None:
        self.drop(key)
        self._items[key] = item
        self.nbytes += self._size_of(item)
        while self.nbytes > self.budget and len(self._items) > 1:
            self.drop(next(iter(self._items)))

    def drop(self, key: K) -> None:
        item = self._items.pop(key, None)
        if item is not None:
            self.nbytes -= self._size_of(item)

    def clear(self) -> None:
        self._items.clear()
        self.nbytes = 0
