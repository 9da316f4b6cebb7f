"""The panel of what to label next."""

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListView,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from segstudio.gui import theme
from segstudio.gui.panels.images_row import stem
from segstudio.gui.panels.queue_delegate import IMAGE, REASON, SCORE, QueueDelegate
from segstudio.gui.panels.thumbnails import Thumbnails
from segstudio.gui.queueing import Queueing
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, label
from segstudio.gui.widgets.labels import EmptyState
from segstudio.workflows.strategies.strategy import strategies

SHOWN = 200
"""Rows of the queue that are listed; the others follow as these are done."""


class QueuePanel(QWidget):
    """Pictures in the order of their scores, each with thumbnail, score and reason."""

    def __init__(
        self,
        session: Session,
        queueing: Queueing,
        thumbnails: Thumbnails,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("queue_panel")
        self._session, self._queueing, self._thumbnails = session, queueing, thumbnails
        self.strategy = QComboBox()
        self.strategy.setObjectName("queue_strategy")
        self.strategy.setAccessibleName("Strategy")
        for name in strategies:
            self.strategy.addItem(strategies[name].title, name)
        self.strategy.setCurrentIndex(self.strategy.findData(queueing.strategy))
        self.order = button("Order", "queue_order", "primary", "queue",
                            "Order the pictures that nobody has labelled", "Ctrl+U")  # fmt: skip
        self.next = button("Next", "queue_next", "plain", "next", "Open the next picture", "N")
        self.uncertainty = button("Uncertainty", "queue_uncertainty", "plain", "uncertainty",
                                  "Show where the model is unsure: it is bright", "U")  # fmt: skip
        self.uncertainty.setCheckable(True)
        self.model = QStandardItemModel(self)
        self.list = QListView()
        self.list.setObjectName("queue_list")
        self.list.setAccessibleName("Queue")
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(QueueDelegate(thumbnails, self.list))
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.empty = EmptyState(
            "Pictures the model is least sure of appear here, the most useful first",
            "Order the queue", "queue_empty",
        )  # fmt: skip
        self.note = label("", "secondary", "queue_note")
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, theme.EDGE)
        layout.setSpacing(theme.GAP)
        top = QHBoxLayout()
        top.addWidget(self.strategy, 1)
        top.addWidget(self.order)
        row = QHBoxLayout()
        row.addWidget(self.next, 1)
        row.addWidget(self.uncertainty, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.list)
        layout.addLayout(top)
        layout.addLayout(row)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.note)

    def _connect(self) -> None:
        session, queueing = self._session, self._queueing
        self.strategy.activated.connect(self._choose)
        self.order.clicked.connect(lambda: queueing.rank())
        self.empty.clicked.connect(lambda: queueing.rank())
        self.next.clicked.connect(lambda: queueing.next_item())
        self.uncertainty.clicked.connect(self._toggle)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        queueing.changed.connect(self._show)
        session.image_opened.connect(self._mark)
        session.view.overlay_changed.connect(self._check)
        self._thumbnails.arrived.connect(lambda _: self.list.viewport().update())

    def _choose(self, index: int) -> None:
        self._queueing.strategy = self.strategy.itemData(index)

    def _toggle(self) -> None:
        self._queueing.toggle_uncertainty()
        self._check()

    def _check(self) -> None:
        self.uncertainty.setChecked(self._session.view.uncertainty)

    def _open(self, index: QModelIndex) -> None:
        self._session.open_image(index.data(IMAGE))

    def _show(self) -> None:
        items, images = self._queueing.items, self._session.images
        self.model.clear()
        for item in items[:SHOWN]:
            row = QStandardItem(stem(images[item.image].name))
            row.setData(item.image, IMAGE)
            row.setData(item.score, SCORE)
            row.setData(item.reason, REASON)
            row.setToolTip(f"{images[item.image].name}: {item.reason}")
            self.model.appendRow(row)
        self.pages.setCurrentWidget(self.list if items else self.empty)
        self.next.setEnabled(bool(items))
        project = self._session.project
        self.order.setEnabled(bool(project and project.writable))
        self.note.setText(self._in_words())
        self._mark()

    def _in_words(self) -> str:
        items = self._queueing.items
        if not items:
            return ""
        title = strategies[items[0].strategy].title
        return f"{len(items)} to label, ordered by {title.lower()}"

    def _mark(self) -> None:
        image = self._session.image
        for row in range(self.model.rowCount()):
            index = self.model.index(row, 0)
            if image is not None and index.data(IMAGE) == image.id:
                self.list.setCurrentIndex(index)
                return
        self.list.clearSelection()
