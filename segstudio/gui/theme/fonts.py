"""The type of the window: the system's own, with figures of equal width for numbers."""

import sys
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from segstudio.gui.theme.tokens import BODY

_ELSEWHERE = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")


def ui_font(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font of the user interface in a size in px."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if sys.platform not in ("win32", "darwin"):
        font.setFamilies(_families() or font.families())
    font.setPixelSize(size)
    font.setWeight(weight)
    return font


@cache
def _families() -> list[str]:
    """Return the families to try on Linux, where no one font is the system's.

    Only those that are installed: Qt warns about the others.
    """
    return [family for family in _ELSEWHERE if QFontDatabase.hasFamily(family)]


def figures(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the same font with tabular figures, so that changing numbers stand still."""
    font = ui_font(size, weight)
    font.setFeature(QFont.Tag.fromString("tnum"), 1)
    return font
