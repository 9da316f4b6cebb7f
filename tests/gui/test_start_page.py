from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

from segstudio.gui.start_page import RECENT, StartPage


@pytest.fixture
def page(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    page = StartPage(window)
    window.resize(800, 700)
    page.resize(800, 700)
    with qtbot.waitExposed(window):
        window.show()
    yield page  # noqa: PT022 (the window has to outlive the test)


def child(page, name):
    found = page.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


@pytest.mark.parametrize(
    ("name", "signal"),
    [("start_folder", "folder_requested"), ("start_project", "project_requested"),
     ("start_demo", "demo_requested")],
)  # fmt: skip
def test_offers_three_ways_to_begin(qtbot, page, name, signal):
    with qtbot.waitSignal(getattr(page, signal)):
        QTest.mouseClick(child(page, name), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(getattr(page, signal)):
        QTest.keyClick(child(page, name), Qt.Key.Key_Space)
    assert child(page, name).accessibleName()


def test_lists_the_projects_opened_lately(qtbot, page):
    page.set_recent([f"/pictures/project-{n}.segstudio" for n in range(9)])
    rows = page.findChildren(QAbstractButton, None)
    shown = [row.text() for row in rows if row.objectName().startswith("start_recent_")]
    assert shown == [f"project-{n}" for n in range(RECENT)]
    with qtbot.waitSignal(page.recent_requested) as signal:
        QTest.mouseClick(child(page, "start_recent_2"), Qt.MouseButton.LeftButton)
    assert signal.args == ["/pictures/project-1.segstudio"]
    gone = child(page, "start_recent_2")
    page.set_recent(["/pictures/other.segstudio"])
    qtbot.waitUntil(lambda: not isValid(gone))
    assert child(page, "start_recent_1").text() == "other"
    assert page.findChild(QAbstractButton, "start_recent_2") is None


def test_a_folder_can_be_dropped(qtbot, page, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    where, button = QPoint(20, 100), Qt.MouseButton.LeftButton
    none, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(where, copy, data, button, none)
    before = page.grab().toImage()
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    assert page.grab().toImage() != before
    with qtbot.waitSignal(page.dropped) as signal:
        QApplication.sendEvent(page, QDropEvent(QPointF(where), copy, data, button, none))
    assert signal.args == [[Path(tmp_path)]]
    assert page.grab().toImage() == before
