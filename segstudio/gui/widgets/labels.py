"""Text that stands for something: an empty panel, a section."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from segstudio.gui import icons, theme
from segstudio.gui.widgets.buttons import button, label


class EmptyState(QWidget):
    """Says in one line what will appear here, and offers the button that makes it appear."""

    clicked = Signal()

    def __init__(
        self,
        text: str,
        button_text: str = "",
        prefix: str = "empty",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}_state")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.EDGE)
        column.setSpacing(theme.GROUP)
        column.addStretch()
        self._icon, self._picture = icon, QLabel()
        if icon:
            column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignCenter)
            theme.notifier.changed.connect(self._draw)
            self._draw()
        self.text = label(text, "dim", f"{prefix}_text")
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.text)
        self.button = button(button_text, f"{prefix}_button")
        self.button.clicked.connect(self.clicked)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        self.button.setVisible(bool(button_text))  # now that it is in here, and no window
        column.addStretch()

    def set_text(self, text: str, button_text: str = "") -> None:
        self.text.setText(text)
        self.button.setText(button_text)
        self.button.setAccessibleName(button_text)
        self.button.setVisible(bool(button_text))

    def _draw(self) -> None:
        self._picture.setPixmap(icons.pixmap(self._icon, theme.current().text_disabled, 32))


class SectionHeader(QWidget):
    """The name of a section; small buttons can stand at its right end."""

    def __init__(self, text: str, prefix: str = "section", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}_header")
        self.label = label(text, "header", f"{prefix}_title")
        self.note = label("", "secondary", f"{prefix}_note")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.GRID)
        self._row.addWidget(self.label)
        self._row.addStretch()
        self._row.addWidget(self.note)
        self.setMinimumHeight(theme.CONTROL)

    def add(self, widget: QWidget) -> None:
        """Put a small widget at the right end."""
        self._row.addWidget(widget)

    def set_note(self, text: str) -> None:
        """Write a few dim words at the right, such as a count."""
        self.note.setText(text)
