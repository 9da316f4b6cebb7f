"""The commands as actions: menus, keys, and what is possible at the moment."""

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction, QKeySequence

from segstudio.gui.commands import COMMANDS, Command
from segstudio.gui.icons import set_icon

if TYPE_CHECKING:
    from segstudio.gui.main_window import MainWindow


class Actions:
    """The commands as actions of a window: in its menus, with their keys, kept up to date."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.by_name: dict[str, QAction] = {}
        menus: dict[str, Any] = {}
        for command in COMMANDS:
            if command.menu not in menus:
                menus[command.menu] = window.menuBar().addMenu(command.menu)
                name = command.menu.replace("&", "").lower()
                menus[command.menu].setObjectName(f"menu_{name}")
            if command.divided:
                menus[command.menu].addSeparator()
            menus[command.menu].addAction(self._action(command))
        self.refresh()

    def _action(self, command: Command) -> QAction:
        action = QAction(command.text, self._window)
        action.setObjectName(f"action_{command.name}")
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        plain = command.text.replace("&", "").rstrip("…")
        shown = (
            QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
            if command.keys
            else ""
        )
        action.setToolTip(f"{plain}  {shown}".rstrip())
        action.setCheckable(command.checked is not None)
        if command.icon:
            set_icon(action, command.icon)
        action.setIconVisibleInMenu(False)
        action.triggered.connect(lambda _=False, c=command: self._run(c))
        self.by_name[command.name] = action
        return action

    def named(self, *names: str) -> list[QAction]:
        """Return the actions of some commands, for other menus."""
        return [self.by_name[name] for name in names]

    def _run(self, command: Command) -> None:
        if command.enabled(self._window):
            command.run(self._window)
        self.refresh()

    def refresh(self) -> None:
        """Enable and check what fits the moment."""
        for command in COMMANDS:
            action = self.by_name[command.name]
            action.setEnabled(command.enabled(self._window))
            if command.checked is not None:
                action.setChecked(command.checked(self._window))
