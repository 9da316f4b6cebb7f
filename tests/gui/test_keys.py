"""Keys that are held."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication


def test_a_held_key_is_let_go_when_another_window_is_chosen(studio):
    studio.open("facade-01.jpg")
    window = studio.window
    handle = window.windowHandle()
    for key in (Qt.Key.Key_H, Qt.Key.Key_Space):
        press = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        window.keys.eventFilter(handle, press)
    assert studio.session.view.peeking
    assert window.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    QApplication.sendEvent(handle, QFocusEvent(QEvent.Type.FocusOut))
    assert not studio.session.view.peeking
    assert window.canvas.cursor().shape() == Qt.CursorShape.CrossCursor
