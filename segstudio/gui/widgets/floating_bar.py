"""The bar that floats over the canvas while a proposal waits for an answer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import button, label
from segstudio.gui.widgets.floater import Floater
from segstudio.gui.widgets.floating_frame import FloatingFrame


class FloatingBar(FloatingFrame):
    """What is previewed, with Accept and Discard; floats at the foot of its parent."""

    accepted = Signal()
    discarded = Signal()

    def __init__(self, prefix: str = "preview", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}_bar")
        self.setAccessibleName("Preview")
        self.text = label("", "secondary", f"{prefix}_text")
        self.accept_button = button(
            "Accept  ⏎", f"{prefix}_accept", "primary", "accept", "Accept the proposal", "Enter"
        )
        self.discard_button = button(
            "Discard  Esc", f"{prefix}_discard", "quiet", "discard", "Drop the proposal", "Esc"
        )
        for made, name in ((self.accept_button, "Accept"), (self.discard_button, "Discard")):
            made.setAccessibleName(name)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        self.accept_button.clicked.connect(self.accepted)
        self.discard_button.clicked.connect(self.discarded)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GRID)
        buttons.addWidget(self.accept_button)
        buttons.addWidget(self.discard_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GROUP, theme.GAP, theme.GROUP, theme.GROUP)
        column.setSpacing(theme.GAP)
        column.addWidget(self.text)
        column.addLayout(buttons)
        if parent is not None:
            Floater(self, Qt.AlignmentFlag.AlignBottom)
        self.hide()

    def set_text(self, text: str) -> None:
        """Say what is previewed, such as "preview: k-means, 6"."""
        self.text.setText(text)

    def set_ready(self, ready: bool) -> None:
        """Allow accepting, or not yet while the proposal is being computed."""
        self.accept_button.setEnabled(ready)
