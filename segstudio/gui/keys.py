"""Keys that are no commands of the menus: tools, classes, and those that are held."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from segstudio.gui.commands import COMMANDS
from segstudio.gui.dialogs.keys_sheet import CANVAS_KEYS
from segstudio.gui.tools.tool import in_order, tools

if TYPE_CHECKING:
    from segstudio.gui.main_window import MainWindow

HELD = (Qt.Key.Key_H, Qt.Key.Key_Space, Qt.Key.Key_Alt)
"""Keys that do something while they are held."""


def all_keys() -> list[tuple[str, str, str]]:
    """Return group, text and key of all that has one, for the sheet of keys."""
    rows = [
        (c.menu.replace("&", ""), c.text.replace("&", "").rstrip("…"), c.keys[0])
        for c in COMMANDS
        if c.keys
    ]
    return [*rows, *(("Tools", tools[n].title, tools[n].key) for n in in_order()), *CANVAS_KEYS]


class Keys(QObject):
    """Binds the keys to a window; as filter of its events it follows those that are held."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        for name in tools:
            key = QShortcut(QKeySequence(tools[name].key), window)
            key.activated.connect(lambda n=name: window.session.view.choose_tool(n))
        for id in range(10):
            key = QShortcut(QKeySequence(str(id)), window)
            key.activated.connect(lambda i=id: self._choose_class(i))

    def _choose_class(self, id: int) -> None:
        if self._window.session.class_of(id) is not None:
            self._window.session.view.choose_class(id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow keys that are held, whichever panel has the focus."""
        if isinstance(event, QKeyEvent) and not event.isAutoRepeat():
            if event.type() == QEvent.Type.KeyPress:
                self._hold(event.key(), True)
            elif event.type() == QEvent.Type.KeyRelease:
                self._hold(event.key(), False)
        elif event.type() == QEvent.Type.FocusOut:  # another window gets to know of the release
            for key in HELD:
                self._hold(key, False)
        return False

    def _hold(self, key: int, down: bool) -> None:
        focus = QApplication.focusWidget()
        typing = focus is not None and focus.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        if typing and down:
            return
        if key == Qt.Key.Key_H:
            self._window.session.view.set_overlay(peeking=down)
        else:
            self._window.canvas.hold(key, down)
