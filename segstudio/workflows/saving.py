"""Saving what is worked out picture by picture, every few seconds."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

T = TypeVar("T")

SAVE_EVERY = 5.0
"""Seconds between two savings, so that little is lost when the work is interrupted."""


class Saver(Generic[T]):
    """Collects what is known of pictures, by id, and hands it to ``save`` now and then."""

    def __init__(self, save: Callable[[dict[int, T]], "Future[Any]"]) -> None:
        self._save = save
        self._held: dict[int, T] = {}
        self._last = time.monotonic()

    def take(self, image: int, value: T) -> None:
        self._held[image] = value
        if time.monotonic() - self._last > SAVE_EVERY:
            self.flush()

    def flush(self) -> None:
        """Save what is held, and wait until it is on disk."""
        if self._held:
            self._save(self._held).result()
        self._held, self._last = {}, time.monotonic()
