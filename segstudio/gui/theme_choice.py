"""Light or dark, as the person who runs the program has chosen; it is remembered."""

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from segstudio.gui import theme


def wear(app: QApplication) -> None:
    """Dress the program in the theme that was chosen last."""
    settings = QSettings("segstudio", "segstudio")
    theme.apply(app, "light" if settings.value("theme") == "light" else "dark")


def switch() -> None:
    """Change from light to dark, or back."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        name: theme.ThemeName = "light" if theme.current().name == "dark" else "dark"
        theme.apply(app, name)
        QSettings("segstudio", "segstudio").setValue("theme", name)
