"""What the theme gives to Qt: the palette, the style and the stylesheet."""

from PySide6.QtCore import QDir, QObject, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from segstudio.gui.theme.fonts import ui_font
from segstudio.gui.theme.stylesheet import ICONS, stylesheet
from segstudio.gui.theme.tokens import DARK, THEMES, ThemeName, Tokens
from segstudio.resources import resource


class Notifier(QObject):
    """Says that another theme is on, for widgets that keep colours of their own."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens = DARK


notifier = Notifier()


def current() -> Tokens:
    """Return the tokens of the theme that is on."""
    return notifier.tokens


def colour(name: str, opacity: float = 1.0) -> QColor:
    """Return a token of the current theme by name, with an opacity of 0…1."""
    value = QColor(getattr(current(), name))
    value.setAlphaF(opacity)
    return value


def apply(app: QApplication, name: ThemeName) -> None:
    """Dress the whole program in a theme; can be called again at any time."""
    notifier.tokens = THEMES[name]
    QDir.setSearchPaths(ICONS, [str(resource("icons"))])
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setFont(ui_font())
    app.setPalette(palette(notifier.tokens))
    sheet = stylesheet(notifier.tokens)
    if app.styleSheet() != sheet:  # setting it costs half a millisecond for each widget
        app.setStyleSheet(sheet)
    notifier.changed.emit()


def palette(tokens: Tokens) -> QPalette:
    """Return Qt's palette for what the stylesheet leaves to the style."""
    role, made = QPalette.ColorRole, QPalette()
    colours = {
        role.Window: tokens.panel,
        role.WindowText: tokens.text,
        role.Base: tokens.raised,
        role.AlternateBase: tokens.hover,
        role.Text: tokens.text,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.on_accent,
        role.Highlight: tokens.accent_fill,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.ToolTipBase: tokens.tooltip,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.text_dim,
        role.Link: tokens.accent_text,
        role.LinkVisited: tokens.accent_text,
        role.Light: tokens.hover,
        role.Midlight: tokens.raised,
        role.Mid: tokens.outline,
        role.Dark: tokens.line,
        role.Shadow: tokens.canvas,
    }
    for which, value in colours.items():
        made.setColor(which, QColor(value))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.text_disabled))
    return made
