"""Starts the window."""

import logging
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from segstudio.gui import as_left, theme_choice
from segstudio.gui.icons import app_icon
from segstudio.gui.main_window import MainWindow
from segstudio.processors import spin_briefly

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


def dressed(app: QApplication) -> QApplication:
    """Give the program its icon and the theme that was chosen last."""
    app.setWindowIcon(app_icon())
    theme_choice.wear(app)
    return app


def easy_switching() -> None:
    """Let the window's thread have its turn often while others compute.

    The interpreter's default lets a thread hold it for 5 ms; OpenMP's lets idle threads spin
    for long, which on a busy machine keeps others from working.
    """
    sys.setswitchinterval(0.001)
    spin_briefly()


def main(project: Path | None = None) -> int:
    """Show the window, with a project where one is named; return the exit code."""
    if sys.platform == "win32":
        # Its DLLs clash with Qt's where Qt has loaded its own first.
        import onnxruntime  # noqa: F401
    easy_switching()
    app = dressed(application())
    window = MainWindow()
    as_left.restore(window)
    window.closing.connect(lambda: as_left.remember(window))
    window.show()
    if project is not None:
        window.files.open(project)
    return app.exec()
