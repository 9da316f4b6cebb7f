"""Undo and redo, one line of time for the whole project."""

from collections import deque
from dataclasses import dataclass

from segstudio.domain.edit import Edit

MEMORY = 256 * 1024**2
"""Bytes of edits held in memory; older ones are read from disk when undone."""


@dataclass
class Entry:
    """One edit in the line of time. ``edit`` is None while only the disk has it."""

    id: int
    text: str
    time: float
    images: frozenset[int]
    edit: Edit | None = None
    size: int = 0
    """Memory that the edit took when last measured."""


class History:
    """The edits of a project, oldest first, and how many of them are done."""

    def __init__(self, entries: list[Entry] | None = None, done: int | None = None) -> None:
        self.entries = entries or []
        self.done = len(self.entries) if done is None else done
        self._held: deque[Entry] = deque()
        self._bytes = 0

    @property
    def next_undo(self) -> Entry | None:
        return self.entries[self.done - 1] if self.done else None

    @property
    def next_redo(self) -> Entry | None:
        return self.entries[self.done] if self.done < len(self.entries) else None

    @property
    def next_id(self) -> int:
        """An id above all that were ever used in this line of time."""
        return max((entry.id for entry in self.entries), default=0) + 1

    def push(self, entry: Entry) -> None:
        """Remember an edit that has been applied; what was undone is forgotten."""
        for gone in self.entries[self.done :]:
            self._let_go(gone)
        del self.entries[self.done :]
        self.entries.append(entry)
        self.done += 1
        if entry.edit is not None:
            self._held.append(entry)
            self._measure(entry, entry.edit.nbytes)
        self.trim()

    def saved(self, id: int) -> None:
        """Measure an edit anew: it takes less memory when the store has packed it."""
        entry = next((entry for entry in reversed(self.entries) if entry.id == id), None)
        if entry is not None and entry.edit is not None:
            self._measure(entry, entry.edit.nbytes)

    def trim(self, budget: int = MEMORY) -> None:
        """Let go of the oldest edits above the budget, but not of the newest.

        The disk still has them.
        """
        while len(self._held) > 1 and (self._bytes > budget or self._held[0].edit is None):
            self._let_go(self._held.popleft())

    def _measure(self, entry: Entry, size: int) -> None:
        self._bytes += size - entry.size
        entry.size = size

    def _let_go(self, entry: Entry) -> None:
        self._measure(entry, 0)
        entry.edit = None

    def step_back(self) -> Entry:
        """Move the newest done entry to the redo side; the caller takes it back."""
        self.done -= 1
        return self.entries[self.done]

    def step_forward(self) -> Entry:
        """Move the next undone entry back; the caller applies it."""
        self.done += 1
        return self.entries[self.done - 1]

    def forget(self, oldest: int) -> None:
        """Drop the entries whose id is below ``oldest``: the disk will drop them too."""
        count = sum(1 for entry in self.entries if entry.id < oldest)
        for gone in self.entries[:count]:
            self._let_go(gone)
        del self.entries[:count]
        self.done = max(self.done - count, 0)
