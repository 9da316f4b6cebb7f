import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from shiboken6 import isValid

from segstudio.gui.dialogs.keycap import Keycaps, key_parts
from segstudio.gui.dialogs.keys_sheet import CANVAS_KEYS, KeysSheet, balanced

ROWS = [("Edit", "Undo", "Ctrl+Z"), ("Edit", "Redo", "Ctrl+Shift+Z, Ctrl+Y"), ("View", "Fit", "F")]


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1200, 800)
    field = QLineEdit(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    field.setFocus()
    return window


@pytest.fixture
def sheet(window):
    sheet = KeysSheet([*ROWS, *CANVAS_KEYS], window)
    sheet.show()
    return sheet


def test_shows_every_key_in_its_group(sheet):
    texts = [found.text() for found in sheet.findChildren(QLabel)]
    assert {"Keys", "Edit", "View", "Canvas", "Classes", "Undo", "Redo", "Fit"} <= set(texts)
    keys = [found.accessibleName() for found in sheet.findChildren(Keycaps)]
    assert keys == [row[2] for row in [*ROWS, *CANVAS_KEYS]]


def test_covers_the_window_and_follows_it(window, sheet):
    assert sheet.geometry() == window.rect()
    window.resize(700, 500)
    assert sheet.geometry() == window.rect()
    assert sheet.rect().contains(sheet.card.geometry())


@pytest.mark.parametrize("size", [(1200, 800), (620, 700), (420, 300)])
def test_nothing_is_cut_off_in_width(window, sheet, size):
    window.resize(*size)
    inner = sheet._scroll.widget()
    room = sheet._scroll.viewport().width()
    assert inner.width() <= room or size[0] < 600
    for caps in sheet.findChildren(Keycaps):
        assert caps.width() >= caps.sizeHint().width()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Question])
def test_esc_and_the_question_mark_close_it_and_nothing_else_hears_them(qtbot, window, key):
    heard = []
    for shortcut in ("Esc", "?"):
        action = QAction(window)
        action.setShortcut(shortcut)
        action.triggered.connect(lambda: heard.append(1))
        window.addAction(action)
    sheet = KeysSheet(ROWS, window)
    sheet.show()
    QTest.keyClick(sheet, key)
    qtbot.waitUntil(lambda: not isValid(sheet))
    assert heard == []
    assert window.findChild(QLineEdit).hasFocus()


def test_a_click_beside_the_card_closes_it(qtbot, sheet):
    QTest.mouseClick(sheet.card, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert sheet.isVisible()
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.waitUntil(lambda: not isValid(sheet))


@pytest.mark.parametrize(
    ("keys", "parts"),
    [
        ("Ctrl+Shift+Z, Ctrl+Y", [["Ctrl", "Shift", "Z"], ["Ctrl", "Y"]]),
        ("Ctrl++", [["Ctrl", "+"]]),
        ("+", [["+"]]),
        ("[", [["["]]),
        ("Return", [["Enter"]]),
        (",", [[","]]),
    ],
)
def test_keys_are_taken_apart(keys, parts):
    assert key_parts(keys, mac=False) == parts


def test_macs_have_their_own_signs():
    assert key_parts("Ctrl+Shift+Z", mac=True) == [["⌘", "⇧", "Z"]]


def test_columns_are_balanced_and_keep_the_order():
    groups = {
        name: [(name, "", "")] * count for name, count in zip("abcde", (8, 3, 3, 2, 6), strict=True)
    }
    found = balanced(groups, 3)
    assert [[name for name, _ in column] for column in found] == [["a"], ["b", "c"], ["d", "e"]]
    assert [name for column in balanced(groups, 1) for name, _ in column] == list("abcde")
    assert balanced({}, 3) == [[]]
