"""Choices in panels: boxes that give way to narrow docks, classes by their colours."""

from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QComboBox

from segstudio.domain.classes import LabelClass
from segstudio.gui.widgets.slider import guard_wheel

SQUARE = 12
"""Side of a class's colour in a list, in px."""


def combo(name: str, said: str, tip: str = "", letters: int = 6) -> QComboBox:
    """Return a box that is at least so many ``letters`` wide: no panel grows for its longest word.

    ``said`` is its accessible name. The wheel scrolls past it.
    """
    made = QComboBox()
    made.setObjectName(name)
    made.setAccessibleName(said)
    made.setToolTip(tip)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(letters)
    guard_wheel(made)
    return made


def class_square(label: LabelClass) -> QIcon:
    """Return a square in the colour of a class."""
    made = QPixmap(SQUARE, SQUARE)
    made.fill(QColor(*label.colour))
    return QIcon(made)
