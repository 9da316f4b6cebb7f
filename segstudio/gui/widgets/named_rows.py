"""Rows of a name and what it names."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import label


class NamedRows(QGridLayout):
    """The names in one column, as wide in every panel; what they name in the other."""

    def __init__(self, parent: QWidget | None = None, apart: int = theme.GAP) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(theme.GROUP)
        self.setVerticalSpacing(apart)
        self.setColumnMinimumWidth(0, theme.NAMES)
        self.setColumnStretch(1, 1)

    def add(self, text: str, named: QWidget | QLayout, to_left: bool = False) -> None:
        """Put a row below the others; ``to_left`` keeps what is named as narrow as it is."""
        left = Qt.AlignmentFlag.AlignLeft if to_left else Qt.AlignmentFlag(0)
        row = self.rowCount() if self.count() else 0
        self.addWidget(label(text, "dim"), row, 0)
        if isinstance(named, QLayout):
            self.addLayout(named, row, 1, left)
        else:
            self.addWidget(named, row, 1, left)
