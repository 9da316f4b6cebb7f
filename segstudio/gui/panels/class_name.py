"""The name of a class in its row: text at rest, a field while it is edited."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from segstudio.domain.classes import checked_name
from segstudio.errors import UserError
from segstudio.gui import theme

INSET = 6
"""Where the text begins, in px: at rest where the field puts it too."""


class ClassName(QLineEdit):
    """Shows a name; a double click or `edit` opens it, Enter gives it, Esc leaves the old one.

    Whoever hears ``given`` answers with `set_name`. Where no answer comes the name was refused,
    and the field stays open with what was typed until it is left.
    """

    given = Signal(str)
    refused = Signal(Exception)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.chosen = False
        self.dimmed = False
        self.setReadOnly(True)
        self.setMaxLength(80)
        self.setStyleSheet("QLineEdit { min-height: 20px; padding: 0 3px; border-radius: 4px; }")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    @property
    def editing(self) -> bool:
        return not self.isReadOnly()

    def set_name(self, name: str) -> None:
        """Show a name, unless another one is being typed."""
        self._name = name
        if not self.editing:
            self.setText(name)
            self.setCursorPosition(0)

    def edit(self) -> None:
        """Open the field with the whole name selected."""
        self._open(True)
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, opened: bool) -> None:
        self.setReadOnly(not opened)
        policy = Qt.FocusPolicy.StrongFocus if opened else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)
        self.setCursor(Qt.CursorShape.IBeamCursor if opened else Qt.CursorShape.ArrowCursor)
        self.update()

    def _close(self) -> None:
        self._open(False)
        self.setText(self._name)
        self.deselect()
        self.setCursorPosition(0)
        self.clearFocus()

    def _give(self, leave_on_error: bool) -> None:
        """Hand the typed name over; one that is refused stays to be mended, or is dropped."""
        try:
            name = checked_name(self.text())
        except UserError as error:
            self.refused.emit(error)
            if leave_on_error:
                self._close()
            return
        if name != self._name:
            self.given.emit(name)
        if self._name == name or leave_on_error:
            self._close()

    # -- events ----------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # While a name is typed, Enter and Esc are its own and not the window's commands.
        if event.type() == QEvent.Type.ShortcutOverride and self.editing:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.editing:
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._give(leave_on_error=False)
        elif event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.editing and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._give(leave_on_error=True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.editing:
            super().mousePressEvent(event)
        else:
            event.ignore()  # the row is pressed, and can be dragged by its name

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.editing:
            super().mouseMoveEvent(event)
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.editing:
            super().mouseReleaseEvent(event)
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.editing:
            super().mouseDoubleClickEvent(event)
        else:
            self.edit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.editing:
            super().paintEvent(event)
            return
        # A read-only field cuts long names off; at rest they end in an ellipsis instead.
        painter = QPainter(self)
        painter.setFont(self.font())
        ink = "selection_text" if self.chosen else "text"
        painter.setPen(theme.colour("text_dim" if self.dimmed else ink))
        area = QRect(INSET, 0, self.width() - INSET - 2, self.height())
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()
