"""How the window looks: named tokens, and what Qt is made to do with them."""

from segstudio.gui.theme.fonts import figures, ui_font
from segstudio.gui.theme.painting import apply, colour, current, notifier
from segstudio.gui.theme.tokens import (
    BODY,
    CONTROL,
    EDGE,
    GAP,
    GRID,
    GROUP,
    NAMES,
    RADIUS,
    SECONDARY,
    TITLE,
    ThemeName,
    Tokens,
    contrast,
    ink_on,
    mixed,
    readable,
)

__all__ = [
    "BODY", "CONTROL", "EDGE", "GAP", "GRID", "GROUP", "NAMES", "RADIUS", "SECONDARY", "TITLE",
    "ThemeName", "Tokens", "apply", "colour", "contrast", "current", "figures", "ink_on", "mixed",
    "notifier", "readable", "ui_font",
]  # fmt: skip
