"""The undo panel: what was changed and when; one click goes back to a point."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from segstudio.gui import theme
from segstudio.gui.panels.history_model import HistoryModel, Index
from segstudio.gui.panels.history_row import HistoryRow
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, label, with_key
from segstudio.gui.widgets.labels import EmptyState
from segstudio.gui.widgets.rows_view import RowsView

UNDO_KEY, REDO_KEY = "Ctrl+Z", "Ctrl+Shift+Z"

REPAINT = 30_000
"""Milliseconds after which the words for how long ago are out of date."""


class HistoryList(RowsView):
    """One point in time is chosen; Enter goes there."""

    own_keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class HistoryPanel(QWidget):
    """The changes of the project, oldest first; what is undone stands below a line."""

    add_requested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history_panel")
        self._session = session
        self.undo = button("Undo", "history_undo", "plain", "undo", "Undo", UNDO_KEY)
        self.redo = button("Redo", "history_redo", "plain", "redo", "Redo", REDO_KEY)
        self.model = HistoryModel(session, self)
        self.list = HistoryList()
        self.list.setObjectName("history_list")
        self.list.setAccessibleName("History")
        self.list.setModel(self.model)
        self.list.setItemDelegate(HistoryRow(self.list))
        self.empty = EmptyState(
            "Every change appears here; click one to go back to it",
            "Add pictures…",
            "history_empty",
            "undo",
        )
        self.note = label("", "secondary", "history_note")
        self.note.setFont(theme.figures(theme.SECONDARY))
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, theme.GAP)
        head.setSpacing(theme.GAP)
        head.addWidget(self.undo, 1)
        head.addWidget(self.redo, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.list)
        inner = QVBoxLayout()
        inner.setContentsMargins(theme.GAP, 0, theme.GRID, 0)
        inner.addWidget(self.pages)
        self.note.setContentsMargins(theme.EDGE, theme.GAP, theme.EDGE, theme.GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(inner, 1)
        column.addWidget(self.note)

    def _connect(self) -> None:
        session = self._session
        self.undo.clicked.connect(lambda: session.undo())
        self.redo.clicked.connect(lambda: session.redo())
        self.empty.clicked.connect(self.add_requested)
        self.list.clicked.connect(self._go)
        self.list.activated.connect(self._go)
        session.project_changed.connect(self._show)
        session.history_changed.connect(self._show)
        session.images_changed.connect(lambda _: self.list.viewport().update())
        theme.notifier.changed.connect(self.list.viewport().update)
        self._clock = QTimer(self)
        self._clock.setInterval(REPAINT)
        self._clock.timeout.connect(self.list.viewport().update)
        self._clock.start()

    def _go(self, index: Index) -> None:
        """Go to a point, where that is possible at this moment."""
        self._session.go_to(index.row())
        self._mark()

    def _show(self) -> None:
        session, history = self._session, self._session.history
        self.pages.setCurrentWidget(self.list if self.model.rowCount() else self.empty)
        undo, redo, free = history.next_undo, history.next_redo, session.ledger.free
        self.undo.setEnabled(free and undo is not None)
        self.redo.setEnabled(free and redo is not None)
        self.empty.button.setEnabled(bool(session.project and session.project.writable))
        self.undo.setToolTip(with_key(f"Undo: {undo.text}" if undo else "Undo", UNDO_KEY))
        self.redo.setToolTip(with_key(f"Redo: {redo.text}" if redo else "Redo", REDO_KEY))
        done, undone = history.done, len(history.entries) - history.done
        words = f"{done:,} change{'s' * (done != 1)}"
        self.note.setText(f"{words} · {undone:,} undone" if undone else words)
        self.note.setVisible(bool(history.entries))
        self._mark()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._mark()

    def _mark(self) -> None:
        """Put the cursor where the project is; while nobody looks, Qt need not lay out all rows."""
        if not self.isVisible():
            return
        here = self.model.index(self.model.now)
        self.list.setCurrentIndex(here)
        self.list.scrollTo(here)
        self.list.viewport().update()
