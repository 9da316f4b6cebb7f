"""Nothing of the window is ever, not even for a moment, a window of its own."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from segstudio.gui.main_window import MainWindow
from segstudio.store.project import Project
from segstudio.testing import Studio


class Windows(QObject):
    """Notes what appears as a window."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(watched)
        return False


@pytest.fixture
def windows():
    made, app = Windows(), QApplication.instance()
    app.installEventFilter(made)
    yield made
    app.removeEventFilter(made)


def test_panels_and_pages_do_not_flash_up_before_they_have_their_place(qapp, windows, tmp_path):
    project = Project.create(tmp_path / "empty")
    project.close()
    studio = Studio(project.root)
    try:
        work = studio.window.work
        for place in range(work.count()):
            work.setCurrentIndex(place)
            studio.wait_idle()
        studio.trigger("runs").wait_idle()
        assert [type(window) for window in windows.seen] == [MainWindow]
        assert QApplication.activeWindow() is studio.window
    finally:
        studio.close()
