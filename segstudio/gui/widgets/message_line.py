"""Messages that wait for nobody."""

from typing import Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from segstudio.gui import icons, theme
from segstudio.gui.widgets.buttons import button, icon_button, label, restyle
from segstudio.gui.widgets.floater import Floater

MessageKind = Literal["info", "warning", "error"]
_INFO_MS = 6000
_WIDTH = 560


class MessageLine(QFrame):
    """What happened and what to do about it, in one strip that asks for no click.

    Stands in a layout, or floats at the top of its parent with `float_over_parent`. An
    information goes by itself after a few seconds; an error stays until it is closed.
    """

    action_clicked = Signal()

    def __init__(self, prefix: str = "message", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}_line")
        self.setProperty("role", "message")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._kind: MessageKind = "info"
        self._picture = QLabel()
        self.text = label("", name=f"{prefix}_text")
        self.text.setWordWrap(True)
        self.hint = label("", "dim", f"{prefix}_hint")
        self.hint.setWordWrap(True)
        self.action = button("", f"{prefix}_action", "link")
        self.action.setAccessibleName("What to do about it")
        self.action.clicked.connect(self.action_clicked)
        close = icon_button("discard", f"{prefix}_close", "Close this message", kind="small")
        close.clicked.connect(self.hide)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.text)
        words.addWidget(self.hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GROUP, theme.GAP, theme.GAP, theme.GAP)
        row.setSpacing(theme.GAP)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.action, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        theme.notifier.changed.connect(self._draw)
        self.hide()

    def float_over_parent(self) -> None:
        """Keep the strip at the top of the parent, over what is there."""
        Floater(self, Qt.AlignmentFlag.AlignTop, _WIDTH)

    def show_message(
        self, text: str, hint: str = "", kind: MessageKind = "info", action: str = ""
    ) -> None:
        """Show a message in place of the last one."""
        self._kind = kind
        self.text.setText(sentence(text))
        self.hint.setText(sentence(hint))
        self.hint.setVisible(bool(hint))
        self.action.setText(action)
        self.action.setAccessibleName(action)
        self.action.setVisible(bool(action))
        self.setAccessibleName(f"{text}. {hint}" if hint else text)
        self.setProperty("kind", kind)
        restyle(self)
        self._draw()
        self.show()
        self.raise_()
        self._timer.stop()
        if kind == "info":
            self._timer.start(_INFO_MS)

    def _draw(self) -> None:
        tokens = theme.current()
        ink = {"info": tokens.accent_text, "warning": tokens.warning, "error": tokens.danger}
        name = "info" if self._kind == "info" else "warning"
        self._picture.setPixmap(icons.pixmap(name, ink[self._kind], 16))


def sentence(text: str) -> str:
    """Return a message with a capital first letter, as it stands in the window."""
    return text[:1].upper() + text[1:]
