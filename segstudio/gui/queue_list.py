"""The items of a queue in their order, and which of them are labelled."""

from collections.abc import Iterable, Sequence

from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem

Key = tuple[int, Box | None]
"""What tells an item of the queue from the others: its picture, and the box of it."""


def key_of(item: QueueItem) -> Key:
    return item.image, item.box


class QueueList:
    """What was asked for; ``left`` is what of it is not labelled yet, both in order."""

    def __init__(self, items: Sequence[QueueItem] = (), done: Sequence[bool] = ()) -> None:
        self.all = list(items)
        self._done = dict(zip(map(key_of, items), done, strict=True))
        self._of_image: dict[int, list[QueueItem]] = {}
        for item in self.all:
            self._of_image.setdefault(item.image, []).append(item)
        self.left: list[QueueItem] = []
        self.gather()

    def is_done(self, item: QueueItem) -> bool:
        """Tell whether an item is labelled; one that was not asked for is not."""
        return self._done.get(key_of(item), False)

    def of(self, image: int) -> list[QueueItem]:
        """Return the items of a picture."""
        return self._of_image.get(image, [])

    def listed(self, here: QueueItem | None) -> list[QueueItem]:
        """Return what is left, and the item in hand, labelled or not, in its place."""
        if here is None or here in self.left:
            return self.left
        place = sum(not self.is_done(item) for item in self.all[: self._place(here)])
        return [*self.left[:place], here, *self.left[place:]]

    def after(self, here: QueueItem | None) -> list[QueueItem]:
        """Return what is left behind an item; after the last follows the first."""
        listed = self.listed(here)
        place = 0 if here is None else listed.index(here) + 1
        round = [*listed[place:], *listed[:place]]
        return [item for item in round if item != here and not self.is_done(item)]

    def note(self, item: QueueItem, done: bool) -> bool:
        """Note whether an item is labelled; true where that is new, and `gather` is to follow."""
        if self._done[key_of(item)] is done:
            return False
        self._done[key_of(item)] = done
        return True

    def gather(self) -> None:
        """Put together what is left."""
        self.left = [item for item in self.all if not self.is_done(item)]

    def without(self, items: Iterable[QueueItem], back: bool = False) -> "QueueList":
        """Return the list without some items; with ``back`` they are behind all others."""
        gone = {key_of(item) for item in items}
        rest = [item for item in self.all if key_of(item) not in gone]
        last = [item for item in self.all if back and key_of(item) in gone]
        return self._with([*rest, *last])

    def around(self, here: QueueItem, new: "QueueList") -> "QueueList":
        """Return a new order in which the item in hand stands where it stood in this one."""
        rest = [item for item in new.all if key_of(item) != key_of(here)]
        place = min(self.listed(here).index(here), len(rest))
        done = [new.is_done(item) for item in rest]
        return QueueList(
            [*rest[:place], here, *rest[place:]],
            [*done[:place], self.is_done(here), *done[place:]],
        )

    def _with(self, items: list[QueueItem]) -> "QueueList":
        return QueueList(items, [self.is_done(item) for item in items])

    def _place(self, item: QueueItem) -> int:
        keys = [key_of(each) for each in self.all]
        return keys.index(key_of(item)) if key_of(item) in keys else 0
