"""The panel of what to label next."""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from segstudio.domain.records import QueueItem
from segstudio.gui import theme
from segstudio.gui.doubting import Doubting
from segstudio.gui.panels.images_row import stem
from segstudio.gui.panels.queue_delegate import (
    DONE,
    IMAGE,
    PREDICTED,
    REASON,
    REGION,
    ROW,
    SCORE,
    QueueDelegate,
)
from segstudio.gui.panels.queue_order import QueueOrder
from segstudio.gui.panels.thumbnails import Thumbnails
from segstudio.gui.queueing import Queueing
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, label
from segstudio.gui.widgets.choices import combo
from segstudio.gui.widgets.field import quietly
from segstudio.gui.widgets.labels import EmptyState
from segstudio.gui.widgets.rows_view import RowsView
from segstudio.workflows.doubt import Kind
from segstudio.workflows.queue import has_open, has_score
from segstudio.workflows.strategies.strategy import strategies

SHOWN = 200
"""Rows of the queue that are listed; the others follow as these are done."""

ASK = "Regions appear here that teach a model most, the most useful first", "Order the queue"
MORE = "All that was asked for is labelled", "Ask for more"
OVER = "Every picture is reviewed: there is nothing left to ask for", ""
NONE = "Add pictures first: then regions to label appear here", "Add pictures…"
"""What an empty queue says, and what its button offers."""

KINDS = {
    Kind.ENTROPY: "Entropy",
    Kind.MARGIN: "Margin",
    Kind.DISAGREEMENT: "Two models",
}


