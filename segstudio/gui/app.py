"""Starts the window."""

import logging
import os
import sys
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from segstudio.gui import theme
from segstudio.gui.icons import app_icon
from segstudio.gui.main_window import MainWindow

log = logging.getLogger(__name__)


def application() -> QApplication:
    """Return the program's one `QApplication`, dressed."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
            Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        )
        app = QApplication(sys.argv[:1])
    app.setApplicationName("segstudio")
    app.setOrganizationName("segstudio")
    app.setDesktopFileName("segstudio")
    return app


def main(project: Path | None = None) -> int:
    """Show the window, with a project where one is named; return the exit code."""
    if sys.platform == "win32":
        # Its DLLs clash with Qt's where Qt has loaded its own first.
        import onnxruntime  # noqa: F401
    # Training must leave this thread its turn: the default lets others hold it for 5 ms.
    sys.setswitchinterval(0.001)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    app = application()
    app.setWindowIcon(app_icon())
    settings = QSettings("segstudio", "segstudio")
    theme.apply(app, "light" if settings.value("theme") == "light" else "dark")
    window = MainWindow()
    window.show()
    if project is not None:
        window.files.open(project)
    return app.exec()
