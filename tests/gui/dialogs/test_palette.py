import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget
from shiboken6 import isValid

from segstudio.gui.dialogs.palette import Palette
from segstudio.gui.dialogs.palette_list import CommandList, entry_of, plain

COMMANDS = [
    ("&Undo", "Ctrl+Z"),
    ("&Next image", "D"),
    ("Train", "Ctrl+T"),
    ("Predict &all images", ""),
    ("Re&do", "Ctrl+Y"),
    ("Light or dark theme", ""),
]


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.before = QLineEdit(window)
    with qtbot.waitExposed(window):
        window.show()
    window.before.setFocus()
    return window


@pytest.fixture
def actions(window):
    made = []
    menu = QMenu("&Model", window)
    for text, key in COMMANDS:
        action = QAction(text, window)
        action.setShortcut(key)
        action.setObjectName(text)
        made.append(action)
    menu.addAction(made[2])
    made[4].setEnabled(False)
    return made


@pytest.fixture
def palette(window, actions):
    palette = Palette(actions, window)
    palette.show()
    return palette


def listed(model):
    return [model.entry(row).text for row in range(model.rowCount())]


def test_lists_all_commands_with_keys_and_menus(actions):
    model = CommandList(actions)
    assert listed(model) == ["Undo", "Next image", "Train", "Predict all images",
                             "Light or dark theme", "Redo"]  # fmt: skip
    assert (entry_of(actions[2]).menu, entry_of(actions[2]).keys) == ("Model", "Ctrl+T")
    assert model.index(1).data() == "Next image"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ima", ["Next image", "Predict all images"]),
        ("model", ["Train"]),
        ("pai", ["Predict all images"]),
        ("TH", ["Light or dark theme"]),
        ("do", ["Undo", "Redo"]),  # what cannot be done now comes last
        ("zzz", []),
    ],
)
def test_finds_by_words_and_by_letters(actions, words, found):
    model = CommandList(actions)
    model.search(words)
    assert listed(model)[: len(found)] == found
    assert bool(found) or listed(model) == []


def test_enter_carries_the_command_out(qtbot, window, actions, palette):
    assert palette.field.hasFocus()
    QTest.keyClicks(palette.field, "nex")
    with qtbot.waitSignal(actions[1].triggered):
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not isValid(palette))
    assert window.before.hasFocus()


def test_arrows_choose(qtbot, actions, palette):
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(palette.field, key)
    assert palette.view.currentIndex().row() == 2
    with qtbot.waitSignal(actions[2].triggered):
        QTest.keyClick(palette.field, Qt.Key.Key_Enter)


def test_a_click_carries_the_command_out(qtbot, actions, palette):
    place = palette.view.visualRect(palette.commands.index(2)).center()
    with qtbot.waitSignal(actions[2].triggered):
        QTest.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_what_cannot_be_done_is_not(qtbot, actions, palette):
    palette.field.setText("redo")
    with qtbot.assertNotEmitted(actions[4].triggered):
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_esc_closes_it(qtbot, window, palette):
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isValid(palette))
    assert window.before.hasFocus()


def test_keys_of_commands_are_typed_here(qtbot, window, actions, palette):
    window.addActions(actions)
    with qtbot.assertNotEmitted(actions[1].triggered):
        QTest.keyClick(palette.field, Qt.Key.Key_D)
    assert palette.field.text() == "d"


def test_says_when_nothing_is_found(palette):
    palette.field.setText("zzz")
    assert palette.nothing.isVisible()
    assert not palette.view.isVisible()


def test_ampersands_are_kept_where_they_are_meant():
    assert plain("&Cut && paste") == "Cut & paste"
