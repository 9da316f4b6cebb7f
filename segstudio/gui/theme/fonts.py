"""The type of the window: the system's own, with figures of equal width for numbers."""

import sys

from PySide6.QtGui import QFont, QFontDatabase

from segstudio.gui.theme.tokens import BODY

_ELSEWHERE = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")


def ui_font(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font of the user interface in a size in px."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if sys.platform not in ("win32", "darwin"):
        # There is no one system font on Linux; only families that are there are named,
        # because Qt warns about the others.
        known = [family for family in _ELSEWHERE if QFontDatabase.hasFamily(family)]
        font.setFamilies(known or font.families())
    font.setPixelSize(size)
    font.setWeight(weight)
    return font


def figures(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the same font with tabular figures, so that changing numbers stand still."""
    font = ui_font(size, weight)
    font.setFeature(QFont.Tag.fromString("tnum"), 1)
    return font
