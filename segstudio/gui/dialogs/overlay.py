"""Sheets that lie over the window, where a floating dialog would be in the way."""

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from segstudio.gui import theme


class Card(QFrame):
    """The raised surface on which a sheet's content stands."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("outline"), 1))
        painter.setBrush(theme.colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep clicks from the surface behind, which would close the sheet."""


class Overlay(QWidget):
    """Covers its parent with a veil and a card; Esc or a click beside the card closes it.

    It takes the keyboard while it is open and gives it back afterwards.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.card = Card(self)
        self._focus_before = QApplication.focusWidget()
        parent.installEventFilter(self)
        self.hide()

    def place_card(self) -> None:
        """Put the card in its place, at the size it needs."""
        room = self.size() - QSize(2 * theme.EDGE, 2 * theme.EDGE)
        wanted = self.card.sizeHint().boundedTo(room)
        self.card.resize(wanted)
        self.card.move((self.width() - wanted.width()) // 2, (self.height() - wanted.height()) // 2)

    def take_focus(self) -> None:
        """Give the keyboard to the part that answers it."""
        self.setFocus()

    def own_key(self, event: QKeyEvent) -> bool:
        """Do what a key means here; false where it means nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return True
        return False

    # -- events ----------------------------------------------------------------------

    def setVisible(self, visible: bool) -> None:
        parent = self.parentWidget()
        if visible and parent is not None:
            self.setGeometry(parent.rect())
            self.raise_()
        super().setVisible(visible)
        if visible:
            self.place_card()
            self.take_focus()

    def closeEvent(self, event: QEvent) -> None:
        super().closeEvent(event)  # type: ignore[arg-type]
        before = self._focus_before
        self._focus_before = None
        try:
            if before is not None:
                before.setFocus()
        except RuntimeError:
            pass  # it was deleted while the sheet was open

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        parent = self.parentWidget()
        if event.type() == QEvent.Type.Resize and parent is not None and watched is parent:
            self.setGeometry(parent.rect())
            self.place_card()
        return False

    def event(self, event: QEvent) -> bool:
        # Keys belong to the sheet and not to the commands of the window behind it.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.own_key(event)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        dark = theme.current().name == "dark"
        veil = theme.colour("canvas", 0.72) if dark else theme.colour("text", 0.3)
        painter.fillRect(self.rect(), veil)
        painter.end()
