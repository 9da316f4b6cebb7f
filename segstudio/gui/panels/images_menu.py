"""What can be done with the pictures that are chosen in the list."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from segstudio.domain.records import Split, State
from segstudio.gui.panels.images_model import SPLIT_WORDS, STATE_WORDS

MARKED = (State.REVIEWED, State.IN_WORK, State.UNLABELLED)
"""States that a person gives; proposed is what having a proposal is called."""


class ImagesMenu(QMenu):
    """States and uses of the chosen pictures; commands of the window can be added."""

    marked = Signal(object)  # State
    used = Signal(object)  # Split

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("images_menu")
        self.setAccessibleName("What to do with the chosen pictures")
        for state in MARKED:
            # The key is only shown: the window's own action has it.
            key = "\tM" if state == State.REVIEWED else ""
            text = f"Mark {STATE_WORDS[state]}{key}"
            self._entry(f"mark_listed_{state}", text, partial(self.marked.emit, state))
        self.addSeparator()
        for split in Split:
            text = f"Use for {SPLIT_WORDS[split]}"
            if split == Split.POOL:
                text = "Back to the pool"
            self._entry(f"set_split_{split}", text, partial(self.used.emit, split))
        self._own = self.actions()

    def add_commands(self, actions: Sequence[QAction]) -> None:
        """Put commands of the window below."""
        self.addSeparator()
        self.addActions(actions)

    def set_writable(self, writable: bool) -> None:
        """Enable its own entries; the commands know themselves whether they are possible."""
        for action in self._own:
            action.setEnabled(writable)

    def _entry(self, name: str, text: str, run: Callable[[], object]) -> None:
        action = self.addAction(text)
        action.setObjectName(f"action_{name}")
        action.triggered.connect(lambda _=False: run())