class QueuePanel(QWidget):
    """Regions in the order of their use, each with thumbnail, score, class and reason."""

    add_requested = Signal()

    def __init__(
        self,
        session: Session,
        queueing: Queueing,
        doubting: Doubting,
        thumbnails: Thumbnails,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("queue_panel")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._session, self._queueing, self._doubting = session, queueing, doubting
        self._thumbnails = thumbnails
        self.order = QueueOrder(session, queueing.ordering)
        self._make_buttons()
        self._make_list()
        self.note = label("", "secondary", "queue_note")
        self.instead = label("", "secondary", "queue_instead")
        for words in (self.note, self.instead):
            words.setWordWrap(True)
        self._lay_out()
        self._connect()
        self._show()

    def _make_buttons(self) -> None:
        self.next = button("Next", "queue_next", "plain", "next",
                           "Go to the next region to label", "N")  # fmt: skip
        self.skip = button("Skip", "queue_skip", "plain", "",
                           "Put the region in hand behind all others", "Shift+N")  # fmt: skip
        self.never = button("Never ask", "queue_never", "plain", "",
                            "Never ask for the region in hand again", "Ctrl+Shift+N")  # fmt: skip
        self.uncertainty = button("Uncertainty", "queue_uncertainty", "plain", "uncertainty",
                                  "Show where the model is unsure: it is bright", "U")  # fmt: skip
        self.uncertainty.setCheckable(True)
        self.kind = combo(
            "queue_doubt_kind", "Kind of uncertainty",
            "Entropy: how spread the answer is. Margin: how close the two likeliest classes are. "
            "Two models: where the model in use and the one before it disagree  (Shift+U)",
        )  # fmt: skip
        for kind, text in KINDS.items():
            self.kind.addItem(text, kind)

    def _make_list(self) -> None:
        self.model = QStandardItemModel(self)
        self.list = RowsView()
        self.list.setObjectName("queue_list")
        self.list.setAccessibleName("Queue")
        self.list.setToolTip("Click to go to a region  (N)")
        self.list.setModel(self.model)
        self.list.setItemDelegate(QueueDelegate(self._thumbnails, self.list))
        self.list.setMinimumHeight(4 * ROW)
        self.empty = EmptyState(*ASK, "queue_empty")

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, theme.EDGE)
        layout.setSpacing(theme.GAP)
        row = QHBoxLayout()
        for each in (self.next, self.skip, self.never):
            row.addWidget(each, 1)
        heat = QHBoxLayout()
        heat.addWidget(self.uncertainty, 1)
        heat.addWidget(self.kind, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.list)
        layout.addWidget(self.order)
        layout.addLayout(row)
        layout.addLayout(heat)
        layout.addWidget(self.instead)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.note)

    def _connect(self) -> None:
        session, queueing, doubting = self._session, self._queueing, self._doubting
        self.empty.clicked.connect(self._fill)
        self.next.clicked.connect(lambda: queueing.next_item())
        self.skip.clicked.connect(lambda: queueing.skip())
        self.never.clicked.connect(lambda: queueing.never_ask())
        self.uncertainty.clicked.connect(self._toggle)
        self.kind.activated.connect(lambda place: doubting.choose(Kind(self.kind.itemData(place))))
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        queueing.changed.connect(self._show)
        doubting.changed.connect(self._check)
        session.classes_changed.connect(self._show)
        session.images_changed.connect(lambda _: self._show_empty())
        session.view.overlay_changed.connect(self._check)
        self._thumbnails.arrived.connect(lambda _: self.list.viewport().update())

    def _fill(self) -> None:
        """Do what the button of the empty queue says."""
        if self._session.images:
            self._queueing.ordering.rank()
        else:
            self.add_requested.emit()

    def _toggle(self) -> None:
        self._doubting.toggle()
        self._check()

    def _check(self) -> None:
        self.uncertainty.setChecked(self._session.view.uncertainty)
        place = self.kind.findData(self._doubting.kind)
        quietly(self.kind, lambda: self.kind.setCurrentIndex(place))

    def _open(self, index: QModelIndex) -> None:
        listed = self._queueing.listed
        if index.row() < len(listed):
            self._queueing.go_to(listed[index.row()])

    # -- what is shown ---------------------------------------------------------------

    def _show(self) -> None:
        queueing, project = self._queueing, self._session.project
        listed = queueing.listed[:SHOWN]
        held = self.list.verticalScrollBar().value()
        self.model.clear()
        for item in listed:
            self.model.appendRow(self._row(item))
        self.list.verticalScrollBar().setValue(held)
        self.pages.setCurrentWidget(self.list if listed else self.empty)
        writable = bool(project and project.writable)
        self._show_empty()
        self.empty.button.setEnabled(writable and queueing.ordering.job is None)
        self.next.setEnabled(bool(queueing.items))
        for each in (self.skip, self.never):
            each.setEnabled(writable and queueing.current is not None)
        notes = queueing.ordering.notes if listed else []
        self.instead.setText(" ".join(f"{note[:1].upper()}{note[1:]}." for note in notes))
        self.instead.setVisible(bool(notes))
        self.note.setText(self._in_words())
        self._mark(listed)

    def _row(self, item: QueueItem) -> QStandardItem:
        image = self._session.images[item.image]
        label = None if item.predicted is None else self._session.class_of(item.predicted)
        row = QStandardItem(stem(image.name))
        row.setData(item.image, IMAGE)
        row.setData(item.score if has_score(item) else None, SCORE)
        row.setData(item.reason, REASON)
        row.setData(None if item.box is None else (item.box, image.box), REGION)
        row.setData(None if label is None else (label.name, label.colour), PREDICTED)
        row.setData(self._queueing.is_done(item), DONE)
        of = f" ({label.name})" if label is not None else ""
        place = "" if item.box is None else f", {item.box.left}, {item.box.top}"
        row.setToolTip(f"{image.name}{place}: {item.reason}{of}")
        return row

    def _show_empty(self) -> None:
        if not self.model.rowCount():
            self.empty.set_text(*self._when_empty())

    def _when_empty(self) -> tuple[str, str]:
        images = self._session.images
        if not images:
            return NONE
        if not has_open(images.values()):
            return OVER
        return MORE if self._queueing.list.all else ASK

    def _in_words(self) -> str:
        queueing = self._queueing
        if queueing.ordering.job is not None:
            return "Looking for what to label next; go on with what is in hand"
        items = queueing.items
        if not items:
            return MORE[0] if queueing.listed else ""
        title = strategies[items[0].strategy].title if items[0].strategy in strategies else ""
        return f"{len(items)} to label" + (f" · {title}" if title else "")

    def _mark(self, listed: list[QueueItem]) -> None:
        here = self._queueing.current
        if here in listed:
            self.list.setCurrentIndex(self.model.index(listed.index(here), 0))
        else:
            self.list.clearSelection()
