"""Undo and redo, one line of time for the whole project."""

from dataclasses import dataclass

from segstudio.domain.edit import Edit

MEMORY = 256 * 1024**2
"""Bytes of edits held in memory; older ones are read from disk when undone."""

FRESH = 64
"""Newest edits whose size is measured again: it falls when the store has packed them."""


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
        self._held: list[Entry] = []

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
            gone.edit = None
        del self.entries[self.done :]
        self.entries.append(entry)
        self.done += 1
        self._held.append(entry)
        self.trim()

    def trim(self, budget: int = MEMORY) -> None:
        """Let go of the oldest edits above the budget; the disk still has them."""
        self._held = [entry for entry in self._held if entry.edit is not None]
        for entry in self._held[-FRESH:]:
            entry.size = entry.edit.nbytes if entry.edit else 0
        over = sum(entry.size for entry in self._held) - budget
        for entry in self._held[:-1]:
            if over <= 0:
                break
            entry.edit = None
            over -= entry.size

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
            gone.edit = None
        del self.entries[:count]
        self.done = max(self.done - count, 0)
